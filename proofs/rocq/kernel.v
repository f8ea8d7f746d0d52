(* Written by tests/it/proof/axioms.rs from the axioms of the symbolic kernel, term by term: each says what
   the theorem of axioms.v says that has its name. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From Isotropic Require Import axioms.
Import GRing.Theory.
Local Open Scope ring_scope.

Lemma kernel_add_comm (R : comRingType) (m n p q : nat) (A : 'M[R]_(m, n)) (B : 'M[R]_(m, n)) :
  (A + B) = (B + A).
Proof. exact: axioms.add_comm. Qed.

Lemma kernel_add_assoc (R : comRingType) (m n p q : nat) (A : 'M[R]_(m, n)) (B : 'M[R]_(m, n)) (C : 'M[R]_(m, n)) :
  ((A + B) + C) = (A + (B + C)).
Proof. exact: axioms.add_assoc. Qed.

Lemma kernel_add_zero (R : comRingType) (m n p q : nat) (A : 'M[R]_(m, n)) :
  (A + (0 : 'M[R]_(m, n))) = A.
Proof. exact: axioms.add_zero. Qed.

Lemma kernel_mul_assoc (R : comRingType) (m n p q : nat) (A : 'M[R]_(m, n)) (B : 'M[R]_(n, p)) (C : 'M[R]_(p, q)) :
  ((A *m B) *m C) = (A *m (B *m C)).
Proof. exact: axioms.mul_assoc. Qed.

Lemma kernel_mul_id_l (R : comRingType) (m n p q : nat) (A : 'M[R]_(m, n)) :
  ((1%:M : 'M[R]_(m, m)) *m A) = A.
Proof. exact: axioms.mul_id_l. Qed.

Lemma kernel_mul_id_r (R : comRingType) (m n p q : nat) (A : 'M[R]_(m, n)) :
  (A *m (1%:M : 'M[R]_(n, n))) = A.
Proof. exact: axioms.mul_id_r. Qed.

Lemma kernel_mul_zero_l (R : comRingType) (m n p q : nat) (A : 'M[R]_(n, p)) :
  ((0 : 'M[R]_(m, n)) *m A) = (0 : 'M[R]_(m, p)).
Proof. exact: axioms.mul_zero_l. Qed.

Lemma kernel_mul_zero_r (R : comRingType) (m n p q : nat) (A : 'M[R]_(m, n)) :
  (A *m (0 : 'M[R]_(n, p))) = (0 : 'M[R]_(m, p)).
Proof. exact: axioms.mul_zero_r. Qed.

Lemma kernel_mul_add_l (R : comRingType) (m n p q : nat) (A : 'M[R]_(m, n)) (B : 'M[R]_(n, p)) (C : 'M[R]_(n, p)) :
  (A *m (B + C)) = ((A *m B) + (A *m C)).
Proof. exact: axioms.mul_add_l. Qed.

Lemma kernel_mul_add_r (R : comRingType) (m n p q : nat) (A : 'M[R]_(m, n)) (B : 'M[R]_(m, n)) (C : 'M[R]_(n, p)) :
  ((A + B) *m C) = ((A *m C) + (B *m C)).
Proof. exact: axioms.mul_add_r. Qed.

Lemma kernel_mul_scalar (R : comRingType) (m n p q : nat) (A : 'M[R]_(m, 1)) (s : 'M[R]_(1, 1)) :
  (A *m s) = (sc s A).
Proof. exact: axioms.mul_scalar. Qed.

Lemma kernel_mul_hcat (R : comRingType) (m n p q : nat) (A : 'M[R]_(m, n)) (B : 'M[R]_(n, p)) (C : 'M[R]_(n, q)) :
  (A *m (row_mx B C)) = (row_mx (A *m B) (A *m C)).
Proof. exact: axioms.mul_hcat. Qed.

Lemma kernel_scalar_comm (R : comRingType) (m n p q : nat) (s : 'M[R]_(1, 1)) (t : 'M[R]_(1, 1)) :
  (s *m t) = (t *m s).
Proof. exact: axioms.scalar_comm. Qed.

Lemma kernel_tr_add (R : comRingType) (m n p q : nat) (A : 'M[R]_(m, n)) (B : 'M[R]_(m, n)) :
  ((A + B))^T = ((A)^T + (B)^T).
Proof. exact: axioms.tr_add. Qed.

Lemma kernel_tr_mul (R : comRingType) (m n p q : nat) (A : 'M[R]_(m, n)) (B : 'M[R]_(n, p)) :
  ((A *m B))^T = ((B)^T *m (A)^T).
Proof. exact: axioms.tr_mul. Qed.

Lemma kernel_tr_sc (R : comRingType) (m n p q : nat) (A : 'M[R]_(m, n)) (s : 'M[R]_(1, 1)) :
  ((sc s A))^T = (sc s (A)^T).
Proof. exact: axioms.tr_sc. Qed.

Lemma kernel_tr_tr (R : comRingType) (m n p q : nat) (A : 'M[R]_(m, n)) :
  ((A)^T)^T = A.
Proof. exact: axioms.tr_tr. Qed.

Lemma kernel_tr_zero (R : comRingType) (m n p q : nat) :
  ((0 : 'M[R]_(m, n)))^T = (0 : 'M[R]_(n, m)).
Proof. exact: axioms.tr_zero. Qed.

Lemma kernel_sc_mul_l (R : comRingType) (m n p q : nat) (A : 'M[R]_(m, n)) (B : 'M[R]_(n, p)) (s : 'M[R]_(1, 1)) :
  ((sc s A) *m B) = (sc s (A *m B)).
Proof. exact: axioms.sc_mul_l. Qed.

Lemma kernel_sc_mul_r (R : comRingType) (m n p q : nat) (A : 'M[R]_(m, n)) (B : 'M[R]_(n, p)) (s : 'M[R]_(1, 1)) :
  (A *m (sc s B)) = (sc s (A *m B)).
Proof. exact: axioms.sc_mul_r. Qed.

Lemma kernel_sc_add (R : comRingType) (m n p q : nat) (A : 'M[R]_(m, n)) (B : 'M[R]_(m, n)) (s : 'M[R]_(1, 1)) :
  (sc s (A + B)) = ((sc s A) + (sc s B)).
Proof. exact: axioms.sc_add. Qed.

Lemma kernel_sc_sum (R : comRingType) (m n p q : nat) (A : 'M[R]_(m, n)) (s : 'M[R]_(1, 1)) (t : 'M[R]_(1, 1)) :
  (sc (s + t) A) = ((sc s A) + (sc t A)).
Proof. exact: axioms.sc_sum. Qed.

Lemma kernel_sc_sc (R : comRingType) (m n p q : nat) (A : 'M[R]_(m, n)) (s : 'M[R]_(1, 1)) (t : 'M[R]_(1, 1)) :
  (sc s (sc t A)) = (sc (s *m t) A).
Proof. exact: axioms.sc_sc. Qed.

Lemma kernel_sc_one (R : comRingType) (m n p q : nat) (A : 'M[R]_(m, n)) :
  (sc (1%:M : 'M[R]_(1, 1)) A) = A.
Proof. exact: axioms.sc_one. Qed.

Lemma kernel_sc_zero (R : comRingType) (m n p q : nat) (s : 'M[R]_(1, 1)) :
  (sc s (0 : 'M[R]_(m, n))) = (0 : 'M[R]_(m, n)).
Proof. exact: axioms.sc_zero. Qed.

Lemma kernel_sc_zero_l (R : comRingType) (m n p q : nat) (A : 'M[R]_(m, n)) :
  (sc (0 : 'M[R]_(1, 1)) A) = (0 : 'M[R]_(m, n)).
Proof. exact: axioms.sc_zero_l. Qed.

Lemma kernel_hcat_vcat (R : comRingType) (m n p q : nat) (A : 'M[R]_(m, n)) (B : 'M[R]_(m, p)) (C : 'M[R]_(n, q)) (D : 'M[R]_(p, q)) :
  ((row_mx A B) *m (col_mx C D)) = ((A *m C) + (B *m D)).
Proof. exact: axioms.hcat_vcat. Qed.

Lemma kernel_hcat_add (R : comRingType) (m n p q : nat) (A : 'M[R]_(m, n)) (B : 'M[R]_(m, p)) (C : 'M[R]_(m, n)) (D : 'M[R]_(m, p)) :
  ((row_mx A B) + (row_mx C D)) = (row_mx (A + C) (B + D)).
Proof. exact: axioms.hcat_add. Qed.

Lemma kernel_vcat_mul (R : comRingType) (m n p q : nat) (A : 'M[R]_(m, n)) (B : 'M[R]_(p, n)) (C : 'M[R]_(n, q)) :
  ((col_mx A B) *m C) = (col_mx (A *m C) (B *m C)).
Proof. exact: axioms.vcat_mul. Qed.

Lemma kernel_vcat_add (R : comRingType) (m n p q : nat) (A : 'M[R]_(m, n)) (B : 'M[R]_(p, n)) (C : 'M[R]_(m, n)) (D : 'M[R]_(p, n)) :
  ((col_mx A B) + (col_mx C D)) = (col_mx (A + C) (B + D)).
Proof. exact: axioms.vcat_add. Qed.

Lemma kernel_sc_vcat (R : comRingType) (m n p q : nat) (A : 'M[R]_(m, n)) (B : 'M[R]_(p, n)) (s : 'M[R]_(1, 1)) :
  (sc s (col_mx A B)) = (col_mx (sc s A) (sc s B)).
Proof. exact: axioms.sc_vcat. Qed.

Lemma kernel_tr_vcat (R : comRingType) (m n p q : nat) (A : 'M[R]_(m, n)) (B : 'M[R]_(p, n)) :
  ((col_mx A B))^T = (row_mx (A)^T (B)^T).
Proof. exact: axioms.tr_vcat. Qed.
