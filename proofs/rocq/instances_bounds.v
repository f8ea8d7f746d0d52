(* Instances of the inequalities: Lipschitz constants, truncation, convex sides, rounding. See instances.v. *)
From mathcomp Require Import all_ssreflect fingroup perm ssralg ssrnum zmodp matrix mxalgebra rat.
From Isotropic Require Import scalars network primitive gauge growth removal collapse lipschitz profile gains several eckart sides
  rounding controls instances.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* ---- Rationals ---- *)

Section Rational.
Notation o1 := (ler01 : 0 <= 1 :> rat).

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

(* E7 for 1/(1 + r). *)
Lemma inverse_positive (F : realFieldType) (l : layer F 2 3) x : 0 < inverse_gain (fun r => (1 + r)^-1) 1 l x.
Proof. by rewrite /inverse_gain invrK ltr_spaddl ?ltr01 // addr_ge0 ?nsq_ge0 ?ler01. Qed.
Definition side_here (F : realFieldType) := convex_side (inverse_positive (even_layer F 2 3))
  (rational_inverse_convex 1 (even_layer F 2 3)) (equal_biases F).
End Rational.

(* ---- A real closed field ---- *)

Section Real.
Variable F : rcfType.
Notation ag := (@algebraic_gain F).
Notation o1 := (ler01 : 0 <= 1 :> F).

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

(* E7 for it: 1/g(ρ²) = 1 + ρ. *)
Lemma fraction_inverse (rho : F) : 0 <= rho -> (gain_of_profile fraction (rho * rho))^-1 = 1 + rho.
Proof.
move=> r0; rewrite /gain_of_profile -expr2 sqrtr_sqr sqrf_eq0 ger0_norm //; case: eqVneq => [->|n0].
  by rewrite invr1 addr0.
by rewrite /fraction mulrAC divff // mul1r invrK.
Qed.
Lemma fraction_inverse_rises (rho rho' : F) : 0 <= rho -> rho <= rho' ->
  (gain_of_profile fraction (rho * rho))^-1 <= (gain_of_profile fraction (rho' * rho'))^-1.
Proof. by move=> r0 rr; rewrite !fraction_inverse ?(le_trans r0 rr) // ler_add2l. Qed.
Lemma fraction_inverse_convex (t s rho rho' : F) : 0 <= t -> 0 <= s -> s + t = 1 -> 0 <= rho -> 0 <= rho' ->
  (gain_of_profile fraction ((t * rho + s * rho') * (t * rho + s * rho')))^-1
  <= t * (gain_of_profile fraction (rho * rho))^-1 + s * (gain_of_profile fraction (rho' * rho'))^-1.
Proof.
move=> t0 s0 Est r0 r0'; rewrite !fraction_inverse ?addr_ge0 ?mulr_ge0 // !mulrDr !mulr1 addrACA [t + s]addrC Est.
exact: lexx.
Qed.
Definition profile_side_here := profile_inverse_convex (even_layer F 2 3) o1 fraction_inverse_rises fraction_inverse_convex.

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

(* D4, the layer that the cut one reads kept. *)
Definition cut_here := CutDrop (CutOutput (reader F)) (one_ge0 F) o1 (reader_lipschitz (cuttable F)) (@cuttable_norm F).
Definition kept_here := CutKeep (@rational_gain F) 1 (even_layer F (1 + 1) 3) cut_here.
Definition several_here := several_truncations kept_here.
Definition several_output_here := several_truncations_output kept_here.
Definition sample_bound_here := truncation_bound_on_sample (const_mx 2%:R) (fun _ : 'I_3 => 1) (fun=> const_mx 1)
  (reader_lipschitz (cuttable F)).

(* E7 for 1/√(1 + r). *)
Lemma root_positive x : 0 < inverse_gain (@algebraic_gain F) 1 (even_layer F 2 3) x.
Proof. by rewrite /inverse_gain invr_gt0; have [] := algebraic_gain_spec (addr_ge0 (nsq_ge0 (preact (even_layer F 2 3) 0 x)) o1). Qed.
Definition root_side_here := convex_side root_positive (algebraic_inverse_convex (even_layer F 2 3) o1) (equal_biases F).
End Real.

(* One operation off by 1/2 each way, the other exact. *)
Section Rounded.
Variable F : realFieldType.
Lemma half_off (k : nat) : `|2%:R^-1 : F| <= 2%:R^-1. Proof. by rewrite ger0_norm // invr_ge0 ler0n. Qed.
Definition products_here := products_rounding (fun k => k%:R) (fun=> 3%:R) 4 half_off half_off.
Definition squares_here := squared_norm_rounding (fun k => k%:R) 4 half_off half_off.
Definition attained_here := products_rounding_attained (ler01 : 0 <= 1 :> F).
End Rounded.
