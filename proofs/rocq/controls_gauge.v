(* Wrong versions of what rotates and of what collapses, refuted. See controls.v. *)
From mathcomp Require Import all_ssreflect fingroup perm ssralg ssrnum zmodp matrix mxalgebra rat.
From Isotropic Require Import scalars network primitive gauge collapse residual controls.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

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

From Isotropic Require Import convolution.

(* G1: a map of gains that is 1 in the padding. There h is 0, and a channel of constant bias β adds nothing; what absorption puts in
   its place adds w β. *)
Definition padded m c P P' (l : conv Q m c P P') (gamma : 'rV[Q]_P) (h : 'M[Q]_(c, P)) : 'M[Q]_(m, P') :=
  cpreact l gamma h + \sum_(k < taps l) @kernel_psi _ _ _ _ _ l k *m (const_mx 1 - const_mx 1 *m @shift _ _ _ _ _ l k).
Theorem padding_has_no_gain : exists (beta : 'cV[Q]_1) (l : conv Q 1 1 1 1) (next : conv Q 1 (1 + 1) 1 1) (gamma : 'rV[Q]_1)
    (h : 'M[Q]_1),
  let z := cpreact (append_channels beta l) gamma h in let z' := cpreact l gamma h in
  padded (map_taps (fun W psi => (lsubmx W, psi + rsubmx W *m beta)) next)
    (gains gain (1 + nsq beta) z') (cact gain (1 + nsq beta) z')
  <> padded next (gains gain 1 z) (cact gain 1 z).
Proof.
exists (number 1), (Conv (fun _ : 'I_1 => number 1) (fun=> number 0) (number 0) (fun=> 1%:M)).
exists (Conv (fun _ : 'I_1 => const_mx 1) (fun=> number 0) (number 0) (fun=> 0)), (number 1), (number 1).
move=> z z'; rewrite /padded /cpreact /= !big_ord1 !mulmx0 !subr0 -number0 !mul0mx !add0r.
by move/matrixP/(_ 0 0); rewrite !mxE !big_ord1 !mxE big_ord1 !mxE eqxx !mulr1 => /eqP; vm_compute.
Qed.
