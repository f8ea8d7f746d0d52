(* Instances of the theorems on training: derivatives, the gauge and steps, growth and steps, conserved quantities, decay.
   See instances.v. *)
From mathcomp Require Import all_ssreflect fingroup perm ssralg ssrnum zmodp matrix mxalgebra rat.
From Isotropic Require Import scalars network primitive gauge growth removal collapse ceiling learning gradient motion conserved
  muon state decay controls controls_gauge instances.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* ---- Rationals ---- *)

Section Rational.
Notation g := (gain : Q -> Q).

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
End Real.
