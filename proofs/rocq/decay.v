(* F9: how long a direction takes to fall when no gradient acts along it. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From Isotropic Require Import scalars network.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Decay.
Variable R : comRingType.
Add Ring R_ring : (ring_laws R).

(* F9: W ← W - η_t (G + λ_t W) with u G = 0, sgd or decoupled decay: u W falls by 1 - η_t λ_t a step, under any schedule. *)
Theorem direction_decays m n (W G : nat -> 'M[R]_(m, n)) (u : 'rV[R]_m) (eta lambda : nat -> R) :
  (forall t, W t.+1 = W t - eta t *: (G t + lambda t *: W t)) -> (forall t, u *m G t = 0) ->
  forall t, u *m W t = (\prod_(i < t) (1 - eta i * lambda i)) *: (u *m W 0%N).
Proof.
move=> step none; elim=> [|t IH]; first by rewrite big_ord0 scale1r.
rewrite step mulmxBr -scalemxAr mulmxDr none add0r -scalemxAr IH big_ord_recr /= !scalerA -scalerBl.
by congr (_ *: _); scalar_ring R.
Qed.

(* F9, heavy ball with coupled decay, v ← μ v + λ s, s ← s - η v: s_{t+2} = (1 + μ - ηλ) s_{t+1} - μ s_t. *)
Theorem heavy_ball_recurrence (s v : nat -> R) eta lambda mu :
  (forall t, v t.+1 = mu * v t + lambda * s t) -> (forall t, s t.+1 = s t - eta * v t.+1) ->
  forall t, s t.+2 = (1 + mu - eta * lambda) * s t.+1 - mu * s t.
Proof.
move=> Ev Es t; have E : s t = s t.+1 + eta * v t.+1 by rewrite Es subrK.
by rewrite Es Ev E; scalar_ring R.
Qed.

(* F9, Nesterov, s ← s - η (λ s + μ v): s_{t+2} = (1 + μ)(1 - ηλ) s_{t+1} - μ (1 - ηλ) s_t. *)
Theorem nesterov_recurrence (s v : nat -> R) eta lambda mu :
  (forall t, v t.+1 = mu * v t + lambda * s t) -> (forall t, s t.+1 = s t - eta * (lambda * s t + mu * v t.+1)) ->
  forall t, s t.+2 = (1 + mu) * (1 - eta * lambda) * s t.+1 - mu * (1 - eta * lambda) * s t.
Proof.
move=> Ev Es t; have E : eta * (mu * v t.+1) = (1 - eta * lambda) * s t - s t.+1 by rewrite Es; scalar_ring R.
rewrite Es Ev.
have -> : s t.+1 - eta * (lambda * s t.+1 + mu * (mu * v t.+1 + lambda * s t.+1))
  = s t.+1 - eta * lambda * s t.+1 - mu * (eta * (mu * v t.+1)) - eta * mu * lambda * s t.+1 by scalar_ring R.
by rewrite E; scalar_ring R.
Qed.

(* A root ρ of ρ² = a ρ - b is a mode: what starts as ρ falls as ρ^t. *)
Theorem recurrence_mode (s : nat -> R) a b rho : rho * rho = a * rho - b ->
  (forall t, s t.+2 = a * s t.+1 - b * s t) -> s 1%N = rho * s 0%N -> forall t, s t = rho ^+ t * s 0%N.
Proof.
move=> root rec start t; suff [] : s t = rho ^+ t * s 0%N /\ s t.+1 = rho ^+ t.+1 * s 0%N by [].
elim: t => [|t [E0 E1]]; first by rewrite expr0 mul1r expr1 start.
split=> //; rewrite rec E0 E1 !exprS.
have -> : a * (rho * rho ^+ t * s 0%N) - b * (rho ^+ t * s 0%N) = (a * rho - b) * (rho ^+ t * s 0%N) by scalar_ring R.
by rewrite -root; scalar_ring R.
Qed.
End Decay.

Section Time.
Variable F : realFieldType.

(* F9, at a constant rate c = ηλ: once at most θ, always; and after T steps it is, if s_0 (1 - c)^T ≤ θ, not before. *)
Theorem stays_shrunk (s0 theta c : F) T T' : 0 <= s0 -> 0 <= c <= 1 -> (T <= T')%N ->
  s0 * (1 - c) ^+ T <= theta -> s0 * (1 - c) ^+ T' <= theta.
Proof.
move=> pos /andP[c0 c1] le; apply: le_trans; rewrite ler_wpmul2l //.
by rewrite ler_wiexpn2l // ?subr_ge0 // ler_subl_addr ler_addl.
Qed.
End Time.
