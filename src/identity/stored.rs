//! Networks as they stand in files.

use super::{
    network::{ExactLayer, ExactNetwork, Length},
    number::Number,
};
use crate::{
    io::{Held, Lengths, Numbers, Stored},
    scalar::Rational,
};

/// The numbers of a file as they are: nothing is rounded, whatever the gain.
impl From<&Stored> for ExactNetwork {
    fn from(stored: &Stored) -> Self {
        let layers: Vec<ExactLayer> = stored.held().iter().map(held).collect();
        let lengths = match stored.lengths() {
            Lengths::Absent => vec![Length::rational(Rational::from(0)); layers.len() - 1],
            Lengths::Squared(o) => o.iter().cloned().map(Length::rational).collect(),
            Lengths::Logarithm(a) => a.iter().cloned().map(Length::exponential).collect(),
        };
        ExactNetwork {
            layers,
            gain: stored.gain().clone(),
            lengths,
        }
    }
}

fn held(layer: &Held) -> ExactLayer {
    let vector = |v: &Numbers| (0..v.len()).map(|at| Number::of(&v.exact(at))).collect();
    ExactLayer {
        rows: layer.rows,
        columns: layer.columns,
        weight: vector(&layer.weight),
        bias: vector(&layer.bias),
        psi: match &layer.psi {
            Some(psi) => vector(psi),
            None => vec![Number::ZERO; layer.rows],
        },
    }
}
