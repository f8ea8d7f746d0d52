(* F6, F7, F8: what the gauge says of the steps of training. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From Isotropic Require Import scalars network primitive gradient motion ceiling.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Section Conserved.
Variable R : comRingType.
Add Ring R_ring : (ring_laws R).
Variables (len dlen : R -> R) (G : seq ((R -> R) * (R -> R))).

(* The layer that reads a vector of n entries. *)
Definition first_of n k ws : params R n k ws -> layer R (head k ws) n :=
  match ws return params R n k ws -> layer R (head k ws) n with
  | [::] => fun l => l
  | m :: s => fun t => t.1.1
  end.

Lemma first_gradient n k ws G' slope (t : params R n k ws) gamma h :
  let b := back len dlen G' slope t gamma h in
  (weight (first_of t))^T *m weight (first_of b.1) = b.2.1 *m h^T /\ psi (first_of b.1) = gamma *: bias (first_of b.1)
  /\ b.2.2 = dot (psi (first_of t)) (bias (first_of b.1)).
Proof.
case: ws t => [|m ws] t; first by rewrite /= mulmxA.
move Ez : (preact t.1.1 gamma h) => z; move Eg : ((head (id, id) G').1 (nsq z + len t.1.2)) => gm.
case Er : (back len dlen (behead G') slope t.2 gm (gm *: z)) => [gb [a c]].
by rewrite (back_hidden Ez Eg Er) /= mulmxA.
Qed.

(* ---- F6: angular momentum ---- *)

(* M_W W_lᵀ + M_b b_lᵀ + M_ψ ψ_lᵀ - W_{l+1}ᵀ M_{W_{l+1}} *)
Definition moment m n p (l M : layer R m n) (next Mnext : 'M[R]_(p, m)) : 'M[R]_m :=
  weight M *m (weight l)^T + bias M *m (bias l)^T + psi M *m (psi l)^T - next^T *m Mnext.

Definition skew m (A : 'M[R]_m) := A - A^T.

(* 𝒜_l of every hidden layer. *)
Fixpoint angular n k ws : params R n k ws -> params R n k ws -> frames R ws ws :=
  match ws return params R n k ws -> params R n k ws -> frames R ws ws with
  | [::] => fun _ _ => tt
  | m :: s => fun t M => (skew (moment t.1.1 M.1.1 (weight (first_of t.2)) (weight (first_of M.2))), angular t.2 M.2)
  end.

Fixpoint scaled_frames (c : R) ws : frames R ws ws -> frames R ws ws :=
  match ws return frames R ws ws -> frames R ws ws with
  | [::] => id
  | m :: s => fun A => (c *: A.1, scaled_frames c A.2)
  end.
Fixpoint added_frames ws : frames R ws ws -> frames R ws ws -> frames R ws ws :=
  match ws return frames R ws ws -> frames R ws ws -> frames R ws ws with
  | [::] => fun _ => id
  | m :: s => fun A B => (A.1 + B.1, added_frames A.2 B.2)
  end.
Fixpoint zero_frames ws : frames R ws ws :=
  match ws return frames R ws ws with [::] => tt | m :: s => (0, zero_frames s) end.

Definition uniform (ws : seq nat) (c : R) := nseq (size ws).+1 (Factor4 c c c c).

Lemma first_add n k ws (t t' : params R n k ws) : first_of (add_params t t') = layer_add (first_of t) (first_of t').
Proof. by case: ws t t'. Qed.
Lemma first_scale n k ws c (t : params R n k ws) :
  first_of (scale_params (uniform ws c) t) = layer_scale c c c (first_of t).
Proof. by case: ws t. Qed.

Lemma trD m n (A B : 'M[R]_(m, n)) : (A + B)^T = A^T + B^T.
Proof. exact: linearD. Qed.
Lemma trB m n (A B : 'M[R]_(m, n)) : (A - B)^T = A^T - B^T.
Proof. exact: linearB. Qed.
Lemma trZ m n c (A : 'M[R]_(m, n)) : (c *: A)^T = c *: A^T.
Proof. exact: linearZ. Qed.

Lemma skewD m (A B : 'M[R]_m) : skew (A + B) = skew A + skew B.
Proof. by rewrite /skew [(A + B)^T]linearD /= opprD addrACA. Qed.
Lemma skewZ m c (A : 'M[R]_m) : skew (c *: A) = c *: skew A.
Proof. by rewrite /skew [(c *: A)^T]linearZ /= scalerBr. Qed.

Lemma angular_add n k ws (t M M' : params R n k ws) :
  angular t (add_params M M') = added_frames (angular t M) (angular t M').
Proof.
elim: ws n t M M' => //= m ws IH n t M M'; rewrite IH -skewD first_add; congr (skew _, _).
rewrite /moment /= !mulmxDl mulmxDr opprD.
move: (_ *m _) (_ *m _) (_ *m _) (_ *m _) (_ *m _) (_ *m _) (_ *m _) (_ *m _) => a b c d e f x y.
by apply/matrixP => i j; rewrite !mxE; scalar_ring R.
Qed.

Lemma angular_scale n k ws c (t M : params R n k ws) :
  angular t (scale_params (uniform ws c) M) = scaled_frames c (angular t M).
Proof.
elim: ws n t M => //= m ws IH n t M; rewrite -IH -skewZ -/(uniform ws c) first_scale; congr (skew _, _).
by rewrite /moment /= -!scalemxAl -scalemxAr scalerBr !scalerDr.
Qed.

Lemma angular_flip n k ws (t M : params R n k ws) : angular M t = scaled_frames (-1) (angular t M).
Proof.
elim: ws n t M => //= m ws IH n t M; rewrite IH; congr (_, _).
rewrite scaleN1r /skew (_ : moment M.1.1 _ _ _ = (moment t.1.1 M.1.1 (weight (first_of t.2)) (weight (first_of M.2)))^T).
  by rewrite trmxK [RHS]opprB.
by rewrite /moment trB !trD !trmx_mul !trmxK.
Qed.

Lemma angular_self n k ws (t : params R n k ws) : angular t t = zero_frames ws.
Proof.
elim: ws n t => //= m ws IH n t; rewrite IH; congr (_, _).
by rewrite /skew /moment !trB !trD !trmx_mul !trmxK subrr.
Qed.

Lemma add_zero_frames ws (A : frames R ws ws) : added_frames A (zero_frames ws) = A.
Proof. by elim: ws A => [|m ws IH] /=; case=> // A As; rewrite /= addr0 IH. Qed.
Lemma scale_zero_frames ws c : scaled_frames c (zero_frames ws) = zero_frames ws.
Proof. by elim: ws => //= m ws ->; rewrite scaler0. Qed.
Lemma scale_scaled_frames ws c c' (A : frames R ws ws) : scaled_frames c (scaled_frames c' A) = scaled_frames (c * c') A.
Proof. by elim: ws A => [|m ws IH] //= [A As] /=; rewrite scalerA IH. Qed.
Lemma scale_added_frames ws c (A B : frames R ws ws) :
  scaled_frames c (added_frames A B) = added_frames (scaled_frames c A) (scaled_frames c B).
Proof. by elim: ws A B => [|m ws IH] //= A B; rewrite scalerDr IH. Qed.

Lemma back_has_no_moment n k ws G' slope (t : params R n k ws) gamma h :
  angular t (back len dlen G' slope t gamma h).1 = zero_frames ws.
Proof.
elim: ws n G' t gamma h => //= m ws IH n G' t gamma h.
set z := preact t.1.1 gamma h; set gm := (head _ G').1 _; rewrite IH; congr (_, _).
set b := back _ _ _ _ t.2 _ _; have [E1 [_ _]] := first_gradient (behead G') slope t.2 gm (gm *: z).
rewrite /moment /= E1 -/b; set s := _ * (dot z _ + _); set delta := gm *: b.2.1 + (s + s) *: z.
have -> : delta *m h^T *m (weight t.1.1)^T + delta *m (bias t.1.1)^T + (gamma *: delta) *m (psi t.1.1)^T = delta *m z^T.
  by rewrite /z /preact !trD trZ trmx_mul !mulmxDr !mulmxA -scalemxAl -scalemxAr.
rewrite /delta mulmxDl -!scalemxAl trZ -scalemxAr addrAC subrr add0r.
by rewrite /skew trZ trmx_mul trmxK subrr.
Qed.

(* F6, Noether: the gradient has no angular momentum, whatever the loss, so neither has its sum over the inputs. *)
Theorem gradient_has_no_moment n k ws data (t : params R n k ws) :
  angular t (gradient len dlen G data t) = zero_frames ws.
Proof.
elim: data => [|s data IH] /=; last by rewrite angular_add back_has_no_moment IH add_zero_frames.
by elim: ws n t => //= m ws IH n t; rewrite IH; congr (_, _); rewrite /moment /= !mul0mx; case: ws {IH} t => [|m' ws] t /=;
  rewrite mulmx0 !addr0 subr0 /skew trmx0 subr0.
Qed.

(* F6: heavy ball with one μ, one rate and coupled decay ω, and decoupled decay κ = 1 - ηλ: with M the step taken and θ before
   it, 𝒜(t+1) = μ κ 𝒜(t). So 0 for ever from M = 0. *)
Theorem angular_momentum n k ws data (mu omega kappa eta : R) (t M : params R n k ws) :
  let t' := add_params (scale_params (uniform ws kappa) t) (scale_params (uniform ws (- eta)) M) in
  let M' := add_params (scale_params (uniform ws mu) M)
              (add_params (gradient len dlen G data t') (scale_params (uniform ws omega) t')) in
  angular t' M' = scaled_frames (mu * kappa) (angular t M).
Proof.
move=> t' M'; rewrite /M' !angular_add !angular_scale gradient_has_no_moment angular_self scale_zero_frames.
rewrite !add_zero_frames (angular_flip M t') /t' angular_add !angular_scale angular_self scale_zero_frames add_zero_frames.
rewrite (angular_flip t M) !scale_scaled_frames (_ : mu * -1 * kappa * -1 = mu * kappa) //.
by rewrite !mulrN1 mulNr opprK.
Qed.

(* ---- F8: flat directions ---- *)

(* ξ·θ = (ξ_l W_l - W_l ξ_{l-1}, ξ_l b_l, ξ_l ψ_l, 0), ξ_0 = X and ξ_L = 0. *)
Fixpoint twist n k ws (X : 'M[R]_n) : frames R ws ws -> params R n k ws -> params R n k ws :=
  match ws return frames R ws ws -> params R n k ws -> params R n k ws with
  | [::] => fun _ l => Layer (- (weight l *m X)) 0 0
  | m :: s => fun Xs t =>
      (Layer (Xs.1 *m weight t.1.1 - weight t.1.1 *m X) (Xs.1 *m bias t.1.1) (Xs.1 *m psi t.1.1), 0, twist Xs.1 Xs.2 t.2)
  end.

Fixpoint all_skew ws : frames R ws ws -> Prop :=
  match ws return frames R ws ws -> Prop with
  | [::] => fun _ => True
  | m :: s => fun X => X.1^T = - X.1 /\ all_skew X.2
  end.

(* I - ε ξ_l, whose transpose is I + ε ξ_l *)
Fixpoint nearly_one (eps : R) ws : frames R ws ws -> frames R ws ws :=
  match ws return frames R ws ws -> frames R ws ws with
  | [::] => id
  | m :: s => fun X => (1%:M - eps *: X.1, nearly_one eps X.2)
  end.

Lemma nearly_one_rotates eps ws (X : frames R ws ws) : eps * eps = 0 -> all_skew X -> rotations (nearly_one eps X).
Proof.
move=> e2; elim: ws X => //= m ws IH [X Xs] [/= EX EXs].
have ET : (1%:M - eps *: X)^T = 1%:M + eps *: X by rewrite trB trZ trmx1 EX scalerN opprK.
have E A B : (1%:M + eps *: A) *m (1%:M + eps *: B) = 1%:M + eps *: (A + B) :> 'M[R]_m.
  rewrite mulmxDl mul1mx mulmxDr mulmx1 -scalemxAl -scalemxAr scalerA e2 scale0r addr0 -addrA scalerDr.
  by rewrite (addrC (eps *: A)).
have Em : 1%:M - eps *: X = 1%:M + eps *: (- X) by rewrite scalerN.
by split; [rewrite ET Em E subrr scaler0 addr0 | rewrite ET Em E addNr scaler0 addr0 | apply: IH].
Qed.

Lemma compress_nearly_one eps n k ws (X : 'M[R]_n) (Xs : frames R ws ws) (t : params R n k ws) :
  eps * eps = 0 -> all_skew Xs -> compress (1%:M - eps *: X) (nearly_one eps Xs) t = moved_params eps t (twist X Xs t).
Proof.
move=> e2; elim: ws n X Xs t => [|m ws IH] n X Xs t /=.
  move=> _; rewrite /moved_params /= /layer_add /layer_scale /= !scaler0 !addr0; case: t => W b p /=.
  by rewrite mulmxBr mulmx1 -scalemxAr scalerN.
case: Xs => Y Ys [/= EY EYs]; rewrite IH // /moved_params /= /layer_add /layer_scale /seen /=.
have -> : (1%:M - eps *: Y)^T = 1%:M + eps *: Y by rewrite trB trZ trmx1 EY scalerN opprK.
case: t => [[[W b p] o] t] /=; rewrite mulr0 addr0.
have -> : (1%:M + eps *: Y) *m W *m (1%:M - eps *: X) = W + eps *: (Y *m W - W *m X).
  rewrite mulmxDl mul1mx mulmxBr mulmx1 mulmxDl -!scalemxAl -!scalemxAr scalerA e2 scale0r addr0.
  by rewrite scalerBr addrA.
by rewrite !mulmxDl !mul1mx -!scalemxAl.
Qed.

(* F8: ∇²L(θ)·(ξθ) = ξ·∇L(θ) for all skew ξ_l together, the derivative with ε² = 0. *)
Theorem flat_directions eps n k ws data (Xs : frames R ws ws) (t : params R n k ws) : eps * eps = 0 -> all_skew Xs ->
  gradient len dlen G data (moved_params eps t (twist 0 Xs t))
  = moved_params eps (gradient len dlen G data t) (twist 0 Xs (gradient len dlen G data t)).
Proof.
move=> e2 HX; have HR := nearly_one_rotates e2 HX.
rewrite -!compress_nearly_one // scaler0 subr0; apply: gradient_of_compressed.
  exact: rotations_orthonormal.
exact: rotations_span.
Qed.

End Conserved.

(* ---- F7: a conserved quantity ---- *)

Section Charge.
Variable R : comRingType.
Add Ring R_ring2 : (ring_laws R).
Variable G : seq ((R -> R) * (R -> R)).

(* For hidden layer i + 1: ⟨W_l, M_W⟩ + ⟨b_l, M_b⟩ + ⟨ψ_l, M_ψ⟩ + 2 u M_o + (κ-1) ⟨W_{l+1}, M_{W_{l+1}}⟩ + κ ⟨ψ_{l+1}, M_{ψ_{l+1}}⟩, with
   u what [shift] makes of o_l. *)
Fixpoint charge (kappa : R) (shift : R -> R) (i : nat) n k ws : params R n k ws -> params R n k ws -> R :=
  match ws return params R n k ws -> params R n k ws -> R with
  | [::] => fun _ _ => 0
  | m :: s => fun t M =>
      if i is i'.+1 then charge kappa shift i' t.2 M.2
      else layer_inner t.1.1 M.1.1 + (shift t.1.2 * M.1.2 + shift t.1.2 * M.1.2)
           + (kappa - 1) * \tr ((weight (first_of t.2))^T *m weight (first_of M.2))
           + kappa * dot (psi (first_of t.2)) (psi (first_of M.2))
  end.

Lemma trace_outer_right m n (A : 'M[R]_(m, n)) u v : \tr (A^T *m (u *m v^T)) = dot u (A *m v).
Proof. by rewrite -trace_outer -[RHS]mxtrace_tr !trmx_mul !trmxK. Qed.

(* What holds of the number that hidden layer i + 1 trains for its o. *)
Fixpoint of_length_at (P : R -> Prop) (i : nat) n k ws : params R n k ws -> Prop :=
  match ws return params R n k ws -> Prop with
  | [::] => fun=> True
  | m :: s => fun t => if i is i'.+1 then of_length_at P i' t.2 else P t.1.2
  end.

Lemma charge_of_gradient len dlen shift kappa i n k ws G' slope (t : params R n k ws) gamma h :
  (forall r, ((nth (id, id) G' i).2 r + (nth (id, id) G' i).2 r) * (1 + r) = - (kappa * (nth (id, id) G' i).1 r)) ->
  of_length_at (fun p => shift p * dlen p = 1 + len p) i t ->
  charge kappa shift i t (back len dlen G' slope t gamma h).1 = 0.
Proof.
elim: i n ws G' t gamma h => [|i IH] n [|m ws] G' t gamma h //=; last first.
  by move=> law meets; apply: IH => // r; rewrite nth_behead; apply: law.
move=> law meets; set z := preact t.1.1 gamma h; set r := nsq z + len t.1.2.
rewrite -nth0; move: (nth _ G' 0).1 (nth _ G' 0).2 law => g d law.
set b := back _ _ _ _ t.2 _ _; have [E1 [E2 E3]] := first_gradient len dlen (behead G') slope t.2 (g r) (g r *: z).
rewrite -/b in E1 E2 E3; rewrite E1 E2 dotZ -E3 /layer_inner /= trace_outer_right mulrA meets.
set s := d r * _; move Edelta : (g r *: b.2.1 + (s + s) *: z) => delta.
have -> : dot delta (weight t.1.1 *m h) + dot (bias t.1.1) delta + dot (psi t.1.1) (gamma *: delta) = dot delta z.
  by rewrite (dotC (bias _)) dotZ (dotC (psi _)) /z /preact !dotDr dotZ.
have -> : \tr (b.2.1 *m (g r *: z)^T) = g r * dot z b.2.1.
  by rewrite mxtrace_mulC /mxtrace big_ord1 trZ -scalemxAl mxE.
have En : dot z z = nsq z by [].
rewrite -Edelta dotC dotDr !dotZ En; move: (law r); rewrite /s /r; move: (nsq z) (dot z b.2.1) (len t.1.2) => x y o.
set gm := g _; set dd := d _; move=> L.
have -> : gm * y + (dd * (y + b.2.2) + dd * (y + b.2.2)) * x + ((1 + o) * (dd * (y + b.2.2)) + (1 + o) * (dd * (y + b.2.2)))
          + (kappa - 1) * (gm * y) + kappa * (gm * b.2.2)
        = (dd + dd) * (1 + (x + o)) * (y + b.2.2) + kappa * gm * (y + b.2.2) by scalar_ring R.
by rewrite L mulNr addNr.
Qed.

Lemma charge_add kappa shift i n k ws (t M M' : params R n k ws) :
  charge kappa shift i t (add_params M M') = charge kappa shift i t M + charge kappa shift i t M'.
Proof.
elim: i n ws t M M' => [|i IH] n [|m ws] t M M' /=; rewrite ?addr0 //.
rewrite first_add /layer_inner /= !mulmxDr !mxtraceD !dotDr.
move: (\tr _) (\tr _) (\tr _) (\tr _) => a b a2 b2; move: (dot _ _) (dot _ _) (dot _ _) (dot _ _) (dot _ _) (dot _ _) => d1 d2 d3 d4 d5 d6.
by scalar_ring R.
Qed.

Lemma charge_zero kappa shift i n k ws (t : params R n k ws) : charge kappa shift i t (zero_params R n k ws) = 0.
Proof.
have E := charge_add kappa shift i t (zero_params R n k ws) (zero_params R n k ws).
suff Z : add_params (zero_params R n k ws) (zero_params R n k ws) = zero_params R n k ws.
  by move: E; rewrite Z -{1}[charge _ _ _ _ _]addr0 => /addrI <-.
elim: ws n {t E} => /= [|m ws IH] n; first by rewrite /layer_add /= !addr0.
by rewrite IH /layer_add /= !addr0.
Qed.

(* F7: for every gain with 2 (1 + r) g'(r) = -κ g(r), that is (1 + r)^(-κ/2) — κ = 2 is 1/(1+r), κ = 1 is 1/√(1+r) —, o a
   function [len] of the number p that is trained, the gradient is perpendicular to the direction of B8, whatever the loss, where
   u(p) o'(p) = 1 + o: gradient flow conserves C_l with any F in place of 2 (1 + o)² of which F'(p) = 4 u(p). *)
Theorem charge_however_trained len dlen shift kappa i n k ws data (t : params R n k ws) :
  (forall r, ((nth (id, id) G i).2 r + (nth (id, id) G i).2 r) * (1 + r) = - (kappa * (nth (id, id) G i).1 r)) ->
  of_length_at (fun p => shift p * dlen p = 1 + len p) i t ->
  charge kappa shift i t (gradient len dlen G data t) = 0.
Proof.
move=> law meets; elim: data => [|s data IH] /=; first exact: charge_zero.
by rewrite charge_add IH charge_of_gradient // addr0.
Qed.

(* F7, o trained directly: p = o, u = 1 + o, F = 2 (1 + o)². *)
Theorem charge_is_conserved kappa i n k ws data (t : params R n k ws) :
  (forall r, ((nth (id, id) G i).2 r + (nth (id, id) G i).2 r) * (1 + r) = - (kappa * (nth (id, id) G i).1 r)) ->
  charge kappa (fun o => 1 + o) i t (gradient id (fun=> 1) G data t) = 0.
Proof.
move=> law; apply: charge_however_trained => //.
by elim: i n ws t {law data} => [|i IH] n [|m ws] t //=; rewrite mulr1.
Qed.

(* C_l = ‖W_l‖² + ‖b_l‖² + ‖ψ_l‖² + 2 u² + (κ-1) ‖W_{l+1}‖² + κ ‖ψ_{l+1}‖² *)
Fixpoint charged (kappa : R) (shift : R -> R) (i : nat) n k ws : params R n k ws -> R :=
  match ws return params R n k ws -> R with
  | [::] => fun=> 0
  | m :: s => fun t =>
      if i is i'.+1 then charged kappa shift i' t.2
      else layer_inner t.1.1 t.1.1 + (shift t.1.2 * shift t.1.2 + shift t.1.2 * shift t.1.2)
           + (kappa - 1) * \tr ((weight (first_of t.2))^T *m weight (first_of t.2))
           + kappa * dot (psi (first_of t.2)) (psi (first_of t.2))
  end.

Lemma trace_square m n c (A B : 'M[R]_(m, n)) :
  \tr ((A + c *: B)^T *m (A + c *: B)) = \tr (A^T *m A) + (c * \tr (A^T *m B) + c * \tr (A^T *m B)) + c * c * \tr (B^T *m B).
Proof.
have E : \tr (B^T *m A) = \tr (A^T *m B) by rewrite -mxtrace_tr trmx_mul trmxK.
rewrite trD trZ mulmxDl !mulmxDr -!scalemxAl -!scalemxAr !raddfD /= !linearZ /= E; scalar_ring R.
Qed.

Lemma dot_square m c (u v : 'cV[R]_m) :
  dot (u + c *: v) (u + c *: v) = dot u u + (c * dot u v + c * dot u v) + c * c * dot v v.
Proof. by rewrite dotDr dotZ dotC dotDr dotZ (dotC (u + _)) dotDr dotZ (dotC v u); scalar_ring R. Qed.

(* F7: one step of gradient descent changes C_l by exactly η² C°(∇L), C° with 2 (∂L/∂o)² for 2 (1 + o)². *)
Theorem charge_after_a_step kappa i n k ws data (t : params R n k ws) eta :
  (forall r, ((nth (id, id) G i).2 r + (nth (id, id) G i).2 r) * (1 + r) = - (kappa * (nth (id, id) G i).1 r)) ->
  let g := gradient id (fun=> 1) G data t in
  charged kappa (fun o => 1 + o) i (add_params t (scale_params (uniform ws (- eta)) g))
  = charged kappa (fun o => 1 + o) i t + eta * eta * charged kappa id i g.
Proof.
move=> law g; have := charge_is_conserved data t law; rewrite -/g; move: g => g.
have -> : charged kappa (fun o => 1 + o) i (add_params t (scale_params (uniform ws (- eta)) g))
  = charged kappa (fun o => 1 + o) i t + - eta * (charge kappa (fun o => 1 + o) i t g + charge kappa (fun o => 1 + o) i t g)
    + eta * eta * charged kappa id i g.
  elim: i n ws {data law} t g => [|i IH] n [|m ws] t g /=; rewrite ?mulr0 ?addr0 ?mulr0 ?addr0 //; last exact: IH.
  rewrite -/(uniform ws (- eta)) first_add first_scale /layer_inner /= (trace_square (- eta) (weight t.1.1)) !dot_square.
  rewrite (trace_square (- eta) (weight (first_of t.2))).
  move: (\tr _) (\tr _) (\tr _) (\tr _) (\tr _) (\tr _) => a1 a2 a3 a4 a5 a6.
  move: (dot _ _) (dot _ _) (dot _ _) (dot _ _) (dot _ _) (dot _ _) (dot _ _) (dot _ _) (dot _ _) => d1 d2 d3 d4 d5 d6 d7 d8 d9.
  by scalar_ring R.
by move=> ->; rewrite addr0 mulr0 addr0.
Qed.

End Charge.

Import Num.Theory.
Section HoweverTrained.
Variable F : numFieldType.
Add Ring F_ring : (ring_laws F).
Variable G : seq ((F -> F) * (F -> F)).

(* F7, trained as λ ≠ 0, o = λ²: u = (1 + λ²)/(2 λ), so F' = 2 (λ + 1/λ): F = o + ln o. *)
Theorem charge_trained_as_root kappa i n k ws data (t : params F n k ws) :
  (forall r, ((nth (id, id) G i).2 r + (nth (id, id) G i).2 r) * (1 + r) = - (kappa * (nth (id, id) G i).1 r)) ->
  of_length_at (fun lambda => lambda != 0) i t ->
  charge kappa (fun lambda => (lambda + lambda^-1) / 2%:R) i t
    (gradient (fun lambda => lambda * lambda) (fun lambda => lambda + lambda) G data t) = 0.
Proof.
move=> law H; apply: charge_however_trained => //; elim: i n ws t H {law data} => [|i IH] n [|m ws] t //=; last exact: IH.
move: (t.1.2) => p p0; have -> : p + p = 2%:R * p by rewrite mulr2n mulrDl mul1r.
have -> : (p + p^-1) / 2%:R * (2%:R * p) = (p + p^-1) * p by rewrite mulrA mulfVK ?pnatr_eq0.
by rewrite mulrDl mulVf // addrC.
Qed.

(* F7, trained as ℓ = ln o, o = e(ℓ) its own derivative: u = (1 + o)/o, so F' = 4 (1 + e^-ℓ): F = 4 (ℓ - e^-ℓ). *)
Theorem charge_trained_as_logarithm (e : F -> F) kappa i n k ws data (t : params F n k ws) :
  (forall r, ((nth (id, id) G i).2 r + (nth (id, id) G i).2 r) * (1 + r) = - (kappa * (nth (id, id) G i).1 r)) ->
  of_length_at (fun l => e l != 0) i t ->
  charge kappa (fun l => 1 + (e l)^-1) i t (gradient e e G data t) = 0.
Proof.
move=> law H; apply: charge_however_trained => //; elim: i n ws t H {law data} => [|i IH] n [|m ws] t //=; last exact: IH.
by move: (t.1.2) => p p0; rewrite mulrDl mul1r mulVf // addrC.
Qed.

End HoweverTrained.


(* ---- F8: which rotations of a layer move nothing ---- *)

Section Still.
Variable F : rcfType.

Lemma skew_kernel m q (V : 'M[F]_(m, q)) : exists C : 'M[F]_(m, m - \rank V),
  C^T *m C = 1%:M /\ forall X : 'M[F]_m, X^T = - X ->
    (X *m V = 0 <-> exists2 Y : 'M[F]_(m - \rank V), Y^T = - Y & X = C *m Y *m C^T).
Proof.
have rk : \rank (kermx V)^T = (m - \rank V)%N by rewrite mxrank_tr mxrank_ker.
have [C0 [HC EC [Z EZ]]] := orthonormal_basis_exists (kermx V)^T.
move: C0 HC EC Z EZ; rewrite rk => C HC EC Z EZ; exists C; split=> // X skewX.
have CV : C^T *m V = 0 by rewrite EZ trmx_mul trmxK -mulmxA mulmx_ker mulmx0.
split=> [XV|[Y skewY ->]]; last by rewrite -mulmxA CV mulmx0.
have right : X *m (C *m C^T) = X.
  have /submxP[D ->] : (X <= kermx V)%MS by apply/sub_kermxP.
  by rewrite -mulmxA; congr (_ *m _); have := congr1 trmx EC; rewrite !trmx_mul !trmxK.
have left : C *m C^T *m X = X.
  by have := congr1 trmx right; rewrite !trmx_mul trmxK skewX mulmxN => /oppr_inj.
exists (C^T *m X *m C).
  by rewrite !trmx_mul trmxK skewX mulNmx mulmxN mulmxA.
by rewrite !mulmxA left -mulmxA right.
Qed.

(* F8, the directions ξθ of one hidden layer: ξ moves nothing exactly if it is skew on what is perpendicular to
   range [W_l b_l ψ_l] + range W_{l+1}ᵀ, of dimension d: of the n(n-1)/2 dimensions of skew ξ, (n-d)(n-d-1)/2 are lost. *)
Theorem still_rotations m n p (l : layer F m n) (next : 'M[F]_(p, m)) :
  let V := row_mx (row_mx (weight l) (row_mx (bias l) (psi l))) next^T in
  exists C : 'M[F]_(m, m - \rank V), C^T *m C = 1%:M /\ forall X : 'M[F]_m, X^T = - X ->
    ([/\ X *m weight l = 0, X *m bias l = 0, X *m psi l = 0 & next *m X = 0]
     <-> exists2 Y : 'M[F]_(m - \rank V), Y^T = - Y & X = C *m Y *m C^T).
Proof.
move=> V; have [C [HC kernel]] := skew_kernel V; exists C; split=> // X skewX; rewrite -kernel // /V !mul_mx_row.
have E : (next *m X = 0) <-> (X *m next^T = 0).
  have T : (next *m X)^T = - (X *m next^T) by rewrite trmx_mul skewX mulNmx.
  split=> z; first by apply/eqP; rewrite -oppr_eq0 -T z trmx0.
  by apply: trmx_inj; rewrite T z oppr0 trmx0.
split=> [[-> -> -> /E ->]|]; first by rewrite !row_mx0.
have split0 q r (A : 'M[F]_(m, q)) (B : 'M[F]_(m, r)) : row_mx A B = 0 -> A = 0 /\ B = 0.
  by rewrite -[0]row_mx0 => /eq_row_mx.
by case/split0 => /split0[-> /split0[-> ->]] /E.
Qed.
End Still.
