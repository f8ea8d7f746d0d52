(* Instances of the theorems on convolutions and residual streams. See instances.v. *)
From mathcomp Require Import all_ssreflect fingroup perm ssralg ssrnum zmodp matrix mxalgebra rat.
From Isotropic Require Import scalars network primitive growth removal profile gains svd diagonalise convolution channels residual
  controls instances instances_learning.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Rational.
Notation g := (gain : Q -> Q).

Definition conv_activation_here := conv_equivariance g 1 (const_mx 1 : 'M_(1 + 1, 4)) turn_left.
(* G1: two taps on four pixels. *)
Definition taps_of m c (W : 'M[Q]_(m, c)) (p b : 'cV[Q]_m) : conv Q m c 4 4 :=
  @Conv _ m c 4 4 2 (fun i => W) (fun i => p) b (fun i => const_mx 1).
Definition conv_front := taps_of (axis *m (const_mx 1 : 'M_(1, 3))) (axis *m const_mx 3%:R) (const_mx 2%:R).
Definition conv_back : cnet Q (1 + 1) 4 2 4 := COutput (taps_of (const_mx 1) (const_mx 3%:R) (const_mx 2%:R)).
Definition conv_gauge_here := conv_gauge_invariance g 1 conv_front conv_back turn_left.
Definition conv_width_here := conv_width_reduction (l := conv_front) g 1 conv_back axis_unit
  (fun=> axis_spans _) (fun=> axis_spans _).

Definition conv_one : conv Q 1 3 4 4 := taps_of (const_mx 1) (const_mx 3%:R) (const_mx 2%:R).
Definition conv_one_back : cnet Q 1 4 2 4 := COutput (taps_of (const_mx 1) (const_mx 3%:R) (const_mx 2%:R)).
Definition conv_new_here := conv_neurogenesis g 1 conv_one conv_one_back (fun p _ => const_mx 5%:R : 'M_(p, 1)).
Definition conv_grown_here := conv_growth_then_rotation g 1 conv_one conv_one_back (fun p _ => const_mx 5%:R : 'M_(p, 1)) turn_left.
Lemma half_two : 2%:R^-1 * 2%:R = 1 :> Q. Proof. by apply/eqP; vm_compute. Qed.
Definition conv_phantom_here := conv_phantom g conv_one conv_one_back half_two.
Definition conv_trapped : conv Q (1 + 1) 3 4 4 := taps_of (col_mx (const_mx 1) 0) (const_mx 3%:R) (const_mx 2%:R).
Definition conv_trap_here := conv_psi_trap (l := conv_trapped) (const_mx 1) (const_mx 1) (fun=> col_mxKd _ _).
Definition conv_constant : conv Q (1 + 1) 3 4 4 :=
  taps_of (col_mx (const_mx 1) 0) (col_mx (const_mx 3%:R) 0) (const_mx 2%:R).
Definition conv_back_again_here := conv_remove_then_grow 1 (l := conv_constant) (fun=> col_mxKd _ _) (fun=> col_mxKd _ _).

(* G2: a stream of two, scaled and shifted, with one block that squares. *)
Lemma half_twice : (2%:R^-1)%:M *m (2%:R)%:M = 1%:M :> 'M[Q]_2. Proof. by rewrite -scalar_mxM half_two. Qed.
Definition squaring : block Q 2 := Block (const_mx 1 : 'M_(3, 2)) (const_mx 2%:R) (map_mx (fun t => t * t)) (const_mx 5%:R) (const_mx 7%:R).
Definition stream_here := stream_gauge (const_mx 3%:R) (const_mx 1) [:: squaring; squaring] half_twice.
Definition stream_output_here := stream_output (const_mx 3%:R) (const_mx 1) [:: squaring; squaring] (const_mx 1 : 'M_(4, 2)) (const_mx 2%:R) half_twice.
End Rational.

Section Epsilon.
Definition conv4 m c (a : Z4) : conv Z4 m c 4 4 := Conv (fun _ : 'I_2 => const_mx a) (fun=> const_mx 3%:R) (const_mx 2%:R) (fun=> const_mx 1).
Definition conv_scaffold_here := conv_scaffold_first_order square 1 (l := conv4 2 3 1) (fun=> const_mx 1 : 'M_(1, 3)) (fun=> const_mx 1)
  (const_mx 1) (l' := conv4 2 2 1) (fun=> const_mx 3%:R) (const_mx 1) (const_mx 1) eps2.
Definition conv_saddle_here := conv_scaffold_saddle square 1 (l := conv4 2 3 1) (fun=> const_mx 1 : 'M_(1, 3)) (fun=> const_mx 1)
  (const_mx 1) (COutput (conv4 2 2 1)) (fun p _ => const_mx 3%:R : 'M_(p, 1)) eps2.
End Epsilon.

Section Real.
Variable F : rcfType.
Definition conv_real k : conv F k 2 4 4 := Conv (fun _ : 'I_2 => const_mx 1) (fun=> const_mx 3%:R) (const_mx 2%:R) (fun=> const_mx 1).
Definition conv_left_here := conv_left_diagonalisation_exists (@algebraic_gain F) 1 (conv_real 2) (COutput (conv_real 3)).
End Real.
