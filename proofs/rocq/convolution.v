(* G1: convolutions, with the activation isotropic over the channels at each pixel. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From Isotropic Require Import scalars network primitive.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

(* A feature map is a matrix, channels × pixels; γ is a row, one gain a pixel. A layer has K taps: tap k
   moves pixels by a matrix S_k (P × P'), which is 0 or 1 as the offset, stride and zero padding say, and
   then mixes channels by W_k:
     z = Σ_k (W_k h + ψ_k γ) S_k + b 1ᵀ.
   [W_1 … W_K] is the unfolding of W_l; ψ_l is a kernel applied to the map of gains, which S_k makes zero
   in the padding. The S_k may be any matrices, so average pooling of h and γ before the layer is
   included. *)
Section Convolution.
Variable R : comRingType.
Add Ring R_ring : (ring_laws R).

Record conv m c P P' := Conv {
  taps : nat;
  kernel : 'I_taps -> 'M[R]_(m, c);
  kernel_psi : 'I_taps -> 'cV[R]_m;
  conv_bias : 'cV[R]_m;
  shift : 'I_taps -> 'M[R]_(P, P')
}.

Arguments taps {m c P P'}.
Arguments kernel {m c P P'}.
Arguments kernel_psi {m c P P'}.
Arguments conv_bias {m c P P'}.
Arguments shift {m c P P'}.

Definition cpreact m c P P' (l : conv m c P P') (gamma : 'rV[R]_P) (h : 'M[R]_(c, P)) : 'M[R]_(m, P') :=
  \sum_(k < taps l) (kernel l k *m h + kernel_psi l k *m gamma) *m shift l k + conv_bias l *m const_mx 1.

(* γ at each pixel, and h = z diag(γ) *)
Definition gains (g : R -> R) (o : R) m P (z : 'M[R]_(m, P)) : 'rV[R]_P :=
  \row_p g (nsq (col p z) + o).
Definition cact g o m P (z : 'M[R]_(m, P)) : 'M[R]_(m, P) := z *m diag_mx (gains g o z).

Inductive cnet : nat -> nat -> nat -> nat -> Type :=
| COutput c P k P' : conv k c P P' -> cnet c P k P'
| CHidden c P m P1 k P' : (R -> R) -> R -> conv m c P P1 -> cnet m P1 k P' -> cnet c P k P'.

Fixpoint crun c P k P' (N : cnet c P k P') (gamma : 'rV[R]_P) : 'M[R]_(c, P) -> 'M[R]_(k, P') :=
  match N in cnet c0 P0 k0 P0' return 'rV[R]_P0 -> 'M[R]_(c0, P0) -> 'M[R]_(k0, P0') with
  | COutput _ _ _ _ l => fun gamma h => cpreact l gamma h
  | CHidden _ _ _ _ _ _ g o l N' => fun gamma h =>
      let z := cpreact l gamma h in crun N' (gains g o z) (cact g o z)
  end gamma.

Definition same_cfunction c P k P' (N N' : cnet c P k P') :=
  forall gamma h, crun N gamma h = crun N' gamma h.

Lemma cdeeper c P m P1 k P' g o (l : conv m c P P1) (N N' : cnet m P1 k P') :
  same_cfunction N N' -> same_cfunction (CHidden g o l N) (CHidden g o l N').
Proof. by move=> E gamma h /=; rewrite E. Qed.

(* The kernels of the first layer replaced, tap by tap: (W_k, ψ_k) → f (W_k, ψ_k). *)
Definition map_taps m c c' P P' (f : 'M[R]_(m, c) -> 'cV[R]_m -> 'M[R]_(m, c') * 'cV[R]_m)
    (l : conv m c P P') : conv m c' P P' :=
  Conv (fun k => (f (kernel l k) (kernel_psi l k)).1) (fun k => (f (kernel l k) (kernel_psi l k)).2)
       (conv_bias l) (shift l).

Definition cedit c c' P k P' (N : cnet c P k P')
    (f : forall m, 'M[R]_(m, c) -> 'cV[R]_m -> 'M[R]_(m, c') * 'cV[R]_m) : cnet c' P k P' :=
  match N in cnet c0 P0 k0 P0'
  return (forall m, 'M[R]_(m, c0) -> 'cV[R]_m -> 'M[R]_(m, c') * 'cV[R]_m) -> cnet c' P0 k0 P0' with
  | COutput _ _ _ _ l => fun f => COutput (map_taps (f _) l)
  | CHidden _ _ _ _ _ _ g o l N' => fun f => CHidden g o (map_taps (f _) l) N'
  end f.

(* An edit under which every tap reads the same is no change. *)
Lemma crun_edit c c' P k P' (N : cnet c P k P') f gamma (h : 'M[R]_(c, P)) (h' : 'M[R]_(c', P)) :
  (forall m (W : 'M[R]_(m, c)) (p : 'cV[R]_m),
     (f m W p).1 *m h' + (f m W p).2 *m gamma = W *m h + p *m gamma) ->
  crun (cedit N f) gamma h' = crun N gamma h.
Proof.
case: N gamma h h' f => [c0 P0 k0 P0' l|c0 P0 m P1 k0 P0' g o l N] gamma h h' f E /=.
  by rewrite /cpreact /=; congr (_ + _); apply: eq_bigr => i _; rewrite E.
have -> // : cpreact (map_taps (f m) l) gamma h' = cpreact l gamma h.
by rewrite /cpreact /=; congr (_ + _); apply: eq_bigr => i _; rewrite E.
Qed.

Definition ctimes_left p m c P P' (Q : 'M[R]_(p, m)) (l : conv m c P P') : conv p c P P' :=
  Conv (fun k => Q *m kernel l k) (fun k => Q *m kernel_psi l k) (Q *m conv_bias l) (shift l).

Lemma cpreact_times_left p m c P P' (Q : 'M[R]_(p, m)) (l : conv m c P P') gamma h :
  cpreact (ctimes_left Q l) gamma h = Q *m cpreact l gamma h.
Proof.
rewrite /cpreact /= mulmxDr mulmx_sumr mulmxA; congr (_ + _).
by apply: eq_bigr => i _; rewrite mulmxA mulmxDr !mulmxA.
Qed.

Lemma col_mulr m n p (A : 'M[R]_(m, n)) (B : 'M[R]_(n, p)) i : col i (A *m B) = A *m col i B.
Proof. by rewrite !colE mulmxA. Qed.

Lemma gains_isometry p m P (Q : 'M[R]_(p, m)) g o (z : 'M[R]_(m, P)) :
  Q^T *m Q = 1%:M -> gains g o (Q *m z) = gains g o z.
Proof. by move=> H; apply/rowP => i; rewrite !mxE col_mulr nsq_isometry. Qed.

(* A1 at each pixel *)
Theorem conv_equivariance p m P (Q : 'M[R]_(p, m)) g o (z : 'M[R]_(m, P)) :
  Q^T *m Q = 1%:M -> cact g o (Q *m z) = Q *m cact g o z.
Proof. by move=> H; rewrite /cact gains_isometry // mulmxA. Qed.

(* G1, B1: the unfolding of W_l, b_l and ψ_l times R, W_{l+1} over its input channels times Rᵀ. *)
Theorem conv_gauge_invariance p m c P P1 k P' (Q : 'M[R]_(p, m)) g o (l : conv m c P P1)
    (N : cnet m P1 k P') : Q^T *m Q = 1%:M ->
  same_cfunction (CHidden g o (ctimes_left Q l) (cedit N (fun _ W psi => (W *m Q^T, psi))))
                 (CHidden g o l N).
Proof.
move=> H gamma h /=; rewrite cpreact_times_left gains_isometry // conv_equivariance //.
by apply: crun_edit => m' W psi /=; rewrite -mulmxA (mulmxA Q^T) H mul1mx.
Qed.

(* q channels of zero kernel and ψ, and bias β *)
Definition append_channels q m c P P' (beta : 'cV[R]_q) (l : conv m c P P') : conv (m + q) c P P' :=
  Conv (fun k => col_mx (kernel l k) 0) (fun k => col_mx (kernel_psi l k) 0)
       (col_mx (conv_bias l) beta) (shift l).

Lemma sum_col_mx K a b c (A : 'I_K -> 'M[R]_(a, c)) (B : 'I_K -> 'M[R]_(b, c)) :
  \sum_k col_mx (A k) (B k) = col_mx (\sum_k A k) (\sum_k B k).
Proof. by elim/big_rec3: _ => [|i x y z _ ->]; rewrite ?col_mx0 // add_col_mx. Qed.

Lemma cpreact_append q m c P P' (beta : 'cV[R]_q) (l : conv m c P P') gamma h :
  cpreact (append_channels beta l) gamma h = col_mx (cpreact l gamma h) (beta *m const_mx 1).
Proof.
rewrite /cpreact /= mul_col_mx (eq_bigr (fun k =>
  col_mx ((kernel l k *m h + kernel_psi l k *m gamma) *m shift l k) (0 : 'M_(q, P')))) => [|k _].
  by rewrite sum_col_mx add_col_mx big1_eq add0r.
by rewrite !mul_col_mx !mul0mx add_col_mx addr0 mul_col_mx mul0mx.
Qed.

Lemma gains_append q m P (beta : 'cV[R]_q) g o (z : 'M[R]_(m, P)) :
  gains g o (col_mx z (beta *m const_mx 1)) = gains g (o + nsq beta) z.
Proof.
apply/rowP => i; rewrite !mxE; have -> : col i (col_mx z (beta *m const_mx 1)) = col_mx (col i z) beta.
  rewrite col_col_mx col_mulr; congr col_mx.
  have -> : col i (const_mx 1 : 'rV[R]_P) = 1%:M by apply/colP => j; rewrite !ord1 !mxE.
  by rewrite mulmx1.
by rewrite nsq_col -addrA (addrC (nsq beta)).
Qed.

(* G1, C1, C2, D1, D2: q channels of zero kernel and ψ and bias β are an o of ‖β‖² and a ψ of w β. Read from
   left to right it is absorption, from right to left growth; β = 0 is a dead or a new channel.
   N has the enlarged W_{l+1} = [W w] in every tap. *)
Theorem conv_constant_channels q m c P P1 k P' (beta : 'cV[R]_q) g o (l : conv m c P P1)
    (N : cnet (m + q) P1 k P') :
  same_cfunction (CHidden g o (append_channels beta l) N)
    (CHidden g (o + nsq beta) l
       (cedit N (fun _ W psi => (lsubmx W, psi + rsubmx W *m beta)))).
Proof.
move=> gamma h /=; rewrite cpreact_append gains_append /cact gains_append.
set z := cpreact l gamma h; set a := gains g _ z.
have -> : col_mx z (beta *m const_mx 1) *m diag_mx a = col_mx (z *m diag_mx a) (beta *m a).
  rewrite mul_col_mx -[beta *m _ *m _]mulmxA; congr (col_mx _ (_ *m _)).
  by apply/rowP => i; rewrite mul_mx_diag !mxE mul1r.
apply/esym/crun_edit => m' W psi /=.
rewrite -[W in RHS]hsubmxK mul_row_col [(psi + _) *m a]mulmxDl -[RHS]addrA.
by congr (_ + _); rewrite [LHS]addrC [in RHS]mulmxA.
Qed.

(* G1, D5: if the columns of B are orthonormal and span those of the unfolding and of ψ_l, layer l
   reduces to as many channels as B has columns. *)
Theorem conv_width_reduction p m c P P1 k P' (B : 'M[R]_(m, p)) g o (l : conv m c P P1)
    (N : cnet m P1 k P') :
  B^T *m B = 1%:M -> (forall i, B *m B^T *m kernel l i = kernel l i) ->
  (forall i, B *m B^T *m kernel_psi l i = kernel_psi l i) ->
  let rest := conv_bias l - B *m B^T *m conv_bias l in
  same_cfunction
    (CHidden g (o + nsq rest) (ctimes_left B^T l)
       (cedit N (fun _ W psi => (W *m B, psi + W *m rest))))
    (CHidden g o l N).
Proof.
move=> HB EW Ep v gamma h /=; rewrite cpreact_times_left.
set z := cpreact l gamma h; set u := B^T *m z.
have Ez : z = B *m u + v *m const_mx 1.
  rewrite /u mulmxA /z /cpreact mulmxDr mulmx_sumr mulmxA /v mulmxBl.
  rewrite [in RHS](eq_bigr (fun i => (kernel l i *m h + kernel_psi l i *m gamma) *m shift l i)) => [|i _].
    by rewrite -addrA; congr (_ + _); rewrite addrC subrK.
  by rewrite mulmxA mulmxDr !mulmxA EW Ep.
have Bv : B^T *m v = 0 by rewrite /v mulmxBr !mulmxA HB mul1mx subrr.
have Eg : gains g o z = gains g (o + nsq v) u.
  apply/rowP => i; rewrite !mxE; congr (g _).
  have -> : col i z = B *m col i u + v.
    rewrite [in LHS]Ez raddfD /= !col_mulr; congr (_ + _).
    have -> : col i (const_mx 1 : 'rV[R]_P1) = 1%:M by apply/colP => j; rewrite !ord1 !mxE.
    by rewrite mulmx1.
  rewrite nsqD nsq_isometry //.
  have -> : dot (B *m col i u) v = 0 by rewrite /dot trmx_mul -mulmxA Bv mulmx0 mxE.
  by rewrite !addr0 -addrA (addrC (nsq v)).
rewrite /cact Eg; set a := gains g _ u.
have Ea : z *m diag_mx a = B *m (u *m diag_mx a) + v *m a.
  rewrite [in LHS]Ez mulmxDl -!mulmxA; congr (_ + _ *m _).
  by apply/rowP => i; rewrite mul_mx_diag !mxE mul1r.
apply: crun_edit => m' W psi /=; rewrite Ea; move: (u *m _) => x.
rewrite [(psi + _) *m a]mulmxDl mulmxDr -!mulmxA -[RHS]addrA; congr (_ + _).
by rewrite [LHS]addrC.
Qed.

End Convolution.
