(* A4 and D4's inequality, over any ordered field. Everything is squared, so that no root is needed. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From Isotropic Require Import scalars network primitive gauge growth removal collapse.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Lipschitz.
Variable F : realFieldType.
Add Ring F_ring : (ring_laws F).

Lemma nsqB n (u v : 'cV[F]_n) : nsq (u - v) = nsq u - (dot u v + dot u v) + nsq v.
Proof. by rewrite -scaleN1r nsqD nsqZ dotZ; scalar_ring F. Qed.

Lemma nsq_eq0 n (z : 'cV[F]_n) : nsq z = 0 -> z = 0.
Proof.
rewrite nsqE => /eqP; rewrite psumr_eq0 => [/allP z0|i _]; last by rewrite -expr2 sqr_ge0.
apply/matrixP => i j; rewrite ord1 mxE; have := z0 i (mem_index_enum _).
by rewrite mulf_eq0 orbb => /eqP.
Qed.

(* ‖h - h'‖² + w (γ - γ')²: how far apart z and z' still are behind the activation, for a layer that
   also has a ψ. *)
Definition spread (w : F) (g : F -> F) (o : F) n (z z' : 'cV[F]_n) : F :=
  nsq (act g o z - act g o z') + w * ((g (nsq z + o) - g (nsq z' + o)) ^+ 2).

Lemma spreadE w g o n (z z' : 'cV[F]_n) :
  let a := g (nsq z + o) in let a' := g (nsq z' + o) in
  spread w g o z z' = a * a * (nsq z + w) + a' * a' * (nsq z' + w)
                      - (a * a' * (dot z z' + w) + a * a' * (dot z z' + w)).
Proof.
move=> a a'; rewrite /spread /act -/a -/a' nsqB !nsqZ dotZ dotC dotZ (dotC z').
scalar_ring F.
Qed.

Lemma inversion (a a' r r' c w : F) : a * (r + w) = 1 -> a' * (r' + w) = 1 ->
  a * a * (r + w) + a' * a' * (r' + w) - (a * a' * (c + w) + a * a' * (c + w))
  = a * a' * (r - (c + c) + r').
Proof.
move=> E E'.
have -> : a * a * (r + w) = a * a' * (r' + w) by rewrite -!mulrA E E'.
have -> : a' * a' * (r' + w) = a * a' * (r + w) by rewrite (mulrC a) -!mulrA E E'.
scalar_ring F.
Qed.

Lemma normalisation (a a' r r' c w : F) : 0 < a -> 0 < a' ->
  a * a * (r + w) = 1 -> a' * a' * (r' + w) = 1 ->
  a * a * (r + w) + a' * a' * (r' + w) - (a * a' * (c + w) + a * a' * (c + w))
  <= a * a' * (r - (c + c) + r').
Proof.
move=> a0 a0' E E'; rewrite E E' -subr_ge0 -(pmulr_rge0 _ (mulr_gt0 a0 a0')).
have -> : a * a' * (a * a' * (r - (c + c) + r')
          - (1 + 1 - (a * a' * (c + w) + a * a' * (c + w))))
        = a' * a' * (a * a * (r + w)) + a * a * (a' * a' * (r' + w)) - (a * a' + a * a').
  by scalar_ring F.
rewrite E E' !mulr1; have := sqr_ge0 (a - a').
by congr (_ <= _); rewrite expr2; scalar_ring F.
Qed.

Lemma rational_gain_inverse (r : F) : 0 <= r -> rational_gain r * (1 + r) = 1.
Proof. by move=> r0; rewrite mulVf // lt0r_neq0 // ltr_paddr ?ltr01. Qed.

Lemma rational_gain_gt0 (r : F) : 0 <= r -> 0 < rational_gain r.
Proof. by move=> r0; rewrite invr_gt0 ltr_paddr ?ltr01. Qed.

Lemma rational_gain_falls (o r : F) : 0 <= o -> 0 <= r -> rational_gain (r + o) <= rational_gain o.
Proof.
move=> o0 r0; rewrite lef_pinv ?posrE ?ltr_paddr ?addr_ge0 ?ltr01 //.
by rewrite ler_add2l ler_addr.
Qed.

(* A4, rational gain γ = 1/(1+r): z ↦ (h, √(1+o) γ) inverts the lifted vector (z, √(1+o)), so that
   ‖h - h'‖² + (1+o)(γ - γ')² = γ γ' ‖z - z'‖², exactly. *)
Theorem rational_inversion o n (z z' : 'cV[F]_n) : 0 <= o ->
  let g := @rational_gain F in
  spread (1 + o) g o z z' = g (nsq z + o) * g (nsq z' + o) * nsq (z - z').
Proof.
move=> o0 g; rewrite spreadE nsqB; apply: inversion; rewrite addrCA;
  by apply: rational_gain_inverse; rewrite addr_ge0 ?nsq_ge0.
Qed.

(* A4, algebraic gain γ = 1/√(1+r), that is γ > 0 and γ² (1+r) = 1: normalising the lifted vector gives
   ‖h - h'‖² + (1+o)(γ - γ')² ≤ γ γ' ‖z - z'‖². *)
Theorem algebraic_normalisation g o n (z z' : 'cV[F]_n) : 0 <= o ->
  (forall r, 0 <= r -> 0 < g r /\ g r * g r * (1 + r) = 1) ->
  spread (1 + o) g o z z' <= g (nsq z + o) * g (nsq z' + o) * nsq (z - z').
Proof.
move=> o0 Hg; rewrite spreadE nsqB.
have [a0 E] := Hg _ (addr_ge0 (nsq_ge0 z) o0); have [a0' E'] := Hg _ (addr_ge0 (nsq_ge0 z') o0).
by apply: normalisation; rewrite // addrCA.
Qed.

(* A map z ↦ (h, √w γ) that stretches no distance by more than κ. *)
Definition stretches_at_most (kappa2 w : F) (g : F -> F) (o : F) :=
  forall n (z z' : 'cV[F]_n), spread w g o z z' <= kappa2 * nsq (z - z').

Lemma stretch_lighter kappa2 w w' g o : w' <= w ->
  stretches_at_most kappa2 w g o -> stretches_at_most kappa2 w' g o.
Proof.
move=> ww H n z z'; apply: le_trans (H n z z'); rewrite ler_add2l.
by apply: ler_wpmul2r => //; apply: sqr_ge0.
Qed.

(* A4, sharp: with 1/(1+r), f_o and even z ↦ (h, √(1+o) γ) are Lipschitz with constant g(o). *)
Theorem rational_stretch o : 0 <= o ->
  stretches_at_most (rational_gain o * rational_gain o) (1 + o) (@rational_gain F) o.
Proof.
move=> o0 n z z'; rewrite rational_inversion //; apply: ler_wpmul2r; first exact: nsq_ge0.
by apply: ler_pmul; rewrite ?rational_gain_falls ?nsq_ge0 // ltW // rational_gain_gt0 //
  addr_ge0 ?nsq_ge0.
Qed.

Corollary rational_lipschitz o n (z z' : 'cV[F]_n) : 0 <= o ->
  nsq (act (@rational_gain F) o z - act (@rational_gain F) o z')
  <= rational_gain o * rational_gain o * nsq (z - z').
Proof.
move=> o0; apply: le_trans (rational_stretch o0 z z'); rewrite /spread ler_addl.
by rewrite mulr_ge0 ?sqr_ge0 // addr_ge0 ?ler01.
Qed.

(* A4, sharp, for 1/√(1+r); that it falls is part of what is asked of it. *)
Theorem algebraic_stretch g o : 0 <= o ->
  (forall r, 0 <= r -> 0 < g r /\ g r * g r * (1 + r) = 1) ->
  (forall r, 0 <= r -> g (r + o) <= g o) ->
  stretches_at_most (g o * g o) (1 + o) g o.
Proof.
move=> o0 Hg falls n z z'; apply: le_trans (algebraic_normalisation z z' o0 Hg) _.
apply: ler_wpmul2r; first exact: nsq_ge0.
have pos u : 0 <= g (nsq u + o) by apply/ltW; case: (Hg _ (addr_ge0 (nsq_ge0 u) o0)).
by apply: ler_pmul; rewrite ?pos ?falls ?nsq_ge0.
Qed.

(* P = 1 for 1/(1+r): z ↦ (h, γ) stretches no distance, whatever o ≥ 0. *)
Corollary rational_lift o : 0 <= o -> stretches_at_most 1 1 (@rational_gain F) o.
Proof.
move=> o0 n z z'; have := @rational_stretch o o0; move/stretch_lighter => /(_ 1).
rewrite ler_addl => /(_ o0 n z z') /le_trans; apply; apply: ler_wpmul2r; first exact: nsq_ge0.
have le1 : rational_gain o <= 1.
  by rewrite -[leRHS]invr1 lef_pinv ?posrE ?ltr01 ?ltr_paddr ?ltr01 // ler_addl.
by rewrite -[leRHS]mulr1; apply: ler_pmul; rewrite // ltW // rational_gain_gt0.
Qed.

(* ---- D4 ---- *)

(* ‖[W_j, ψ_j/√w]‖² ≤ s², w = 1 for the plain [W_j ψ_j] *)
Definition norm_at_most (s2 w : F) m n (l : layer F m n) :=
  forall u s, nsq (weight l *m u + s *: psi l) <= s2 * (nsq u + w * s ^+ 2).

(* A Lipschitz constant (squared) of z_l ↦ y: Λ_l is the product of the layers' constants after l. *)
Inductive lipschitz_rest : forall n k, net F n k -> F -> Prop :=
| LipschitzOutput n k (l : layer F k n) : lipschitz_rest (Output l) 1
| LipschitzHidden n m k g o (l : layer F m n) (N : net F m k) kappa2 s2 w lambda2 :
    0 <= s2 -> 0 <= lambda2 -> stretches_at_most kappa2 w g o -> norm_at_most s2 w (first N) ->
    lipschitz_rest N lambda2 ->
    lipschitz_rest (Hidden g o l N) (lambda2 * (s2 * kappa2)).

Lemma preactB m n (l : layer F m n) s s' h h' :
  preact l s h - preact l s' h' = weight l *m (h - h') + (s - s') *: psi l.
Proof.
rewrite /preact mulmxBr scalerBl; move: (weight l *m h) (weight l *m h') => x y.
by apply/matrixP => i j; rewrite !mxE; scalar_ring F.
Qed.

Theorem rest_is_lipschitz n k (N : net F n k) lambda2 z z' : lipschitz_rest N lambda2 ->
  nsq (rest (N := N) z - rest z') <= lambda2 * nsq (z - z').
Proof.
move=> H; elim: H z z' => {n k N lambda2} /=
  [n k l|n m k g o l N kappa2 s2 w lambda2 s0 l0 stretch norm _ IH] z z'; first by rewrite mul1r.
rewrite !run_rest; apply: le_trans (IH _ _) _; rewrite -!mulrA ler_wpmul2l // preactB.
apply: le_trans (norm _ _) _; rewrite ler_wpmul2l //; exact: stretch.
Qed.

(* D4 and D10, pointwise: ‖y - y'‖² ≤ Λ_l² ‖δ‖², δ what the dropped pre-activations differ from β. *)
Theorem truncation_bound_pointwise q m n k (beta : 'cV[F]_q) g o (l : layer F (m + q) n)
    (N : net F (m + q) k) lambda2 gamma h :
  lipschitz_rest (Hidden g o l N) lambda2 ->
  nsq (run (Hidden g o l N) gamma h - run (truncated beta g o l N) gamma h)
  <= lambda2 * nsq (preact (dropped l) gamma h - beta).
Proof.
move=> lip; pose z := col_mx (preact (drop_rows l) gamma h) beta.
have -> : run (truncated beta g o l N) gamma h = rest (N := Hidden g o l N) z.
  pose cut := append_rows beta (drop_rows l).
  have dE : drop_rows cut = drop_rows l by rewrite /drop_rows /= !col_mxKu.
  have := @absorption F q m n k cut g o N; rewrite !col_mxKd dE => /(_ erefl erefl gamma h) ->.
  by rewrite run_rest /= preact_append_rows.
rewrite run_rest; apply: le_trans (rest_is_lipschitz _ _ lip) _.
by rewrite preact_split /z opp_col_mx add_col_mx subrr nsq_col nsq0 add0r.
Qed.

(* D4: with δ = D (h_{l-1}, γ_{l-1}), D the dropped rows of the rotated [W_l ψ_l] and ‖D‖ ≤ s_{p+1},
   ‖y - y'‖² ≤ Λ_l² s_{p+1}² (‖h_{l-1}‖² + γ_{l-1}²). *)
Theorem truncation_bound q m n k g o (l : layer F (m + q) n) (N : net F (m + q) k)
    lambda2 s2 gamma h :
  0 <= lambda2 -> lipschitz_rest (Hidden g o l N) lambda2 -> norm_at_most s2 1 (dropped l) ->
  nsq (run (Hidden g o l N) gamma h - run (truncated (dsubmx (bias l)) g o l N) gamma h)
  <= lambda2 * (s2 * (nsq h + gamma ^+ 2)).
Proof.
move=> l0 lip norm; apply: le_trans (truncation_bound_pointwise _ _ _ lip) _.
rewrite ler_wpmul2l //; have -> : preact (dropped l) gamma h - dsubmx (bias l)
          = weight (dropped l) *m h + gamma *: psi (dropped l).
  by rewrite /preact /= addrAC addrK.
by have := norm h gamma; rewrite mul1r.
Qed.

End Lipschitz.
