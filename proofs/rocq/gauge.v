(* B: hidden rotations change nothing. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From Isotropic Require Import scalars network primitive.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Section Gauge.
Variable R : comRingType.
Add Ring R_ring : (ring_laws R).

(* B1: (W_l, b_l, ψ_l, W_{l+1}) → (R W_l, R b_l, R ψ_l, W_{l+1} Rᵀ) leaves y unchanged. R need only
   satisfy RᵀR = I, so it may also embed the layer isometrically in a wider one. *)
Theorem gauge_invariance p m n k (Q : 'M[R]_(p, m)) g o (l : layer R m n) (N : net R m k) :
  Q^T *m Q = 1%:M ->
  same_function (Hidden g o (times_left Q l) (edit (N := N) (times_right Q^T))) (Hidden g o l N).
Proof.
move=> H gamma h; rewrite !run_hidden preact_times_left run_times_right.
by rewrite nsq_isometry // equivariance // mulmxA H mul1mx.
Qed.

(* B6, the half that holds for every gain: to first order (ε² = 0), moving along a rotation, R = I + ε A with A skew,
   moves no output. So the n(n-1)/2 directions of each hidden layer are redundant. *)
Theorem rotation_direction m n k (A : 'M[R]_m) g o (l : layer R m n) (N : net R m k) eps :
  eps * eps = 0 -> A^T = - A ->
  same_function
    (Hidden g o (times_left (1%:M + eps *: A) l) (edit (N := N) (times_right (1%:M - eps *: A))))
    (Hidden g o l N).
Proof.
move=> e2 skew; have QT : (1%:M + eps *: A)^T = 1%:M - eps *: A.
  by rewrite linearD linearZ /= trmx1 skew scalerN.
rewrite -QT; apply: gauge_invariance; rewrite QT mulmxDr mulmx1 mulmxBl mul1mx -scalemxAr -scalemxAl scalerA e2.
by rewrite scale0r subr0 subrK.
Qed.

(* B2: W_l = U (S Vᵀ), R = Uᵀ: the weights become S Vᵀ, whose rows are orthogonal. (SV stands for
   S Vᵀ; that an SVD exists is not used.) *)
Theorem left_diagonalisation m n k (U : 'M[R]_m) (SV : 'M[R]_(m, n)) W b psi g o (N : net R m k) :
  U^T *m U = 1%:M -> U *m U^T = 1%:M -> W = U *m SV ->
  same_function (Hidden g o (Layer SV (U^T *m b) (U^T *m psi)) (edit (N := N) (times_right U)))
                (Hidden g o (Layer W b psi) N).
Proof.
move=> H1 H2 -> gamma h; rewrite -[RHS](@gauge_invariance m m n k U^T) ?trmxK //.
by rewrite /times_left /= mulmxA H1 mul1mx.
Qed.

(* B2: the rows of S Vᵀ are orthogonal with squared norms the diagonal of S Sᵀ. *)
Theorem left_diagonal_rows m n (V : 'M[R]_n) (S : 'M[R]_(m, n)) :
  V^T *m V = 1%:M -> (S *m V^T) *m (S *m V^T)^T = S *m S^T.
Proof. by move=> H; rewrite trmx_mul trmxK mulmxA -(mulmxA S) H mulmx1. Qed.

(* B3: with W_l = U S Vᵀ also rotate hidden layer l-1 by Vᵀ: W_l becomes S itself. *)
Theorem full_diagonalisation m n p k (U : 'M[R]_m) (V : 'M[R]_n) (S : 'M[R]_(m, n))
    W1 b1 psi1 W2 b2 psi2 g1 o1 g2 o2 (N : net R m k) :
  U^T *m U = 1%:M -> U *m U^T = 1%:M -> V^T *m V = 1%:M -> V *m V^T = 1%:M ->
  W2 = U *m S *m V^T ->
  same_function
    (Hidden g1 o1 (Layer (V^T *m W1) (V^T *m b1) (V^T *m psi1) : layer R n p)
       (Hidden g2 o2 (Layer S (U^T *m b2) (U^T *m psi2)) (edit (N := N) (times_right U))))
    (Hidden g1 o1 (Layer W1 b1 psi1) (Hidden g2 o2 (Layer W2 b2 psi2) N)).
Proof.
move=> HU HU' HV HV' -> gamma h.
rewrite -[RHS](@gauge_invariance n n p k V^T) ?trmxK //.
apply: deeper => gamma' h'.
rewrite -[RHS](@gauge_invariance m m n k U^T) ?trmxK //.
by rewrite /times_left /times_right /= -!mulmxA HV mulmx1 mulmxA HU mul1mx.
Qed.

(* B7, the easy half: the networks N and N' reach their layers through [X] and [X']: h_{l-1} = X c and
   h'_{l-1} = X' c with the same coefficients c. With M_l = [W_l X b_l ψ_l] and M'_l likewise,
   equal Gram matrices M_lᵀM_l = M'_lᵀM'_l in hidden layers (that is, an isometry carries one range to
   the other), equal o_l and g_l, and M_L = M'_L. Widths may differ. *)
Inductive gauge_equal : forall n n' d k,
    'M[R]_(n, d) -> 'M[R]_(n', d) -> net R n k -> net R n' k -> Prop :=
| EqualOutput n n' d k (X : 'M_(n, d)) (X' : 'M_(n', d)) (l : layer R k n) (l' : layer R k n') :
    weight l *m X = weight l' *m X' -> bias l = bias l' -> psi l = psi l' ->
    gauge_equal X X' (Output l) (Output l')
| EqualHidden n n' d m m' k g o (X : 'M_(n, d)) (X' : 'M_(n', d))
    (l : layer R m n) (l' : layer R m' n') (N : net R m k) (N' : net R m' k) :
    let M := row_mx (weight l *m X) (row_mx (bias l) (psi l)) in
    let M' := row_mx (weight l' *m X') (row_mx (bias l') (psi l')) in
    M^T *m M = M'^T *m M' -> gauge_equal M M' N N' ->
    gauge_equal X X' (Hidden g o l N) (Hidden g o l' N').

Lemma preact_reached m n d (X : 'M[R]_(n, d)) (l : layer R m n) gamma c :
  preact l gamma (X *m c)
  = row_mx (weight l *m X) (row_mx (bias l) (psi l)) *m col_mx c (col_mx 1%:M gamma%:M).
Proof. by rewrite /preact !mul_row_col mulmx1 mul_mx_scalar mulmxA addrA. Qed.

Lemma nsq_gram m m' d (M : 'M[R]_(m, d)) (M' : 'M[R]_(m', d)) c :
  M^T *m M = M'^T *m M' -> nsq (M *m c) = nsq (M' *m c).
Proof. by move=> E; rewrite /nsq !trmx_mul -!mulmxA (mulmxA M^T) E -mulmxA. Qed.

Theorem gauge_equal_same_function n n' d k (X : 'M[R]_(n, d)) (X' : 'M[R]_(n', d))
    (N : net R n k) (N' : net R n' k) :
  gauge_equal X X' N N' -> forall gamma c, run N gamma (X *m c) = run N' gamma (X' *m c).
Proof.
elim=> {n n' d k X X' N N'}
  [n n' d k X X' l l' EW Eb Ep|n n' d m m' k g o X X' l l' N N' M M' E _ IH] gamma c /=.
  by rewrite /preact !mulmxA EW Eb Ep.
by rewrite !preact_reached -/M -/M' (nsq_gram _ E) !scalemxAr IH.
Qed.

Corollary gauge_equal_output n k (N N' : net R n k) :
  gauge_equal 1%:M 1%:M N N' -> output N =1 output N'.
Proof. by move=> E x; have /(_ 0 x) := gauge_equal_same_function E; rewrite !mul1mx. Qed.

(* B8: if g(c²‖z‖² + o') is γ / c² where g(‖z‖² + o) is γ, then
   (W, b, ψ)_l → c (W, b, ψ)_l, o_l → o', W_{l+1} → c W_{l+1}, ψ_{l+1} → c² ψ_{l+1}
   leaves y unchanged. *)
Definition scale_next m n (a b : R) (l : layer R m n) : layer R m n :=
  Layer (a *: weight l) (bias l) (b *: psi l).

Lemma scaling m n k c g o o' (l : layer R m n) (N : net R m k) (a b : R) :
  (forall z : 'cV_m, let gamma' := g (nsq (c *: z) + o') in
     a * gamma' * c = g (nsq z + o) /\ b * gamma' = g (nsq z + o)) ->
  same_function (Hidden g o' (times_left c%:M l) (edit (N := N) (scale_next a b)))
                (Hidden g o l N).
Proof.
move=> law gamma h; rewrite !run_hidden preact_times_left mul_scalar_mx.
set z := preact l gamma h; rewrite run_edit run_rest; congr rest.
have [/= Ea Eb] := law z; rewrite /preact /act /scale_next /= !scalerA (mulrC _ b) Eb.
by rewrite -scalemxAl -!scalemxAr scalerA mulrA Ea.
Qed.

End Gauge.

Section Scaling.
Variable F : fieldType.
Add Ring F_ring : (ring_laws F).

Definition rational_gain (r : F) : F := (1 + r)^-1.

Lemma cancel (a b : F) : a != 0 -> a * (a * b)^-1 = b^-1.
Proof. by move=> a0; rewrite invfM mulrA mulfV // mul1r. Qed.

(* B8 for g(r) = 1/(1+r): 1 + o_l → c²(1 + o_l), any c ≠ 0. *)
Theorem rational_scaling m n k c o (l : layer F m n) (N : net F m k) : c != 0 ->
  same_function
    (Hidden rational_gain (c * c * (1 + o) - 1) (times_left c%:M l)
       (edit (N := N) (scale_next c (c * c))))
    (Hidden rational_gain o l N).
Proof.
move=> c0; apply: scaling => z /=; rewrite /rational_gain nsqZ.
have -> : 1 + (c * c * nsq z + (c * c * (1 + o) - 1)) = c * c * (1 + (nsq z + o)) by scalar_ring F.
by rewrite (mulrAC c) cancel ?mulf_neq0.
Qed.

(* B8 for g(r) = 1/√(1+r), given by γ² (1+r) = 1: W_{l+1} unchanged, ψ_{l+1} → c ψ_{l+1}. The sign of
   the root is what g(c²(1+r) - 1) = g(r)/c says. *)
Theorem algebraic_scaling m n k c o g (l : layer F m n) (N : net F m k) : c != 0 ->
  (forall r, g (c * c * (1 + r) - 1) = g r / c) ->
  same_function
    (Hidden g (c * c * (1 + o) - 1) (times_left c%:M l) (edit (N := N) (scale_next 1 c)))
    (Hidden g o l N).
Proof.
move=> c0 law; apply: scaling => z /=; rewrite nsqZ.
have -> : c * c * nsq z + (c * c * (1 + o) - 1) = c * c * (1 + (nsq z + o)) - 1 by scalar_ring F.
by rewrite law mul1r divfK // mulrC divfK.
Qed.

End Scaling.
