(* Wrong versions, refuted. Each theorem gives a network over ℚ on which a plausible variant of a statement
   is false. The gain is g(r) = 1/(1+r); widths are one where that is enough, so that matrices are
   numbers. Here growing and removing; controls_*.v: rotations and the collapsed form, singular values and sides, learning. *)
From mathcomp Require Import all_ssreflect fingroup perm ssralg ssrnum zmodp matrix mxalgebra rat.
From Isotropic Require Import scalars network primitive gauge growth removal collapse.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Definition Q := [comRingType of rat].
Definition gain : Q -> Q := @rational_gain rat_fieldType.

(* ---- Networks of numbers ---- *)

Definition number (a : Q) : 'M[Q]_1 := a%:M.
Definition layer1 (w b p : Q) : layer Q 1 1 := Layer (number w) (number b) (number p).

Lemma number_inj a b : number a = number b -> a = b.
Proof. by move/matrixP/(_ 0 0); rewrite !mxE eqxx !mulr1n. Qed.

Lemma preact1 w b p s x : preact (layer1 w b p) s (number x) = number (w * x + b + s * p).
Proof. by rewrite /preact /number /= -scalar_mxM scale_scalar_mx -!raddfD. Qed.

Lemma act1 g o z : act g o (number z) = number (g (z * z + o) * z).
Proof. by rewrite /act nsq1 scale_scalar_mx. Qed.

(* y of one hidden neuron (w, b, p) and output layer (v, b', p') *)
Definition value (g : Q -> Q) o w b p v b' p' s x : Q :=
  let z := w * x + b + s * p in let a := g (z * z + o) in v * (a * z) + b' + a * p'.

Lemma run_value g o w b p v b' p' s x :
  run (Hidden g o (layer1 w b p) (Output (layer1 v b' p'))) s (number x)
  = number (value g o w b p v b' p' s x).
Proof. by rewrite run_hidden preact1 act1 nsq1 /= preact1. Qed.

(* The same with a second hidden neuron (w₂, β, π) and its outgoing weight v₂. *)
Definition pair g o w b p w2 beta pi v v2 b' p' : net Q 1 1 :=
  Hidden g o (append_layer (layer1 w2 beta pi) (layer1 w b p))
    (Output (append_columns (number v2) (layer1 v b' p'))).

Definition value2 (g : Q -> Q) o w b p w2 beta pi v v2 b' p' s x : Q :=
  let z := w * x + b + s * p in let z2 := w2 * x + beta + s * pi in
  let a := g (z * z + z2 * z2 + o) in v * (a * z) + v2 * (a * z2) + b' + a * p'.

Lemma run_pair g o w b p w2 beta pi v v2 b' p' s x :
  run (pair g o w b p w2 beta pi v v2 b' p') s (number x)
  = number (value2 g o w b p w2 beta pi v v2 b' p' s x).
Proof.
rewrite run_hidden preact_append_layer !preact1 /act nsq_col !nsq1 scale_col_mx !scale_scalar_mx.
rewrite /= /preact /= mul_row_col -!scalar_mxM scale_scalar_mx -!raddfD.
by [].
Qed.

(* Two numbers that differ, computed. *)
Ltac differ := rewrite ?run_value ?run_pair => /number_inj /eqP; by vm_compute.

(* ---- D1, D2 ---- *)

(* One hidden neuron z = x, and a second one of constant pre-activation β = 2 with outgoing weight 3. *)
Definition before : net Q 1 1 := pair gain 1 1 0 0 0 2%:R 0 1 3%:R 0 0.
(* What D2 makes of it, with o and ψ as given. *)
Definition after o b' p' : net Q 1 1 := Hidden gain o (layer1 1 0 0) (Output (layer1 1 b' p')).

(* The right version, on the same network: o = 1 + β², ψ = 3 β. *)
Theorem absorption_holds_here : run before 0 (number 1) = run (after 5%:R 0 6%:R) 0 (number 1).
Proof. by rewrite run_pair run_value; congr number; apply/eqP; vm_compute. Qed.

(* D2 without ψ_{l+1} → ψ_{l+1} + w β (o alone is updated, as an independent replication did). *)
Theorem absorption_needs_psi : run before 0 (number 1) <> run (after 5%:R 0 0) 0 (number 1).
Proof. differ. Qed.

(* D2 without o_l → o_l + β². *)
Theorem absorption_needs_length : run before 0 (number 1) <> run (after 1 0 6%:R) 0 (number 1).
Proof. differ. Qed.

(* D2 with o_l → o_l + |β|. *)
Theorem absorption_length_is_squared :
  run before 0 (number 1) <> run (after 3%:R 0 6%:R) 0 (number 1).
Proof. differ. Qed.

(* D2 with w β folded into b_{l+1}. *)
Theorem absorption_not_into_bias :
  run before 0 (number 1) <> run (after 5%:R 6%:R 0) 0 (number 1).
Proof. differ. Qed.

(* D1, D4, D5, D9 with a bias that is dropped and not absorbed. *)
Theorem bias_is_not_dead : run before 0 (number 1) <> run (after 1 0 0) 0 (number 1).
Proof. differ. Qed.

(* A hidden layer z = x beneath, so that γ_{l-1} is a value that the gain takes (1/(1+r) ≤ 1 for r ≥ 0). *)
Definition below (N : net Q 1 1) : net Q 1 1 := Hidden gain 0 (layer1 1 0 0) N.

Lemma output_below N x : output (below N) (number x) = run N (gain (x * x + 0)) (number (gain (x * x + 0) * x)).
Proof.
rewrite /output /below run_hidden preact1 (_ : 1 * x + 0 + 0 * 0 = x) ?act1 ?nsq1 //.
by rewrite mul1r mulr0 !addr0.
Qed.

(* D1 with a ψ entry ignored: zero row and bias, π = 1. *)
Theorem psi_entry_is_not_dead :
  output (below (pair gain 1 1 0 0 0 0 1 1 3%:R 0 0)) (number 1) <> output (below (after 1 0 0)) (number 1).
Proof. rewrite !output_below; differ. Qed.

(* D6: absorbing the neuron whose row of W_l is zero and whose ψ entry is not: β = 1, π = 1. *)
Theorem psi_trap_is_inexact :
  output (below (pair gain 1 1 0 0 0 1 1 1 3%:R 0 0)) (number 1)
  <> output (below (after 2%:R 0 3%:R)) (number 1).
Proof. rewrite !output_below; differ. Qed.

(* D4 with s_{p+2} in place of s_{p+1}: rows 2 and 1, the second dropped, so s_{p+1} = 1 and s_{p+2} = 0,
   but y changes. *)
Theorem truncation_needs_first_dropped_value :
  run (pair gain 0 2%:R 0 0 1 0 0 1 1 0 0) 0 (number 1)
  <> run (Hidden gain 0 (layer1 2%:R 0 0) (Output (layer1 1 0 0))) 0 (number 1).
Proof. differ. Qed.

(* A4 with the constant g(o) of f_o for f_0: o = 1, z = 1/2, z' = 0. *)
Theorem lipschitz_constant_needs_length :
  let f := fun z : Q => gain (z * z) * z in
  ~ (f 2%:R^-1 - f 0) ^+ 2 <= (gain 1 * 2%:R^-1) ^+ 2 :> rat.
Proof. by move=> f; vm_compute. Qed.

(* ---- C1, C2 ---- *)

(* C1 with a new neuron of bias 1/2. *)
Theorem neurogenesis_needs_zero_bias :
  run (pair gain 1 1 0 0 0 2%:R^-1 0 1 3%:R 0 0) 0 (number 1) <> run (after 1 0 0) 0 (number 1).
Proof. differ. Qed.

(* C2 (from o = 5, β = 2, w = 3): the right version, then without ψ_{l+1} → ψ_{l+1} - w β, without
   o_l → o_l - β², and with o_l → o_l - β. *)
Theorem growth_holds_here :
  run (pair gain 1 1 0 0 0 2%:R 0 1 3%:R 0 (- 6%:R)) 0 (number 1)
  = run (after 5%:R 0 0) 0 (number 1).
Proof. by rewrite run_pair run_value; congr number; apply/eqP; vm_compute. Qed.

Theorem growth_needs_psi :
  run (pair gain 1 1 0 0 0 2%:R 0 1 3%:R 0 0) 0 (number 1) <> run (after 5%:R 0 0) 0 (number 1).
Proof. differ. Qed.

Theorem growth_needs_length :
  run (pair gain 5%:R 1 0 0 0 2%:R 0 1 3%:R 0 (- 6%:R)) 0 (number 1)
  <> run (after 5%:R 0 0) 0 (number 1).
Proof. differ. Qed.

Theorem growth_length_is_squared :
  run (pair gain 3%:R 1 0 0 0 2%:R 0 1 3%:R 0 (- 6%:R)) 0 (number 1)
  <> run (after 5%:R 0 0) 0 (number 1).
Proof. differ. Qed.

(* C1 where layers are normalised, first by the mean square ‖z‖²/n: the zero neuron changes n. *)
Definition mean_square_act (g : Q -> Q) n (z : 'cV[Q]_n) := g (nsq z / n%:R) *: z.

Theorem neurogenesis_fails_for_mean_square :
  usubmx (mean_square_act gain (col_mx (number 1) (0 : 'cV_1)))
  <> mean_square_act gain (number 1).
Proof.
rewrite /mean_square_act scale_col_mx col_mxKu nsq_col nsq0 nsq1 !scale_scalar_mx.
by move/number_inj/eqP; vm_compute.
Qed.

(* C1 and layer normalisation, which subtracts the mean: whatever the scales c and c' ≠ 0 divided by,
   (1, 1) goes to (0, 0), and the grown (1, 1, 0) does not. *)
Definition centred n (z : 'cV[rat]_n) : 'cV[rat]_n := z - const_mx ((\sum_i z i 0) / n%:R).

Theorem neurogenesis_fails_for_layer_norm (c c' : rat) : c' != 0 ->
  usubmx (c' *: centred (col_mx (const_mx 1 : 'cV_2) (0 : 'cV_1)))
  <> c *: centred (const_mx 1 : 'cV_2).
Proof.
have S2 : \sum_i (const_mx 1 : 'cV[rat]_2) i 0 = 2%:R.
  by rewrite (eq_bigr (fun=> 1)) ?sumr_const ?card_ord // => i _; rewrite mxE.
have S3 : \sum_i (col_mx (const_mx 1 : 'cV[rat]_2) (0 : 'cV_1)) i 0 = 2%:R.
  rewrite big_split_ord big_ord1 /= col_mxEd mxE addr0 -S2.
  by apply: eq_bigr => i _; rewrite col_mxEu.
move=> c0 /matrixP/(_ 0 0) /eqP; rewrite /centred S2 S3 2!mxE [X in _ * X]mxE [in X in _ == X]mxE.
rewrite [in X in _ == X]mxE col_mxEu !mxE divff // subrr mulr0 mulf_eq0 (negbTE c0) /=.
by vm_compute.
Qed.

(* ---- D3 ---- *)

(* D3 (o = 4, λ = 2, ψ = 6): the right version, then with the column ψ in place of ψ/λ, and with the
   pre-activation o in place of λ. *)
Theorem phantom_holds_here :
  run (after 4%:R 0 6%:R) 0 (number 1) = run (pair gain 0 1 0 0 0 2%:R 0 1 3%:R 0 0) 0 (number 1).
Proof. by rewrite run_pair run_value; congr number; apply/eqP; vm_compute. Qed.

Theorem phantom_column_is_divided :
  run (after 4%:R 0 6%:R) 0 (number 1) <> run (pair gain 0 1 0 0 0 2%:R 0 1 6%:R 0 0) 0 (number 1).
Proof. differ. Qed.

Theorem phantom_length_is_rooted :
  run (after 4%:R 0 6%:R) 0 (number 1)
  <> run (pair gain 0 1 0 0 0 4%:R 0 1 (6%:R / 4%:R) 0 0) 0 (number 1).
Proof. differ. Qed.

(* ---- D7 ---- *)

(* D7: growing by β = 1, w = 1 and removing without touching ψ does not give the network back … *)
Theorem round_trip_needs_psi :
  drop_columns (append_columns (number 1) (add_psi (- (number 1 *m number 1)) (layer1 1 0 0)))
  <> layer1 1 0 0.
Proof.
case=> _ /matrixP/(_ 0 0); rewrite -scalar_mxM !mxE eqxx !mulr1n => /eqP; by vm_compute.
Qed.

(* … nor does it when |β| is added to o as well as β². *)
Theorem round_trip_length : (5%:R - nsq (number 2%:R)) + nsq (number 2%:R) + 2%:R <> 5%:R :> Q.
Proof. by rewrite nsq1 => /eqP; vm_compute. Qed.

(* ---- Numbers as matrices, for the other files ---- *)

Lemma numberD a b : number a + number b = number (a + b). Proof. by rewrite /number raddfD. Qed.
Lemma numberN a : - number a = number (- a). Proof. by rewrite /number raddfN. Qed.
Lemma numberM a b : number a *m number b = number (a * b). Proof. by rewrite /number scalar_mxM. Qed.
Lemma numberZ a b : a *: number b = number (a * b). Proof. by rewrite /number scale_scalar_mx. Qed.
Lemma number0 : 0 = number 0. Proof. by rewrite /number raddf0. Qed.
Lemma dot1 a b : dot (number a) (number b) = a * b.
Proof. by rewrite /dot /number tr_scalar_mx -scalar_mxM mxE eqxx mulr1n. Qed.
Lemma trace1 a : \tr (number a) = a. Proof. by rewrite /mxtrace big_ord1 mxE eqxx mulr1n. Qed.
Lemma numberT a : (number a)^T = number a. Proof. exact: tr_scalar_mx. Qed.
Definition numbers := (number0, numberT, numberD, numberN, numberM, numberZ, dot1, trace1).
