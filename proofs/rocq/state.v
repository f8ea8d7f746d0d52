(* F3: the state of an optimiser when hidden layers grow. Growing by zero rows, biases, ψ entries and outgoing columns is
   θ ↦ (P_l W_l P_{l-1}ᵀ, P_l b_l, P_l ψ_l), P_l = [I; 0]; what follows holds for all P_l with orthonormal columns, so for
   growth in a rotated basis too (C4). Written with the transposed frames of [motion.v], which have P P ᵀ = I. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From Isotropic Require Import scalars network primitive gradient motion.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Section Growing.
Variable R : comRingType.
Add Ring R_ring : (ring_laws R).
Variables (len dlen : R -> R) (G : seq ((R -> R) * (R -> R))).

(* Frames P with P Pᵀ = I: [compress] then takes a network to a wider one. *)
Fixpoint embedding ws ws' : frames R ws ws' -> Prop :=
  match ws, ws' return frames R ws ws' -> Prop with
  | [::], [::] => fun _ => True
  | m :: s, m' :: s' => fun P => P.1 *m P.1^T = 1%:M /\ embedding P.2
  | [::], m' :: s' => fun P => match P with end
  | m :: s, [::] => fun P => match P with end
  end.

(* q neurons more in every hidden layer: P = [I 0]. *)
Fixpoint padding q ws : frames R ws [seq (m + q)%N | m <- ws] :=
  match ws return frames R ws [seq (m + q)%N | m <- ws] with
  | [::] => tt
  | m :: s => (row_mx 1%:M 0, padding q s)
  end.

Lemma padding_embeds q ws : embedding (padding q ws).
Proof. by elim: ws => //= m ws IH; split=> //; rewrite tr_row_mx mul_row_col trmx1 mulmx1 mul0mx addr0. Qed.

(* It is growth as C1 has it: zero rows, zero biases, zero ψ entries, zero outgoing columns. *)
Lemma padded_layer q q' m n (l : layer R m n) : seen (row_mx 1%:M 0 : 'M_(m, m + q)) (row_mx 1%:M 0 : 'M_(n, n + q')) l
  = append_columns 0 (append_rows 0 l).
Proof.
have E p (A : 'M[R]_(m, p)) : (row_mx 1%:M 0 : 'M_(m, m + q))^T *m A = col_mx A 0.
  by rewrite tr_row_mx trmx1 trmx0 mul_col_mx mul1mx mul0mx.
by rewrite /seen !E mul_mx_row mulmx1 mulmx0.
Qed.

Lemma back_embedded n n' k ws ws' G' slope (Q : 'M[R]_(n, n')) (P : frames R ws ws') (t : params R n k ws) gamma h :
  Q *m Q^T = 1%:M -> embedding P ->
  let b := back len dlen G' slope t gamma h in
  back len dlen G' slope (compress Q P t) gamma (Q^T *m h) = (compress Q P b.1, (Q^T *m b.2.1, b.2.2)).
Proof.
elim: ws n n' ws' G' Q P t gamma h => [|m ws IH] n n' [|m' ws'] G' Q P t gamma h HQ; try by case: P.
  move=> _ /=; rewrite /preact /= mulmxA -(mulmxA (weight t)) HQ mulmx1; set d := slope _.
  by rewrite !trmx_mul trmxK -!mulmxA.
case: P => P Ps [HP HPs]; move Ed : (preact t.1.1 gamma h) => z.
have En : nsq (P^T *m z) = nsq z by apply: nsq_isometry; rewrite trmxK.
move Eg : ((head (id, id) G').1 (nsq z + len t.1.2)) => gm.
case Er : (back len dlen (behead G') slope t.2 gm (gm *: z)) => [gb [a c]].
have Ec : back len dlen (behead G') slope (compress P Ps t.2) gm (gm *: (P^T *m z)) = (compress P Ps gb, (P^T *m a, c)).
  by rewrite scalemxAr IH // Er.
rewrite (back_hidden Ed Eg Er) (back_hidden (t := compress (ws := m :: ws) (ws' := m' :: ws') Q (P, Ps) t) (z := P^T *m z) (gm := gm) _ _ Ec); last first.
- by rewrite En.
- by rewrite preact_seen mulmxA HQ mul1mx Ed.
have dotP u v : dot (P^T *m u) (P^T *m v) = dot u v by rewrite dot_mul trmxK mulmxA HP mul1mx.
rewrite En dotP; move: ((head (id, id) G').2 _ * _) => s.
have -> : gm *: (P^T *m a) + (s + s) *: (P^T *m z) = P^T *m (gm *: a + (s + s) *: z).
  by rewrite mulmxDr -!scalemxAr.
move: (gm *: a + _) => dl; rewrite dotP; congr (_, _, _, (_, _)).
- by rewrite /seen /=; congr Layer; rewrite ?scalemxAr // trmx_mul trmxK -!mulmxA.
by rewrite !trmx_mul trmxK -!mulmxA (mulmxA P) HP mul1mx.
Qed.

(* F3, the gradient: that of the grown network is the grown gradient. What was added has gradient 0. *)
Theorem gradient_of_grown n k ws ws' (P : frames R ws ws') data (t : params R n k ws) : embedding P ->
  gradient len dlen G data (compress 1%:M P t) = compress 1%:M P (gradient len dlen G data t).
Proof.
move=> HP; elim: data => [|s data IH] /=; first by rewrite compress_zero.
rewrite compress_add -IH; congr (add_params _ _).
have := back_embedded G s.2 t 0 s.1 (_ : 1%:M *m 1%:M^T = 1%:M :> 'M[R]_n) HP; rewrite /= trmx1 mulmx1 mul1mx => /(_ erefl) ->.
by [].
Qed.

Lemma norms_embedded n n' k ws ws' (Q : 'M[R]_(n, n')) (P : frames R ws ws') (t : params R n k ws) :
  Q *m Q^T = 1%:M -> embedding P -> norms (compress Q P t) = norms t.
Proof.
elim: ws n n' ws' Q P t => [|m ws IH] n n' [|m' ws'] Q P t HQ /=; try by case: P.
  by move=> _; rewrite trmx_mul mxtrace_mulC mulmxA -(mulmxA _ Q) HQ mulmx1 mxtrace_mulC.
case: P => P Ps [/= H HPs]; rewrite IH //.
have HP : (P^T)^T *m P^T = 1%:M by rewrite trmxK.
rewrite !nsq_isometry //; congr (Factor4 _ _ _ _ :: _).
rewrite !trmx_mul trmxK mxtrace_mulC mulmxA -(mulmxA _ Q) HQ mulmx1.
by rewrite mxtrace_mulC -!mulmxA (mulmxA P) H mul1mx.
Qed.

(* F3: growing and then training is training and then growing, momenta grown along by zeros. All factors are functions of the
   squares of the gradients, a tensor each, never of its shape: SGD, heavy ball, Nesterov, decay, clipping, and Adam with a
   second moment a tensor that is divided by the size the tensor had at the start. *)
Theorem training_grown n k ws ws' (P : frames R ws ws')
    (steps : seq (inputs R n k * (seq (seq (factor4 R)) -> rule R))) (t m : params R n k ws) past : embedding P ->
  let after := foldl (@train_step R len dlen G n k ws) (t, m, past) steps in
  foldl (@train_step R len dlen G n k ws') (compress 1%:M P t, compress 1%:M P m, past) steps
  = (compress 1%:M P after.1.1, compress 1%:M P after.1.2, after.2).
Proof.
move=> HP after; rewrite /after {after}; elim: steps t m past => [|s steps IH] t m past //.
have E ws0 (u v : params R n k ws0) p : train_step len dlen G (u, v, p) s =
  ((advance (s.2 (norms (gradient len dlen G s.1 u) :: p)) u v (gradient len dlen G s.1 u)).1,
   (advance (s.2 (norms (gradient len dlen G s.1 u) :: p)) u v (gradient len dlen G s.1 u)).2,
   norms (gradient len dlen G s.1 u) :: p) by [].
rewrite -[LHS]/(foldl (@train_step R len dlen G n k ws') (train_step len dlen G (compress 1%:M P t, compress 1%:M P m, past) s) steps).
rewrite -[foldl _ (t, m, past) _]/(foldl (@train_step R len dlen G n k ws) (train_step len dlen G (t, m, past) s) steps) !E.
rewrite (gradient_of_grown _ _ HP) norms_embedded ?trmx1 ?mulmx1 //.
by rewrite compress_advance -IH.
Qed.

End Growing.
