(* A: the activation f_o(z) = g(‖z‖² + o) z. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From Isotropic Require Import scalars network.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Section Primitive.
Variable R : comRingType.
Add Ring R_ring : (ring_laws R).

(* A1: f_o(Q z) = Q f_o(z) for every Q with QᵀQ = I: orthogonal (reflections included) or, more
   generally, an isometry into another dimension; every g, every o, every dimension. *)
Theorem equivariance p n (Q : 'M[R]_(p, n)) g o z :
  Q^T *m Q = 1%:M -> act g o (Q *m z) = Q *m act g o z.
Proof. by move=> H; rewrite /act nsq_isometry // -scalemxAr. Qed.

(* ⟨u, v⟩ *)
Definition dot n (u v : 'cV[R]_n) : R := (u^T *m v) 0 0.

Lemma dotC n (u v : 'cV[R]_n) : dot u v = dot v u.
Proof. by rewrite /dot -[u^T *m v]trmxK [LHS]mxE trmx_mul trmxK. Qed.

Lemma dot_col n (u v : 'cV[R]_n) : u^T *m v = (dot u v)%:M.
Proof. by apply/matrixP => i j; rewrite !ord1 [RHS]mxE eqxx mulr1n. Qed.

Lemma outer_dot n (u v w : 'cV[R]_n) : u *m v^T *m w = dot v w *: u.
Proof. by rewrite -mulmxA dot_col mul_mx_scalar. Qed.

Lemma dotZ n a (u v : 'cV[R]_n) : dot u (a *: v) = a * dot u v.
Proof. by rewrite /dot -scalemxAr mxE. Qed.

Lemma nsqD n (u v : 'cV[R]_n) : nsq (u + v) = nsq u + (dot u v + dot u v) + nsq v.
Proof.
have E (A B : 'M[R]_1) : (A + B) 0 0 = A 0 0 + B 0 0 by rewrite mxE.
rewrite /nsq [(_ + _)^T]linearD /= mulmxDl !mulmxDr !E -!/(dot _ _) (dotC v u); scalar_ring R.
Qed.

Definition jacobian (g g' : R -> R) o n (z : 'cV[R]_n) : 'M[R]_n :=
  (g (nsq z + o))%:M + (g' (nsq z + o) + g' (nsq z + o)) *: (z *m z^T).

(* A3: J(z) = γ I + 2 g'(r) z zᵀ is the derivative of f_o. Stated without limits: ε is any element
   with ε² = 0, and g' is the derivative of g at r if g(r + ε a) = g(r) + ε a g'(r). *)
Theorem jacobian_is_derivative n g g' o (z v : 'cV[R]_n) (eps : R) : eps * eps = 0 ->
  (forall a, g (nsq z + o + eps * a) = g (nsq z + o) + eps * a * g' (nsq z + o)) ->
  act g o (z + eps *: v) = act g o z + eps *: (jacobian g g' o z *m v).
Proof.
move=> eps0 dg; rewrite /act.
have -> : nsq (z + eps *: v) + o = nsq z + o + eps * (dot z v + dot z v).
  rewrite nsqD nsqZ eps0 dotZ; scalar_ring R.
rewrite dg /jacobian mulmxDl mul_scalar_mx -scalemxAl outer_dot.
set a := g _; set b := g' _; set c := dot z v.
rewrite scalerDl !scalerDr !scalerA -!addrA; congr (_ + _).
have -> : eps * (c + c) * b * eps = eps * eps * ((c + c) * b) by scalar_ring R.
by rewrite eps0 mul0r scale0r addr0; congr (_ *: _ + _ *: _); scalar_ring R.
Qed.

(* A3: along z the eigenvalue of J is γ + 2 g'(r) ‖z‖² … *)
Theorem jacobian_radial g g' o n (z : 'cV[R]_n) :
  jacobian g g' o z *m z
  = (g (nsq z + o) + (g' (nsq z + o) + g' (nsq z + o)) * nsq z) *: z.
Proof. by rewrite /jacobian mulmxDl mul_scalar_mx -scalemxAl outer_dot scalerA -scalerDl. Qed.

(* A3: … and γ on z^⊥. *)
Theorem jacobian_tangential g g' o n (z v : 'cV[R]_n) :
  dot z v = 0 -> jacobian g g' o z *m v = g (nsq z + o) *: v.
Proof.
by move=> H; rewrite /jacobian mulmxDl mul_scalar_mx -scalemxAl outer_dot H scale0r scaler0 addr0.
Qed.

(* A3: J(R z) = R J(z) Rᵀ. *)
Theorem jacobian_equivariance g g' o n (Q : 'M[R]_n) z :
  Q^T *m Q = 1%:M -> Q *m Q^T = 1%:M ->
  jacobian g g' o (Q *m z) = Q *m jacobian g g' o z *m Q^T.
Proof.
move=> H H'; rewrite /jacobian nsq_isometry // mulmxDr mulmxDl mul_mx_scalar -scalemxAl H'.
rewrite scalemx1 -scalemxAr -scalemxAl; congr (_ + _ *: _).
by rewrite trmx_mul !mulmxA.
Qed.

End Primitive.
