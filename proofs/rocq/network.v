(* Isotropic networks of any widths, any depth and any gains, over any commutative ring.

   The notation of the catalogue, and its names here:

     ‖z‖²                               nsq z
     f_o(z) = g(‖z‖² + o) z             act g o z
     (W_l, b_l, ψ_l)                    a layer
     z_l = W_l h + b_l + γ ψ_l          preact l γ h
     y as a function of (γ_{l-1}, h_{l-1})   run N γ h     (N : the layers l … L)
     y as a function of z_l             rest N z
     y as a function of x               output N x    (γ_0 = 0: the first layer has no ψ)

   Every hidden layer carries a gain g and an o of its own. A theorem about the first layers of a
   network holds at any depth: [at_any_depth] puts any layers in front of it. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Section Network.
Variable R : comRingType.

Definition nsq n (z : 'cV[R]_n) : R := (z^T *m z) 0 0.
Definition act (g : R -> R) (o : R) n (z : 'cV[R]_n) : 'cV[R]_n := g (nsq z + o) *: z.

Record layer m n := Layer { weight : 'M[R]_(m, n); bias : 'cV[R]_m; psi : 'cV[R]_m }.

Definition preact m n (l : layer m n) (gamma : R) (h : 'cV[R]_n) : 'cV[R]_m :=
  weight l *m h + bias l + gamma *: psi l.

(* A network from dimension n to dimension k. *)
Inductive net : nat -> nat -> Type :=
| Output n k : layer k n -> net n k
| Hidden n m k : (R -> R) -> R -> layer m n -> net m k -> net n k.

Fixpoint run n k (N : net n k) (gamma : R) : 'cV[R]_n -> 'cV[R]_k :=
  match N in net n0 k0 return 'cV[R]_n0 -> 'cV[R]_k0 with
  | Output _ _ l => fun h => preact l gamma h
  | Hidden _ _ _ g o l N' => fun h =>
      let z := preact l gamma h in let gamma' := g (nsq z + o) in run N' gamma' (gamma' *: z)
  end.

Definition output n k (N : net n k) (x : 'cV[R]_n) : 'cV[R]_k := run N 0 x.

(* The same function, whatever reaches the first layer. *)
Definition same_function n k (N N' : net n k) := forall gamma h, run N gamma h = run N' gamma h.

Lemma run_hidden n m k g o (l : layer m n) (N : net m k) gamma h :
  run (Hidden g o l N) gamma h
  = run N (g (nsq (preact l gamma h) + o)) (act g o (preact l gamma h)).
Proof. by []. Qed.

(* ---- Layers in front ---- *)

Inductive prefix : nat -> nat -> Type :=
| Nothing n : prefix n n
| Before n m p : (R -> R) -> R -> layer m n -> prefix m p -> prefix n p.

Fixpoint plug n m k (P : prefix n m) : net m k -> net n k :=
  match P in prefix n0 m0 return net m0 k -> net n0 k with
  | Nothing _ => fun N => N
  | Before _ _ _ g o l P' => fun N => Hidden g o l (plug P' N)
  end.

Lemma deeper n m k g o (l : layer m n) (N N' : net m k) :
  same_function N N' -> same_function (Hidden g o l N) (Hidden g o l N').
Proof. by move=> E gamma h; rewrite !run_hidden E. Qed.

(* An edit that changes no function at the front of a network changes none at any depth. *)
Theorem at_any_depth n m k (P : prefix n m) (N N' : net m k) :
  same_function N N' -> same_function (plug P N) (plug P N').
Proof. by elim: P N N' => //= *; apply: deeper; auto. Qed.

Corollary same_output n k (N N' : net n k) : same_function N N' -> output N =1 output N'.
Proof. by move=> E x; apply: E. Qed.

(* ---- The first layer of a network, and what comes after its pre-activation ---- *)

Definition rows n k (N : net n k) : nat :=
  match N with Output _ m _ => m | Hidden _ m _ _ _ _ _ => m end.

Definition first n k (N : net n k) : layer (rows N) n :=
  match N as N0 in net n0 k0 return layer (rows N0) n0 with
  | Output _ _ l => l
  | Hidden _ _ _ _ _ l _ => l
  end.

(* z_l ↦ y *)
Definition rest n k (N : net n k) : 'cV[R]_(rows N) -> 'cV[R]_k :=
  match N as N0 in net n0 k0 return 'cV[R]_(rows N0) -> 'cV[R]_k0 with
  | Output _ _ _ => fun z => z
  | Hidden _ _ _ g o _ N' => fun z => run N' (g (nsq z + o)) (act g o z)
  end.

Lemma run_rest n k (N : net n k) gamma h : run N gamma h = rest (preact (first N) gamma h).
Proof. by case: N h. Qed.

(* N with its first layer replaced. *)
Definition edit n n' k (N : net n k) : (layer (rows N) n -> layer (rows N) n') -> net n' k :=
  match N as N0 in net n0 k0 return (layer (rows N0) n0 -> layer (rows N0) n') -> net n' k0 with
  | Output _ _ l => fun f => Output (f l)
  | Hidden _ _ _ g o l N' => fun f => Hidden g o (f l) N'
  end.

Lemma run_edit n n' k (N : net n k) (f : layer (rows N) n -> layer (rows N) n') gamma h :
  run (edit f) gamma h = rest (preact (f (first N)) gamma h).
Proof. by case: N f h. Qed.

Lemma edit_id n k (N : net n k) f : (forall l, f l = l) -> edit (N := N) f = N.
Proof. by case: N f => [n' k' l|n' m k' g o l N'] f E /=; rewrite E. Qed.

(* Widths of the hidden layers, first to last. *)
Fixpoint widths n k (N : net n k) : seq nat :=
  match N with Output _ _ _ => [::] | Hidden _ m _ _ _ _ N' => m :: widths N' end.

Lemma widths_edit n n' k (N : net n k) (f : layer (rows N) n -> layer (rows N) n') :
  widths (edit f) = widths N.
Proof. by case: N f. Qed.

(* Gains and intrinsic lengths o of the hidden layers, first to last: an edit of the weights leaves both. *)
Fixpoint gains n k (N : net n k) : seq (R -> R) :=
  match N with Output _ _ _ => [::] | Hidden _ _ _ g _ _ N' => g :: gains N' end.
Fixpoint lengths n k (N : net n k) : seq R :=
  match N with Output _ _ _ => [::] | Hidden _ _ _ _ o _ N' => o :: lengths N' end.

Lemma gains_edit n n' k (N : net n k) (f : layer (rows N) n -> layer (rows N) n') :
  gains (edit f) = gains N.
Proof. by case: N f. Qed.

Lemma lengths_edit n n' k (N : net n k) (f : layer (rows N) n -> layer (rows N) n') :
  lengths (edit f) = lengths N.
Proof. by case: N f. Qed.

(* W_{l+1} → W_{l+1} A *)
Definition times_right m n n' (A : 'M[R]_(n, n')) (l : layer m n) : layer m n' :=
  Layer (weight l *m A) (bias l) (psi l).
(* W_{l+1} → [W_{l+1} w] *)
Definition append_columns m n q (w : 'M[R]_(m, q)) (l : layer m n) : layer m (n + q) :=
  Layer (row_mx (weight l) w) (bias l) (psi l).
(* ψ_{l+1} → ψ_{l+1} + v *)
Definition add_psi m n (v : 'cV[R]_m) (l : layer m n) : layer m n :=
  Layer (weight l) (bias l) (psi l + v).
(* (W_l, b_l, ψ_l) → (Q W_l, Q b_l, Q ψ_l) *)
Definition times_left p m n (Q : 'M[R]_(p, m)) (l : layer m n) : layer p n :=
  Layer (Q *m weight l) (Q *m bias l) (Q *m psi l).
(* q neurons of zero row, bias β and zero ψ entry *)
Definition append_rows q m n (beta : 'cV[R]_q) (l : layer m n) : layer (m + q) n :=
  Layer (col_mx (weight l) 0) (col_mx (bias l) beta) (col_mx (psi l) 0).
(* the last q neurons taken away *)
Definition drop_rows q m n (l : layer (m + q) n) : layer m n :=
  Layer (usubmx (weight l)) (usubmx (bias l)) (usubmx (psi l)).
Definition drop_columns q m n (l : layer m (n + q)) : layer m n :=
  Layer (lsubmx (weight l)) (bias l) (psi l).

Lemma preact_times_right m n n' (A : 'M[R]_(n, n')) (l : layer m n) gamma h :
  preact (times_right A l) gamma h = preact l gamma (A *m h).
Proof. by rewrite /preact /= mulmxA. Qed.

Lemma preact_times_left p m n (Q : 'M[R]_(p, m)) (l : layer m n) gamma h :
  preact (times_left Q l) gamma h = Q *m preact l gamma h.
Proof. by rewrite /preact /= !mulmxDr mulmxA scalemxAr. Qed.

Lemma preact_append_rows q m n (beta : 'cV[R]_q) (l : layer m n) gamma h :
  preact (append_rows beta l) gamma h = col_mx (preact l gamma h) beta.
Proof.
by rewrite /preact /= mul_col_mx scale_col_mx !add_col_mx mul0mx scaler0 addr0 add0r.
Qed.

(* A column w that meets γ β is a ψ of w β. *)
Lemma preact_append_columns m n q (w : 'M[R]_(m, q)) (l : layer m n) gamma h (beta : 'cV[R]_q) :
  preact (append_columns w l) gamma (col_mx h (gamma *: beta))
  = preact (add_psi (w *m beta) l) gamma h.
Proof.
rewrite /preact /= mul_row_col -scalemxAr scalerDr -!addrA; congr (_ + _).
by rewrite addrCA; congr (_ + _); rewrite addrC.
Qed.

Lemma run_times_right n k (N : net n k) n' (A : 'M[R]_(n, n')) gamma h :
  run (edit (N := N) (times_right A)) gamma h = run N gamma (A *m h).
Proof. by rewrite run_edit preact_times_right run_rest. Qed.

(* ---- Squared norms ---- *)

Lemma nsqE n (z : 'cV[R]_n) : nsq z = \sum_i z i 0 * z i 0.
Proof. by rewrite /nsq mxE; apply: eq_bigr => i _; rewrite mxE. Qed.

Lemma nsq_isometry p n (Q : 'M[R]_(p, n)) z : Q^T *m Q = 1%:M -> nsq (Q *m z) = nsq z.
Proof. by move=> H; rewrite /nsq trmx_mul -mulmxA (mulmxA Q^T) H mul1mx. Qed.

Lemma nsq_col m q (u : 'cV[R]_m) (v : 'cV[R]_q) : nsq (col_mx u v) = nsq u + nsq v.
Proof. by rewrite /nsq tr_col_mx mul_row_col mxE. Qed.

Lemma nsq0 n : nsq (0 : 'cV[R]_n) = 0.
Proof. by rewrite /nsq mulmx0 mxE. Qed.

Lemma nsqZ n a (z : 'cV[R]_n) : nsq (a *: z) = a * a * nsq z.
Proof. by rewrite !nsqE mulr_sumr; apply: eq_bigr => i _; rewrite !mxE mulrACA. Qed.

Lemma nsq1 (a : R) : nsq (a%:M : 'cV[R]_1) = a * a.
Proof. by rewrite nsqE big_ord1 mxE eqxx mulr1n. Qed.

End Network.

Arguments Nothing {R n}.
