(* The gains of the catalogue that need no analysis, over real closed fields: A4, P = 1 and E4 for each.
   1/(1+r), which needs no root, is in lipschitz.v; tanh is in tanh.v. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From mathcomp Require Import ring.
From Isotropic Require Import scalars network primitive gauge growth removal collapse lipschitz profile.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Gains.
Variable F : rcfType.

(* ---- g(r) = 1/√(1+r) ---- *)

Definition algebraic_gain (r : F) : F := (Num.sqrt (1 + r))^-1.

Lemma algebraic_gain_spec r : 0 <= r ->
  0 < algebraic_gain r /\ algebraic_gain r * algebraic_gain r * (1 + r) = 1.
Proof.
move=> r0; have p0 : 0 < 1 + r by rewrite ltr_paddr ?ltr01.
rewrite /algebraic_gain invr_gt0 sqrtr_gt0; split=> //.
by rewrite -expr2 exprVn sqr_sqrtr ?ltW // mulVf // lt0r_neq0.
Qed.

Lemma algebraic_gain_falls o r : 0 <= o -> 0 <= r -> algebraic_gain (r + o) <= algebraic_gain o.
Proof.
move=> o0 r0; rewrite lef_pinv ?posrE ?sqrtr_gt0 ?ltr_paddr ?addr_ge0 ?ltr01 //.
by rewrite ler_wsqrtr // ler_add2l ler_addr.
Qed.

(* A4, sharp, with the weight 1 + o on γ. *)
Corollary algebraic_lipschitz o : 0 <= o ->
  stretches_at_most (algebraic_gain o * algebraic_gain o) (1 + o) algebraic_gain o.
Proof.
move=> o0; apply: algebraic_stretch => // r r0; first exact: algebraic_gain_spec.
exact: algebraic_gain_falls.
Qed.

(* P = 1: z ↦ (h, γ) stretches no distance. *)
Corollary algebraic_lift o : 0 <= o -> stretches_at_most 1 1 algebraic_gain o.
Proof.
move=> o0 n z z'; have := algebraic_lipschitz o0; move/stretch_lighter => /(_ 1).
rewrite ler_addl => /(_ o0 n z z') /le_trans; apply; apply: ler_wpmul2r; first exact: nsq_ge0.
have [g0 Eg] := algebraic_gain_spec o0.
by rewrite -[leRHS]Eg ler_pemulr ?mulr_ge0 ?(ltW g0) // ler_addl.
Qed.

(* Every hidden gain is 1/√(1+r) itself, and every o is 0. *)
Fixpoint all_algebraic n k (N : net F n k) : Prop :=
  match N with
  | Output _ _ _ => True
  | Hidden _ _ _ g o _ N' => [/\ g = algebraic_gain, o = 0 & all_algebraic N']
  end.

Lemma all_algebraic_spec n k (N : net F n k) : all_algebraic N -> algebraic N /\ positive_gains N.
Proof.
elim: N => //= n' m k' g o l N IH [-> -> /IH[HA HP]]; split; split=> //.
- by move=> z; have [] := algebraic_gain_spec (nsq_ge0 z).
by move=> r r0; have [] := algebraic_gain_spec r0.
Qed.

(* E4, of the gain and of no property of it: y = A x / √(1 + Σ_{l<L} ‖W_l ⋯ W_1 x‖²) + b_L. *)
Theorem algebraic_network_collapse n k (N : net F n k) x : bias_free N -> all_algebraic N ->
  output N x = (Num.sqrt (1 + partial_norms N x))^-1 *: (weights_product N *m x) + last_bias N.
Proof.
move=> EN /all_algebraic_spec[EA EP]; apply/eqP; rewrite -subr_eq; apply/eqP.
exact: algebraic_collapse_sqrt.
Qed.

(* ---- g(r) = (15+r)/(15+6r) ---- *)

Definition rational_tanh (r : F) : F := (15%:R + r) / (15%:R + 6%:R * r).

(* A4, sharp. The profile rises: its numerator at ρ > ρ' is (ρ - ρ') times a sum of squares and 1125/8. *)
Theorem rational_tanh_stretch (o : F) : 0 <= o ->
  stretches_at_most (rational_tanh o * rational_tanh o) 0 rational_tanh o.
Proof.
have d0 r : 0 <= r -> 0 < 15%:R + 6%:R * r :> F by move=> ?; rewrite ltr_paddr ?mulr_ge0 ?ler0n ?ltr0n.
move=> o0; apply: falling_stretch => // [r s r0 rs|p p' p0 pp]; rewrite /rational_tanh.
  have s0 := le_trans r0 rs; have n0 : 0 <= 15%:R + s := addr_ge0 (ler0n F 15) s0.
  rewrite (divr_ge0 n0 (ltW (d0 _ s0))) /= ler_pdivr_mulr ?d0 // mulrAC ler_pdivl_mulr ?d0 // -subr_ge0.
  have -> : (15%:R + r) * (15%:R + 6%:R * s) - (15%:R + s) * (15%:R + 6%:R * r) = 75%:R * (s - r) :> F.
    by ring.
  by rewrite mulr_ge0 ?ler0n ?subr_ge0.
have p0' := le_trans p0 pp; have q0 : 0 <= p * p' by rewrite mulr_ge0.
rewrite [leLHS]mulrAC [leRHS]mulrAC ler_pdivr_mulr ?d0 ?mulr_ge0 // [leRHS]mulrAC.
rewrite ler_pdivl_mulr ?d0 ?mulr_ge0 // -subr_ge0 -(pmulr_rge0 _ (ltr0n F 8 : 0 < 8%:R)).
have -> : 8%:R * ((15%:R + p * p) * p * (15%:R + 6%:R * (p' * p')) - (15%:R + p' * p') * p' * (15%:R + 6%:R * (p * p)))
  = (p - p') * (120%:R * (p - p') ^+ 2 + 3%:R * (4%:R * (p * p') - 15%:R) ^+ 2 + 1125%:R) :> F by ring.
have t0 n (x : F) : 0 <= n%:R * x ^+ 2 by rewrite mulr_ge0 ?ler0n ?sqr_ge0.
by apply: mulr_ge0; [rewrite subr_ge0 | apply: addr_ge0; [apply: addr_ge0|exact: ler0n]].
Qed.

(* ---- soft threshold, g(r) = max(0, 1 - t/√r) with t ≥ 0 ---- *)

Definition soft_threshold (t r : F) : F := Num.max 0 (1 - t / Num.sqrt r).

Lemma soft_threshold_profile t rho : 0 <= t -> 0 <= rho ->
  soft_threshold t (rho * rho) * rho = Num.max 0 (rho - t).
Proof.
move=> t0 r0; rewrite /soft_threshold -expr2 sqrtr_sqr ger0_norm // maxr_pmull // mul0r mulrBl mul1r.
have [->|n0] := eqVneq rho 0; last by rewrite divfK.
by rewrite mulr0 subr0 maxxx sub0r max_l // oppr_le0.
Qed.

(* ρ ↦ max(0, ρ - t) moves no two points further apart. *)
Lemma clip_contracts (a b : F) : (Num.max 0 a - Num.max 0 b) ^+ 2 <= (a - b) ^+ 2.
Proof.
wlog ab : a b / b <= a => [H|].
  case/orP: (le_total b a) => ?; first exact: H.
  by rewrite -(sqrrN (_ - _)) opprB -[leRHS]sqrrN opprB; apply: H.
have m0 : 0 <= Num.max 0 a - Num.max 0 b by rewrite subr_ge0 le_maxl le_maxr lexx /= le_maxr ab orbT.
have d0 : 0 <= a - b by rewrite subr_ge0.
rewrite ler_expn2r ?nnegrE // ler_subl_addr le_maxl; apply/andP; split.
  by rewrite addr_ge0 ?subr_ge0 // le_maxr lexx.
by rewrite -ler_subl_addl opprB addrC subrK le_maxr lexx orbT.
Qed.

(* A4: the constant 1 (reached, as g → 1), and with it z ↦ (h, √o γ). A gain that rises. *)
Theorem soft_threshold_stretch (t o : F) : 0 <= t -> 0 <= o -> stretches_at_most 1 o (soft_threshold t) o.
Proof.
move=> t0 o0; rewrite -[X in stretches_at_most _ X]add0r; apply: lifted_stretch => //.
rewrite -[X in stretches_at_most X]mulr1; apply: stretch_from_profile => [r r0|rho rho' r0 r0'].
  rewrite addr0 /soft_threshold ger0_norm ?le_maxr ?lexx // le_maxl ler01 ler_subl_addr ler_addl.
  by rewrite divr_ge0 // sqrtr_ge0.
rewrite mul0r !addr0 !soft_threshold_profile // !mul1r; apply: le_trans (clip_contracts _ _) _.
by rewrite opprB addrA addrNK.
Qed.

End Gains.
