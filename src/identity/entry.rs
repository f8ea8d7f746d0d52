//! Single entries of the invariants, exact, without the rest.

use super::network::{ExactLayer, ExactNetwork};
use crate::scalar::{Field, Rational};

/// Column j (from 0) of V_l.
pub(super) fn column(network: &ExactNetwork, l: usize, j: usize) -> Vec<Rational> {
    let inputs = network.widths().first().copied().unwrap_or(0);
    let mut v: Vec<Rational> = vec![];
    for (level, layer) in (1..=l).zip(network.layers()) {
        // V_level has n₀ + level columns; the last is b.
        let last = inputs + level - 1;
        v = if level == 1 && j < inputs {
            (0..layer.rows)
                .map(|i| layer.row(i)[j].to_rational())
                .collect()
        } else if j == last {
            layer
                .bias
                .iter()
                .map(super::number::Number::to_rational)
                .collect()
        } else if j < last {
            through(layer, &v, j + 1 == last)
        } else {
            v
        };
    }
    v
}

/// W v, plus ψ for the last column of V_{l-1}.
fn through(layer: &ExactLayer, v: &[Rational], plus_psi: bool) -> Vec<Rational> {
    let row = |i: usize| {
        let weights: Vec<Rational> = layer
            .row(i)
            .iter()
            .map(super::number::Number::to_rational)
            .collect();
        let sum = Rational::dot(&weights, v);
        if plus_psi {
            sum + layer.psi[i].to_rational()
        } else {
            sum
        }
    };
    (0..layer.rows).map(row).collect()
}

/// N_l at (i, j) from 0, o with its rational part.
pub(super) fn gram(network: &ExactNetwork, l: usize, (i, j): (usize, usize)) -> Rational {
    let left = column(network, l, i);
    let product = if i == j {
        Rational::dot(&left, &left)
    } else {
        Rational::dot(&left, &column(network, l, j))
    };
    let inputs = network.widths().first().copied().unwrap_or(0);
    match network.lengths().get(l - 1) {
        Some(o) if i == j && j == inputs + l - 1 => product + &o.rational,
        _ => product,
    }
}
