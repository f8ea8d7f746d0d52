(* E7 for tanh, from the six facts of tanh.v: ρ/T(ρ) rises and is convex.

   A function that has a line of support at every point is convex. At w > 0 that of ρ/T(ρ) has the slope
   m = 1/τ - w (1 - τ²)/τ², τ = T w. Multiplied by τ² T(y) ≥ 0, that the graph at y is not below the line is

     y τ² ≥ T(y) (y τ - w (1 - τ²) (y - w)),

   and the addition formula makes of the difference (1 - τ²)(w τ (d - t) + d t (w - τ)) for y = w + d, t = T d, over 1 + t τ; for
   w = y + e, with ε = T e and η = T y, (1 - τ²)(ε² y + ε η y - e w η (1 - ε²)) over (1 - ε τ)(1 + ε η). *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From mathcomp Require Import ring.
From Isotropic Require Import scalars network primitive collapse lipschitz profile tanh sides.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section TanhSide.
Variable F : rcfType.
Variable T : F -> F.
Hypothesis HT : like_tanh T.
Let ge0 := T_ge0 HT.
Let le_id := T_le HT.
Let le1 := T_le1 HT.
Let sub := T_sub HT.
Let slope := T_slope HT.
Let g := gain_of_profile T.

Lemma T_gt0 x : 0 < x -> 0 < T x.
Proof.
move=> x0; rewrite lt_neqAle ge0 ?ltW // andbT; apply/eqP => T0.
by have := slope (ltW x0); rewrite -T0 expr2 mul0r subr0 mulr1 leNgt x0.
Qed.

Lemma T_square x : 0 <= x -> 0 <= 1 - T x ^+ 2.
Proof. by move=> x0; rewrite subr_ge0 expr_le1 ?le1 ?ge0. Qed.

(* sinh x ≥ x *)
Lemma T_sinh x : 0 <= x -> x ^+ 2 * (1 - T x ^+ 2) <= T x ^+ 2.
Proof.
move=> x0; pose h := x / 2%:R; have h0 : 0 <= h by rewrite divr_ge0 // ler0n.
have E : x = h + h by rewrite /h -splitr.
have p0 := ge0 h0; have p1 := T_square h0; set p := T h in p0 p1.
have hx : h <= x by rewrite E ler_addl.
have D : T x * (1 + p ^+ 2) = p + p.
  have := sub h0 hx; rewrite {2}E addrK -/p => D.
  by transitivity ((T x - p) + p + T x * p * p); [ring | rewrite D; ring].
have q : 0 < 1 + p ^+ 2 by rewrite ltr_paddr ?ltr01 // sqr_ge0.
rewrite -(ler_pmul2r (mulr_gt0 q q)).
have -> : x ^+ 2 * (1 - T x ^+ 2) * ((1 + p ^+ 2) * (1 + p ^+ 2)) = (h * (1 - p ^+ 2) + h * (1 - p ^+ 2)) ^+ 2.
  transitivity (x ^+ 2 * ((1 + p ^+ 2) ^+ 2 - (T x * (1 + p ^+ 2)) ^+ 2)); [by ring | by rewrite D {1}E; ring].
have -> : T x ^+ 2 * ((1 + p ^+ 2) * (1 + p ^+ 2)) = (p + p) ^+ 2 by rewrite -D; ring.
have s := slope h0; rewrite -/p in s.
have m0 : 0 <= h * (1 - p ^+ 2) by rewrite mulr_ge0.
by apply: ler_expn2r; rewrite ?nnegrE; [exact: addr_ge0 | exact: addr_ge0 | exact: ler_add].
Qed.

(* The graph is above its lines of support. *)
Lemma support w y : 0 < w -> 0 <= y ->
  T y * (y * T w - w * (1 - T w ^+ 2) * (y - w)) <= y * T w ^+ 2.
Proof.
move=> wp y0; have w0 := ltW wp; have t0 := T_gt0 wp; have t2 := T_square w0.
set tau := T w in t0 t2 *; set eta := T y; have e0 : 0 <= eta := ge0 y0.
have wt : 0 <= w - tau by rewrite subr_ge0 le_id.
rewrite -subr_ge0; case/orP: (le_total w y) => wy.
  have d0 : 0 <= y - w by rewrite subr_ge0.
  have := sub w0 wy; rewrite -/tau -/eta; set t := T (y - w); set d := y - w in d0 t * => E.
  have tt : 0 <= t := ge0 d0; have dt : 0 <= d - t by rewrite subr_ge0 le_id.
  have Ey : y = w + d by rewrite /d addrC subrK.
  have Q : eta * (1 + t * tau) = tau + t.
    by transitivity ((eta - tau) + tau + eta * (t * tau)); [ring | rewrite E; ring].
  have p : 0 < 1 + t * tau by rewrite ltr_paddr ?ltr01 // mulr_ge0 // ltW.
  rewrite -(pmulr_lge0 _ p).
  have -> : (y * tau ^+ 2 - eta * (y * tau - w * (1 - tau ^+ 2) * d)) * (1 + t * tau)
    = (1 - tau ^+ 2) * (w * tau * (d - t) + d * t * (w - tau)).
    transitivity (y * tau ^+ 2 * (1 + t * tau) - eta * (1 + t * tau) * (y * tau - w * (1 - tau ^+ 2) * d)); first by ring.
    by rewrite Q Ey; ring.
  by rewrite mulr_ge0 // addr_ge0 // !mulr_ge0 // ltW.
have e1 : 0 <= w - y by rewrite subr_ge0.
have yw : y - w = - (w - y) by rewrite opprB.
have ew : w - y <= w by rewrite ler_subl_addr ler_addl.
have back : w - (w - y) = y by rewrite opprB addrC subrK.
have := sub y0 wy; have := sub e1 ew; rewrite back yw -/tau -/eta.
set e := w - y in e1 *; set eps := T e => E' E.
have p0 : 0 <= eps := ge0 e1; have p2 := T_square e1; rewrite -/eps in p2.
have Ew : w = e + y by rewrite /e subrK.
have [one|ne] := eqVneq tau 1.
  have -> : y * tau ^+ 2 - eta * (y * tau - w * (1 - tau ^+ 2) * - e) = (1 - eta) * y by rewrite one; ring.
  by rewrite mulr_ge0 // subr_ge0 le1.
have tau1 : tau < 1 by rewrite lt_def eq_sym ne /= le1.
have P : 0 < 1 - eps * tau.
  by rewrite subr_gt0; apply: le_lt_trans tau1; rewrite ler_pimull ?le1 // ltW.
have Q : eta * (1 - eps * tau) = tau - eps.
  by rewrite E'; ring.
have R : 0 < 1 + eps * eta by rewrite ltr_paddr ?ltr01 // mulr_ge0.
have S : tau * (1 + eps * eta) = eps + eta.
  by transitivity ((tau - eta) + eta + tau * (eps * eta)); [ring | rewrite E; ring].
rewrite -(pmulr_lge0 _ P) -(pmulr_lge0 _ R).
have -> : (y * tau ^+ 2 - eta * (y * tau - w * (1 - tau ^+ 2) * - e)) * (1 - eps * tau) * (1 + eps * eta)
  = (1 - tau ^+ 2) * (eps ^+ 2 * y + eps * eta * y - e * w * eta * (1 - eps ^+ 2)).
  transitivity ((y * tau ^+ 2 * (1 - eps * tau) - eta * (1 - eps * tau) * (y * tau - w * (1 - tau ^+ 2) * - e)) * (1 + eps * eta)).
    by ring.
  transitivity ((1 - tau ^+ 2) * (eps * w * (e * (1 + eps * eta) + tau * (1 + eps * eta)) - e * (tau * (1 + eps * eta)) * (eps + w))).
    by rewrite Q Ew; ring.
  by rewrite S Ew; ring.
rewrite mulr_ge0 //.
have -> : eps ^+ 2 * y + eps * eta * y - e * w * eta * (1 - eps ^+ 2)
  = (eps ^+ 2 * (y - eta) + eta * (eps ^+ 2 - e ^+ 2 * (1 - eps ^+ 2))) + eta * y * (eps - e * (1 - eps ^+ 2)).
  by rewrite Ew; ring.
by rewrite !addr_ge0 ?mulr_ge0 ?sqr_ge0 ?subr_ge0 ?le_id ?slope ?T_sinh.
Qed.

(* ρ/T(ρ), which is 1 at 0 *)
Let q (rho : F) := (g (rho * rho))^-1.

Lemma q_ratio rho : 0 < rho -> q rho = rho / T rho.
Proof.
move=> r0; have := gain_times_rho (tanh_rises HT) (ltW r0); rewrite -/g => E.
by rewrite /q -E invfM mulrCA divff ?mulr1 // gt_eqF.
Qed.

Lemma q_at0 : q 0 = 1.
Proof. by rewrite /q /g /gain_of_profile mul0r eqxx invr1. Qed.

Lemma gain_pos rho : 0 <= rho -> 0 < g (rho * rho).
Proof. by move=> r0; apply: gain_of_profile_gt0 (mulr_ge0 r0 r0); exact: T_gt0. Qed.

Lemma q_support w y : 0 < w -> 0 <= y ->
  q w + (1 / T w - w * (1 - T w ^+ 2) / T w ^+ 2) * (y - w) <= q y.
Proof.
move=> wp y0; have t0 := T_gt0 wp; have tn : T w != 0 by rewrite gt_eqF.
have t2 : 0 < T w ^+ 2 by rewrite exprn_gt0.
rewrite (q_ratio wp) -(ler_pmul2r t2).
have -> : (w / T w + (1 / T w - w * (1 - T w ^+ 2) / T w ^+ 2) * (y - w)) * T w ^+ 2
  = y * T w - w * (1 - T w ^+ 2) * (y - w) by field.
have [->|yn] := eqVneq y 0.
  have -> : 0 * T w - w * (1 - T w ^+ 2) * (0 - w) = w ^+ 2 * (1 - T w ^+ 2) by ring.
  by rewrite q_at0 mul1r T_sinh // ltW.
have yp : 0 < y by rewrite lt_def yn.
have yn0 : T y != 0 by rewrite gt_eqF // T_gt0.
rewrite (q_ratio yp) -(ler_pmul2l (T_gt0 yp)).
have -> : T y * (y / T y * T w ^+ 2) = y * T w ^+ 2 by field.
exact: support.
Qed.

(* E7's premise for tanh, 1/g(ρ²) convex and rising: then 1/γ is convex in x. *)
Theorem tanh_inverse_convex n m o (l : layer F m n) : 0 <= o -> convex_map (inverse_gain g o l).
Proof.
move=> o0; apply: profile_inverse_convex => // [rho rho' r0 rr|t s rho rho' t0 s0 Est r0 r0'].
  rewrite ler_pinv ?inE ?unitfE ?gain_pos ?gt_eqF ?(le_trans r0 rr) ?gain_pos ?(le_trans r0 rr) //.
  by case/andP: (gain_of_profile_falls (tanh_rises HT) (mulr_ge0 r0 r0) (ler_pmul r0 r0 rr rr)).
rewrite -/(q (t * rho + s * rho')) -/(q rho) -/(q rho'); set w := t * rho + s * rho'.
have w0 : 0 <= w by rewrite addr_ge0 ?mulr_ge0.
have [wz|wn] := eqVneq w 0.
  have up x : 0 <= x -> 1 <= q x.
    move=> x0; rewrite /q -invr1 ler_pinv ?inE ?unitfE ?gt_eqF ?gain_pos ?ltr01 ?oner_eq0 //.
    by case/andP: (gain_of_profile_01 (tanh_rises HT) (mulr_ge0 x0 x0)).
  by rewrite wz q_at0 -Est addrC ler_add // ler_pemulr // up.
have wp : 0 < w by rewrite lt_def wn.
set mu := 1 / T w - w * (1 - T w ^+ 2) / T w ^+ 2.
have := ler_add (ler_wpmul2l t0 (q_support wp r0)) (ler_wpmul2l s0 (q_support wp r0')).
rewrite -/mu; apply: le_trans; rewrite le_eqVlt; apply/orP; left; apply/eqP.
transitivity ((s + t) * q w + mu * (w - (s + t) * w)); first by rewrite Est !mul1r subrr mulr0 addr0.
by rewrite /w; ring.
Qed.

(* E7 for tanh. *)
Theorem tanh_convex_side n m k o (l : layer F m n) (l' : layer F k m) (i j : 'I_k) : 0 <= o -> bias l' j 0 <= bias l' i 0 ->
  convex_set (fun x => output (Hidden g o l (Output l')) x i 0 <= output (Hidden g o l (Output l')) x j 0).
Proof.
move=> o0; apply: convex_side (tanh_inverse_convex l o0) => x; rewrite invr_gt0.
by apply: gain_of_profile_gt0 => [y|]; [exact: T_gt0 | rewrite addr_ge0 ?nsq_ge0].
Qed.
End TanhSide.
