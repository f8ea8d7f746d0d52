//! What the statements on learning share: a network and rows that it is to fit.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

pub(super) use super::trained::*;
use super::{Case, case::entry, support::*};
use crate::{
    bound::Running,
    error::Error,
    linalg::Matrix,
    network::{
        Gain, Network,
        gradient::{Gradient, Loss, Targets, Trainable},
    },
    scalar::{Field, Rational, Real, Residue},
};

/// A network, and rows that it is to fit.
#[derive(Clone)]
pub(super) struct Problem<S> {
    pub network: Network<S>,
    pub x: Matrix<S>,
    pub targets: Targets<S>,
    pub loss: Loss,
}

/// Widths and numbers that trainings have: a hundred steps take as long as the network is large, over ℚ numbers double in length
/// with each, and one of size 1e300 leaves the range of f64 in the first.
pub(super) struct Limits {
    depth: usize,
    width: usize,
    rows: usize,
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
    fn corner(&self, network: &Network<Rational>) -> Result<Network<Rational>, Error> {
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

impl Problem<Rational> {
    /// From a case: a corner of its network and of its inputs, with a smooth gain; targets are drawn. `None` without a hidden
    /// layer.
    pub(super) fn of(case: &Case, limits: &Limits) -> Result<Option<Self>, Error> {
        if case.network.depth() < 2 {
            return Ok(None);
        }
        let network = limits.corner(&case.network)?;
        let mut rng = case.rng();
        let inputs = network.layer(1).weight.ncols();
        let columns = case.inputs.iter().take(limits.rows);
        let x: Vec<Rational> = columns
            .clone()
            .flat_map(|x| x.iter().take(inputs).map(|x| limits.number(x)))
            .collect();
        let count = columns.count();
        let outputs = network.layer(network.depth()).width();
        let targets = Matrix::from_fn(outputs, count, |_, _| limits.number(&entry(&mut rng)));
        Ok(Some(Problem {
            x: Matrix::from_vec(inputs, count, x),
            network,
            targets: Targets::Values(targets),
            loss: Loss::Squared,
        }))
    }

    /// In another arithmetic, every number rounded once.
    pub(super) fn cast<S: Field>(&self) -> Result<Problem<S>, Error> {
        Ok(Problem {
            network: self.network.cast()?,
            x: self.x.map(|x| S::from_rational(&x)),
            targets: match &self.targets {
                Targets::Values(values) => Targets::Values(values.map(|x| S::from_rational(&x))),
                Targets::Labels(labels) => Targets::Labels(labels.clone()),
            },
            loss: self.loss,
        })
    }

    /// With labels and cross-entropy in place of values and squares.
    pub(super) fn labelled(mut self, rng: &mut ChaCha8Rng) -> Self {
        let outputs = self.network.layer(self.network.depth()).width();
        let labels = (0..self.x.ncols()).map(|_| rng.random_range(0..outputs));
        self.targets = Targets::Labels(labels.collect());
        self.loss = Loss::CrossEntropy;
        self
    }
}

impl<S: Real> Problem<S> {
    /// The same numbers, as if they were exact: what is rounded is what is done with them.
    pub(super) fn running(&self) -> Result<Problem<Running>, Error> {
        let exact = |x: &S| Running::with_error(x.to_f64(), 0.0);
        Ok(Problem {
            network: self.network.map(&exact)?,
            x: self.x.map(|x| exact(&x)),
            targets: match &self.targets {
                Targets::Values(values) => Targets::Values(values.map(|x| exact(&x))),
                Targets::Labels(labels) => Targets::Labels(labels.clone()),
            },
            loss: self.loss,
        })
    }
}

impl<S: Trainable> Problem<S> {
    /// The gradient at the start.
    pub(super) fn gradient(&self) -> Result<Gradient<S>, Error> {
        crate::network::gradient::gradient(&self.network, &self.x, &self.targets, self.loss)
    }

    /// A rate 2^-k, small enough that a step of plain descent is short.
    pub(super) fn rate(&self) -> Result<i32, Error> {
        let norm = self.gradient()?.parameters.norm_squared().to_f64().abs();
        // Modulo a prime sizes mean nothing, and beyond double nothing is known.
        if !norm.is_finite() || S::name() == Residue::name() {
            return Ok(6);
        }
        Ok((norm.max(1.0).log2() / 2.0).ceil() as i32 + 4)
    }
}
