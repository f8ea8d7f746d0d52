(* What follows from B9's invariants by linear algebra over a real closed field: the least widths and the largest o
   that networks of given invariants have (D5 is optimal), and that all of them are reached. That the function
   determines the invariants, B9 (ii), is analysis of tanh: where it is needed it is a premise. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra rat.
From Isotropic Require Import scalars network primitive gauge growth removal collapse lipschitz profile ceiling identity
  controls.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Factors.
Variable F : rcfType.
Add Ring F_ring : (ring_laws F).

(* ---- Gram matrices ---- *)

Lemma gram_kernel m d p (V : 'M[F]_(m, d)) (K : 'M[F]_(d, p)) : V^T *m V *m K = 0 -> V *m K = 0.
Proof.
move=> E; apply/matrixP => i j; rewrite [RHS]mxE.
have -> : (V *m K) i j = (V *m (K *m delta_mx j (0 : 'I_1))) i 0 by rewrite mulmxA -colE [RHS]mxE.
have z : nsq (V *m (K *m delta_mx j (0 : 'I_1))) = 0.
  by rewrite /nsq !trmx_mul -!mulmxA (mulmxA V) (mulmxA V^T) (mulmxA V^T) E mul0mx !mulmx0 mxE.
by rewrite (nsq_eq0 z) mxE.
Qed.

Lemma gram_rank m d (V : 'M[F]_(m, d)) : \rank (V^T *m V) = \rank V.
Proof.
apply/eqP; rewrite eqn_leq mxrankM_maxr /=; apply: mxrankS.
by rewrite submxE; apply/eqP/gram_kernel/mulmx_coker.
Qed.

(* ---- One layer: N = [[M, u], [uᵀ, ν]] ---- *)

(* u = M a has a solution: the normal equations. *)
Theorem normal_equations m d (B : 'M[F]_(m, d)) (b : 'cV[F]_m) : exists a, B^T *m b = B^T *m B *m a.
Proof.
have [Q [HQ EQ [X EX]]] := orthonormal_basis_exists B; exists (X *m (Q^T *m b)).
by rewrite -{1}EQ !trmx_mul trmxK !mulmxA -(mulmxA _ B X) -EX.
Qed.

(* rank (N - o' e eᵀ) = rank M + [o' ≠ o_max],  o_max = ν - uᵀ a, u = M a: over any field. *)
Theorem rank_by_length (K : fieldType) d (M : 'M[K]_d) (a : 'cV[K]_d) (nu o : K) : M^T = M ->
  let u := M *m a in
  \rank (block_mx M u u^T (nu - o)%:M) = (\rank M + (o != nu - (u^T *m a) 0 0)%R)%N.
Proof.
move=> symM u; set t := nu - (u^T *m a) 0 0.
have E : block_mx 1%:M 0 (- a^T) 1%:M *m block_mx M u u^T (nu - o)%:M *m block_mx 1%:M (- a) 0 1%:M
       = block_mx M 0 0 (t - o)%:M.
  have uT : u^T = a^T *m M by rewrite /u trmx_mul symM.
  rewrite !mulmx_block !mul1mx !mul0mx !mulmx1 !mulmx0 !addr0 uT !mulNmx addNr mul0mx add0r mulmxN -/u addNr.
  congr block_mx; rewrite /u mulmxA -uT addrC [u^T *m a]mx11_scalar -raddfB /t.
  by congr _%:M; rewrite addrAC.
have unit1 (A : 'M[K]_(1, d)) : block_mx 1%:M 0 A 1%:M \in unitmx by rewrite unitmxE det_lblock !det1 mulr1 unitr1.
have unit2 (A : 'M[K]_(d, 1)) : block_mx 1%:M A 0 1%:M \in unitmx by rewrite unitmxE det_ublock !det1 mulr1 unitr1.
rewrite -[LHS](mxrankMfree _ (_ : row_free (block_mx 1%:M (- a) 0 1%:M))) ?row_free_unit //.
rewrite -(eqmxMfull _ (_ : row_full (block_mx 1%:M 0 (- a^T) 1%:M))) ?row_full_unit // mulmxA E rank_diag_block_mx.
congr addn; have [->|ne] := eqVneq o t; first by rewrite subrr raddf0 mxrank0.
by rewrite mxrank_unit // unitmxE det_scalar1 unitfE subr_eq0 eq_sym.
Qed.

(* o = o_max - ‖b - B a‖²: no o of a network with this N is larger than o_max. *)
Theorem length_below_largest m d (B : 'M[F]_(m, d)) (b : 'cV[F]_m) a o : B^T *m b = B^T *m B *m a ->
  nsq b + o - ((B^T *m b)^T *m a) 0 0 = o + nsq (b - B *m a).
Proof.
move=> E; have Eb : (B^T *m b)^T *m a = b^T *m (B *m a) by rewrite trmx_mul trmxK mulmxA.
have Ea : dot b (B *m a) = nsq (B *m a).
  by rewrite /dot -Eb E /nsq !trmx_mul trmxK !mulmxA.
by rewrite Eb -/(dot b _) nsqB Ea opprD addrA subrK addrA (addrC o).
Qed.

(* ---- Whole networks ---- *)

(* rank M_l for l < L *)
Fixpoint least_widths k d (I : forms F k d) : seq nat :=
  match I with LastForm _ _ => [::] | Form _ N I' => \rank (ulsubmx N) :: least_widths I' end.

(* rank B_l for l < L *)
Fixpoint reached_ranks k d (T : factors F k d) : seq nat :=
  match T with LastFactor _ _ => [::] | Factor _ _ _ _ V T' => \rank (lsubmx V) :: reached_ranks T' end.

Theorem least_width_is_rank k d (T : factors F k d) : least_widths (grams T) = reached_ranks T.
Proof. by elim: T => //= d' m g o V T' ->; rewrite gram_corner gram_rank. Qed.

(* n_l ≥ rank B_l *)
Lemma widths_of_chain n k (N : net F n k) d (V : 'M[F]_(n, d)) e :
  all2 leq (least_widths (grams (chain_from N V e))) (widths N).
Proof.
rewrite least_width_is_rank; elim: N d V e => //= n' m k' g o l N' IH d V e.
by rewrite IH andbT rank_leq_row.
Qed.

Theorem widths_at_least n k (N : net F n k) : all2 leq (least_widths (invariants N)) (widths N).
Proof. exact: widths_of_chain. Qed.

(* o is o_max of N. *)
Definition largest d (N : 'M[F]_(d + 1)) (o : F) :=
  exists a, ursubmx N = ulsubmx N *m a /\ o = (drsubmx N - (ursubmx N)^T *m a) 0 0.

Fixpoint largest_lengths k d (I : forms F k d) (s : seq F) : Prop :=
  match I, s with
  | LastForm _ _, [::] => True
  | Form _ N I', o :: s' => largest N o /\ largest_lengths I' s'
  | _, _ => False
  end.

Lemma gram_parts m d o (B : 'M[F]_(m, d)) b :
  [/\ ulsubmx (gram o (row_mx B b)) = B^T *m B, ursubmx (gram o (row_mx B b)) = B^T *m b
    & drsubmx (gram o (row_mx B b)) = (nsq b + o)%:M].
Proof. by rewrite gram_blocks block_mxKul block_mxKur block_mxKdr. Qed.

Lemma largest_gram m d o (B : 'M[F]_(m, d)) b s : largest (gram o (row_mx B b)) s ->
  exists a, B^T *m b = B^T *m B *m a /\ s = o + nsq (b - B *m a).
Proof.
rewrite /largest; have [-> -> ->] := gram_parts o B b; case=> a [E ->]; exists a; split=> //.
by rewrite -length_below_largest // !mxE eqxx mulr1n.
Qed.

Lemma lengths_of_chain n k (N : net F n k) d (V : 'M[F]_(n, d)) e s :
  largest_lengths (grams (chain_from N V e)) s -> all2 <=%R (lengths N) s.
Proof.
elim: N d V e s => [n' k' l|n' m k' g o l N' IH] d V e [|s0 s] //= [L0 Ls].
rewrite (IH _ _ _ _ Ls) andbT; have [a [_ ->]] := largest_gram L0.
by rewrite ler_addl nsq_ge0.
Qed.

(* o_l ≤ o_max,l *)
Theorem lengths_at_most n k (N : net F n k) s : largest_lengths (invariants N) s -> all2 <=%R (lengths N) s.
Proof. exact: lengths_of_chain. Qed.

Lemma chain_reduces c n k (N : net F n k) d (V : 'M[F]_(n, d)) e : size (widths N) = c ->
  exists N', [/\ grams (chain_from N' V e) = grams (chain_from N V e),
                 widths N' = least_widths (grams (chain_from N V e)), gains N' = gains N
               & largest_lengths (grams (chain_from N V e)) (lengths N')].
Proof.
elim: c n k N d V e => [|c IH] n k N.
  by case: N => // n' k' l d V e _; exists (Output l).
case: N => // n' m k' g o l N d V e [Ec].
set B := weight l *m V + psi l *m e.
have [Q [HQ EQ [X EX]]] := orthonormal_basis_exists B.
pose c0 := bias l - Q *m Q^T *m bias l.
have Hc : Q^T *m c0 = 0 by rewrite mulmxBr !mulmxA HQ mul1mx subrr.
have EV : factor l V e = Q *m factor (times_left Q^T l) V e + c0 *m last_row F d.
  rewrite /factor /= mul_mx_row -!mulmxA -mulmxDr -/B !mulmxA EQ /last_row mul_mx_row mulmx0 mulmx1 add_row_mx addr0.
  by congr row_mx; rewrite /c0 addrC subrK.
have EB : lsubmx (factor (times_left Q^T l) V e) = Q^T *m B.
  by rewrite /factor row_mxKl /= -!mulmxA -mulmxDr.
have EI := invariants_moved g o N HQ Hc EV.
set N2 := edit _ in EI; have Ec2 : size (widths N2) = c by rewrite widths_edit.
have [N' [EI' Ew Eg El]] := IH _ _ N2 _ (factor (times_left Q^T l) V e) (last_row F d) Ec2.
exists (Hidden g (o + nsq c0) (times_left Q^T l) N').
rewrite -EI; split=> /=.
- by rewrite EI'.
- by rewrite Ew gram_corner EB trmx_mul trmxK -!mulmxA (mulmxA Q) EQ gram_rank.
- by rewrite Eg gains_edit.
split=> //; rewrite /largest /factor /=; have [-> -> ->] := gram_parts (o + nsq c0) (Q^T *m weight l *m V + Q^T *m psi l *m e) (Q^T *m bias l).
rewrite -!mulmxA -mulmxDr -/B; exists (X *m (Q^T *m bias l)); split.
  by rewrite !trmx_mul !trmxK !mulmxA -(mulmxA _ B X) -EX -!mulmxA (mulmxA Q^T Q) HQ mul1mx.
move: (Q^T *m bias l) => beta; rewrite trmx_mul trmxK -!mulmxA (mulmxA B) -EX (mulmxA Q^T) HQ mul1mx dot_col.
by rewrite !mxE eqxx !mulr1n -/(nsq beta) addrAC subrr add0r.
Qed.

(* D5 is optimal, what the algebra says: the least widths rank B_l, with o_max everywhere, are reached at all layers at
   once, by a network of the same function with the same gains. *)
Theorem least_widths_attained n k (N : net F n k) : exists N' : net F n k,
  [/\ output N' =1 output N, invariants N' = invariants N, widths N' = least_widths (invariants N), gains N' = gains N
    & largest_lengths (invariants N) (lengths N')].
Proof.
have [N' [EI Ew Eg El]] := chain_reduces 1%:M 0 (erefl (size (widths N))).
by exists N'; split=> //; apply: equal_invariants_equal_functions.
Qed.

(* D5 is optimal, given B9 (ii): if the networks of a class that compute the function of N have its invariants (for
   tanh, o ≥ 0 and y not constant they do), then none of them has a narrower layer anywhere, or another depth. *)
Theorem no_narrower_network n k (class : net F n k -> Prop) (N : net F n k) :
  (forall N', class N' -> output N' =1 output N -> invariants N' = invariants N) ->
  forall N', class N' -> output N' =1 output N -> all2 leq (least_widths (invariants N)) (widths N').
Proof. by move=> identifies N' C E; rewrite -(identifies N' C E) widths_at_least. Qed.

(* ---- Every choice of factors comes from a network ---- *)

Lemma kernel_of_gram m m' d p o o' (V : 'M[F]_(m, d + 1)) (V' : 'M[F]_(m', d + 1)) (K : 'M[F]_(d + 1, p)) :
  gram o' V' = gram o V -> V' *m K = 0 -> last_row F d *m K = 0 -> V *m K = 0.
Proof.
move=> E EK Ee; apply: gram_kernel; have := congr1 (fun A => A *m K) E; rewrite /gram !mulmxDl -!scalemxAl -!mulmxA.
by rewrite EK Ee !mulmx0 !scaler0 !addr0.
Qed.

(* B' = W' V' + ψ' e has a solution wherever B' vanishes with V' and e. *)
Lemma next_weight m n' d (B' : 'M[F]_(m, d)) (V' : 'M[F]_(n', d)) (e : 'rV[F]_d) :
  (forall p (K : 'M[F]_(d, p)), V' *m K = 0 -> e *m K = 0 -> B' *m K = 0) ->
  exists (W' : 'M_(m, n')) (psi' : 'cV_m), W' *m V' + psi' *m e = B'.
Proof.
move=> H; have : (B' <= col_mx V' e)%MS.
  rewrite submxE; apply/eqP; set K := cokermx _.
  have : col_mx V' e *m K = 0 by rewrite mulmx_coker.
  by rewrite mul_col_mx -[0]vsubmxK => /eq_col_mx[]; rewrite !linear0; apply: H.
by case/submxP => D; rewrite -[D]hsubmxK mul_row_col => ->; exists (lsubmx D), (rsubmx D).
Qed.

Lemma factors_realised n k (N : net F n k) d (V : 'M[F]_(n, d)) e n' (V' : 'M[F]_(n', d)) :
  (forall p (K : 'M[F]_(d, p)), V' *m K = 0 -> e *m K = 0 -> V *m K = 0) ->
  forall T : factors F k d, grams T = grams (chain_from N V e) -> exists N' : net F n' k, chain_from N' V' e = T.
Proof.
elim: N d V e n' V' => [n0 k' l|n0 m k' g o l N' IH] d V e n' V' HK T.
  case: d / T V e V' HK => [d U|d m g o U T'] V e V' HK E; last by have := congr1 (@last_of _ _ _) E.
  have [EU] := congr1 (@last_of _ _ _) E.
  have [p K z1 z2|W' [psi' EB]] := @next_weight _ _ _ (lsubmx U) V' e.
    by rewrite EU row_mxKl mulmxDl -!mulmxA (HK _ _ z1 z2) z2 !mulmx0 addr0.
  by exists (Output (Layer W' (rsubmx U) psi')); rewrite /= /factor /= EB hsubmxK.
case: d / T V e V' HK => [d U|d m' g' o' U T'] V e V' HK E; first by have := congr1 (@head_of _ _ _) E.
have [EN] := congr1 (@head_of _ _ _) E; have [ET] := congr1 (@tail_of _ _ _) E.
have [p K z1 z2|W' [psi' EB]] := @next_weight _ _ _ (lsubmx U) V' e.
  have EM : (lsubmx U)^T *m lsubmx U = (lsubmx (factor l V e))^T *m lsubmx (factor l V e).
    by rewrite -(gram_corner o' U) EN gram_corner.
  apply: gram_kernel; rewrite EM /factor row_mxKl -mulmxA mulmxDl -!mulmxA (HK _ _ z1 z2) z2.
  by rewrite !mulmx0 addr0 mulmx0.
have [|N2 E2] := IH _ _ _ _ U _ _ ET.
  by move=> p K; apply: kernel_of_gram EN.
by exists (Hidden g' o' (Layer W' (rsubmx U) psi') N2); rewrite /= /factor /= EB hsubmxK E2.
Qed.

(* D5 is optimal, the converse: choose at each layer any o_l and any V_l with V_lᵀV_l + o_l e eᵀ = N_l, of any width, and
   keep V_L: some network has them, because B_l = W_l V_{l-1} + ψ_l eᵀ can always be solved. *)
Theorem any_factors_make_a_network n k (N : net F n k) (T : factors F k n) :
  grams T = invariants N -> exists N' : net F n k, chain N' = T.
Proof. by apply: factors_realised => p K; rewrite mul1mx. Qed.
End Factors.

(* "Only if" is false for 1/(1+r): the copy that B8 scales by 2 has the same function, and another N_1. *)
Definition unscaled : net Q 1 1 := Hidden gain 1 (layer1 1 0 0) (Output (layer1 1 0 0)).
Theorem rational_function_has_two_invariants :
  exists N : net Q 1 1, [/\ gains N = gains unscaled, same_function N unscaled & invariants N <> invariants unscaled].
Proof.
have := @rational_scaling rat_fieldType 1 1 1 2%:R 1 (layer1 1 0 0) (Output (layer1 1 0 0)) isT.
set N := Hidden _ _ _ _ => E; exists N; split=> // /(congr1 (@head_of _ _ _)) [] /(congr1 ulsubmx).
rewrite !gram_corner !row_mxKl /= !mulmx1 !mulmx0 !addr0 /number !tr_scalar_mx -!scalar_mxM.
by move/number_inj/eqP; vm_compute.
Qed.
