(* Reflections, and what follows from having enough of them: A2 and B5. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From Isotropic Require Import scalars network primitive gauge collapse lipschitz.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Reflections.
Variable F : realFieldType.
Add Ring F_ring : (ring_laws F).

Lemma dotB n (u v w : 'cV[F]_n) : dot u (v - w) = dot u v - dot u w.
Proof. by rewrite /dot mulmxBr mxE [in X in _ + X]mxE. Qed.

(* I - 2 v vᵀ/‖v‖² *)
Definition householder n (v : 'cV[F]_n) : 'M[F]_n := 1%:M - (2%:R / nsq v) *: (v *m v^T).

Lemma nsq_neq0 n (v : 'cV[F]_n) : v != 0 -> nsq v != 0.
Proof. by apply: contra => /eqP/nsq_eq0 ->. Qed.

Lemma householder_mul n (v z : 'cV[F]_n) :
  householder v *m z = z - (2%:R * dot v z / nsq v) *: v.
Proof. by rewrite mulmxBl mul1mx -scalemxAl outer_dot scalerA mulrAC. Qed.

Lemma householder_sym n (v : 'cV[F]_n) : (householder v)^T = householder v.
Proof. by rewrite /householder linearB linearZ /= trmx1 trmx_mul trmxK. Qed.

Lemma householder_involution n (v : 'cV[F]_n) : v != 0 -> householder v *m householder v = 1%:M.
Proof.
move=> v0; rewrite {2}/householder mulmxBr mulmx1 -scalemxAr mulmxA householder_mul.
rewrite -[dot v v]/(nsq v) mulfK ?nsq_neq0 // mulmxBl -scalemxAl.
rewrite (_ : v *m v^T - 2%:R *: (v *m v^T) = - (v *m v^T)); last first.
  by rewrite scaler_nat mulr2n opprD addrA subrr sub0r.
by rewrite scalerN opprK /householder subrK.
Qed.

Lemma householder_orthogonal n (v : 'cV[F]_n) : v != 0 ->
  (householder v)^T *m householder v = 1%:M /\ householder v *m (householder v)^T = 1%:M.
Proof. by move=> v0; rewrite householder_sym householder_involution. Qed.

(* Vectors of one length are reflections of each other. *)
Lemma reflect_onto n (z z' : 'cV[F]_n) : nsq z = nsq z' ->
  exists Q : 'M_n, [/\ Q^T *m Q = 1%:M, Q *m Q^T = 1%:M & Q *m z = z'].
Proof.
move=> E; have [-> | zz] := eqVneq z z'; first by exists 1%:M; rewrite trmx1 !mul1mx.
have v0 : z - z' != 0 by rewrite subr_eq0.
have [H1 H2] := householder_orthogonal v0; exists (householder (z - z')); split=> //.
rewrite householder_mul.
have -> : 2%:R * dot (z - z') z = nsq (z - z').
  rewrite nsqB -E dotC dotB -[dot z z]/(nsq z) mulr_natl; scalar_ring F.
by rewrite mulfV ?nsq_neq0 // scale1r opprB addrCA subrr addr0.
Qed.

(* f commutes with all of O(n) *)
Definition commutes_with_rotations n (f : 'cV[F]_n -> 'cV[F]_n) :=
  forall Q : 'M_n, Q^T *m Q = 1%:M -> forall z, f (Q *m z) = Q *m f z.

(* A2: the reflection that fixes z forces f(z) to be parallel to z … *)
Theorem isotropic_is_parallel n (f : 'cV[F]_n -> 'cV[F]_n) z : commutes_with_rotations f ->
  z != 0 -> f z = (dot z (f z) / nsq z) *: z.
Proof.
move=> Hf z0; have [H1 _] := householder_orthogonal z0.
have /Hf/(_ z) : (- householder z)^T *m (- householder z) = 1%:M.
  by rewrite [(- _)^T]linearN /= mulNmx mulmxN opprK.
rewrite !mulNmx !householder_mul -[dot z z]/(nsq z) mulfK ?nsq_neq0 //.
have -> : - (z - 2%:R *: z) = z by rewrite scaler_nat mulr2n opprB addrK.
rewrite opprB => /eqP; rewrite eq_sym subr_eq -mulr2n -mulrA -scalerA -scaler_nat => /eqP E.
by apply: (@scalerI _ _ 2%:R); rewrite ?pnatr_eq0 // -E.
Qed.

Theorem isotropic_at_zero n (f : 'cV[F]_n -> 'cV[F]_n) : commutes_with_rotations f -> f 0 = 0.
Proof.
move=> Hf; have /Hf/(_ 0) : (- 1%:M : 'M[F]_n)^T *m (- 1%:M) = 1%:M.
  by rewrite [(- _)^T]linearN /= trmx1 mulNmx mulmxN opprK mulmx1.
rewrite mulmx0 mulNmx mul1mx => /eqP; rewrite -addr_eq0 -mulr2n -scaler_nat.
by rewrite scaler_eq0 pnatr_eq0 => /eqP.
Qed.

(* A2: … and the factor depends on ‖z‖ alone. *)
Theorem isotropic_factor_is_radial n (f : 'cV[F]_n -> 'cV[F]_n) z z' : commutes_with_rotations f ->
  nsq z = nsq z' -> dot z (f z) / nsq z = dot z' (f z') / nsq z'.
Proof.
move=> Hf E; have [Q [H1 _ <-]] := reflect_onto E; rewrite Hf // nsq_isometry //.
by rewrite /dot trmx_mul -mulmxA (mulmxA Q^T) H1 mul1mx.
Qed.

(* A2 needs the reflections: for n = 2 the quarter turn commutes with every rotation [a -b; b a], and
   turns z away from itself. *)
Theorem rotations_do_not_suffice :
  let J : 'M[F]_(1 + 1) := block_mx 0 (-1)%:M 1%:M 0 in
  (forall a b, let Q : 'M[F]_(1 + 1) := block_mx a%:M (- b)%:M b%:M a%:M in
     forall z : 'cV_(1 + 1), J *m (Q *m z) = Q *m (J *m z)) /\
  let z : 'cV_(1 + 1) := col_mx 1%:M 0 in forall c, J *m z <> c *: z.
Proof.
move=> J; split=> [a b Q z | z c].
  rewrite !mulmxA; congr (_ *m _); rewrite !mulmx_block !(mul0mx, mulmx0, addr0, add0r) -!scalar_mxM.
  by rewrite !(mulN1r, mulrN1, mul1r, mulr1, opprK).
rewrite /z mul_block_col !(mul0mx, mulmx0, addr0) mul1mx scale_col_mx scaler0 => /eq_col_mx [_ /matrixP/(_ 0 0)].
by rewrite !mxE eqxx mulr1n => /eqP; rewrite oner_eq0.
Qed.

End Reflections.

Section RealClosed.
Variable F : rcfType.

(* A2: over a real closed field, a map commutes with O(n) if and only if it is φ(‖z‖²) z (A1 is "if"). *)
Theorem isotropic_structure n (f : 'cV[F]_n -> 'cV[F]_n) : commutes_with_rotations f ->
  exists phi : F -> F, forall z, f z = phi (nsq z) *: z.
Proof.
case: n f => [|n] f Hf; first by exists (fun=> 0) => z; apply/matrixP => -[].
pose e r : 'cV[F]_(1 + n) := col_mx (Num.sqrt r)%:M 0.
exists (fun r => dot (e r) (f (e r)) / nsq (e r)) => z.
have [-> | z0] := eqVneq z 0; first by rewrite scaler0 isotropic_at_zero.
rewrite {1}(isotropic_is_parallel Hf z0); congr (_ *: _); apply: isotropic_factor_is_radial => //.
by rewrite /e (@nsq_col _ 1 n) nsq1 nsq0 addr0 -expr2 sqr_sqrtr // nsq_ge0.
Qed.

(* ---- B5 ---- *)

(* Upper trapezoidal: nothing left of the diagonal. *)
Definition upper m n (A : 'M[F]_(m, n)) :=
  forall (i : 'I_m) (j : 'I_n), (j < i)%N -> A i j = 0.

Lemma upper_block m n (a : 'M[F]_1) (r : 'M[F]_(1, n)) (C : 'M[F]_(m, n)) :
  upper C -> upper (block_mx a r 0 C).
Proof.
move=> U i j; case: (split_ordP i) => i' ->; case: (split_ordP j) => j' -> /=.
- by rewrite !ord1.
- by rewrite !ord1.
- by rewrite block_mxEdl mxE.
by rewrite block_mxEdr !ltnS => ?; apply: U.
Qed.

(* QR, with all of Q. *)
Theorem triangular_form m n (A : 'M[F]_(m, n)) :
  exists Q : 'M_m, [/\ Q^T *m Q = 1%:M, Q *m Q^T = 1%:M & upper (Q *m A)].
Proof.
elim: n m A => [|n IH] [|m] A.
- by exists 1%:M; rewrite trmx1 mulmx1; split=> // -[].
- by exists 1%:M; rewrite trmx1 mulmx1; split=> // i [].
- by exists 1%:M; rewrite trmx1 mulmx1; split=> // -[].
pose A0 : 'M_(1 + m, 1 + n) := A; pose c := lsubmx A0.
have Ec : nsq c = nsq (col_mx (Num.sqrt (nsq c))%:M 0 : 'cV_(1 + m)).
  by rewrite nsq_col nsq1 nsq0 addr0 -expr2 sqr_sqrtr // nsq_ge0.
have [Q1 [H1 H1' Q1c]] := reflect_onto Ec.
pose A1 : 'M_(1 + m, 1 + n) := Q1 *m A0.
have EL : lsubmx A1 = col_mx (Num.sqrt (nsq c))%:M 0.
  by rewrite /A1 -[A0]hsubmxK mul_mx_row row_mxKl Q1c.
have E1 : dlsubmx A1 = 0.
  apply/matrixP => i j; have := congr1 (fun B : 'M_(1 + m, 1) => B (rshift 1 i) j) EL.
  by rewrite /= col_mxEd !mxE.
have [Q2 [H2 H2' U2]] := IH m (drsubmx A1).
pose P : 'M_(1 + m) := block_mx 1%:M 0 0 Q2.
have PT : P^T = block_mx 1%:M 0 0 Q2^T by rewrite tr_block_mx trmx1 !trmx0.
have PP : P^T *m P = 1%:M.
  by rewrite PT mulmx_block !(mul0mx, mulmx0, addr0, add0r) mulmx1 H2 -scalar_mx_block.
have PP' : P *m P^T = 1%:M.
  by rewrite PT mulmx_block !(mul0mx, mulmx0, addr0, add0r) mulmx1 H2' -scalar_mx_block.
exists (P *m Q1); split.
- by rewrite trmx_mul -mulmxA (mulmxA P^T) PP mul1mx.
- by rewrite trmx_mul mulmxA -(mulmxA P) H1' mulmx1.
have -> : P *m Q1 *m A0 = block_mx (ulsubmx A1) (ursubmx A1) 0 (Q2 *m drsubmx A1).
  rewrite -mulmxA -/A1 -[A1 in LHS]submxK E1 mulmx_block.
  by rewrite !(mul0mx, mulmx0, addr0, add0r) !mul1mx.
exact: upper_block.
Qed.

(* Every hidden weight upper trapezoidal *)
Fixpoint triangular n k (N : net F n k) : Prop :=
  match N with
  | Output _ _ _ => True
  | Hidden _ _ _ _ _ l N' => upper (weight l) /\ triangular N'
  end.

Lemma triangular_sweep d n k (N : net F n k) : size (widths N) = d ->
  exists N' : net F n k, [/\ widths N' = widths N, triangular N', same_function N' N
    & gains N' = gains N /\ lengths N' = lengths N].
Proof.
elim: d n k N => [|d IH] n k [n' k' l|n' m k' g o l N] //=; first by exists (Output l).
case=> Ed; have [Q [H H' U]] := triangular_form (weight l).
have Hs := @gauge_invariance _ m m n' k' Q g o l N H.
have [N' [Ew HT HN' [Eg Eo]]] :=
  IH _ _ (edit (N := N) (times_right Q^T)) (etrans (congr1 _ (widths_edit _)) Ed).
exists (Hidden g o (times_left Q l) N'); split=> //=; first by rewrite Ew widths_edit.
  by move=> gamma h; rewrite (deeper _ _ _ HN') Hs.
by rewrite Eg Eo gains_edit lengths_edit.
Qed.

(* B5: W_l = Q_l T_l, layer by layer, Q_l absorbed in W_{l+1}: the same function, widths, gains and o, and every
   hidden weight upper trapezoidal. *)
Theorem triangular_gauge n k (N : net F n k) :
  exists N' : net F n k, [/\ widths N' = widths N, triangular N', same_function N' N
    & gains N' = gains N /\ lengths N' = lengths N].
Proof. exact: triangular_sweep erefl. Qed.

End RealClosed.

(* B5: the zeros of an n_l × n_{l-1} upper trapezoidal weight: n_l(n_l - 1)/2 where n_l ≤ n_{l-1}, else
   n_l n_{l-1} - n_{l-1}(n_{l-1} + 1)/2. *)
Definition zeros (m n : nat) : nat := \sum_(i < m) \sum_(j < n | (j < i)%N) 1.

Lemma zerosE m n : zeros m n = (\sum_(i < m) minn i n)%N.
Proof.
apply: eq_bigr => i _; rewrite big_mkcond; elim: n => [|n IH]; first by rewrite big_ord0 minn0.
rewrite big_ord_recr /= IH; case: ltnP => ni.
  by rewrite (minn_idPr ni) addn1.
by rewrite (minn_idPl (leqW ni)) addn0.
Qed.

Theorem triangular_zeros_narrow m n : (m <= n)%N -> zeros m n = 'C(m, 2).
Proof.
move=> mn; rewrite zerosE -triangular_sum big_mkord; apply: eq_bigr => i _.
by rewrite (minn_idPl _) // (leq_trans (ltnW (ltn_ord i))).
Qed.

Theorem triangular_zeros_wide m n : (n <= m)%N -> (zeros m n + 'C(n.+1, 2) = m * n)%N.
Proof.
rewrite zerosE; elim: m => [|m IH]; first by rewrite leqn0 => /eqP ->; rewrite big_ord0.
rewrite leq_eqVlt => /orP[/eqP ->|nm].
  rewrite -zerosE triangular_zeros_narrow // (binS m.+1 1) addnA addnn -mul2n.
  by rewrite -(mul_bin_diag m.+1 1) !bin1 addnC -mulnS.
by rewrite big_ord_recr /= addnAC IH // (minn_idPr _) // mulSn addnC.
Qed.
