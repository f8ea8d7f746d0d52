(* B2, B3 and B4 with the decompositions that exist: every network over a real closed field has these forms. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From Isotropic Require Import scalars network primitive gauge collapse lipschitz profile householder svd.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Diagonalise.
Variable F : rcfType.

(* Row i of a matrix. *)
Definition row_nsq m n (A : 'M[F]_(m, n)) (i : 'I_m) : F := (A *m A^T) i i.

Lemma diagonal_gram m n (S : 'M[F]_(m, n)) : diagonal S -> forall i j, i != j -> (S *m S^T) i j = 0.
Proof.
move=> D i j ij; rewrite mxE big1 // => c _; rewrite mxE.
have [e|ic] := eqVneq (i : nat) (c : nat); last by rewrite [S i c]D ?mul0r.
by rewrite [S j c]D ?mulr0 // -e eq_sym.
Qed.

Lemma descending_gram m n (S : 'M[F]_(m, n)) : diagonal S -> descending S -> (forall i j, 0 <= S i j) ->
  forall i i' : 'I_m, (i <= i')%N -> row_nsq S i' <= row_nsq S i.
Proof.
move=> D O Pos i i' le; rewrite /row_nsq.
have entry (a : 'I_m) : (S *m S^T) a a = \sum_(c < n) S a c * S a c.
  by rewrite mxE; apply: eq_bigr => c _; rewrite mxE.
have nonneg (a : 'I_m) : 0 <= (S *m S^T) a a.
  by rewrite entry sumr_ge0 // => c _; rewrite mulr_ge0.
have [small|large] := ltnP i' n; last first.
  suff -> : (S *m S^T) i' i' = 0 by exact: nonneg.
  rewrite entry big1 // => c _; rewrite D ?mul0r //.
  by rewrite gtn_eqF // (leq_trans (ltn_ord c)).
have one (a : 'I_m) (h : (a < n)%N) : (S *m S^T) a a = S a (Ordinal h) * S a (Ordinal h).
  rewrite entry (bigD1 (Ordinal h)) //= big1 ?addr0 // => c.
  by rewrite -val_eqE /= => ca; rewrite D ?mul0r // eq_sym.
rewrite (one _ small) (one _ (leq_ltn_trans le small)).
by apply: ler_pmul => //; apply: O.
Qed.

(* B2: some rotation of hidden layer l makes the rows of W_l orthogonal, of norms s_1 ≥ s_2 ≥ …; the function, the
   widths, the gains and every o stay. *)
Theorem left_diagonalisation_exists m n k (l : layer F m n) g o (N : net F m k) :
  exists l' (N' : net F m k),
    [/\ same_function (Hidden g o l' N') (Hidden g o l N),
        [/\ widths N' = widths N, gains N' = gains N & lengths N' = lengths N],
        forall i j, i != j -> (weight l' *m (weight l')^T) i j = 0
      & forall i i' : 'I_m, (i <= i')%N -> row_nsq (weight l') i' <= row_nsq (weight l') i].
Proof.
have [U [V [S [[[U1 U2] [V1 V2]] D O Pos EW]]]] := svd_exists (weight l).
exists (Layer (S *m V^T) (U^T *m bias l) (U^T *m psi l)), (edit (N := N) (times_right U)); split.
- case: l EW => W b p /= EW; apply: (left_diagonalisation _ _ _ _ _ U1 U2); by rewrite EW mulmxA.
- by rewrite widths_edit gains_edit lengths_edit.
- by move=> i j ij; rewrite left_diagonal_rows // diagonal_gram.
move=> i i' le; rewrite /row_nsq !left_diagonal_rows //; exact: descending_gram.
Qed.

(* B3: for two hidden layers in a row, rotating both makes the second weight diagonal with s_1 ≥ s_2 ≥ … ≥ 0. *)
Theorem full_diagonalisation_exists m n p k (l : layer F n p) (l2 : layer F m n) g o g2 o2 (N : net F m k) :
  exists (l' : layer F n p) (l2' : layer F m n) (N' : net F m k),
    [/\ same_function (Hidden g o l' (Hidden g2 o2 l2' N')) (Hidden g o l (Hidden g2 o2 l2 N)),
        [/\ widths N' = widths N, gains N' = gains N & lengths N' = lengths N],
        diagonal (weight l2'), descending (weight l2') & forall i j, 0 <= weight l2' i j].
Proof.
have [U [V [S [[[U1 U2] [V1 V2]] D O Pos EW]]]] := svd_exists (weight l2).
exists (Layer (V^T *m weight l) (V^T *m bias l) (V^T *m psi l)), (Layer S (U^T *m bias l2) (U^T *m psi l2)).
exists (edit (N := N) (times_right U)); split=> //; last by rewrite widths_edit gains_edit lengths_edit.
case: l => W b q; case: l2 EW => W2 b2 q2 /= EW.
exact: full_diagonalisation.
Qed.

(* B4: W_2, W_4, … diagonal, as far as they are hidden weights. *)
Fixpoint alternately n k (even : bool) (N : net F n k) : Prop :=
  match N with
  | Output _ _ _ => True
  | Hidden _ _ _ _ _ l N' => (even -> diagonal (weight l)) /\ alternately (~~ even) N'
  end.

Lemma alternate_sweep d n k (N : net F n k) : (size (widths N) <= d)%N ->
  exists N' : net F n k, [/\ widths N' = widths N, alternately false N', same_function N' N
    & gains N' = gains N /\ lengths N' = lengths N].
Proof.
elim/ltn_ind: d n k N => d IH n k [n' k' l|n' m k' g o l N] /=; first by exists (Output l).
case: N l => [m' k2 l2|m' p k2 g2 o2 l2 N] l /= sz; first by exists (Hidden g o l (Output l2)).
have [l' [l2' [N2 [HN2 [Ew Eg Eo] D _ _]]]] := full_diagonalisation_exists l l2 g o g2 o2 N.
case: d IH sz => [|[|d]] IH // sz.
have sz2 : (size (widths N2) <= d)%N by rewrite Ew.
have [N3 [W3 A3 F3 [G3 L3]]] := IH d (leqnSn _) _ _ N2 sz2.
exists (Hidden g o l' (Hidden g2 o2 l2' N3)); split=> //=.
- by rewrite W3 Ew.
- by move=> gamma h; rewrite -HN2; apply/deeper/deeper.
by rewrite G3 L3 Eg Eo.
Qed.

Theorem alternate_diagonalisation n k (N : net F n k) :
  exists N' : net F n k, [/\ widths N' = widths N, alternately false N', same_function N' N
    & gains N' = gains N /\ lengths N' = lengths N].
Proof. exact: alternate_sweep (leqnn _). Qed.

End Diagonalise.

(* B4: a diagonal n_l × n_{l-1} weight has n_l n_{l-1} - min(n_l, n_{l-1}) promised zeros. *)
Theorem diagonal_zeros m n : (\sum_(i < m) \sum_(j < n | i != j :> nat) 1 + minn m n = m * n)%N.
Proof.
have row (i : 'I_m) : (\sum_(j < n | i != j :> nat) 1 + (i < n) = n)%N.
  have [small|large] := ltnP i n; last first.
    rewrite addn0 (eq_bigl xpredT) => [|j]; first by rewrite sum1_card card_ord.
    by rewrite gtn_eqF // (leq_trans (ltn_ord j)).
  rewrite -[RHS]card_ord -sum1_card [RHS](bigD1 (Ordinal small)) //= addnC; congr addn.
  by apply: eq_bigl => j; rewrite -val_eqE /= eq_sym.
have -> : minn m n = (\sum_(i < m) (i < n))%N.
  elim: m {row} => [|m IH]; first by rewrite big_ord0 min0n.
  rewrite big_ord_recr /= -IH; have [h|] := boolP (m < n)%N; first by rewrite (minn_idPl h) (minn_idPl (ltnW h)) addn1.
  by rewrite -leqNgt => h; rewrite (minn_idPr (leqW h)) (minn_idPr h) addn0.
rewrite -big_split /= (eq_bigr (fun=> n)) => [|i _]; last exact: row.
by rewrite sum_nat_const card_ord.
Qed.
