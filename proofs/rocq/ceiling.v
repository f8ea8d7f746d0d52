(* D5: how many neurons a layer needs. Over a real closed field, where lengths have roots. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From Isotropic Require Import scalars network primitive gauge growth removal collapse lipschitz profile gains.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Basis.
Variable F : rcfType.

(* Gram–Schmidt: B has orthonormal columns, spans those of M and is spanned by them. *)
Definition orthonormal_basis m n p (M : 'M[F]_(m, n)) (B : 'M[F]_(m, p)) :=
  [/\ B^T *m B = 1%:M, B *m B^T *m M = M & exists X, B = M *m X].

Lemma add_column m n p (M : 'M[F]_(m, n)) (v : 'cV[F]_m) (B : 'M[F]_(m, p)) :
  orthonormal_basis M B -> exists p' (B' : 'M_(m, p')), orthonormal_basis (row_mx v M) B'.
Proof.
case=> HB EM [X EX]; pose r := v - B *m (B^T *m v).
have Br : B^T *m r = 0 by rewrite mulmxBr !mulmxA HB mul1mx subrr.
have rB : r^T *m B = 0 by rewrite -[LHS]trmxK trmx_mul trmxK Br trmx0.
have [r0 | r0] := eqVneq r 0.
  exists p, B; split=> //.
    rewrite mul_mx_row EM -mulmxA; congr row_mx; apply/esym/eqP.
    by rewrite -subr_eq0 -/r r0.
  by exists (col_mx 0 X); rewrite mul_row_col mulmx0 add0r.
have n0 : nsq r != 0 by apply: contra r0 => /eqP/nsq_eq0 ->.
pose c := (Num.sqrt (nsq r))^-1; pose u := c *: r.
have c2 : c * c * nsq r = 1.
  by rewrite /c -invfM -expr2 sqr_sqrtr ?nsq_ge0 // mulVf.
have uT : u^T = c *: r^T by rewrite /u linearZ.
have uB : u^T *m B = 0 by rewrite uT -scalemxAl rB scaler0.
have Bu : B^T *m u = 0 by rewrite /u -scalemxAr Br scaler0.
have uu : u^T *m u = 1%:M by rewrite dot_col -[dot u u]/(nsq u) nsqZ c2.
have uM : u^T *m M = 0 by rewrite -EM !mulmxA uB !mul0mx.
have uv : u *m (u^T *m v) = r.
  have -> : v = r + B *m (B^T *m v) by rewrite subrK.
  rewrite mulmxDr [u^T *m (B *m _)]mulmxA uB mul0mx addr0 uT -scalemxAl dot_col -[dot r r]/(nsq r).
  by rewrite scale_scalar_mx mul_mx_scalar /u scalerA mulrAC c2 scale1r.
exists (p + 1)%N, (row_mx B u); split.
- by rewrite tr_row_mx mul_col_row HB Bu uB uu -scalar_mx_block.
- rewrite tr_row_mx mul_row_col mulmxDl mul_mx_row EM mul_mx_row -!mulmxA uM uv mulmx0 add_row_mx.
  by rewrite addr0 addrC subrK.
pose e := - (X *m (B^T *m v)).
exists (row_mx (col_mx 0 X) (c *: col_mx 1%:M e)).
rewrite mul_mx_row -scalemxAr !mul_row_col mulmx0 add0r -EX mulmx1 /u /r; congr (row_mx _ (_ *: _)).
by rewrite /e mulmxN [M *m _]mulmxA -EX.
Qed.

Lemma basis_exists m n (M : 'M[F]_(m, n)) : exists p (B : 'M_(m, p)), orthonormal_basis M B.
Proof.
elim: n M => [|n IH] M.
  exists 0%N, 0; split; [by rewrite [LHS]flatmx0 [RHS]flatmx0 | by rewrite [LHS]thinmx0 [RHS]thinmx0 | by exists 0; rewrite mulmx0].
have [p [B HB]] := IH (rsubmx (M : 'M_(m, 1 + n))).
have [p' [B' HB']] := add_column (lsubmx (M : 'M_(m, 1 + n))) HB.
by exists p', B'; rewrite hsubmxK in HB'.
Qed.

Lemma basis_rank m n p (M : 'M[F]_(m, n)) (B : 'M[F]_(m, p)) :
  orthonormal_basis M B -> p = \rank M.
Proof.
case=> HB EM [X EX]; apply/eqP; rewrite eqn_leq; apply/andP; split.
  have <- : \rank B = p.
    apply/eqP; rewrite eqn_leq rank_leq_col /= -{1}(mxrank1 F p) -HB.
    exact: mxrankM_maxr.
  by rewrite EX; apply: mxrankM_maxl.
rewrite -{1}EM -mulmxA; apply: leq_trans (mxrankM_maxl _ _) _; exact: rank_leq_col.
Qed.

(* The orthonormal columns that D5 needs exist, and there are rank [W_l ψ_l] of them. *)
Theorem orthonormal_basis_exists m n (M : 'M[F]_(m, n)) :
  exists B : 'M_(m, \rank M), orthonormal_basis M B.
Proof. by have [p [B HB]] := basis_exists M; rewrite -(basis_rank HB); exists B. Qed.

End Basis.

Section Ceiling.
Variable F : rcfType.

Lemma spans_parts m n p (A : 'M[F]_(m, n)) (v : 'cV[F]_m) (B : 'M[F]_(m, p)) :
  B *m B^T *m row_mx A v = row_mx A v -> B *m B^T *m A = A /\ B *m B^T *m v = v.
Proof. by rewrite mul_mx_row => /eq_row_mx. Qed.

(* D5, one layer: hidden layer l reduces exactly to rank [W_l ψ_l] neurons, o_l to no less, and every other layer
   keeps its width, its gain and its o. *)
Theorem layer_reduces_to_rank m n k (l : layer F m n) g o (N : net F m k) :
  exists (l' : layer F (\rank (row_mx (weight l) (psi l))) n) (N' : net F _ k) o',
    [/\ o <= o', same_function (Hidden g o' l' N') (Hidden g o l N), widths N' = widths N
      & gains N' = gains N /\ lengths N' = lengths N].
Proof.
have [B [HB /spans_parts[EW Ep] _]] := orthonormal_basis_exists (row_mx (weight l) (psi l)).
do 3 eexists; split; [| exact: (width_reduction g o N HB EW Ep) | exact: widths_edit |].
  by rewrite ler_addl nsq_ge0.
by rewrite gains_edit lengths_edit.
Qed.

(* D5, the first layer, whose ψ_1 meets γ_0 = 0: rank W_1 neurons. *)
Theorem first_layer_reduces_to_rank m n k (l : layer F m n) g o (N : net F m k) :
  exists (l' : layer F (\rank (weight l)) n) (N' : net F _ k) o',
    [/\ o <= o', output (Hidden g o' l' N') =1 output (Hidden g o l N), widths N' = widths N
      & gains N' = gains N /\ lengths N' = lengths N].
Proof.
have [B [HB EW _]] := orthonormal_basis_exists (weight l).
pose l0 := Layer (weight l) (bias l) 0; pose c := bias l - B *m B^T *m bias l.
have Ep : B *m B^T *m psi l0 = psi l0 by rewrite mulmx0.
exists (times_left B^T l0), (edit (N := N) (fun l' => add_psi (weight l' *m c) (times_right B l'))).
exists (o + nsq c); split; [by rewrite ler_addl nsq_ge0 | | exact: widths_edit |].
  move=> x; have Hs := width_reduction g o N HB (l := l0) EW Ep.
  by rewrite /output Hs !run_hidden /preact /= !scale0r.
by rewrite gains_edit lengths_edit.
Qed.

(* n_l ≤ n_{l-1} + 1 *)
Fixpoint below_ceiling (n : nat) (s : seq nat) : bool :=
  if s is m :: s' then (m <= n.+1)%N && below_ceiling m s' else true.

Lemma same_trans n k (N1 N2 N3 : net F n k) :
  same_function N1 N2 -> same_function N2 N3 -> same_function N1 N3.
Proof. by move=> H1 H2 gamma h; rewrite H1 H2. Qed.

Lemma tail_reduces d n k (N : net F n k) : size (widths N) = d ->
  exists N', [/\ size (widths N') = d, below_ceiling n (widths N'), same_function N' N
    & gains N' = gains N /\ all2 <=%R (lengths N) (lengths N')].
Proof.
elim: d n k N => [|d IH] n k N.
  by case: N => // n' k' l _; exists (Output l).
case: N => // n' m k' g o l N [Ed].
have [B [HB /spans_parts[EW Ep] _]] := orthonormal_basis_exists (row_mx (weight l) (psi l)).
have Hs := width_reduction g o N HB EW Ep; cbv zeta in Hs; set N2 := edit _ in Hs.
have Ed2 : size (widths N2) = d by rewrite -Ed widths_edit.
have [N' [Ed' Hw HN' [Eg Eo]]] := IH _ _ N2 Ed2.
exists (Hidden g (o + nsq (bias l - B *m B^T *m bias l)) (times_left B^T l) N'); split.
- by rewrite /= Ed'.
- by rewrite /= Hw andbT (leq_trans (rank_leq_col _)) // addn1.
- exact: same_trans (deeper _ _ _ HN') Hs.
by rewrite /= Eg gains_edit; split=> //; rewrite lengths_edit in Eo; rewrite Eo ler_addl nsq_ge0.
Qed.

(* D5, the whole network, in one forward sweep: as many layers, n_1 ≤ n_0 and n_l ≤ n_{l-1} + 1, the same gains, and
   no o smaller than it was. *)
Theorem width_ceiling n k (N : net F n k) : exists N' : net F n k,
  [/\ size (widths N') = size (widths N),
      (if widths N' is m :: s then (m <= n)%N && below_ceiling m s else true), output N' =1 output N
    & gains N' = gains N /\ all2 <=%R (lengths N) (lengths N')].
Proof.
case: N => [n' k' l|n' m k' g o l N]; first by exists (Output l).
have [B [HB EW _]] := orthonormal_basis_exists (weight l).
pose l0 := Layer (weight l) (bias l) 0.
have Ep : B *m B^T *m psi l0 = psi l0 by rewrite mulmx0.
have Hs := width_reduction g o N HB (l := l0) EW Ep; cbv zeta in Hs; set N2 := edit _ in Hs.
have Ed2 : size (widths N2) = size (widths N) by rewrite widths_edit.
have [N' [Ed' Hw HN' [Eg Eo]]] := tail_reduces Ed2.
exists (Hidden g (o + nsq (bias l - B *m B^T *m bias l)) (times_left B^T l0) N'); split.
- by rewrite /= Ed'.
- by rewrite /= rank_leq_col.
- move=> x; rewrite /output (same_trans (deeper _ _ _ HN') Hs).
  by rewrite !run_hidden /preact /= !scale0r.
by rewrite /= Eg gains_edit; split=> //; rewrite lengths_edit in Eo; rewrite Eo ler_addl nsq_ge0.
Qed.

End Ceiling.
