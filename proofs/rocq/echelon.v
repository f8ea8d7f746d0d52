(* B9, the normal form: a reduced row echelon form of full rank is the only one with its row space. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Section Echelon.
Variable F : fieldType.

(* Row i begins with a 1 in column f i, columns f i are those of the identity, and f increases. *)
Definition reduced p m (E : 'M[F]_(p, m)) (f : 'I_p -> 'I_m) :=
  [/\ forall i j, E i (f j) = (i == j)%:R, forall i (k : 'I_m), (k < f i)%N -> E i k = 0
    & forall i j : 'I_p, (i < j)%N -> (f i < f j)%N].

(* Every row of T E that begins in column c has c among the f i. *)
Lemma begins p m (E : 'M[F]_(p, m)) f (u : 'rV_p) (c : 'I_m) : reduced E f ->
  (u *m E) 0 c != 0 -> (forall k : 'I_m, (k < c)%N -> (u *m E) 0 k = 0) -> exists i, f i = c.
Proof.
case=> pivot before rises nonzero first.
have at_pivot i : (u *m E) 0 (f i) = u 0 i.
  rewrite mxE (bigD1 i) //= pivot eqxx mulr1 big1 ?addr0 // => j ji.
  by rewrite pivot (negbTE ji) mulr0.
have [i /andP[ui fi]|none] := pickP [pred i | (u 0 i != 0) && (f i <= c)%N].
  exists i; apply/val_inj/eqP; rewrite eqn_leq fi /= leqNgt; apply/negP => lt.
  by move: ui; rewrite -at_pivot first ?eqxx.
case/eqP: nonzero; rewrite mxE big1 // => i _.
have := none i; rewrite /=; have [->|_] /= := eqVneq (u 0 i) 0; first by rewrite mul0r.
by rewrite leqNgt => /negbFE lt; rewrite before ?mulr0.
Qed.

Lemma rising_above p (s : 'I_p -> 'I_p) : (forall i j : 'I_p, (i < j)%N -> (s i < s j)%N) -> forall i : 'I_p, (i <= s i)%N.
Proof.
move=> rises; case=> n; elim: n => [|n IH] lt //=.
exact: leq_ltn_trans (IH (ltnW lt)) (rises (Ordinal (ltnW lt)) (Ordinal lt) (ltnSn n)).
Qed.

(* B9: two reduced forms, each of rows that are combinations of the other's, are one. *)
Theorem echelon_unique p m (E E' : 'M[F]_(p, m)) f f' (T T' : 'M_p) :
  reduced E f -> reduced E' f' -> E' = T *m E -> E = T' *m E' -> f =1 f' /\ E = E'.
Proof.
have half (A B : 'M[F]_(p, m)) a b (C : 'M_p) : reduced A a -> reduced B b -> B = C *m A -> forall i, exists j, a j = b i.
  move=> HA [pivot before _] EB i; have Er : row i B = row i C *m A by rewrite EB row_mul.
  have entry k : (row i C *m A) 0 k = B i k by rewrite -Er mxE.
  by apply: (begins (u := row i C) HA); rewrite ?entry ?pivot ?eqxx ?oner_eq0 // => k lt; rewrite entry before.
move=> H H' ET ET'.
have /fin_all_exists[s Es] := half _ _ _ _ _ H H' ET.
have /fin_all_exists[r Er] := half _ _ _ _ _ H' H ET'.
have lt_of (a : 'I_p -> 'I_m) : (forall i j : 'I_p, (i < j)%N -> (a i < a j)%N) -> forall i j : 'I_p, (a i < a j)%N -> (i < j)%N.
  move=> rises i j; case: (ltngtP i j) => // [ji|/val_inj -> ]; last by rewrite ltnn.
  by move/(ltn_trans (rises _ _ ji)); rewrite ltnn.
have [pf _ rf] := H; have [pf' _ rf'] := H'.
have rs (i j : 'I_p) : (i < j)%N -> (s i < s j)%N by move=> ij; apply: (lt_of f rf); rewrite !Es rf'.
have rr (i j : 'I_p) : (i < j)%N -> (r i < r j)%N by move=> ij; apply: (lt_of f' rf'); rewrite !Er rf.
have inj_f : injective f.
  by move=> i j e; apply/val_inj; case: (ltngtP i j) => // /rf; rewrite e ltnn.
have sr i : s (r i) = i by apply: inj_f; rewrite Es Er.
have ff : f =1 f'.
  move=> i; rewrite -(Er i); congr f'; apply/val_inj/eqP; rewrite eqn_leq (rising_above rr) andbT.
  by have := rising_above rs (r i); rewrite sr.
split=> //; have T1 : T = 1%:M.
  apply/matrixP => i j; rewrite mxE -pf' -ff ET mxE (bigD1 j) //= pf eqxx mulr1 big1 ?addr0 // => k kj.
  by rewrite pf (negbTE kj) mulr0.
by rewrite ET T1 mul1mx.
Qed.
End Echelon.
