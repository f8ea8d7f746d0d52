(* G1, the rest: B2, C3, C4, D3, D6 and D7 of convolutions. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From Isotropic Require Import scalars network primitive gauge growth svd diagonalise convolution.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Local Arguments taps {R m c P P'}.
Local Arguments kernel {R m c P P'}.
Local Arguments kernel_psi {R m c P P'}.
Local Arguments conv_bias {R m c P P'}.
Local Arguments shift {R m c P P'}.

Section Channels.
Variable R : comRingType.
Add Ring R_ring : (ring_laws R).

(* G1, C1: q channels of zero kernel, ψ and bias, and any outgoing kernel w. *)
Theorem conv_neurogenesis q m c P P1 k P' g o (l : conv R m c P P1) (N : cnet R m P1 k P')
    (w : forall p, 'M[R]_(p, m) -> 'M[R]_(p, q)) :
  same_cfunction
    (CHidden g o (append_channels (0 : 'cV_q) l) (cedit N (fun p W psi => (row_mx W (w p W), psi))))
    (CHidden g o l N).
Proof.
move=> gamma h /=; rewrite cpreact_append mul0mx.
have Eg z : gains g o (col_mx z (0 : 'M_(q, P1))) = gains g o z.
  by have := gains_append (0 : 'cV_q) g o z; rewrite mul0mx nsq0 addr0.
rewrite Eg /cact Eg mul_col_mx mul0mx; apply: crun_edit => p W psi /=.
by rewrite mul_row_col mulmx0 addr0.
Qed.

(* G1, C4: the enlarged layer may be rotated over its channels. *)
Theorem conv_growth_then_rotation q m c P P1 k P' (Q : 'M[R]_(m + q)) g o (l : conv R m c P P1) (N : cnet R m P1 k P')
    (w : forall p, 'M[R]_(p, m) -> 'M[R]_(p, q)) : Q^T *m Q = 1%:M ->
  same_cfunction
    (CHidden g o (ctimes_left Q (append_channels 0 l))
       (cedit (cedit N (fun p W psi => (row_mx W (w p W), psi))) (fun _ W psi => (W *m Q^T, psi))))
    (CHidden g o l N).
Proof. by move=> H gamma h; rewrite conv_gauge_invariance // conv_neurogenesis. Qed.

(* Equality of convolutions, tap by tap. *)
Definition same_conv m c P P' (l l' : conv R m c P P') :=
  exists E : taps l = taps l', [/\ forall i, kernel l i = kernel l' (cast_ord E i),
    forall i, kernel_psi l i = kernel_psi l' (cast_ord E i),
    conv_bias l = conv_bias l' & forall i, shift l i = shift l' (cast_ord E i)].

(* G1, C4: growing a rotated layer is rotating the grown one by R ⊕ I: the same parameters. *)
Theorem conv_growth_commutes_with_rotation q m c P P' (Q : 'M[R]_m) (beta : 'cV[R]_q) (l : conv R m c P P') :
  same_conv (append_channels beta (ctimes_left Q l)) (ctimes_left (block_mx Q 0 0 1%:M) (append_channels beta l)).
Proof.
exists erefl; split=> [i|i||i]; rewrite /= ?cast_ord_id // mul_block_col !mul0mx ?mulmx0 ?mul1mx;
  by rewrite addr0 ?add0r.
Qed.

(* G1, D3: o_l = λ² and kernels ψ_{l+1} are one hidden channel of constant pre-activation λ, of outgoing kernel ψ_{l+1}/λ (μ is
   1/λ), in plain isotropic f: o = 0 and no ψ_{l+1}. *)
Theorem conv_phantom m c P P1 k P' g (lambda mu : R) (l : conv R m c P P1) (N : cnet R m P1 k P') : mu * lambda = 1 ->
  same_cfunction (CHidden g 0 (append_channels (lambda%:M : 'cV_1) l) (cedit N (fun _ W psi => (row_mx W (mu *: psi), 0))))
    (CHidden g (lambda * lambda) l N).
Proof.
move=> E gamma h /=; rewrite cpreact_append gains_append nsq1 add0r /cact gains_append nsq1 add0r.
set z := cpreact l gamma h; set a := gains g _ z; apply: crun_edit => p W psi /=.
rewrite mul_col_mx mul_row_col mul0mx addr0; congr (_ + _); rewrite -!mulmxA -scalemxAl scalemxAr mul_scalar_mx scalerA E scale1r.
by congr (_ *m _); apply/rowP => i; rewrite mul_mx_diag !mxE mul1r.
Qed.

(* ---- C3 at the channels of a convolution: ε² = 0, new channels of small kernels ε K, ε π and bias ε β ---- *)

Definition scaffold q m c P P' eps (l : conv R m c P P') (K : 'I_(taps l) -> 'M[R]_(q, c)) (p : 'I_(taps l) -> 'cV[R]_q)
    (beta : 'cV[R]_q) : conv R (m + q) c P P' :=
  Conv (fun i => col_mx (kernel l i) (eps *: K i)) (fun i => col_mx (kernel_psi l i) (eps *: p i))
       (col_mx (conv_bias l) (eps *: beta)) (shift l).

(* What they would read at ε = 1. *)
Definition scaffold_reads q m c P P' (l : conv R m c P P') (K : 'I_(taps l) -> 'M[R]_(q, c)) (p : 'I_(taps l) -> 'cV[R]_q)
    (beta : 'cV[R]_q) gamma h : 'M[R]_(q, P') := cpreact (Conv K p beta (shift l)) gamma h.

Lemma cpreact_scaffold q m c P P' eps (l : conv R m c P P') (K : 'I_(taps l) -> 'M[R]_(q, c)) p beta gamma h :
  cpreact (scaffold eps K p beta) gamma h = col_mx (cpreact l gamma h) (eps *: scaffold_reads K p beta gamma h).
Proof.
rewrite /scaffold_reads /cpreact /= mul_col_mx scalerDr -[eps *: beta *m _]scalemxAl -add_col_mx; congr (_ + _).
rewrite scaler_sumr -sum_col_mx; apply: eq_bigr => i _.
by rewrite !mul_col_mx add_col_mx mul_col_mx -!scalemxAl -scalerDr -scalemxAl.
Qed.

Lemma gains_small q m P eps g o (z : 'M[R]_(m, P)) (d : 'M[R]_(q, P)) : eps * eps = 0 ->
  gains g o (col_mx z (eps *: d)) = gains g o z.
Proof.
move=> e2; apply/rowP => i; rewrite !mxE; have -> : col i (col_mx z (eps *: d)) = col_mx (col i z) (eps *: col i d).
  by rewrite col_col_mx; congr col_mx; apply/colP => j; rewrite !mxE.
by rewrite nsq_col nsqZ e2 mul0r addr0.
Qed.

(* C3: the next pre-activation changes by ε Σ_k w_k d diag(γ) S_k, d what the new channels read: nothing where w = 0. *)
Theorem conv_scaffold_first_order q m c P P1 k P' eps g o (l : conv R m c P P1) (K : 'I_(taps l) -> 'M[R]_(q, c)) p beta
    (l' : conv R k m P1 P') (w : 'I_(taps l') -> 'M[R]_(k, q)) gamma h : eps * eps = 0 ->
  let a := gains g o (cpreact l gamma h) in
  crun (CHidden g o (scaffold eps K p beta)
          (COutput (Conv (fun i => row_mx (kernel l' i) (w i)) (kernel_psi l') (conv_bias l') (shift l')))) gamma h
  = crun (CHidden g o l (COutput l')) gamma h
    + eps *: \sum_i w i *m (scaffold_reads K p beta gamma h *m diag_mx a) *m shift l' i.
Proof.
move=> e2 a; rewrite /= /cact cpreact_scaffold gains_small // -/a mul_col_mx.
move: (scaffold_reads _ _ _ _ _) (cpreact l gamma h *m _) => d x; clearbody a.
rewrite /cpreact /= addrAC; congr (_ + _); rewrite scaler_sumr -big_split /=; apply: eq_bigr => i _.
by rewrite mul_row_col -scalemxAl -scalemxAr addrAC mulmxDl -scalemxAl.
Qed.

(* C3: all zero is a saddle: kernels, bias and outgoing kernels all small change nothing to first order. *)
Theorem conv_scaffold_saddle q m c P P1 k P' eps g o (l : conv R m c P P1) (K : 'I_(taps l) -> 'M[R]_(q, c)) p beta
    (N : cnet R m P1 k P') (w : forall p, 'M[R]_(p, m) -> 'M[R]_(p, q)) : eps * eps = 0 ->
  same_cfunction (CHidden g o (scaffold eps K p beta) (cedit N (fun p W psi => (row_mx W (eps *: w p W), psi))))
    (CHidden g o l N).
Proof.
move=> e2 gamma h; rewrite /= /cact cpreact_scaffold gains_small // mul_col_mx; apply: crun_edit => r W psi /=.
by rewrite mul_row_col -!scalemxAl -scalemxAr scalerA e2 scale0r addr0.
Qed.

(* ---- D6, D7 ---- *)

(* G1, D6: where the unfolding's rows of the last q channels are zero and ψ_l's are not, a removed pre-activation is
   β + Σ_k π_k γ S_k: it follows the map of gains. *)
Theorem conv_psi_trap q m c P P' (l : conv R (m + q) c P P') gamma h : (forall i, dsubmx (kernel l i) = 0) ->
  dsubmx (cpreact l gamma h)
  = dsubmx (conv_bias l) *m const_mx 1 + \sum_i dsubmx (kernel_psi l i) *m gamma *m shift l i.
Proof.
move=> E; have down r (A : 'M[R]_(m + q, r)) s (B : 'M_(r, s)) : dsubmx (A *m B) = dsubmx A *m B.
  by rewrite -{1}[A]vsubmxK mul_col_mx col_mxKd.
rewrite /cpreact linearD /= linear_sum /= addrC down; congr (_ + _); apply: eq_bigr => i _.
by rewrite down linearD /= !down E mul0mx add0r.
Qed.

(* The last q channels taken away. *)
Definition drop_channels q m c P P' (l : conv R (m + q) c P P') : conv R m c P P' :=
  Conv (fun i => usubmx (kernel l i)) (fun i => usubmx (kernel_psi l i)) (usubmx (conv_bias l)) (shift l).

(* G1, D7: q channels of bias β and outgoing kernels w grown (C2) and absorbed again (D2): all parameters return, … *)
Theorem conv_grow_then_remove q m c P P' o (l : conv R m c P P') (beta : 'cV[R]_q) :
  let l1 := append_channels beta l in
  [/\ same_conv (drop_channels l1) l, o - nsq beta + nsq (dsubmx (conv_bias l1)) = o
    & forall r (W : 'M[R]_(r, m)) (psi : 'cV_r) (w : 'M_(r, q)),
        let W1 := row_mx W w in let psi1 := psi - w *m beta in
        (lsubmx W1, psi1 + rsubmx W1 *m dsubmx (conv_bias l1)) = (W, psi)].
Proof.
split=> [||r W psi w /=].
- exists erefl; split=> [i|i||i]; rewrite /= ?cast_ord_id ?col_mxKu //.
- by rewrite /= col_mxKd subrK.
by rewrite row_mxKl row_mxKr col_mxKd subrK.
Qed.

(* … and channels absorbed (D2) and grown again (C2) with the β and w that went. *)
Theorem conv_remove_then_grow q m c P P' o (l : conv R (m + q) c P P') :
  (forall i, dsubmx (kernel l i) = 0) -> (forall i, dsubmx (kernel_psi l i) = 0) ->
  let beta := dsubmx (conv_bias l) in
  [/\ same_conv (append_channels beta (drop_channels l)) l, o + nsq beta - nsq beta = o
    & forall r (W : 'M[R]_(r, m + q)) (psi : 'cV_r),
        (row_mx (lsubmx W) (rsubmx W), psi + rsubmx W *m beta - rsubmx W *m beta) = (W, psi)].
Proof.
move=> EW Ep beta; split=> [||r W psi]; rewrite ?addrK ?hsubmxK //.
exists erefl; split=> [i|i||i]; rewrite /= ?cast_ord_id //; last exact: vsubmxK.
  by rewrite -{2}[kernel l i]vsubmxK EW.
by rewrite -{2}[kernel_psi l i]vsubmxK Ep.
Qed.

End Channels.

Section Real.
Variable F : rcfType.

(* The unfolding [W_1 … W_K], c_out × K c_in *)
Definition unfolding m c P P' (l : conv F m c P P') : 'M[F]_(m, #|{: 'I_(taps l) * 'I_c}|) :=
  \matrix_(i, j) kernel l (enum_val j).1 i (enum_val j).2.

Lemma unfolding_times_left p m c P P' (Q : 'M[F]_(p, m)) (l : conv F m c P P') :
  unfolding (ctimes_left Q l) = Q *m unfolding l.
Proof. by apply/matrixP => i j; rewrite !mxE; apply: eq_bigr => a _; rewrite !mxE. Qed.

(* G1, B2: some rotation of the channels makes the rows of the unfolding orthogonal and orders them by length. *)
Theorem conv_left_diagonalisation_exists m c P P1 k P' g o (l : conv F m c P P1) (N : cnet F m P1 k P') :
  exists Q : 'M[F]_m, let l' := ctimes_left Q l in
    [/\ Q^T *m Q = 1%:M,
        same_cfunction (CHidden g o l' (cedit N (fun _ W psi => (W *m Q^T, psi)))) (CHidden g o l N),
        forall i j, i != j -> (unfolding l' *m (unfolding l')^T) i j = 0
      & forall i i' : 'I_m, (i <= i')%N -> row_nsq (unfolding l') i' <= row_nsq (unfolding l') i].
Proof.
have [U [V [S [[[U1 U2] [V1 V2]] D O Pos E]]]] := svd_exists (unfolding l).
have EQ : unfolding (ctimes_left U^T l) = S *m V^T by rewrite unfolding_times_left E !mulmxA U1 mul1mx.
have EG : S *m V^T *m (S *m V^T)^T = S *m S^T by rewrite trmx_mul trmxK -mulmxA (mulmxA V^T) V1 mul1mx.
exists U^T; rewrite /= EQ; split; first by rewrite trmxK.
- by apply: conv_gauge_invariance; rewrite trmxK.
- by move=> i j ij; rewrite EG diagonal_gram.
move=> i i' le; rewrite /row_nsq EG; exact: descending_gram.
Qed.

End Real.
