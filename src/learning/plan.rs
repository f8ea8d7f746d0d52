//! Everything that decides how a training goes, apart from the network and the data.

use super::{Descent, Schedule, TrainingError, Widths};
use crate::{network::gradient::Loss, scalar::Field};

/// Which directions a removal keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemovalRule {
    /// The principal axes of what the layer makes of recent rows (THEORY D10).
    Data,
    /// The leading singular directions of [W ψ] (THEORY D4).
    Values,
}

/// How the widths follow the task.
#[derive(Clone, Debug, PartialEq)]
pub enum Adaptation<S> {
    /// They stay.
    None,
    /// After every `every` epochs each hidden layer is brought to exactly `buffer` singular values of [W_l ψ_l], zero-padded to
    /// n_l, at or below `threshold` (THEORY F4).
    Scaffold {
        /// s.
        buffer: usize,
        /// θ.
        threshold: S,
        /// Epochs between two.
        every: u64,
        /// Whether directions that have faded to a tenth of the threshold are replaced by fresh ones first.
        renew: bool,
    },
    /// After every epoch each hidden layer is brought to the width it has in a schedule.
    Widths(Widths),
}

/// How a training goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan<S> {
    /// What is made small.
    pub loss: Loss,
    /// Optimiser, decay, clipping.
    pub descent: Descent<S>,
    /// η.
    pub rate: S,
    /// How η goes with the steps.
    pub schedule: Schedule,
    /// Epochs in all.
    pub epochs: u64,
    /// Rows in a batch; `None` for all rows in their own order.
    pub batch: Option<usize>,
    /// Seed of the order of the rows and of the outgoing columns of new neurons.
    pub seed: u64,
    /// How the widths follow the task.
    pub adaptation: Adaptation<S>,
    /// Which directions a removal keeps.
    pub removal: RemovalRule,
    /// Rows whose principal axes a removal takes: the last ones seen, at most this many.
    pub recent: usize,
    /// Rows at which the change that a structural step makes is measured, at most this many: of the held-out ones where
    /// there are any, of the recent ones otherwise.
    pub measured: usize,
    /// Whether each structural step is enclosed rigorously, row by row.
    pub certified: bool,
    /// Whether the singular values of every [W_l ψ_l] are recorded after each epoch.
    pub spectra: bool,
}

impl<S: Field> Plan<S> {
    /// A plan without adaptation: constant rate, all rows in one batch, seed 0.
    pub fn new(loss: Loss, descent: Descent<S>, rate: S, epochs: u64) -> Self {
        Plan {
            loss,
            descent,
            rate,
            schedule: Schedule::Constant,
            epochs,
            batch: None,
            seed: 0,
            adaptation: Adaptation::None,
            removal: RemovalRule::Data,
            recent: 512,
            measured: usize::MAX,
            certified: false,
            spectra: false,
        }
    }

    /// Whether the numbers make sense.
    pub(super) fn check(&self) -> Result<(), TrainingError> {
        let positive = |what, value: &S| {
            if value.above_zero() && value.is_finite() {
                return Ok(());
            }
            Err(TrainingError::Setting {
                what,
                found: value.to_string(),
                expected: "it must be positive and finite".into(),
            })
        };
        positive("the rate", &self.rate)?;
        if let Some(clip) = &self.descent.clip {
            positive("the limit of the gradient's norm", clip)?;
        }
        if !self.descent.weight_decay.is_zero() {
            positive("the weight decay", &self.descent.weight_decay)?;
        }
        if let Adaptation::Scaffold { threshold, .. } = &self.adaptation {
            positive("the scaffold threshold", threshold)?;
        }
        if self.batch == Some(0) || self.epochs == 0 {
            return Err(TrainingError::Setting {
                what: "the number of rows in a batch or of epochs",
                found: "0".into(),
                expected: "it must be at least 1".into(),
            });
        }
        Ok(())
    }
}
