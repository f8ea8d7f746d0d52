(* Floating point, as far as it goes without a model of the machine's numbers: what follows from the standard model, in which
   each operation is off by a factor 1 + δ, |δ| ≤ u. That IEEE arithmetic is of this kind away from overflow and underflow is the
   premise. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From Isotropic Require Import scalars.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Rounding.
Variable F : realFieldType.
Add Ring F_ring : (ring_laws F).

(* What a machine makes of a_0 b_0 + … + a_{n-1} b_{n-1}, in order from 0: each product off by 1 + δ_k, each sum by 1 + ε_k. *)
Fixpoint computed (a b delta eps : nat -> F) (n : nat) : F :=
  if n is k.+1 then (computed a b delta eps k + a k * b k * (1 + delta k)) * (1 + eps k) else 0.

Lemma two_factors (u d e : F) : `|d| <= u -> `|e| <= u -> `|(1 + d) * (1 + e) - 1| <= (1 + u) ^+ 2 - 1.
Proof.
move=> Hd He; have -> : (1 + d) * (1 + e) - 1 = d + e + d * e by scalar_ring F.
have -> : (1 + u) ^+ 2 - 1 = u + u + u * u by rewrite expr2; scalar_ring F.
apply: le_trans (ler_norm_add _ _) _; apply: ler_add; last by rewrite normrM ler_pmul.
by apply: le_trans (ler_norm_add _ _) _; apply: ler_add.
Qed.

(* One entry of a layer's products: off by at most ((1 + u)^(n+1) - 1) Σ |a_i b_i|. *)
Theorem products_rounding (a b delta eps : nat -> F) (u : F) n :
  (forall k, `|delta k| <= u) -> (forall k, `|eps k| <= u) ->
  `|computed a b delta eps n - \sum_(i < n) a i * b i| <= ((1 + u) ^+ n.+1 - 1) * \sum_(i < n) `|a i * b i|.
Proof.
move=> Hd He; have u0 : 0 <= u by apply: le_trans (Hd 0%N).
have one1 : 1 <= 1 + u by rewrite ler_addl.
elim: n => [|n IH]; first by rewrite /= !big_ord0 subrr normr0 mulr0.
have ST : `|\sum_(i < n) a i * b i| <= \sum_(i < n) `|a i * b i| by apply: ler_norm_sum.
rewrite /= !big_ord_recr /=; move: IH ST.
move: (computed _ _ _ _ n) (\sum_(i < n) a i * b i) (\sum_(i < n) `|a i * b i|) => s S T IH ST.
set p := a n * b n; set d := delta n; set e := eps n.
have -> : (s + p * (1 + d)) * (1 + e) - (S + p) = (s - S) * (1 + e) + S * e + p * ((1 + d) * (1 + e) - 1) by scalar_ring F.
have T0 : 0 <= T by apply: le_trans ST.
have first : `|(s - S) * (1 + e)| <= ((1 + u) ^+ n.+1 - 1) * T * (1 + u).
  rewrite normrM ler_pmul // (le_trans (ler_norm_add _ _)) // normr1 ler_add2l; apply: He.
have second : `|S * e| <= T * u by rewrite normrM ler_pmul // /e He.
have third : `|p * ((1 + d) * (1 + e) - 1)| <= `|p| * ((1 + u) ^+ n.+2 - 1).
  rewrite normrM ler_wpmul2l // (le_trans (two_factors (Hd n) (He n))) // ler_add2r.
  by rewrite ler_weexpn2l.
apply: le_trans (ler_norm_add _ _) _; apply: le_trans (ler_add (ler_norm_add _ _) (lexx _)) _.
apply: le_trans (ler_add (ler_add first second) third) _.
have -> : ((1 + u) ^+ n.+1 - 1) * T * (1 + u) + T * u + `|p| * ((1 + u) ^+ n.+2 - 1) = ((1 + u) ^+ n.+2 - 1) * (T + `|p|).
  by rewrite (exprS _ n.+1); move: ((1 + u) ^+ n.+1) `|p| => x y; scalar_ring F.
exact: lexx.
Qed.

(* A5, the squared norm ‖z‖² summed in order, out of the way of overflow: a factor within (1 + u)^(n+1) - 1 of 1. *)
Theorem squared_norm_rounding (z delta eps : nat -> F) (u : F) n :
  (forall k, `|delta k| <= u) -> (forall k, `|eps k| <= u) ->
  `|computed z z delta eps n - \sum_(i < n) z i * z i| <= ((1 + u) ^+ n.+1 - 1) * \sum_(i < n) z i * z i.
Proof.
move=> Hd He; apply: le_trans (products_rounding z z n Hd He) _.
by rewrite (eq_bigr (fun i : 'I_n => z i * z i)) // => i _; rewrite ger0_norm // -expr2 sqr_ge0.
Qed.

(* The bound is attained at n = 1. *)
Theorem products_rounding_attained (u : F) : 0 <= u ->
  `|computed (fun=> 1) (fun=> 1) (fun=> u) (fun=> u) 1 - \sum_(i < 1) 1 * 1| = ((1 + u) ^+ 2 - 1) * \sum_(i < 1) `|1 * 1 : F|.
Proof.
move=> u0; rewrite !big_ord1 /= add0r !mulr1 mul1r normr1 mulr1 expr2 ger0_norm // subr_ge0.
by rewrite mulr_ege1 // ler_addl.
Qed.
End Rounding.
