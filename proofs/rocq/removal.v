(* D: shrinking a hidden layer, and what the intrinsic length is for. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From Isotropic Require Import scalars network primitive gauge growth.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Section Removal.
Variable R : comRingType.
Add Ring R_ring : (ring_laws R).

(* The last q neurons of a layer, which go; [drop_rows] keeps the others. *)
Definition dropped q m n (l : layer R (m + q) n) : layer R q n :=
  Layer (dsubmx (weight l)) (dsubmx (bias l)) (dsubmx (psi l)).

(* The next layer when they go: their columns w leave ψ_{l+1} → ψ_{l+1} + w β behind. *)
Definition absorb_next q m n (beta : 'cV[R]_q) (l : layer R n (m + q)) : layer R n m :=
  add_psi (rsubmx (weight l) *m beta) (drop_columns l).

Lemma preact_split q m n (l : layer R (m + q) n) gamma h :
  preact l gamma h = col_mx (preact (drop_rows l) gamma h) (preact (dropped l) gamma h).
Proof.
by rewrite /preact /= -!add_col_mx -scale_col_mx -mul_col_mx !vsubmxK.
Qed.

Lemma constant_dropped q m n (l : layer R (m + q) n) gamma h :
  dsubmx (weight l) = 0 -> dsubmx (psi l) = 0 ->
  preact (dropped l) gamma h = dsubmx (bias l).
Proof. by move=> EW Ep; rewrite /preact /= EW Ep mul0mx scaler0 add0r addr0. Qed.

Lemma preact_absorb_next q m n (l : layer R n (m + q)) gamma u (beta : 'cV[R]_q) :
  preact l gamma (gamma *: col_mx u beta) = preact (absorb_next beta l) gamma (gamma *: u).
Proof.
rewrite scale_col_mx /absorb_next -preact_append_columns.
by case: l => W b p; rewrite /append_columns /= hsubmxK.
Qed.

(* D2: neurons with zero rows and zero ψ_l entries, biases β, outgoing columns w are removed exactly by
   o_l → o_l + ‖β‖², ψ_{l+1} → ψ_{l+1} + w β. *)
Theorem absorption q m n k (l : layer R (m + q) n) g o (N : net R (m + q) k) :
  dsubmx (weight l) = 0 -> dsubmx (psi l) = 0 ->
  let beta := dsubmx (bias l) in
  same_function (Hidden g (o + nsq beta) (drop_rows l) (edit (N := N) (absorb_next beta)))
                (Hidden g o l N).
Proof.
move=> EW Ep beta gamma h; rewrite !run_hidden preact_split constant_dropped // -/beta.
rewrite /act nsq_col -addrA (addrC (nsq beta)) run_edit run_rest.
by rewrite preact_absorb_next.
Qed.

(* D1: with β = 0 as well, the neuron just goes: o_l and ψ_{l+1} stay. *)
Theorem dead_neuron q m n k (l : layer R (m + q) n) g o (N : net R (m + q) k) :
  dsubmx (weight l) = 0 -> dsubmx (bias l) = 0 -> dsubmx (psi l) = 0 ->
  same_function (Hidden g o (drop_rows l) (edit (N := N) (@drop_columns R q _ _)))
                (Hidden g o l N).
Proof.
move=> EW Eb Ep gamma h; rewrite -[RHS](@absorption q m n k l) // Eb nsq0 addr0 !run_hidden !run_edit.
by rewrite /absorb_next mulmx0 /preact /add_psi /= addr0.
Qed.

(* D2, what is left without ψ_{l+1} → ψ_{l+1} + w β, one hidden layer: exactly γ w β. *)
Theorem absorption_without_psi q m n k (l : layer R m n) (beta : 'cV[R]_q) g o (l' : layer R k m)
    (w : 'M[R]_(k, q)) gamma h :
  run (Hidden g o (append_rows beta l) (Output (append_columns w l'))) gamma h
  - run (Hidden g (o + nsq beta) l (Output l')) gamma h
  = g (nsq (preact l gamma h) + (o + nsq beta)) *: (w *m beta).
Proof.
rewrite (@constant_neurons _ _ _ _ _ _ _ _ _ (Output l')) !run_hidden.
move: (g _) (act _ _ _) => a u; rewrite /= /preact /add_psi /= scalerDr addrA.
by rewrite [LHS]addrC addKr.
Qed.

(* D2, what is left without o_l → o_l + ‖β‖², one hidden layer: exactly (γ - γ') (W' z + ψ + w β). *)
Theorem absorption_without_length q m n k (l : layer R m n) (beta : 'cV[R]_q) g o
    (l' : layer R k m) (w : 'M[R]_(k, q)) gamma h :
  let z := preact l gamma h in
  run (Hidden g o (append_rows beta l) (Output (append_columns w l'))) gamma h
  - run (Hidden g o l (Output (add_psi (w *m beta) l'))) gamma h
  = (g (nsq z + (o + nsq beta)) - g (nsq z + o)) *: (weight l' *m z + psi l' + w *m beta).
Proof.
move=> z; rewrite (@constant_neurons _ _ _ _ _ _ _ _ _ (Output l')) !run_hidden -/z /act.
set a := g (nsq z + (o + nsq beta)); set a' := g (nsq z + o); clearbody a a' z; rewrite /= /preact /add_psi /= -!scalemxAr scalerBl !scalerDr.
by apply/matrixP => i j; rewrite !mxE; scalar_ring R.
Qed.

(* D2, "nothing less": with o alone the function changes wherever γ w β ≠ 0 … *)
Corollary absorption_necessary_psi q m n k (l : layer R m n) (beta : 'cV[R]_q) g o (l' : layer R k m)
    (w : 'M[R]_(k, q)) gamma h :
  g (nsq (preact l gamma h) + (o + nsq beta)) *: (w *m beta) != 0 ->
  run (Hidden g (o + nsq beta) l (Output l')) gamma h
  <> run (Hidden g o (append_rows beta l) (Output (append_columns w l'))) gamma h.
Proof. by rewrite -(absorption_without_psi l beta g o l') => /negP ne E; apply: ne; rewrite E subrr. Qed.

(* D2, but where γ falls by one factor c from r to r + ‖β‖² for every r (c = e^{-‖β‖²} for the injective gain e^{-r}), nothing
   of z reaches the outputs and (1 - c) ψ_{l+1} = c w β, the neuron goes with neither: "g injective and not all outputs
   constant" is not enough for "nothing less". *)
Theorem absorption_unnecessary q m n k (l : layer R m n) (beta : 'cV[R]_q) (g : R -> R) o c (l' : layer R k m)
    (w : 'M[R]_(k, q)) :
  (forall r, g (r + nsq beta) = c * g r) -> weight l' = 0 -> (1 - c) *: psi l' = c *: (w *m beta) ->
  same_function (Hidden g o (append_rows beta l) (Output (append_columns w l'))) (Hidden g o l (Output l')).
Proof.
move=> law W0 Epsi gamma h; rewrite (@constant_neurons _ _ _ _ _ _ _ _ _ (Output l')) !run_hidden /= /act.
rewrite (addrA _ o) law; set a := g _; rewrite /preact /add_psi /= W0 !mul0mx !add0r; congr (_ + _).
rewrite mulrC -!scalerA; congr (_ *: _); rewrite scalerDr -Epsi -scalerDl addrC subrK scale1r //.
Qed.

(* D8: folding e w β (e = E[γ]) into b_{l+1} instead leaves exactly (γ - e) w β. *)
Theorem expectation_rule q m n k (l : layer R m n) (beta : 'cV[R]_q) g o (l' : layer R k m)
    (w : 'M[R]_(k, q)) e gamma h :
  run (Hidden g o (append_rows beta l) (Output (append_columns w l'))) gamma h
  - run (Hidden g (o + nsq beta) l
           (Output (Layer (weight l') (bias l' + e *: (w *m beta)) (psi l')))) gamma h
  = (g (nsq (preact l gamma h) + (o + nsq beta)) - e) *: (w *m beta).
Proof.
rewrite (@constant_neurons _ _ _ _ _ _ _ _ _ (Output l')) !run_hidden.
move: (g _) (act _ _ _) (w *m beta) => a u v; rewrite /= /preact /add_psi /= scalerBl !scalerDr.
move: (weight l' *m u) => x.
by apply/matrixP => i j; rewrite !mxE; scalar_ring R.
Qed.

(* D3: o_l = λ² and ψ_{l+1} = λ c are one hidden neuron of constant pre-activation λ and outgoing
   column c: the lifted vector (z, λ) goes through plain isotropic f (o = 0). *)
Theorem phantom_neuron m n k (l : layer R m n) g (lambda : R) (N : net R m k)
    (c : 'cV[R]_(rows N)) :
  psi (first N) = lambda *: c ->
  same_function (Hidden g 0 (append_rows lambda%:M l)
                   (edit (N := N) (fun l' => append_columns c (Layer (weight l') (bias l') 0))))
                (Hidden g (lambda * lambda) l N).
Proof.
move=> E gamma h; rewrite !run_hidden preact_append_rows /act nsq_col nsq1 addr0.
by rewrite scale_col_mx run_edit preact_append_columns mul_mx_scalar run_rest /preact /= add0r -E.
Qed.

(* D3: hence absorption composes, in any order: absorbing β₁ and then β₂ is absorbing both at once. *)
Theorem absorption_composes q1 q2 m n (beta1 : 'cV[R]_q1) (beta2 : 'cV[R]_q2) o
    (l : layer R m n) (w1 : 'M_(m, q1)) (w2 : 'M_(m, q2)) :
  (o + nsq beta1) + nsq beta2 = o + nsq (col_mx beta1 beta2) /\
  add_psi (w2 *m beta2) (add_psi (w1 *m beta1) l)
  = add_psi (row_mx w1 w2 *m col_mx beta1 beta2) l.
Proof. by rewrite nsq_col addrA /add_psi /= mul_row_col addrA. Qed.

(* D6: using the SVD of W_l alone, a removed pre-activation is β + γ_{l-1} π with π = uᵀψ_l: it is
   not constant unless π = 0. *)
Theorem psi_trap q m n (l : layer R (m + q) n) gamma h :
  dsubmx (weight l) = 0 ->
  preact (dropped l) gamma h = dsubmx (bias l) + gamma *: dsubmx (psi l).
Proof. by move=> EW; rewrite /preact /= EW mul0mx add0r. Qed.

(* The last q neurons dropped, whatever their rows are, and β absorbed for them: their biases (D4), or their
   means over a sample (D10). *)
Definition truncated q m n k (beta : 'cV[R]_q) g o (l : layer R (m + q) n) (N : net R (m + q) k) :
    net R n k :=
  Hidden g (o + nsq beta) (drop_rows l) (edit (N := N) (absorb_next beta)).

Definition truncated_gain q m n (beta : 'cV[R]_q) g o (l : layer R (m + q) n) gamma h : R :=
  g (nsq (preact (drop_rows l) gamma h) + (o + nsq beta)).

(* D4, exact form, last hidden layer, dropped pre-activations β + δ with columns W_d (here multiplied
   by γ', so that it holds in any ring): γ'(y - y') = γ'γ W_d δ + (γ - γ')(y' - b_L). *)
Theorem truncation_exact_form q m n k (beta : 'cV[R]_q) g o (l : layer R (m + q) n) (l' : layer R k (m + q)) gamma h :
  let y := run (Hidden g o l (Output l')) gamma h in
  let y' := run (truncated beta g o l (Output l')) gamma h in
  let a := g (nsq (preact l gamma h) + o) in
  let a' := truncated_gain beta g o l gamma h in
  let delta := preact (dropped l) gamma h - beta in
  a' *: (y - y') = (a' * a) *: (rsubmx (weight l') *m delta) + (a - a') *: (y' - bias l').
Proof.
move=> y y' a a' delta.
set zk := preact (drop_rows l) gamma h.
set v := lsubmx (weight l') *m zk + (psi l' + rsubmx (weight l') *m beta).
have -> : y' = a' *: v + bias l'.
  rewrite /y' /= -/zk -/(truncated_gain beta g o l gamma h) -/a' /preact /absorb_next /=.
  by rewrite -scalemxAr addrAC -scalerDr.
have -> : y = a *: (v + rsubmx (weight l') *m delta) + bias l'.
  rewrite /y /= -/a preact_split -/zk; set zd := preact (dropped l) gamma h.
  have -> : v + rsubmx (weight l') *m delta = weight l' *m col_mx zk zd + psi l'.
    rewrite -[in RHS](hsubmxK (weight l')) mul_row_col /v /delta -/zd mulmxBr.
    by rewrite -!addrA; congr (_ + _); rewrite [X in _ + X]addrCA subrr addr0 addrC.
  by rewrite /preact -scalemxAr addrAC -scalerDr.
by apply/matrixP => i j; rewrite !mxE; scalar_ring R.
Qed.

(* D10, D4: exact wherever the dropped pre-activations are β. *)
Theorem truncation_exact_at q m n k (beta : 'cV[R]_q) g o (l : layer R (m + q) n)
    (N : net R (m + q) k) gamma h :
  preact (dropped l) gamma h = beta ->
  run (truncated beta g o l N) gamma h = run (Hidden g o l N) gamma h.
Proof.
move=> E; rewrite !run_hidden preact_split E /act nsq_col -addrA (addrC (nsq beta)) run_edit.
by rewrite [RHS]run_rest preact_absorb_next.
Qed.

(* D6, exactly: with the rows of W_l alone zero, δ = γ_{l-1} π is what remains. *)
Corollary psi_trap_error q m n k g o (l : layer R (m + q) n) (l' : layer R k (m + q)) gamma h :
  dsubmx (weight l) = 0 ->
  let beta := dsubmx (bias l) in
  let y := run (Hidden g o l (Output l')) gamma h in
  let y' := run (truncated beta g o l (Output l')) gamma h in
  let a := g (nsq (preact l gamma h) + o) in
  let a' := truncated_gain beta g o l gamma h in
  a' *: (y - y') = (a' * a * gamma) *: (rsubmx (weight l') *m dsubmx (psi l))
                   + (a - a') *: (y' - bias l').
Proof.
move=> EW beta y y' a a'; rewrite /y /y' truncation_exact_form psi_trap // addrAC subrr add0r.
by rewrite -scalemxAr scalerA.
Qed.

(* D7: C2 then D2 is the identity on (W, b, ψ, o). *)
Lemma edit_edit n n' n'' k (N : net R n k) (f : forall m, layer R m n' -> layer R m n'')
    (f' : layer R (rows N) n -> layer R (rows N) n') :
  edit (N := edit (N := N) f') (f _) = edit (N := N) (fun l => f _ (f' l)).
Proof. by case: N f'. Qed.

Theorem grow_then_remove q m n k (l : layer R m n) (beta : 'cV[R]_q) g o (N : net R m k)
    (w : 'M[R]_(rows N, q)) :
  let l1 := append_rows beta l in
  let N1 := edit (N := N) (fun l' => append_columns w (add_psi (- (w *m beta)) l')) in
  Hidden g (o - nsq beta + nsq (dsubmx (bias l1))) (drop_rows l1)
         (edit (N := N1) (absorb_next (dsubmx (bias l1))))
  = Hidden g o l N.
Proof.
rewrite /= col_mxKd addrNK (edit_edit (fun m' => @absorb_next q m m' beta)); congr Hidden.
  by case: l => W b p; rewrite /drop_rows /= !col_mxKu.
apply: edit_id => -[W b p].
by rewrite /absorb_next /add_psi /drop_columns /= row_mxKr row_mxKl addrNK.
Qed.

(* D7: D2 then C2 (with the β and w that D2 removed) is the identity too. *)
Theorem remove_then_grow q m n k (l : layer R (m + q) n) g o (N : net R (m + q) k) :
  dsubmx (weight l) = 0 -> dsubmx (psi l) = 0 ->
  let beta := dsubmx (bias l) in
  Hidden g (o + nsq beta - nsq beta) (append_rows beta (drop_rows l))
    (edit (N := N) (fun l' => let w := rsubmx (weight l') in
       append_columns w (add_psi (- (w *m beta)) (absorb_next beta l'))))
  = Hidden g o l N.
Proof.
move=> EW Ep beta; rewrite addrK; congr Hidden.
  case: l EW Ep @beta => W b p /= EW Ep; rewrite /append_rows /drop_rows /=.
  by rewrite -[in RHS](vsubmxK W) -[in RHS](vsubmxK b) -[in RHS](vsubmxK p) EW Ep.
apply: edit_id => -[W b p].
by rewrite /append_columns /absorb_next /add_psi /drop_columns /= addrK hsubmxK.
Qed.

(* D9: a rotation of the kept neurons commutes with the removal of the others. With
   [absorption_composes]: removing neurons one at a time, with a rotation of the rest before each, is
   removing them at once and rotating the rest. *)
Theorem removal_commutes_with_rotation q m n (Q : 'M[R]_m) (l : layer R (m + q) n) :
  drop_rows (times_left (block_mx Q 0 0 1%:M) l) = times_left Q (drop_rows l) /\
  dropped (times_left (block_mx Q 0 0 1%:M) l) = dropped l.
Proof.
have E p (A : 'M_(m + q, p)) :
    block_mx Q 0 0 1%:M *m A = col_mx (Q *m usubmx A) (dsubmx A).
  by rewrite -{1}(vsubmxK A) mul_block_col !mul0mx mul1mx addr0 add0r.
by rewrite /drop_rows /dropped /times_left /= !E !col_mxKu !col_mxKd.
Qed.

Theorem removal_commutes_with_rotation_out q m n (Q : 'M[R]_m) (l : layer R n (m + q))
    (beta : 'cV[R]_q) :
  absorb_next beta (times_right (block_mx Q 0 0 1%:M)^T l) = times_right Q^T (absorb_next beta l).
Proof.
rewrite /absorb_next /times_right /drop_columns /add_psi /= tr_block_mx !trmx0 trmx1.
by rewrite -{1 2}(hsubmxK (weight l)) mul_row_block !mulmx0 mulmx1 addr0 add0r row_mxKl row_mxKr.
Qed.

(* D5, one layer: if the columns of B are orthonormal and span those of W_l and ψ_l, layer l reduces
   exactly to as many neurons as B has columns: (W_l, b_l, ψ_l) → Bᵀ(W_l, b_l, ψ_l),
   W_{l+1} → W_{l+1} B, and the part c = b - B Bᵀ b of the bias that B misses is absorbed.
   [ceiling.v] has the B, over a real closed field. *)
Theorem width_reduction p m n k (B : 'M[R]_(m, p)) (l : layer R m n) g o (N : net R m k) :
  B^T *m B = 1%:M -> B *m B^T *m weight l = weight l -> B *m B^T *m psi l = psi l ->
  let c := bias l - B *m B^T *m bias l in
  same_function
    (Hidden g (o + nsq c) (times_left B^T l)
       (edit (N := N) (fun l' => add_psi (weight l' *m c) (times_right B l'))))
    (Hidden g o l N).
Proof.
move=> HB EW Ep c gamma h; rewrite !run_hidden preact_times_left.
set z := preact l gamma h; set u := B^T *m z.
have Ez : z = B *m u + c.
  rewrite /u mulmxA /z /preact !mulmxDr -scalemxAr mulmxA EW Ep /c.
  move: (weight l *m h) (B *m B^T *m _) => x y.
  by apply/matrixP => i j; rewrite !mxE; scalar_ring R.
have Bc : B^T *m c = 0 by rewrite /c mulmxBr !mulmxA HB mul1mx subrr.
have En : nsq z = nsq u + nsq c.
  rewrite Ez nsqD nsq_isometry // -[RHS]addr0 addrAC; congr (_ + _).
  have -> : dot (B *m u) c = 0; last by rewrite addr0.
  by rewrite /dot trmx_mul -mulmxA Bc mulmx0 mxE.
rewrite /act En -addrA (addrC (nsq c)); set a := g _.
rewrite run_edit run_rest; congr rest; rewrite {1}Ez /preact /add_psi /times_right /=.
rewrite -!scalemxAr -mulmxA mulmxDr !scalerDr -!addrA; congr (_ + _).
by rewrite addrCA; congr (_ + _); rewrite addrC.
Qed.

(* D5 without o and ψ_{l+1} at one's disposal: if B spans b_l too, nothing is left to absorb. *)
Corollary width_reduction_plain p m n k (B : 'M[R]_(m, p)) (l : layer R m n) g o (N : net R m k) :
  B^T *m B = 1%:M -> B *m B^T *m weight l = weight l -> B *m B^T *m psi l = psi l ->
  B *m B^T *m bias l = bias l ->
  same_function (Hidden g o (times_left B^T l) (edit (N := N) (times_right B)))
                (Hidden g o l N).
Proof.
move=> HB EW Ep Eb gamma h; rewrite -[RHS](width_reduction g o N HB EW Ep) Eb subrr nsq0 addr0.
by rewrite !run_hidden !run_edit mulmx0 /preact /add_psi /= addr0.
Qed.

End Removal.

Section Field.
Variable F : fieldType.

(* … and with ψ alone wherever y is not b_L, if g is injective and ‖β‖² ≠ 0. *)
Theorem absorption_necessary_length q m n k (l : layer F m n) (beta : 'cV[F]_q) g o (l' : layer F k m)
    (w : 'M[F]_(k, q)) gamma h :
  injective g -> nsq beta != 0 ->
  run (Hidden g o (append_rows beta l) (Output (append_columns w l'))) gamma h != bias l' ->
  run (Hidden g o l (Output (add_psi (w *m beta) l'))) gamma h
  <> run (Hidden g o (append_rows beta l) (Output (append_columns w l'))) gamma h.
Proof.
move=> inj b0 y0 E; have := absorption_without_length l beta g o l' w gamma h; rewrite -E subrr /=.
set z := preact l gamma h; move/esym/eqP; rewrite scaler_eq0 subr_eq0 => /orP[/eqP/inj/addrI|/eqP v0].
  by move/eqP; rewrite -subr_eq0 addrC addKr (negbTE b0).
move: y0; rewrite -E run_hidden /act -/z; move: (g _) => a.
rewrite /= /preact /add_psi /= -scalemxAr addrAC -scalerDr [weight l' *m z + _]addrA v0 scaler0 add0r.
by rewrite eqxx.
Qed.

(* D4, exact form: y - y' = γ W_d δ + (γ/γ' - 1)(y' - b_L). *)
Theorem truncation_exact_form_field q m n k (beta : 'cV[F]_q) g o (l : layer F (m + q) n) (l' : layer F k (m + q))
    gamma h :
  let y := run (Hidden g o l (Output l')) gamma h in
  let y' := run (truncated beta g o l (Output l')) gamma h in
  let a := g (nsq (preact l gamma h) + o) in
  let a' := truncated_gain beta g o l gamma h in
  let delta := preact (dropped l) gamma h - beta in
  a' != 0 ->
  y - y' = a *: (rsubmx (weight l') *m delta) + (a / a' - 1) *: (y' - bias l').
Proof.
move=> y y' a a' delta a0; apply: (scalerI a0); rewrite truncation_exact_form.
rewrite -/a -/a' -/delta -/y'; move: (_ *m delta) (y' - _) => u v.
by rewrite scalerDr !scalerA mulrBr mulr1 (mulrC a' (a / a')) divfK.
Qed.

(* D3: absorbing β rotates (λ, β) onto one axis of length μ, μ² = λ² + β². *)
Theorem absorption_is_a_rotation (lambda beta mu : F) :
  mu != 0 -> mu * mu = lambda * lambda + beta * beta ->
  let Q := mu^-1 *: block_mx (lambda%:M : 'M_1) (beta%:M : 'M_1) (- beta)%:M lambda%:M in
  Q^T *m Q = 1%:M /\ Q *m col_mx lambda%:M beta%:M = col_mx (mu%:M : 'cV_1) 0.
Proof.
move=> mu0 Emu Q; split.
  rewrite /Q [(_ *: _)^T]linearZ /= -scalemxAl -scalemxAr scalerA tr_block_mx !tr_scalar_mx mulmx_block.
  rewrite -!scalar_mxM -!raddfD /= !mulNr !mulrN opprK -Emu (addrC (beta * beta)) -Emu.
  rewrite (mulrC lambda) !subrr !raddf0 scale_block_mx !scaler0.
  by rewrite !scale_scalar_mx mulrACA mulVf // mulr1 -scalar_mx_block.
rewrite /Q -scalemxAl mul_block_col -!scalar_mxM -!raddfD /= -Emu mulNr (mulrC beta) addNr raddf0.
by rewrite scale_col_mx scaler0 scale_scalar_mx mulrA mulVf // mul1r.
Qed.

End Field.
