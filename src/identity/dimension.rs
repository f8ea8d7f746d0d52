//! In how many independent ways the parameters of one network can move its function, exactly (B9 (iv), B6 for every width).

use num_traits::Zero;

use super::constant;
use super::network::ExactNetwork;
use crate::{
    linalg::{Matrix, column, independent_columns, product},
    network::{Gain, Network},
    scalar::{Field, Rational, Residue},
};

/// The rank of d(N_1 … N_{L-1}, V_L)/dθ at a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dimension {
    /// The rank modulo 2⁶¹ - 1: never more than that over ℚ, and less for about one matrix in 2⁵⁰.
    pub rank: usize,
    /// Stored parameters.
    pub parameters: usize,
    /// Whether it is the rank of ∂(outputs)/∂θ as well: (iv), for tanh and a function that is not constant, and
    /// without a hidden layer. For all other networks that rank is at most this one.
    pub of_function: bool,
}

/// The functional dimension at a network, dead neurons, rank-one layers and all.
///
/// `None` if 2⁶¹ - 1 divides a denominator. The time goes with the cube of the number of parameters.
pub fn dimension(network: &Network<Rational>) -> Option<Dimension> {
    let image = network.map(&Residue::from_rational).ok()?;
    let exact = ExactNetwork::from(network);
    let rank = independent_columns(&invariants_jacobian(&image)).len();
    Some(Dimension {
        rank,
        parameters: network.parameter_count(),
        of_function: network.depth() == 1
            || *network.gain() == Gain::Tanh && !constant::is_constant(&exact),
    })
}

/// The least widths that a network of this function can have (D5, B9): n₀, rank B_l for every hidden layer (at least 1), n_L.
/// Proved for tanh and a function that is not constant, `None` for others.
///
/// The network is given as its image: [`Stored::residues`](crate::io::Stored::residues), or its numbers by
/// [`Residue::from_rational`](Field::from_rational). Ranks are taken modulo 2⁶¹ - 1, where they are never more than over ℚ: no layer can be narrower. D5's sweep attains them.
pub fn least_widths(image: &Network<Residue>) -> Option<Vec<usize>> {
    if *image.gain() != Gain::Tanh || constant_modulo(image) {
        return None;
    }
    let mut widths = image.widths();
    for (width, pivots) in widths.iter_mut().skip(1).zip(pivots(image)) {
        *width = pivots.len().max(1);
    }
    Some(widths)
}

/// Whether W_1 or some B_l vanishes modulo 2⁶¹ - 1. Where none does, none does over ℚ, and the function is not constant
/// (B9 (iii)).
fn constant_modulo(image: &Network<Residue>) -> bool {
    levels(image).iter().any(|v| {
        let b = v.columns(0, v.ncols() - 1);
        b.iter().all(Zero::is_zero)
    })
}

/// For every hidden layer the columns of B_l, from 0, that are no combination of those before them: the steps of its row
/// echelon form, which the function of a tanh network determines.
///
/// Of the image modulo 2⁶¹ - 1, where about one matrix in 2⁵⁰ has other ones than over ℚ.
pub fn pivots(image: &Network<Residue>) -> Vec<Vec<usize>> {
    let hidden = levels(image).into_iter().take(image.depth() - 1);
    let of = |v: Matrix<Residue>| independent_columns(&v.columns(0, v.ncols() - 1).into_owned());
    hidden.map(of).collect()
}

/// d(N_1 … N_{L-1}, V_L)/dθ: a column for each stored parameter, in the order of [`Network::parameters`]; rows: the upper
/// triangles of N_1 … N_{L-1} by columns, then V_L by columns.
///
/// A parameter of layer k moves V_k by e_i rᵀ, with r a row of [V_{k-1} 0] for a weight, and a unit vector for b and ψ. So
/// V_l moves by a rᵀ for l ≥ k, a = W_l ⋯ W_{k+1} e_i, and N_l by r (V_lᵀ a)ᵀ + (V_lᵀ a) rᵀ; o_l moves the last entry of N_l.
pub fn invariants_jacobian<S: Field>(network: &Network<S>) -> Matrix<S> {
    let depth = network.depth();
    let inputs = network.layer(1).weight.ncols();
    let levels = levels(network);
    let triangle = |n: usize| n * (n + 1) / 2;
    let starts: Vec<usize> = (1..=depth)
        .scan(0, |start, l| {
            let here = *start;
            *start += triangle(inputs + l);
            Some(here)
        })
        .collect();
    let outputs = network.layer(depth).width();
    let rows = starts[depth - 1] + outputs * (inputs + depth);
    let mut data = vec![];
    for k in 1..=depth {
        let layer = network.layer(k);
        let unit = |at: usize| {
            let mut r = vec![S::zero(); inputs + k];
            r[at] = S::one();
            r
        };
        let mut directions: Vec<Vec<S>> = (0..layer.weight.ncols())
            .map(|j| match k {
                1 => unit(j),
                _ => {
                    let row = levels[k - 2].row(j);
                    row.iter().cloned().chain([S::zero()]).collect()
                }
            })
            .collect();
        directions.push(unit(inputs + k - 1));
        if layer.psi.is_some() {
            directions.push(unit(inputs + k - 2));
        }
        // For each row i of the layer: a at every level from k on, and V_lᵀ a.
        let carried = carried(network, &levels, k);
        for r in &directions {
            for i in 0..layer.width() {
                let mut entries = vec![S::zero(); rows];
                for (l, (a, through)) in (k..).zip(&carried) {
                    if l < depth {
                        let s = column(through, i);
                        symmetric(&mut entries[starts[l - 1]..], r, s);
                    } else {
                        let place = &mut entries[starts[l - 1]..];
                        for (j, x) in r.iter().enumerate() {
                            S::axpy(&mut place[j * outputs..(j + 1) * outputs], x, column(a, i));
                        }
                    }
                }
                data.extend(entries);
            }
        }
    }
    if network.has_lengths() {
        for l in network.hidden() {
            let mut entries = vec![S::zero(); rows];
            entries[starts[l] - 1] = S::one();
            data.extend(entries);
        }
    }
    let columns = data.len() / rows;
    Matrix::from_vec(rows, columns, data)
}

/// V_1 … V_L.
fn levels<S: Field>(network: &Network<S>) -> Vec<Matrix<S>> {
    let mut levels: Vec<Matrix<S>> = vec![];
    for layer in network.layers() {
        let b = match levels.last() {
            None => layer.weight.clone(),
            Some(before) => {
                let mut b = product(&layer.weight, before);
                let last = b.ncols() - 1;
                for (entry, psi) in b
                    .column_mut(last)
                    .iter_mut()
                    .zip(layer.psi_or_zero().iter())
                {
                    *entry += psi;
                }
                b
            }
        };
        let mut data = b.as_slice().to_vec();
        data.extend(layer.bias.iter().cloned());
        levels.push(Matrix::from_vec(layer.width(), b.ncols() + 1, data));
    }
    levels
}

/// For l = k … L: W_l ⋯ W_{k+1}, and V_lᵀ times it.
fn carried<S: Field>(
    network: &Network<S>,
    levels: &[Matrix<S>],
    k: usize,
) -> Vec<(Matrix<S>, Matrix<S>)> {
    let width = network.layer(k).width();
    let mut a = Matrix::identity(width, width);
    let mut found = vec![];
    for l in k..=network.depth() {
        if l > k {
            a = product(&network.layer(l).weight, &a);
        }
        let through = product(&levels[l - 1].transpose(), &a);
        found.push((a.clone(), through));
    }
    found
}

/// Adds the upper triangle of r sᵀ + s rᵀ, r filled up with zeros, by columns.
fn symmetric<S: Field>(entries: &mut [S], r: &[S], s: &[S]) {
    let mut at = 0;
    let full = |i: usize| r.get(i).cloned().unwrap_or_else(S::zero);
    for j in 0..s.len() {
        for i in 0..=j {
            entries[at] += full(i) * &s[j] + s[i].clone() * full(j);
            at += 1;
        }
    }
}
