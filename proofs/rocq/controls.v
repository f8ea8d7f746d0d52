(* Wrong versions, refuted. Each theorem gives a network over ℚ on which a plausible variant of a statement
   is false. The gain is g(r) = 1/(1+r); widths are one where that is enough, so that matrices are
   numbers. *)
From mathcomp Require Import all_ssreflect fingroup perm ssralg ssrnum zmodp matrix mxalgebra rat.
From Isotropic Require Import scalars network primitive gauge growth removal collapse.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Definition Q := [comRingType of rat].
Definition gain : Q -> Q := @rational_gain rat_fieldType.

(* ---- Networks of numbers ---- *)

Definition number (a : Q) : 'M[Q]_1 := a%:M.
Definition layer1 (w b p : Q) : layer Q 1 1 := Layer (number w) (number b) (number p).

Lemma number_inj a b : number a = number b -> a = b.
Proof. by move/matrixP/(_ 0 0); rewrite !mxE eqxx !mulr1n. Qed.

Lemma preact1 w b p s x : preact (layer1 w b p) s (number x) = number (w * x + b + s * p).
Proof. by rewrite /preact /number /= -scalar_mxM scale_scalar_mx -!raddfD. Qed.

Lemma act1 g o z : act g o (number z) = number (g (z * z + o) * z).
Proof. by rewrite /act nsq1 scale_scalar_mx. Qed.

(* y of one hidden neuron (w, b, p) and output layer (v, b', p') *)
Definition value (g : Q -> Q) o w b p v b' p' s x : Q :=
  let z := w * x + b + s * p in let a := g (z * z + o) in v * (a * z) + b' + a * p'.

Lemma run_value g o w b p v b' p' s x :
  run (Hidden g o (layer1 w b p) (Output (layer1 v b' p'))) s (number x)
  = number (value g o w b p v b' p' s x).
Proof. by rewrite run_hidden preact1 act1 nsq1 /= preact1. Qed.

(* The same with a second hidden neuron (w₂, β, π) and its outgoing weight v₂. *)
Definition pair g o w b p w2 beta pi v v2 b' p' : net Q 1 1 :=
  Hidden g o (append_layer (layer1 w2 beta pi) (layer1 w b p))
    (Output (append_columns (number v2) (layer1 v b' p'))).

Definition value2 (g : Q -> Q) o w b p w2 beta pi v v2 b' p' s x : Q :=
  let z := w * x + b + s * p in let z2 := w2 * x + beta + s * pi in
  let a := g (z * z + z2 * z2 + o) in v * (a * z) + v2 * (a * z2) + b' + a * p'.

Lemma run_pair g o w b p w2 beta pi v v2 b' p' s x :
  run (pair g o w b p w2 beta pi v v2 b' p') s (number x)
  = number (value2 g o w b p w2 beta pi v v2 b' p' s x).
Proof.
rewrite run_hidden preact_append_layer !preact1 /act nsq_col !nsq1 scale_col_mx !scale_scalar_mx.
rewrite /= /preact /= mul_row_col -!scalar_mxM scale_scalar_mx -!raddfD.
by [].
Qed.

(* Two numbers that differ, computed. *)
Ltac differ := rewrite ?run_value ?run_pair => /number_inj /eqP; by vm_compute.

(* ---- D1, D2 ---- *)

(* One hidden neuron z = x, and a second one of constant pre-activation β = 2 with outgoing weight 3. *)
Definition before : net Q 1 1 := pair gain 1 1 0 0 0 2%:R 0 1 3%:R 0 0.
(* What D2 makes of it, with o and ψ as given. *)
Definition after o b' p' : net Q 1 1 := Hidden gain o (layer1 1 0 0) (Output (layer1 1 b' p')).

(* The right version, on the same network: o = 1 + β², ψ = 3 β. *)
Theorem absorption_holds_here : run before 0 (number 1) = run (after 5%:R 0 6%:R) 0 (number 1).
Proof. by rewrite run_pair run_value; congr number; apply/eqP; vm_compute. Qed.

(* D2 without ψ_{l+1} → ψ_{l+1} + w β (o alone is updated, as an independent replication did). *)
Theorem absorption_needs_psi : run before 0 (number 1) <> run (after 5%:R 0 0) 0 (number 1).
Proof. differ. Qed.

(* D2 without o_l → o_l + β². *)
Theorem absorption_needs_length : run before 0 (number 1) <> run (after 1 0 6%:R) 0 (number 1).
Proof. differ. Qed.

(* D2 with o_l → o_l + |β|. *)
Theorem absorption_length_is_squared :
  run before 0 (number 1) <> run (after 3%:R 0 6%:R) 0 (number 1).
Proof. differ. Qed.

(* D2 with w β folded into b_{l+1}. *)
Theorem absorption_not_into_bias :
  run before 0 (number 1) <> run (after 5%:R 6%:R 0) 0 (number 1).
Proof. differ. Qed.

(* D1, D4, D5, D9 with a bias that is dropped and not absorbed. *)
Theorem bias_is_not_dead : run before 0 (number 1) <> run (after 1 0 0) 0 (number 1).
Proof. differ. Qed.

(* A hidden layer z = x beneath, so that γ_{l-1} is a value that the gain takes (1/(1+r) ≤ 1 for r ≥ 0). *)
Definition below (N : net Q 1 1) : net Q 1 1 := Hidden gain 0 (layer1 1 0 0) N.

Lemma output_below N x : output (below N) (number x) = run N (gain (x * x + 0)) (number (gain (x * x + 0) * x)).
Proof.
rewrite /output /below run_hidden preact1 (_ : 1 * x + 0 + 0 * 0 = x) ?act1 ?nsq1 //.
by rewrite mul1r mulr0 !addr0.
Qed.

(* D1 with a ψ entry ignored: zero row and bias, π = 1. *)
Theorem psi_entry_is_not_dead :
  output (below (pair gain 1 1 0 0 0 0 1 1 3%:R 0 0)) (number 1) <> output (below (after 1 0 0)) (number 1).
Proof. rewrite !output_below; differ. Qed.

(* D6: absorbing the neuron whose row of W_l is zero and whose ψ entry is not: β = 1, π = 1. *)
Theorem psi_trap_is_inexact :
  output (below (pair gain 1 1 0 0 0 1 1 1 3%:R 0 0)) (number 1)
  <> output (below (after 2%:R 0 3%:R)) (number 1).
Proof. rewrite !output_below; differ. Qed.

(* D4 with s_{p+2} in place of s_{p+1}: rows 2 and 1, the second dropped, so s_{p+1} = 1 and s_{p+2} = 0,
   but y changes. *)
Theorem truncation_needs_first_dropped_value :
  run (pair gain 0 2%:R 0 0 1 0 0 1 1 0 0) 0 (number 1)
  <> run (Hidden gain 0 (layer1 2%:R 0 0) (Output (layer1 1 0 0))) 0 (number 1).
Proof. differ. Qed.

(* A4 with the constant g(o) of f_o for f_0: o = 1, z = 1/2, z' = 0. *)
Theorem lipschitz_constant_needs_length :
  let f := fun z : Q => gain (z * z) * z in
  ~ (f 2%:R^-1 - f 0) ^+ 2 <= (gain 1 * 2%:R^-1) ^+ 2 :> rat.
Proof. by move=> f; vm_compute. Qed.

(* ---- C1, C2 ---- *)

(* C1 with a new neuron of bias 1/2. *)
Theorem neurogenesis_needs_zero_bias :
  run (pair gain 1 1 0 0 0 2%:R^-1 0 1 3%:R 0 0) 0 (number 1) <> run (after 1 0 0) 0 (number 1).
Proof. differ. Qed.

(* C2 (from o = 5, β = 2, w = 3): the right version, then without ψ_{l+1} → ψ_{l+1} - w β, without
   o_l → o_l - β², and with o_l → o_l - β. *)
Theorem growth_holds_here :
  run (pair gain 1 1 0 0 0 2%:R 0 1 3%:R 0 (- 6%:R)) 0 (number 1)
  = run (after 5%:R 0 0) 0 (number 1).
Proof. by rewrite run_pair run_value; congr number; apply/eqP; vm_compute. Qed.

Theorem growth_needs_psi :
  run (pair gain 1 1 0 0 0 2%:R 0 1 3%:R 0 0) 0 (number 1) <> run (after 5%:R 0 0) 0 (number 1).
Proof. differ. Qed.

Theorem growth_needs_length :
  run (pair gain 5%:R 1 0 0 0 2%:R 0 1 3%:R 0 (- 6%:R)) 0 (number 1)
  <> run (after 5%:R 0 0) 0 (number 1).
Proof. differ. Qed.

Theorem growth_length_is_squared :
  run (pair gain 3%:R 1 0 0 0 2%:R 0 1 3%:R 0 (- 6%:R)) 0 (number 1)
  <> run (after 5%:R 0 0) 0 (number 1).
Proof. differ. Qed.

(* C1 where layers are normalised, first by the mean square ‖z‖²/n: the zero neuron changes n. *)
Definition mean_square_act (g : Q -> Q) n (z : 'cV[Q]_n) := g (nsq z / n%:R) *: z.

Theorem neurogenesis_fails_for_mean_square :
  usubmx (mean_square_act gain (col_mx (number 1) (0 : 'cV_1)))
  <> mean_square_act gain (number 1).
Proof.
rewrite /mean_square_act scale_col_mx col_mxKu nsq_col nsq0 nsq1 !scale_scalar_mx.
by move/number_inj/eqP; vm_compute.
Qed.

(* C1 and layer normalisation, which subtracts the mean: whatever the scales c and c' ≠ 0 divided by,
   (1, 1) goes to (0, 0), and the grown (1, 1, 0) does not. *)
Definition centred n (z : 'cV[rat]_n) : 'cV[rat]_n := z - const_mx ((\sum_i z i 0) / n%:R).

Theorem neurogenesis_fails_for_layer_norm (c c' : rat) : c' != 0 ->
  usubmx (c' *: centred (col_mx (const_mx 1 : 'cV_2) (0 : 'cV_1)))
  <> c *: centred (const_mx 1 : 'cV_2).
Proof.
have S2 : \sum_i (const_mx 1 : 'cV[rat]_2) i 0 = 2%:R.
  by rewrite (eq_bigr (fun=> 1)) ?sumr_const ?card_ord // => i _; rewrite mxE.
have S3 : \sum_i (col_mx (const_mx 1 : 'cV[rat]_2) (0 : 'cV_1)) i 0 = 2%:R.
  rewrite big_split_ord big_ord1 /= col_mxEd mxE addr0 -S2.
  by apply: eq_bigr => i _; rewrite col_mxEu.
move=> c0 /matrixP/(_ 0 0) /eqP; rewrite /centred S2 S3 2!mxE [X in _ * X]mxE [in X in _ == X]mxE.
rewrite [in X in _ == X]mxE col_mxEu !mxE divff // subrr mulr0 mulf_eq0 (negbTE c0) /=.
by vm_compute.
Qed.

(* ---- D3 ---- *)

(* D3 (o = 4, λ = 2, ψ = 6): the right version, then with the column ψ in place of ψ/λ, and with the
   pre-activation o in place of λ. *)
Theorem phantom_holds_here :
  run (after 4%:R 0 6%:R) 0 (number 1) = run (pair gain 0 1 0 0 0 2%:R 0 1 3%:R 0 0) 0 (number 1).
Proof. by rewrite run_pair run_value; congr number; apply/eqP; vm_compute. Qed.

Theorem phantom_column_is_divided :
  run (after 4%:R 0 6%:R) 0 (number 1) <> run (pair gain 0 1 0 0 0 2%:R 0 1 6%:R 0 0) 0 (number 1).
Proof. differ. Qed.

Theorem phantom_length_is_rooted :
  run (after 4%:R 0 6%:R) 0 (number 1)
  <> run (pair gain 0 1 0 0 0 4%:R 0 1 (6%:R / 4%:R) 0 0) 0 (number 1).
Proof. differ. Qed.

(* ---- D7 ---- *)

(* D7: growing by β = 1, w = 1 and removing without touching ψ does not give the network back … *)
Theorem round_trip_needs_psi :
  drop_columns (append_columns (number 1) (add_psi (- (number 1 *m number 1)) (layer1 1 0 0)))
  <> layer1 1 0 0.
Proof.
case=> _ /matrixP/(_ 0 0); rewrite -scalar_mxM !mxE eqxx !mulr1n => /eqP; by vm_compute.
Qed.

(* … nor does it when |β| is added to o as well as β². *)
Theorem round_trip_length : (5%:R - nsq (number 2%:R)) + nsq (number 2%:R) + 2%:R <> 5%:R :> Q.
Proof. by rewrite nsq1 => /eqP; vm_compute. Qed.

(* ---- B: rotations ---- *)

(* The rotation with first column (a, b). *)
Definition rotation (a b : Q) : 'M[Q]_(1 + 1) := block_mx (number a) (number (- b)) (number b) (number a).

Lemma rotation_orthogonal a b : a * a + b * b = 1 -> (rotation a b)^T *m rotation a b = 1%:M.
Proof.
move=> E; rewrite tr_block_mx !tr_scalar_mx mulmx_block -!scalar_mxM -!raddfD /=.
by rewrite !mulNr !mulrN opprK (mulrC b a) !addNr (addrC (b * b)) E !raddf0 -scalar_mx_block.
Qed.

Lemma rotation_col a b x y :
  rotation a b *m col_mx (number x) (number y) = col_mx (number (a * x - b * y)) (number (b * x + a * y)).
Proof. by rewrite mul_block_col -!scalar_mxM -!raddfD /= mulNr. Qed.

Lemma col_inj (a b c d : Q) :
  col_mx (number a) (number b) = col_mx (number c) (number d) -> a = c /\ b = d.
Proof. by case/eq_col_mx => /number_inj -> /number_inj ->. Qed.

(* A1: an elementwise activation, here t/(1+t²) in every entry, is not equivariant … *)
Definition elementwise (phi : Q -> Q) n (z : 'cV[Q]_n) : 'cV[Q]_n := map_mx phi z.
Definition squash (t : Q) : Q := gain (t * t) * t.

Theorem elementwise_is_not_equivariant : exists R : 'M[Q]_(1 + 1),
  R^T *m R = 1%:M /\ exists z, elementwise squash (R *m z) <> R *m elementwise squash z.
Proof.
exists (rotation (3%:R / 5%:R) (4%:R / 5%:R)); split.
  by apply: rotation_orthogonal; apply/eqP; vm_compute.
exists (col_mx (number 1) (number 0)).
have E a b : elementwise squash (col_mx (number a) (number b))
           = col_mx (number (squash a)) (number (squash b)).
  by rewrite /elementwise map_col_mx; congr col_mx; apply/matrixP => i j; rewrite !ord1 !mxE !mulr1n.
by rewrite rotation_col !E rotation_col => /col_inj [/eqP]; vm_compute.
Qed.

(* … yet commutes with signed permutations, so tests with those alone would pass. *)
Theorem elementwise_commutes_with_signed_permutations n (phi : Q -> Q) (s : 'S_n) (e : 'rV[Q]_n) z :
  (forall t, phi (- t) = - phi t) -> (forall i, e 0 i = 1 \/ e 0 i = -1) ->
  elementwise phi (diag_mx e *m perm_mx s *m z) = diag_mx e *m perm_mx s *m elementwise phi z.
Proof.
move=> odd sign; rewrite -!mulmxA -!row_permE; apply/matrixP => i j.
rewrite mxE !mul_diag_mx !mxE; case: (sign i) => ->; first by rewrite !mul1r.
by rewrite !mulN1r odd.
Qed.

(* B1 without rotating ψ_l: R = -1, W_l = 0, b_l = 0, ψ_l = 1, γ_{l-1} = 1. *)
Theorem gauge_needs_psi :
  run (Hidden gain 0 (layer1 0 0 1) (Output (layer1 (-1) 0 0))) 1 (number 0)
  <> run (Hidden gain 0 (layer1 0 0 1) (Output (layer1 1 0 0))) 1 (number 0).
Proof. differ. Qed.

(* B1 with W_{l+1} R in place of W_{l+1} Rᵀ: a quarter turn. *)
Theorem gauge_needs_transpose : exists (R : 'M[Q]_(1 + 1)) (l : layer Q (1 + 1) 1) (l' : layer Q (1 + 1) (1 + 1)) h,
  R^T *m R = 1%:M /\
  run (Hidden gain 0 (times_left R l) (Output (times_right R l'))) 0 h
  <> run (Hidden gain 0 l (Output l')) 0 h.
Proof.
pose R := rotation 0 1.
have HR : R^T *m R = 1%:M by apply: rotation_orthogonal; apply/eqP; vm_compute.
exists R, (Layer (col_mx (number 1) (number 0)) 0 0), (Layer 1%:M 0 0), (number 1); split=> //.
have Ez : preact (Layer (col_mx (number 1) (number 0)) 0 0) 0 (number 1)
          = col_mx (number 1) (number 0).
  by rewrite /preact /= scaler0 !addr0 mul_col_mx -!scalar_mxM !mulr1.
have Eo s u : preact (Layer (1%:M : 'M[Q]_(1 + 1)) 0 0) s u = u.
  by rewrite /preact /= scaler0 !addr0 mul1mx.
rewrite !run_hidden preact_times_left equivariance // Ez /= preact_times_right !Eo.
rewrite /act scale_col_mx !scale_scalar_mx !rotation_col => /col_inj [/eqP].
by rewrite nsq_col !nsq1; vm_compute.
Qed.

(* B2 rotated by U instead of Uᵀ: W = U S, S = diag(2, 1); the rows of U W are not orthogonal. *)
Theorem left_diagonalisation_needs_transpose : exists U S : 'M[Q]_(1 + 1),
  [/\ U^T *m U = 1%:M, is_diag_mx S & ~~ is_diag_mx ((U *m (U *m S)) *m (U *m (U *m S))^T)].
Proof.
pose block a b c d : 'M[Q]_(1 + 1) := block_mx (number a) (number b) (number c) (number d).
have mul_block a b c d a' b' c' d' : block a b c d *m block a' b' c' d'
    = block (a * a' + b * c') (a * b' + b * d') (c * a' + d * c') (c * b' + d * d').
  by rewrite /block mulmx_block -!scalar_mxM -!raddfD.
pose U := block (3%:R / 5%:R) (- (4%:R / 5%:R)) (4%:R / 5%:R) (3%:R / 5%:R).
exists U, (block 2%:R 0 0 1); split.
- by apply: (@rotation_orthogonal (3%:R / 5%:R) (4%:R / 5%:R)); apply/eqP; vm_compute.
- by rewrite is_diag_block_mx // !scalar_mx_is_diag /number !raddf0 !eqxx.
have tr_block a b c d : (block a b c d)^T = block a c b d.
  by rewrite /block tr_block_mx !tr_scalar_mx.
have diagonal a b c d : is_diag_mx (block a b c d) -> number b = number 0.
  by rewrite is_diag_block_mx // /number raddf0 => /and4P[/eqP].
rewrite /U !mul_block tr_block mul_block; apply/negP => /diagonal /number_inj /eqP.
by vm_compute.
Qed.

(* B3 without rotating the hidden layer before: W_2 = U S Vᵀ with V = -1 becomes S = 1 and y changes
   its sign. *)
Theorem full_diagonalisation_needs_layer_before :
  run (Hidden gain 0 (layer1 1 0 0) (Hidden gain 0 (layer1 1 0 0) (Output (layer1 1 0 0)))) 0 (number 1)
  <> run (Hidden gain 0 (layer1 1 0 0) (Hidden gain 0 (layer1 (-1) 0 0) (Output (layer1 1 0 0)))) 0 (number 1).
Proof.
rewrite !run_hidden !preact1 !act1 !nsq1 /= !preact1 !act1 !nsq1 !preact1.
by move/number_inj/eqP; vm_compute.
Qed.

(* ---- E ---- *)

(* E1 with c_1 weighted by Γ_2 = 1 in place of Γ_1 = γ_1: W_1 = W_2 = b_1 = 1 and x = 1. *)
Theorem collapsed_form_needs_gain :
  let N := Hidden gain 0 (layer1 1 1 0) (Output (layer1 1 0 0)) in
  let s := gain_products N 0 (number 1) in
  output N (number 1) <> head 0 s *: (weights_product N *m number 1) + (constants N)`_0.
Proof.
rewrite /= /output run_value preact1 /carried /= -!scalar_mxM mulr1 nsq1 -raddfD scale_scalar_mx -raddfD.
by move/number_inj/eqP; vm_compute.
Qed.

(* E2 with hidden biases: y - b_L is not even a multiple of A x (b_1 = 1, x = 0) … *)
Theorem collapse_needs_no_bias :
  let N := Hidden gain 0 (layer1 1 1 0) (Output (layer1 1 0 0)) in
  forall c, output N (number 0) - last_bias N <> c *: (weights_product N *m number 0).
Proof.
move=> N c; rewrite /output run_value /= -!scalar_mxM scale_scalar_mx -raddfB !mulr0.
by move/number_inj/eqP; vm_compute.
Qed.

(* … nor a positive multiple of it where A x ≠ 0 (b_1 = 2, x = -1) … *)
Theorem collapse_with_bias_turns_round :
  let N := Hidden gain 0 (layer1 1 2%:R 0) (Output (layer1 1 0 0)) in
  forall c : rat, 0 < c ->
  output N (number (-1)) - last_bias N <> c *: (weights_product N *m number (-1)).
Proof.
move=> N c c0; rewrite /output run_value /= -!scalar_mxM scale_scalar_mx -raddfB /=.
rewrite !mul1r mulrN1 => /number_inj E; suff : (0 : rat) < - c.
  by rewrite oppr_gt0 => /(lt_trans c0); rewrite ltxx.
by rewrite -[- c]E; vm_compute.
Qed.

(* … nor with a ψ (γ_1 ψ_2 is left at x = 0). *)
Theorem collapse_needs_no_psi :
  let N := Hidden gain 0 (layer1 1 0 0) (Output (layer1 1 0 1)) in
  forall c, output N (number 0) - last_bias N <> c *: (weights_product N *m number 0).
Proof.
move=> N c; rewrite /output run_value /= -!scalar_mxM scale_scalar_mx -raddfB !mulr0.
by move/number_inj/eqP; vm_compute.
Qed.

(* E2 and the unit-norm profile σ = 1, g(ρ²) = 1/ρ: the same network, any such gain. *)
Theorem collapse_fails_for_unit_norm (g : Q -> Q) :
  (forall rho : rat, 0 < rho -> g (rho * rho) = rho^-1) ->
  let N := Hidden g 0 (layer1 1 1 0) (Output (layer1 1 0 0)) in
  forall c, output N (number 0) - last_bias N <> c *: (weights_product N *m number 0).
Proof.
move=> unit N c; rewrite /output run_value /= -!scalar_mxM scale_scalar_mx -raddfB !mulr0.
have g1 : g 1 = 1 by have := unit 1 ltr01; rewrite mulr1 invr1.
by move/number_inj; rewrite /value !mulr0 !add0r !addr0 g1 => /eqP; vm_compute.
Qed.

From Isotropic Require Import gradient motion state conserved svd diagonalise eckart values residual sides.

Lemma numberD a b : number a + number b = number (a + b). Proof. by rewrite /number raddfD. Qed.
Lemma numberN a : - number a = number (- a). Proof. by rewrite /number raddfN. Qed.
Lemma numberM a b : number a *m number b = number (a * b). Proof. by rewrite /number scalar_mxM. Qed.
Lemma numberZ a b : a *: number b = number (a * b). Proof. by rewrite /number scale_scalar_mx. Qed.
Lemma number0 : 0 = number 0. Proof. by rewrite /number raddf0. Qed.
Lemma dot1 a b : dot (number a) (number b) = a * b.
Proof. by rewrite /dot /number tr_scalar_mx -scalar_mxM mxE eqxx mulr1n. Qed.
Lemma trace1 a : \tr (number a) = a. Proof. by rewrite /mxtrace big_ord1 mxE eqxx mulr1n. Qed.
Lemma numberT a : (number a)^T = number a. Proof. exact: tr_scalar_mx. Qed.
Definition numbers := (number0, numberT, numberD, numberN, numberM, numberZ, dot1, trace1).

(* ---- D9 ---- *)

(* One at a time and at once are the same only where there is a gap at the cut: of I, either direction may be what is kept, and no
   rotation of what is kept makes one of the other. *)
Section Tie.
Variable F : rcfType.

Lemma one_decomposes (U : 'M[F]_(1 + 1)) : U^T *m U = 1%:M -> U *m U^T = 1%:M -> decomposes (1%:M : 'M[F]_(1 + 1)) U U 1%:M.
Proof.
move=> H1 H2; split; rewrite ?mulmx1 //.
- by move=> i j ij; rewrite mxE -val_eqE (negbTE ij).
- by move=> i i' j j' /val_inj-> /val_inj-> _; rewrite !mxE !eqxx.
by move=> i j; rewrite mxE ler0n.
Qed.

Theorem tie_is_undetermined : exists P P' : 'M[F]_(1, 1 + 1),
  [/\ one_at_a_time (1%:M : 'M[F]_(1 + 1)) P, one_at_a_time (1%:M : 'M[F]_(1 + 1)) P' & forall Q : 'M_1, P <> Q *m P'].
Proof.
pose U : 'M[F]_(1 + 1) := block_mx 0 1%:M 1%:M 0.
have UT : U^T = U by rewrite tr_block_mx !trmx0 !trmx1.
have UU : U *m U = 1%:M by rewrite mulmx_block !mul0mx !mulmx1 !mulmx0 !addr0 !add0r -scalar_mx_block.
exists (1%:M *m usubmx (1%:M : 'M[F]_(1 + 1))^T), (1%:M *m usubmx U^T); split.
- by apply: OneRemoved (NoneRemoved _); apply: one_decomposes; rewrite trmx1 mulmx1.
- by apply: OneRemoved (NoneRemoved _); apply: one_decomposes; rewrite UT.
move=> Q /(congr1 lsubmx); rewrite !mul1mx UT trmx1 (@scalar_mx_block _ 1 1) /block_mx !col_mxKu row_mxKl.
by rewrite mul_mx_row row_mxKl mulmx0 => /matrixP/(_ 0 0) /eqP; rewrite !mxE eqxx oner_eq0.
Qed.
End Tie.

(* ---- E7 ---- *)

(* (15 + r)/(15 + 6 r), the inverse of which is not convex: y_i - y_j = 1 - γ (x + 3)/2 is -, +, - at x = 0, 5, 10. *)
Definition tanh_like (r : Q) : Q := ((15%:R + r) / (15%:R + 6%:R * r) : rat).

Theorem convex_side_needs_convex_inverse :
  let N := Hidden tanh_like 0 (layer1 1 0 0)
    (Output (append_layer (layer1 0 0 0) (layer1 (- 2%:R^-1 : rat) 1 (- (3%:R / 2%:R) : rat)))) in
  ~ convex_set (fun x : 'cV[rat_realFieldType]_1 => output N x (lshift 1 0) 0 <= output N x (rshift 1 0) 0 :> rat_realFieldType).
Proof.
move=> N; pose side (x : rat) : bool := value tanh_like 0 1 0 0 (- 2%:R^-1 : rat) 1 (- (3%:R / 2%:R) : rat) 0 x <= 0 :> rat.
have E (x : rat) : (output N (number x) (lshift 1 0) 0 <= output N (number x) (rshift 1 0) 0 :> rat) = side x.
  rewrite /output /N run_hidden preact1 act1 nsq1 /= preact_append_layer !preact1 col_mxEu col_mxEd !mxE !mulr1n.
  by rewrite /side /value; congr (_ <= _); rewrite mul0r mulr0 !addr0.
have [s0 s10 s5] : [/\ side 0, side 10%:R & ~~ side 5%:R] by split; vm_compute.
move=> convex; suff /(_ s0 s10) : side 0 -> side 10%:R -> side 5%:R by rewrite (negbTE s5).
rewrite -!E (_ : number 5%:R = between (2%:R^-1 : rat) (number 0) (number 10%:R)); first by apply: convex; vm_compute.
by rewrite /between !scale_scalar_mx -raddfD; congr _%:M; apply/eqP; vm_compute.
Qed.

(* ---- F3, F4 ---- *)

(* F3 with o's momentum reset: o = 1 with momentum 1, one step m ← m, θ ← θ - m without any data. *)
Theorem growth_keeps_momentum :
  let one := Factor4 1 1 1 1 : factor4 Q in let zero := Factor4 0 0 0 0 : factor4 Q in let back := Factor4 (-1) (-1) (-1) (-1) : factor4 Q in
  let step := Rule [:: one; one] [:: zero; zero] [:: zero; zero] [:: one; one] [:: back; back] [:: zero; zero] in
  let t : params Q 1 1 [:: 1%N] := ((layer1 0 0 0, 1), layer1 0 0 0) in
  let reset : params Q 1 1 [:: 1%N] := ((layer1 0 0 0, 0), layer1 0 0 0) in
  let P := padding Q 1 [:: 1%N] in
  let trained m := train_step id (fun=> 1) [::] (compress 1%:M P t, compress 1%:M P m, [::]) ([::] : inputs Q 1 1, fun=> step) in
  trained reset <> trained t.
Proof. by move=> one zero back step t reset P trained /(congr1 (fun s => s.1.1.1.2)) /eqP; vm_compute. Qed.

(* F4 counted among min(m, n) singular values alone: where a layer is no narrower than the one before, growing adds none, and would
   go on for ever. *)
Section Counting.
Variable F : rcfType.
Definition least_count m n (S : 'M[F]_(m, n)) (theta2 : F) : nat := #|[pred i : 'I_m | (i < minn m n)%N && (row_nsq S i <= theta2)]|.

Theorem counting_least_grows_for_ever k n q (S : 'M[F]_(n + k, n)) theta2 :
  least_count (col_mx S (0 : 'M_(q, n))) theta2 = least_count S theta2.
Proof.
have [E1 _] := row_nsq_padded q S; rewrite /least_count !(minn_idPr _) ?leq_addr -?addnA ?leq_addr //.
rewrite -!sum1_card big_split_ord /= [X in (_ + X)%N]big_pred0 ?addn0 => [|i].
  by apply: eq_bigl => i; rewrite !inE E1.
by rewrite inE /= ltnNge -addnA leq_addr.
Qed.
End Counting.

(* ---- F7 ---- *)

(* The charge of 1/(1+r) with weight 1 for ψ_{l+1}: 2 - 1 too little of ⟨ψ_{l+1}, ∂L/∂ψ_{l+1}⟩, which is 1 here. *)
Definition rational_slope (r : Q) : Q := - (gain r * gain r).
Theorem charge_needs_weight_of_psi :
  let t : params Q 1 1 [:: 1%N] := ((layer1 0 0 0, 0), layer1 0 0 1) in
  let g := gradient id (fun=> 1) [:: (gain, rational_slope)] [:: (number 0, fun=> number 1)] t in
  charge 2%:R (fun o => 1 + o) 0 t g + (1 - 2%:R) * dot (psi t.2) (psi g.2) <> 0.
Proof.
move=> t g; rewrite /g charge_is_conserved ?add0r => [|r]; last first.
  have E : gain r * (gain r * (1 + r)) = gain r.
    rewrite /gain /rational_gain; have [r0|r0] := eqVneq (1 + r : rat_fieldType) 0; first by rewrite r0 invr0 mul0r.
    by rewrite mulVf // mulr1.
  by rewrite /= /rational_slope -opprD mulNr mulrDl -!mulrA E mulr_natl mulr2n.
rewrite /= !preact1 nsq1 ?(addr0, add0r) !numbers.
by move/eqP; vm_compute.
Qed.

(* The charge with a gain of another kind: g = 1. *)
Theorem charge_needs_its_gain :
  let t : params Q 1 1 [:: 1%N] := ((layer1 0 0 0, 0), layer1 0 0 1) in
  charge 2%:R (fun o => 1 + o) 0 t (gradient id (fun=> 1) [:: (fun=> 1, fun=> 0)] [:: (number 0, fun=> number 1)] t) <> 0.
Proof.
rewrite /= !preact1 /layer_inner /= !numbers.
by move/eqP; vm_compute.
Qed.

(* ---- F9 ---- *)

(* A direction under heavy ball does not fall by 1 - ηλ a step: η = 1, λ = μ = 1/2. *)
Fixpoint falling (t : nat) : Q * Q := if t is t'.+1 then
  let v := (2%:R^-1 : rat) * (falling t').2 + (2%:R^-1 : rat) * (falling t').1 in ((falling t').1 - v, v) else (1, 0).
Theorem decay_needs_momentum : exists s v : nat -> Q,
  [/\ forall t, v t.+1 = (2%:R^-1 : rat) * v t + (2%:R^-1 : rat) * s t, forall t, s t.+1 = s t - 1 * v t.+1
    & s 2%N <> (1 - 1 * (2%:R^-1 : rat)) ^+ 2 * s 0%N].
Proof.
exists (fun t => (falling t).1), (fun t => (falling t).2); split=> [t|t|]; first by [].
  by rewrite mul1r.
by move/eqP; vm_compute.
Qed.

(* ---- G ---- *)

(* G1: pooling by the larger of two pixels does not turn with the channels, here with one that changes its sign. *)
Definition max_pool n (h : 'M[rat]_(n, 2)) : 'cV[rat]_n := \col_i Num.max (h i 0) (h i 1).
Theorem max_pooling_does_not_turn : exists R : 'M[rat]_1,
  R^T *m R = 1%:M /\ exists h, max_pool (R *m h) <> R *m max_pool h.
Proof.
exists (-1)%:M; split; first by rewrite tr_scalar_mx -scalar_mxM mulN1r opprK.
exists (\matrix_(i, j) (j == 0)%:R) => /matrixP/(_ 0 0); rewrite !mul_scalar_mx !mxE => /eqP; by vm_compute.
Qed.

(* G2: the blocks turned, what enters the stream not (T = 2, one block that adds what it reads). *)
Definition adding (c : Q) : block Q 1 := Block (number 1) (number 0) id (number 1) (number c).
Theorem stream_must_be_turned : exists T T' : 'M[Q]_1, T' *m T = 1%:M /\
  stream (number 1) (map (turned_block T T' 0) [:: adding 0]) <> T *m stream (number 1) [:: adding 0].
Proof.
exists (number 2%:R), (number (2%:R^-1 : rat)); split; first by rewrite -scalar_mxM; congr _%:M; apply/eqP; vm_compute.
rewrite /stream /= /stream_step /= !numbers.
by move/number_inj/eqP; vm_compute.
Qed.

(* G2: the shift in what every writer adds, not in the first alone. *)
Definition shifted_block n (s : 'cV[Q]_n) (b : block Q n) : block Q n :=
  Block (reads b) (at_start b - reads b *m s) (@does _ _ b) (writes b) (adds b + s).
Theorem shift_enters_once : exists (h s : 'cV[Q]_1) (bs : seq (block Q 1)),
  stream h (map (shifted_block s) bs) <> stream h bs + s.
Proof.
exists (number 0), (number 1), [:: adding 0; adding 0].
rewrite /stream /= /stream_step /= !numbers.
by move/number_inj/eqP; vm_compute.
Qed.
