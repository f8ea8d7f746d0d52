(* [ring] on the scalars of an arbitrary commutative ring R. In a section over R:

     Add Ring R_ring : (ring_laws R).
     … scalar_ring R.

   mathcomp reaches the operations of R by several paths, equal by computation but not as written, and
   [ring] compares what is written. So they get one name each here. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Section Operations.
Variable R : comRingType.
Definition zero : R := 0.
Definition one : R := 1.
Definition add (a b : R) : R := a + b.
Definition opp (a : R) : R := - a.
Definition sub (a b : R) : R := a - b.
Definition mul (a b : R) : R := a * b.
Definition entry m n (A : 'M[R]_(m, n)) i j : R := A i j.

Lemma ring_laws : ring_theory zero one add mul sub opp (@eq R).
Proof.
split=> //; [exact: add0r|exact: addrC|exact: addrA|exact: mul1r|exact: mulrC|exact: mulrA| |].
- exact: mulrDl.
- exact: subrr.
Qed.
End Operations.

Ltac scalar_ring R :=
  rewrite ?expr2 ?mulr2n;
  repeat match goal with
  | |- context [@GRing.add ?S ?a ?b] => change (@GRing.add S a b) with (@add R a b)
  | |- context [@GRing.opp ?S ?a] => change (@GRing.opp S a) with (@opp R a)
  | |- context [@GRing.mul ?S ?a ?b] => change (@GRing.mul S a b) with (@mul R a b)
  | |- context [@fun_of_matrix ?S ?m ?n ?A ?i ?j] =>
      change (@fun_of_matrix S m n A i j) with (@entry R m n A i j)
  | |- context [GRing.zero ?S] => change (GRing.zero S) with (zero R)
  | |- context [GRing.one ?S] => change (GRing.one S) with (one R)
  end;
  match goal with |- @eq _ ?a ?b => change (@eq (GRing.ComRing.sort R) a b) end;
  ring.
