(* The elementary facts of tanh and of ln(1+x) that ../rocq takes as premises, for the functions of Coq's standard
   library. Analysis on paper is a derivative and the mean value theorem in each case. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Open Scope R_scope.
(* Its cache is a file wherever Rocq was started. *)
Unset Nra Cache.

(* ---- sinh and cosh ---- *)

Lemma cosh_pos x : 0 < cosh x.
Proof. rewrite /cosh; have := exp_pos x; have := exp_pos (- x); lra. Qed.

Lemma sinh_nonneg x : 0 <= x -> 0 <= sinh x.
Proof.
move=> x0; rewrite /sinh.
have : exp (- x) <= exp x.
  by case: (Req_dec x 0) => [->|?]; [rewrite Ropp_0; lra | left; apply: exp_increasing; lra].
lra.
Qed.

Lemma cosh_sinh x : cosh x * cosh x - sinh x * sinh x = 1.
Proof. rewrite /cosh /sinh; have := exp_pos x => p; rewrite exp_Ropp; field; lra. Qed.

(* sinh x ≤ x cosh x: the difference has the derivative x sinh x. *)
Lemma sinh_le x : 0 <= x -> sinh x <= x * cosh x.
Proof.
move=> x0; case: (Req_dec x 0) => [->|xn]; first by rewrite sinh_0; lra.
have [c [E [c0 cx]]] : exists c,
    (x * cosh x - sinh x) - (0 * cosh 0 - sinh 0) = (c * sinh c) * (x - 0) /\ 0 < c < x.
  apply: (MVT_cor2 (fun x => x * cosh x - sinh x) (fun c => c * sinh c)); first lra.
  move=> c _; have -> : c * sinh c = (1 * cosh c + c * sinh c) - cosh c by ring.
  apply: (derivable_pt_lim_minus (fun x => x * cosh x) sinh); last exact: derivable_pt_lim_sinh.
  by apply: (derivable_pt_lim_mult id cosh); [exact: derivable_pt_lim_id | exact: derivable_pt_lim_cosh].
rewrite sinh_0 in E.
have : 0 <= c * sinh c * (x - 0).
  by apply: Rmult_le_pos; [apply: Rmult_le_pos; [lra | apply: sinh_nonneg; lra] | lra].
lra.
Qed.

(* x ≤ sinh x cosh x: the difference has the derivative 2 sinh² x. *)
Lemma le_sinh_cosh x : 0 <= x -> x <= sinh x * cosh x.
Proof.
move=> x0; case: (Req_dec x 0) => [->|xn]; first by rewrite sinh_0; lra.
have [c [E [c0 cx]]] : exists c, (sinh x * cosh x - id x) - (sinh 0 * cosh 0 - id 0)
    = (cosh c * cosh c + sinh c * sinh c - 1) * (x - 0) /\ 0 < c < x.
  apply: (MVT_cor2 (fun x => sinh x * cosh x - id x) (fun c => cosh c * cosh c + sinh c * sinh c - 1)).
    lra.
  move=> c _; apply: (derivable_pt_lim_minus (fun x => sinh x * cosh x) id); last exact: derivable_pt_lim_id.
  by apply: (derivable_pt_lim_mult sinh cosh); [exact: derivable_pt_lim_sinh | exact: derivable_pt_lim_cosh].
rewrite sinh_0 /id in E; have := cosh_sinh c; have : 0 <= sinh c * sinh c by apply: Rle_0_sqr.
move=> s2 cs; have : 0 <= (cosh c * cosh c + sinh c * sinh c - 1) * (x - 0) by apply: Rmult_le_pos; lra.
lra.
Qed.

(* ---- tanh ---- *)

Lemma tanh_nonneg x : 0 <= x -> 0 <= tanh x.
Proof. by move=> x0; apply: Rmult_le_pos; [exact: sinh_nonneg | left; apply/Rinv_0_lt_compat/cosh_pos]. Qed.

Lemma tanh_pos x : 0 < x -> 0 < tanh x.
Proof.
move=> x0; apply: Rmult_lt_0_compat; last exact/Rinv_0_lt_compat/cosh_pos.
have := le_sinh_cosh (Rlt_le _ _ x0) => H.
by case: (Rlt_le_dec 0 (sinh x)) => // s0; have : sinh x * cosh x <= 0 * cosh x;
  [apply: Rmult_le_compat_r => //; have := cosh_pos x; lra | lra].
Qed.

Lemma tanh_le_1 x : tanh x <= 1.
Proof.
have c0 := cosh_pos x; rewrite /tanh; apply: (Rmult_le_reg_r (cosh x)) => //.
rewrite /Rdiv Rmult_assoc Rinv_l ?Rmult_1_r ?Rmult_1_l; last lra.
rewrite /sinh /cosh; have := exp_pos (- x); lra.
Qed.

Lemma tanh_le x : 0 <= x -> tanh x <= x.
Proof.
move=> x0; have c0 := cosh_pos x; apply: (Rmult_le_reg_r (cosh x)) => //.
rewrite /tanh /Rdiv Rmult_assoc Rinv_l ?Rmult_1_r; last lra.
exact: sinh_le.
Qed.

(* The addition formula. *)
Lemma tanh_sub a b : tanh a - tanh b = tanh (a - b) * (1 - tanh a * tanh b).
Proof.
rewrite /tanh /sinh /cosh Ropp_minus_distr /Rminus !exp_plus !exp_Ropp.
have A := exp_pos a; have B := exp_pos b; set p := exp a in A *; set q := exp b in B *.
have P : 0 < p * p by apply: Rmult_lt_0_compat.
have Q : 0 < q * q by apply: Rmult_lt_0_compat.
by field; repeat split; nra.
Qed.

Lemma tanh_slope x : 0 <= x -> x * (1 - tanh x * tanh x) <= tanh x.
Proof.
move=> x0; have c0 := cosh_pos x; have C := cosh_sinh x.
have -> : 1 - tanh x * tanh x = / (cosh x * cosh x).
  have -> : 1 - tanh x * tanh x = (cosh x * cosh x - sinh x * sinh x) / (cosh x * cosh x).
    by rewrite /tanh; field; lra.
  by rewrite C /Rdiv Rmult_1_l.
rewrite /tanh; apply: (Rmult_le_reg_r (cosh x * cosh x)); first exact: Rmult_lt_0_compat.
have -> : x * / (cosh x * cosh x) * (cosh x * cosh x) = x by field; lra.
have -> : sinh x / cosh x * (cosh x * cosh x) = sinh x * cosh x by field; lra.
exact: le_sinh_cosh.
Qed.

Lemma tanh_rising a b : 0 <= b -> b <= a -> tanh b <= tanh a.
Proof.
move=> b0 ba; have a0 : 0 <= a by lra.
have d0 : 0 <= a - b by lra.
have := tanh_sub a b; have td := tanh_nonneg d0; have tb := tanh_nonneg b0; have ta := tanh_nonneg a0.
have ta1 := tanh_le_1 a; have tb1 := tanh_le_1 b.
have m : tanh a * tanh b <= 1 * 1 by apply: Rmult_le_compat.
have : 0 <= tanh (a - b) * (1 - tanh a * tanh b) by apply: Rmult_le_pos; lra.
lra.
Qed.

Lemma tanh_derivative x : derivable_pt_lim tanh x (1 - tanh x * tanh x).
Proof.
have c0 := cosh_pos x.
have -> : 1 - tanh x * tanh x = (cosh x * cosh x - sinh x * sinh x) / (cosh x)².
  by rewrite /tanh /Rsqr; field; lra.
by apply: (derivable_pt_lim_div sinh cosh); [exact: derivable_pt_lim_sinh | exact: derivable_pt_lim_cosh | lra].
Qed.

(* σ(x)/x falls where x σ'(x) ≤ σ(x) and σ' falls: a σ(b) - b σ(a) has the derivative σ(b) - b σ'(x) in a. *)
Lemma ratio_falls (sigma slope : R -> R) a b : 0 <= b -> b <= a ->
  (forall x, b <= x -> derivable_pt_lim sigma x (slope x)) ->
  (forall x, b <= x -> slope x <= slope b) -> b * slope b <= sigma b ->
  b * sigma a <= a * sigma b.
Proof.
move=> b0 ba D falls start; case: (Req_dec a b) => [->|ne]; first lra.
have [c [E [bc ca]]] : exists c, (a * sigma b - b * sigma a) - (b * sigma b - b * sigma b)
    = (1 * sigma b - b * slope c) * (a - b) /\ b < c < a.
  apply: (MVT_cor2 (fun x => id x * sigma b - b * sigma x) (fun c => 1 * sigma b - b * slope c)); first lra.
  move=> c [bc _]; apply: (derivable_pt_lim_minus (fun x => id x * sigma b) (fun x => b * sigma x)).
    have -> : 1 * sigma b = 1 * sigma b + id c * 0 by ring.
    apply: (derivable_pt_lim_mult id (fun _ => sigma b)); [exact: derivable_pt_lim_id | exact: derivable_pt_lim_const].
  by apply: derivable_pt_lim_scal; apply: D.
have m : b * slope c <= b * slope b by apply: Rmult_le_compat_l => //; apply: falls; lra.
have : 0 <= (1 * sigma b - b * slope c) * (a - b) by apply: Rmult_le_pos; lra.
lra.
Qed.

Lemma tanh_ratio_falls a b : 0 <= b -> b <= a -> b * tanh a <= a * tanh b.
Proof.
move=> b0 ba; apply: (@ratio_falls tanh (fun x => 1 - tanh x * tanh x)) => // [x _|x bx|].
- exact: tanh_derivative.
- have : tanh b * tanh b <= tanh x * tanh x; last lra.
  by apply: Rmult_le_compat; try exact: tanh_nonneg; exact: tanh_rising.
exact: tanh_slope.
Qed.

(* ---- ln(1 + x) ---- *)

Definition log1p x := ln (1 + x).

Lemma log1p_nonneg x : 0 <= x -> 0 <= log1p x.
Proof.
rewrite /log1p => x0; case: (Req_dec x 0) => [->|xn]; first by rewrite Rplus_0_r ln_1; lra.
by left; rewrite -ln_1; apply: ln_increasing; lra.
Qed.

Lemma log1p_pos x : 0 < x -> 0 < log1p x.
Proof. by move=> x0; rewrite /log1p -ln_1; apply: ln_increasing; lra. Qed.

Lemma log1p_rises a b : 0 <= b -> b <= a -> log1p b <= log1p a.
Proof.
rewrite /log1p => b0 ba; case: (Req_dec a b) => [->|ne]; first lra.
by left; apply: ln_increasing; lra.
Qed.

Lemma log1p_le x : 0 <= x -> log1p x <= x.
Proof.
rewrite /log1p => x0; case: (Req_dec x 0) => [->|xn]; first by rewrite Rplus_0_r ln_1; lra.
rewrite -{2}(ln_exp x); left; apply: ln_increasing; first lra.
exact: exp_ineq1.
Qed.

Lemma log1p_slope x : 0 <= x -> x * / (1 + x) <= log1p x.
Proof.
move=> x0; case: (Req_dec x 0) => [->|xn]; first by rewrite Rmult_0_l; apply: log1p_nonneg; lra.
have p : 0 < 1 + x by lra.
have q : 0 < / (1 + x) := Rinv_0_lt_compat _ p.
have : ln (/ (1 + x)) <= / (1 + x) - 1.
  have t : / (1 + x) - 1 <> 0.
    have -> : / (1 + x) - 1 = - x * / (1 + x) by field; lra.
    have := Rmult_lt_0_compat x _ _ q; lra.
  have := exp_ineq1 _ t => e; rewrite -(ln_exp (/ (1 + x) - 1)); left; apply: ln_increasing => //; lra.
rewrite ln_Rinv // /log1p.
have -> : / (1 + x) - 1 = - (x * / (1 + x)) by field; lra.
lra.
Qed.

Lemma log1p_ratio_falls a b : 0 <= b -> b <= a -> b * log1p a <= a * log1p b.
Proof.
move=> b0 ba; apply: (@ratio_falls log1p (fun x => / (1 + x))) => // [x bx|x bx|].
- have -> : / (1 + x) = / (1 + x) * (0 + 1) by ring.
  apply: (derivable_pt_lim_comp (fun x => 1 + x) ln); last by apply: derivable_pt_lim_ln; lra.
  by apply: (derivable_pt_lim_plus (fun _ => 1) id); [exact: derivable_pt_lim_const | exact: derivable_pt_lim_id].
- by apply: Rinv_le_contravar; lra.
exact: log1p_slope.
Qed.
