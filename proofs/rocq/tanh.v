(* A4 and D4's constants for tanh, from six elementary facts of a function T on x ≥ 0:

     0 ≤ T x,   T x ≤ x,   T x ≤ 1,   T a - T b = T(a - b) (1 - T a T b),
     T x / x falls,   x (1 - T(x)²) ≤ T x.

   They are premises of each theorem here, over any real closed field, and no axioms. ../rocq-reals proves them of the
   tanh of Coq's real numbers. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From mathcomp Require Import ring.
From Isotropic Require Import scalars network primitive gauge growth removal collapse lipschitz profile.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Tanh.
Variable F : rcfType.

(* What of tanh is used. *)
Record like_tanh (T : F -> F) : Prop := LikeTanh {
  T_ge0 : forall x, 0 <= x -> 0 <= T x;
  T_le : forall x, 0 <= x -> T x <= x;
  T_le1 : forall x, 0 <= x -> T x <= 1;
  T_sub : forall a b, 0 <= b -> b <= a -> T a - T b = T (a - b) * (1 - T a * T b);
  T_ratio_falls : forall a b, 0 <= b -> b <= a -> b * T a <= a * T b;
  T_slope : forall x, 0 <= x -> x * (1 - T x ^+ 2) <= T x
}.

Variable T : F -> F.
Hypothesis HT : like_tanh T.
Let ge0 := T_ge0 HT.
Let le_id := T_le HT.
Let le1 := T_le1 HT.
Let sub := T_sub HT.

Lemma T_rises a b : 0 <= b -> b <= a -> T b <= T a.
Proof.
move=> b0 ba; rewrite -subr_ge0 sub // mulr_ge0 ?ge0 ?subr_ge0 //.
by rewrite mulr_ile1 ?ge0 ?le1 // (le_trans b0 ba).
Qed.

Lemma tanh_rises : rising_profile T.
Proof. split=> //; [exact: T_rises | exact: T_ratio_falls HT]. Qed.

Let g := gain_of_profile T.

(* A4, sharp: the constant g(o) = T(√o)/√o. *)
Theorem tanh_sharp (o : F) : 0 <= o -> stretches_at_most (g o * g o) 0 g o.
Proof. by move=> o0; apply: rising_sharp tanh_rises _ o0. Qed.

(* The slope of a chord of T is at least 1 - (T a)². *)
Lemma chord a b : 0 <= b -> b <= a -> (a - b) * (1 - T a ^+ 2) <= T a - T b.
Proof.
move=> b0 ba; have a0 := le_trans b0 ba; have d0 : 0 <= a - b by rewrite subr_ge0.
set t := T (a - b); set q := T b.
have t0 : 0 <= t := ge0 d0; have q0 : 0 <= q := ge0 b0.
have t1 : 0 <= 1 - t ^+ 2 by rewrite subr_ge0 expr_le1 // le1.
have q1 : 0 <= 1 - q ^+ 2 by rewrite subr_ge0 expr_le1 // le1.
have E : T a * (1 + t * q) = q + t.
  have := sub b0 ba; rewrite -/t -/q => E.
  by transitivity ((T a - q) + q + T a * (t * q)); [ring | rewrite E; ring].
have p : 0 < 1 + t * q by rewrite ltr_paddr ?ltr01 // mulr_ge0.
rewrite (sub b0 ba) -/t -/q.
have f : 1 - T a ^+ 2 <= (1 - t ^+ 2) * (1 - T a * q).
  rewrite -(ler_pmul2r (mulr_gt0 p p)).
  have -> : (1 - T a ^+ 2) * ((1 + t * q) * (1 + t * q)) = (1 - t ^+ 2) * (1 - q ^+ 2).
    by transitivity ((1 + t * q) ^+ 2 - (T a * (1 + t * q)) ^+ 2); [ring | rewrite E; ring].
  have -> : (1 - t ^+ 2) * (1 - T a * q) * ((1 + t * q) * (1 + t * q))
          = (1 - t ^+ 2) * (1 - q ^+ 2) * (1 + t * q).
    transitivity ((1 - t ^+ 2) * (1 + t * q) * (1 + t * q - T a * (1 + t * q) * q)); [by ring | by rewrite E; ring].
  by rewrite ler_pemulr ?mulr_ge0 // ler_addl mulr_ge0.
apply: le_trans (ler_wpmul2l d0 f) _; rewrite mulrA ler_wpmul2r ?(T_slope HT) //.
by rewrite subr_ge0 mulr_ile1 ?ge0 ?le1.
Qed.

(* The curve ρ ↦ (T ρ, T ρ/ρ) stretches no distance. With u the slope of the chord of T and γ ≤ γ' the two gains,
   a (γ' - γ) = (a - b)(γ' - u), so it is enough that a² u² + (γ' - u)² ≤ a²; and 1 - u ≤ a². *)
Lemma tanh_curve a b : 0 <= b -> b <= a ->
  (T a - T b) ^+ 2 + (g (a * a) - g (b * b)) ^+ 2 <= (a - b) ^+ 2.
Proof.
move=> b0 ba; have a0 := le_trans b0 ba.
have [->|ne] := eqVneq a b; first by rewrite !subrr expr2 mulr0 addr0.
have d0 : 0 < a - b by rewrite subr_gt0 lt_def ne.
have ap : 0 < a by apply: le_lt_trans b0 _; rewrite -subr_gt0.
set ga := g (a * a); set gb := g (b * b).
have Ea : ga * a = T a := gain_times_rho tanh_rises a0; have Eb : gb * b = T b := gain_times_rho tanh_rises b0.
have /andP[gb0 gb1] : 0 <= gb <= 1 := gain_of_profile_01 tanh_rises (mulr_ge0 b0 b0).
have /andP[ga0 gab] : 0 <= ga <= gb by apply: (gain_of_profile_falls tanh_rises); rewrite ?mulr_ge0 // ler_pmul.
pose u := (T a - T b) / (a - b); have dn : a - b != 0 by rewrite gt_eqF.
have Eu : T a - T b = u * (a - b) by rewrite divfK.
have u0 : 0 <= u by rewrite divr_ge0 ?(ltW d0) // subr_ge0 T_rises.
have Eg : a * (gb - ga) = (a - b) * (gb - u).
  have -> : a * (gb - ga) = (a - b) * gb - (ga * a - gb * b) by ring.
  by rewrite Ea Eb Eu; ring.
have ug : 0 <= gb - u by rewrite -(pmulr_rge0 _ d0) -Eg mulr_ge0 // subr_ge0.
have u1 : 0 <= 1 - u by apply: le_trans ug _; rewrite ler_add2r.
have lowu : 1 - u <= a ^+ 2.
  have : 1 - T a ^+ 2 <= u by rewrite -(ler_pmul2l d0) [leRHS]mulrC -Eu chord.
  rewrite ler_subl_addr -ler_subl_addl => /le_trans; apply.
  by rewrite ler_expn2r ?nnegrE ?ge0 ?le_id.
rewrite -(ler_pmul2l (mulr_gt0 ap ap)) Eu.
have -> : a * a * ((u * (a - b)) ^+ 2 + (ga - gb) ^+ 2) = a * a * u ^+ 2 * (a - b) ^+ 2 + (a * (gb - ga)) ^+ 2.
  by ring.
rewrite Eg.
have -> : a * a * u ^+ 2 * (a - b) ^+ 2 + ((a - b) * (gb - u)) ^+ 2 = (a * a * u ^+ 2 + (gb - u) ^+ 2) * (a - b) ^+ 2.
  by ring.
apply: ler_wpmul2r; first exact: sqr_ge0.
have : (gb - u) ^+ 2 <= (1 - u) * (1 - u) by rewrite -expr2 ler_expn2r ?nnegrE // ler_add2r.
move=> /(ler_add (lexx (a * a * u ^+ 2))) /le_trans; apply; rewrite -subr_ge0.
have -> : a * a - (a * a * u ^+ 2 + (1 - u) * (1 - u)) = (1 - u) * ((a ^+ 2 - (1 - u)) + a ^+ 2 * u) by ring.
by rewrite mulr_ge0 // addr_ge0 ?subr_ge0 // mulr_ge0 ?sqr_ge0.
Qed.

(* D4's P = 1, and more: z ↦ (h, √(1+o) γ) stretches no distance. *)
Theorem tanh_lift (o : F) : 0 <= o -> stretches_at_most 1 (1 + o) g o.
Proof.
move=> o0; apply: lifted_stretch => //; rewrite -[X in stretches_at_most X]mulr1.
apply: stretch_from_profile => [r r0|rho rho' r0 r0'].
  by rewrite addr0; case/andP: (gain_of_profile_01 tanh_rises r0) => ? ?; rewrite ger0_norm.
rewrite !addr0 !(gain_times_rho tanh_rises) // !mul1r; case/orP: (le_total rho' rho) => pp; first exact: tanh_curve.
by rewrite -(sqrrN (T rho - _)) -(sqrrN (g _ - _)) -(sqrrN (rho - _)) !opprB; apply: tanh_curve.
Qed.

(* A4 with K = 1. *)
Corollary tanh_lipschitz (o : F) n (z z' : 'cV[F]_n) : 0 <= o ->
  nsq (act g o z - act g o z') <= nsq (z - z').
Proof.
move=> o0; have := lipschitz_from_stretch z z' _ (tanh_lift o0).
by rewrite mul1r; apply; rewrite addr_ge0 ?ler01.
Qed.

End Tanh.
