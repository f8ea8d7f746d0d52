//! What can go wrong in training.

use thiserror::Error;

use crate::error::Error;

/// Why training stopped.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TrainingError {
    /// Numbers grew out of range.
    #[error(
        "training diverged in epoch {epoch}, step {step}: {source}; use a smaller rate, or clip the gradient"
    )]
    Diverged {
        /// The epoch, from 1.
        epoch: u64,
        /// The step in it, from 1.
        step: usize,
        /// What was found, and in which layer.
        source: Error,
    },
    /// The data cannot be learnt from.
    #[error("{found}; {expected}")]
    Data {
        /// What is wrong with them.
        found: String,
        /// What would do.
        expected: String,
    },
    /// Settings that contradict each other or the network.
    #[error("{what} is {found}; {expected}")]
    Setting {
        /// The setting.
        what: &'static str,
        /// Its value.
        found: String,
        /// What would be allowed.
        expected: String,
    },
    /// An operation on the network that could not be carried out.
    #[error(transparent)]
    Network(#[from] Error),
}

impl TrainingError {
    /// An error met in a step: overflow and parameters out of range are divergence.
    pub(super) fn in_step(epoch: u64, step: usize, source: Error) -> Self {
        match source {
            Error::Overflow { .. } | Error::Value { .. } | Error::NotFinite { .. } => {
                TrainingError::Diverged {
                    epoch,
                    step,
                    source,
                }
            }
            other => TrainingError::Network(other),
        }
    }
}
