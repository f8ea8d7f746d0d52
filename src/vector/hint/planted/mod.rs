//! Mistakes planted in this program's own arithmetic: what each answers to a case, in doubles.

mod adam;
mod collapsed;
mod decided;
mod gradient;
mod network;
mod optimiser;
mod point;
mod resized;
mod rotated;
mod state;
mod step;

use super::{Known, Test, evidence::Prediction};
use crate::{
    scalar::{Field, Rational},
    vector::{
        Tree,
        input::{Input, Refusal},
        operation::Operation,
    },
};

type Predicted = Result<Prediction, Refusal>;

/// The leaves of an answer as doubles.
fn leaves(tree: &Tree<Rational>) -> Vec<f64> {
    tree.leaves().into_iter().map(f64::from_rational).collect()
}

/// The answer of this program to another input, as a prediction of some of its outputs.
fn of_changed(operation: Operation, input: &Input, names: &[&'static str]) -> Predicted {
    let answer = operation.answer::<f64>(input)?;
    let outputs = names
        .iter()
        .filter_map(|name| Some((*name, leaves(answer.get(name)?))));
    Ok(Prediction {
        outputs: outputs.collect(),
        ..Prediction::default()
    })
}

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
    (Operation::Collapsed, collapsed::of_collapsed),
    (Operation::Rotate, rotated::of_rotate),
    (Operation::Left, rotated::of_left),
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
