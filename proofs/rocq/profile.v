(* A4 from the radial profile: what a gain does on a line decides what f_o does in every dimension.

   The profile of a gain g is ρ ↦ g(ρ² + o) ρ, the length of f_o(z) as a function of ρ = ‖z‖. A layer that also has
   a ψ sees the curve ρ ↦ (g(ρ² + o) ρ, √w g(ρ² + o)); [stretches_at_most] of lipschitz.v says by how much
   z ↦ (h, √w γ) may stretch. Over real closed fields, where lengths have roots. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From Isotropic Require Import scalars network primitive gauge growth removal collapse lipschitz.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Profile.
Variable F : rcfType.
Add Ring F_ring : (ring_laws F).

(* ⟨u, v⟩ ≤ ‖u‖ ‖v‖ *)
Lemma cauchy_schwarz n (u v : 'cV[F]_n) : dot u v <= Num.sqrt (nsq u) * Num.sqrt (nsq v).
Proof.
set a := Num.sqrt (nsq u); set b := Num.sqrt (nsq v).
have a0 : 0 <= a := sqrtr_ge0 _; have b0 : 0 <= b := sqrtr_ge0 _.
have Ea : nsq u = a * a by rewrite -expr2 sqr_sqrtr // nsq_ge0.
have Eb : nsq v = b * b by rewrite -expr2 sqr_sqrtr // nsq_ge0.
have [z | ab0] := eqVneq (a * b) 0.
  have [u0 | v0] : nsq u = 0 \/ nsq v = 0.
  - by move/eqP: z; rewrite mulf_eq0 => /orP[]/eqP z; [left; rewrite Ea|right; rewrite Eb]; rewrite z mul0r.
  - by rewrite z (nsq_eq0 u0) /dot trmx0 mul0mx mxE.
  - by rewrite z (nsq_eq0 v0) /dot mulmx0 mxE.
have ab : 0 < a * b by rewrite lt_def ab0 mulr_ge0.
have := nsq_ge0 (b *: u - a *: v); rewrite nsqB !nsqZ dotZ dotC dotZ (dotC v) Ea Eb.
have -> : b * b * (a * a) - (a * (b * dot u v) + a * (b * dot u v)) + a * a * (b * b)
        = (a * b) * (2%:R * (a * b - dot u v)) by rewrite mulr_natl; scalar_ring F.
by rewrite pmulr_rge0 // pmulr_rge0 ?ltr0n // subr_ge0.
Qed.

(* A4 for any gain: if |γ| ≤ K and the curve ρ ↦ (γ ρ, √w γ) stretches no distance by more than K, neither does
   z ↦ (h, √w γ), in any dimension: an angle between z and z' only helps. *)
Theorem stretch_from_profile (g : F -> F) (o K w : F) :
  (forall r, 0 <= r -> `|g (r + o)| <= K) ->
  (forall rho rho', 0 <= rho -> 0 <= rho' ->
     (g (rho * rho + o) * rho - g (rho' * rho' + o) * rho') ^+ 2
     + w * (g (rho * rho + o) - g (rho' * rho' + o)) ^+ 2 <= K * K * (rho - rho') ^+ 2) ->
  stretches_at_most (K * K) w g o.
Proof.
move=> bounded profile n z z'; rewrite /spread /act !nsqB !nsqZ dotZ dotC dotZ (dotC z').
set a := g (nsq z + o); set a' := g (nsq z' + o).
have Hcs := cauchy_schwarz z z'; move: (profile _ _ (sqrtr_ge0 (nsq z)) (sqrtr_ge0 (nsq z'))).
rewrite -!(expr2 (Num.sqrt _)) !sqr_sqrtr ?nsq_ge0 // -/a -/a'.
have := bounded _ (nsq_ge0 z); have := bounded _ (nsq_ge0 z'); rewrite -/a -/a' => Ba' Ba.
have K0 : 0 <= K := le_trans (normr_ge0 a) Ba.
have Haa : 0 <= K * K - a * a'.
  by rewrite subr_ge0 (le_trans (ler_norm _)) // normrM ler_pmul.
have Ez := sqr_sqrtr (nsq_ge0 z); have Ez' := sqr_sqrtr (nsq_ge0 z').
set p := Num.sqrt (nsq z) in Hcs Ez *; set p' := Num.sqrt (nsq z') in Hcs Ez' *.
rewrite -Ez -Ez'; set c := dot z z' in Hcs * => radial.
rewrite -subr_ge0.
have -> : K * K * (p ^+ 2 - (c + c) + p' ^+ 2)
          - (a * a * p ^+ 2 - (a' * (a * c) + a' * (a * c)) + a' * a' * p' ^+ 2 + w * (a - a') ^+ 2)
        = (K * K * (p - p') ^+ 2 - ((a * p - a' * p') ^+ 2 + w * (a - a') ^+ 2))
          + ((K * K - a * a') * (p * p' - c) + (K * K - a * a') * (p * p' - c)).
  by rewrite !expr2; scalar_ring F.
by rewrite addr_ge0 ?subr_ge0 // addr_ge0 // mulr_ge0 // subr_ge0.
Qed.

(* What a bound on ‖(h, √w γ)‖ says of h alone. *)
Corollary lipschitz_from_stretch g o kappa2 w n (z z' : 'cV[F]_n) : 0 <= w ->
  stretches_at_most kappa2 w g o -> nsq (act g o z - act g o z') <= kappa2 * nsq (z - z').
Proof.
by move=> w0 /(_ n z z'); apply: le_trans; rewrite /spread ler_addl mulr_ge0 // sqr_ge0.
Qed.

(* f_o(z) is what f_0 keeps of the lifted vector (z, √o): whatever z ↦ (h, √w γ) stretches at o = 0 also bounds
   z ↦ (h, √(w+o) γ) at o. Hence Λ's form K ‖[W_{l+1} ψ_{l+1}/√o]‖ (w = 0). *)
Theorem lifted_stretch (g : F -> F) (kappa2 w o : F) : 0 <= o ->
  stretches_at_most kappa2 w g 0 -> stretches_at_most kappa2 (w + o) g o.
Proof.
move=> o0 plain n z z'; pose s : 'cV[F]_1 := (Num.sqrt o)%:M.
have ss : nsq s = o by rewrite nsq1 -expr2 sqr_sqrtr.
have := plain (n + 1)%N (col_mx z s) (col_mx z' s); rewrite /spread /act !addr0 !nsq_col ss.
rewrite !scale_col_mx !opp_col_mx !add_col_mx !nsq_col subrr nsq0 addr0 -scalerBl nsqZ ss.
have E (d a : F) : d + a * a * o + w * a ^+ 2 = d + (w + o) * a ^+ 2 by scalar_ring F.
by rewrite E.
Qed.

(* A gain that falls, with a profile at o = 0 that does not: the sharp constant of f_o is g(o), its value at z = 0.
   On the line r' ≤ r: γρ - γ'ρ' ≤ γ'(ρ - ρ') since γ ≤ γ'; and γρ ≥ γ'ρ' since ρ'/ρ ≤ √r'/√r. *)
Theorem falling_stretch (g : F -> F) (o : F) : 0 <= o ->
  (forall r s, 0 <= r -> r <= s -> 0 <= g s <= g r) ->
  (forall rho rho', 0 <= rho' -> rho' <= rho -> g (rho' * rho') * rho' <= g (rho * rho) * rho) ->
  stretches_at_most (g o * g o) 0 g o.
Proof.
move=> o0 falls rises.
have g0 r : 0 <= r -> 0 <= g r by move=> r0; have /andP[] := falls r r r0 (lexx _).
have below r : 0 <= r -> g (r + o) <= g o.
  by move=> r0; have /andP[] : 0 <= g (r + o) <= g o by apply: falls => //; rewrite ler_addr.
apply: stretch_from_profile => [r r0|]; first by rewrite ger0_norm ?g0 ?addr_ge0 // below.
have half rho rho' : 0 <= rho' -> rho' <= rho ->
    (g (rho * rho + o) * rho - g (rho' * rho' + o) * rho') ^+ 2 <= g o * g o * (rho - rho') ^+ 2.
  move=> p0' pp; have p0 : 0 <= rho := le_trans p0' pp.
  set r := rho * rho + o; set r' := rho' * rho' + o.
  have r0' : 0 <= r' by rewrite addr_ge0 // mulr_ge0.
  have rr : r' <= r by rewrite ler_add2r ler_pmul.
  have r0 : 0 <= r := le_trans r0' rr; have /andP[gr0 gr] := falls _ _ r0' rr.
  have up : g r * rho - g r' * rho' <= g o * (rho - rho').
    apply: (@le_trans _ _ (g r' * (rho - rho'))); first by rewrite mulrBr ler_add2r ler_wpmul2r.
    by rewrite ler_wpmul2r ?subr_ge0 // below ?mulr_ge0.
  have low : 0 <= g r * rho - g r' * rho'.
    rewrite subr_ge0; have [z|r'n] := eqVneq r' 0.
      have -> : rho' = 0.
        by apply/eqP; move/eqP: z; rewrite paddr_eq0 ?mulr_ge0 // mulf_eq0 orbb => /andP[].
      by rewrite mulr0 mulr_ge0.
    have s0' : 0 < Num.sqrt r' by rewrite sqrtr_gt0 lt_def r'n.
    have ss : Num.sqrt r' <= Num.sqrt r by rewrite ler_wsqrtr.
    have s0 : 0 < Num.sqrt r := lt_le_trans s0' ss.
    have := rises _ _ (ltW s0') ss; rewrite -!expr2 !sqr_sqrtr // => T.
    rewrite -(ler_pmul2r (mulr_gt0 s0' s0)).
    have -> : g r' * rho' * (Num.sqrt r' * Num.sqrt r) = (g r' * Num.sqrt r') * (rho' * Num.sqrt r) by scalar_ring F.
    have -> : g r * rho * (Num.sqrt r' * Num.sqrt r) = (g r * Num.sqrt r) * (rho * Num.sqrt r') by scalar_ring F.
    apply: ler_pmul => //; try by rewrite mulr_ge0 // ?g0 ?sqrtr_ge0.
    rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?mulr_ge0 ?sqrtr_ge0 //= !exprMn !sqr_sqrtr //.
    rewrite /r /r' !mulrDr -!expr2 (mulrC (rho' ^+ 2)) ler_add2l ler_wpmul2r //.
    by rewrite ler_expn2r ?nnegrE.
  by rewrite -(expr2 (g o)) -exprMn ler_expn2r ?nnegrE // ?mulr_ge0 ?g0 ?subr_ge0.
move=> rho rho' p0 p0'; rewrite mul0r addr0; case/orP: (le_total rho' rho) => pp; first exact: half.
by rewrite -(sqrrN (_ - _)) opprB -[X in _ <= _ * X]sqrrN opprB; apply: half.
Qed.

(* ---- Gains given by a profile σ on ρ ≥ 0: g(r) = σ(√r)/√r, g(0) = 1 ---- *)

Definition gain_of_profile (sigma : F -> F) (r : F) : F :=
  if r == 0 then 1 else sigma (Num.sqrt r) / Num.sqrt r.

(* What tanh and ln(1+ρ) have in common: 0 ≤ σ(ρ) ≤ ρ, σ rises and σ(ρ)/ρ falls. *)
Record rising_profile (sigma : F -> F) : Prop := RisingProfile {
  profile_ge0 : forall x, 0 <= x -> 0 <= sigma x;
  profile_le : forall x, 0 <= x -> sigma x <= x;
  profile_rises : forall a b, 0 <= b -> b <= a -> sigma b <= sigma a;
  profile_ratio_falls : forall a b, 0 <= b -> b <= a -> b * sigma a <= a * sigma b
}.

Section Rising.
Variable sigma : F -> F.
Hypothesis H : rising_profile sigma.

Lemma profile0 : sigma 0 = 0.
Proof. by apply/eqP; rewrite eq_le (profile_le H) // (profile_ge0 H). Qed.

Lemma gain_times_rho rho : 0 <= rho -> gain_of_profile sigma (rho * rho) * rho = sigma rho.
Proof.
rewrite /gain_of_profile -expr2 sqrtr_sqr sqrf_eq0 => r0; rewrite ger0_norm //.
by case: eqVneq => [->|n0]; [rewrite mulr0 profile0 | rewrite divfK].
Qed.

Lemma gain_of_profile_01 r : 0 <= r -> 0 <= gain_of_profile sigma r <= 1.
Proof.
rewrite /gain_of_profile => r0; case: eqVneq => [_|n0]; first by rewrite ler01 lexx.
have p : 0 < Num.sqrt r by rewrite sqrtr_gt0 lt_def n0.
by rewrite divr_ge0 ?(profile_ge0 H) ?(ltW p) //= ler_pdivr_mulr // mul1r (profile_le H) // ltW.
Qed.

Lemma gain_of_profile_falls r s : 0 <= r -> r <= s -> 0 <= gain_of_profile sigma s <= gain_of_profile sigma r.
Proof.
move=> r0 rs; have s0 := le_trans r0 rs.
have /andP[-> s1] /= := gain_of_profile_01 s0; rewrite {2}/gain_of_profile; case: eqVneq => [//|rn].
have p0 : 0 < Num.sqrt r by rewrite sqrtr_gt0 lt_def rn.
have pq : Num.sqrt r <= Num.sqrt s by rewrite ler_wsqrtr.
have q0 := lt_le_trans p0 pq.
rewrite /gain_of_profile; case: eqVneq => [z|sn]; first by move: q0; rewrite z sqrtr0 ltxx.
rewrite ler_pdivr_mulr // [leRHS]mulrAC ler_pdivl_mulr // [leLHS]mulrC [leRHS]mulrC.
exact: (profile_ratio_falls H (ltW p0)).
Qed.

(* g > 0 on r ≥ 0 where σ > 0 on ρ > 0: what E2 asks. *)
Lemma gain_of_profile_gt0 r : (forall x, 0 < x -> 0 < sigma x) -> 0 <= r -> 0 < gain_of_profile sigma r.
Proof.
move=> pos r0; rewrite /gain_of_profile; case: eqVneq => [_|rn]; first exact: ltr01.
by have p : 0 < Num.sqrt r; [rewrite sqrtr_gt0 lt_def rn | rewrite divr_gt0 // pos].
Qed.

(* A4, sharp: f_o is Lipschitz with the constant g(o) = σ(√o)/√o. *)
Theorem rising_sharp (o : F) : 0 <= o ->
  stretches_at_most (gain_of_profile sigma o * gain_of_profile sigma o) 0 (gain_of_profile sigma) o.
Proof.
move=> o0; apply: falling_stretch => // [r s|rho rho' p0 pp]; first exact: gain_of_profile_falls.
by rewrite !gain_times_rho ?(profile_rises H) // (le_trans p0 pp).
Qed.

End Rising.

(* ‖z‖ *)
Definition norm n (z : 'cV[F]_n) : F := Num.sqrt (nsq z).

Lemma norm_triangle n (u v : 'cV[F]_n) : norm (u + v) <= norm u + norm v.
Proof.
have p0 : 0 <= norm u + norm v by rewrite addr_ge0 ?sqrtr_ge0.
rewrite -[leRHS]ger0_norm // -sqrtr_sqr ler_wsqrtr // nsqD sqrrD.
rewrite !sqr_sqrtr ?nsq_ge0 // ler_add2r ler_add2l mulr2n.
by apply: ler_add; apply: cauchy_schwarz.
Qed.

(* Λ's form K ‖W_{l+1}‖ + G ‖ψ_{l+1}‖: constants for h and for γ apart, and norms for W and for ψ apart, are a
   constant for the pair at the weight w = K ‖ψ‖ / (G ‖W‖) that makes them meet. *)
Theorem constants_apart m n (l : layer F m n) g o (K G a p : F) : 0 < K -> 0 < G -> 0 < a -> 0 < p ->
  (forall q (z z' : 'cV[F]_q), nsq (act g o z - act g o z') <= K * K * nsq (z - z')) ->
  (forall q (z z' : 'cV[F]_q), (g (nsq z + o) - g (nsq z' + o)) ^+ 2 <= G * G * nsq (z - z')) ->
  (forall u, nsq (weight l *m u) <= a * a * nsq u) -> nsq (psi l) <= p * p ->
  exists w kappa2 s2, [/\ stretches_at_most kappa2 w g o, norm_at_most s2 w l
    & s2 * kappa2 = (K * a + G * p) * (K * a + G * p)].
Proof.
move=> K0 G0 a0 p0 HK HG HW Hp; pose w := (K * p) / (G * a).
have w0 : 0 < w by rewrite divr_gt0 ?mulr_gt0.
have Ew : w * (G * a) = K * p by rewrite divfK // gt_eqF // mulr_gt0.
exists w, (K * K + w * (G * G)), (a * a + p * p / w); split.
- move=> q z z'; rewrite /spread mulrDl; apply: ler_add; first exact: HK.
  by rewrite -[w * _ * _]mulrA; apply: ler_wpmul2l; [exact: ltW | exact: HG].
- move=> u s; have := norm_triangle (weight l *m u) (s *: psi l).
  have bound : norm (weight l *m u) + norm (s *: psi l) <= a * norm u + p * `|s|.
    apply: ler_add; rewrite /norm.
      by rewrite -(ger0_norm (ltW a0)) -sqrtr_sqr -sqrtrM ?sqr_ge0 // ler_wsqrtr // expr2 HW.
    rewrite nsqZ -expr2 sqrtrM ?sqr_ge0 // sqrtr_sqr mulrC ler_wpmul2r //.
    by rewrite -(ger0_norm (ltW p0)) -[`|p|]sqrtr_sqr ler_wsqrtr // expr2.
  move=> /le_trans /(_ bound) le; have r0 : 0 <= norm (weight l *m u + s *: psi l) by rewrite sqrtr_ge0.
  rewrite -[leLHS]sqr_sqrtr ?nsq_ge0 // -/(norm _); apply: (@le_trans _ _ ((a * norm u + p * `|s|) ^+ 2)).
    by rewrite ler_expn2r ?nnegrE // (le_trans r0 le).
  rewrite -[nsq u]sqr_sqrtr ?nsq_ge0 // -/(norm u) -[s ^+ 2]real_normK ?num_real //.
  set x := norm u; set y := `|s|; rewrite -subr_ge0.
  have -> : (a * a + p * p / w) * (x ^+ 2 + w * y ^+ 2) - (a * x + p * y) ^+ 2 = (a * (w * y) - p * x) ^+ 2 / w.
    have wn : w != 0 by rewrite gt_eqF.
    have Eq : p * p / w * w = p * p by rewrite divfK.
    apply: (mulIf wn); rewrite [RHS]divfK //; move: (p * p / w) Eq => q Eq.
    transitivity ((a * a * w + q * w) * (x ^+ 2 + w * y ^+ 2) - (a * x + p * y) ^+ 2 * w); first by scalar_ring F.
    by rewrite Eq; scalar_ring F.
  by rewrite divr_ge0 ?sqr_ge0 ?(ltW w0).
have wn : w != 0 by rewrite gt_eqF.
have Eq : p * p / w * w = p * p by rewrite divfK.
apply: (mulIf wn); move: (p * p / w) Eq => q Eq.
transitivity ((a * a * w + q * w) * (K * K + w * (G * G))); first by scalar_ring F.
pose rest := a * a * w * (K * K) + p * p * (w * (G * G)).
transitivity (rest + w * (G * a) * (w * (G * a)) + K * p * (K * p)); first by rewrite Eq /rest; scalar_ring F.
transitivity (rest + w * (G * a) * (K * p) + K * p * (w * (G * a))); first by rewrite Ew.
by rewrite /rest; scalar_ring F.
Qed.

End Profile.
