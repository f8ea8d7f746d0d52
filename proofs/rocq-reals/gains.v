(* A4, D4's P = 1, E2's g > 0 and E7 for tanh, and A4 for ln(1+ρ)/ρ, over Coq's real numbers: the theorems of ../rocq with
   their premises discharged. Coq's reals rest on five axioms, listed in axioms.txt; nothing else is assumed. *)
From Coq Require Import Reals.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp.analysis Require Import Rstruct.
From Isotropic Require Import network collapse lipschitz profile tanh sides tanh_side.
From IsotropicReals Require Import elementary.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Notation F := R_rcfType.

Lemma tanh_is_like_tanh : @like_tanh F Rtrigo_def.tanh.
Proof.
split.
- by move=> x /RleP x0; apply/RleP/tanh_nonneg.
- by move=> x /RleP x0; apply/RleP/tanh_le.
- by move=> x _; apply/RleP/tanh_le_1.
- by move=> a b _ _; exact: tanh_sub.
- by move=> a b /RleP b0 /RleP ba; apply/RleP/tanh_ratio_falls.
by move=> x /RleP x0; apply/RleP; rewrite expr2; exact: tanh_slope.
Qed.

Definition tanh_gain : F -> F := gain_of_profile Rtrigo_def.tanh.

(* A4 for tanh: the sharp constant g(o) = tanh(√o)/√o, every o ≥ 0, every dimension. *)
Theorem tanh_A4 (o : F) : 0 <= o -> stretches_at_most (tanh_gain o * tanh_gain o) 0 tanh_gain o.
Proof. by move=> o0; apply: tanh_sharp tanh_is_like_tanh _ o0. Qed.

(* P = 1 for tanh: z ↦ (h, √(1+o) γ) stretches no distance. *)
Theorem tanh_P1 (o : F) : 0 <= o -> stretches_at_most 1 (1 + o) tanh_gain o.
Proof. by move=> o0; apply: tanh_lift tanh_is_like_tanh _ o0. Qed.

(* E2's premise for tanh. *)
Theorem tanh_gain_positive (r : F) : 0 <= r -> 0 < tanh_gain r.
Proof.
apply: (gain_of_profile_gt0 (sigma := Rtrigo_def.tanh : F -> F)).
by move=> x /RltP x0; apply/RltP/tanh_pos.
Qed.

(* E7 for tanh. *)
Theorem tanh_E7 (o : F) n m k (l : layer F m n) (l' : layer F k m) (i j : 'I_k) : 0 <= o -> bias l' j 0 <= bias l' i 0 ->
  convex_set (fun x => output (Hidden tanh_gain o l (Output l')) x i 0 <= output (Hidden tanh_gain o l (Output l')) x j 0).
Proof. exact: tanh_convex_side tanh_is_like_tanh _ _ _ _ _ _ _ _. Qed.

Lemma log1p_rises_slowly : @rising_profile F log1p.
Proof.
split.
- by move=> x /RleP x0; apply/RleP/log1p_nonneg.
- by move=> x /RleP x0; apply/RleP/log1p_le.
- by move=> a b /RleP b0 /RleP ba; apply/RleP/log1p_rises.
by move=> a b /RleP b0 /RleP ba; apply/RleP/log1p_ratio_falls.
Qed.

Definition log1p_gain : F -> F := gain_of_profile log1p.

(* A4 for ln(1+ρ)/ρ: the sharp constant g(o), though the gain has no bounded slope at r = 0. *)
Theorem log1p_A4 (o : F) : 0 <= o -> stretches_at_most (log1p_gain o * log1p_gain o) 0 log1p_gain o.
Proof. by move=> o0; apply: rising_sharp log1p_rises_slowly _ o0. Qed.

Theorem log1p_gain_positive (r : F) : 0 <= r -> 0 < log1p_gain r.
Proof.
apply: (gain_of_profile_gt0 (sigma := log1p : F -> F)).
by move=> x /RltP x0; apply/RltP/log1p_pos.
Qed.
