(* F1, Muon: the orthogonal factor of a momentum, with null directions mapped to 0, and that it turns with the momentum.
   Stated as a relation: X is msign M if M = X H with H symmetric and positive, X is an isometry on the range of H and 0 on its
   kernel. With M = U S Vᵀ these are X = U V ᵀ on the nonzero singular values and H = V S Vᵀ. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From Isotropic Require Import scalars network primitive growth removal collapse lipschitz profile ceiling householder svd gradient motion.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Muon.
Variable F : rcfType.

Definition positive n (H : 'M[F]_n) := H^T = H /\ forall v : 'cV_n, 0 <= dot v (H *m v).

Definition msign m n (M X : 'M[F]_(m, n)) := exists H : 'M[F]_n,
  [/\ positive H, M = X *m H, X^T *m X *m H = H & forall v : 'cV_n, H *m v = 0 -> X *m v = 0].

(* A symmetric matrix that is not 0 has an eigenvalue that is not 0. *)
Lemma some_eigenvalue n (D : 'M[F]_n.+1) : D^T = D -> D != 0 ->
  exists (a : F) (w : 'cV_n.+1), [/\ a != 0, w != 0 & D *m w = a *: w].
Proof.
move=> symD D0; have [s [u [v [s0 [_ v1] Ev Eu _]]]] := singular_vectors D0.
rewrite symD in Eu; have v0 : v != 0 by apply: contraTneq (oner_neq0 F) => z; rewrite -v1 z nsq0 eqxx.
have [z|w0] := eqVneq (u + v) 0; last first.
  by exists s, (u + v); split; rewrite ?gt_eqF // mulmxDr Ev Eu addrC scalerDr.
exists (- s), v; split; rewrite ?oppr_eq0 ?gt_eqF // Ev.
by rewrite scaleNr -scalerN; congr (_ *: _); apply/eqP; rewrite -addr_eq0 z.
Qed.

Lemma positive_root_unique n (H K : 'M[F]_n) : positive H -> positive K -> H *m H = K *m K -> H = K.
Proof.
case: n H K => [|n] H K; first by rewrite [H]flatmx0 [K]flatmx0.
case=> symH posH [symK posK] E; apply/eqP; rewrite -subr_eq0; apply/negP => /negP D0.
have symD : (H - K)^T = H - K by rewrite [(H - K)^T]linearB /= symH symK.
have [a [w [a0 w0 Ew]]] := some_eigenvalue symD D0.
have Z : H *m (H - K) + (H - K) *m K = 0 by rewrite mulmxBr mulmxBl E addrA subrK subrr.
have wD : w^T *m (H - K) = a *: w^T by rewrite -{1}symD -trmx_mul Ew linearZ.
have sum0 : dot w (H *m w) + dot w (K *m w) = 0.
  apply: (mulfI a0); rewrite mulr0 mulrDr.
  have -> : a * dot w (H *m w) = (w^T *m (H *m (H - K)) *m w) 0 0 by rewrite -!mulmxA Ew -!scalemxAr mxE.
  have -> : a * dot w (K *m w) = (w^T *m ((H - K) *m K) *m w) 0 0 by rewrite !mulmxA wD -!scalemxAl mxE -mulmxA.
  have -> (A B : 'M[F]_1) : A 0 0 + B 0 0 = (A + B) 0 0 by rewrite mxE.
  by rewrite -mulmxDl -mulmxDr Z mulmx0 mul0mx mxE.
move: sum0 => /eqP; rewrite paddr_eq0 ?posH ?posK // => /andP[/eqP h0 /eqP k0].
have : a * nsq w = 0.
  have -> : a * nsq w = dot w (H *m w) - dot w (K *m w); last by rewrite h0 k0 subrr.
  have -> : dot w (H *m w) - dot w (K *m w) = dot w ((H - K) *m w) by rewrite /dot mulmxBl mulmxBr !mxE.
  by rewrite Ew dotZ.
by move/eqP; rewrite mulf_eq0 (negbTE a0) (negbTE (nsq_neq0 w0)).
Qed.

(* There is one at most. *)
Theorem msign_unique m n (M X X' : 'M[F]_(m, n)) : msign M X -> msign M X' -> X = X'.
Proof.
case=> H [posH EM EX kerX] [H' [posH' EM' EX' kerX']].
have square (Y : 'M[F]_(m, n)) (K : 'M[F]_n) : positive K -> M = Y *m K -> Y^T *m Y *m K = K -> M^T *m M = K *m K.
  by case=> symK _ -> EY; rewrite trmx_mul symK -mulmxA (mulmxA Y^T) EY.
have EH : H' = H.
  by apply: positive_root_unique => //; rewrite -(square _ _ posH EM EX) -(square _ _ posH' EM' EX').
rewrite EH in EM' kerX'; have [B [HB EB [Y EY]]] := orthonormal_basis_exists H.
have EB' : H *m (B *m B^T) = H.
  by have := congr1 trmx EB; case: (posH) => symH _; rewrite !trmx_mul trmxK symH.
have dead (Z : 'M[F]_(m, n)) : (forall v : 'cV_n, H *m v = 0 -> Z *m v = 0) -> Z *m (1%:M - B *m B^T) = 0.
  move=> kerZ; apply/matrixP => i j; rewrite [RHS]mxE.
  have -> : (Z *m (1%:M - B *m B^T)) i j = (Z *m ((1%:M - B *m B^T) *m delta_mx j (0 : 'I_1))) i 0.
    by rewrite mulmxA -colE [RHS]mxE.
  by rewrite kerZ ?mxE // mulmxA mulmxBr mulmx1 EB' subrr mul0mx.
apply/eqP; rewrite -subr_eq0; apply/eqP.
have -> : X - X' = (X - X') *m (B *m B^T).
  apply/eqP; rewrite -subr_eq0 -{1}[X - X']mulmx1 -mulmxBr mulmxBl (dead _ kerX) (dead _ kerX') subrr; exact/eqP.
by rewrite EY !mulmxA mulmxBl -EM -EM' subrr !mul0mx.
Qed.

(* F1, Muon: msign(R M Qᵀ) = R msign(M) Qᵀ. *)
Theorem msign_turns m m' n (P : 'M[F]_(m', m)) (Q : 'M[F]_n) (M X : 'M[F]_(m, n)) :
  P^T *m P = 1%:M -> Q^T *m Q = 1%:M -> Q *m Q^T = 1%:M -> msign M X -> msign (P *m M *m Q^T) (P *m X *m Q^T).
Proof.
move=> HP HQ HQ' [H [[symH posH] EM EX kerX]]; exists (Q *m H *m Q^T); split.
- split=> [|v]; first by rewrite !trmx_mul trmxK symH mulmxA.
  have -> : dot v (Q *m H *m Q^T *m v) = dot (Q^T *m v) (H *m (Q^T *m v)) by rewrite /dot trmx_mul trmxK !mulmxA.
  exact: posH.
- by rewrite EM !mulmxA -(mulmxA _ Q^T Q) HQ mulmx1.
- rewrite !trmx_mul trmxK !mulmxA -(mulmxA _ P^T P) HP mulmx1 -(mulmxA _ Q^T Q) HQ mulmx1.
  by rewrite -!mulmxA (mulmxA X) (mulmxA X^T) (mulmxA X^T) EX.
move=> v z; rewrite -!mulmxA kerX ?mulmx0 //.
by have := congr1 (mulmx Q^T) z; rewrite !mulmxA HQ mul1mx mulmx0 => ->.
Qed.

Corollary msign_of_turned m m' n (P : 'M[F]_(m', m)) (Q : 'M[F]_n) (M X : 'M[F]_(m, n)) Y :
  P^T *m P = 1%:M -> Q^T *m Q = 1%:M -> Q *m Q^T = 1%:M -> msign M X -> msign (P *m M *m Q^T) Y -> Y = P *m X *m Q^T.
Proof. by move=> HP HQ HQ' HX HY; apply: msign_unique HY (msign_turns HP HQ HQ' HX). Qed.

(* ---- In training ---- *)

Section Training.
Variables (len dlen : F -> F) (G : seq ((F -> F) * (F -> F))).

(* X is a step of the momentum M where every weight's is an orthogonal factor, and b_l, ψ_l, p_l have steps of their own, f of the
   momentum's: each a multiple of it, by a factor that depends on its norm alone. *)
Definition muon_layer m n (f : F -> F) (M X : layer F m n) :=
  [/\ msign (weight M) (weight X), bias X = f (nsq (bias M)) *: bias M & psi X = f (nsq (psi M)) *: psi M].
Fixpoint muon_of n k ws (f : F -> F) : params F n k ws -> params F n k ws -> Prop :=
  match ws return params F n k ws -> params F n k ws -> Prop with
  | [::] => fun M X => muon_layer f M X
  | m :: s => fun M X => [/\ muon_layer f M.1.1 X.1.1, X.1.2 = f (M.1.2 * M.1.2) * M.1.2 & muon_of f M.2 X.2]
  end.

(* One step: M ← a₁ M + a₂ ∇L + a₃ θ, then θ ← e₁ θ + e₂ X with X a step of M: a relation, as an orthogonal factor is. *)
Definition muon_step n k ws f (s : inputs F n k * rule F) (before after : params F n k ws * params F n k ws) : Prop :=
  let c := s.2 in let g := gradient len dlen G s.1 before.1 in
  let M := add_params (scale_params (a1 c) before.2) (add_params (scale_params (a2 c) g) (scale_params (a3 c) before.1)) in
  exists2 X, muon_of f M X & after = (add_params (scale_params (e1 c) before.1) (scale_params (e2 c) X), M).

Fixpoint muon_run n k ws f (steps : seq (inputs F n k * rule F)) (before after : params F n k ws * params F n k ws) : Prop :=
  if steps is s :: steps' then exists2 mid, muon_step f s before mid & muon_run f steps' mid after else after = before.

Lemma muon_layer_turns m n f (P : 'M[F]_m) (Q : 'M[F]_n) (M X : layer F m n) :
  P^T *m P = 1%:M -> P *m P^T = 1%:M -> Q *m Q^T = 1%:M -> Q^T *m Q = 1%:M ->
  muon_layer f M X -> muon_layer f (seen P Q M) (seen P Q X).
Proof.
move=> HP HP' HQ HQ' [HW Eb Ep]; have HPt : (P^T)^T *m P^T = 1%:M by rewrite trmxK.
split; rewrite /= ?(nsq_isometry _ HPt) ?Eb ?Ep -?scalemxAr //.
by have := msign_turns (Q := Q^T) HPt; rewrite trmxK; apply.
Qed.

Lemma muon_of_turns n k ws f (Q : 'M[F]_n) (P : frames F ws ws) (M X : params F n k ws) :
  Q *m Q^T = 1%:M -> Q^T *m Q = 1%:M -> rotations P -> muon_of f M X -> muon_of f (compress Q P M) (compress Q P X).
Proof.
elim: ws n Q P M X => [|m ws IH] n Q P M X HQ HQ' /=.
  move=> _ [HW Eb Ep]; split=> //=.
  have H1 : (1%:M : 'M[F]_k)^T *m 1%:M = 1%:M by rewrite trmx1 mulmx1.
  by have := msign_turns (Q := Q^T) H1; rewrite trmxK => /(_ _ _ HQ HQ' HW); rewrite !mul1mx.
case: P => P Ps [/= H H' HPs] [HM Eo HX]; split=> //; first exact: muon_layer_turns.
exact: IH.
Qed.

(* F1, Muon: what training from R·θ with R·M can reach are the turns of what training from θ with M can. *)
Theorem muon_turns n k ws f (P : frames F ws ws) (steps : seq (inputs F n k * rule F)) (t m t' m' : params F n k ws) :
  rotations P -> muon_run f steps (t, m) (t', m') ->
  muon_run f steps (compress 1%:M P t, compress 1%:M P m) (compress 1%:M P t', compress 1%:M P m').
Proof.
move=> HP; elim: steps t m => [|s steps IH] t m /=; first by case=> -> ->.
case=> -[t1 m1] [X HX [Et Em]] run; exists (compress 1%:M P t1, compress 1%:M P m1); last exact: IH.
have HO := rotations_orthonormal HP; have HS := rotations_span 1%:M t HP.
exists (compress 1%:M P X); rewrite /= (gradient_of_compressed _ _ _ _ HO HS) -!compress_scale -!compress_add -?Em -?Et //.
by rewrite Em; apply: muon_of_turns => //; rewrite trmx1 mulmx1.
Qed.
End Training.
End Muon.
