(* A4 from the radial profile: what a gain does on a line decides what f_o does in every dimension.

   The profile of a gain g is ρ ↦ g(ρ² + o) ρ, the length of f_o(z) as a function of ρ = ‖z‖. A layer that also has
   a ψ sees the curve ρ ↦ (g(ρ² + o) ρ, √w g(ρ² + o)); [stretches_at_most] of lipschitz.v says by how much
   z ↦ (h, √w γ) may stretch. Over real closed fields, where lengths have roots. *)
From mathcomp Require Import all_ssreflect all_algebra.
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

End Profile.
