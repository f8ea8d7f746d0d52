(* The least that rank costs (Eckart and Young): D11 for a sample, and that D10's axes drop least. ‖A‖² is the sum of the
   squared entries. With a decomposition W = U S Vᵀ the squared singular value s_i² is [row_nsq S i]. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From Isotropic Require Import scalars network primitive gauge growth removal collapse lipschitz profile ceiling
  householder svd diagonalise.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Eckart.
Variable F : rcfType.

(* What [svd_exists] says exists. *)
Definition decomposes m n (W : 'M[F]_(m, n)) (U : 'M_m) (V : 'M_n) (S : 'M_(m, n)) :=
  [/\ (U^T *m U = 1%:M /\ U *m U^T = 1%:M) /\ (V^T *m V = 1%:M /\ V *m V^T = 1%:M), diagonal S, descending S,
      (forall i j, 0 <= S i j) & W = U *m S *m V^T].

(* ‖A‖² *)
Definition frobenius m n (A : 'M[F]_(m, n)) : F := \tr (A^T *m A).

Lemma frobenius_rows m n (A : 'M[F]_(m, n)) : frobenius A = \sum_i row_nsq A i.
Proof. by rewrite /frobenius mxtrace_mulC. Qed.

Lemma row_nsq_ge0 m n (A : 'M[F]_(m, n)) i : 0 <= row_nsq A i.
Proof. by rewrite /row_nsq mxE sumr_ge0 // => j _; rewrite mxE -expr2 sqr_ge0. Qed.

Lemma frobenius_ge0 m n (A : 'M[F]_(m, n)) : 0 <= frobenius A.
Proof. by rewrite frobenius_rows sumr_ge0 // => i _; apply: row_nsq_ge0. Qed.

Lemma frobenius_columns m n (A : 'M[F]_(m, n)) : frobenius A = \sum_j nsq (col j A).
Proof.
rewrite /frobenius; apply: eq_bigr => j _; rewrite nsqE mxE; apply: eq_bigr => i _.
by rewrite !mxE.
Qed.

Lemma frobenius_left p m n (U : 'M[F]_(p, m)) (A : 'M[F]_(m, n)) : U^T *m U = 1%:M -> frobenius (U *m A) = frobenius A.
Proof. by move=> HU; rewrite /frobenius trmx_mul -mulmxA (mulmxA U^T) HU mul1mx. Qed.

Lemma frobenius_right p m n (V : 'M[F]_(n, p)) (A : 'M[F]_(m, n)) : V *m V^T = 1%:M -> frobenius (A *m V) = frobenius A.
Proof. by move=> HV; rewrite /frobenius mxtrace_mulC trmx_mul mulmxA -(mulmxA A) HV mulmx1 mxtrace_mulC. Qed.

(* Pythagoras, where the columns of A are perpendicular to those of B. *)
Lemma frobenius_add m n (A B : 'M[F]_(m, n)) : A^T *m B = 0 -> frobenius (A + B) = frobenius A + frobenius B.
Proof.
move=> E; have E' : B^T *m A = 0 by rewrite -[LHS]trmxK trmx_mul trmxK E trmx0.
by rewrite /frobenius [(A + B)^T]linearD /= mulmxDl !mulmxDr E E' addr0 add0r raddfD.
Qed.

(* A weighted sum of falling numbers, of weights between 0 and 1 that add up to q at most, is at most the sum of
   the first q. *)
Lemma first_are_most k q (t c : 'I_k -> F) :
  (forall i, 0 <= t i) -> (forall i i' : 'I_k, (i <= i')%N -> t i' <= t i) ->
  (forall i, 0 <= c i <= 1) -> \sum_i c i <= q%:R ->
  \sum_i c i * t i <= \sum_(i < k | (i < q)%N) t i.
Proof.
move=> t0 falls c01 sum.
have [small|large] := ltnP q k; last first.
  rewrite [leRHS](eq_bigl xpredT) => [|i]; last exact: leq_trans (ltn_ord i) large.
  by apply: ler_sum => i _; have /andP[_ c1] := c01 i; rewrite ler_pimull.
pose tau := t (Ordinal small).
rewrite (bigID (fun i : 'I_k => (i < q)%N)) /=.
have first : \sum_(i < k | (i < q)%N) c i * t i <= \sum_(i < k | (i < q)%N) (t i - (1 - c i) * tau).
  apply: ler_sum => i iq; have /andP[_ c1] := c01 i.
  rewrite -subr_ge0; have -> : t i - (1 - c i) * tau - c i * t i = (1 - c i) * (t i - tau).
    by rewrite mulrBr [(1 - c i) * t i]mulrBl mul1r addrAC.
  by rewrite mulr_ge0 // subr_ge0 // falls // ltnW.
have last : \sum_(i < k | ~~ (i < q)%N) c i * t i <= \sum_(i < k | ~~ (i < q)%N) c i * tau.
  apply: ler_sum => i; rewrite -leqNgt => qi; have /andP[c0 _] := c01 i.
  by rewrite ler_wpmul2l // falls.
apply: le_trans (ler_add first last) _.
rewrite sumrB -!mulr_suml sumrB -(big_ord_widen k (fun=> 1) (ltnW small)) sumr_const card_ord -addrA.
rewrite -mulNr -mulrDl ger_addl opprB addrAC.
have -> : \sum_(i < k | (i < q)%N) c i + \sum_(i < k | ~~ (i < q)%N) c i = \sum_i c i.
  by rewrite [in RHS](bigID (fun i : 'I_k => (i < q)%N)).
by rewrite mulr_le0_ge0 ?subr_le0 ?t0.
Qed.

(* The rows of orthonormal columns: their frobenius are at most 1 and add up to the number of columns. *)
Lemma row_weights r k (P : 'M[F]_(r, k)) : P *m P^T = 1%:M ->
  (forall i, 0 <= nsq (col i P) <= 1) /\ \sum_i nsq (col i P) = r%:R.
Proof.
move=> HP; split=> [i|]; last first.
  by rewrite -frobenius_columns /frobenius mxtrace_mulC HP mxtrace1.
rewrite nsq_ge0 /=; set c := nsq _.
have cE : c = (P^T *m P) i i by rewrite /c nsqE mxE; apply: eq_bigr => a _; rewrite !mxE.
have : c * c <= c.
  rewrite {3}cE (_ : P^T *m P = (P^T *m P) *m (P^T *m P)); last first.
    by rewrite mulmxA -(mulmxA P^T) HP mulmx1.
  rewrite mxE (bigD1 i) //= -cE ler_addl sumr_ge0 // => j _.
  have -> : (P^T *m P) j i = (P^T *m P) i j.
    by have := congr1 (fun A : 'M_k => A i j) (trmx_mul P^T P); rewrite trmxK [LHS]mxE.
  by rewrite -expr2 sqr_ge0.
move=> cc; have [->|c0] := eqVneq c 0; first by rewrite ler01.
by rewrite -(ler_pmul2l (_ : 0 < c)) ?mulr1 // lt_def c0 nsq_ge0.
Qed.

Lemma frobenius_of_diagonal r m n (P : 'M[F]_(r, m)) (S : 'M[F]_(m, n)) : diagonal S ->
  frobenius (P *m S) = \sum_i nsq (col i P) * row_nsq S i.
Proof.
move=> D; rewrite /frobenius mxtrace_mulC trmx_mul mulmxA -(mulmxA P) -mulmxA mxtrace_mulC -mulmxA.
apply: eq_bigr => i _; rewrite mxE (bigD1 i) //= big1 ?addr0 => [|j ji]; last first.
  by rewrite diagonal_gram ?mul0r // eq_sym.
rewrite mulrC; congr (_ * _); rewrite nsqE mxE; apply: eq_bigr => a _; by rewrite !mxE.
Qed.

(* Eckart and Young: no matrix of rank q at most is nearer to W than the squares of the singular values from
   s_{q+1} on. *)
Theorem low_rank_is_far m n (W X : 'M[F]_(m, n)) U V S q : decomposes W U V S -> (\rank X <= q)%N ->
  \sum_(i < m | (q <= i)%N) row_nsq S i <= frobenius (W - X).
Proof.
case=> [[[U1 U2] [V1 V2]] D O Pos EW] rX.
have [B [HB EB _]] := orthonormal_basis_exists X.
have perp : (W - B *m B^T *m W)^T *m B = 0.
  by rewrite [(_ - _)^T]linearB /= !trmx_mul trmxK mulmxBl -!mulmxA HB mulmx1 subrr.
have split1 : frobenius (W - X) = frobenius (W - B *m B^T *m W) + frobenius (B^T *m (W - X)).
  rewrite -(frobenius_left (U := B)) // -frobenius_add.
    congr frobenius; rewrite mulmxA mulmxBr EB addrA subrK; exact.
  by rewrite mulmxA perp mul0mx.
have split2 : frobenius W = frobenius (W - B *m B^T *m W) + frobenius (B^T *m W).
  rewrite -[X in _ + X](frobenius_left (U := B)) // -frobenius_add; first by rewrite mulmxA subrK.
  by rewrite mulmxA perp mul0mx.
have EWs : frobenius W = \sum_i row_nsq S i.
  by rewrite EW frobenius_right ?trmxK // frobenius_left // frobenius_rows.
pose P := B^T *m U.
have HP : P *m P^T = 1%:M by rewrite /P trmx_mul trmxK mulmxA -(mulmxA B^T) U2 mulmx1.
have EBW : frobenius (B^T *m W) = \sum_i nsq (col i P) * row_nsq S i.
  by rewrite EW !mulmxA frobenius_right ?trmxK // frobenius_of_diagonal.
have [c01 csum] := row_weights HP.
have most : frobenius (B^T *m W) <= \sum_(i < m | (i < q)%N) row_nsq S i.
  rewrite EBW; apply: first_are_most => //; last by rewrite csum ler_nat.
    by move=> i; apply: row_nsq_ge0.
  by move=> i i'; apply: descending_gram.
rewrite split1; apply: le_trans (_ : frobenius (W - B *m B^T *m W) <= _); last by rewrite ler_addl frobenius_ge0.
have -> : frobenius (W - B *m B^T *m W) = frobenius W - frobenius (B^T *m W) by rewrite split2 addrK.
rewrite ler_subr_addr EWs [leRHS](bigID (fun i : 'I_m => (i < q)%N)) /= addrC.
rewrite [X in _ + X <= _](eq_bigl (fun i : 'I_m => ~~ (i < q)%N)) => [|i]; last by rewrite leqNgt.
by rewrite ler_add2r.
Qed.


(* D10: no p orthonormal directions drop less of the sample Z, each column an input, than the principal axes do, and
   these drop s_{p+1}² + s_{p+2}² + … *)
Theorem no_directions_drop_less m n p (Z : 'M[F]_(m, n)) (B : 'M[F]_(m, p)) U V S : decomposes Z U V S ->
  \sum_(i < m | (p <= i)%N) row_nsq S i <= frobenius (Z - B *m B^T *m Z).
Proof.
move=> D; apply: low_rank_is_far D _; rewrite -mulmxA; apply: leq_trans (mxrankM_maxl _ _) _; exact: rank_leq_col.
Qed.

(* The first p axes: the columns of U E, E the first p of the identity. *)
Lemma first_axes p q (E := col_mx 1%:M 0 : 'M[F]_(p + q, p)) : E^T *m E = 1%:M /\
  forall n (S : 'M[F]_(p + q, n)), S - E *m E^T *m S = col_mx 0 (dsubmx S).
Proof.
split=> [|n S]; rewrite /E tr_col_mx trmx1 trmx0; first by rewrite mul_row_col mulmx1 mul0mx addr0.
by rewrite -mulmxA -{2}(vsubmxK S) mul_row_col mul1mx mul0mx addr0 mul_col_mx mul1mx mul0mx -{1}(vsubmxK S) opp_col_mx add_col_mx subrr subr0.
Qed.

Theorem principal_axes_drop p q n (Z : 'M[F]_(p + q, n)) U V S : decomposes Z U V S ->
  exists B : 'M_(p + q, p), B^T *m B = 1%:M /\
    frobenius (Z - B *m B^T *m Z) = \sum_(i < p + q | (p <= i)%N) row_nsq S i.
Proof.
case=> [[[U1 U2] [V1 V2]] D O Pos EZ]; have [HE drop] := first_axes p q; set E := col_mx _ _ in HE drop.
exists (U *m E); split; first by rewrite trmx_mul -mulmxA (mulmxA U^T) U1 mul1mx.
have -> : Z - U *m E *m (U *m E)^T *m Z = U *m (S - E *m E^T *m S) *m V^T.
  rewrite {2}EZ trmx_mul !mulmxA -(mulmxA _ U^T U) U1 mulmx1 {1}EZ mulmxBr mulmxBl !mulmxA; exact.
rewrite frobenius_right ?trmxK // frobenius_left // drop frobenius_rows big_split_ord /=.
rewrite big1 => [|i _]; last by rewrite /row_nsq mxE big1 // => j _; rewrite !mxE (unsplitK (inl i)) mxE mul0r.
rewrite add0r [RHS]big_mkcond /= [RHS]big_split_ord /= [X in _ = X + _]big1 => [|i _]; last by rewrite leqNgt ltn_ord.
rewrite add0r; apply: eq_bigr => i _; rewrite leq_addr /row_nsq !mxE; apply: eq_bigr => j _.
by rewrite !mxE (unsplitK (inr i)) mxE.
Qed.

(* D10, the bound over a sample: the squares of the errors add up to Λ_l² times what the dropped directions vary about β. *)
Theorem truncation_bound_on_sample q m n k c (beta : 'cV[F]_q) g o (l : layer F (m + q) n) (N : net F (m + q) k) lambda2
    (gamma : 'I_c -> F) (h : 'I_c -> 'cV[F]_n) :
  lipschitz_rest (Hidden g o l N) lambda2 ->
  \sum_j nsq (run (Hidden g o l N) (gamma j) (h j) - run (truncated beta g o l N) (gamma j) (h j))
  <= lambda2 * \sum_j nsq (preact (dropped l) (gamma j) (h j) - beta).
Proof. by move=> lip; rewrite mulr_sumr; apply: ler_sum => j _; apply: truncation_bound_pointwise. Qed.

(* ---- D11 for a sample ---- *)

(* A function at m inputs, a column each. *)
Definition sample n k m (f : 'cV[F]_n -> 'cV[F]_k) (x : 'I_m -> 'cV[F]_n) : 'M[F]_(k, m) := \matrix_(i, j) f (x j) i 0.

(* Y less the mean of its columns: Y (I - 1 1ᵀ/m). *)
Definition centring m : 'M[F]_m := 1%:M - m%:R^-1 *: (const_mx 1 : 'cV_m) *m (const_mx 1 : 'rV_m).

Lemma ones_product m : (const_mx 1 : 'rV[F]_m) *m (const_mx 1 : 'cV_m) = (m%:R)%:M.
Proof.
apply/matrixP => i j; rewrite !ord1 !mxE eqxx mulr1n (eq_bigr (fun=> 1)) => [|a _]; last by rewrite !mxE mulr1.
by rewrite sumr_const card_ord.
Qed.

Lemma centring_kills m : (const_mx 1 : 'rV[F]_m) *m centring m = 0.
Proof.
case: m => [|m]; first by rewrite [LHS]thinmx0.
rewrite mulmxBr mulmx1 -scalemxAl -scalemxAr mulmxA ones_product mul_scalar_mx scalerA mulVf ?scale1r ?subrr //.
by rewrite pnatr_eq0.
Qed.

Lemma centring_symmetric m : (centring m)^T = centring m.
Proof. by rewrite /centring linearB /= trmx1 -!scalemxAl linearZ /= trmx_mul !trmx_const. Qed.

Lemma centring_shrinks k m (A : 'M[F]_(k, m)) : frobenius (A *m centring m) <= frobenius A.
Proof.
have idem : centring m *m centring m = centring m.
  by rewrite {1}/centring mulmxBl mul1mx -mulmxA centring_kills mulmx0 subr0.
have split3 : frobenius A = frobenius (A *m centring m) + frobenius (A *m (1%:M - centring m)).
  rewrite /frobenius ![\tr (_^T *m _)]mxtrace_mulC -raddfD /= !trmx_mul centring_symmetric [(1%:M - _)^T]linearB /= trmx1 centring_symmetric.
  rewrite !mulmxA -!(mulmxA A) -mulmxDr -mulmxDl idem mulmxBl mul1mx mulmxBr mulmx1 idem subrr subr0.
  by rewrite addrC subrK mul1mx.
by rewrite split3 ler_addl frobenius_ge0.
Qed.

(* D11 (a): on any inputs x_1 … x_m, any function at all, Y its values there, and any network whose last hidden layer has p
   neurons: ‖Y - Y'‖² ≥ s_{p+2}² + s_{p+3}² + …, the singular values of Y centred. *)
Theorem no_narrower_network_fits n d p k m (f : 'cV[F]_n -> 'cV[F]_k) (x : 'I_m -> 'cV[F]_n)
    (P : prefix F n d) g o (l : layer F p d) (l' : layer F k p) U V S :
  decomposes (sample f x *m centring m) U V S ->
  \sum_(i < k | (p.+1 <= i)%N) row_nsq S i
  <= frobenius (sample f x - sample (output (plug P (Hidden g o l (Output l')))) x).
Proof.
move=> D; pose N := plug P (Hidden g o l (Output l')).
apply: le_trans (centring_shrinks _); rewrite mulmxBl; apply: low_rank_is_far D _.
pose z j := output (plug P (Output l)) (x j); pose a j := g (nsq (z j) + o).
have -> : sample (output N) x = row_mx (weight l') (psi l') *m col_mx (sample (fun v => v) (fun j => a j *: z j)) (\row_j a j)
                                 + bias l' *m const_mx 1.
  apply/matrixP => i j; rewrite mxE /N cut_at_layer -/(z j) -/(a j) mul_row_col /= /preact.
  rewrite [LHS]mxE [RHS]mxE [X in X + _ = _]mxE [X in _ = X + _]mxE.
  have -> : (weight l' *m sample id (fun s => a s *: z s)) i j = (weight l' *m (a j *: z j)) i 0.
    by rewrite mxE [RHS]mxE; apply: eq_bigr => s _; rewrite [sample _ _ _ _]mxE.
  have -> : (psi l' *m \row_s a s) i j = (a j *: psi l') i 0 by rewrite mxE big_ord1 !mxE mulrC.
  have -> : (bias l' *m (const_mx 1 : 'rV_m)) i j = bias l' i 0 by rewrite mxE big_ord1 mxE mulr1.
  exact: addrAC.
rewrite mulmxDl -(mulmxA (bias l')) centring_kills mulmx0 addr0 -mulmxA.
apply: leq_trans (mxrankM_maxl _ _) _; apply: leq_trans (rank_leq_col _) _; by rewrite addn1.
Qed.
End Eckart.
