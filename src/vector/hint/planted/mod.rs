//! Mistakes planted in this program's own arithmetic: what each answers to a case, in doubles.

mod decided;
mod gradient;
mod network;
mod point;
mod resized;
mod state;
mod step;

use super::{Known, Test};
use crate::vector::operation::Operation;

fn planted(flag: &'static str, tests: Vec<Test>) -> Known {
    Known {
        flag,
        everywhere: true,
        numbers: true,
        tests,
    }
}

/// One that shows only where the port's own limit lies.
fn somewhere(flag: &'static str, tests: Vec<Test>) -> Known {
    Known {
        everywhere: false,
        ..planted(flag, tests)
    }
}

/// An operation, and the mistakes that are planted for it.
type Row = (Operation, fn() -> Vec<Known>);

/// The operations that can show planted mistakes. The others are known by signs alone: what they answer depends on the port's own
/// basis, or there is nothing to plant.
const TABLE: &[Row] = &[
    (Operation::Gain, point::of_gain),
    (Operation::Activation, point::of_activation),
    (Operation::Jacobian, point::of_jacobian),
    (Operation::Forward, network::of_forward),
    (Operation::Batch, network::of_batch),
    (Operation::Collapsed, network::of_collapsed),
    (Operation::Rotate, network::of_rotate),
    (Operation::Left, network::of_left),
    (Operation::GrowWithBias, resized::of_growth),
    (Operation::Remove, resized::of_removal),
    (Operation::Truncate, resized::of_truncation),
    (Operation::Adapt, resized::of_adaptation),
    (Operation::OptimiserState, state::of_state),
    (Operation::Gradient, gradient::of_gradient),
    (Operation::OptimiserStep, step::of_step),
    (Operation::Decide, decided::of_decision),
    (Operation::Import, state::of_import),
];

/// The planted mistakes that an operation can show.
pub(super) fn known(operation: Operation) -> Vec<Known> {
    let found = TABLE.iter().find(|(of, _)| *of == operation);
    found.map_or(vec![], |(_, known)| known())
}
