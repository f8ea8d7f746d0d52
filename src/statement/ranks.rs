//! Ranks and the width ceiling, exactly, over a prime field.
//!
//! Reduction modulo a prime can only lower a rank, and does so for a fraction of about 2⁻⁵⁰ of all
//! matrices of these sizes: a second opinion on a numerical rank that shares no code with it.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::{
    error::Error,
    linalg::{Matrix, Vector, accumulate, append_columns, independent_columns, product},
    network::{Gain, Layer, Network, Scalar},
    scalar::{Field, Rational, Residue},
};

/// σ_rank/σ_{rank+1} must exceed this where a rank is read off singular values of 256 bits or more. What should be 0 comes out
/// near 2⁻²⁵⁶, 10⁻⁷⁷, of the largest; an ordinary spectrum has no gap of twenty decades of its own. Chosen, not derived: a rank that
/// fails it is reported, and judged by the exact ranks beside it.
pub(super) const GAP: f64 = 1e20;

/// The widths that D5's sweep reaches: layer by layer rank [W_l B, ψ_l + W_l b_{l-1}], where B spans
/// what layer l - 1 keeps; its bias enters because the part of b_{l-1} outside B is absorbed into ψ_l,
/// and the part inside makes no difference to the rank.
pub(super) fn ceiling(network: &Network<Rational>) -> Vec<usize> {
    let residues =
        |x: &[Rational]| -> Vec<Residue> { x.iter().map(Residue::from_rational).collect() };
    let mut widths = network.widths();
    let mut kept: Option<(Matrix<Residue>, Vec<Residue>)> = None;
    for l in network.hidden() {
        let layer = network.layer(l);
        let weight = layer.weight.map(|x| Residue::from_rational(&x));
        let m = weight.nrows();
        let reached = match &kept {
            None => weight,
            Some((basis, bias)) => {
                let mut last = residues(layer.psi_or_zero().as_slice());
                accumulate(&mut last, &weight, bias);
                append_columns(&product(&weight, basis), &last)
            }
        };
        let chosen = independent_columns(&reached);
        widths[l] = chosen.len().max(1);
        let basis = if chosen.is_empty() {
            // Width 1 is kept whatever it spans.
            Matrix::<Residue>::identity(m, 1)
        } else {
            reached.select_columns(&chosen)
        };
        kept = Some((basis, residues(layer.bias.as_slice())));
    }
    widths
}

/// A network of these widths with every parameter drawn. o is squared, so that it is not negative.
pub(super) fn generic<S: Scalar>(
    widths: &[usize],
    gain: Gain<S>,
    rng: &mut ChaCha8Rng,
    draw: impl Fn(&mut ChaCha8Rng) -> S,
) -> Result<Network<S>, Error> {
    let layers = widths.windows(2).enumerate().map(|(l, pair)| Layer {
        weight: Matrix::from_fn(pair[1], pair[0], |_, _| draw(rng)),
        bias: Vector::from_fn(pair[1], |_, _| draw(rng)),
        psi: (l > 0).then(|| Vector::from_fn(pair[1], |_, _| draw(rng))),
    });
    let layers = layers.collect();
    let lengths = (2..widths.len()).map(|_| {
        let lambda = draw(rng);
        lambda.clone() * lambda
    });
    Network::new(layers, gain, Some(lengths.collect()))
}

/// Architectures with few enough parameters for singular values of 512 bits.
const SMALL: [&[usize]; 20] = [
    &[1, 1, 1],
    &[2, 2, 1],
    &[1, 2, 1],
    &[2, 1, 2],
    &[2, 2, 2],
    &[1, 1, 1, 1],
    &[1, 2, 2, 1],
    &[2, 2, 2, 1],
    &[1, 1, 2, 1],
    &[2, 1, 2, 1],
    &[1, 2, 1, 1],
    &[1, 1, 1, 1, 1],
    &[3, 2, 1],
    &[1, 3, 1],
    &[2, 3, 1],
    &[1, 2, 2],
    &[1, 1, 2, 2],
    &[2, 2, 1, 1],
    &[1, 2, 1, 2],
    &[1, 1, 2, 1, 1],
];

/// A small tanh network with every parameter k/16, generic, or with one thing missing or degenerate: a layer of rank one,
/// W_2, every b, every ψ or every o zero.
pub(super) fn degenerate(rng: &mut ChaCha8Rng) -> Result<Network<Rational>, Error> {
    let widths = SMALL[rng.random_range(0..SMALL.len())];
    let drawn = generic(widths, Gain::Tanh, rng, |rng| {
        let k: i64 = rng.random_range(1..=40);
        let k = if rng.random() { k } else { -k };
        Rational(rug::Rational::from((k, 16)))
    })?;
    let (mut layers, gain, mut lengths) = drawn.into_parts();
    let zero = Rational::from(0);
    match rng.random_range(0..6) {
        0 => {
            let l = rng.random_range(0..layers.len());
            let first = layers[l].weight.row(0).into_owned();
            for i in 1..layers[l].width() {
                let factor = Rational::from(i as i64 + 1);
                let row = first.map(|x| x * &factor);
                layers[l].weight.row_mut(i).copy_from(&row);
            }
        }
        1 => layers[1].weight.fill(zero),
        2 => layers
            .iter_mut()
            .for_each(|layer| layer.bias.fill(zero.clone())),
        3 => layers
            .iter_mut()
            .for_each(|layer| layer.psi.iter_mut().for_each(|psi| psi.fill(zero.clone()))),
        4 => lengths.fill(zero),
        _ => {}
    }
    Network::new(layers, gain, Some(lengths))
}
