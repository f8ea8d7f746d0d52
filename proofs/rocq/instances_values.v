(* Instances of the theorems on invariants, singular values and what a root is needed for. See instances.v. *)
From mathcomp Require Import all_ssreflect fingroup perm ssralg ssrnum zmodp matrix mxalgebra rat.
From Isotropic Require Import scalars network primitive gauge removal collapse lipschitz profile gains ceiling householder svd
  diagonalise identity optimal eckart values echelon controls instances.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Real.
Variable F : rcfType.
Notation ag := (@algebraic_gain F).
Notation o1 := (ler01 : 0 <= 1 :> F).

(* B8. *)
Lemma algebraic_law (r : F) : ag (2%:R * 2%:R * (1 + r) - 1) = ag r / 2%:R.
Proof.
rewrite /algebraic_gain (_ : 1 + _ = 2%:R ^+ 2 * (1 + r)); last by rewrite addrC subrK expr2.
by rewrite sqrtrM ?sqr_ge0 // sqrtr_sqr ger0_norm ?ler0n // invfM mulrC.
Qed.
Lemma two_neq0 : 2%:R != 0 :> F. Proof. by rewrite pnatr_eq0. Qed.
Definition algebraic_scaling_here := algebraic_scaling 1 (even_layer F 2 3) (Output (even_layer F 3 2)) two_neq0 algebraic_law.

(* E4. *)
Definition algebraic_net : net F 3 2 := Hidden ag 0 (Layer (const_mx 1) 0 0 : layer F 4 3)
  (Hidden ag 0 (Layer (const_mx 1) 0 0 : layer F 2 4) (Output (Layer (const_mx 1) (const_mx 2%:R) 0))).
Lemma algebraic_net_free : bias_free algebraic_net. Proof. by []. Qed.
Lemma algebraic_net_all : all_algebraic algebraic_net. Proof. by []. Qed.
Definition network_collapse_here := algebraic_network_collapse (const_mx 1) algebraic_net_free algebraic_net_all.
Definition algebraic_collapse_here :=
  algebraic_collapse (const_mx 1) algebraic_net_free (let: conj A _ := all_algebraic_spec algebraic_net_all in A).
Definition sqrt_collapse_here := algebraic_collapse_sqrt (const_mx 1) algebraic_net_free
  (let: conj A _ := all_algebraic_spec algebraic_net_all in A) (let: conj _ P := all_algebraic_spec algebraic_net_all in P).

(* B9: M = BᵀB of a B of rank one, and a network whose first weight has rank one. *)
Definition rank_here := rank_by_length (M := (const_mx 1 : 'M[F]_3)) (const_mx 2%:R) 7%:R 5%:R (trmx_const 3 3 (1 : F)).
Lemma solved : (const_mx 1 : 'M[F]_(2, 3))^T *m (const_mx 1 *m (const_mx 2%:R : 'cV_3))
  = (const_mx 1)^T *m (const_mx 1 : 'M[F]_(2, 3)) *m const_mx 2%:R.
Proof. by rewrite !mulmxA. Qed.
Definition length_here := length_below_largest 5%:R solved.

(* The networks that differ in o alone: for 1/(1+r) the function determines o, and so the invariants. *)
Definition of_length (o : F) : net F 3 2 := Hidden (@rational_gain F) o (even_layer F 2 3) (Output (even_layer F 2 2)).
Definition lengths_only (N : net F 3 2) := exists2 o, 0 <= o & N = of_length o.
Lemma length_determined : forall N, lengths_only N -> output N =1 output (of_length 1) ->
  invariants N = invariants (of_length 1).
Proof.
move=> N [o o0 ->] /(_ 0) E; suff -> : o = 1 by [].
move: E => /(congr1 (fun v => v - const_mx 2%:R)); rewrite !(one_hidden_layer _ _ _ (even_layer F 2 2)) !mulmx0 !add0r.
set z := preact _ _ _; set v := _ + _ => /matrixP/(_ 0 0); rewrite !mxE => /mulIf E.
have : rational_gain (nsq z + o) = rational_gain (nsq z + 1).
  apply: E; rewrite !big_ord_recl big_ord0 !mxE addr0 !mul1r -!natrD; by rewrite pnatr_eq0.
by move/invr_inj/addrI/addrI.
Qed.
Definition narrower_here := no_narrower_network length_determined (ex_intro2 _ _ 1 o1 erefl) (frefl _).

(* The invariants of a network, their largest lengths, and the chain of a network of other widths. *)
Definition three_wide : net F 3 2 := Hidden ag 1 (even_layer F 4 3) (Output (even_layer F 2 4)).
Lemma least_wide : exists N' : net F 3 2, largest_lengths (invariants three_wide) (lengths N')
  /\ grams (chain N') = invariants three_wide.
Proof. by have [N' [_ E _ _ H]] := least_widths_attained three_wide; exists N'. Qed.
Lemma lengths_below_here : exists s, all2 <=%R (lengths three_wide) s.
Proof. by have [N' [H _]] := least_wide; exists (lengths N'); apply: lengths_at_most H. Qed.
Lemma any_factors_here : exists N' : net F 3 2, exists T, chain N' = T /\ grams T = invariants three_wide.
Proof. by have [N' [_ E]] := least_wide; have [N2 E2] := any_factors_make_a_network E; exists N2, (chain N'). Qed.

(* Eckart and Young, D10 and D11, of whatever matrix, its decomposition and a network of one last hidden neuron. *)
Lemma eckart_here (W : 'M[F]_(1 + 2, 4)) : exists U V S, decomposes W U V S.
Proof. exact: svd_exists. Qed.
Lemma far_here : exists U V S, \sum_(i < 3 | (1 <= i)%N) row_nsq S i <= frobenius ((const_mx 1 : 'M[F]_(1 + 2, 4)) - 0)
  /\ decomposes (const_mx 1 : 'M[F]_(1 + 2, 4)) U V S.
Proof.
have [U [V [S D]]] := eckart_here (const_mx 1); exists U, V, S; split=> //.
by apply: low_rank_is_far D _; rewrite mxrank0.
Qed.
Lemma axes_here (B : 'M[F]_(1 + 2, 1)) (Z : 'M[F]_(1 + 2, 4)) : exists C : 'M[F]_(1 + 2, 1),
  frobenius (Z - C *m C^T *m Z) <= frobenius (Z - B *m B^T *m Z).
Proof.
have [U [V [S D]]] := eckart_here Z; have [C [_ E]] := principal_axes_drop D; exists C.
by rewrite E; apply: no_directions_drop_less D.
Qed.
Lemma fits_here (f : 'cV[F]_3 -> 'cV[F]_(1 + 2)) (x : 'I_4 -> 'cV[F]_3) : exists S : 'M[F]_(1 + 2, 4),
  \sum_(i < 3 | (2 <= i)%N) row_nsq S i
  <= frobenius (sample f x - sample (output (plug Nothing (Hidden ag 1 (even_layer F 1 3) (Output (even_layer F (1 + 2) 1))))) x).
Proof.
have [U [V [S D]]] := eckart_here (sample f x *m centring F 4); exists S; exact: (no_narrower_network_fits _ _ _ _ _ D).
Qed.
Definition left_exists_here := left_diagonalisation_exists (even_layer F 2 3) ag 1 (Output (even_layer F 3 2)).
Lemma ones_symmetric : (const_mx 1 : 'M[F]_3)^T = const_mx 1. Proof. exact: trmx_const. Qed.
Definition eigenvector_here := symmetric_eigenvector ones_symmetric.
Definition largest_here := largest_eigenvalue ones_symmetric.

Lemma act_commutes_real : commutes_with_rotations (@act F ag 1 3 : 'cV[F]_3 -> 'cV[F]_3).
Proof. by move=> P HP z; apply: equivariance. Qed.
Definition structure_here := isotropic_structure act_commutes_real.
End Real.

(* B9: a reduced form of two rows. *)
Definition stairs : 'M[rat]_(2, 3) := \matrix_(i, j) if (i == j :> nat) then 1 else if (j == 2%N :> nat) then 5%:R else 0.
Lemma stairs_reduced : reduced stairs (widen_ord (leqnSn 2)).
Proof.
split=> [i j|i k|i j //]; rewrite mxE /=.
- by case: i j => -[|[|]] // ? -[] -[|[|]] // ?.
by case: i k => -[|[|]] // ? -[] -[|[|[|]]] // ?.
Qed.
Definition echelon_here := echelon_unique stairs_reduced stairs_reduced (esym (mul1mx _)) (esym (mul1mx _)).

(* D9 and F4 of the matrix diag(2, 1), which is its own decomposition. *)
Section TwoValues.
Variable F : rcfType.
Definition two_one : 'M[F]_(1 + 1) := block_mx 2%:R%:M 0 0 1%:M.
Lemma two_one_decomposes : decomposes two_one 1%:M 1%:M two_one.
Proof.
have D : diagonal two_one.
  move=> i j; case: (split_ordP i) => a ->; case: (split_ordP j) => b ->; rewrite ?ord1 ?block_mxEur ?block_mxEdl ?mxE //=;
  by rewrite ?eqxx.
split; rewrite ?trmx1 ?mulmx1 ?mul1mx //.
- move=> i i' j j'; case: (split_ordP i) => a ->; case: (split_ordP i') => a' ->; case: (split_ordP j) => b ->;
  case: (split_ordP j') => b' -> //=; rewrite ?ord1 ?block_mxEul ?block_mxEdr ?mxE ?eqxx ?mulr1n //.
  by rewrite ler1n.
move=> i j; case: (split_ordP i) => a ->; case: (split_ordP j) => b ->;
  by rewrite ?block_mxEul ?block_mxEdr ?block_mxEur ?block_mxEdl ?ord1 !mxE ?eqxx ?mulr1n ?ler0n ?ler01.
Qed.
Lemma two_one_values : row_nsq two_one (lshift 1 0) = 2%:R * 2%:R /\ row_nsq two_one (rshift 1 0) = 1.
Proof.
split; rewrite /row_nsq /two_one tr_block_mx mulmx_block ?block_mxEul ?block_mxEdr !(mul0mx, mulmx0, trmx0, addr0, add0r);
  by rewrite tr_scalar_mx -scalar_mxM mxE eqxx mulr1n ?mulr1.
Qed.
Lemma two_one_gap (i j : 'I_1) : row_nsq two_one (rshift 1 j) < row_nsq two_one (lshift 1 i).
Proof. by rewrite !ord1; have [-> ->] := two_one_values; rewrite -natrM ltr1n. Qed.
Lemma two_one_cut : one_at_a_time two_one (1%:M *m usubmx (1%:M : 'M[F]_(1 + 1))^T).
Proof. apply: OneRemoved two_one_decomposes _; exact: NoneRemoved. Qed.
Definition values_here := singular_values_unique two_one_decomposes two_one_decomposes.
Definition most_here := one_at_a_time_keeps_most two_one_cut.
Definition at_once_here := one_at_a_time_is_at_once two_one_cut two_one_decomposes two_one_gap.
Lemma unique_here : exists Q : 'M[F]_1, [/\ Q^T *m Q = 1%:M, Q *m Q^T = 1%:M
  & 1%:M *m usubmx (1%:M : 'M[F]_(1 + 1))^T = Q *m usubmx (1%:M : 'M[F]_(1 + 1))^T].
Proof.
have [HP _ most] := most_here; apply: keeping_most_is_unique two_one_decomposes two_one_gap HP _.
rewrite (most _ _ _ two_one_decomposes) big_split_ord /= [X in _ + X]big1 ?addr0 => [|i].
  by apply: eq_bigl => i; rewrite ltn_ord.
by rewrite ltnNge leq_addr.
Qed.
(* A layer of which [W ψ] is diag(2, 1): W the first column, ψ the second. *)
Definition two_one_layer : layer F (1 + 1) 1 := Layer (lsubmx two_one) (const_mx 3%:R) (rsubmx two_one).
Lemma two_one_same : same_function
  (kept (1%:M *m usubmx (1%:M : 'M[F]_(1 + 1))^T) (@algebraic_gain F) 1 two_one_layer (Output (even_layer F 2 (1 + 1))))
  (kept (usubmx (1%:M : 'M[F]_(1 + 1))^T) (@algebraic_gain F) 1 two_one_layer (Output (even_layer F 2 (1 + 1)))).
Proof.
apply: one_at_a_time_same_function two_one_gap; rewrite /= hsubmxK; first exact: two_one_cut.
exact: two_one_decomposes.
Qed.
Definition growing_here := growing_counts (q := 3) (ler01 : 0 <= 1 :> F) two_one_decomposes (decomposes_padded 3 two_one_decomposes).
Lemma one_small : (1 <= scaffold_count two_one 1)%N.
Proof. by apply/card_gt0P; exists (rshift 1 0); rewrite inE; have [_ ->] := two_one_values. Qed.
Definition cutting_here := cutting_counts two_one_decomposes (decomposes_first two_one_decomposes) one_small.
End TwoValues.
