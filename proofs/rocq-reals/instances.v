(* The theorems of gains.v at o = 1 and r = 1, as ../rocq/instances.v has it for those of ../rocq. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp.analysis Require Import Rstruct.
From Isotropic Require Import tanh.
From IsotropicReals Require Import gains.
Import Num.Theory.

Definition tanh_here := tanh_A4 ler01.
Definition tanh_lift_here := tanh_P1 ler01.
Definition log1p_here := log1p_A4 ler01.
Definition tanh_positive_here := tanh_gain_positive ler01.
Definition log1p_positive_here := log1p_gain_positive ler01.
Definition tanh_lipschitz_here := fun n z z' => @tanh_lipschitz _ _ tanh_is_like_tanh _ n z z' ler01.
