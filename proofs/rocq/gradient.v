(* F: the gradient of a network, layer by layer from the last to the first, and what a change of basis does to it. So
   what [learning.v] says of tensors is here said of the weights themselves: F1, F5, F6, F7 and F8.

   θ has a layer (W_l, b_l, ψ_l) and a number p_l for each hidden layer, with o_l = len p_l (o itself, λ², e^ℓ), and the last
   layer. Derivatives are numbers given with each function: d for g, dlen for len, and the gradient of the loss at y. *)
From Coq Require List.
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From Isotropic Require Import scalars network primitive.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Section Gradient.
Variable R : comRingType.
Add Ring R_ring : (ring_laws R).

(* ---- θ ---- *)

Fixpoint params (n k : nat) (ws : seq nat) : Type :=
  match ws with
  | [::] => layer R k n
  | m :: ws' => (layer R m n * R * params m k ws')%type
  end.

Definition layer_add m n (l l' : layer R m n) := Layer (weight l + weight l') (bias l + bias l') (psi l + psi l').
Definition layer_scale m n a b c (l : layer R m n) := Layer (a *: weight l) (b *: bias l) (c *: psi l).
Definition layer_inner m n (l l' : layer R m n) : R :=
  \tr ((weight l)^T *m weight l') + dot (bias l) (bias l') + dot (psi l) (psi l').

Fixpoint add_params n k ws : params n k ws -> params n k ws -> params n k ws :=
  match ws return params n k ws -> params n k ws -> params n k ws with
  | [::] => @layer_add _ _
  | m :: ws' => fun t t' => (layer_add t.1.1 t'.1.1, t.1.2 + t'.1.2, add_params t.2 t'.2)
  end.

(* A factor for each tensor: those of W_l, b_l, ψ_l and p_l. *)
Record factor4 := Factor4 { of_weight : R; of_bias : R; of_psi : R; of_length : R }.
Definition no_factor := Factor4 0 0 0 0.

Fixpoint scale_params n k ws (c : seq factor4) : params n k ws -> params n k ws :=
  let f := head no_factor c in
  match ws return params n k ws -> params n k ws with
  | [::] => layer_scale (of_weight f) (of_bias f) (of_psi f)
  | m :: ws' => fun t => (layer_scale (of_weight f) (of_bias f) (of_psi f) t.1.1, of_length f * t.1.2,
                          scale_params (behead c) t.2)
  end.

Fixpoint zero_params n k ws : params n k ws :=
  match ws return params n k ws with [::] => Layer 0 0 0 | m :: ws' => (Layer 0 0 0, 0, zero_params m k ws') end.

Fixpoint inner_params n k ws : params n k ws -> params n k ws -> R :=
  match ws return params n k ws -> params n k ws -> R with
  | [::] => @layer_inner _ _
  | m :: ws' => fun t t' => layer_inner t.1.1 t'.1.1 + t.1.2 * t'.1.2 + inner_params t.2 t'.2
  end.

(* ---- The network of θ, and its gradient ---- *)

(* Gain and derivative of each hidden layer. *)
Variables (len dlen : R -> R).

Fixpoint net_of n k ws (G : seq ((R -> R) * (R -> R))) : params n k ws -> net R n k :=
  match ws return params n k ws -> net R n k with
  | [::] => fun l => Output l
  | m :: ws' => fun t => Hidden (head (id, id) G).1 (len t.1.2) t.1.1 (net_of (behead G) t.2)
  end.

(* The gradient at one input, and that with respect to what arrives, (h, γ); [slope y] is the loss's at y. *)
Fixpoint back n k ws (G : seq ((R -> R) * (R -> R))) (slope : 'cV[R]_k -> 'cV[R]_k) :
    params n k ws -> R -> 'cV[R]_n -> params n k ws * ('cV[R]_n * R) :=
  match ws return params n k ws -> R -> 'cV[R]_n -> params n k ws * ('cV[R]_n * R) with
  | [::] => fun l gamma h =>
      let delta := slope (preact l gamma h) in
      (Layer (delta *m h^T) delta (gamma *: delta), ((weight l)^T *m delta, dot (psi l) delta))
  | m :: ws' => fun t gamma h =>
      let l := t.1.1 in let z := preact l gamma h in let r := nsq z + len t.1.2 in
      let gamma' := (head (id, id) G).1 r in
      let b := back (behead G) slope t.2 gamma' (gamma' *: z) in
      let s := (head (id, id) G).2 r * (dot z b.2.1 + b.2.2) in
      let delta := gamma' *: b.2.1 + (s + s) *: z in
      (Layer (delta *m h^T) delta (gamma *: delta), dlen t.1.2 * s, b.1, ((weight l)^T *m delta, dot (psi l) delta))
  end.

(* One layer of it, with the gradient of the layers behind under a name: unfolded by computation, it is written five times. *)
Lemma back_hidden n m k ws G slope (t : params n k (m :: ws)) gamma h z gm gb a c :
  preact t.1.1 gamma h = z -> (head (id, id) G).1 (nsq z + len t.1.2) = gm ->
  back (behead G) slope t.2 gm (gm *: z) = (gb, (a, c)) ->
  let s := (head (id, id) G).2 (nsq z + len t.1.2) * (dot z a + c) in let delta := gm *: a + (s + s) *: z in
  back G slope t gamma h = (Layer (delta *m h^T) delta (gamma *: delta), dlen t.1.2 * s, gb,
                            ((weight t.1.1)^T *m delta, dot (psi t.1.1) delta)).
Proof. by move=> <- <- E; rewrite /= E. Qed.

(* ---- The chain rule: this is the derivative of the loss ---- *)

Lemma dotDr n (u v w : 'cV[R]_n) : dot u (v + w) = dot u v + dot u w.
Proof. by rewrite /dot mulmxDr mxE. Qed.
Lemma dotZl n a (u v : 'cV[R]_n) : dot (a *: u) v = a * dot u v.
Proof. by rewrite dotC dotZ dotC. Qed.
Lemma dot_mul m n (A : 'M[R]_(m, n)) u v : dot u (A *m v) = dot (A^T *m u) v.
Proof. by rewrite /dot trmx_mul trmxK mulmxA. Qed.
Lemma trace_outer m n (A : 'M[R]_(m, n)) u v : \tr ((u *m v^T)^T *m A) = dot u (A *m v).
Proof. by rewrite trmx_mul trmxK -mulmxA mxtrace_mulC /mxtrace big_ord1 /dot mulmxA. Qed.

Fixpoint gains_have_slopes (eps : R) (G : seq ((R -> R) * (R -> R))) : Prop :=
  if G is g :: G' then (forall r a, g.1 (r + eps * a) = g.1 r + eps * (a * g.2 r)) /\ gains_have_slopes eps G'
  else True.

Definition moved_params n k ws (eps : R) (t v : params n k ws) : params n k ws :=
  add_params t (scale_params (nseq (size ws).+1 (Factor4 eps eps eps eps)) v).

Lemma preact_moved m n (l v : layer R m n) eps gamma h gamma' h' : eps * eps = 0 ->
  preact (layer_add l (layer_scale eps eps eps v)) (gamma + eps * gamma') (h + eps *: h')
  = preact l gamma h + eps *: (preact v gamma h + weight l *m h' + gamma' *: psi l).
Proof.
move=> e2; rewrite /preact /= !mulmxDl !mulmxDr -!scalemxAl -!scalemxAr.
move: (weight l *m h) (weight l *m h') (weight v *m h) (weight v *m h') => a a' c c'.
have kill x : eps * (eps * x) = 0 by rewrite mulrA e2 mul0r.
apply/matrixP => i j; rewrite !mxE kill.
have -> : (gamma + eps * gamma') * (psi l i j + eps * psi v i j)
        = gamma * psi l i j + eps * (gamma * psi v i j + gamma' * psi l i j) + eps * (eps * (gamma' * psi v i j)) by scalar_ring R.
by rewrite kill; scalar_ring R.
Qed.

Lemma scale_moved n eps a b (u v : 'cV[R]_n) : eps * eps = 0 ->
  (a + eps * b) *: (u + eps *: v) = a *: u + eps *: (a *: v + b *: u).
Proof.
move=> e2; apply/matrixP => i j; rewrite !mxE.
have -> : (a + eps * b) * (u i j + eps * v i j)
        = a * u i j + eps * (a * v i j + b * u i j) + eps * eps * (b * v i j) by scalar_ring R.
by rewrite e2 mul0r addr0.
Qed.

Theorem gradient_is_derivative n k ws G (loss : 'cV[R]_k -> R) slope (eps : R) (t v : params n k ws)
    gamma h gamma' h' :
  eps * eps = 0 -> (size ws <= size G)%N -> gains_have_slopes eps G ->
  (forall p q, len (p + eps * q) = len p + eps * (q * dlen p)) ->
  (forall y u, loss (y + eps *: u) = loss y + eps * dot (slope y) u) ->
  let b := back G slope t gamma h in
  loss (run (net_of G (moved_params eps t v)) (gamma + eps * gamma') (h + eps *: h'))
  = loss (run (net_of G t) gamma h) + eps * (inner_params b.1 v + dot b.2.1 h' + b.2.2 * gamma').
Proof.
move=> e2 sz HG Hlen Hloss b.
suff H : exists u, run (net_of G (moved_params eps t v)) (gamma + eps * gamma') (h + eps *: h')
                 = run (net_of G t) gamma h + eps *: u
         /\ eps * dot (slope (run (net_of G t) gamma h)) u = eps * (inner_params b.1 v + dot b.2.1 h' + b.2.2 * gamma').
  by case: H => u [-> Eu]; rewrite Hloss Eu.
rewrite /b {b}; elim: ws n G t v sz HG gamma h gamma' h' => [|m ws IH] n G t v sz HG gamma h gamma' h'.
  exists (preact v gamma h + weight t *m h' + gamma' *: psi t); split; first exact: preact_moved.
  rewrite /=; set d := slope _; congr (_ * _); rewrite /layer_inner trace_outer /preact /= !dotDr !dotZ dotZl.
  by rewrite (dot_mul _ _ h') (dotC d (psi t)) (mulrC gamma').
case: t v => [[l p] t] [[lv pv] v]; case: G sz HG => [|[g d] G] // sz [Hg HG].
move Ez : (preact l gamma h) => z; set r := nsq z + len p; move Eg : (g r) => gm.
case Er : (back G slope t gm (gm *: z)) => [gb [a c]].
rewrite (back_hidden (t := (l, p, t) : params n k (m :: ws)) (G := (g, d) :: G) Ez Eg Er) /= preact_moved // Hlen Ez -/r Eg.
move Ezd : (preact lv gamma h + weight l *m h' + gamma' *: psi l) => zd.
have En : nsq (z + eps *: zd) + (len p + eps * (pv * dlen p)) = r + eps * (dot z zd + dot z zd + pv * dlen p).
  by rewrite nsqD nsqZ e2 mul0r dotZ /r; scalar_ring R.
rewrite /= in Hg; rewrite En Hg Eg; set rd := dot z zd + dot z zd + _.
rewrite scale_moved //; have [|u [Eu Ed]] := IH _ G t v _ HG gm (gm *: z) (rd * d r) (gm *: zd + (rd * d r) *: z); first by [].
exists u; split; first exact: Eu.
rewrite Ed Er /=; congr (_ * _).
set s := d r * (dot z a + c); move Edelta : (gm *: a + (s + s) *: z) => delta.
rewrite /layer_inner trace_outer /=.
have -> : dot delta (weight lv *m h) + dot delta (bias lv) + dot (gamma *: delta) (psi lv) + dlen p * s * pv
          + inner_params gb v + dot ((weight l)^T *m delta) h' + dot (psi l) delta * gamma'
        = inner_params gb v + dot delta zd + dlen p * s * pv.
  rewrite -Ezd /preact !dotDr !dotZ dotZl -(dot_mul _ _ h') (dotC delta (psi l)).
  move: (dot delta (weight lv *m h)) (dot delta (weight l *m h')) (dot delta (bias lv)) (dot delta (psi lv)) => x1 x2 x3 x4.
  by move: (dot (psi l) delta) (inner_params gb v) => x5 x6; scalar_ring R.
rewrite -Edelta (dotC _ zd) dotDr !dotZ dotDr !dotZ (dotC zd a) (dotC zd z) (dotC a z) /s /rd.
move: (dot a zd) (dot z zd) (dot z a) (inner_params gb v) => x1 x2 x3 x4; by scalar_ring R.
Qed.
End Gradient.
