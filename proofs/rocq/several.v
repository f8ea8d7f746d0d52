(* D4 for several layers at once, every quantity taken from the original network:
     ‖y - y'‖ ≤ Σ_l Λ_l s_l ‖(h_{l-1}, γ_{l-1})‖   over the truncated layers l. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From Isotropic Require Import scalars network primitive gauge growth removal collapse lipschitz profile.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Several.
Variable F : rcfType.
Add Ring F_ring : (ring_laws F).

(* [cut N N' B]: N' is N with some layers truncated (their neurons rotated beforehand, B1), and [B γ h] is the sum of
   the Λ_l s_l ‖(h_{l-1}, γ_{l-1})‖ along the run of N from (γ, h). *)
Inductive cut : forall n k, net F n k -> net F n k -> (F -> 'cV[F]_n -> F) -> Prop :=
| CutOutput n k (l : layer F k n) : cut (Output l) (Output l) (fun _ _ => 0)
| CutKeep n m k g o (l : layer F m n) (N N' : net F m k) B : cut N N' B ->
    cut (Hidden g o l N) (Hidden g o l N')
        (fun gamma h => let z := preact l gamma h in B (g (nsq z + o)) (act g o z))
| CutDrop q n m k g o (l : layer F (m + q) n) (N N' : net F (m + q) k) B lambda2 s2 : cut N N' B ->
    0 <= lambda2 -> 0 <= s2 -> lipschitz_rest (Hidden g o l N) lambda2 -> norm_at_most s2 1 (dropped l) ->
    cut (Hidden g o l N) (truncated (dsubmx (bias l)) g o l N')
        (fun gamma h => Num.sqrt lambda2 * (Num.sqrt s2 * Num.sqrt (nsq h + gamma ^+ 2))
           + (let z := preact l gamma h in B (g (nsq z + o)) (act g o z))).

(* A truncated layer is the original one with its last pre-activations held at β. *)
Definition held q m (beta : 'cV[F]_q) (z : 'cV[F]_(m + q)) : 'cV[F]_(m + q) := col_mx (usubmx z) beta.

Lemma run_truncated q m n k (beta : 'cV[F]_q) g o (l : layer F (m + q) n) (N : net F (m + q) k) gamma h :
  run (truncated beta g o l N) gamma h = rest (N := Hidden g o l N) (held beta (preact l gamma h)).
Proof.
pose c := append_rows beta (drop_rows l).
have dE : drop_rows c = drop_rows l by rewrite /drop_rows /= !col_mxKu.
have := @absorption F q m n k c g o N; rewrite !col_mxKd dE => /(_ erefl erefl gamma h) ->.
by rewrite run_rest /= preact_append_rows preact_split /held col_mxKu.
Qed.

Lemma held_nonexpansive q m (beta : 'cV[F]_q) (z z' : 'cV[F]_(m + q)) :
  nsq (held beta z - held beta z') <= nsq (z - z').
Proof.
rewrite -[X in _ <= nsq (X - _)]vsubmxK -[X in _ <= nsq (_ - X)]vsubmxK /held.
by rewrite !opp_col_mx !add_col_mx !nsq_col subrr nsq0 addr0 ler_addl nsq_ge0.
Qed.

(* [lipschitz_rest] by recursion, so that it can be taken apart. *)
Fixpoint lipschitz_after n k (N : net F n k) : F -> Prop :=
  match N with
  | Output _ _ _ => fun lambda2 => lambda2 = 1
  | Hidden _ _ _ g o _ N' => fun lambda2 => exists kappa2 s2 w mu2,
      [/\ 0 <= s2, 0 <= mu2, stretches_at_most kappa2 w g o & norm_at_most s2 w (first N')]
      /\ (lipschitz_after N' mu2 /\ lambda2 = mu2 * (s2 * kappa2))
  end.

Lemma lipschitz_rest_after n k (N : net F n k) lambda2 : lipschitz_rest N lambda2 -> lipschitz_after N lambda2.
Proof.
by elim=> {n k N lambda2} //= n m k g o l N kappa2 s2 w mu2 s0 m0 St No _ IH; exists kappa2, s2, w, mu2.
Qed.

(* z_l ↦ y: a constant for the layers after l gives one for layer l too, also where those layers are N's cut ones. *)
Lemma rest_lipschitz_step n m k g o (l : layer F m n) (N N' : net F m k) lambda2 :
  lipschitz_after (Hidden g o l N) lambda2 ->
  (forall mu2, 0 <= mu2 -> lipschitz_after N mu2 -> forall s s' h h', nsq (run N' s h - run N' s' h')
     <= mu2 * nsq (preact (first N) s h - preact (first N) s' h')) ->
  forall z z', nsq (rest (N := Hidden g o l N') z - rest (N := Hidden g o l N') z') <= lambda2 * nsq (z - z').
Proof.
move=> [kappa2 [s2 [w [mu2 [[s0 m0 St No] [Hl ->]]]]]] IH z z' /=.
apply: le_trans (IH _ m0 Hl _ _ _ _) _; rewrite -!mulrA ler_wpmul2l // preactB.
apply: le_trans (No _ _) _; rewrite ler_wpmul2l //; exact: St.
Qed.

(* The cut network has the Lipschitz constants of the original one: holding entries brings no points apart. *)
Lemma cut_lipschitz n k (N N' : net F n k) B : cut N N' B -> forall lambda2, 0 <= lambda2 -> lipschitz_after N lambda2 ->
  forall s s' h h', nsq (run N' s h - run N' s' h')
    <= lambda2 * nsq (preact (first N) s h - preact (first N) s' h').
Proof.
elim=> {n k N N' B} [n k l|n m k g o l N N' B _ IH|q n m k g o l N N' B mu2 t2 _ IH _ _ _ _] lambda2 l0 Hl s s' h h'.
- by rewrite Hl mul1r.
- by rewrite !run_rest; apply: rest_lipschitz_step Hl IH _ _.
rewrite !run_truncated; apply: le_trans (rest_lipschitz_step Hl IH _ _) _.
by rewrite ler_wpmul2l // held_nonexpansive.
Qed.

(* D4, several layers at once. *)
Theorem several_truncations n k (N N' : net F n k) B : cut N N' B -> forall gamma h,
  norm (run N gamma h - run N' gamma h) <= B gamma h.
Proof.
elim=> {n k N N' B} [n k l|n m k g o l N N' B _ IH|q n m k g o l N N' B lambda2 s2 C IH l0 s0 Hl No] gamma h.
- by rewrite subrr /norm nsq0 sqrtr0.
- exact: IH.
set z := preact l gamma h.
have -> : run (Hidden g o l N) gamma h - run (truncated (dsubmx (bias l)) g o l N') gamma h
  = (run (Hidden g o l N') gamma h - run (truncated (dsubmx (bias l)) g o l N') gamma h)
    + (run (Hidden g o l N) gamma h - run (Hidden g o l N') gamma h).
  by rewrite [RHS]addrC addrA subrK.
apply: le_trans (norm_triangle _ _) _; apply: ler_add; last exact: IH.
rewrite -!sqrtrM // ler_wsqrtr // run_truncated run_rest -/z.
have step := rest_lipschitz_step (lipschitz_rest_after Hl) (fun mu2 m0 H => cut_lipschitz C m0 H).
apply: le_trans (step _ _) _; rewrite ler_wpmul2l // /held.
rewrite -{1}(vsubmxK z) opp_col_mx add_col_mx subrr nsq_col nsq0 add0r.
have -> : dsubmx z - dsubmx (bias l) = weight (dropped l) *m h + gamma *: psi (dropped l).
  by rewrite /z preact_split col_mxKd /preact /= addrAC addrK.
by have := No h gamma; rewrite mul1r.
Qed.

(* For the whole network: ‖x‖ alone counts where the first layer is truncated, since γ_0 = 0. *)
Corollary several_truncations_output n k (N N' : net F n k) B : cut N N' B -> forall x,
  norm (output N x - output N' x) <= B 0 x.
Proof. by move=> C x; apply: several_truncations. Qed.

End Several.
