//! Why there is nothing to prune by.

use thiserror::Error;

/// A pruning that could not be done. Nothing has been changed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PruneError {
    /// The network could not be cut or evaluated.
    #[error(transparent)]
    Network(#[from] crate::Error),
    /// Too few rows to share between fitting, choosing and judging.
    #[error(
        "{rows} rows, {held_out} of them held out: at least one must be held out to judge by, and two be left, one to fit \
         and one to choose widths by; give more rows, or hold out others"
    )]
    Rows {
        /// Rows there are.
        rows: usize,
        /// Those to hold out.
        held_out: usize,
    },
    /// A budget of accuracy without labels.
    #[error(
        "an accuracy needs labels, and the data have none; name their column, or give a budget of error"
    )]
    NoLabels,
    /// A budget of labels for a network without any.
    #[error(
        "the network has one output, and so no labels; give a budget of error or of parameters"
    )]
    OneOutput,
    /// A budget that is no number to be within.
    #[error("the budget is {value}; it must be {expected}")]
    Budget {
        /// What was asked for.
        value: String,
        /// What can be.
        expected: &'static str,
    },
}
