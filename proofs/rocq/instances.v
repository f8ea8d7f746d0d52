(* Every theorem that assumes something is applied to networks that meet what it assumes, so that none holds only
   because its hypotheses cannot be met: here those of gauge, growth, removal and widths, in instances_*.v those of learning,
   bounds, singular values and convolutions. The layers have several neurons, biases, ψ and o > 0 wherever a hypothesis does
   not say otherwise. check.sh asks for each conditional theorem to be named in one of these files; those about tanh are
   applied to tanh itself in ../rocq-reals.

   Three kinds of numbers: rationals; integers modulo 4, where 2 · 2 = 0 is an ε with ε² = 0; any real closed field. *)
From mathcomp Require Import all_ssreflect fingroup perm ssralg ssrnum zmodp matrix mxalgebra rat.
From Isotropic Require Import scalars network primitive gauge growth removal collapse lipschitz profile ceiling householder classes identity
  controls controls_gauge.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* Layers whose entries are all alike; with three different numbers nothing vanishes by accident. *)
Definition even_layer (R : comRingType) m n : layer R m n := Layer (const_mx 1) (const_mx 2%:R) (const_mx 3%:R).

Lemma equal_biases (F : realFieldType) : bias (even_layer F 2 2) 1 0 <= bias (even_layer F 2 2) 0 0. Proof. by rewrite !mxE. Qed.

Section Rational.
Notation g := (gain : Q -> Q).
Notation o1 := (ler01 : 0 <= 1 :> rat).

(* A rotation that is no signed permutation. *)
Definition turn : 'M[Q]_(1 + 1) := rotation (3%:R / 5%:R) (4%:R / 5%:R).
Lemma turn_left : turn^T *m turn = 1%:M.
Proof. by apply: rotation_orthogonal; apply/eqP; vm_compute. Qed.
Lemma turn_right : turn *m turn^T = 1%:M.
Proof. exact: mulmx1C turn_left. Qed.

Definition front : layer Q (1 + 1) 3 := even_layer Q (1 + 1) 3.
Definition back : net Q (1 + 1) 2 := Hidden g 1 (even_layer Q 3 (1 + 1)) (Output (even_layer Q 2 3)).

(* The rotation does change the layer: the theorem is about two different networks. *)
Lemma turn_changes : times_left turn front <> front.
Proof.
case=> _ /matrixP/(_ (lshift 1 0) 0) E _; move: E; rewrite -[const_mx 2%:R]vsubmxK mul_block_col.
rewrite !col_mxEu !mxE !big_ord1 !mxE !eqxx => /eqP; by vm_compute.
Qed.

Definition gauge_here := gauge_invariance g 1 front back turn_left.
Definition depth_here := at_any_depth (Before g 1 (even_layer Q 3 2) Nothing) gauge_here.
Definition output_here := same_output gauge_here.
Definition equivariance_here := equivariance g 1 (const_mx 1) turn_left.
Definition jacobian_here := jacobian_equivariance g (fun r => r) 1 (const_mx 1) turn_left turn_right.
Definition left_here := left_diagonalisation (SV := const_mx 1 : 'M_(1 + 1, 3)) (const_mx 2%:R) (const_mx 3%:R) g 1
  back turn_left turn_right erefl.
Definition left_rows_here := left_diagonal_rows (const_mx 1 : 'M_(3, 1 + 1)) turn_left.
Definition full_here := full_diagonalisation (S := const_mx 1) (const_mx 1 : 'M_(1 + 1, 3)) (const_mx 2%:R)
  (const_mx 3%:R) (const_mx 2%:R) (const_mx 3%:R) g 1 g 1 back turn_left turn_right turn_left turn_right erefl.
Definition scaling_here := rational_scaling 1 front back (c := 2%:R) isT.

(* B7: a network and its rotated copy. *)
Definition last : layer Q 2 (1 + 1) := even_layer Q 2 (1 + 1).
Lemma equal_here : gauge_equal 1%:M 1%:M (Hidden g 1 front (Output last))
  (Hidden g 1 (times_left turn front) (Output (times_right turn^T last))).
Proof.
pose M := row_mx (weight front *m 1%:M) (row_mx (bias front) (psi front)).
have E : row_mx (weight (times_left turn front) *m 1%:M) (row_mx (bias (times_left turn front)) (psi (times_left turn front)))
       = turn *m M by rewrite /M !mul_mx_row !mulmx1.
apply: EqualHidden; rewrite E; first by rewrite trmx_mul -mulmxA (mulmxA turn^T) turn_left mul1mx.
by apply: EqualOutput; rewrite //= -mulmxA (mulmxA turn^T) turn_left mul1mx.
Qed.
Definition equal_function_here := gauge_equal_same_function equal_here.
Definition equal_output_here := gauge_equal_output equal_here.

(* B9: the same networks. *)
Definition keeps_here := rotation_keeps_invariants g 1 front back turn_left.
Definition keeps_deep_here := same_invariants_at_any_depth (Before g 1 (even_layer Q 3 2) Nothing) keeps_here.
Definition keeps_whole_here := same_invariants_whole keeps_deep_here.
Lemma same_gains : network.gains (plug (Before g 1 (even_layer Q 3 2) Nothing)
    (Hidden g 1 (times_left turn front) (edit (N := back) (times_right turn^T))))
  = network.gains (plug (Before g 1 (even_layer Q 3 2) Nothing) (Hidden g 1 front back)).
Proof. by []. Qed.
Definition equal_invariants_here := equal_invariants_equal_functions same_gains keeps_whole_here.

Definition grown_here := growth_then_rotation (m := 1) (q := 1) (even_layer Q 1 3) g 1
  (N := Output (even_layer Q 2 1)) (const_mx 1) turn_left.

(* Removal: two neurons of constant pre-activation 2, or of none. *)
Definition constant : layer Q (2 + 2) 3 := append_rows (const_mx 2%:R) (even_layer Q 2 3).
Definition after4 : net Q (2 + 2) 2 := Output (even_layer Q 2 (2 + 2)).
Lemma constant_weight : dsubmx (weight constant) = 0. Proof. exact: col_mxKd. Qed.
Lemma constant_psi : dsubmx (psi constant) = 0. Proof. exact: col_mxKd. Qed.
Definition absorption_here := absorption g 1 after4 constant_weight constant_psi.
Definition ones_away : layer Q 2 3 := even_layer Q 2 3.
Lemma no_psi_here : gain (nsq (preact ones_away 1 (const_mx 1)) + (1 + nsq (const_mx 2%:R : 'cV_1)))
  *: ((const_mx 1 : 'M[Q]_(1, 1)) *m (const_mx 2%:R : 'cV_1)) != 0.
Proof.
apply/eqP => /matrixP/(_ 0 0)/eqP; rewrite !nsqE !mxE !big_ord_recl !big_ord0 !mxE !big_ord_recl !big_ord0 !mxE; by vm_compute.
Qed.
Definition needs_psi_here := absorption_necessary_psi (l' := even_layer Q 1 2) no_psi_here.
Lemma gain_injective : injective (gain : rat -> rat).
Proof. by move=> r s /invr_inj/addrI. Qed.
Lemma two_squared : nsq (number 2%:R : 'cV[rat]_1) != 0. Proof. by rewrite nsq1. Qed.
Lemma not_the_bias : run (Hidden gain 1 (append_rows (number 2%:R) (layer1 1 1 1)) (Output (append_columns (number 3%:R)
  (layer1 1 1 1)))) 1 (number 1) != bias (layer1 1 1 1).
Proof.
apply/eqP => /matrixP/(_ 0 0)/eqP; rewrite run_hidden preact_append_rows preact1 /act nsq_col !nsq1 scale_col_mx /=.
by rewrite preact_append_columns /preact /= !mxE !big_ord1 !mxE; vm_compute.
Qed.
Definition needs_length_here := absorption_necessary_length gain_injective two_squared not_the_bias.
Definition removal_keeps_here := removal_keeps_invariants g 1 after4 constant_weight constant_psi.
Definition back_again_here := remove_then_grow g 1 after4 constant_weight constant_psi.

Definition dead : layer Q (2 + 2) 3 := append_rows 0 (even_layer Q 2 3).
Definition dead_here := dead_neuron (l := dead) g 1 after4 (col_mxKd _ _) (col_mxKd _ _) (col_mxKd _ _).

(* Zero rows of W, but not of ψ. *)
Definition trap : layer Q (2 + 2) 3 := Layer (col_mx (const_mx 1) 0) (const_mx 2%:R) (const_mx 3%:R).
Definition trap_here := psi_trap (l := trap) 2%:R^-1 (const_mx 1) (col_mxKd _ _).
Definition trap_error_here := psi_trap_error (l := trap) g 1 (even_layer Q 2 (2 + 2)) 2%:R^-1 (const_mx 1) (col_mxKd _ _).
Definition exact_at_here := truncation_exact_at g 1 (l := front) (Output last) (gamma := 1) (h := const_mx 1) erefl.
Definition phantom_here := phantom_neuron front g (lambda := 2%:R) (N := Output (Layer (const_mx 1) (const_mx 2%:R)
  (2%:R *: const_mx 3%:R) : layer Q 2 (1 + 1))) erefl.
Definition phantom_keeps_here := phantom_keeps_invariants front g (lambda := 2%:R) (N := Output (Layer (const_mx 1)
  (const_mx 2%:R) (2%:R *: const_mx 3%:R) : layer Q 2 (1 + 1))) erefl.
Lemma pythagoras : 5%:R * 5%:R = 3%:R * 3%:R + 4%:R * 4%:R :> rat_fieldType. Proof. by apply/eqP; vm_compute. Qed.
Definition rotation_here := absorption_is_a_rotation (isT : 5%:R != 0 :> rat_fieldType) pythagoras.

(* D5: W and ψ in the span of one unit vector, b not. *)
Definition axis : 'M[Q]_(1 + 1, 1) := col_mx (number (3%:R / 5%:R)) (number (4%:R / 5%:R)).
Lemma axis_unit : axis^T *m axis = 1%:M.
Proof.
rewrite /axis tr_col_mx mul_row_col /number !tr_scalar_mx -!scalar_mxM -raddfD.
by congr _%:M.
Qed.
Lemma axis_spans n (A : 'M[Q]_(1, n)) : axis *m axis^T *m (axis *m A) = axis *m A.
Proof. by rewrite -mulmxA (mulmxA axis^T) axis_unit mul1mx. Qed.
Definition thin : layer Q (1 + 1) 3 := Layer (axis *m const_mx 1) (const_mx 2%:R) (axis *m const_mx 3%:R).
Definition width_here := width_reduction (l := thin) g 1 back axis_unit (axis_spans _) (axis_spans _).
Definition reduction_keeps_here := reduction_keeps_invariants (l := thin) g 1 back axis_unit (axis_spans _) (axis_spans _).
Definition thin_plain : layer Q (1 + 1) 3 := Layer (axis *m const_mx 1) (axis *m const_mx 2%:R) (axis *m const_mx 3%:R).
Definition width_plain_here :=
  width_reduction_plain (l := thin_plain) g 1 back axis_unit (axis_spans _) (axis_spans _) (axis_spans _).

(* E2, E3 and D3 for whole networks. *)
Definition bare m n : layer Q m n := Layer (const_mx 1) 0 0.
Definition no_bias : net Q 3 2 := Hidden g 1 (bare 4 3) (Hidden g 1 (bare 2 4) (Output (Layer (const_mx 1) (const_mx 2%:R) 0))).
Lemma no_bias_free : bias_free no_bias. Proof. by []. Qed.
Lemma no_bias_positive : positive_gains no_bias.
Proof. by split=> //; [move=> r; apply: rational_gain_gt0 | split=> // r; apply: rational_gain_gt0]. Qed.
Definition collapse_here := bias_free_collapse (const_mx 1) no_bias_free.
Definition positive_here := bias_free_positive 1 (const_mx 1) no_bias_positive.
Definition multiple_here := bias_free_multiple (const_mx 1) no_bias_free no_bias_positive.
Definition linear_here := @one_hidden_layer_classifies_linearly rat_realDomainType 3 4 2 (@rational_gain rat_fieldType) 1
  (even_layer Q 4 3) (even_layer Q 2 4) 2%:R (const_mx 1) 0 1 (@rational_gain_gt0 rat_realFieldType) o1 erefl.
Definition wider_here := wider_contains (N := Hidden g 1 front back) (s := [:: 5; 3]%N) erefl isT.

Definition with_psi : net Q 3 2 :=
  Hidden g (2%:R * 2%:R) (even_layer Q 4 3) (Output (Layer (const_mx 1) (const_mx 2%:R) (2%:R *: const_mx 3%:R))).
Lemma with_psi_rooted : rooted with_psi.
Proof. by split=> //; exists 2%:R, (const_mx 3%:R). Qed.
Lemma with_psi_squares : squares (with_psi : net rat_fieldType 3 2).
Proof. by split=> //; exists 2%:R; split=> //; left. Qed.
Definition phantom_network_here := phantom_network with_psi_rooted.
Definition phantom_field_here := phantom_network_field with_psi_squares.

(* A2: the activation is such a map. *)
Lemma act_commutes : commutes_with_rotations (@act Q g 1 3 : 'cV[rat]_3 -> 'cV[rat]_3).
Proof. by move=> P HP z; apply: equivariance. Qed.
Lemma ones_nonzero : (const_mx 1 : 'cV[rat]_3) != 0.
Proof. by apply/eqP => /matrixP/(_ 0 0)/eqP; rewrite !mxE. Qed.
Definition parallel_here := isotropic_is_parallel act_commutes ones_nonzero.
Definition at_zero_here := isotropic_at_zero act_commutes.
Lemma same_length : nsq (const_mx 1 : 'cV[rat]_3) = nsq (const_mx (-1) : 'cV[rat]_3).
Proof. by rewrite !nsqE; apply: eq_bigr => i _; rewrite !mxE mulrNN. Qed.
Definition radial_here := isotropic_factor_is_radial act_commutes same_length.
Definition narrow_here := @triangular_zeros_narrow 2 3 isT.
Definition wide_here := @triangular_zeros_wide 3 2 isT.
End Rational.
