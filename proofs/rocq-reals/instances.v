(* The theorems of gains.v at o = 1 and r = 1, as ../rocq/instances.v has it for those of ../rocq. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp.analysis Require Import Rstruct.
From Isotropic Require Import network tanh tanh_side.
From IsotropicReals Require Import gains.
Import Num.Theory.
Local Open Scope ring_scope.

Definition tanh_here := tanh_A4 ler01.
Definition tanh_lift_here := tanh_P1 ler01.
Definition log1p_here := log1p_A4 ler01.
Definition tanh_positive_here := tanh_gain_positive ler01.
Definition log1p_positive_here := log1p_gain_positive ler01.
Definition tanh_lipschitz_here := fun n z z' => @tanh_lipschitz _ _ tanh_is_like_tanh _ n z z' ler01.
(* Two classes of equal biases, as instances.v of ../rocq has it for the algebraic gains. *)
Definition wide_layer (m n : nat) : layer R_rcfType m n := Layer (const_mx 1) (const_mx 2%:R) (const_mx 3%:R).
Lemma equal_biases : bias (wide_layer 2 2) 1 0 <= bias (wide_layer 2 2) 0 0. Proof. by rewrite !mxE. Qed.
Definition tanh_side_here := tanh_E7 (l := wide_layer 2 3) ler01 equal_biases.
Definition tanh_inverse_here := tanh_inverse_convex tanh_is_like_tanh (wide_layer 2 3) ler01.
Definition tanh_convex_here := tanh_convex_side tanh_is_like_tanh (l := wide_layer 2 3) ler01 equal_biases.
