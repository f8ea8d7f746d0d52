(* E7: a convex side of one hidden layer. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From Isotropic Require Import scalars network primitive collapse lipschitz profile gains.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Sides.
Variable F : realFieldType.
Add Ring F_ring : (ring_laws F).

(* t x + (1 - t) x' *)
Definition between n (t : F) (x x' : 'cV[F]_n) : 'cV[F]_n := t *: x + (1 - t) *: x'.
Definition convex_set n (A : 'cV[F]_n -> Prop) := forall t x x', 0 <= t <= 1 -> A x -> A x' -> A (between t x x').
Definition convex_map n (q : 'cV[F]_n -> F) :=
  forall t x x', 0 <= t <= 1 -> q (between t x x') <= t * q x + (1 - t) * q x'.

(* 1/γ(x) *)
Definition inverse_gain n m g o (l : layer F m n) (x : 'cV[F]_n) : F := (g (nsq (preact l 0 x) + o))^-1.

Lemma preact_between n m (l : layer F m n) t x x' :
  preact l 0 (between t x x') = t *: preact l 0 x + (1 - t) *: preact l 0 x'.
Proof.
rewrite /preact !scale0r !addr0 /between mulmxDr -!scalemxAr !scalerDr addrACA -[t *: bias l + _]scalerDl.
by rewrite [t + (1 - t)]addrC subrK scale1r.
Qed.

(* E7: with one hidden layer, γ > 0 and 1/γ convex in x, the side {y_i ≤ y_j} is convex where b_i ≥ b_j. *)
Theorem convex_side n m k g o (l : layer F m n) (l' : layer F k m) (i j : 'I_k) :
  (forall x, 0 < inverse_gain g o l x) -> convex_map (inverse_gain g o l) -> bias l' j 0 <= bias l' i 0 ->
  convex_set (fun x => output (Hidden g o l (Output l')) x i 0 <= output (Hidden g o l (Output l')) x j 0).
Proof.
move=> pos conv bij; set q := inverse_gain g o l in pos conv.
pose f x := (weight l' *m preact l 0 x + psi l') i 0 - (weight l' *m preact l 0 x + psi l') j 0.
pose beta := bias l' i 0 - bias l' j 0.
(* y_i ≤ y_j ⇔ f + β/γ ≤ 0, f affine *)
have side x : (output (Hidden g o l (Output l')) x i 0 <= output (Hidden g o l (Output l')) x j 0) = (f x + beta * q x <= 0).
  have q0 := pos x; rewrite /output run_hidden /= /act /preact /= -/(preact l 0 x).
  rewrite /f /beta; move: q0; rewrite /q /inverse_gain; set z := preact l 0 x; set a := g _; rewrite invr_gt0 => a0.
  have cancel X Y : a * (X + Y * a^-1) = a * X + Y by rewrite mulrDr mulrCA mulfV ?mulr1 // gt_eqF.
  rewrite -subr_le0 -[RHS](pmulr_rle0 _ a0) cancel -scalemxAr !mxE; congr (_ <= _).
  by move: (\sum__ _ * _) (\sum__ _ * _) => u v; scalar_ring F.
have affine t x x' : f (between t x x') = t * f x + (1 - t) * f x'.
  rewrite /f preact_between mulmxDr -!scalemxAr !mxE.
  by move: (\sum__ _ * _) (\sum__ _ * _) (\sum__ _ * _) (\sum__ _ * _) => a b c d; scalar_ring F.
move=> t x x' t01; rewrite !side affine => Hx Hx'; have /andP[t0 t1] := t01.
have t1' : 0 <= 1 - t by rewrite subr_ge0.
apply: le_trans (_ : t * (f x + beta * q x) + (1 - t) * (f x' + beta * q x') <= 0); last first.
  by rewrite -[0]addr0 ler_add // mulr_ge0_le0.
have -> : t * (f x + beta * q x) + (1 - t) * (f x' + beta * q x')
  = t * f x + (1 - t) * f x' + beta * (t * q x + (1 - t) * q x') by scalar_ring F.
by rewrite ler_add2l ler_wpmul2l // ?subr_ge0 //; apply: conv.
Qed.

(* For 1/(1 + r) it is convex: 1/γ = 1 + ‖z‖² + o. *)
Theorem rational_inverse_convex n m o (l : layer F m n) : convex_map (inverse_gain (fun r => (1 + r)^-1) o l).
Proof.
move=> t x x' /andP[t0 t1]; rewrite /inverse_gain !invrK preact_between.
move: (preact l 0 x) (preact l 0 x') => z z'.
have -> : t * (1 + (nsq z + o)) + (1 - t) * (1 + (nsq z' + o))
  = 1 + (nsq (t *: z + (1 - t) *: z') + o) + t * (1 - t) * nsq (z - z').
  by rewrite -[- z']scaleN1r !nsqD !nsqZ !dotZ (dotC (t *: z)) !dotZ (dotC z' z) !mulN1r !opprK ?mul1r;
    move: (nsq z) (nsq z') (dot z z') => a b c; scalar_ring F.
by rewrite ler_addl !mulr_ge0 ?subr_ge0 // nsq_ge0.
Qed.
End Sides.

Section Roots.
Variable F : rcfType.
Add Ring F_ring2 : (ring_laws F).

(* The length of (z, √c) is convex in z. *)
Lemma length_convex m (c t s : F) (z z' : 'cV[F]_m) : 0 <= c -> 0 <= t -> 0 <= s -> s + t = 1 ->
  Num.sqrt (nsq (t *: z + s *: z') + c) <= t * Num.sqrt (nsq z + c) + s * Num.sqrt (nsq z' + c).
Proof.
move=> c0 t0 s0 Est; have pos (u : 'cV[F]_m) : 0 <= nsq u + c by rewrite addr_ge0 ?nsq_ge0.
set A := Num.sqrt (nsq z + c); set B := Num.sqrt (nsq z' + c).
have A0 : 0 <= A by apply: sqrtr_ge0. have B0 : 0 <= B by apply: sqrtr_ge0.
have EA : A * A = nsq z + c by rewrite -expr2 sqr_sqrtr.
have EB : B * B = nsq z' + c by rewrite -expr2 sqr_sqrtr.
have le_AB : dot z z' + c <= A * B.
  set a := Num.sqrt (nsq z); set b := Num.sqrt (nsq z').
  have Ea : a * a = nsq z by rewrite -expr2 sqr_sqrtr ?nsq_ge0.
  have Eb : b * b = nsq z' by rewrite -expr2 sqr_sqrtr ?nsq_ge0.
  have ab : 0 <= a * b by rewrite mulr_ge0 ?sqrtr_ge0.
  apply: le_trans (_ : a * b + c <= A * B); first by rewrite ler_add2r; apply: cauchy_schwarz.
  rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?(mulr_ge0 A0 B0) ?(addr_ge0 ab c0) // -subr_ge0.
  have -> : (A * B) ^+ 2 - (a * b + c) ^+ 2 = c * (a - b) ^+ 2.
    have -> : (A * B) ^+ 2 = (A * A) * (B * B) by rewrite !expr2 mulrACA.
    by rewrite EA EB -Ea -Eb !expr2; scalar_ring F.
  by rewrite mulr_ge0 // sqr_ge0.
rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?sqrtr_ge0 ?addr_ge0 ?mulr_ge0 // sqr_sqrtr // nsqD !nsqZ dotZ dotC dotZ dotC.
rewrite -subr_ge0.
have -> : (t * A + s * B) ^+ 2 - (t * t * nsq z + (s * (t * dot z z') + s * (t * dot z z')) + s * s * nsq z' + c)
  = (t * s + t * s) * (A * B - (dot z z' + c)).
  have -> : (t * A + s * B) ^+ 2 = t * t * (A * A) + (t * s + t * s) * (A * B) + s * s * (B * B).
    by rewrite expr2; scalar_ring F.
  have E1 : c = (s + t) * (s + t) * c by rewrite Est !mul1r.
  rewrite EA EB {3}E1; move: (nsq z) (nsq z') (dot z z') (A * B) => a b d e; scalar_ring F.
by apply: mulr_ge0; [rewrite addr_ge0 ?mulr_ge0 | rewrite subr_ge0].
Qed.

(* For 1/√(1 + r) as well: 1/γ = √(1 + ‖z‖² + o) is the length of (z, √(1 + o)). *)
Theorem algebraic_inverse_convex n m o (l : layer F m n) : 0 <= o -> convex_map (inverse_gain (@algebraic_gain F) o l).
Proof.
move=> o0 t x x' /andP[t0 t1]; rewrite /inverse_gain /algebraic_gain !invrK preact_between.
rewrite ![1 + (nsq _ + o)]addrCA; apply: length_convex => //; [by rewrite addr_ge0 ?ler01 | by rewrite subr_ge0 | exact: subrK].
Qed.

(* For every profile with ρ/σ(ρ) convex and rising: 1/γ = ρ/σ(ρ) of the length ρ of (z, √o). *)
Theorem profile_inverse_convex (sigma : F -> F) n m o (l : layer F m n) : 0 <= o ->
  (forall rho rho', 0 <= rho -> rho <= rho' -> (gain_of_profile sigma (rho * rho))^-1 <= (gain_of_profile sigma (rho' * rho'))^-1) ->
  (forall t s rho rho', 0 <= t -> 0 <= s -> s + t = 1 -> 0 <= rho -> 0 <= rho' ->
    (gain_of_profile sigma ((t * rho + s * rho') * (t * rho + s * rho')))^-1
    <= t * (gain_of_profile sigma (rho * rho))^-1 + s * (gain_of_profile sigma (rho' * rho'))^-1) ->
  convex_map (inverse_gain (gain_of_profile sigma) o l).
Proof.
move=> o0 rises convex t x x' /andP[t0 t1]; rewrite /inverse_gain preact_between.
have s0 : 0 <= 1 - t by rewrite subr_ge0.
move: (preact l 0 x) (preact l 0 x') (1 - t) s0 (subrK t 1) => z z' s s0 Est.
have pos (u : 'cV[F]_m) : 0 <= nsq u + o by rewrite addr_ge0 ?nsq_ge0.
have E (u : 'cV[F]_m) : nsq u + o = Num.sqrt (nsq u + o) * Num.sqrt (nsq u + o) by rewrite -expr2 sqr_sqrtr.
rewrite (E z) (E z') (E (_ + _)); apply: le_trans (convex _ _ _ _ t0 s0 Est _ _); rewrite ?sqrtr_ge0 //.
by apply: rises; rewrite ?sqrtr_ge0 //; apply: length_convex.
Qed.
End Roots.
