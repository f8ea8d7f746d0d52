//! What it means to be of a family: definitions that look at the network, not at how it was made.

use num_traits::{One, Signed, Zero};

use super::Family;
use crate::{
    linalg::{Matrix, product_nt},
    network::{Layer, Network},
    scalar::{Field, Rational},
};

impl Family {
    /// Whether a network with its inputs is of this family.
    pub fn describes(self, network: &Network<Rational>, inputs: &[Vec<Rational>]) -> bool {
        let layers = network.layers();
        let hidden = &layers[..layers.len() - 1];
        let every_hidden =
            |test: &dyn Fn(&Layer<Rational>) -> bool| !hidden.is_empty() && hidden.iter().all(test);
        let lengths: Vec<Rational> = network
            .hidden()
            .map(|l| network.length_squared(l))
            .collect();
        let widths = network.widths();
        match self {
            Family::Typical => true,
            Family::ZeroRow => every_hidden(&|layer| some_neuron(layer, Some(false), true, true)),
            Family::ZeroBias => every_hidden(&|layer| layer.bias.iter().any(Zero::is_zero)),
            Family::Dead => every_hidden(&|layer| some_neuron(layer, Some(true), true, true)),
            Family::DeadWithPsi => {
                hidden.len() > 1
                    && hidden[1..]
                        .iter()
                        .all(|layer| some_neuron(layer, Some(true), true, false))
            }
            Family::RankOne => every_hidden(&|layer| {
                let w = &layer.weight;
                let minor = |i: usize, j: usize| {
                    w[(0, 0)].clone() * &w[(i, j)] == w[(i, 0)].clone() * &w[(0, j)]
                };
                !w[(0, 0)].is_zero() && indices(w).all(|(i, j)| minor(i, j))
            }),
            Family::AllOnes => layers
                .iter()
                .all(|layer| layer.weight.iter().all(One::is_one)),
            Family::Integer => network.parameters().all(|x| x.0.is_integer()),
            Family::Graded => every_hidden(&|layer| {
                let w = &layer.weight;
                let (m, n) = w.shape();
                // First against last entry: 60 decades, less what whole decades a step leave out.
                let fall = (w[(m - 1, n - 1)].clone() / &w[(0, 0)]).abs();
                let log = crate::scalar::magnitude(&fall).to_f64().log10();
                !w[(0, 0)].is_zero() && (-63.0..-49.0).contains(&log)
            }),
            Family::RepeatedSingular => every_hidden(&|layer| {
                let gram = small_gram(&layer.weight);
                let first = gram[(0, 0)].clone();
                indices(&gram).all(|(i, j)| {
                    gram[(i, j)]
                        == if i == j {
                            first.clone()
                        } else {
                            Rational::zero()
                        }
                }) && first.above_zero()
            }),
            Family::TieAtCut => every_hidden(&|layer| {
                // All eigenvalues of the Gram matrix but one are 1: it is I plus a rank-one matrix.
                let gram = small_gram(&layer.weight);
                let n = gram.nrows();
                let rest = gram - Matrix::<Rational>::identity(n, n);
                rank_is(&rest, 1)
            }),
            Family::ZeroSingular => every_hidden(&|layer| {
                let k = layer.weight.nrows().min(layer.weight.ncols());
                rank_at_most(&layer.weight, k.div_ceil(2).min(k - 1))
            }),
            Family::ZeroRows => layers
                .iter()
                .all(|layer| layer.weight.row(0).iter().all(Zero::is_zero)),
            Family::WidthOne => !hidden.is_empty() && widths.iter().all(|n| *n == 1),
            Family::Widening => !hidden.is_empty() && widths.windows(2).all(|w| w[0] < w[1]),
            Family::Narrowing => !hidden.is_empty() && widths.windows(2).all(|w| w[0] > w[1]),
            Family::NoHidden => hidden.is_empty(),
            Family::ZeroLength => {
                network.has_lengths()
                    && !lengths.is_empty()
                    && lengths.iter().all(Zero::is_zero)
                    && layers[1..]
                        .iter()
                        .all(|layer| !layer.psi_or_zero().iter().all(Zero::is_zero))
            }
            Family::TinyLength => within(&lengths, -110.0, -98.0),
            Family::HugeLength => within(&lengths, 90.0, 102.0),
            Family::DominantBias => layers.iter().all(|layer| {
                let largest = largest(layer.weight.iter());
                layer
                    .bias
                    .iter()
                    .all(|b| b.abs() > largest.clone() * Rational::from(6000))
            }),
            Family::Tiny => within(layers[0].weight.as_slice(), -1004.0, -995.0),
            Family::Huge => within(layers[0].weight.as_slice(), 989.0, 998.0),
            Family::Saturated => {
                every_hidden(&|layer| layer.bias.iter().all(|b| b.abs() > Rational::from(10_000)))
            }
            Family::LinearRegime => {
                every_hidden(&|layer| {
                    let sizes = layer.parameters();
                    largest(sizes) < Rational(rug::Rational::from((1, 10_000_000)))
                }) && lengths
                    .iter()
                    .all(|o| *o < Rational(rug::Rational::from((1, 100_000_000))))
            }
            Family::ZeroInput => !inputs.is_empty() && inputs.iter().flatten().all(Zero::is_zero),
        }
    }
}

/// Whether some neuron has a zero row (or not), bias 0 (or not) and ψ entry 0 (or not).
fn some_neuron(layer: &Layer<Rational>, no_bias: Option<bool>, no_row: bool, no_psi: bool) -> bool {
    let psi = layer.psi_or_zero();
    (0..layer.width()).any(|i| {
        no_bias.is_none_or(|none| layer.bias[i].is_zero() == none)
            && layer.weight.row(i).iter().all(Zero::is_zero) == no_row
            && psi[i].is_zero() == no_psi
    })
}

fn indices(a: &Matrix<Rational>) -> impl Iterator<Item = (usize, usize)> + use<> {
    let (m, n) = a.shape();
    (0..m).flat_map(move |i| (0..n).map(move |j| (i, j)))
}

/// W Wᵀ or Wᵀ W, whichever is smaller: its eigenvalues are the squares of the singular values.
fn small_gram(w: &Matrix<Rational>) -> Matrix<Rational> {
    if w.nrows() <= w.ncols() {
        product_nt(w, w)
    } else {
        let transposed = w.transpose();
        product_nt(&transposed, &transposed)
    }
}

fn rank_is(a: &Matrix<Rational>, rank: usize) -> bool {
    rank_at_most(a, rank) && !rank_at_most(a, rank - 1)
}

/// Gaussian elimination over ℚ.
fn rank_at_most(a: &Matrix<Rational>, most: usize) -> bool {
    let mut rest = a.clone();
    let mut rank = 0;
    while let Some((i, j)) = indices(&rest).find(|&place| !rest[place].is_zero()) {
        rank += 1;
        let row = rest.row(i).into_owned() / rest[(i, j)].clone();
        for k in 0..rest.nrows() {
            let factor = rest[(k, j)].clone();
            let reduced = rest.row(k) - row.clone() * factor;
            rest.row_mut(k).copy_from(&reduced);
        }
    }
    rank <= most
}

fn largest<'a>(values: impl Iterator<Item = &'a Rational>) -> Rational {
    values
        .map(Signed::abs)
        .fold(Rational::zero(), |a, b| Rational::larger(b, a))
}

/// Whether there are values and log₂ of all lies in the range.
fn within(values: &[Rational], low: f64, high: f64) -> bool {
    let log = |x: &Rational| {
        let size = crate::scalar::magnitude(x);
        let (mantissa, exponent) = size.as_float().to_f64_exp();
        mantissa.log2() + f64::from(exponent)
    };
    !values.is_empty()
        && values
            .iter()
            .all(|x| !x.is_zero() && (low..high).contains(&log(x)))
}
