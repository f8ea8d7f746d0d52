//! Ranks and the width ceiling, exactly, over a prime field.
//!
//! Reduction modulo a prime can only lower a rank, and does so for a fraction of about 2⁻⁵⁰ of all
//! matrices of these sizes: a second opinion on a numerical rank that shares no code with it.

use rug::ops::RemRounding;

use crate::{network::Network, scalar::Rational};

/// 2⁶¹ - 1, a Mersenne prime: products of two residues fit in 128 bits.
const P: u64 = (1 << 61) - 1;

/// A matrix over the prime field, by columns.
type Columns = Vec<Vec<u64>>;

fn times(a: u64, b: u64) -> u64 {
    ((u128::from(a) * u128::from(b)) % u128::from(P)) as u64
}

fn plus(a: u64, b: u64) -> u64 {
    ((u128::from(a) + u128::from(b)) % u128::from(P)) as u64
}

fn inverse(a: u64) -> u64 {
    // Fermat: a^(p-2).
    let (mut result, mut base, mut exponent) = (1, a, P - 2);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = times(result, base);
        }
        base = times(base, base);
        exponent >>= 1;
    }
    result
}

fn residue(x: &Rational) -> u64 {
    let p = rug::Integer::from(P);
    let reduce = |n: &rug::Integer| n.clone().rem_euc(&p).to_u64().unwrap_or(0);
    times(reduce(x.0.numer()), inverse(reduce(x.0.denom())))
}

/// A maximal independent subset of the columns.
fn independent(columns: &Columns) -> Columns {
    let mut chosen = vec![];
    // Reduced copies with the row of their pivot, each scaled to a pivot of 1.
    let mut reduced: Vec<(usize, Vec<u64>)> = vec![];
    for column in columns {
        let mut rest = column.clone();
        for (pivot, basis) in &reduced {
            let factor = P - rest[*pivot];
            for (x, b) in rest.iter_mut().zip(basis) {
                *x = plus(*x, times(factor, *b));
            }
        }
        if let Some(pivot) = rest.iter().position(|x| *x != 0) {
            let scale = inverse(rest[pivot]);
            rest.iter_mut().for_each(|x| *x = times(*x, scale));
            reduced.push((pivot, rest));
            chosen.push(column.clone());
        }
    }
    chosen
}

/// The widths that D5's sweep reaches: layer by layer rank [W_l B, ψ_l + W_l b_{l-1}], where B spans
/// what layer l - 1 keeps; its bias enters because the part of b_{l-1} outside B is absorbed into ψ_l,
/// and the part inside makes no difference to the rank.
pub(super) fn ceiling(network: &Network<Rational>) -> Vec<usize> {
    let mut widths = network.widths();
    let mut kept: Option<(Columns, Vec<u64>)> = None;
    for l in network.hidden() {
        let layer = network.layer(l);
        let (m, n) = layer.weight.shape();
        let weight: Columns = (0..n)
            .map(|j| (0..m).map(|i| residue(&layer.weight[(i, j)])).collect())
            .collect();
        let apply = |x: &Vec<u64>| {
            (0..m)
                .map(|i| {
                    x.iter()
                        .enumerate()
                        .fold(0, |sum, (j, x)| plus(sum, times(weight[j][i], *x)))
                })
                .collect()
        };
        let mut columns: Columns = match &kept {
            None => weight.clone(),
            Some((basis, bias)) => basis.iter().chain([bias]).map(apply).collect(),
        };
        if let (Some(_), Some(last)) = (&kept, columns.last_mut()) {
            for (x, psi) in last.iter_mut().zip(layer.psi_or_zero().iter()) {
                *x = plus(*x, residue(psi));
            }
        }
        let mut basis = independent(&columns);
        widths[l] = basis.len().max(1);
        if basis.is_empty() {
            // Width 1 is kept whatever it spans.
            basis.push((0..m).map(|i| u64::from(i == 0)).collect());
        }
        let bias = layer.bias.iter().map(residue).collect();
        kept = Some((basis, bias));
    }
    widths
}
