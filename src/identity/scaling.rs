//! The scalings of B8 taken away from the invariants, for 1/(1+r) and 1/√(1+r).
//!
//! There γ_l depends on 1 + r_l = wᵀ(N_l + e eᵀ)w alone. Replacing γ_j by γ_j / t_j, t_j > 0 for every hidden layer j,
//! turns column k of V_l into T_k = t_k ⋯ t_{l-1} times itself (the inputs count as k = 1) and N_l + e eᵀ into
//! f_l T (N_l + e eᵀ) T, where f_l = t_l for 1/(1+r) and t_l² for 1/√(1+r). The function is the same. Here t_l is
//! chosen to make the last entry of every one 1: t_l = 1/(1+ν_l) and t_l² = 1/(1+ν_l). In the second case the entries
//! are square roots, so what is compared are their squares with their signs.
//!
//! Where o_l = q + e^a is no rational, t_l = 1: 1 + ν_l = c + e^a with c rational, and t (c + e^a) = c' + e^a' for t > 0 and c, c'
//! rational only with t = 1 (Lindemann–Weierstrass; for the algebraic gain t² takes the place of t). Nothing is scaled there.

use super::{Invariants, exact::ExactInvariants};
use crate::{linalg::Matrix, network::Gain, scalar::Rational};

/// Whether T and f are as they are (1/(1+r)) or their squares (1/√(1+r)).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scaling {
    /// 1/(1+r).
    Rational,
    /// 1/√(1+r).
    Algebraic,
}

/// The scalings of a gain, if it has any.
pub(super) fn of_gain(gain: &Gain<Rational>) -> Option<Scaling> {
    match gain.power() {
        Some(1) => Some(Scaling::Algebraic),
        Some(2) => Some(Scaling::Rational),
        Some(_) | None => None,
    }
}

/// The invariants with every scaling taken away: equal up to scalings iff equal here.
pub(super) fn normalised(invariants: &ExactInvariants, scaling: Scaling) -> ExactInvariants {
    ExactInvariants {
        rational: of_rationals(invariants, scaling),
        exponents: invariants.exponents.clone(),
    }
}

fn of_rationals(symbolic: &ExactInvariants, scaling: Scaling) -> Invariants<Rational> {
    let invariants = &symbolic.rational;
    let one = Rational::from(1);
    let inputs = match invariants.gram.first() {
        Some(n) => n.ncols() - 1,
        None => invariants.output.ncols() - 1,
    };
    // t_l, or t_l² for the algebraic gain.
    let t: Vec<Rational> = invariants
        .gram
        .iter()
        .zip(&symbolic.exponents)
        .map(|(n, exponent)| match exponent {
            Some(_) => one.clone(),
            None => one.clone() / (one.clone() + &n[(n.nrows() - 1, n.ncols() - 1)]),
        })
        .collect();
    // T_k of a matrix with n₀ + l columns.
    let factors = |l: usize| -> Vec<Rational> {
        let of = |k: usize| {
            let of_layers = t[k..l - 1].iter();
            of_layers.fold(one.clone(), |product, t| product * t)
        };
        (0..inputs + l)
            .map(|column| of(column.saturating_sub(inputs)))
            .collect()
    };
    let entry = |x: &Rational, factor: Rational| match scaling {
        Scaling::Rational => x.clone() * factor,
        // x √factor, by its square and sign.
        Scaling::Algebraic => {
            let square = x.clone() * x * factor;
            if *x < Rational::from(0) {
                -square
            } else {
                square
            }
        }
    };
    let gram = (1..).zip(&invariants.gram).map(|(l, n)| {
        let (last, by) = (n.ncols() - 1, factors(l));
        let own = match scaling {
            Scaling::Rational => t[l - 1].clone(),
            Scaling::Algebraic => t[l - 1].clone() * &t[l - 1],
        };
        Matrix::from_fn(n.nrows(), n.ncols(), |i, j| {
            let x = if i == last && j == last {
                n[(i, j)].clone() + &one
            } else {
                n[(i, j)].clone()
            };
            entry(&x, own.clone() * &by[i] * &by[j])
        })
    });
    let by = factors(invariants.gram.len() + 1);
    let v = &invariants.output;
    Invariants {
        gram: gram.collect(),
        output: Matrix::from_fn(v.nrows(), v.ncols(), |i, j| {
            entry(&v[(i, j)], by[j].clone())
        }),
    }
}
