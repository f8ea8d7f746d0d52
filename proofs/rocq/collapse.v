(* E: the whole network. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From Isotropic Require Import scalars network.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Collapse.
Variable R : comRingType.
Add Ring R_ring : (ring_laws R).

(* A = W_L ⋯ W_l *)
Fixpoint weights_product n k (N : net R n k) : 'M[R]_(k, n) :=
  match N with
  | Output _ _ l => weight l
  | Hidden _ _ _ _ _ l N' => weights_product N' *m weight l
  end.

(* W_L ⋯ W_{l+1} v, where v is the bias or the ψ of layer l. *)
Definition carried n k (N : net R n k) : 'cV[R]_(rows N) -> 'cV[R]_k :=
  match N as N0 in net _ n0 k0 return 'cV[R]_(rows N0) -> 'cV[R]_k0 with
  | Output _ _ _ => fun v => v
  | Hidden _ _ _ _ _ _ N' => fun v => weights_product N' *m v
  end.

(* c_l, …, c_L:  c_j = W_L⋯W_{j+1} b_j + W_L⋯W_{j+2} ψ_{j+1} (j < L),  c_L = b_L *)
Fixpoint constants n k (N : net R n k) : seq 'cV[R]_k :=
  match N in net _ _ k0 return seq 'cV[R]_k0 with
  | Output _ _ l => [:: bias l]
  | Hidden _ _ _ _ _ l N' =>
      (weights_product N' *m bias l + carried (psi (first N'))) :: constants N'
  end.

(* Γ_l, …, Γ_L:  Γ_j = γ_j Γ_{j+1},  Γ_L = 1 *)
Fixpoint gain_products n k (N : net R n k) (gamma : R) : 'cV[R]_n -> seq R :=
  match N in net _ n0 _ return 'cV[R]_n0 -> seq R with
  | Output _ _ _ => fun=> [:: 1]
  | Hidden _ _ _ g o l N' => fun h =>
      let z := preact l gamma h in let gamma' := g (nsq z + o) in
      let s := gain_products N' gamma' (gamma' *: z) in gamma' * head 0 s :: s
  end.

Lemma first_layer_form n k (N : net R n k) gamma h :
  let s := gain_products N gamma h in
  run N gamma h = head 0 s *: (weights_product N *m h + gamma *: carried (psi (first N)))
                  + \sum_(p <- zip s (constants N)) p.1 *: p.2.
Proof.
elim: N gamma h => [n' k' l|n' m k' g o l N' IH] gamma h /=.
  by rewrite big_cons big_nil /= addr0 !scale1r /preact addrAC.
set z := preact l gamma h; set a := g _; rewrite IH big_cons /= addrA; congr (_ + _).
set s := head 0 _; rewrite -scalemxAr -scalerDr scalerA (mulrC s a) -scalerDr.
congr (_ *: _); rewrite addrA; congr (_ + _).
by rewrite /z /preact !mulmxDr -scalemxAr mulmxA addrAC.
Qed.

(* E1: y = Γ_1 A x + Σ_k Γ_k c_k. The c_k and A know no gain: all products of matrices and vectors can
   be computed before any γ is known. *)
Theorem collapsed_form n k (N : net R n k) x :
  let s := gain_products N 0 x in
  output N x = head 0 s *: (weights_product N *m x)
               + \sum_(p <- zip s (constants N)) p.1 *: p.2.
Proof. by rewrite /= /output first_layer_form scale0r addr0. Qed.

(* E1: "each r_l from the same form cut at layer l": z_l is the output of the network cut there, and
   γ_l, h_l are all that the layers after it see. *)
Fixpoint through n m (P : prefix R n m) (gamma : R) : 'cV[R]_n -> R * 'cV[R]_m :=
  match P in prefix _ n0 m0 return 'cV[R]_n0 -> R * 'cV[R]_m0 with
  | Nothing _ => fun h => (gamma, h)
  | Before _ _ _ g o l P' => fun h =>
      let z := preact l gamma h in let gamma' := g (nsq z + o) in
      through P' gamma' (gamma' *: z)
  end.

Lemma run_plug n m k (P : prefix R n m) (N : net R m k) gamma h :
  run (plug P N) gamma h = run N (through P gamma h).1 (through P gamma h).2.
Proof. by elim: P N gamma h => //= n' m' p g o l P' IH N gamma h; rewrite IH. Qed.

Theorem cut_at_layer n m p k (P : prefix R n m) g o (l : layer R p m) (N : net R p k) x :
  let z := output (plug P (Output l)) x in
  output (plug P (Hidden g o l N)) x = run N (g (nsq z + o)) (g (nsq z + o) *: z).
Proof. by rewrite /output !run_plug. Qed.

(* E5, the form: with one hidden layer, y - b_L = γ_1 (A x + c), A = W_2 W_1, c = W_2 b_1 + ψ_2. *)
Theorem one_hidden_layer n m k g o (l : layer R m n) (l2 : layer R k m) x :
  let gamma := g (nsq (preact l 0 x) + o) in
  output (Hidden g o l (Output l2)) x - bias l2
  = gamma *: (weight l2 *m weight l *m x + (weight l2 *m bias l + psi l2)).
Proof.
rewrite /output /=; set a := g _; rewrite {1}/preact /= addrAC addrK -scalemxAr -scalerDr; congr (_ *: _).
by rewrite /preact scale0r addr0 mulmxDr mulmxA addrA.
Qed.

(* ---- Without hidden biases ---- *)

(* all hidden b and all ψ zero *)
Fixpoint bias_free n k (N : net R n k) : Prop :=
  match N with
  | Output _ _ l => psi l = 0
  | Hidden _ _ _ _ _ l N' => [/\ bias l = 0, psi l = 0 & bias_free N']
  end.

Fixpoint last_bias n k (N : net R n k) : 'cV[R]_k :=
  match N in net _ _ k0 return 'cV[R]_k0 with
  | Output _ _ l => bias l
  | Hidden _ _ _ _ _ _ N' => last_bias N'
  end.

Lemma bias_free_form n k (N : net R n k) gamma h : bias_free N ->
  run N gamma h = head 0 (gain_products N gamma h) *: (weights_product N *m h) + last_bias N.
Proof.
elim: N gamma h => [n' k' l|n' m k' g o l N' IH] gamma h /=.
  by move=> E; rewrite /preact E scaler0 addr0 scale1r.
case=> Eb Ep EN; rewrite IH // /preact Eb Ep scaler0 !addr0; congr (_ + _).
by rewrite -scalemxAr scalerA mulmxA (mulrC (head _ _)).
Qed.

(* E2: with all hidden b and all ψ zero, y - b_L = Γ_1 A x: a linear map up to a scalar. *)
Theorem bias_free_collapse n k (N : net R n k) x : bias_free N ->
  output N x - last_bias N = head 0 (gain_products N 0 x) *: (weights_product N *m x).
Proof. by move=> E; rewrite /output bias_free_form // addrK. Qed.

(* ---- E4: the algebraic gain ---- *)

(* Every hidden gain satisfies g(r)² (1 + r) = 1 (the algebraic gain 1/√(1+r) does), and every o is 0. *)
Fixpoint algebraic n k (N : net R n k) : Prop :=
  match N with
  | Output _ _ _ => True
  | Hidden _ m _ g o l N' =>
      [/\ forall z : 'cV[R]_m, g (nsq z) * g (nsq z) * (1 + nsq z) = 1, o = 0 & algebraic N']
  end.

(* ‖W_l x‖² + … + ‖W_{L-1} ⋯ W_l x‖² *)
Fixpoint partial_norms n k (N : net R n k) : 'cV[R]_n -> R :=
  match N in net _ n0 _ return 'cV[R]_n0 -> R with
  | Output _ _ _ => fun=> 0
  | Hidden _ _ _ _ _ l N' => fun x => nsq (weight l *m x) + partial_norms N' (weight l *m x)
  end.

Lemma algebraic_gains n k (N : net R n k) : bias_free N -> algebraic N ->
  forall gamma s S u, s * s * (1 + S) = 1 ->
  let t := head 0 (gain_products N gamma (s *: u)) * s in
  t * t * (1 + S + partial_norms N u) = 1.
Proof.
elim: N => [n' k' l|n' m k' g o l N' IH] /=.
  by move=> _ _ gamma s S u Es; rewrite !mul1r addr0.
case=> Eb Ep EN [Eg -> EN'] gamma s S u Es.
have -> : preact l gamma (s *: u) = s *: (weight l *m u).
  by rewrite /preact Eb Ep scaler0 !addr0 scalemxAr.
set v := weight l *m u; rewrite addr0 nsqZ scalerA; set a := g _.
have Ea : (a * s) * (a * s) * (1 + (S + nsq v)) = 1.
  have -> : a * s * (a * s) * (1 + (S + nsq v)) = a * a * (s * s * (1 + S) + s * s * nsq v).
    by scalar_ring R.
  by rewrite Es; have := Eg (s *: v); rewrite nsqZ.
have Ec := IH EN EN' a _ _ v Ea; rewrite -[RHS]Ec.
by move: (head 0 _) (partial_norms _ _) (nsq v) => /= c p r; scalar_ring R.
Qed.

(* E4: for 1/√(1+r) with all hidden b, all ψ and all o zero,
   Γ_1² (1 + Σ_{l<L} ‖W_l ⋯ W_1 x‖²) = 1, so y = A x / √(1 + Σ …) + b_L: one hidden layer, whatever the depth. *)
Theorem algebraic_collapse n k (N : net R n k) x : bias_free N -> algebraic N ->
  let c := head 0 (gain_products N 0 x) in
  output N x - last_bias N = c *: (weights_product N *m x) /\ c * c * (1 + partial_norms N x) = 1.
Proof.
move=> EN EA c; split; first exact: bias_free_collapse.
have E : (1 : R) * 1 * (1 + 0) = 1 by rewrite !mul1r addr0.
by have := algebraic_gains EN EA 0 x E; rewrite /= scale1r mulr1 addr0.
Qed.

End Collapse.

Section Positive.
Variable F : realDomainType.

(* C2 and D2 keep o legal where they must: ‖β‖² ≥ 0, so absorbing never makes o negative. *)
Lemma nsq_ge0 n (z : 'cV[F]_n) : 0 <= nsq z.
Proof. by rewrite nsqE sumr_ge0 // => i _; rewrite -expr2 sqr_ge0. Qed.

(* g(r) > 0 wherever a network can ask for it, r = ‖z‖² + o with o ≥ 0. No more is demanded: 1/(1+r) is negative
   at r = -2, and every gain of the catalogue but the soft threshold meets this. *)
Fixpoint positive_gains n k (N : net F n k) : Prop :=
  match N with
  | Output _ _ _ => True
  | Hidden _ _ _ g o _ N' => [/\ forall r, 0 <= r -> 0 < g r, 0 <= o & positive_gains N']
  end.

(* E5: where b_L is the same for every output and g > 0, output i is at most output j exactly where the linear map
   says so: the class is that of a linear classifier, whatever the width. *)
Theorem one_hidden_layer_classifies_linearly n m k g o (l : layer F m n) (l2 : layer F k m) b x (i j : 'I_k) :
  (forall r, 0 <= r -> 0 < g r) -> 0 <= o -> bias l2 = const_mx b ->
  let linear := weight l2 *m weight l *m x + (weight l2 *m bias l + psi l2) in
  let y := output (Hidden g o l (Output l2)) x in
  (y i 0 <= y j 0) = (linear i 0 <= linear j 0).
Proof.
move=> g0 o0 Eb linear y; have p : 0 < g (nsq (preact l 0 x) + o) by rewrite g0 // addr_ge0 // nsq_ge0.
have E : y = g (nsq (preact l 0 x) + o) *: linear + const_mx b.
  by apply/eqP; rewrite -subr_eq -Eb; apply/eqP/one_hidden_layer.
rewrite E [X in X <= _]mxE [X in _ <= X]mxE ![(const_mx b) _ _]mxE ler_add2r.
by rewrite [X in X <= _]mxE [X in _ <= X]mxE ler_pmul2l.
Qed.

(* E2: if g > 0, the scalar is positive … *)
Theorem bias_free_positive n k (N : net F n k) gamma h :
  positive_gains N -> 0 < head 0 (gain_products N gamma h).
Proof.
elim: N gamma h => [n' k' l|n' m k' g o l N' IH] gamma h /=; first by move=> _; exact: ltr01.
by case=> g0 o0 EN; rewrite mulr_gt0 ?IH // g0 // addr_ge0 // nsq_ge0.
Qed.

(* … so y - b_L is a positive multiple of A x. *)
Corollary bias_free_multiple n k (N : net F n k) x : bias_free N -> positive_gains N ->
  exists c, 0 < c /\ output N x - last_bias N = c *: (weights_product N *m x).
Proof.
by move=> E P; exists (head 0 (gain_products N 0 x)); rewrite bias_free_positive // bias_free_collapse.
Qed.

End Positive.

Section RealClosed.
Variable F : rcfType.

(* E4 with the root itself: y - b_L = A x / √(1 + Σ_{l<L} ‖W_l ⋯ W_1 x‖²). *)
Theorem algebraic_collapse_sqrt n k (N : net F n k) x :
  bias_free N -> algebraic N -> positive_gains N ->
  output N x - last_bias N = (Num.sqrt (1 + partial_norms N x))^-1 *: (weights_product N *m x).
Proof.
move=> EN EA Eg; have [-> Ec] := algebraic_collapse x EN EA.
have c0 := bias_free_positive 0 x Eg; move: Ec; set c := head _ _ => Ec; congr (_ *: _).
have -> : 1 + partial_norms N x = c^-1 ^+ 2.
  by rewrite exprVn -(mulKf (lt0r_neq0 (exprn_gt0 2 c0)) (1 + _)) expr2 Ec mulr1.
by rewrite sqrtr_sqr ger0_norm ?invrK // invr_ge0 ltW.
Qed.

End RealClosed.
