//! Networks of different widths, or with neurons that do nothing, held against each other (THEORY B7 after D5).
//!
//! A neuron that is dead or constant is in no gauge: the function does not determine it. The width ceiling takes
//! all of them away and puts what they did into o and ψ, so that two networks of one function which differ by
//! neurons that were grown, or by biases that were absorbed, come out with equal widths and equal up to rotations.

use super::{Comparison, Leeway, Line, Part, compare::PER_DIMENSION, compare_allowing};
use crate::{
    error::Error,
    linalg::{Matrix, frobenius, norm2},
    network::Network,
    resize::compress_where,
    scalar::Real,
};

/// Two networks at their ceilings, and what [`compare`](super::compare()) says of those.
#[derive(Clone, Debug)]
pub struct AtCeilings<S> {
    /// The first network, compressed.
    pub a: Network<S>,
    /// The second one.
    pub b: Network<S>,
    /// The comparison of the two.
    pub comparison: Comparison<S>,
}

impl<S: Real> AtCeilings<S> {
    /// Whether a ceiling was below a width: else this is the comparison of the networks as they are.
    pub fn reduced(&self, a: &Network<S>, b: &Network<S>) -> bool {
        self.a.widths() != a.widths() || self.b.widths() != b.widths()
    }
}

/// Compresses both networks and compares them. `u` is the unit roundoff that their parameters were rounded
/// at: a singular value of at most 8 (m + n) u σ₁, which is what [`compare`](super::compare()) allows rounding to do, counts as 0.
/// Work at 256 bits or more, as with [`compare`](super::compare()).
///
/// # Errors
/// Those of [`svd`](crate::linalg::svd()).
pub fn compare_at_ceilings<S: Real>(
    a: &Network<S>,
    b: &Network<S>,
    u: &S,
    leeway: Leeway,
) -> Result<AtCeilings<S>, Error> {
    let rank = |sigma: &[S], (m, n): (usize, usize)| {
        let Some(largest) = sigma.first() else {
            return 0;
        };
        let least = S::from_int(PER_DIMENSION * (m + n) as i64) * u * largest;
        sigma.iter().take_while(|sigma| **sigma > least).count()
    };
    let (before, after) = (a, b);
    let (a, b) = (
        compress_where(a, rank)?.network,
        compress_where(b, rank)?.network,
    );
    let mut comparison = compare_allowing(&a, &b, leeway)?;
    if comparison.structure.is_none() {
        for part in &mut comparison.parts {
            let sizes = [before, after].map(|network| absorbed(network, part));
            let dimensions = S::from_int(before.widths().iter().sum::<usize>() as i64);
            let [here, there] = sizes;
            part.scale += leeway.alone(&S::larger(here, there), &dimensions);
        }
    }
    Ok(AtCeilings { a, b, comparison })
}

/// The size of what a compression rounds for this part: that of the parameter before, and not of what is left of it. b_l
/// is projected, W_l loses columns that may be large, ψ_l takes up W_l times the bias that goes, and o_l its square, which
/// errs by twice the bias times what that errs by.
fn absorbed<S: Real>(network: &Network<S>, part: &Part<S>) -> S {
    let layer = network.layer(part.layer);
    let output = part.layer == network.depth();
    let rows = |m: &Matrix<S>| match part.line {
        Line::Row(i) => norm2(&m.row(i - 1).iter().cloned().collect::<Vec<S>>()),
        Line::Whole | Line::Column(_) | Line::Entry(..) => frobenius(m),
    };
    if part.layer == 1 && part.parameter == "weight" || output && part.parameter == "bias" {
        return S::zero();
    }
    match part.parameter {
        "weight" => rows(&layer.weight),
        "bias" => norm2(layer.bias.as_slice()),
        "ψ" if part.layer > 1 => {
            rows(&layer.weight) * norm2(network.layer(part.layer - 1).bias.as_slice())
        }
        "o" => {
            let bias = norm2(layer.bias.as_slice());
            S::from_int(2) * (network.length_squared(part.layer) + bias.clone() * bias)
        }
        _ => S::zero(),
    }
}
