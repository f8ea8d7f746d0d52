(* Every theorem that assumes something is applied here to networks that meet what it assumes, so that none holds only
   because its hypotheses cannot be met. The layers have several neurons, biases, ψ and o > 0 wherever a hypothesis
   does not say otherwise. check.sh asks for each conditional theorem to be named in a file like this one; those
   about tanh are applied to tanh itself in ../rocq-reals.

   Three kinds of numbers: rationals; integers modulo 4, where 2 · 2 = 0 is an ε with ε² = 0; any real closed field. *)
From mathcomp Require Import all_ssreflect fingroup perm ssralg ssrnum zmodp matrix mxalgebra rat.
From Isotropic Require Import scalars network primitive gauge growth removal collapse lipschitz profile gains ceiling
  householder svd diagonalise several classes learning convolution controls identity optimal
  gradient motion conserved eckart muon channels state values decay sides echelon rounding residual.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* Layers whose entries are all alike; with three different numbers nothing vanishes by accident. *)
Definition even_layer (R : comRingType) m n : layer R m n := Layer (const_mx 1) (const_mx 2%:R) (const_mx 3%:R).

Lemma equal_biases (F : realFieldType) : bias (even_layer F 2 2) 1 0 <= bias (even_layer F 2 2) 0 0. Proof. by rewrite !mxE. Qed.

(* ---- Rationals ---- *)

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
Definition conv_activation_here := conv_equivariance g 1 (const_mx 1 : 'M_(1 + 1, 4)) turn_left.

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

(* G1: two taps on four pixels. *)
Definition taps_of m c (W : 'M[Q]_(m, c)) (p b : 'cV[Q]_m) : conv Q m c 4 4 :=
  @Conv _ m c 4 4 2 (fun i => W) (fun i => p) b (fun i => const_mx 1).
Definition conv_front := taps_of (axis *m (const_mx 1 : 'M_(1, 3))) (axis *m const_mx 3%:R) (const_mx 2%:R).
Definition conv_back : cnet Q (1 + 1) 4 2 4 := COutput (taps_of (const_mx 1) (const_mx 3%:R) (const_mx 2%:R)).
Definition conv_gauge_here := conv_gauge_invariance g 1 conv_front conv_back turn_left.
Definition conv_width_here := conv_width_reduction (l := conv_front) g 1 conv_back axis_unit
  (fun=> axis_spans _) (fun=> axis_spans _).

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

(* F1: the loss ½ ‖θ‖² of two tensors, whose gradient is θ. *)
Definition two_turns (i : 'I_2) : 'M[Q]_(1 + 1) := turn.
Lemma two_turns_orthogonal i : (two_turns i)^T *m two_turns i = 1%:M /\ two_turns i *m (two_turns i)^T = 1%:M.
Proof. by rewrite turn_left turn_right. Qed.
Notation tensors2 := (tensors Q (fun _ : 'I_2 => (1 + 1)%N)).
Definition square_gradient (theta : tensors2) : tensors2 := theta.
Lemma square_turns theta theta' : turned two_turns theta theta' ->
  turned two_turns (square_gradient theta) (square_gradient theta').
Proof. by []. Qed.
Lemma square_invariant (theta theta' v v' : tensors2) : turned two_turns theta theta' -> turned two_turns v v' ->
  inner (square_gradient theta') v' = inner (square_gradient theta) v.
Proof. by move=> H H'; apply: (inner_turned two_turns_orthogonal H H'). Qed.
Definition gradient_here := gradient_turns two_turns_orthogonal (gradient := square_gradient)
  (fun theta v => erefl) square_invariant.
Definition nesterov_step := Schedule square_gradient (fun r => (1 + r)^-1) 2%:R^-1 3%:R^-1 5%:R^-1 true.
Lemma nesterov_turns s : List.In s [:: nesterov_step; nesterov_step] -> turns two_turns s.
Proof. by case=> [<-|[<-|[]]]. Qed.
Definition start : tensors2 := fun=> const_mx 1.
Definition turned_start : tensors2 := fun i => two_turns i *m start i.
Definition training_here := training_commutes_with_gauge two_turns_orthogonal nesterov_turns
  (fun i => erefl : turned_start i = _) (fun i => erefl : turned_start i = _).
Definition adam_here := adam_per_tensor_commutes two_turns_orthogonal (fun r => (1 + r)^-1)
  2%:R^-1 2%:R^-1 3%:R^-1 3%:R^-1 5%:R^-1 (fun i => erefl : turned_start i = _) (fun i => erefl : turned_start i = _)
  (fun i => erefl : turned_start i = _) (frefl (fun=> 1)).

(* F1 and F5 of the weights: one hidden layer of two neurons, rotated; or of which one direction is reached. *)
Definition slopes : seq ((Q -> Q) * (Q -> Q)) := [:: (g, fun r => - (g r * g r))].
Definition theta : params Q 3 2 [:: (1 + 1)%N] := (front, 1, last).
Definition half_square (y : 'cV[Q]_2) : 'cV[Q]_2 := y - const_mx 1.
Definition two_inputs : inputs Q 3 2 := [:: (const_mx 1, half_square); (const_mx 2%:R, half_square)].
Definition one_turn : frames Q [:: (1 + 1)%N] [:: (1 + 1)%N] := (turn, tt).
Lemma one_turn_rotates : rotations one_turn. Proof. by split; [exact: turn_left | exact: turn_right | ]. Qed.
Definition half4 : seq (factor4 Q) := nseq 2 (Factor4 2%:R^-1 2%:R^-1 2%:R^-1 2%:R^-1).
Definition halves := Rule half4 half4 half4 half4 half4 half4.
Definition turns_here := training_turns id (fun=> 1) slopes [:: (two_inputs, fun=> halves); (two_inputs, fun=> halves)]
  theta theta [::] one_turn_rotates.
Definition one_axis : frames Q [:: (1 + 1)%N] [:: 1%N] := (axis, tt).
Lemma one_axis_orthonormal : orthonormal one_axis. Proof. by split; first exact: axis_unit. Qed.
Definition flat_theta : params Q 3 2 [:: (1 + 1)%N] := (thin_plain, 1, last).
Lemma flat_theta_spanned : spanned 1%:M one_axis flat_theta.
Proof. by split; rewrite /= ?mulmx1 ?(mulmxA axis) ?axis_spans. Qed.
Definition compressed_gradient_here := gradient_of_compressed id (fun=> 1) slopes two_inputs one_axis_orthonormal
  flat_theta_spanned.
Definition compressed_here := compressed_descent id (fun=> 1) slopes [:: (two_inputs, halves); (two_inputs, halves)]
  one_axis_orthonormal flat_theta_spanned flat_theta_spanned.

(* F7, κ = 2. *)
Lemma rational_charge (r : Q) : ((nth (id, id) slopes 0).2 r + (nth (id, id) slopes 0).2 r) * (1 + r)
  = - (2%:R * (nth (id, id) slopes 0).1 r).
Proof.
have E : g r * (g r * (1 + r)) = g r.
  rewrite /gain /rational_gain; have [r0|r0] := eqVneq (1 + r : rat_fieldType) 0; first by rewrite r0 invr0 mul0r.
  by rewrite mulVf // mulr1.
by rewrite /= -opprD mulNr mulrDl -!mulrA E mulr_natl mulr2n.
Qed.
Definition charge_here := charge_is_conserved two_inputs theta rational_charge.
Definition charge_step_here := charge_after_a_step two_inputs theta 3%:R^-1 rational_charge.

(* A4 and D4 for 1/(1+r), at o = 1. *)
Definition inversion_here := rational_inversion (const_mx 1 : 'cV[rat]_3) (const_mx 2%:R) o1.
Definition stretch_here := rational_stretch o1.
Definition rational_here := rational_lipschitz (const_mx 1 : 'cV[rat]_3) (const_mx 2%:R) o1.
Definition lift_here := rational_lift o1.

(* The next layer reads the first neuron, and has a ψ on another: ‖[W ψ]‖ = 1. *)
Definition reader (F : realFieldType) : layer F (1 + 1) (1 + 1) :=
  Layer (block_mx 1%:M 0 0 0) (const_mx 2%:R) (col_mx 0 1%:M).
Lemma reader_norm (F : realFieldType) : norm_at_most 1 1 (reader F).
Proof.
move=> u s; rewrite /reader /= -[u]vsubmxK mul_block_col !mul0mx mul1mx !addr0 scale_col_mx scaler0 add_col_mx.
rewrite addr0 add0r !nsq_col nsqZ nsq1 mulr1 mul1r -expr2 mulr1 mul1r -addrA ler_add2l ler_addr; exact: nsq_ge0.
Qed.
Lemma reader_lipschitz (F : realFieldType) n (l : layer F (1 + 1) n) :
  lipschitz_rest (Hidden (@rational_gain F) 1 l (Output (reader F))) (1 * (1 * 1)).
Proof.
exact: (@LipschitzHidden F n _ _ _ 1 l (Output (reader F)) 1 1 1 1 ler01 ler01 (rational_lift ler01) (@reader_norm F)
  (LipschitzOutput _)).
Qed.
(* Its last neuron, of small weight and ψ, goes. *)
Definition cuttable (F : realFieldType) : layer F (1 + 1) (1 + 1) :=
  Layer (block_mx 1%:M 1%:M 1%:M 0) (const_mx 2%:R) (col_mx 1%:M 0).
Lemma cuttable_norm (F : realFieldType) : norm_at_most 1 1 (dropped (cuttable F)).
Proof.
move=> u s; rewrite /dropped /cuttable /= /block_mx !col_mxKd scaler0 addr0 -[u]vsubmxK mul_row_col mul0mx addr0.
rewrite mul1mx nsq_col mul1r mul1r -addrA ler_addl addr_ge0 ?sqr_ge0 //; exact: nsq_ge0.
Qed.
Definition rest_here := rest_is_lipschitz (const_mx 1) (const_mx 2%:R) (reader_lipschitz (cuttable rat_realFieldType)).
Definition pointwise_here := truncation_bound_pointwise (const_mx 2%:R) 1 (const_mx 1)
  (reader_lipschitz (cuttable rat_realFieldType)).
Lemma one_ge0 (F : realFieldType) : 0 <= 1 * (1 * 1) :> F. Proof. by rewrite !mulr1 ler01. Qed.
Definition bound_here := truncation_bound 1 (const_mx 1) (one_ge0 _) (reader_lipschitz (cuttable rat_realFieldType))
  (@cuttable_norm _).
End Rational.

(* ---- Integers modulo 4: ε = 2 ---- *)

Section Nilpotent.
Definition Z4 : comRingType := [comRingType of 'Z_4].
Add Ring Z4_ring : (ring_laws Z4).
Definition eps : Z4 := 2%:R.
Lemma eps2 : eps * eps = 0. Proof. exact/eqP. Qed.
Definition square (r : Z4) : Z4 := r * r.
Definition slope (r : Z4) : Z4 := r + r.
Lemma square_slope (r a : Z4) : square (r + eps * a) = square r + eps * a * slope r.
Proof.
have -> : square (r + eps * a) = square r + eps * a * slope r + eps * eps * (a * a).
  by rewrite /square /slope; scalar_ring Z4.
by rewrite eps2 mul0r addr0.
Qed.
Definition derivative_here := jacobian_is_derivative (n := 3) (g := square) (g' := slope) (o := 1) (z := const_mx 1)
  (const_mx 1) eps2 (fun a => square_slope _ a).
Definition plane n : 'cV[Z4]_(n + n) := col_mx (const_mx 1) 0.
Lemma plane_orthogonal n : dot (plane n) (col_mx 0 (const_mx 1)) = 0.
Proof. by rewrite /dot tr_col_mx mul_row_col mulmx0 trmx0 mul0mx addr0 mxE. Qed.
Definition tangential_here := jacobian_tangential square slope 1 (plane_orthogonal 2).
Definition skew : 'M[Z4]_(1 + 1) := block_mx 0 1%:M (- 1%:M) 0.
Lemma skew_skew : skew^T = - skew.
Proof. by rewrite /skew tr_block_mx opp_block_mx linearN /= !trmx1 !trmx0 oppr0 opprK. Qed.
Definition direction_here := rotation_direction square 1 (even_layer Z4 (1 + 1) 3) (Output (even_layer Z4 2 (1 + 1)))
  eps2 skew_skew.
(* The loss ‖y‖², and the gain r². *)
Definition theta4 : params Z4 3 2 [:: (1 + 1)%N] := (even_layer Z4 (1 + 1) 3, 1, even_layer Z4 2 (1 + 1)).
Definition slopes4 : seq ((Z4 -> Z4) * (Z4 -> Z4)) := [:: (square, slope)].
Definition twice_y (y : 'cV[Z4]_2) : 'cV[Z4]_2 := y + y.
Lemma slopes4_slopes : gains_have_slopes eps slopes4.
Proof. by split=> // r a /=; rewrite square_slope mulrA. Qed.
Lemma length_slope (p q : Z4) : id (p + eps * q) = p + eps * (q * (fun=> 1) p). Proof. by rewrite mulr1. Qed.
Lemma loss_slope (y u : 'cV[Z4]_2) : nsq (y + eps *: u) = nsq y + eps * dot (twice_y y) u.
Proof. by rewrite nsqD nsqZ eps2 mul0r addr0 dotZ /twice_y -mulrDr (dotC (y + y)) dotDr !(dotC u). Qed.
Definition chain_rule_here := gradient_is_derivative (G := slopes4) theta4 theta4 1 (const_mx 1) 1 (const_mx 1) eps2
  (isT : is_true (size [:: (1 + 1)%N] <= size slopes4)%N) slopes4_slopes length_slope loss_slope.
Definition skew4 : frames Z4 [:: (1 + 1)%N] [:: (1 + 1)%N] := (skew, tt).
Lemma skew4_skew : all_skew skew4. Proof. by split; first exact: skew_skew. Qed.
Definition flat_here := flat_directions id (fun=> 1) slopes4 [:: (const_mx 1, twice_y)] theta4 eps2 skew4_skew.
(* 3^r, which falls by the factor 3 from r to r + 1. *)
Definition power (r : Z4) : Z4 := 3%:R ^+ (r : nat).
Lemma power_law (r : Z4) : power (r + nsq (const_mx 1 : 'cV[Z4]_1)) = 3%:R * power r.
Proof.
have -> : nsq (const_mx 1 : 'cV[Z4]_1) = 1 by rewrite nsqE big_ord1 !mxE mulr1.
by apply/eqP; case: r => -[|[|[|[|]]]].
Qed.
Lemma power_psi : (1 - 3%:R) *: (const_mx 1 : 'cV[Z4]_2) = 3%:R *: ((const_mx 2%:R : 'M_(2, 1)) *m const_mx 1).
Proof. by apply/matrixP => i j; rewrite !mxE big_ord1 !mxE; apply/eqP. Qed.
Definition unnecessary_here := absorption_unnecessary (even_layer Z4 2 3) 1 (l' := Layer 0 (const_mx 1) (const_mx 1))
  power_law erefl power_psi.
Definition scaffold_here := scaffold_first_order (even_layer Z4 2 3) (even_layer Z4 2 3) square 1
  (N := Output (even_layer Z4 3 2)) (const_mx 1) 1 (const_mx 1) eps2.
Definition saddle_here := scaffold_saddle (even_layer Z4 2 3) (even_layer Z4 2 3) square 1
  (N := Output (even_layer Z4 3 2)) (const_mx 1) eps2.
End Nilpotent.

(* ---- A real closed field ---- *)

Section Real.
Variable F : rcfType.
Notation ag := (@algebraic_gain F).
Notation o1 := (ler01 : 0 <= 1 :> F).

Lemma algebraic_law (r : F) : ag (2%:R * 2%:R * (1 + r) - 1) = ag r / 2%:R.
Proof.
rewrite /algebraic_gain (_ : 1 + _ = 2%:R ^+ 2 * (1 + r)); last by rewrite addrC subrK expr2.
by rewrite sqrtrM ?sqr_ge0 // sqrtr_sqr ger0_norm ?ler0n // invfM mulrC.
Qed.
Lemma two_neq0 : 2%:R != 0 :> F. Proof. by rewrite pnatr_eq0. Qed.
Definition algebraic_scaling_here := algebraic_scaling 1 (even_layer F 2 3) (Output (even_layer F 3 2)) two_neq0 algebraic_law.

Definition normalisation_here := algebraic_normalisation (const_mx 1 : 'cV[F]_3) (const_mx 2%:R) o1 (@algebraic_gain_spec F).
Definition algebraic_stretch_here := algebraic_stretch o1 (@algebraic_gain_spec F) (fun r => @algebraic_gain_falls F 1 r o1).
Definition algebraic_lipschitz_here := algebraic_lipschitz o1.
Definition algebraic_lift_here := algebraic_lift o1.
Definition lipschitz_here := lipschitz_from_stretch (const_mx 1 : 'cV[F]_3) (const_mx 2%:R) o1 algebraic_lift_here.
Definition lifted_here := lifted_stretch o1 (algebraic_lift (lexx (0 : F))).
Definition rational_tanh_here := rational_tanh_stretch o1.
Definition soft_threshold_here := soft_threshold_stretch o1 o1.

(* The linear gain. *)
Definition linear_gain (r : F) : F := 1.
Lemma linear_bounded (r : F) : 0 <= r -> `|linear_gain (r + 1)| <= 1.
Proof. by rewrite normr1. Qed.
Lemma linear_profile (rho rho' : F) : 0 <= rho -> 0 <= rho' ->
  (linear_gain (rho * rho + 1) * rho - linear_gain (rho' * rho' + 1) * rho') ^+ 2
  + 2%:R * (linear_gain (rho * rho + 1) - linear_gain (rho' * rho' + 1)) ^+ 2 <= 1 * 1 * (rho - rho') ^+ 2.
Proof. by rewrite subrr expr0n /= mulr0 addr0 !mul1r. Qed.
Definition profile_here := stretch_from_profile linear_bounded linear_profile.
Lemma linear_falls (r s : F) : 0 <= r -> r <= s -> 0 <= linear_gain s <= linear_gain r.
Proof. by rewrite lexx ler01. Qed.
Lemma linear_rises (rho rho' : F) : 0 <= rho' -> rho' <= rho ->
  linear_gain (rho' * rho') * rho' <= linear_gain (rho * rho) * rho.
Proof. by rewrite !mul1r. Qed.
Definition falling_here := falling_stretch o1 linear_falls linear_rises.

(* σ(ρ) = ρ/(1+ρ) rises and is concave. *)
Definition fraction (rho : F) : F := rho / (1 + rho).
Lemma fraction_rising : rising_profile fraction.
Proof.
have p x : 0 <= x -> 0 < 1 + x :> F by move=> x0; rewrite ltr_paddr ?ltr01.
split=> [x x0|x x0|a b b0 ba|a b b0 ba]; rewrite /fraction.
- by rewrite divr_ge0 // ltW // p.
- by rewrite ler_pdivr_mulr ?p // ler_pemulr // ler_addl.
- have a0 := le_trans b0 ba; rewrite ler_pdivr_mulr ?p // mulrAC ler_pdivl_mulr ?p //.
  by rewrite !mulrDr !mulr1 (mulrC a b) ler_add2r.
have a0 := le_trans b0 ba; rewrite mulrA [leRHS]mulrA (mulrC a b); apply: ler_wpmul2l; first exact: mulr_ge0.
by rewrite lef_pinv ?posrE ?p // ler_add2l.
Qed.
Definition rising_here := rising_sharp fraction_rising o1.

Lemma reader_constants : [/\ forall u, nsq (weight (reader F) *m u) <= 1 * 1 * nsq u & nsq (psi (reader F)) <= 1 * 1].
Proof.
split=> [u|]; last by rewrite /= nsq_col nsq0 nsq1 add0r.
by have := reader_norm u (0 : F); rewrite scale0r addr0 expr0n /= mulr0 addr0 !mul1r.
Qed.
Lemma rational_apart q (z z' : 'cV[F]_q) :
  (rational_gain (nsq z + 1) - rational_gain (nsq z' + 1)) ^+ 2 <= 1 * 1 * nsq (z - z').
Proof.
have := rational_lift o1 z z'; rewrite /spread !mul1r; apply: le_trans.
by rewrite ler_addr nsq_ge0.
Qed.
Lemma rational_together q (z z' : 'cV[F]_q) :
  nsq (act (@rational_gain F) 1 z - act (@rational_gain F) 1 z') <= 1 * 1 * nsq (z - z').
Proof. by have := lipschitz_from_stretch z z' o1 (rational_lift o1); rewrite mulr1. Qed.
Definition apart_here := constants_apart (l := reader F) ltr01 ltr01 ltr01 ltr01 rational_together rational_apart
  (let: conj W _ := reader_constants in W) (let: conj _ p := reader_constants in p).

(* E4. *)
Definition algebraic_net : net F 3 2 := Hidden ag 0 (Layer (const_mx 1) 0 0 : layer F 4 3)
  (Hidden ag 0 (Layer (const_mx 1) 0 0 : layer F 2 4) (Output (Layer (const_mx 1) (const_mx 2%:R) 0))).
Lemma algebraic_net_free : bias_free algebraic_net. Proof. by []. Qed.
Lemma algebraic_net_all : all_algebraic algebraic_net. Proof. by []. Qed.
Definition network_collapse_here := algebraic_network_collapse (const_mx 1) algebraic_net_free algebraic_net_all.
Definition algebraic_collapse_here :=
  algebraic_collapse (const_mx 1) algebraic_net_free (let: conj A _ := all_algebraic_spec algebraic_net_all in A).
Definition sqrt_collapse_here := algebraic_collapse_sqrt (const_mx 1) algebraic_net_free
  (let: conj A _ := all_algebraic_spec algebraic_net_all in A) (let: conj _ P := all_algebraic_spec algebraic_net_all in P).

(* B9: M = BᵀB of a B of rank one, and a network whose first weight has rank one. *)
Definition rank_here := rank_by_length (M := (const_mx 1 : 'M[F]_3)) (const_mx 2%:R) 7%:R 5%:R (trmx_const 3 3 (1 : F)).
Lemma solved : (const_mx 1 : 'M[F]_(2, 3))^T *m (const_mx 1 *m (const_mx 2%:R : 'cV_3))
  = (const_mx 1)^T *m (const_mx 1 : 'M[F]_(2, 3)) *m const_mx 2%:R.
Proof. by rewrite !mulmxA. Qed.
Definition length_here := length_below_largest 5%:R solved.

(* The networks that differ in o alone: for 1/(1+r) the function determines o, and so the invariants. *)
Definition of_length (o : F) : net F 3 2 := Hidden (@rational_gain F) o (even_layer F 2 3) (Output (even_layer F 2 2)).
Definition lengths_only (N : net F 3 2) := exists2 o, 0 <= o & N = of_length o.
Lemma length_determined : forall N, lengths_only N -> output N =1 output (of_length 1) ->
  invariants N = invariants (of_length 1).
Proof.
move=> N [o o0 ->] /(_ 0) E; suff -> : o = 1 by [].
move: E => /(congr1 (fun v => v - const_mx 2%:R)); rewrite !(one_hidden_layer _ _ _ (even_layer F 2 2)) !mulmx0 !add0r.
set z := preact _ _ _; set v := _ + _ => /matrixP/(_ 0 0); rewrite !mxE => /mulIf E.
have : rational_gain (nsq z + o) = rational_gain (nsq z + 1).
  apply: E; rewrite !big_ord_recl big_ord0 !mxE addr0 !mul1r -!natrD; by rewrite pnatr_eq0.
by move/invr_inj/addrI/addrI.
Qed.
Definition narrower_here := no_narrower_network length_determined (ex_intro2 _ _ 1 o1 erefl) (frefl _).

(* The invariants of a network, their largest lengths, and the chain of a network of other widths. *)
Definition three_wide : net F 3 2 := Hidden ag 1 (even_layer F 4 3) (Output (even_layer F 2 4)).
Lemma least_wide : exists N' : net F 3 2, largest_lengths (invariants three_wide) (lengths N')
  /\ grams (chain N') = invariants three_wide.
Proof. by have [N' [_ E _ _ H]] := least_widths_attained three_wide; exists N'. Qed.
Lemma lengths_below_here : exists s, all2 <=%R (lengths three_wide) s.
Proof. by have [N' [H _]] := least_wide; exists (lengths N'); apply: lengths_at_most H. Qed.
Lemma any_factors_here : exists N' : net F 3 2, exists T, chain N' = T /\ grams T = invariants three_wide.
Proof. by have [N' [_ E]] := least_wide; have [N2 E2] := any_factors_make_a_network E; exists N2, (chain N'). Qed.

(* Eckart and Young, D10 and D11, of whatever matrix, its decomposition and a network of one last hidden neuron. *)
Lemma eckart_here (W : 'M[F]_(1 + 2, 4)) : exists U V S, decomposes W U V S.
Proof. exact: svd_exists. Qed.
Lemma far_here : exists U V S, \sum_(i < 3 | (1 <= i)%N) row_nsq S i <= frobenius ((const_mx 1 : 'M[F]_(1 + 2, 4)) - 0)
  /\ decomposes (const_mx 1 : 'M[F]_(1 + 2, 4)) U V S.
Proof.
have [U [V [S D]]] := eckart_here (const_mx 1); exists U, V, S; split=> //.
by apply: low_rank_is_far D _; rewrite mxrank0.
Qed.
(* Muon: the momentum 2 I, whose orthogonal factor is I. *)
Lemma twice_factor : msign (2%:R%:M : 'M[F]_(1 + 1)) 1%:M.
Proof.
exists 2%:R%:M; split; rewrite ?mul1mx ?trmx1 ?mul1mx //.
  split=> [|v]; first exact: tr_scalar_mx.
  by rewrite mul_scalar_mx dotZ mulr_ge0 ?ler0n // -/(nsq v) nsq_ge0.
by move=> v; rewrite mul_scalar_mx mul1mx => /eqP; rewrite scaler_eq0 pnatr_eq0 /= => /eqP.
Qed.
Lemma one_orthogonal : (1%:M : 'M[F]_(1 + 1))^T *m 1%:M = 1%:M. Proof. by rewrite trmx1 mul1mx. Qed.
Definition msign_here := msign_unique twice_factor twice_factor.
Definition msign_turns_here := msign_turns one_orthogonal one_orthogonal (mulmx1C one_orthogonal) twice_factor.
Definition msign_turned_here := msign_of_turned one_orthogonal one_orthogonal (mulmx1C one_orthogonal) twice_factor msign_turns_here.
(* One step of Muon from momenta whose weights are 2 I, without data: all of the step is the orthogonal factor I. *)
Definition ones : seq (factor4 F) := [:: Factor4 1 1 1 1; Factor4 1 1 1 1].
Definition zeros : seq (factor4 F) := [:: Factor4 0 0 0 0; Factor4 0 0 0 0].
Definition square_layer (A : 'M[F]_(1 + 1)) : layer F (1 + 1) (1 + 1) := Layer A (const_mx 3%:R) (const_mx 2%:R).
Definition square_params A : params F (1 + 1) (1 + 1) [:: (1 + 1)%N] := ((square_layer A, 2%:R), square_layer A).
Definition muon_rule := Rule ones zeros zeros ones ones zeros.
Lemma muon_once (t : params F (1 + 1) (1 + 1) [:: (1 + 1)%N]) : exists after : _ * _, muon_run id (fun=> 1) [::] id
  [:: ([::], muon_rule)] (t, square_params 2%:R%:M) after.
Proof.
eexists; eexists; last by [].
exists ((Layer 1%:M (nsq (const_mx 3%:R : 'cV[F]_(1 + 1)) *: const_mx 3%:R)
           (nsq (const_mx 2%:R : 'cV[F]_(1 + 1)) *: const_mx 2%:R), 2%:R * 2%:R * 2%:R),
        Layer 1%:M (nsq (const_mx 3%:R : 'cV[F]_(1 + 1)) *: const_mx 3%:R) (nsq (const_mx 2%:R : 'cV[F]_(1 + 1)) *: const_mx 2%:R)); last by [].
rewrite /= /muon_layer /= !scale1r !scale0r !addr0 mul1r !mul0r !addr0; have factor := twice_factor.
by split.
Qed.
Definition reversed : frames F [:: (1 + 1)%N] [:: (1 + 1)%N] := ((-1)%:M, tt).
Lemma reversed_rotates : rotations reversed.
Proof. by split; rewrite /= ?tr_scalar_mx -?scalar_mxM ?mulrNN ?mulr1. Qed.
Lemma muon_turned t : exists after : _ * _, muon_run id (fun=> 1) [::] id [:: ([::], muon_rule)]
  (compress 1%:M reversed t, compress 1%:M reversed (square_params 2%:R%:M)) after.
Proof. by have [[t' m'] H] := muon_once t; eexists; apply: muon_turns reversed_rotates H. Qed.

(* F8: a hidden layer of four neurons of which [W_l b_l ψ_l W_{l+1}ᵀ] is of rank 1. *)
Definition still_here := still_rotations (even_layer F 4 3) (const_mx 1 : 'M_(2, 4)).
Lemma root_positive x : 0 < inverse_gain (@algebraic_gain F) 1 (even_layer F 2 3) x.
Proof. by rewrite /inverse_gain invr_gt0; have [] := algebraic_gain_spec (addr_ge0 (nsq_ge0 (preact (even_layer F 2 3) 0 x)) o1). Qed.
Definition root_side_here := convex_side root_positive (algebraic_inverse_convex (even_layer F 2 3) o1) (equal_biases F).
Definition sample_bound_here := truncation_bound_on_sample (const_mx 2%:R) (fun _ : 'I_3 => 1) (fun=> const_mx 1)
  (reader_lipschitz (cuttable F)).
Lemma axes_here (B : 'M[F]_(1 + 2, 1)) (Z : 'M[F]_(1 + 2, 4)) : exists C : 'M[F]_(1 + 2, 1),
  frobenius (Z - C *m C^T *m Z) <= frobenius (Z - B *m B^T *m Z).
Proof.
have [U [V [S D]]] := eckart_here Z; have [C [_ E]] := principal_axes_drop D; exists C.
by rewrite E; apply: no_directions_drop_less D.
Qed.
Lemma fits_here (f : 'cV[F]_3 -> 'cV[F]_(1 + 2)) (x : 'I_4 -> 'cV[F]_3) : exists S : 'M[F]_(1 + 2, 4),
  \sum_(i < 3 | (2 <= i)%N) row_nsq S i
  <= frobenius (sample f x - sample (output (plug Nothing (Hidden ag 1 (even_layer F 1 3) (Output (even_layer F (1 + 2) 1))))) x).
Proof.
have [U [V [S D]]] := eckart_here (sample f x *m centring F 4); exists S; exact: (no_narrower_network_fits _ _ _ _ _ D).
Qed.
Definition left_exists_here := left_diagonalisation_exists (even_layer F 2 3) ag 1 (Output (even_layer F 3 2)).
Lemma ones_symmetric : (const_mx 1 : 'M[F]_3)^T = const_mx 1. Proof. exact: trmx_const. Qed.
Definition eigenvector_here := symmetric_eigenvector ones_symmetric.
Definition largest_here := largest_eigenvalue ones_symmetric.

Lemma act_commutes_real : commutes_with_rotations (@act F ag 1 3 : 'cV[F]_3 -> 'cV[F]_3).
Proof. by move=> P HP z; apply: equivariance. Qed.
Definition structure_here := isotropic_structure act_commutes_real.

(* D4, the layer that the cut one reads kept. *)
Definition cut_here := CutDrop (CutOutput (reader F)) (one_ge0 F) o1 (reader_lipschitz (cuttable F)) (@cuttable_norm F).
Definition kept_here := CutKeep (@rational_gain F) 1 (even_layer F (1 + 1) 3) cut_here.
Definition several_here := several_truncations kept_here.
Definition several_output_here := several_truncations_output kept_here.
End Real.

(* ---- Channels, growth, decay, singular values, sides ---- *)

Section More.
Notation g := (gain : Q -> Q).

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

(* F3: a neuron more in the hidden layer. *)
Definition wider := padding Q 1 [:: (1 + 1)%N].
Definition grown_gradient_here := gradient_of_grown id (fun=> 1) slopes two_inputs theta (padding_embeds Q 1 [:: (1 + 1)%N]).
Definition grown_training_here := training_grown id (fun=> 1) slopes [:: (two_inputs, fun=> halves); (two_inputs, fun=> halves)]
  theta theta [::] (padding_embeds Q 1 [:: (1 + 1)%N]).

(* F7, o = 1 trained as λ = 1, and as a number whose exponential is taken to be 1 + ℓ². *)
Lemma root_here : of_length_at (fun lambda : rat_numFieldType => lambda != 0) 0 (theta : params rat_numFieldType 3 2 [:: (1 + 1)%N]).
Proof. by []. Qed.
Definition charge_root_here := charge_trained_as_root two_inputs rational_charge root_here.
Definition one_and_square (l : rat_numFieldType) : rat_numFieldType := 1 + l * l.
Lemma logarithm_here : of_length_at (fun l => one_and_square l != 0) 0 (theta : params rat_numFieldType 3 2 [:: (1 + 1)%N]).
Proof. by []. Qed.
Definition charge_logarithm_here := charge_trained_as_logarithm two_inputs rational_charge logarithm_here.
Lemma directly_here : of_length_at (fun p : Q => (1 + p) * 1 = 1 + p) 0 theta. Proof. exact: mulr1. Qed.
Definition charge_however_here := charge_however_trained (len := id) (dlen := fun=> 1) two_inputs rational_charge directly_here.

(* F9. *)
Definition falling (t : nat) : 'M[Q]_(2, 3) := (2%:R^-1 ^+ t) *: const_mx 1.
Lemma falling_step t : falling t.+1 = falling t - 1 *: (0 + 2%:R^-1 *: falling t).
Proof.
rewrite add0r scale1r /falling scalerA -scalerBl exprS; congr (_ *: _).
apply/eqP; rewrite eq_sym subr_eq -mulrDl; have -> : 2%:R^-1 + 2%:R^-1 = 1 :> Q by apply/eqP; vm_compute.
by rewrite mul1r.
Qed.
Definition decay_here := direction_decays (G := fun=> 0) (u := const_mx 1) falling_step (fun=> mulmx0 _ _).
Lemma mode_root : 3%:R * 3%:R = 5%:R * 3%:R - 6%:R :> Q. Proof. by apply/eqP; vm_compute. Qed.
Lemma powers_recur t : 3%:R ^+ t.+2 = 5%:R * 3%:R ^+ t.+1 - 6%:R * 3%:R ^+ t :> Q.
Proof. by rewrite !exprS mulrA mode_root mulrBl mulrA. Qed.
Definition mode_here := recurrence_mode mode_root powers_recur (erefl : 3%:R ^+ 1 = 3%:R * 3%:R ^+ 0 :> Q).
Fixpoint heavy (t : nat) : Q * Q := if t is t'.+1 then
  let v := 2%:R * (heavy t').2 + 3%:R * (heavy t').1 in ((heavy t').1 - 5%:R * v, v) else (1, 1).
Definition heavy_here := heavy_ball_recurrence (s := fun t => (heavy t).1) (v := fun t => (heavy t).2) (fun=> erefl) (fun=> erefl).
Fixpoint ahead (t : nat) : Q * Q := if t is t'.+1 then
  let v := 2%:R * (ahead t').2 + 3%:R * (ahead t').1 in ((ahead t').1 - 5%:R * (3%:R * (ahead t').1 + 2%:R * v), v) else (1, 1).
Definition nesterov_here := nesterov_recurrence (s := fun t => (ahead t).1) (v := fun t => (ahead t).2) (fun=> erefl) (fun=> erefl).
Definition stays_here := stays_shrunk (s0 := 1 : rat_realFieldType) (theta := 4%:R^-1) (c := 2%:R^-1) (T := 2) (T' := 3)
  isT isT isT isT.

(* E7 for 1/(1 + r). *)
Lemma inverse_positive (F : realFieldType) (l : layer F 2 3) x : 0 < inverse_gain (fun r => (1 + r)^-1) 1 l x.
Proof. by rewrite /inverse_gain invrK ltr_spaddl ?ltr01 // addr_ge0 ?nsq_ge0 ?ler01. Qed.
Definition side_here (F : realFieldType) := convex_side (inverse_positive (even_layer F 2 3))
  (rational_inverse_convex 1 (even_layer F 2 3)) (equal_biases F).

(* B9: a reduced form of two rows. *)
Definition stairs : 'M[rat]_(2, 3) := \matrix_(i, j) if (i == j :> nat) then 1 else if (j == 2%N :> nat) then 5%:R else 0.
Lemma stairs_reduced : reduced stairs (widen_ord (leqnSn 2)).
Proof.
split=> [i j|i k|i j //]; rewrite mxE /=.
- by case: i j => -[|[|]] // ? -[] -[|[|]] // ?.
by case: i k => -[|[|]] // ? -[] -[|[|[|]]] // ?.
Qed.
Definition echelon_here := echelon_unique stairs_reduced stairs_reduced (esym (mul1mx _)) (esym (mul1mx _)).
End More.

Section Epsilon.
Definition conv4 m c (a : Z4) : conv Z4 m c 4 4 := Conv (fun _ : 'I_2 => const_mx a) (fun=> const_mx 3%:R) (const_mx 2%:R) (fun=> const_mx 1).
Definition conv_scaffold_here := conv_scaffold_first_order square 1 (l := conv4 2 3 1) (fun=> const_mx 1 : 'M_(1, 3)) (fun=> const_mx 1)
  (const_mx 1) (l' := conv4 2 2 1) (fun=> const_mx 3%:R) (const_mx 1) (const_mx 1) eps2.
Definition conv_saddle_here := conv_scaffold_saddle square 1 (l := conv4 2 3 1) (fun=> const_mx 1 : 'M_(1, 3)) (fun=> const_mx 1)
  (const_mx 1) (COutput (conv4 2 2 1)) (fun p _ => const_mx 3%:R : 'M_(p, 1)) eps2.
End Epsilon.

(* D9 and F4 of the matrix diag(2, 1), which is its own decomposition. *)
Section TwoValues.
Variable F : rcfType.
Definition two_one : 'M[F]_(1 + 1) := block_mx 2%:R%:M 0 0 1%:M.
Lemma two_one_decomposes : decomposes two_one 1%:M 1%:M two_one.
Proof.
have D : diagonal two_one.
  move=> i j; case: (split_ordP i) => a ->; case: (split_ordP j) => b ->; rewrite ?ord1 ?block_mxEur ?block_mxEdl ?mxE //=;
  by rewrite ?eqxx.
split; rewrite ?trmx1 ?mulmx1 ?mul1mx //.
- move=> i i' j j'; case: (split_ordP i) => a ->; case: (split_ordP i') => a' ->; case: (split_ordP j) => b ->;
  case: (split_ordP j') => b' -> //=; rewrite ?ord1 ?block_mxEul ?block_mxEdr ?mxE ?eqxx ?mulr1n //.
  by rewrite ler1n.
move=> i j; case: (split_ordP i) => a ->; case: (split_ordP j) => b ->;
  by rewrite ?block_mxEul ?block_mxEdr ?block_mxEur ?block_mxEdl ?ord1 !mxE ?eqxx ?mulr1n ?ler0n ?ler01.
Qed.
Lemma two_one_values : row_nsq two_one (lshift 1 0) = 2%:R * 2%:R /\ row_nsq two_one (rshift 1 0) = 1.
Proof.
split; rewrite /row_nsq /two_one tr_block_mx mulmx_block ?block_mxEul ?block_mxEdr !(mul0mx, mulmx0, trmx0, addr0, add0r);
  by rewrite tr_scalar_mx -scalar_mxM mxE eqxx mulr1n ?mulr1.
Qed.
Lemma two_one_gap (i j : 'I_1) : row_nsq two_one (rshift 1 j) < row_nsq two_one (lshift 1 i).
Proof. by rewrite !ord1; have [-> ->] := two_one_values; rewrite -natrM ltr1n. Qed.
Lemma two_one_cut : one_at_a_time two_one (1%:M *m usubmx (1%:M : 'M[F]_(1 + 1))^T).
Proof. apply: OneRemoved two_one_decomposes _; exact: NoneRemoved. Qed.
Definition conv_real k : conv F k 2 4 4 := Conv (fun _ : 'I_2 => const_mx 1) (fun=> const_mx 3%:R) (const_mx 2%:R) (fun=> const_mx 1).
Definition conv_left_here := conv_left_diagonalisation_exists (@algebraic_gain F) 1 (conv_real 2) (COutput (conv_real 3)).
Definition values_here := singular_values_unique two_one_decomposes two_one_decomposes.
Definition most_here := one_at_a_time_keeps_most two_one_cut.
Definition at_once_here := one_at_a_time_is_at_once two_one_cut two_one_decomposes two_one_gap.
Lemma unique_here : exists Q : 'M[F]_1, [/\ Q^T *m Q = 1%:M, Q *m Q^T = 1%:M
  & 1%:M *m usubmx (1%:M : 'M[F]_(1 + 1))^T = Q *m usubmx (1%:M : 'M[F]_(1 + 1))^T].
Proof.
have [HP _ most] := most_here; apply: keeping_most_is_unique two_one_decomposes two_one_gap HP _.
rewrite (most _ _ _ two_one_decomposes) big_split_ord /= [X in _ + X]big1 ?addr0 => [|i].
  by apply: eq_bigl => i; rewrite ltn_ord.
by rewrite ltnNge leq_addr.
Qed.
(* A layer of which [W ψ] is diag(2, 1): W the first column, ψ the second. *)
Definition two_one_layer : layer F (1 + 1) 1 := Layer (lsubmx two_one) (const_mx 3%:R) (rsubmx two_one).
Lemma two_one_same : same_function
  (kept (1%:M *m usubmx (1%:M : 'M[F]_(1 + 1))^T) (@algebraic_gain F) 1 two_one_layer (Output (even_layer F 2 (1 + 1))))
  (kept (usubmx (1%:M : 'M[F]_(1 + 1))^T) (@algebraic_gain F) 1 two_one_layer (Output (even_layer F 2 (1 + 1)))).
Proof.
apply: one_at_a_time_same_function two_one_gap; rewrite /= hsubmxK; first exact: two_one_cut.
exact: two_one_decomposes.
Qed.
Definition growing_here := growing_counts (q := 3) (ler01 : 0 <= 1 :> F) two_one_decomposes (decomposes_padded 3 two_one_decomposes).
Lemma one_small : (1 <= scaffold_count two_one 1)%N.
Proof. by apply/card_gt0P; exists (rshift 1 0); rewrite inE; have [_ ->] := two_one_values. Qed.
Definition cutting_here := cutting_counts two_one_decomposes (decomposes_first two_one_decomposes) one_small.
End TwoValues.
(* One operation off by 1/2 each way, the other exact. *)
Section Rounded.
Variable F : realFieldType.
Lemma half_off (k : nat) : `|2%:R^-1 : F| <= 2%:R^-1. Proof. by rewrite ger0_norm // invr_ge0 ler0n. Qed.
Definition products_here := products_rounding (fun k => k%:R) (fun=> 3%:R) 4 half_off half_off.
Definition squares_here := squared_norm_rounding (fun k => k%:R) 4 half_off half_off.
Definition attained_here := products_rounding_attained (ler01 : 0 <= 1 :> F).
End Rounded.
