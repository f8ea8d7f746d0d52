(* F2: Adam with a second moment for each entry does not turn with the network. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra rat.
From Isotropic Require Import scalars network primitive collapse controls controls_gauge.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* The first step, its averages corrected for their start: m = g and v = g∘g, so that an entry moves by g_i / (|g_i| + ε). *)
Definition adam_first (eps : Q) (t : Q) : Q := (t : rat) / (`|t : rat| + eps).

(* F2: for some rotation R and gradient z, elementwise Adam of R z is not R times that of z. *)
Theorem elementwise_adam_does_not_turn : exists R : 'M[Q]_(1 + 1),
  R^T *m R = 1%:M /\ exists z, elementwise (adam_first 1) (R *m z) <> R *m elementwise (adam_first 1) z.
Proof.
exists (rotation (3%:R / 5%:R) (4%:R / 5%:R)); split.
  by apply: rotation_orthogonal; apply/eqP; vm_compute.
exists (col_mx (number 1) (number 0)).
have E a b : elementwise (adam_first 1) (col_mx (number a) (number b))
           = col_mx (number (adam_first 1 a)) (number (adam_first 1 b)).
  rewrite /elementwise map_col_mx; congr col_mx; apply/matrixP => i j; by rewrite !ord1 !mxE !mulr1n.
rewrite rotation_col !E rotation_col => /col_inj [/eqP]; by vm_compute.
Qed.

(* F2: nor does (R∘R) v, each entry of R squared, turn the second moments: it is an approximation. *)
Theorem squared_rotation_does_not_turn : exists R : 'M[Q]_(1 + 1),
  R^T *m R = 1%:M /\ exists z, elementwise (fun t => t * t) (R *m z) <> map_mx (fun t => t * t) R *m elementwise (fun t => t * t) z.
Proof.
exists (rotation (3%:R / 5%:R) (4%:R / 5%:R)); split.
  by apply: rotation_orthogonal; apply/eqP; vm_compute.
exists (col_mx (number 1) (number 1)); rewrite rotation_col /elementwise /rotation map_block_mx !map_col_mx /= mul_block_col.
have E a : map_mx (fun t => t * t) (number a) = number (a * a).
  by apply/matrixP => i j; rewrite !ord1 !mxE !mulr1n.
rewrite !E !numbers => /col_inj [/eqP]; by vm_compute.
Qed.
