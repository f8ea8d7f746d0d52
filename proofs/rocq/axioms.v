(* The axioms of the symbolic kernel, as theorems about matrices over any commutative ring. Same names
   (`_` for `-`), same statements; a scalar is a 1 × 1 matrix. What the kernel derives from them is
   therefore true of matrices of any size. *)
From mathcomp Require Import all_ssreflect all_algebra.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Section Kernel.
Variable R : comRingType.

(* scalar times matrix *)
Definition sc m n (s : 'M[R]_1) (A : 'M[R]_(m, n)) := s 0 0 *: A.

Variables m n p q : nat.
Implicit Types s t : 'M[R]_1.

Theorem add_comm (A B : 'M[R]_(m, n)) : A + B = B + A.
Proof. exact: addrC. Qed.

Theorem add_assoc (A B C : 'M[R]_(m, n)) : (A + B) + C = A + (B + C).
Proof. exact/esym/addrA. Qed.

Theorem add_zero (A : 'M[R]_(m, n)) : A + 0 = A.
Proof. exact: addr0. Qed.

Theorem mul_assoc (A : 'M[R]_(m, n)) (B : 'M_(n, p)) (C : 'M_(p, q)) :
  (A *m B) *m C = A *m (B *m C).
Proof. exact/esym/mulmxA. Qed.

Theorem mul_id_l (A : 'M[R]_(m, n)) : 1%:M *m A = A.
Proof. exact: mul1mx. Qed.

Theorem mul_id_r (A : 'M[R]_(m, n)) : A *m 1%:M = A.
Proof. exact: mulmx1. Qed.

Theorem mul_zero_l (A : 'M[R]_(n, p)) : (0 : 'M_(m, n)) *m A = 0.
Proof. exact: mul0mx. Qed.

Theorem mul_zero_r (A : 'M[R]_(m, n)) : A *m (0 : 'M_(n, p)) = 0.
Proof. exact: mulmx0. Qed.

Theorem mul_add_l (A : 'M[R]_(m, n)) (B C : 'M_(n, p)) : A *m (B + C) = A *m B + A *m C.
Proof. exact: mulmxDr. Qed.

Theorem mul_add_r (A B : 'M[R]_(m, n)) (C : 'M_(n, p)) : (A + B) *m C = A *m C + B *m C.
Proof. exact: mulmxDl. Qed.

Theorem tr_mul (A : 'M[R]_(m, n)) (B : 'M_(n, p)) : (A *m B)^T = B^T *m A^T.
Proof. exact: trmx_mul. Qed.

Theorem tr_tr (A : 'M[R]_(m, n)) : A^T^T = A.
Proof. exact: trmxK. Qed.

Theorem tr_zero : (0 : 'M[R]_(m, n))^T = 0.
Proof. exact: trmx0. Qed.

Theorem sc_mul_l s (A : 'M[R]_(m, n)) (B : 'M_(n, p)) : sc s A *m B = sc s (A *m B).
Proof. exact/esym/scalemxAl. Qed.

Theorem sc_mul_r s (A : 'M[R]_(m, n)) (B : 'M_(n, p)) : A *m sc s B = sc s (A *m B).
Proof. exact/esym/scalemxAr. Qed.

Theorem sc_add s (A B : 'M[R]_(m, n)) : sc s (A + B) = sc s A + sc s B.
Proof. exact: scalerDr. Qed.

Theorem sc_sc s t (A : 'M[R]_(m, n)) : sc s (sc t A) = sc (s *m t) A.
Proof. by rewrite /sc scalerA mxE big_ord1. Qed.

Theorem sc_zero s : sc s (0 : 'M[R]_(m, n)) = 0.
Proof. exact: scaler0. Qed.

Theorem hcat_vcat (A : 'M[R]_(m, n)) (B : 'M_(m, p)) (C : 'M_(n, q)) (D : 'M_(p, q)) :
  row_mx A B *m col_mx C D = A *m C + B *m D.
Proof. exact: mul_row_col. Qed.

Theorem vcat_mul (A : 'M[R]_(m, n)) (B : 'M_(p, n)) (C : 'M_(n, q)) :
  col_mx A B *m C = col_mx (A *m C) (B *m C).
Proof. exact: mul_col_mx. Qed.

Theorem vcat_add (A C : 'M[R]_(m, n)) (B D : 'M_(p, n)) :
  col_mx A B + col_mx C D = col_mx (A + C) (B + D).
Proof. exact: add_col_mx. Qed.

Theorem sc_vcat s (A : 'M[R]_(m, n)) (B : 'M_(p, n)) :
  sc s (col_mx A B) = col_mx (sc s A) (sc s B).
Proof. exact: scale_col_mx. Qed.

Theorem tr_vcat (A : 'M[R]_(m, n)) (B : 'M_(p, n)) : (col_mx A B)^T = row_mx A^T B^T.
Proof. exact: tr_col_mx. Qed.

End Kernel.
