//! How large the trainings are that statements about learning run.

use super::support::*;
use crate::{
    error::Error,
    network::{Gain, Network},
    scalar::Rational,
};

/// Widths and numbers that trainings have: a hundred steps take as long as the network is large, over ℚ numbers double in length
/// with each, and one of size 1e300 leaves the range of f64 in the first.
pub(super) struct Limits {
    depth: usize,
    width: usize,
    pub(super) rows: usize,
    /// The largest size of a number.
    largest: i64,
    /// Numbers are multiples of 1/denominator; as they are, but for what is below 2^-16, for none.
    denominator: Option<i64>,
}

pub(super) const FLOATS: Limits = Limits {
    depth: 4,
    width: 6,
    rows: 3,
    largest: 4,
    denominator: None,
};
pub(super) const RESIDUES: Limits = Limits {
    width: 4,
    rows: 2,
    ..FLOATS
};
pub(super) const RATIONALS: Limits = Limits {
    depth: 3,
    width: 2,
    rows: 2,
    largest: 2,
    denominator: Some(2),
};

impl Limits {
    /// A number of the case as it is taken.
    pub(super) fn number(&self, x: &Rational) -> Rational {
        let largest = Rational::from(self.largest);
        let within = if *x > largest {
            largest
        } else if *x < -largest.clone() {
            -largest
        } else {
            x.clone()
        };
        match self.denominator {
            Some(d) => {
                let scaled: rug::Rational = within.0 * d;
                Rational(rug::Rational::from((
                    scaled.round().into_numer_denom().0,
                    d,
                )))
            }
            None if within.0.clone().abs() < (rug::Rational::from(1) >> 16) => Rational::from(0),
            None => within,
        }
    }

    /// The first layers, the first neurons of each and the first inputs.
    pub(super) fn corner(&self, network: &Network<Rational>) -> Result<Network<Rational>, Error> {
        let network = head(network, network.depth().min(self.depth))?;
        altered(&network, |layers, gain, lengths| {
            for layer in layers.iter_mut() {
                let (rows, columns) = layer.weight.shape();
                let rows = rows.min(self.width);
                let weight = layer.weight.view((0, 0), (rows, columns.min(self.width)));
                layer.weight = weight.map(|x| self.number(&x));
                layer.bias = layer.bias.rows(0, rows).map(|x| self.number(&x));
                let psi = layer.psi.take();
                layer.psi = psi.map(|psi| psi.rows(0, rows).map(|x| self.number(&x)));
            }
            // At least 1, so that no step takes o below 0.
            for o in lengths.iter_mut() {
                *o = self.number(o) + Rational::from(1);
            }
            if matches!(gain, Gain::SoftThreshold { .. } | Gain::Linear) {
                *gain = Gain::Rational;
            }
        })
    }
}
