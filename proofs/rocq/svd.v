(* A singular value decomposition exists, with its order, over every real closed field: what B2, B3, B4 and D5's
   numerics take as given. W = U S Vᵀ, U and V orthogonal, S diagonal with s_1 ≥ s_2 ≥ … ≥ 0.

   The largest eigenvalue of WᵀW and its eigenvector give s_1, u_1 and v_1; two reflections put them on the first
   axes, and what is left is a smaller matrix whose singular values are singular values of W, so none is larger. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp poly interval matrix mxalgebra mxpoly.
From mathcomp.real_closed Require Import complex polyrcf.
From Isotropic Require Import scalars network primitive gauge collapse lipschitz profile ceiling householder.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Spectral.
Variable F : rcfType.
Add Ring F_ring : (ring_laws F).

(* ---- A symmetric matrix has an eigenvector, and a largest eigenvalue ---- *)

Lemma dotDl n (u v w : 'cV[F]_n) : dot (u + v) w = dot u w + dot v w.
Proof. by rewrite /dot linearD /= mulmxDl mxE. Qed.
Lemma dotZl n a (u v : 'cV[F]_n) : dot (a *: u) v = a * dot u v.
Proof. by rewrite dotC dotZ dotC. Qed.
Lemma dot_sym n (A : 'M[F]_n) (u v : 'cV[F]_n) : A^T = A -> dot (A *m u) v = dot (A *m v) u.
Proof. by move=> E; rewrite [RHS]dotC /dot trmx_mul E mulmxA. Qed.

Lemma ReM_real (z : complex F) (a : F) : complex.Re (z * a%:C)%C = complex.Re z * a.
Proof. by case: z => x y /=; rewrite mulr0 subr0. Qed.
Lemma ImM_real (z : complex F) (a : F) : complex.Im (z * a%:C)%C = complex.Im z * a.
Proof. by case: z => x y /=; rewrite mulr0 add0r. Qed.

(* F[i] is algebraically closed; with A symmetric, the imaginary part of an eigenvalue is 0. *)
Theorem symmetric_eigenvector n (A : 'M[F]_n.+1) : A^T = A ->
  exists (a : F) (v : 'cV[F]_n.+1), v != 0 /\ A *m v = a *: v.
Proof.
move=> symA; pose AC := map_mx (real_complex F) A.
have [l] : exists l, root (char_poly AC) l by apply/closed_rootP; rewrite size_char_poly.
rewrite -eigenvalue_root_char => /eigenvalueP[w Ew w0].
pose x : 'cV[F]_n.+1 := (map_mx (@complex.Re F) w)^T; pose y : 'cV[F]_n.+1 := (map_mx (@complex.Im F) w)^T.
pose a := complex.Re l; pose b := complex.Im l.
have entry i : \sum_j w 0 j * (A j i)%:C%C = l * w 0 i.
  have := congr1 (fun B : 'rV[complex F]_n.+1 => B 0 i) Ew; rewrite /= !mxE => <-.
  by apply: eq_bigr => j _; rewrite !mxE.
have Ax : A *m x = a *: x - b *: y.
  apply/matrixP => i j; rewrite ord1 !mxE.
  have := congr1 (@complex.Re F) (entry i); rewrite raddf_sum /= => E.
  rewrite (eq_bigr (fun j => complex.Re (w 0 j * (A j i)%:C%C))) => [|k _]; last first.
    by rewrite ReM_real !mxE mulrC -{1}symA mxE.
  by rewrite E /a /b; case: (l) => ? ?; case: (w 0 i) => ? ?.
have Ay : A *m y = a *: y + b *: x.
  apply/matrixP => i j; rewrite ord1 !mxE.
  have := congr1 (@complex.Im F) (entry i); rewrite raddf_sum /= => E.
  rewrite (eq_bigr (fun j => complex.Im (w 0 j * (A j i)%:C%C))) => [|k _]; last first.
    by rewrite ImM_real !mxE mulrC -{1}symA mxE.
  by rewrite E /a /b; case: (l) => ? ?; case: (w 0 i) => ? ?.
have pos : 0 < nsq x + nsq y.
  rewrite lt_def addr_ge0 ?nsq_ge0 // andbT; apply: contra w0.
  rewrite paddr_eq0 ?nsq_ge0 // => /andP[/eqP/nsq_eq0 x0 /eqP/nsq_eq0 y0].
  apply/eqP/matrixP => i j; rewrite ord1 mxE.
  have := congr1 (fun v : 'cV_n.+1 => v j 0) x0; have := congr1 (fun v : 'cV_n.+1 => v j 0) y0.
  by rewrite !mxE; case: (w 0 j) => p q /= -> ->.
have b0 : b = 0.
  have := dot_sym x y symA; rewrite Ax Ay -scaleNr.
  rewrite !dotDl !dotZl -[dot x x]/(nsq x) -[dot y y]/(nsq y) (dotC y x) => /addrI /eqP.
  rewrite mulNr eq_sym -subr_eq0 opprK -mulrDr mulf_eq0 => /orP[/eqP //|/eqP z].
  by rewrite z ltxx in pos.
have [x0|x0] := eqVneq x 0; last by exists a, x; rewrite Ax b0 scale0r subr0.
exists a, y; rewrite Ay b0 scale0r addr0; split=> //.
by apply/eqP => y0; rewrite x0 y0 nsq0 addr0 ltxx in pos.
Qed.

Lemma largest_in (s : seq F) x : x \in s -> exists a, a \in s /\ forall b, b \in s -> b <= a.
Proof.
elim: s x => // y s IH x _; case: s IH => [|z s] IH.
  by exists y; rewrite mem_head; split=> // b; rewrite inE => /eqP ->.
have [a [sa Ha]] := IH z (mem_head _ _).
case/orP: (le_total y a) => ya.
  by exists a; rewrite inE sa orbT; split=> // b; rewrite inE => /orP[/eqP -> //|/Ha].
exists y; rewrite mem_head; split=> // b; rewrite inE => /orP[/eqP -> //|/Ha /le_trans]; exact.
Qed.

Lemma eigenvalue_of_vector n (A : 'M[F]_n) a (v : 'cV[F]_n) : A^T = A -> v != 0 -> A *m v = a *: v ->
  a \in rootsR (char_poly A).
Proof.
move=> symA v0 E; have p0 : char_poly A != 0 by rewrite monic_neq0 ?char_poly_monic.
have -> : (a \in rootsR (char_poly A)) = root (char_poly A) a.
  by have /(_ a) := roots_on_rootsR p0; rewrite in_itv.
rewrite -eigenvalue_root_char; apply/eigenvalueP; exists v^T.
  by rewrite -{1}symA -trmx_mul E linearZ.
by apply: contra v0 => /eqP z; rewrite -[v]trmxK z trmx0.
Qed.

Theorem largest_eigenvalue n (A : 'M[F]_n.+1) : A^T = A ->
  exists (a : F) (v : 'cV[F]_n.+1), [/\ v != 0, A *m v = a *: v
    & forall b (w : 'cV[F]_n.+1), w != 0 -> A *m w = b *: w -> b <= a].
Proof.
move=> symA; have [c [w [w0 Ew]]] := symmetric_eigenvector symA.
have [a [ra Ha]] := largest_in (eigenvalue_of_vector symA w0 Ew).
have p0 : char_poly A != 0 by rewrite monic_neq0 ?char_poly_monic.
have : root (char_poly A) a by have /(_ a) := roots_on_rootsR p0; rewrite in_itv /= ra.
rewrite -eigenvalue_root_char => /eigenvalueP[v Ev v0].
exists a, v^T; split=> [||b u u0 Eu]; last exact: Ha (eigenvalue_of_vector symA u0 Eu).
  by apply: contra v0 => /eqP z; rewrite -[v]trmxK z trmx0.
by rewrite -{1}symA -trmx_mul Ev linearZ.
Qed.

(* ---- Singular vectors ---- *)

(* s is a singular value of W: some v ≠ 0 has WᵀW v = s² v. *)
Definition singular m n (W : 'M[F]_(m, n)) (s : F) :=
  exists v : 'cV[F]_n, v != 0 /\ W^T *m (W *m v) = (s * s) *: v.

(* A matrix that is not zero has singular vectors of length one, W v = s u and Wᵀ u = s v, with s > 0, and no
   singular value is larger than s. *)
Lemma singular_vectors m n (W : 'M[F]_(m, n.+1)) : W != 0 ->
  exists s (u : 'cV[F]_m) (v : 'cV[F]_n.+1),
    [/\ 0 < s, nsq u = 1 /\ nsq v = 1, W *m v = s *: u, W^T *m u = s *: v
      & forall t, 0 <= t -> singular W t -> t <= s].
Proof.
move=> W0; pose A := W^T *m W; have symA : A^T = A by rewrite /A trmx_mul trmxK.
have [a [v0 [vn Ev Ha]]] := largest_eigenvalue symA.
have quad (b : F) (w : 'cV[F]_n.+1) : A *m w = b *: w -> nsq (W *m w) = b * nsq w.
  by move=> E; rewrite /nsq trmx_mul -mulmxA (mulmxA W^T) -/A E -scalemxAr mxE.
have v0p : 0 < nsq v0 by rewrite lt_def nsq_ge0 andbT nsq_neq0.
(* Some eigenvalue is positive: look for it on the range of Wᵀ, of which W annihilates nothing but 0. *)
have a_gt0 : 0 < a.
  have [B [HB EB [X EX]]] := orthonormal_basis_exists W^T.
  move: B HB EB X EX; case E: (\rank W^T) => [|r] B HB EB X EX.
    by move/eqP: E W0; rewrite mxrank_eq0 -[W in W != 0]trmxK => /eqP ->; rewrite trmx0 eqxx.
  have symC : (B^T *m A *m B)^T = B^T *m A *m B by rewrite /A !trmx_mul !trmxK !mulmxA.
  have [b [c [c0 Ec]]] := symmetric_eigenvector symC.
  have Bc : B *m c != 0.
    by apply: contra c0 => /eqP z; rewrite -[c]mul1mx -HB -mulmxA z mulmx0.
  have Eb : A *m (B *m c) = b *: (B *m c).
    by rewrite scalemxAr -Ec /A !mulmxA EB.
  apply: lt_le_trans (Ha _ _ Bc Eb).
  have p : 0 < nsq (B *m c) by rewrite lt_def nsq_ge0 andbT nsq_neq0.
  rewrite -(pmulr_lgt0 _ p) -(quad _ _ Eb) lt_def nsq_ge0 andbT nsq_neq0 //.
  apply: contra Bc => /eqP z; apply/eqP/nsq_eq0.
  by rewrite /nsq {1}EX !trmx_mul trmxK -!mulmxA z !mulmx0 mxE.
pose t := (Num.sqrt (nsq v0))^-1; pose s := Num.sqrt a.
have t2 : t * t * nsq v0 = 1 by rewrite /t -invfM -expr2 sqr_sqrtr ?nsq_ge0 // mulVf // gt_eqF.
have s2 : s * s = a by rewrite -expr2 sqr_sqrtr // ltW.
have s0 : 0 < s by rewrite sqrtr_gt0.
have sn : s != 0 by rewrite gt_eqF.
exists s, (s^-1 *: (W *m (t *: v0))), (t *: v0); split=> //.
- split; last by rewrite nsqZ.
  rewrite nsqZ -scalemxAr nsqZ (quad _ _ Ev) -s2.
  have -> : s^-1 * s^-1 * (t * t * (s * s * nsq v0)) = (s^-1 * s) * (s^-1 * s) * (t * t * nsq v0).
    by scalar_ring F.
  by rewrite t2 mulVf // !mulr1.
- by rewrite scalerA mulfV // scale1r.
- rewrite -!scalemxAr mulmxA -/A Ev -s2 !scalerA; congr (_ *: _).
  have -> : s^-1 * t * (s * s) = (s^-1 * s) * (s * t) by scalar_ring F.
  by rewrite mulVf // mul1r.
move=> r r0 [w [w0 Ew]]; rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?(ltW s0) // !expr2 s2.
by apply: Ha w0 _; rewrite /A -mulmxA.
Qed.

(* ---- The decomposition ---- *)

Definition diagonal m n (S : 'M[F]_(m, n)) := forall (i : 'I_m) (j : 'I_n), i != j :> nat -> S i j = 0.

(* s_1 ≥ s_2 ≥ … *)
Definition descending m n (S : 'M[F]_(m, n)) := forall (i i' : 'I_m) (j j' : 'I_n),
  i = j :> nat -> i' = j' :> nat -> (i <= i')%N -> S i' j' <= S i j.

Lemma diagonal_block m n (s : F) (S : 'M[F]_(m, n)) :
  diagonal S -> diagonal (block_mx s%:M 0 0 S : 'M_(1 + m, 1 + n)).
Proof.
move=> D i j; case: (split_ordP i) => i' ->; case: (split_ordP j) => j' ->.
- by rewrite !ord1.
- by rewrite block_mxEur mxE.
- by rewrite block_mxEdl mxE.
by rewrite block_mxEdr /= => ?; apply: D.
Qed.

Lemma nonnegative_block m n (s : F) (S : 'M[F]_(m, n)) : 0 <= s -> (forall i j, 0 <= S i j) ->
  forall i j, 0 <= (block_mx s%:M 0 0 S : 'M_(1 + m, 1 + n)) i j.
Proof.
move=> s0 Pos i j; case: (split_ordP i) => i' ->; case: (split_ordP j) => j' ->.
- by rewrite block_mxEul !ord1 mxE eqxx mulr1n.
- by rewrite block_mxEur mxE.
- by rewrite block_mxEdl mxE.
by rewrite block_mxEdr.
Qed.

Lemma descending_block m n (s : F) (S : 'M[F]_(m, n)) : descending S ->
  (forall (i : 'I_m) (j : 'I_n), i = j :> nat -> S i j <= s) ->
  descending (block_mx s%:M 0 0 S : 'M_(1 + m, 1 + n)).
Proof.
move=> D top i i' j j'.
case: (split_ordP i) => a ->; case: (split_ordP j) => b -> /= ab; rewrite ?ord1 // in ab *.
  case: (split_ordP i') => c ->; case: (split_ordP j') => d -> /= cd _; rewrite ?ord1 // in cd *.
  by rewrite block_mxEul block_mxEdr mxE eqxx mulr1n; apply: top; case: cd.
case: (split_ordP i') => c ->; case: (split_ordP j') => d -> /= cd; rewrite ?ord1 // in cd *.
by rewrite !block_mxEdr add1n ltnS => le; apply: D => //; [case: ab | case: cd].
Qed.

(* A diagonal entry of a decomposition is a singular value. *)
Lemma diagonal_is_singular m n (U : 'M[F]_m) (V : 'M[F]_n) (S : 'M[F]_(m, n)) (i : 'I_m) (j : 'I_n) :
  U^T *m U = 1%:M -> V^T *m V = 1%:M -> diagonal S -> i = j :> nat ->
  singular (U *m S *m V^T) (S i j).
Proof.
move=> HU HV D ij; have Sj : S *m delta_mx j 0 = S i j *: (delta_mx i 0 : 'cV_m).
  apply/matrixP => a b; rewrite -colE !mxE !ord1 !eqxx andbT.
  by have [->|ai] := eqVneq a i; rewrite ?mulr1 // mulr0 D // -ij.
have Si : S^T *m (delta_mx i 0 : 'cV_m) = S i j *: (delta_mx j 0 : 'cV_n).
  apply/matrixP => a b; rewrite -colE !mxE !ord1 !eqxx andbT.
  by have [->|aj] := eqVneq a j; rewrite ?mulr1 // mulr0 D // ij eq_sym.
exists (V *m delta_mx j 0); split.
  apply/eqP => z; have := congr1 (mulmx V^T) z; rewrite mulmxA HV mul1mx mulmx0 => /matrixP/(_ j 0)/eqP.
  by rewrite !mxE !eqxx oner_eq0.
have -> : U *m S *m V^T *m (V *m (delta_mx j 0 : 'cV_n)) = S i j *: (U *m (delta_mx i 0 : 'cV_m)).
  transitivity (U *m (S *m (V^T *m V *m (delta_mx j 0 : 'cV_n)))); first by rewrite !mulmxA.
  by rewrite HV mul1mx Sj scalemxAr.
rewrite -scalemxAr -scalerA; congr (_ *: _); rewrite !trmx_mul trmxK.
transitivity (V *m (S^T *m (U^T *m U *m (delta_mx i 0 : 'cV_m)))); first by rewrite !mulmxA.
by rewrite HU mul1mx Si scalemxAr.
Qed.

(* W = U S Vᵀ, U and V orthogonal, S diagonal, s_1 ≥ s_2 ≥ … ≥ 0. *)
Theorem svd_exists m n (W : 'M[F]_(m, n)) : exists (U : 'M_m) (V : 'M_n) (S : 'M_(m, n)),
  [/\ (U^T *m U = 1%:M /\ U *m U^T = 1%:M) /\ (V^T *m V = 1%:M /\ V *m V^T = 1%:M), diagonal S, descending S,
      (forall i j, 0 <= S i j) & W = U *m S *m V^T].
Proof.
elim: m n W => [|m IH] n W.
  exists 1%:M, 1%:M, 0; rewrite !trmx1 !mul1mx; split=> //; try by case.
  by rewrite [LHS]flatmx0 mul0mx.
have [->|W0] := eqVneq W 0.
  exists 1%:M, 1%:M, 0; rewrite !trmx1 !mul1mx; split=> //; try by move=> *; rewrite !mxE.
  by rewrite mul0mx.
case: n W W0 => [|n] W W0; first by move: W0; rewrite [W]thinmx0 eqxx.
have [s [u [v [s0 [un vn] Wv Wu top]]]] := singular_vectors W0.
pose e p : 'cV[F]_(1 + p) := col_mx 1%:M 0.
have en p : nsq (e p) = 1 by rewrite /e nsq_col nsq1 nsq0 addr0 mulr1.
have [P [P1 P2 Pu]] : exists P : 'M[F]_(1 + m), [/\ P^T *m P = 1%:M, P *m P^T = 1%:M & P *m u = e m].
  by apply: reflect_onto; rewrite un en.
have [Q [Q1 Q2 Qv]] : exists Q : 'M[F]_(1 + n), [/\ Q^T *m Q = 1%:M, Q *m Q^T = 1%:M & Q *m v = e n].
  by apply: reflect_onto; rewrite vn en.
pose W2 : 'M[F]_(1 + m, 1 + n) := P *m W *m Q^T.
have Ev : v = Q^T *m e n by rewrite -Qv mulmxA Q1 mul1mx.
have Eu : u = P^T *m e m by rewrite -Pu mulmxA P1 mul1mx.
have C : W2 *m e n = s *: e m by rewrite /W2 -mulmxA -Ev -mulmxA Wv -scalemxAr Pu.
have R : W2^T *m e m = s *: e n by rewrite /W2 !trmx_mul trmxK -!mulmxA -Eu Wu -scalemxAr Qv.
have EW : W2 = block_mx s%:M 0 0 (drsubmx W2).
  have := C; rewrite -[W2 in LHS]submxK /e mul_block_col !mulmx1 !mulmx0 !addr0 scale_col_mx scaler0.
  case/eq_col_mx => ul dl.
  have := R; rewrite -[W2 in LHS]submxK tr_block_mx mul_block_col !mulmx1 !mulmx0 !addr0 scale_col_mx scaler0.
  case/eq_col_mx => _ ur.
  rewrite -[LHS]submxK ul dl scale_scalar_mx mulr1; congr block_mx.
  by rewrite -[ursubmx _]trmxK ur trmx0.
have [U [V [S [[[U1 U2] [V1 V2]] D O Pos ES]]]] := IH n (drsubmx W2).
pose b p (M : 'M[F]_p) : 'M[F]_(1 + p) := block_mx 1%:M 0 0 M.
have bT p (M : 'M[F]_p) : (b p M)^T = b p M^T by rewrite /b tr_block_mx trmx1 !trmx0.
have bM p (M N : 'M[F]_p) : b p M *m b p N = b p (M *m N).
  by rewrite /b mulmx_block !(mul0mx, mulmx0, addr0, add0r) mul1mx.
have b1 p : b p 1%:M = 1%:M by rewrite /b -scalar_mx_block.
pose S1 : 'M[F]_(1 + m, 1 + n) := block_mx s%:M 0 0 S.
pose U0 := P^T *m b m U; pose V0 := Q^T *m b n V.
have HU : U0^T *m U0 = 1%:M /\ U0 *m U0^T = 1%:M.
  rewrite /U0 !trmx_mul !trmxK !bT; split.
    by rewrite -!mulmxA (mulmxA P) P2 mul1mx bM U1 b1.
  by rewrite -!mulmxA (mulmxA (b m U)) bM U2 b1 mul1mx P1.
have HV : V0^T *m V0 = 1%:M /\ V0 *m V0^T = 1%:M.
  rewrite /V0 !trmx_mul !trmxK !bT; split.
    by rewrite -!mulmxA (mulmxA Q) Q2 mul1mx bM V1 b1.
  by rewrite -!mulmxA (mulmxA (b n V)) bM V2 b1 mul1mx Q1.
have E : W = U0 *m S1 *m V0^T.
  have -> : W = P^T *m W2 *m Q by rewrite /W2 -!mulmxA Q1 mulmx1 mulmxA P1 mul1mx.
  have EB : block_mx s%:M 0 0 (U *m S *m V^T) = b m U *m S1 *m b n V^T :> 'M[F]_(1 + m, 1 + n).
    by rewrite /b /S1 !mulmx_block !(mul0mx, mulmx0, addr0, add0r) mul1mx mulmx1.
  by rewrite /V0 trmx_mul trmxK bT EW ES EB /U0 !mulmxA.
have D1 : diagonal S1 := diagonal_block s D.
exists U0, V0, S1; split=> //; last by apply: nonnegative_block => //; apply: ltW.
apply: descending_block O _ => i j ij; apply: top; first exact: Pos.
have -> : S i j = S1 (rshift 1 i) (rshift 1 j) by rewrite /S1 block_mxEdr.
by rewrite E; apply: diagonal_is_singular HU.1 HV.1 D1 _; rewrite /= ij.
Qed.

End Spectral.
