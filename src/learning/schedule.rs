//! What changes from step to step and from epoch to epoch: the rate, and the widths.

use rug::{Float, float::Constant};

use super::TrainingError;
use crate::scalar::Field;

/// How the rate goes with the steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// η throughout.
    Constant,
    /// η (1 + cos(π t/T))/2 at step t = 0 … T-1.
    Cosine,
}

impl Schedule {
    /// The name: `constant` or `cosine`.
    pub fn name(self) -> &'static str {
        match self {
            Schedule::Constant => "constant",
            Schedule::Cosine => "cosine",
        }
    }

    /// The schedule of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Schedule::Constant, Schedule::Cosine]
            .into_iter()
            .find(|schedule| schedule.name() == name)
    }

    /// What the rate is multiplied by at step `step` of `steps`: the same double on every machine.
    pub fn factor(self, step: u64, steps: u64) -> f64 {
        match self {
            Schedule::Constant => 1.0,
            Schedule::Cosine => {
                let turn = Float::with_val(96, Constant::Pi) * step / steps.max(1);
                let factor: Float = (turn.cos() + 1u32) / 2u32;
                factor.to_f64()
            }
        }
    }

    /// The rate at step `step` of `steps`.
    pub fn rate<S: Field>(self, rate: &S, step: u64, steps: u64) -> S {
        match self {
            Schedule::Constant => rate.clone(),
            Schedule::Cosine => rate.clone() * S::from_f64(self.factor(step, steps)),
        }
    }
}

/// Hidden widths by epoch: straight lines between the knots, the widths of the last knot after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Widths {
    /// (epoch, hidden widths), epochs rising.
    knots: Vec<(u64, Vec<usize>)>,
}

impl Widths {
    /// From knots (epoch, hidden widths); a network of `start` hidden widths is at epoch 0.
    ///
    /// # Errors
    /// [`TrainingError::Setting`] for epochs that do not rise from 1 to `epochs`, widths of 0, or another number of layers.
    pub fn new(
        start: &[usize],
        knots: Vec<(u64, Vec<usize>)>,
        epochs: u64,
    ) -> Result<Self, TrainingError> {
        let refuse = |found: String, expected: &str| {
            Err(TrainingError::Setting {
                what: "the schedule of widths",
                found,
                expected: expected.into(),
            })
        };
        let mut last = 0;
        for (epoch, widths) in &knots {
            if *epoch <= last || *epoch > epochs {
                return refuse(
                    format!("at epoch {epoch} after epoch {last}"),
                    "its epochs rise from 1 to the number of epochs",
                );
            }
            if widths.len() != start.len() || widths.contains(&0) {
                return refuse(
                    format!("{widths:?} at epoch {epoch}"),
                    "it gives every hidden layer a width of at least 1",
                );
            }
            last = *epoch;
        }
        if knots.is_empty() {
            return refuse("empty".into(), "it needs at least one knot");
        }
        let mut all = vec![(0, start.to_vec())];
        all.extend(knots);
        Ok(Widths { knots: all })
    }

    /// The hidden widths that a network has after `epoch`.
    pub fn after(&self, epoch: u64) -> Vec<usize> {
        let next = self.knots.iter().position(|(at, _)| *at >= epoch);
        let Some(next) = next else {
            return self
                .knots
                .last()
                .map_or(vec![], |(_, widths)| widths.clone());
        };
        let (to, end) = &self.knots[next];
        let (from, start) = &self.knots[next.saturating_sub(1)];
        let (done, span) = (epoch.saturating_sub(*from), (to - from).max(1));
        let along = |(a, b): (&usize, &usize)| {
            // To the nearest, halves up; a, b < 2³¹.
            let sum = *a as u128 * u128::from(span - done) + *b as u128 * u128::from(done);
            ((2 * sum + u128::from(span)) / (2 * u128::from(span))) as usize
        };
        start.iter().zip(end).map(along).collect()
    }
}
