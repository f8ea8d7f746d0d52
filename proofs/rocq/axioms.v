(* The axioms of the symbolic kernel, as theorems about matrices over any commutative ring. Same names
   (`_` for `-`), same statements; a scalar is a 1 × 1 matrix. What the kernel derives from them is
   therefore true of matrices of any size. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Section Kernel.
Variable R : comRingType.

(* scalar times matrix *)
Definition sc m n (s : 'M[R]_1) (A : 'M[R]_(m, n)) := s 0 0 *: A.

Variables m n p q : nat.
Implicit Types s t : 'M[R]_1.

Lemma add_comm (A B : 'M[R]_(m, n)) : A + B = B + A.
Proof. exact: addrC. Qed.

Lemma add_assoc (A B C : 'M[R]_(m, n)) : (A + B) + C = A + (B + C).
Proof. exact/esym/addrA. Qed.

Lemma add_zero (A : 'M[R]_(m, n)) : A + 0 = A.
Proof. exact: addr0. Qed.

Lemma mul_assoc (A : 'M[R]_(m, n)) (B : 'M_(n, p)) (C : 'M_(p, q)) :
  (A *m B) *m C = A *m (B *m C).
Proof. exact/esym/mulmxA. Qed.

Lemma mul_id_l (A : 'M[R]_(m, n)) : 1%:M *m A = A.
Proof. exact: mul1mx. Qed.

Lemma mul_id_r (A : 'M[R]_(m, n)) : A *m 1%:M = A.
Proof. exact: mulmx1. Qed.

Lemma mul_zero_l (A : 'M[R]_(n, p)) : (0 : 'M_(m, n)) *m A = 0.
Proof. exact: mul0mx. Qed.

Lemma mul_zero_r (A : 'M[R]_(m, n)) : A *m (0 : 'M_(n, p)) = 0.
Proof. exact: mulmx0. Qed.

Lemma mul_add_l (A : 'M[R]_(m, n)) (B C : 'M_(n, p)) : A *m (B + C) = A *m B + A *m C.
Proof. exact: mulmxDr. Qed.

Lemma mul_add_r (A B : 'M[R]_(m, n)) (C : 'M_(n, p)) : (A + B) *m C = A *m C + B *m C.
Proof. exact: mulmxDl. Qed.

Lemma tr_mul (A : 'M[R]_(m, n)) (B : 'M_(n, p)) : (A *m B)^T = B^T *m A^T.
Proof. exact: trmx_mul. Qed.

Lemma tr_tr (A : 'M[R]_(m, n)) : A^T^T = A.
Proof. exact: trmxK. Qed.

Lemma tr_zero : (0 : 'M[R]_(m, n))^T = 0.
Proof. exact: trmx0. Qed.

Lemma sc_mul_l s (A : 'M[R]_(m, n)) (B : 'M_(n, p)) : sc s A *m B = sc s (A *m B).
Proof. exact/esym/scalemxAl. Qed.

Lemma sc_mul_r s (A : 'M[R]_(m, n)) (B : 'M_(n, p)) : A *m sc s B = sc s (A *m B).
Proof. exact/esym/scalemxAr. Qed.

Lemma sc_add s (A B : 'M[R]_(m, n)) : sc s (A + B) = sc s A + sc s B.
Proof. exact: scalerDr. Qed.

Lemma sc_sc s t (A : 'M[R]_(m, n)) : sc s (sc t A) = sc (s *m t) A.
Proof. by rewrite /sc scalerA mxE big_ord1. Qed.

Lemma sc_zero s : sc s (0 : 'M[R]_(m, n)) = 0.
Proof. exact: scaler0. Qed.

Lemma hcat_vcat (A : 'M[R]_(m, n)) (B : 'M_(m, p)) (C : 'M_(n, q)) (D : 'M_(p, q)) :
  row_mx A B *m col_mx C D = A *m C + B *m D.
Proof. exact: mul_row_col. Qed.

Lemma vcat_mul (A : 'M[R]_(m, n)) (B : 'M_(p, n)) (C : 'M_(n, q)) :
  col_mx A B *m C = col_mx (A *m C) (B *m C).
Proof. exact: mul_col_mx. Qed.

Lemma vcat_add (A C : 'M[R]_(m, n)) (B D : 'M_(p, n)) :
  col_mx A B + col_mx C D = col_mx (A + C) (B + D).
Proof. exact: add_col_mx. Qed.

Lemma sc_vcat s (A : 'M[R]_(m, n)) (B : 'M_(p, n)) :
  sc s (col_mx A B) = col_mx (sc s A) (sc s B).
Proof. exact: scale_col_mx. Qed.

Lemma tr_vcat (A : 'M[R]_(m, n)) (B : 'M_(p, n)) : (col_mx A B)^T = row_mx A^T B^T.
Proof. exact: tr_col_mx. Qed.

(* matrix times scalar, and the rest of what scalars do *)
Lemma mul_scalar (A : 'M[R]_(m, 1)) s : A *m s = sc s A.
Proof. by rewrite [s in LHS]mx11_scalar mul_mx_scalar. Qed.

Lemma scalar_comm s t : s *m t = t *m s.
Proof. by rewrite [s]mx11_scalar [t]mx11_scalar -!scalar_mxM mulrC. Qed.

Lemma sc_one (A : 'M[R]_(m, n)) : sc 1%:M A = A.
Proof. by rewrite /sc mxE eqxx scale1r. Qed.

Lemma sc_sum s t (A : 'M[R]_(m, n)) : sc (s + t) A = sc s A + sc t A.
Proof. by rewrite /sc mxE scalerDl. Qed.

Lemma sc_zero_l (A : 'M[R]_(m, n)) : sc 0 A = 0.
Proof. by rewrite /sc mxE scale0r. Qed.

Lemma tr_add (A B : 'M[R]_(m, n)) : (A + B)^T = A^T + B^T.
Proof. exact: linearD. Qed.

Lemma tr_sc s (A : 'M[R]_(m, n)) : (sc s A)^T = sc s A^T.
Proof. exact: linearZ. Qed.

Lemma mul_hcat (A : 'M[R]_(m, n)) (B : 'M_(n, p)) (C : 'M_(n, q)) :
  A *m row_mx B C = row_mx (A *m B) (A *m C).
Proof. exact: mul_mx_row. Qed.

Lemma hcat_add (A C : 'M[R]_(m, n)) (B D : 'M_(m, p)) :
  row_mx A B + row_mx C D = row_mx (A + C) (B + D).
Proof. exact: add_row_mx. Qed.

End Kernel.
