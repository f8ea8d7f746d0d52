(* E3 and D3 for a whole network: which widths contain which. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From Isotropic Require Import scalars network primitive gauge growth removal.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Section Widths.
Variable R : comRingType.

(* E3: every function of widths n_1, n_2, … is one of any widths that are nowhere smaller (C1), with the same gains
   and the same o. *)
Theorem wider_contains n k (N : net R n k) (s : seq nat) :
  size s = size (widths N) -> all2 leq (widths N) s ->
  exists N' : net R n k,
    [/\ widths N' = s, gains N' = gains N, lengths N' = lengths N & same_function N' N].
Proof.
elim: N s => [n' k' l|n' m k' g o l N IH] [|w s] //=; first by exists (Output l).
case=> Es /andP[mw ws]; have [N2 [Ew Eg Eo H2]] := IH s Es ws.
rewrite -(subnKC mw).
exists (Hidden g o (append_rows 0 l) (edit (N := N2) (append_columns (0 : 'M_(rows N2, w - m))))).
split=> [|||gamma h].
- by rewrite /= widths_edit Ew.
- by rewrite /= gains_edit Eg.
- by rewrite /= lengths_edit Eo.
by rewrite (@neurogenesis R (w - m)) !run_hidden H2.
Qed.

(* Plain: every hidden o is 0, and no layer has a ψ. *)
Fixpoint plain n k (N : net R n k) : Prop :=
  match N with
  | Output _ _ l => psi l = 0
  | Hidden _ _ _ _ o l N' => [/\ o = 0, psi l = 0 & plain N']
  end.

(* o_l = λ_l² and ψ_{l+1} = λ_l c_l in every hidden layer. *)
Fixpoint rooted n k (N : net R n k) : Prop :=
  match N with
  | Output _ _ _ => True
  | Hidden _ _ _ _ o _ N' =>
      (exists lambda (c : 'cV_(rows N')), o = lambda * lambda /\ psi (first N') = lambda *: c)
      /\ rooted N'
  end.

Lemma phantom_tail n k (N : net R n k) : rooted N ->
  forall lambda (c : 'cV_(rows N)), psi (first N) = lambda *: c ->
  exists N' : net R (n + 1) k,
  [/\ plain N', widths N' = map (addn^~ 1%N) (widths N), gains N' = gains N
    & forall gamma gamma' h,
        run N' gamma' (col_mx h (gamma *: lambda%:M)) = run N gamma h].
Proof.
elim: N => [n' k' l|n' m k' g o l N IH] /=.
  move=> _ lambda c E; exists (Output (append_columns c (Layer (weight l) (bias l) 0))).
  split=> // gamma gamma' h.
  by rewrite /= /preact /= mul_row_col scaler0 addr0 -scalemxAr mul_mx_scalar E addrAC.
case=> -[lambda2 [c2 [Eo Ep]]] HN lambda c E.
have [N' [Hp Hw Hg HN']] := IH HN lambda2 c2 Ep.
exists (Hidden g 0 (append_rows lambda2%:M (append_columns c (Layer (weight l) (bias l) 0))) N').
split; [by split=> //=; rewrite col_mx0 | by rewrite /= Hw | by rewrite /= Hg |] => gamma gamma' h.
rewrite !run_hidden preact_append_rows /act nsq_col nsq1 addr0 -Eo scale_col_mx HN'.
have -> : preact (append_columns c (Layer (weight l) (bias l) 0)) gamma'
            (col_mx h (gamma *: lambda%:M)) = preact l gamma h.
  by rewrite /preact /= mul_row_col scaler0 addr0 -scalemxAr mul_mx_scalar E addrAC.
by [].
Qed.

(* D3, E3: a network with o_l = λ_l² and ψ_{l+1} = λ_l c_l, of widths n_1, n_2, …, computes what a plain
   network of widths n_1 + 1, n_2 + 1, … and the same gains does. *)
Theorem phantom_network n k (N : net R n k) : rooted N ->
  exists N' : net R n k,
  [/\ plain N', widths N' = map (addn^~ 1%N) (widths N), gains N' = gains N & output N' =1 output N].
Proof.
case: N => [n' k' l _|n' m k' g o l N] /=.
  exists (Output (Layer (weight l) (bias l) 0)); split=> // x.
  by rewrite /output /= /preact /= !scale0r.
case=> -[lambda [c [Eo Ep]]] HN; have [N' [Hp Hw Hg HN']] := phantom_tail HN Ep.
exists (Hidden g 0 (append_rows lambda%:M (Layer (weight l) (bias l) 0)) N').
split; [by split=> //=; rewrite col_mx0 | by rewrite /= Hw | by rewrite /= Hg |] => x.
rewrite /output !run_hidden preact_append_rows /act nsq_col nsq1 addr0 -Eo scale_col_mx HN'.
by rewrite /preact /= !scale0r.
Qed.
End Widths.

Section Field.
Variable F : fieldType.

(* Every hidden o_l is a square, not zero unless ψ_{l+1} is. *)
Fixpoint squares n k (N : net F n k) : Prop :=
  match N with
  | Output _ _ _ => True
  | Hidden _ _ _ _ o _ N' =>
      (exists lambda, o = lambda * lambda /\ (lambda != 0 \/ psi (first N') = 0)) /\ squares N'
  end.

(* D3 over a field, where c_l = ψ_{l+1}/λ_l. *)
Theorem phantom_network_field n k (N : net F n k) : squares N ->
  exists N' : net F n k,
  [/\ plain N', widths N' = map (addn^~ 1%N) (widths N), gains N' = gains N & output N' =1 output N].
Proof.
move=> H; apply: phantom_network; elim: N H => //= n' m k' g o l N IH [[lambda [Eo H]] HN].
split; last exact: IH; exists lambda; case: H => [l0|p0].
  by exists (lambda^-1 *: psi (first N)); rewrite scalerA mulfV // scale1r.
by exists 0; rewrite scaler0.
Qed.
End Field.
