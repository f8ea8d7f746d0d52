(* The singular values of a matrix, as the squares [row_nsq S i] of any decomposition: they are unique, zero rows add zeros and
   removing the smallest direction removes the smallest. So D9, removing one at a time is removing at once, and F4's counts. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From Isotropic Require Import scalars network primitive gauge growth removal collapse lipschitz profile ceiling
  householder svd diagonalise eckart.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Values.
Variable F : rcfType.

Lemma tail_step m (t : 'I_m -> F) (q : 'I_m) :
  \sum_(i < m | (q <= i)%N) t i = t q + \sum_(i < m | (q.+1 <= i)%N) t i.
Proof.
rewrite (bigD1 q) //=; congr (_ + _); apply: eq_bigl => i.
by rewrite ltn_neqAle andbC eq_sym.
Qed.

(* Squared singular values do not depend on the decomposition: each sum of the last ones is a distance. *)
Lemma tails_agree m n (W : 'M[F]_(m, n)) U V S U' V' S' q : decomposes W U V S -> decomposes W U' V' S' ->
  \sum_(i < m | (q <= i)%N) row_nsq S i <= \sum_(i < m | (q <= i)%N) row_nsq S' i.
Proof.
move=> D D'; have [qm|mq] := leqP q m; last first.
  by rewrite !big1 // => i; rewrite leqNgt (ltn_trans (ltn_ord i) mq).
move: W U V S U' V' S' D D'; rewrite -(subnKC qm); move: (m - q)%N => r W U V S U' V' S' D D'.
have [B [HB <-]] := principal_axes_drop D'; exact: no_directions_drop_less D.
Qed.

Theorem singular_values_unique m n (W : 'M[F]_(m, n)) U V S U' V' S' :
  decomposes W U V S -> decomposes W U' V' S' -> forall i, row_nsq S i = row_nsq S' i.
Proof.
move=> D D'; have tails q : \sum_(i < m | (q <= i)%N) row_nsq S i = \sum_(i < m | (q <= i)%N) row_nsq S' i.
  by apply/eqP; rewrite eq_le !(tails_agree _ D D', tails_agree _ D' D).
by move=> i; have := tails i; rewrite !tail_step tails => /addIr.
Qed.

(* ---- Zero rows add zeros; the first p rows of Uᵀ W have the first p values ---- *)

Lemma decomposes_first p q n (W : 'M[F]_(p + q, n)) U V S : decomposes W U V S ->
  decomposes (usubmx (U^T *m W)) 1%:M V (usubmx S).
Proof.
case=> [[[U1 U2] HV] D O Pos EW]; have EU : U^T *m W = S *m V^T by rewrite EW !mulmxA U1 mul1mx.
split; rewrite ?trmx1 ?mul1mx ?mulmx1 //.
- by move=> i j ij; rewrite mxE D.
- by move=> i i' j j' ij ij' le; rewrite !mxE; apply: O.
- by move=> i j; rewrite mxE.
by rewrite EU -{1}[S]vsubmxK mul_col_mx col_mxKu.
Qed.

Lemma row_nsq_first p q n (S : 'M[F]_(p + q, n)) i : row_nsq (usubmx S) i = row_nsq S (lshift q i).
Proof. by rewrite /row_nsq !mxE; apply: eq_bigr => j _; rewrite !mxE. Qed.

Lemma decomposes_padded m q n (W : 'M[F]_(m, n)) U V S : decomposes W U V S ->
  decomposes (col_mx W (0 : 'M_(q, n))) (block_mx U 0 0 1%:M) V (col_mx S 0).
Proof.
case=> [[[U1 U2] HV] D O Pos EW]; split.
- split=> //; rewrite tr_block_mx !trmx0 trmx1 !mulmx_block !(mul0mx, mulmx0, addr0, add0r) mul1mx U1 U2.
  by rewrite -scalar_mx_block.
- by move=> i j; case: (split_ordP i) => a ->; rewrite ?col_mxEu ?col_mxEd ?mxE //= => ij; apply: D.
- move=> i i' j j'; case: (split_ordP i') => a' -> /=; last first.
    rewrite col_mxEd mxE => _ _ _; case: (split_ordP i) => a ->; by rewrite ?col_mxEu ?col_mxEd ?mxE.
  case: (split_ordP i) => a -> /= ij ij' le; first by rewrite !col_mxEu; apply: O.
  by move: le; rewrite leqNgt (leq_trans (ltn_ord a')) // leq_addr.
- by move=> i j; case: (split_ordP i) => a ->; rewrite ?col_mxEu ?col_mxEd ?mxE.
by rewrite mul_block_col !mul0mx !mulmx0 !addr0 mul_col_mx mul0mx -EW.
Qed.

Lemma row_nsq_padded m q n (S : 'M[F]_(m, n)) :
  (forall i, row_nsq (col_mx S (0 : 'M_(q, n))) (lshift q i) = row_nsq S i) /\
  (forall i, row_nsq (col_mx S (0 : 'M_(q, n))) (rshift m i) = 0).
Proof.
split=> i; rewrite /row_nsq !mxE; first by apply: eq_bigr => j _; rewrite ![_^T j _]mxE !col_mxEu.
by apply: big1 => j _; rewrite col_mxEd mxE mul0r.
Qed.

(* ---- D9: removing neurons one at a time is removing them at once ---- *)

(* Weights between 0 and 1 that add up to p and weigh falling numbers as if only the first p counted are 0 on the others, where
   there is a gap. *)
Lemma no_weight_on_last p q (t c : 'I_(p + q) -> F) :
  (forall i, 0 <= c i <= 1) -> \sum_i c i = p%:R -> (forall i j, t (rshift p j) < t (lshift q i)) ->
  \sum_i c i * t i = \sum_(i < p) t (lshift q i) -> forall j, c (rshift p j) = 0.
Proof.
move=> c01 sum gap weighted.
have E1 : \sum_(i < p) (1 - c (lshift q i)) = \sum_(j < q) c (rshift p j).
  by rewrite sumrB sumr_const card_ord -sum big_split_ord /= addrC addKr.
have E2 : \sum_(i < p) (1 - c (lshift q i)) * t (lshift q i) = \sum_(j < q) c (rshift p j) * t (rshift p j).
  rewrite (eq_bigr (fun i => t (lshift q i) - c (lshift q i) * t (lshift q i))) => [|i _]; last by rewrite mulrBl mul1r.
  by rewrite sumrB -weighted big_split_ord /= addrC addKr.
move EX : (\sum_(i < p) (1 - c (lshift q i)) * t (lshift q i)) E2 => X E2.
move EY : (\sum_(i < p) (1 - c (lshift q i))) E1 => Y E1.
have Z : \sum_(j < q) \sum_(i < p) c (rshift p j) * (1 - c (lshift q i)) * (t (lshift q i) - t (rshift p j)) = 0.
  rewrite (eq_bigr (fun j => c (rshift p j) * X - c (rshift p j) * t (rshift p j) * Y)) => [|j _].
    by rewrite sumrB -!mulr_suml -E1 -E2 mulrC subrr.
  rewrite -EX -EY !mulr_sumr -sumrB; apply: eq_bigr => i _; rewrite mulrBr -mulrA; congr (_ - _).
  by rewrite mulrAC.
move=> j; have [//|cj] := eqVneq (c (rshift p j)) 0.
have pos j' i : 0 <= c (rshift p j') * (1 - c (lshift q i)) * (t (lshift q i) - t (rshift p j')).
  have /andP[c0 _] := c01 (rshift p j'); have /andP[_ c1] := c01 (lshift q i).
  by rewrite !mulr_ge0 // subr_ge0 // ltW.
have Zj := psumr_eq0P (fun j' _ => sumr_ge0 _ (fun i _ => pos j' i)) Z.
have one i : 1 - c (lshift q i) = 0.
  have Zi := psumr_eq0P (fun i' _ => pos j i') (Zj j isT); have /eqP := Zi i isT; rewrite !mulf_eq0 (negbTE cj) /= => /orP[/eqP //|].
  by rewrite subr_eq0 gt_eqF.
have : \sum_(j < q) c (rshift p j) = 0 by rewrite -E1 -EY big1.
move=> S0; have c0 j' : 0 <= c (rshift p j') by have /andP[] := c01 (rshift p j').
have Sj := psumr_eq0P (fun j' _ => c0 j') S0; exact: Sj.
Qed.

(* p orthonormal directions that keep as much of M as the first p do span what these span, if s_p > s_{p+1}. *)
Theorem keeping_most_is_unique p q n (M : 'M[F]_(p + q, n)) (P : 'M_(p, p + q)) U V S :
  decomposes M U V S -> (forall i j, row_nsq S (rshift p j) < row_nsq S (lshift q i)) ->
  P *m P^T = 1%:M -> frobenius (P *m M) = \sum_(i < p) row_nsq S (lshift q i) ->
  exists Q : 'M_p, [/\ Q^T *m Q = 1%:M, Q *m Q^T = 1%:M & P = Q *m usubmx U^T].
Proof.
case=> [[[U1 U2] [V1 V2]] D O Pos EM] gap HP most.
have HPU : P *m U *m (P *m U)^T = 1%:M by rewrite trmx_mul mulmxA -(mulmxA P) U2 mulmx1.
have [c01 csum] := row_weights HPU.
have weighted : \sum_i nsq (col i (P *m U)) * row_nsq S i = \sum_(i < p) row_nsq S (lshift q i).
  by rewrite -frobenius_of_diagonal // -most EM !mulmxA [RHS]frobenius_right ?trmxK.
have none := no_weight_on_last c01 csum gap weighted.
pose Q := lsubmx (P *m U).
have EPU : P *m U = row_mx Q 0.
  rewrite -[LHS]hsubmxK; congr row_mx; apply/matrixP => i j; rewrite [RHS]mxE.
  have /nsq_eq0/colP/(_ i) := none j; by rewrite !mxE.
have QQ : Q *m Q^T = 1%:M by rewrite -HPU EPU tr_row_mx mul_row_col mul0mx addr0.
exists Q; split=> //; first exact: mulmx1C.
by rewrite -[P]mulmx1 -U2 mulmxA EPU -{1}[U^T]vsubmxK mul_row_col mul0mx addr0.
Qed.

(* One at a time: P keeps what is left after each step has taken a decomposition of its own and dropped the last direction. *)
Inductive one_at_a_time n : forall m p, 'M[F]_(m, n) -> 'M[F]_(p, m) -> Prop :=
| NoneRemoved m (M : 'M_(m, n)) : one_at_a_time M (1%:M : 'M_m)
| OneRemoved m p (M : 'M_(m + 1, n)) U V S (P : 'M_(p, m)) : decomposes M U V S ->
    one_at_a_time (usubmx (U^T *m M)) P -> one_at_a_time M (P *m usubmx U^T).

Lemma usubmx_mul m q n r (A : 'M[F]_(m + q, n)) (B : 'M_(n, r)) : usubmx (A *m B) = usubmx A *m B.
Proof. by rewrite -{1}[A]vsubmxK mul_col_mx col_mxKu. Qed.

Theorem one_at_a_time_keeps_most n m p (M : 'M[F]_(m, n)) (P : 'M_(p, m)) : one_at_a_time M P ->
  [/\ P *m P^T = 1%:M, (p <= m)%N
    & forall U V S, decomposes M U V S -> frobenius (P *m M) = \sum_(i < m | (i < p)%N) row_nsq S i].
Proof.
elim=> {m p M P} [m M|m p M U V S P D _ [HP le IH]].
  split=> [||U V S [[[U1 U2] [V1 V2]] D O Pos EM]]; rewrite ?trmx1 ?mulmx1 //.
  rewrite mul1mx EM frobenius_right ?trmxK // frobenius_left // frobenius_rows.
  by apply: eq_bigl => i; rewrite ltn_ord.
have HU : usubmx U^T *m (usubmx U^T)^T = 1%:M.
  have [[[U1 _] _] _ _ _ _] := D; apply/matrixP => i j.
  have := congr1 (fun A : 'M_(m + 1) => A (lshift 1 i) (lshift 1 j)) U1.
  rewrite /= !mxE eq_lshift => <-; apply: eq_bigr => a _; by rewrite !mxE.
split=> [||U' V' S' D'].
- by rewrite trmx_mul mulmxA -(mulmxA P) HU mulmx1.
- by rewrite (leq_trans le) // leq_addr.
rewrite -mulmxA -usubmx_mul (IH _ _ _ (decomposes_first D)).
rewrite [RHS]big_split_ord /= [X in _ = _ + X]big1 ?addr0 => [|i]; last first.
  by rewrite ltnNge (leq_trans le) // leq_addr.
by apply: eq_bigr => i _; rewrite row_nsq_first (singular_values_unique D D').
Qed.

(* D9: with a gap at the cut, what is kept one at a time is what one decomposition keeps, turned by some Q. *)
Theorem one_at_a_time_is_at_once n p q (M : 'M[F]_(p + q, n)) (P : 'M_(p, p + q)) U V S :
  one_at_a_time M P -> decomposes M U V S -> (forall i j, row_nsq S (rshift p j) < row_nsq S (lshift q i)) ->
  exists Q : 'M_p, [/\ Q^T *m Q = 1%:M, Q *m Q^T = 1%:M & P = Q *m usubmx U^T].
Proof.
move=> H D gap; have [HP _ most] := one_at_a_time_keeps_most H; have E := most _ _ _ D.
apply: keeping_most_is_unique D gap HP _; rewrite E big_split_ord /= [X in _ + X]big1 ?addr0 => [|i].
  by apply: eq_bigl => i; rewrite ltn_ord.
by rewrite ltnNge leq_addr.
Qed.

(* Layer l cut to the directions that are the rows of P, the rest of b_l absorbed. *)
Definition kept p m n k (P : 'M[F]_(p, m)) g o (l : layer F m n) (N : net F m k) : net F n k :=
  let c := bias l - P^T *m P *m bias l in
  Hidden g (o + nsq c) (times_left P l) (edit (N := N) (fun l' => add_psi (weight l' *m c) (times_right P^T l'))).

Lemma edit_turned p m k (Q : 'M[F]_p) (B : 'M_(p, m)) (c : 'cV_m) (N : net F m k) :
  edit (N := N) (fun l' => add_psi (weight l' *m c) (times_right (Q *m B)^T l'))
  = edit (N := edit (N := N) (fun l' => add_psi (weight l' *m c) (times_right B^T l'))) (times_right Q^T).
Proof.
by case: N B c => [n' k' l'|n' m' k' g' o' l' N'] B c /=; rewrite /add_psi /times_right /= trmx_mul mulmxA.
Qed.

(* D9: hence the function is the same one. *)
Theorem one_at_a_time_same_function n p q k (P : 'M[F]_(p, p + q)) U V S g o (l : layer F (p + q) n) (N : net F (p + q) k) :
  let M := row_mx (weight l) (psi l) in
  one_at_a_time M P -> decomposes M U V S -> (forall i j, row_nsq S (rshift p j) < row_nsq S (lshift q i)) ->
  same_function (kept P g o l N) (kept (usubmx U^T) g o l N).
Proof.
move=> M H D gap; have [Q [Q1 Q2 ->]] := one_at_a_time_is_at_once H D gap.
set B := usubmx U^T; have EB : (Q *m B)^T *m (Q *m B) = B^T *m B by rewrite trmx_mul -mulmxA (mulmxA Q^T) Q1 mul1mx.
rewrite /kept EB; set c := bias l - _; clearbody c B => gamma h.
have -> : times_left (Q *m B) l = times_left Q (times_left B l) by rewrite /times_left /= !mulmxA.
by rewrite edit_turned gauge_invariance.
Qed.

(* ---- F4 ---- *)

(* How many of the m singular values are at most θ (θ² against their squares). *)
Definition scaffold_count m n (S : 'M[F]_(m, n)) (theta2 : F) : nat := #|[pred i : 'I_m | row_nsq S i <= theta2]|.

(* F4: q zero rows are q singular values more that are at most θ; … *)
Theorem growing_counts m q n (W : 'M[F]_(m, n)) U V S U' V' S' theta2 : 0 <= theta2 ->
  decomposes W U V S -> decomposes (col_mx W (0 : 'M_(q, n))) U' V' S' ->
  scaffold_count S' theta2 = (scaffold_count S theta2 + q)%N.
Proof.
move=> pos D D'; have E := singular_values_unique D' (decomposes_padded q D).
have [E1 E2] := row_nsq_padded q S.
rewrite /scaffold_count -!sum1_card (eq_bigl (fun i => row_nsq (col_mx S (0 : 'M_(q, n))) i <= theta2)) => [|i]; last first.
  by rewrite inE E.
rewrite big_split_ord /=; congr (_ + _)%N; first by apply: eq_bigl => i; rewrite inE E1.
by rewrite (eq_bigl xpredT) => [|i]; rewrite ?sum1_card ?card_ord // E2.
Qed.

(* … and without its q smallest directions, a matrix that has q values at most θ has q fewer of them. *)
Theorem cutting_counts p q n (W : 'M[F]_(p + q, n)) U V S U' V' S' theta2 :
  decomposes W U V S -> decomposes (usubmx (U^T *m W)) U' V' S' -> (q <= scaffold_count S theta2)%N ->
  scaffold_count S' theta2 = (scaffold_count S theta2 - q)%N.
Proof.
move=> D D'; have E := singular_values_unique D' (decomposes_first D); have [_ Dg O Pos _] := D.
have falls := descending_gram Dg O Pos.
pose at_most i := row_nsq S i <= theta2.
have split_count : scaffold_count S theta2 = (scaffold_count S' theta2 + \sum_(i < q | at_most (rshift p i)) 1)%N.
  rewrite /scaffold_count -!sum1_card big_split_ord /=; congr (_ + _)%N.
  by apply: eq_bigl => i; rewrite !inE E row_nsq_first.
rewrite split_count => many.
suff -> : (\sum_(i < q | at_most (rshift p i)) 1)%N = q by rewrite addnK.
have [all|] := boolP [forall i : 'I_q, at_most (rshift p i)].
  by rewrite (eq_bigl xpredT) => [|i]; [rewrite sum1_card card_ord | move/forallP: all => ->].
(* Were one of the last q above θ, all before it would be, and fewer than q could be at most θ. *)
rewrite negb_forall => /existsP[j /negP j0]; exfalso; move: many; rewrite leqNgt => /negP; apply.
have none (i : 'I_p) : (row_nsq S' i <= theta2) = false.
  apply/negP => le; apply: j0; apply: le_trans le; rewrite E row_nsq_first; apply: falls.
  by rewrite /= ltnW // (leq_trans (ltn_ord i)) // leq_addr.
have -> : scaffold_count S' theta2 = 0%N by apply: eq_card0 => i; rewrite !inE none.
rewrite add0n -[X in (_ < X)%N](card_ord q) -sum1_card [X in (_ < X)%N](bigD1 j) //= add1n ltnS.
rewrite [X in (X <= _)%N](eq_bigl (fun i => (i != j) && at_most (rshift p i))) => [|i]; last first.
  by have [->|] := eqVneq i j => //=; apply/negbTE/negP.
by rewrite [X in (_ <= X)%N](bigID (fun i => at_most (rshift p i))) /= leq_addr.
Qed.

End Values.
