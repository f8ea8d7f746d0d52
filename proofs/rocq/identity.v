(* B9: when two networks compute the same function, by matrices that need no input.

     V_1 = [W_1 b_1],   B_l = W_l V_{l-1} + ψ_l eᵀ,   V_l = [B_l b_l],   N_l = V_lᵀ V_l + o_l e eᵀ   (l < L)

   with e the last unit vector. Every network has the chain (g_1, o_1, V_1), …, (g_{L-1}, o_{L-1}, V_{L-1}), V_L
   [chain N], and N_1, …, N_{L-1}, V_L follow from it [invariants N]. To have the first layer like the others, the layer
   before it has V_0 = I and eᵀ = 0: x = V_0 x, and γ_0 = 0 = eᵀ x. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From Isotropic Require Import scalars network primitive growth removal.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Section Identity.
Variable R : comRingType.
Add Ring R_ring : (ring_laws R).

(* (g_l, o_l, V_l) for l < L, and V_L, where V_{l-1} has d columns. *)
Inductive factors (k : nat) : nat -> Type :=
| LastFactor d : 'M[R]_(k, d + 1) -> factors k d
| Factor d m : (R -> R) -> R -> 'M[R]_(m, d + 1) -> factors k (d + 1) -> factors k d.

(* N_l for l < L, and V_L. Equal ones have the same L. *)
Inductive forms (k : nat) : nat -> Type :=
| LastForm d : 'M[R]_(k, d + 1) -> forms k d
| Form d : 'M[R]_(d + 1) -> forms k (d + 1) -> forms k d.

(* What a form begins with. *)
Definition last_of k d (I : forms k d) : option 'M[R]_(k, d + 1) :=
  match I with LastForm _ V => Some V | Form _ _ _ => None end.
Definition head_of k d (I : forms k d) : option 'M[R]_(d + 1) :=
  match I with LastForm _ _ => None | Form _ N _ => Some N end.
Definition tail_of k d (I : forms k d) : option (forms k (d + 1)) :=
  match I with LastForm _ _ => None | Form _ _ I' => Some I' end.

(* eᵀ *)
Definition last_row d : 'rV[R]_(d + 1) := row_mx 0 1%:M.

(* N = VᵀV + o e eᵀ *)
Definition gram m d (o : R) (V : 'M[R]_(m, d + 1)) : 'M[R]_(d + 1) :=
  V^T *m V + o *: ((last_row d)^T *m last_row d).

Fixpoint grams k d (T : factors k d) : forms k d :=
  match T with
  | LastFactor _ V => LastForm V
  | Factor _ _ _ o V T' => Form (gram o V) (grams T')
  end.

(* V_l = [W_l V_{l-1} + ψ_l eᵀ, b_l] *)
Definition factor m n d (l : layer R m n) (V : 'M[R]_(n, d)) (e : 'rV[R]_d) : 'M[R]_(m, d + 1) :=
  row_mx (weight l *m V + psi l *m e) (bias l).

Fixpoint chain_from n k (N : net R n k) : forall d, 'M[R]_(n, d) -> 'rV[R]_d -> factors k d :=
  match N in net _ n0 k0 return forall d, 'M[R]_(n0, d) -> 'rV[R]_d -> factors k0 d with
  | Output _ _ l => fun d V e => LastFactor (factor l V e)
  | Hidden _ _ _ g o l N' => fun d V e => Factor g o (factor l V e) (chain_from N' (factor l V e) (last_row d))
  end.

Definition chain n k (N : net R n k) : factors k n := chain_from N 1%:M 0.
Definition invariants n k (N : net R n k) : forms k n := grams (chain N).

(* w_l = (u, 1): from u_0 = x on, γ_l = g_l(w_lᵀ N_l w_l), u_l = γ_l w_l, and y = V_L w_L. *)
Definition extended d (u : 'cV[R]_d) : 'cV[R]_(d + 1) := col_mx u 1%:M.

Fixpoint value (gs : seq (R -> R)) k d (I : forms k d) : 'cV[R]_d -> 'cV[R]_k :=
  match I in forms _ d0 return 'cV[R]_d0 -> 'cV[R]_k with
  | LastForm _ V => fun u => V *m extended u
  | Form _ N I' => fun u =>
      let w := extended u in value (behead gs) I' ((head id gs ((w^T *m N *m w) 0 0)) *: w)
  end.

Lemma last_row_extended d (u : 'cV[R]_d) : last_row d *m extended u = 1%:M.
Proof. by rewrite mul_row_col mul0mx mulmx1 add0r. Qed.

Lemma gram_form m d o (V : 'M[R]_(m, d + 1)) u :
  ((extended u)^T *m gram o V *m extended u) 0 0 = nsq (V *m extended u) + o.
Proof.
rewrite /gram mulmxDr mulmxDl mxE; congr (_ + _).
  by rewrite /nsq trmx_mul !mulmxA.
rewrite -scalemxAr -scalemxAl -mulmxA -mulmxA last_row_extended mulmx1.
by rewrite -trmx_mul last_row_extended trmx1 mxE mxE mulr1.
Qed.

Lemma preact_factor m n d (l : layer R m n) (V : 'M[R]_(n, d)) e u :
  preact l ((e *m u) 0 0) (V *m u) = factor l V e *m extended u.
Proof.
rewrite /preact /factor mul_row_col mulmx1 mulmxDl -!mulmxA addrAC; congr (_ + _ + _).
by rewrite [e *m u]mx11_scalar mul_mx_scalar mxE.
Qed.

Lemma value_of_chain n k (N : net R n k) d (V : 'M[R]_(n, d)) e u :
  run N ((e *m u) 0 0) (V *m u) = value (gains N) (grams (chain_from N V e)) u.
Proof.
elim: N d V e u => [n' k' l|n' m k' g o l N' IH] d V e u /=; first exact: preact_factor.
rewrite preact_factor gram_form; move: (g _) => a; rewrite -IH -scalemxAr -scalemxAr last_row_extended.
by rewrite mxE mxE mulr1.
Qed.

(* B9, the formula (0): z_l = V_l w_l, r_l = w_lᵀ N_l w_l, so y is made of x, the gains and the invariants alone. *)
Theorem output_of_invariants n k (N : net R n k) x : output N x = value (gains N) (invariants N) x.
Proof. by have := value_of_chain N 1%:M 0 x; rewrite mul1mx mul0mx mxE. Qed.

(* B9 (i), for every gain, any widths and any depth: N_l = N_l' for l < L and V_L = V_L' make equal functions. *)
Theorem equal_invariants_equal_functions n k (N N' : net R n k) :
  gains N = gains N' -> invariants N = invariants N' -> output N =1 output N'.
Proof. by move=> Eg EI x; rewrite !output_of_invariants Eg EI. Qed.

(* ---- What does not change them ---- *)

(* The same invariants, whatever reaches the first layer. *)
Definition same_invariants n k (N N' : net R n k) :=
  forall d (V : 'M[R]_(n, d)) e, grams (chain_from N V e) = grams (chain_from N' V e).

Theorem same_invariants_at_any_depth n m k (P : prefix R n m) (N N' : net R m k) :
  same_invariants N N' -> same_invariants (plug P N) (plug P N').
Proof. by elim: P N N' => //= n' m' p g o l P' IH N N' H d V e /=; rewrite (IH N N' H). Qed.

Corollary same_invariants_whole n k (N N' : net R n k) : same_invariants N N' -> invariants N = invariants N'.
Proof. by move=> H; apply: H. Qed.

(* What all of them do: V_l = A V_l' + c eᵀ, A with orthonormal columns and c perpendicular to them; o_l' = o_l + ‖c‖²,
   W_{l+1} → W_{l+1} A, ψ_{l+1} → ψ_{l+1} + W_{l+1} c. *)
Definition moved m n p (A : 'M[R]_(m, p)) (c : 'cV[R]_m) (l : layer R n m) : layer R n p :=
  add_psi (weight l *m c) (times_right A l).

Lemma chain_edit n n' k (N : net R n k) (f : layer R (rows N) n -> layer R (rows N) n') d
    (V : 'M[R]_(n', d)) (e : 'rV[R]_d) (V' : 'M[R]_(n, d)) (e' : 'rV[R]_d) :
  factor (f (first N)) V e = factor (first N) V' e' ->
  chain_from (edit f) V e = chain_from N V' e' .
Proof. by case: N f V' => [n0 k0 l|n0 m k0 g o l N'] f V' /= ->. Qed.

Lemma chain_edits n n' n'' k (N : net R n k) (f : layer R (rows N) n -> layer R (rows N) n')
    (f' : layer R (rows N) n -> layer R (rows N) n'') d (V : 'M[R]_(n', d)) (e : 'rV[R]_d) (V' : 'M[R]_(n'', d)) e' :
  factor (f (first N)) V e = factor (f' (first N)) V' e' -> chain_from (edit f) V e = chain_from (edit f') V' e'.
Proof. by case: N f f' => [n0 k0 l|n0 m k0 g o l N'] f f' /= ->. Qed.

Lemma factor_moved m n p d (A : 'M[R]_(m, p)) c (l : layer R n m) (V : 'M[R]_(p, d)) e :
  factor (moved A c l) V e = factor l (A *m V + c *m e) e.
Proof. by rewrite /factor /moved /= mulmxDr mulmxDl !mulmxA addrA addrAC. Qed.

(* The blocks of N: M = BᵀB, u = Bᵀb, ν = ‖b‖² + o. *)
Lemma gram_blocks m d (B : 'M[R]_(m, d)) (b : 'cV[R]_m) o :
  gram o (row_mx B b) = block_mx (B^T *m B) (B^T *m b) (b^T *m B) (nsq b + o)%:M.
Proof.
rewrite /gram /last_row !tr_row_mx !mul_col_mx !mul_mx_row -!block_mxEv !trmx0 !trmx1 !mul1mx !mul0mx ?mulmx0.
rewrite scale_block_mx !scaler0 add_block_mx !addr0 [b^T *m b]dot_col scalemx1 raddfD; congr block_mx.
Qed.

Lemma gram_corner m d o (V : 'M[R]_(m, d + 1)) : ulsubmx (gram o V) = (lsubmx V)^T *m lsubmx V.
Proof. by rewrite -{1}[V]hsubmxK gram_blocks block_mxKul. Qed.

Lemma gram_moved m p d (A : 'M[R]_(m, p)) (c : 'cV[R]_m) o (V : 'M[R]_(p, d + 1)) :
  A^T *m A = 1%:M -> A^T *m c = 0 -> gram o (A *m V + c *m last_row d) = gram (o + nsq c) V.
Proof.
move=> HA Hc; have Hc' : c^T *m A = 0 by rewrite -[LHS]trmxK trmx_mul trmxK Hc trmx0.
rewrite /gram [(_ + _)^T]linearD /= !trmx_mul mulmxDl !mulmxDr !mulmxA -(mulmxA V^T) HA mulmx1.
rewrite -(mulmxA V^T) Hc mulmx0 mul0mx addr0 -(mulmxA _ c^T A) Hc' mulmx0 mul0mx add0r -addrA; congr (_ + _).
rewrite scalerDl addrC; congr (_ + _).
by rewrite -(mulmxA _ c^T c) dot_col mul_mx_scalar -scalemxAl.
Qed.

Lemma invariants_moved m p n k (A : 'M[R]_(m, p)) c g o (l : layer R m n) (l' : layer R p n) (N : net R m k) d
    (V : 'M[R]_(n, d)) e :
  A^T *m A = 1%:M -> A^T *m c = 0 -> factor l V e = A *m factor l' V e + c *m last_row d ->
  grams (chain_from (Hidden g (o + nsq c) l' (edit (N := N) (moved A c))) V e)
  = grams (chain_from (Hidden g o l N) V e).
Proof.
move=> HA Hc EV /=; rewrite EV gram_moved //; congr Form; congr grams.
by apply: chain_edit; rewrite factor_moved.
Qed.

Lemma moved0 m n p (A : 'M[R]_(m, p)) (l : layer R n m) : moved A 0 l = times_right A l.
Proof. by case: l => W b q; rewrite /moved /add_psi /times_right /= mulmx0 addr0. Qed.

Lemma edit_ext n n' k (N : net R n k) (f f' : layer R (rows N) n -> layer R (rows N) n') :
  f =1 f' -> edit f = edit f'.
Proof. by case: N f f' => [n0 k0 l|n0 m k0 g o l N'] f f' E /=; rewrite E. Qed.

(* B1 *)
Theorem rotation_keeps_invariants p m n k (Q : 'M[R]_(p, m)) g o (l : layer R m n) (N : net R m k) :
  Q^T *m Q = 1%:M ->
  same_invariants (Hidden g o (times_left Q l) (edit (N := N) (times_right Q^T))) (Hidden g o l N).
Proof.
move=> HQ d V e /=; have EV : factor (times_left Q l) V e = Q *m factor l V e.
  by rewrite /factor /= mul_mx_row mulmxDr !mulmxA.
rewrite EV /gram trmx_mul !mulmxA -(mulmxA _ Q^T) HQ mulmx1; congr (Form _ (grams _)).
by apply: chain_edit; rewrite -moved0 factor_moved mul0mx addr0 mulmxA HQ mul1mx.
Qed.

Lemma factor_append_rows q m n d (l : layer R m n) (beta : 'cV[R]_q) (V : 'M[R]_(n, d)) e :
  factor (append_rows beta l) V e = col_mx (factor l V e) (beta *m last_row d).
Proof.
rewrite /factor /= mul_mx_row mulmx0 mulmx1 !mul_col_mx !mul0mx add_col_mx addr0.
by rewrite -[RHS]block_mxEv block_mxEh.
Qed.

Lemma gram_append_rows q m d (beta : 'cV[R]_q) o (V : 'M[R]_(m, d + 1)) :
  gram o (col_mx V (beta *m last_row d)) = gram (o + nsq beta) V.
Proof.
rewrite /gram tr_col_mx mul_row_col scalerDl addrA addrAC; congr (_ + _ + _).
by rewrite trmx_mul !mulmxA -(mulmxA _ beta^T) -/(dot _ _) dot_col mul_mx_scalar -scalemxAl.
Qed.

Lemma factor_append_columns q m n d (w : 'M[R]_(m, q)) (l : layer R m n) beta (V : 'M[R]_(n, d)) e :
  factor (append_columns w l) (col_mx V (beta *m e)) e = factor (add_psi (w *m beta) l) V e.
Proof. by rewrite /factor /= mul_row_col mulmxDl mulmxA addrA addrAC. Qed.

(* C1, C2, D1, D2: neurons of constant pre-activation β, or o_l + ‖β‖² and ψ_{l+1} + w β in their place. *)
Theorem absorption_keeps_invariants q m n k (l : layer R m n) (beta : 'cV[R]_q) g o (N : net R m k)
    (w : 'M[R]_(rows N, q)) :
  same_invariants (Hidden g o (append_rows beta l) (edit (N := N) (append_columns w)))
                  (Hidden g (o + nsq beta) l (edit (N := N) (add_psi (w *m beta)))).
Proof.
move=> d V e /=; rewrite factor_append_rows gram_append_rows; congr (Form _ (grams _)).
by apply: chain_edits; rewrite factor_append_columns.
Qed.

(* C1 *)
Corollary neurogenesis_keeps_invariants q m n k (l : layer R m n) g o (N : net R m k) (w : 'M[R]_(rows N, q)) :
  same_invariants (Hidden g o (append_rows 0 l) (edit (N := N) (append_columns w))) (Hidden g o l N).
Proof. by move=> d V e; rewrite absorption_keeps_invariants nsq0 mulmx0 addr0 add_psi0. Qed.

(* C2 *)
Theorem growth_keeps_invariants q m n k (l : layer R m n) (beta : 'cV[R]_q) g o (N : net R m k)
    (w : 'M[R]_(rows N, q)) :
  same_invariants
    (Hidden g (o - nsq beta) (append_rows beta l)
       (edit (N := N) (fun l' => append_columns w (add_psi (- (w *m beta)) l'))))
    (Hidden g o l N).
Proof.
move=> d V e /=; rewrite factor_append_rows gram_append_rows subrK; congr (Form _ (grams _)).
by apply: chain_edit; rewrite factor_append_columns /factor /= addrNK.
Qed.

(* D2 (D1 with β = 0) *)
Theorem removal_keeps_invariants q m n k (l : layer R (m + q) n) g o (N : net R (m + q) k) :
  dsubmx (weight l) = 0 -> dsubmx (psi l) = 0 ->
  let beta := dsubmx (bias l) in
  same_invariants (Hidden g (o + nsq beta) (drop_rows l) (edit (N := N) (absorb_next beta))) (Hidden g o l N).
Proof.
move=> EW Ep beta d V e /=.
have EV : factor l V e = col_mx (factor (drop_rows l) V e) (beta *m last_row d).
  rewrite -factor_append_rows; congr factor; case: l EW Ep @beta => W b p /= EW Ep.
  by rewrite /append_rows /drop_rows /= -[in LHS](vsubmxK W) -[in LHS](vsubmxK b) -[in LHS](vsubmxK p) EW Ep.
rewrite EV gram_append_rows; congr (Form _ (grams _)); apply: chain_edit.
by rewrite /absorb_next -factor_append_columns; congr factor; case: (first N) => W b p; rewrite /append_columns /= hsubmxK.
Qed.

(* D3 *)
Theorem phantom_keeps_invariants m n k (l : layer R m n) g (lambda : R) (N : net R m k) (c : 'cV[R]_(rows N)) :
  psi (first N) = lambda *: c ->
  same_invariants (Hidden g 0 (append_rows lambda%:M l)
                     (edit (N := N) (fun l' => append_columns c (Layer (weight l') (bias l') 0))))
                  (Hidden g (lambda * lambda) l N).
Proof.
move=> E d V e /=; rewrite factor_append_rows gram_append_rows nsq1 add0r; congr (Form _ (grams _)).
by apply: chain_edit; rewrite factor_append_columns /factor /= add0r mul_mx_scalar E.
Qed.

(* D5: B's orthonormal columns span those of W_l and ψ_l. *)
Theorem reduction_keeps_invariants p m n k (B : 'M[R]_(m, p)) (l : layer R m n) g o (N : net R m k) :
  B^T *m B = 1%:M -> B *m B^T *m weight l = weight l -> B *m B^T *m psi l = psi l ->
  let c := bias l - B *m B^T *m bias l in
  same_invariants
    (Hidden g (o + nsq c) (times_left B^T l) (edit (N := N) (fun l' => add_psi (weight l' *m c) (times_right B l'))))
    (Hidden g o l N).
Proof.
move=> HB EW Ep c d V e; apply: (@invariants_moved m p n k B c) => //.
  by rewrite /c mulmxBr !mulmxA HB mul1mx subrr.
rewrite /factor /= mul_mx_row mulmxDr !mulmxA EW Ep /last_row mul_mx_row mulmx0 mulmx1 add_row_mx addr0.
by congr row_mx; rewrite /c addrC subrK.
Qed.

End Identity.
