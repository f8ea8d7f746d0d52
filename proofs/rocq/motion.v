(* F: what training does with the weights of a network when hidden layers change basis. *)
From Coq Require List.
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From Isotropic Require Import scalars network primitive gradient.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Section Motion.
Variable R : comRingType.
Add Ring R_ring : (ring_laws R).
Variables (len dlen : R -> R) (G : seq ((R -> R) * (R -> R))).

(* A matrix P_l for each hidden layer, from m' to m neurons. *)
Fixpoint frames (ws ws' : seq nat) : Type :=
  match ws, ws' with
  | [::], [::] => unit
  | m :: s, m' :: s' => ('M[R]_(m, m') * frames s s')%type
  | _, _ => Empty_set
  end.

Definition seen m m' n n' (P : 'M[R]_(m, m')) (Q : 'M[R]_(n, n')) (l : layer R m n) : layer R m' n' :=
  Layer (P^T *m weight l *m Q) (P^T *m bias l) (P^T *m psi l).

(* (P_lᵀ W_l P_{l-1}, P_lᵀ b_l, P_lᵀ ψ_l, p_l), with P_0 = Q and P_L = I. *)
Fixpoint compress n n' k ws ws' (Q : 'M[R]_(n, n')) : frames ws ws' -> params R n k ws -> params R n' k ws' :=
  match ws, ws' return frames ws ws' -> params R n k ws -> params R n' k ws' with
  | [::], [::] => fun _ l => Layer (weight l *m Q) (bias l) (psi l)
  | m :: s, m' :: s' => fun P t => (seen P.1 Q t.1.1, t.1.2, compress P.1 P.2 t.2)
  | [::], m' :: s' => fun P => match P with end
  | m :: s, [::] => fun P => match P with end
  end.

(* The columns of P_l are orthonormal and span those of W_l P_{l-1}, b_l and ψ_l. *)
Fixpoint spanned n n' k ws ws' (Q : 'M[R]_(n, n')) : frames ws ws' -> params R n k ws -> Prop :=
  match ws, ws' return frames ws ws' -> params R n k ws -> Prop with
  | [::], [::] => fun _ _ => True
  | m :: s, m' :: s' => fun P t =>
      [/\ P.1 *m (P.1^T *m (weight t.1.1 *m Q)) = weight t.1.1 *m Q, P.1 *m (P.1^T *m bias t.1.1) = bias t.1.1,
          P.1 *m (P.1^T *m psi t.1.1) = psi t.1.1 & spanned P.1 P.2 t.2]
  | [::], m' :: s' => fun P => match P with end
  | m :: s, [::] => fun P => match P with end
  end.

Fixpoint orthonormal ws ws' : frames ws ws' -> Prop :=
  match ws, ws' return frames ws ws' -> Prop with
  | [::], [::] => fun _ => True
  | m :: s, m' :: s' => fun P => P.1^T *m P.1 = 1%:M /\ orthonormal P.2
  | [::], m' :: s' => fun P => match P with end
  | m :: s, [::] => fun P => match P with end
  end.

Lemma preact_seen m m' n n' (P : 'M[R]_(m, m')) (Q : 'M[R]_(n, n')) (l : layer R m n) gamma h :
  preact (seen P Q l) gamma h = P^T *m preact l gamma (Q *m h).
Proof. by rewrite /preact /= !mulmxDr -scalemxAr !mulmxA. Qed.

Lemma preact_spanned m m' n n' (P : 'M[R]_(m, m')) (Q : 'M[R]_(n, n')) (l : layer R m n) gamma h :
  P *m (P^T *m (weight l *m Q)) = weight l *m Q -> P *m (P^T *m bias l) = bias l -> P *m (P^T *m psi l) = psi l ->
  P *m (P^T *m preact l gamma (Q *m h)) = preact l gamma (Q *m h).
Proof.
move=> EW Eb Ep; rewrite /preact !mulmxDr -!scalemxAr Eb Ep; congr (_ + _ + _).
by rewrite (mulmxA (weight l)) (mulmxA P^T) (mulmxA P) EW.
Qed.

Lemma run_compress n n' k ws ws' G' (Q : 'M[R]_(n, n')) (P : frames ws ws') (t : params R n k ws) gamma h :
  orthonormal P -> spanned Q P t ->
  run (net_of len G' (compress Q P t)) gamma h = run (net_of len G' t) gamma (Q *m h).
Proof.
elim: ws n n' ws' G' Q P t gamma h => [|m ws IH] n n' [|m' ws'] G' Q P t gamma h /=; try by case: P.
  by rewrite /preact /= mulmxA.
case: P => P Ps [/= HP HPs] [EW Eb Ep Et].
rewrite preact_seen; set z := preact _ _ (Q *m h).
have Ez : P *m (P^T *m z) = z by apply: preact_spanned.
have En : nsq (P^T *m z) = nsq z by rewrite -[in RHS]Ez (nsq_isometry _ HP).
by rewrite En IH // -scalemxAr Ez.
Qed.

(* F5, F1, the gradient: that of the compressed network is the compressed gradient. *)
Lemma back_compress n n' k ws ws' G' slope (Q : 'M[R]_(n, n')) (P : frames ws ws') (t : params R n k ws) gamma h :
  Q^T *m Q = 1%:M -> orthonormal P -> spanned Q P t ->
  let b := back len dlen G' slope t gamma (Q *m h) in
  back len dlen G' slope (compress Q P t) gamma h = (compress Q P b.1, (Q^T *m b.2.1, b.2.2)).
Proof.
elim: ws n n' ws' G' Q P t gamma h => [|m ws IH] n n' [|m' ws'] G' Q P t gamma h HQ; try by case: P.
  move=> _ _ /=; rewrite /preact /= -mulmxA; set d := slope _.
  by rewrite !trmx_mul -!mulmxA HQ mulmx1.
case: P => P Ps [HP HPs] [EW Eb Ep Et]; move Ed : (preact t.1.1 gamma (Q *m h)) => z.
have Ez : P *m (P^T *m z) = z by rewrite -Ed; apply: preact_spanned.
have En : nsq (P^T *m z) = nsq z by rewrite -[in RHS]Ez (nsq_isometry _ HP).
move Eg : ((head (id, id) G').1 (nsq z + len t.1.2)) => gm.
have Eh : gm *: z = P *m (gm *: (P^T *m z)) by rewrite -scalemxAr Ez.
case Er : (back len dlen (behead G') slope t.2 gm (gm *: z)) => [gb [a c]].
have Ec : back len dlen (behead G') slope (compress P Ps t.2) gm (gm *: (P^T *m z)) = (compress P Ps gb, (P^T *m a, c)).
  by rewrite IH // -Eh Er.
rewrite (back_hidden Ed Eg Er) (back_hidden (t := compress (ws := m :: ws) (ws' := m' :: ws') Q (P, Ps) t) (z := P^T *m z) (gm := gm) _ _ Ec); last first.
- by rewrite En.
- by rewrite preact_seen Ed.
have Es : dot (P^T *m z) (P^T *m a) = dot z a by rewrite dot_mul trmxK Ez.
rewrite En Es; move: ((head (id, id) G').2 _ * _) => s.
have -> : gm *: (P^T *m a) + (s + s) *: (P^T *m z) = P^T *m (gm *: a + (s + s) *: z).
  by rewrite mulmxDr -!scalemxAr.
move: (gm *: a + _) => dl; congr (_, _, _, (_, _)).
- by rewrite /seen /=; congr Layer; rewrite ?scalemxAr // trmx_mul -!mulmxA HQ mulmx1.
- by have := congr1 trmx EW; rewrite !trmx_mul trmxK !mulmxA => ->.
by rewrite dot_mul trmxK Ep.
Qed.

(* ---- Linear in θ ---- *)

Lemma compress_add n n' k ws ws' (Q : 'M[R]_(n, n')) (P : frames ws ws') (t t' : params R n k ws) :
  compress Q P (add_params t t') = add_params (compress Q P t) (compress Q P t').
Proof.
elim: ws n n' ws' Q P t t' => [|m ws IH] n n' [|m' ws'] Q P t t' /=; try by case: P.
  by rewrite /layer_add /= mulmxDl.
by rewrite IH /layer_add /seen /= !mulmxDr mulmxDl.
Qed.

Lemma compress_scale n n' k ws ws' c (Q : 'M[R]_(n, n')) (P : frames ws ws') (t : params R n k ws) :
  compress Q P (scale_params c t) = scale_params c (compress Q P t).
Proof.
elim: ws n n' ws' c Q P t => [|m ws IH] n n' [|m' ws'] c Q P t /=; try by case: P.
  by rewrite /layer_scale /= -scalemxAl.
by rewrite IH /layer_scale /seen /= -!scalemxAr -scalemxAl.
Qed.

Lemma compress_zero n n' k ws ws' (Q : 'M[R]_(n, n')) (P : frames ws ws') :
  compress Q P (zero_params R n k ws) = zero_params R n' k ws'.
Proof.
elim: ws n n' ws' Q P => [|m ws IH] n n' [|m' ws'] Q P /=; try by case: P.
  by rewrite mul0mx.
by rewrite IH /seen /= !mulmx0 mul0mx.
Qed.

(* ---- The gradient over a set of inputs, each with the loss's gradient there ---- *)

Definition inputs n k := seq ('cV[R]_n * ('cV[R]_k -> 'cV[R]_k)).
Definition gradient n k ws (data : inputs n k) (t : params R n k ws) : params R n k ws :=
  foldr (fun s sum => add_params (back len dlen G s.2 t 0 s.1).1 sum) (zero_params R n k ws) data.

(* F5, F1: the gradient of the compressed network is the compressed gradient. With square P_l it is F1: the gradient turns
   as the weights do. *)
Theorem gradient_of_compressed n k ws ws' (P : frames ws ws') data (t : params R n k ws) :
  orthonormal P -> spanned 1%:M P t -> gradient data (compress 1%:M P t) = compress 1%:M P (gradient data t).
Proof.
move=> HP Ht; elim: data => [|s data IH] /=; first by rewrite compress_zero.
rewrite compress_add -IH; congr (add_params _ _).
have := back_compress G s.2 0 s.1 (_ : 1%:M^T *m 1%:M = 1%:M :> 'M[R]_n) HP Ht; rewrite /= trmx1 mulmx1 mul1mx => /(_ erefl) ->.
by [].
Qed.

(* ---- Training ---- *)

(* m ← a₁ m + a₂ g + a₃ θ and θ ← e₁ θ + e₂ m + e₃ g, a factor for each tensor: SGD, heavy ball, Nesterov, decay coupled
   or not, any rate per tensor. *)
Record rule := Rule { a1 : seq (factor4 R); a2 : seq (factor4 R); a3 : seq (factor4 R);
                      e1 : seq (factor4 R); e2 : seq (factor4 R); e3 : seq (factor4 R) }.

Definition advance n k ws (c : rule) (t m g : params R n k ws) : params R n k ws * params R n k ws :=
  let m' := add_params (scale_params (a1 c) m) (add_params (scale_params (a2 c) g) (scale_params (a3 c) t)) in
  (add_params (scale_params (e1 c) t) (add_params (scale_params (e2 c) m') (scale_params (e3 c) g)), m').

Lemma compress_advance n n' k ws ws' c (Q : 'M[R]_(n, n')) (P : frames ws ws') (t m g : params R n k ws) :
  advance c (compress Q P t) (compress Q P m) (compress Q P g)
  = (compress Q P (advance c t m g).1, compress Q P (advance c t m g).2).
Proof. by rewrite /advance !compress_add !compress_scale !compress_add !compress_scale. Qed.

(* The squares of each tensor. *)
Fixpoint norms n k ws : params R n k ws -> seq (factor4 R) :=
  match ws return params R n k ws -> seq (factor4 R) with
  | [::] => fun l => [:: Factor4 (\tr ((weight l)^T *m weight l)) (nsq (bias l)) (nsq (psi l)) 0]
  | m :: s => fun t => Factor4 (\tr ((weight t.1.1)^T *m weight t.1.1)) (nsq (bias t.1.1)) (nsq (psi t.1.1))
                               (t.1.2 * t.1.2) :: norms t.2
  end.

(* One step, all factors free functions of the squares of all gradients so far: clipping by the norm of the whole gradient,
   and Adam with a second moment a tensor, are of this kind. *)
Definition train_step n k ws (state : params R n k ws * params R n k ws * seq (seq (factor4 R)))
    (s : inputs n k * (seq (seq (factor4 R)) -> rule)) :=
  let: (t, m, past) := state in let g := gradient s.1 t in let past' := norms g :: past in
  let next := advance (s.2 past') t m g in (next.1, next.2, past').

(* Rotations of all hidden layers. *)
Fixpoint rotations ws : frames ws ws -> Prop :=
  match ws return frames ws ws -> Prop with
  | [::] => fun _ => True
  | m :: s => fun P => [/\ P.1^T *m P.1 = 1%:M, P.1 *m P.1^T = 1%:M & rotations P.2]
  end.

Lemma rotations_orthonormal ws (P : frames ws ws) : rotations P -> orthonormal P.
Proof. by elim: ws P => //= m ws IH [P Ps] [/= H _ HPs]; split=> //; apply: IH. Qed.

Lemma rotations_span n n' k ws (Q : 'M[R]_(n, n')) (P : frames ws ws) (t : params R n k ws) :
  rotations P -> spanned Q P t.
Proof.
elim: ws n n' Q P t => //= m ws IH n n' Q [P Ps] [[l p] t] [/= _ H HPs].
by split; rewrite ?mulmxA ?H ?mul1mx //; apply: IH.
Qed.

Lemma norms_rotated n n' k ws (Q : 'M[R]_(n, n')) (P : frames ws ws) (t : params R n k ws) :
  Q *m Q^T = 1%:M -> rotations P -> norms (compress Q P t) = norms t.
Proof.
elim: ws n n' Q P t => [|m ws IH] n n' Q P t HQ /=.
  by move=> _; rewrite trmx_mul mxtrace_mulC mulmxA -(mulmxA _ Q) HQ mulmx1 mxtrace_mulC.
case: P => P Ps [/= H H' HPs]; rewrite IH //.
have HP : (P^T)^T *m P^T = 1%:M by rewrite trmxK.
rewrite !nsq_isometry //; congr (Factor4 _ _ _ _ :: _).
rewrite !trmx_mul trmxK mxtrace_mulC mulmxA -(mulmxA _ Q) HQ mulmx1.
by rewrite mxtrace_mulC -!mulmxA (mulmxA P) H' mul1mx.
Qed.

(* F1, of the weights themselves: train(R·θ) = R·train(θ), momenta turned along. *)
Theorem training_turns n k ws (P : frames ws ws) (steps : seq (inputs n k * (seq (seq (factor4 R)) -> rule)))
    (t m : params R n k ws) past : rotations P ->
  let after := foldl (@train_step n k ws) (t, m, past) steps in
  foldl (@train_step n k ws) (compress 1%:M P t, compress 1%:M P m, past) steps
  = (compress 1%:M P after.1.1, compress 1%:M P after.1.2, after.2).
Proof.
move=> HP after; rewrite /after {after}; elim: steps t m past => [|s steps IH] t m past //.
have E u v p : train_step (u, v, p) s =
  ((advance (s.2 (norms (gradient s.1 u) :: p)) u v (gradient s.1 u)).1,
   (advance (s.2 (norms (gradient s.1 u) :: p)) u v (gradient s.1 u)).2, norms (gradient s.1 u) :: p) by [].
rewrite -[LHS]/(foldl (@train_step n k ws) (train_step (compress 1%:M P t, compress 1%:M P m, past) s) steps).
rewrite -[foldl _ (t, m, past) _]/(foldl (@train_step n k ws) (train_step (t, m, past) s) steps) !E.
have HO := rotations_orthonormal HP; have HS := rotations_span 1%:M t HP.
rewrite (gradient_of_compressed _ HO HS) (norms_rotated _ _ HP) ?trmx1 ?mulmx1 //.
by rewrite compress_advance -IH.
Qed.

(* ---- F5: descent on the compressed network ---- *)

(* (P_l P_lᵀ W_l, P_l P_lᵀ b_l, P_l P_lᵀ ψ_l, p_l) *)
Fixpoint project n k ws ws' : frames ws ws' -> params R n k ws -> params R n k ws :=
  match ws, ws' return frames ws ws' -> params R n k ws -> params R n k ws with
  | [::], [::] => fun _ l => l
  | m :: s, m' :: s' => fun P t =>
      (Layer (P.1 *m (P.1^T *m weight t.1.1)) (P.1 *m (P.1^T *m bias t.1.1)) (P.1 *m (P.1^T *m psi t.1.1)), t.1.2,
       project P.2 t.2)
  | [::], m' :: s' => fun P => match P with end
  | m :: s, [::] => fun P => match P with end
  end.

Lemma projected_spanned n n' k ws ws' (Q : 'M[R]_(n, n')) (P : frames ws ws') (t : params R n k ws) :
  orthonormal P -> spanned Q P (project P t).
Proof.
elim: ws n n' ws' Q P t => [|m ws IH] n n' [|m' ws'] Q P t /=; try by case: P.
case: P => P Ps [/= HP HPs]; split; last exact: IH.
- by rewrite !mulmxA -(mulmxA _ P^T P) HP mulmx1.
- by rewrite (mulmxA P^T P) HP mul1mx.
by rewrite (mulmxA P^T P) HP mul1mx.
Qed.

Lemma compress_projected n n' k ws ws' (Q : 'M[R]_(n, n')) (P : frames ws ws') (t : params R n k ws) :
  orthonormal P -> compress Q P (project P t) = compress Q P t.
Proof.
elim: ws n n' ws' Q P t => [|m ws IH] n n' [|m' ws'] Q P t /=; try by case: P.
by case: P => P Ps [/= HP HPs]; rewrite IH // /seen /= !(mulmxA P^T P) HP !mul1mx.
Qed.

Lemma spanned_add n n' k ws ws' (Q : 'M[R]_(n, n')) (P : frames ws ws') (t t' : params R n k ws) :
  spanned Q P t -> spanned Q P t' -> spanned Q P (add_params t t').
Proof.
elim: ws n n' ws' Q P t t' => [|m ws IH] n n' [|m' ws'] Q P t t' /=; try by case: P.
case=> EW Eb Ep Et [EW' Eb' Ep' Et']; split; last exact: IH.
- by rewrite mulmxDl !mulmxDr EW EW'.
- by rewrite !mulmxDr Eb Eb'.
by rewrite !mulmxDr Ep Ep'.
Qed.

Lemma spanned_scale n n' k ws ws' c (Q : 'M[R]_(n, n')) (P : frames ws ws') (t : params R n k ws) :
  spanned Q P t -> spanned Q P (scale_params c t).
Proof.
elim: ws n n' ws' c Q P t => [|m ws IH] n n' [|m' ws'] c Q P t /=; try by case: P.
case=> EW Eb Ep Et; split; last exact: IH.
- by rewrite -scalemxAl -!scalemxAr EW.
- by rewrite -!scalemxAr Eb.
by rewrite -!scalemxAr Ep.
Qed.

Definition plain_step n k ws (pull : params R n k ws -> params R n k ws) (state : params R n k ws * params R n k ws)
    (s : inputs n k * rule) := advance s.2 state.1 state.2 (pull (gradient s.1 state.1)).

(* F5: descent on (P_lᵀ W_l P_{l-1}, P_lᵀ b_l, P_lᵀ ψ_l, p_l) is descent on the whole network with the gradients multiplied by
   P_l P_lᵀ, momenta, Nesterov and decay included: at every step the one is the compression of the other. *)
Theorem compressed_descent n k ws ws' (P : frames ws ws') (steps : seq (inputs n k * rule)) (t m : params R n k ws) :
  orthonormal P -> spanned 1%:M P t -> spanned 1%:M P m ->
  let after := foldl (plain_step (project P)) (t, m) steps in
  foldl (@plain_step n k ws' id) (compress 1%:M P t, compress 1%:M P m) steps
  = (compress 1%:M P after.1, compress 1%:M P after.2).
Proof.
move=> HP Ht Hm after; rewrite /after {after}; elim: steps t m Ht Hm => [|s steps IH] t m Ht Hm //.
rewrite [LHS]/= [foldl _ (t, m) _]/=.
set g := project P (gradient s.1 t).
have Hg : spanned 1%:M P g by apply: projected_spanned.
have Hm' : spanned 1%:M P (advance s.2 t m g).2.
  by apply: spanned_add; [|apply: spanned_add]; apply: spanned_scale.
have Ht' : spanned 1%:M P (advance s.2 t m g).1.
  by apply: spanned_add; [|apply: spanned_add]; apply: spanned_scale.
have -> : plain_step (project P) (t, m) s = ((advance s.2 t m g).1, (advance s.2 t m g).2).
  by rewrite -surjective_pairing.
rewrite -IH //; congr foldl; rewrite /plain_step /= gradient_of_compressed //.
by rewrite -(compress_projected 1%:M (gradient s.1 t) HP) compress_advance.
Qed.

End Motion.
