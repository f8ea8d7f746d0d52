//! What the statements on learning share: a network and rows that it is to fit.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{Case, case::entry};
pub(super) use super::{limits::*, trained::*};
use crate::{
    bound::Running,
    error::Error,
    linalg::Matrix,
    network::{
        Network,
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
