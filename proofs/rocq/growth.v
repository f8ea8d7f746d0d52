(* C: growing a hidden layer. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
From Isotropic Require Import scalars network primitive gauge.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Section Growth.
Variable R : comRingType.
Add Ring R_ring : (ring_laws R).

Lemma add_psi0 n k (N : net R n k) : edit (N := N) (add_psi 0) = N.
Proof. by apply: edit_id => -[W b p]; rewrite /add_psi /= addr0. Qed.

(* The one computation behind C1, C2, D1, D2 and D3: neurons of constant pre-activation β are an o of
   ‖β‖² and a ψ of w β. *)
Lemma constant_neurons q m n k (l : layer R m n) (beta : 'cV[R]_q) g o (N : net R m k)
    (w : 'M[R]_(rows N, q)) :
  same_function (Hidden g o (append_rows beta l) (edit (N := N) (append_columns w)))
                (Hidden g (o + nsq beta) l (edit (N := N) (add_psi (w *m beta)))).
Proof.
move=> gamma h; rewrite !run_hidden preact_append_rows /act nsq_col -addrA (addrC (nsq beta)).
by rewrite scale_col_mx !run_edit preact_append_columns.
Qed.

(* C1: q neurons with zero row, zero bias and zero ψ entry, and any outgoing columns w. *)
Theorem neurogenesis q m n k (l : layer R m n) g o (N : net R m k) (w : 'M[R]_(rows N, q)) :
  same_function (Hidden g o (append_rows 0 l) (edit (N := N) (append_columns w)))
                (Hidden g o l N).
Proof. by move=> gamma h; rewrite constant_neurons nsq0 mulmx0 addr0 add_psi0. Qed.

(* C2: a zero row, bias β, outgoing column w; o_l → o_l - β², ψ_{l+1} → ψ_{l+1} - w β. *)
Theorem neurogenesis_with_bias q m n k (l : layer R m n) (beta : 'cV[R]_q) g o (N : net R m k)
    (w : 'M[R]_(rows N, q)) :
  same_function
    (Hidden g (o - nsq beta) (append_rows beta l)
       (edit (N := N) (fun l' => append_columns w (add_psi (- (w *m beta)) l'))))
    (Hidden g o l N).
Proof.
move=> gamma h; rewrite !run_hidden preact_append_rows /act nsq_col.
have -> : nsq (preact l gamma h) + nsq beta + (o - nsq beta) = nsq (preact l gamma h) + o.
  by scalar_ring R.
by rewrite scale_col_mx run_edit preact_append_columns run_rest /preact /add_psi /= addrNK.
Qed.

(* C4: the enlarged layer may be rotated by any R ∈ O(n_l + q); the function is still the same. *)
Theorem growth_then_rotation q m n k (Q : 'M[R]_(m + q)) (l : layer R m n) g o (N : net R m k)
    (w : 'M[R]_(rows N, q)) : Q^T *m Q = 1%:M ->
  same_function
    (Hidden g o (times_left Q (append_rows 0 l))
       (edit (N := edit (N := N) (append_columns w)) (times_right Q^T)))
    (Hidden g o l N).
Proof. by move=> H gamma h; rewrite gauge_invariance // neurogenesis. Qed.

(* C4: growing a rotated layer is rotating the grown one by R ⊕ I: the same parameters, β and all. *)
Theorem growth_commutes_with_rotation q m n (Q : 'M[R]_m) (l : layer R m n) (beta : 'cV[R]_q) :
  append_rows beta (times_left Q l)
  = times_left (block_mx Q 0 0 1%:M) (append_rows beta l).
Proof.
rewrite /append_rows /times_left /=; congr Layer; rewrite mul_block_col !mul0mx ?mulmx0 ?mul1mx.
- by rewrite addr0 add0r.
- by rewrite addr0 add0r.
- by rewrite addr0 add0r.
Qed.

Theorem growth_commutes_with_rotation_out q m n (Q : 'M[R]_m) (l : layer R n m) (w : 'M[R]_(n, q)) :
  append_columns w (times_right Q^T l)
  = times_right (block_mx Q 0 0 1%:M)^T (append_columns w l).
Proof.
rewrite /append_columns /times_right /= tr_block_mx mul_row_block !trmx0 trmx1 !mulmx0 mulmx1.
by rewrite addr0 add0r.
Qed.

(* ---- C3: what a scaffold learns ----
   Derivatives without limits: ε is any element with ε² = 0. A new neuron with row ε a, bias ε β,
   ψ entry ε π (as a layer: ε d) and outgoing column w. *)
Definition append_layer q m n (d : layer R q n) (l : layer R m n) : layer R (m + q) n :=
  Layer (col_mx (weight l) (weight d)) (col_mx (bias l) (bias d)) (col_mx (psi l) (psi d)).

Definition scale_layer m n a (d : layer R m n) : layer R m n :=
  Layer (a *: weight d) (a *: bias d) (a *: psi d).

Lemma preact_append_layer q m n (d : layer R q n) (l : layer R m n) gamma h :
  preact (append_layer d l) gamma h = col_mx (preact l gamma h) (preact d gamma h).
Proof. by rewrite /preact /= mul_col_mx scale_col_mx !add_col_mx. Qed.

Lemma preact_scale_layer m n a (d : layer R m n) gamma h :
  preact (scale_layer a d) gamma h = a *: preact d gamma h.
Proof. by rewrite /preact /= -scalemxAl !scalerDr !scalerA (mulrC a). Qed.

(* C3: the first-order change of the next pre-activation is γ w (a·h + β + γ_{l-1} π), where γ is the
   gain of the old network. It is 0 in every direction if w = 0. *)
Theorem scaffold_first_order q m n k (l : layer R m n) (d : layer R q n) g o (N : net R m k)
    (w : 'M[R]_(rows N, q)) eps gamma h : eps * eps = 0 ->
  let z := preact l gamma h in let gamma' := g (nsq z + o) in
  run (Hidden g o (append_layer (scale_layer eps d) l) (edit (N := N) (append_columns w))) gamma h
  = rest (preact (first N) gamma' (gamma' *: z)
          + eps *: (gamma' *: (w *m preact d gamma h))).
Proof.
move=> eps0 z gamma'; rewrite run_hidden preact_append_layer preact_scale_layer /act nsq_col nsqZ.
rewrite eps0 mul0r addr0 -/z -/gamma' scale_col_mx run_edit preact_append_columns.
move: (preact d gamma h) => v; clearbody gamma' z.
by rewrite /preact /add_psi /= scalerDr addrA -!scalemxAr !scalerA (mulrC eps).
Qed.

(* C3: all zero is a saddle. Row, bias, ψ entry and column all small together change nothing to
   first order: all their gradients are 0. *)
Theorem scaffold_saddle q m n k (l : layer R m n) (d : layer R q n) g o (N : net R m k)
    (w : 'M[R]_(rows N, q)) eps : eps * eps = 0 ->
  same_function
    (Hidden g o (append_layer (scale_layer eps d) l)
       (edit (N := N) (append_columns (eps *: w))))
    (Hidden g o l N).
Proof.
move=> eps0 gamma h; rewrite scaffold_first_order // -scalemxAl !scalerA -mulrA mulrCA.
by rewrite eps0 mulr0 scale0r addr0 run_hidden run_rest.
Qed.

End Growth.
