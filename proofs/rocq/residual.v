(* G2: a residual stream that is read only through affine maps, h ← h + V f(U h + a) + c, may be turned by any invertible map and
   shifted. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Section Residual.
Variable R : comRingType.

(* A block reads U h + a, does with it what it likes, and writes V (…) + c. *)
Record block n := Block {
  inner_in : nat; inner_out : nat;
  reads : 'M[R]_(inner_in, n); at_start : 'cV[R]_inner_in;
  does : 'cV[R]_inner_in -> 'cV[R]_inner_out;
  writes : 'M[R]_(n, inner_out); adds : 'cV[R]_n
}.

Arguments does {n} b _.

Definition stream_step n (h : 'cV[R]_n) (b : block n) : 'cV[R]_n :=
  h + writes b *m does b (reads b *m h + at_start b) + adds b.
Definition stream n (h : 'cV[R]_n) (bs : seq (block n)) : 'cV[R]_n := foldl (@stream_step n) h bs.

(* T invertible with inverse T', and a shift s: readers become U T' and undo the shift, writers T V and T c. *)
Definition turned_block n (T T' : 'M[R]_n) (s : 'cV[R]_n) (b : block n) : block n :=
  Block (reads b *m T') (at_start b - reads b *m T' *m s) (does b) (T *m writes b) (T *m adds b).

(* What an affine map reads of the turned stream is what it read. *)
Lemma reads_same n m (T T' : 'M[R]_n) (s h : 'cV[R]_n) (U : 'M[R]_(m, n)) (a : 'cV[R]_m) : T' *m T = 1%:M ->
  U *m T' *m (T *m h + s) + (a - U *m T' *m s) = U *m h + a.
Proof.
move=> E; rewrite mulmxDr mulmxA -(mulmxA U) E mulmx1 -addrA; congr (_ + _).
by rewrite addrCA subrr addr0.
Qed.

(* G2: after any blocks the turned network has T h + s where the other has h, … *)
Theorem stream_gauge n (T T' : 'M[R]_n) (s h : 'cV[R]_n) (bs : seq (block n)) : T' *m T = 1%:M ->
  stream (T *m h + s) (map (turned_block T T' s) bs) = T *m stream h bs + s.
Proof.
move=> E; elim: bs h => //= b bs IH h; rewrite /stream /= in IH *; rewrite -IH; congr foldl.
rewrite /stream_step /= reads_same // -(mulmxA T) !mulmxDr.
by rewrite -!addrA; congr (_ + _); rewrite addrC -addrA.
Qed.

(* … so that whatever is read of it at the end is the same. *)
Theorem stream_output n m (T T' : 'M[R]_n) (s h : 'cV[R]_n) (bs : seq (block n)) (A : 'M[R]_(m, n)) (b : 'cV[R]_m) :
  T' *m T = 1%:M ->
  A *m T' *m stream (T *m h + s) (map (turned_block T T' s) bs) + (b - A *m T' *m s) = A *m stream h bs + b.
Proof. by move=> E; rewrite stream_gauge // reads_same. Qed.
End Residual.
