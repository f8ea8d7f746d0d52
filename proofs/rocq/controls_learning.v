(* Wrong versions of what is said of training, refuted. See controls.v. *)
From mathcomp Require Import all_ssreflect fingroup perm ssralg ssrnum zmodp matrix mxalgebra rat.
From Isotropic Require Import scalars network primitive gauge growth removal collapse lipschitz profile gradient motion state conserved controls.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* ---- F3 ---- *)

(* F3 with o's momentum reset: o = 1 with momentum 1, one step m ← m, θ ← θ - m without any data. *)
Theorem growth_keeps_momentum :
  let one := Factor4 1 1 1 1 : factor4 Q in let zero := Factor4 0 0 0 0 : factor4 Q in let back := Factor4 (-1) (-1) (-1) (-1) : factor4 Q in
  let step := Rule [:: one; one] [:: zero; zero] [:: zero; zero] [:: one; one] [:: back; back] [:: zero; zero] in
  let t : params Q 1 1 [:: 1%N] := ((layer1 0 0 0, 1), layer1 0 0 0) in
  let reset : params Q 1 1 [:: 1%N] := ((layer1 0 0 0, 0), layer1 0 0 0) in
  let P := padding Q 1 [:: 1%N] in
  let trained m := train_step id (fun=> 1) [::] (compress 1%:M P t, compress 1%:M P m, [::]) ([::] : inputs Q 1 1, fun=> step) in
  trained reset <> trained t.
Proof. by move=> one zero back step t reset P trained /(congr1 (fun s => s.1.1.1.2)) /eqP; vm_compute. Qed.

(* ---- F7 ---- *)

(* The charge of 1/(1+r) with weight 1 for ψ_{l+1}: 2 - 1 too little of ⟨ψ_{l+1}, ∂L/∂ψ_{l+1}⟩, which is 1 here. *)
Definition rational_slope (r : Q) : Q := - (gain r * gain r).
Theorem charge_needs_weight_of_psi :
  let t : params Q 1 1 [:: 1%N] := ((layer1 0 0 0, 0), layer1 0 0 1) in
  let g := gradient id (fun=> 1) [:: (gain, rational_slope)] [:: (number 0, fun=> number 1)] t in
  charge 2%:R (fun o => 1 + o) 0 t g + (1 - 2%:R) * dot (psi t.2) (psi g.2) <> 0.
Proof.
move=> t g; rewrite /g charge_is_conserved ?add0r => [|r]; last first.
  have E : gain r * (gain r * (1 + r)) = gain r.
    rewrite /gain /rational_gain; have [r0|r0] := eqVneq (1 + r : rat_fieldType) 0; first by rewrite r0 invr0 mul0r.
    by rewrite mulVf // mulr1.
  by rewrite /= /rational_slope -opprD mulNr mulrDl -!mulrA E mulr_natl mulr2n.
rewrite /= !preact1 nsq1 ?(addr0, add0r) !numbers.
by move/eqP; vm_compute.
Qed.

(* The charge with a gain of another kind: g = 1. *)
Theorem charge_needs_its_gain :
  let t : params Q 1 1 [:: 1%N] := ((layer1 0 0 0, 0), layer1 0 0 1) in
  charge 2%:R (fun o => 1 + o) 0 t (gradient id (fun=> 1) [:: (fun=> 1, fun=> 0)] [:: (number 0, fun=> number 1)] t) <> 0.
Proof.
rewrite /= !preact1 /layer_inner /= !numbers.
by move/eqP; vm_compute.
Qed.

(* ---- F9 ---- *)

(* A direction under heavy ball does not fall by 1 - ηλ a step: η = 1, λ = μ = 1/2. *)
Fixpoint falling (t : nat) : Q * Q := if t is t'.+1 then
  let v := (2%:R^-1 : rat) * (falling t').2 + (2%:R^-1 : rat) * (falling t').1 in ((falling t').1 - v, v) else (1, 0).
Theorem decay_needs_momentum : exists s v : nat -> Q,
  [/\ forall t, v t.+1 = (2%:R^-1 : rat) * v t + (2%:R^-1 : rat) * s t, forall t, s t.+1 = s t - 1 * v t.+1
    & s 2%N <> (1 - 1 * (2%:R^-1 : rat)) ^+ 2 * s 0%N].
Proof.
exists (fun t => (falling t).1), (fun t => (falling t).2); split=> [t|t|]; first by [].
  by rewrite mul1r.
by move/eqP; vm_compute.
Qed.
