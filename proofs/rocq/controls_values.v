(* Wrong versions of what is said of singular values and of sides, refuted. See controls.v. *)
From mathcomp Require Import all_ssreflect fingroup perm ssralg ssrnum zmodp matrix mxalgebra rat.
From Isotropic Require Import scalars network primitive gauge growth removal collapse lipschitz profile svd diagonalise eckart values sides controls.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* ---- D9 ---- *)

(* One at a time and at once are the same only where there is a gap at the cut: of I, either direction may be what is kept, and no
   rotation of what is kept makes one of the other. *)
Section Tie.
Variable F : rcfType.

Lemma one_decomposes (U : 'M[F]_(1 + 1)) : U^T *m U = 1%:M -> U *m U^T = 1%:M -> decomposes (1%:M : 'M[F]_(1 + 1)) U U 1%:M.
Proof.
move=> H1 H2; split; rewrite ?mulmx1 //.
- by move=> i j ij; rewrite mxE -val_eqE (negbTE ij).
- by move=> i i' j j' /val_inj-> /val_inj-> _; rewrite !mxE !eqxx.
by move=> i j; rewrite mxE ler0n.
Qed.

Theorem tie_is_undetermined : exists P P' : 'M[F]_(1, 1 + 1),
  [/\ one_at_a_time (1%:M : 'M[F]_(1 + 1)) P, one_at_a_time (1%:M : 'M[F]_(1 + 1)) P' & forall Q : 'M_1, P <> Q *m P'].
Proof.
pose U : 'M[F]_(1 + 1) := block_mx 0 1%:M 1%:M 0.
have UT : U^T = U by rewrite tr_block_mx !trmx0 !trmx1.
have UU : U *m U = 1%:M by rewrite mulmx_block !mul0mx !mulmx1 !mulmx0 !addr0 !add0r -scalar_mx_block.
exists (1%:M *m usubmx (1%:M : 'M[F]_(1 + 1))^T), (1%:M *m usubmx U^T); split.
- by apply: OneRemoved (NoneRemoved _); apply: one_decomposes; rewrite trmx1 mulmx1.
- by apply: OneRemoved (NoneRemoved _); apply: one_decomposes; rewrite UT.
move=> Q /(congr1 lsubmx); rewrite !mul1mx UT trmx1 (@scalar_mx_block _ 1 1) /block_mx !col_mxKu row_mxKl.
by rewrite mul_mx_row row_mxKl mulmx0 => /matrixP/(_ 0 0) /eqP; rewrite !mxE eqxx oner_eq0.
Qed.
End Tie.

(* ---- E7 ---- *)

(* (15 + r)/(15 + 6 r), the inverse of which is not convex: y_i - y_j = 1 - γ (x + 3)/2 is -, +, - at x = 0, 5, 10. *)
Definition tanh_like (r : Q) : Q := ((15%:R + r) / (15%:R + 6%:R * r) : rat).

Theorem convex_side_needs_convex_inverse :
  let N := Hidden tanh_like 0 (layer1 1 0 0)
    (Output (append_layer (layer1 0 0 0) (layer1 (- 2%:R^-1 : rat) 1 (- (3%:R / 2%:R) : rat)))) in
  ~ convex_set (fun x : 'cV[rat_realFieldType]_1 => output N x (lshift 1 0) 0 <= output N x (rshift 1 0) 0 :> rat_realFieldType).
Proof.
move=> N; pose side (x : rat) : bool := value tanh_like 0 1 0 0 (- 2%:R^-1 : rat) 1 (- (3%:R / 2%:R) : rat) 0 x <= 0 :> rat.
have E (x : rat) : (output N (number x) (lshift 1 0) 0 <= output N (number x) (rshift 1 0) 0 :> rat) = side x.
  rewrite /output /N run_hidden preact1 act1 nsq1 /= preact_append_layer !preact1 col_mxEu col_mxEd !mxE !mulr1n.
  by rewrite /side /value; congr (_ <= _); rewrite mul0r mulr0 !addr0.
have [s0 s10 s5] : [/\ side 0, side 10%:R & ~~ side 5%:R] by split; vm_compute.
move=> convex; suff /(_ s0 s10) : side 0 -> side 10%:R -> side 5%:R by rewrite (negbTE s5).
rewrite -!E (_ : number 5%:R = between (2%:R^-1 : rat) (number 0) (number 10%:R)); first by apply: convex; vm_compute.
by rewrite /between !scale_scalar_mx -raddfD; congr _%:M; apply/eqP; vm_compute.
Qed.

(* ---- F4 ---- *)

(* F4 counted among min(m, n) singular values alone: where a layer is no narrower than the one before, growing adds none, and would
   go on for ever. *)
Section Counting.
Variable F : rcfType.
Definition least_count m n (S : 'M[F]_(m, n)) (theta2 : F) : nat := #|[pred i : 'I_m | (i < minn m n)%N && (row_nsq S i <= theta2)]|.

Theorem counting_least_grows_for_ever k n q (S : 'M[F]_(n + k, n)) theta2 :
  least_count (col_mx S (0 : 'M_(q, n))) theta2 = least_count S theta2.
Proof.
have [E1 _] := row_nsq_padded q S; rewrite /least_count !(minn_idPr _) ?leq_addr -?addnA ?leq_addr //.
rewrite -!sum1_card big_split_ord /= [X in (_ + X)%N]big_pred0 ?addn0 => [|i].
  by apply: eq_bigl => i; rewrite !inE E1.
by rewrite inE /= ltnNge -addnA leq_addr.
Qed.
End Counting.
