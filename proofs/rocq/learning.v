(* F1: training commutes with the gauge. *)
From Coq Require List.
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From Isotropic Require Import scalars network primitive.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Section Learning.
Variable R : comRingType.

(* T tensors, each written as a vector of d_i entries. A hidden rotation acts on tensor i by an orthogonal
   matrix Q_i (R W_l and W_{l+1} Rᵀ are orthogonal maps of the entries of W_l and W_{l+1}; of what a layer
   does not share with the rotated one, Q_i = I). *)
Variables (T : nat) (d : 'I_T -> nat).
Definition tensors := forall i : 'I_T, 'cV[R]_(d i).
Variable Q : forall i : 'I_T, 'M[R]_(d i).
Hypothesis orthogonal : forall i, (Q i)^T *m Q i = 1%:M /\ Q i *m (Q i)^T = 1%:M.

(* θ' = R·θ *)
Definition turned (theta theta' : tensors) := forall i, theta' i = Q i *m theta i.

(* Σ_i ⟨u_i, v_i⟩ *)
Definition inner (u v : tensors) : R := \sum_i dot (u i) (v i).

(* F1, the gradient: the derivative of a loss that the gauge leaves as it is satisfies
   D(R·θ)(R·v) = D(θ)(v); hence its gradient turns with the parameters: ∇(R·θ) = R·∇(θ). *)
Theorem gradient_turns (D : tensors -> tensors -> R) (gradient : tensors -> tensors) :
  (forall theta v, D theta v = inner (gradient theta) v) ->
  (forall theta theta' v v', turned theta theta' -> turned v v' -> D theta' v' = D theta v) ->
  forall theta theta', turned theta theta' -> turned (gradient theta) (gradient theta').
Proof.
move=> HD invariant theta theta' Ht i; have [H1 H2] := orthogonal i.
suff E : (Q i)^T *m gradient theta' i = gradient theta i by rewrite -E mulmxA H2 mul1mx.
apply/matrixP => j z; rewrite ord1 {z}.
pose e : tensors := fun a => \col_b (if (a == i) && (b == j :> nat) then 1 else 0).
have pick (u : tensors) : inner u e = u i j 0.
  rewrite /inner (bigD1 i) //= big1 => [|a ai].
    rewrite addr0 /dot mxE (bigD1 j) //= big1 => [|b bj]; rewrite !mxE eqxx ?eqxx /=.
      by rewrite mulr1 addr0.
    by rewrite (negbTE (bj : b != j :> nat)) mulr0.
  by rewrite /dot mxE big1 // => b _; rewrite !mxE (negbTE ai) mulr0.
have := invariant theta theta' e (fun a => Q a *m e a) Ht (fun a => erefl).
rewrite !HD pick => <-; rewrite -(pick (fun a => (Q a)^T *m gradient theta' a)).
by apply: eq_bigr => a _; rewrite /dot trmx_mul trmxK mulmxA.
Qed.

(* One step, all coefficients free to change from step to step:
     g ← c(‖∇‖²) ∇ (clipping) + ω θ (weight decay),   m ← μ m + g,
     θ ← θ - η m,  or with Nesterov  θ ← θ - η (g + μ m). *)
Record schedule := Schedule {
  gradient : tensors -> tensors;
  clip : R -> R;
  decay : R;
  momentum : R;
  rate : R;
  nesterov : bool
}.

Definition pulled (s : schedule) (theta : tensors) : tensors :=
  let g := gradient s theta in fun i => clip s (inner g g) *: g i + decay s *: theta i.

Definition step (s : schedule) (state : tensors * tensors) : tensors * tensors :=
  let (theta, m) := state in
  let m' : tensors := fun i => momentum s *: m i + pulled s theta i in
  let update : tensors :=
    if nesterov s then fun i => pulled s theta i + momentum s *: m' i else m' in
  (fun i => theta i - rate s *: update i, m').

Definition train (schedules : seq schedule) state := foldl (fun st s => step s st) state schedules.

Definition turns (s : schedule) :=
  forall theta theta', turned theta theta' -> turned (gradient s theta) (gradient s theta').

Lemma inner_turned u v u' v' : turned u u' -> turned v v' -> inner u' v' = inner u v.
Proof.
move=> Hu Hv; apply: eq_bigr => i _; have [H1 _] := orthogonal i.
by rewrite /dot Hu Hv trmx_mul -mulmxA (mulmxA (Q i)^T) H1 mul1mx.
Qed.

Lemma pulled_turned s theta theta' : turns s -> turned theta theta' ->
  turned (pulled s theta) (pulled s theta').
Proof.
move=> Hs Ht i; have Hg := Hs _ _ Ht; rewrite /pulled (inner_turned Hg Hg) Hg Ht.
by rewrite mulmxDr !scalemxAr.
Qed.

Lemma step_turned s theta m theta' m' : turns s -> turned theta theta' -> turned m m' ->
  turned (step s (theta, m)).1 (step s (theta', m')).1 /\
  turned (step s (theta, m)).2 (step s (theta', m')).2.
Proof.
move=> Hs Ht Hm; have Hp := pulled_turned Hs Ht.
have Hm' : turned (step s (theta, m)).2 (step s (theta', m')).2.
  by move=> i; rewrite /= Hm Hp [RHS]mulmxDr scalemxAr.
split=> //= i; rewrite Ht mulmxBr -[Q i *m (_ *: _)]scalemxAr; congr (_ - _ *: _).
have := Hm' i; rewrite /=; case: (nesterov s) => // ->.
by rewrite Hp [RHS]mulmxDr -[Q i *m (momentum s *: _)]scalemxAr.
Qed.

(* F1: train(R·θ) = R·train(θ), for SGD with momentum (Nesterov's too), weight decay and global clipping,
   the momentum turned as its parameter is. *)
Theorem training_commutes_with_gauge (schedules : seq schedule) theta m theta' m' :
  (forall s, List.In s schedules -> turns s) ->
  turned theta theta' -> turned m m' ->
  turned (train schedules (theta, m)).1 (train schedules (theta', m')).1 /\
  turned (train schedules (theta, m)).2 (train schedules (theta', m')).2.
Proof.
elim: schedules theta m theta' m' => [|s ss IH] theta m theta' m' Hs Ht Hm //=.
have [H1 H2] := step_turned (Hs s (or_introl erefl)) Ht Hm.
by apply: IH => // s' Hs'; apply: Hs; right.
Qed.

(* F1: Adam with one second moment per tensor: θ_i ← θ_i - η f(v_i) m_i with v_i made of ‖g_i‖², whatever
   f. The scalar v_i does not turn at all. *)
Definition adam_step (f : R -> R) (b1 a1 b2 a2 eta : R) (g : tensors)
    (state : tensors * tensors * ('I_T -> R)) : tensors * tensors * ('I_T -> R) :=
  let: (theta, m, v) := state in
  let m' : tensors := fun i => b1 *: m i + a1 *: g i in
  let v' := fun i => b2 * v i + a2 * nsq (g i) in
  (fun i => theta i - (eta * f (v' i)) *: m' i, m', v').

Theorem adam_per_tensor_commutes f b1 a1 b2 a2 eta g g' theta m v theta' m' v' :
  turned g g' -> turned theta theta' -> turned m m' -> v =1 v' ->
  let s := adam_step f b1 a1 b2 a2 eta g (theta, m, v) in
  let s' := adam_step f b1 a1 b2 a2 eta g' (theta', m', v') in
  [/\ turned s.1.1 s'.1.1, turned s.1.2 s'.1.2 & s.2 =1 s'.2].
Proof.
move=> Hg Ht Hm Hv s s'.
have Ev : s.2 =1 s'.2.
  by move=> i; have [H1 _] := orthogonal i; rewrite /= Hg nsq_isometry // Hv.
have Em : turned s.1.2 s'.1.2 by move=> i; rewrite /= Hg Hm mulmxDr !scalemxAr.
split=> // i; have := Ev i; have := Em i; rewrite /= => -> <-.
by rewrite Ht mulmxBr scalemxAr.
Qed.

End Learning.
