//! Tensors as text that reads back to the same bits.

use serde::{Deserialize, Serialize};

use crate::{
    learning::TrainingError,
    linalg::{Matrix, Vector},
    network::Layer,
    scalar::{Field, text::parse},
};

/// Numbers in order, separated by spaces.
pub(super) type Numbers = String;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tensors {
    rows: usize,
    columns: usize,
    weight: Numbers,
    bias: Numbers,
    psi: Option<Numbers>,
}

impl Tensors {
    pub(super) fn of<S: Field>(layer: &Layer<S>) -> Self {
        Tensors {
            rows: layer.weight.nrows(),
            columns: layer.weight.ncols(),
            weight: numbers(layer.weight.as_slice()),
            bias: numbers(layer.bias.as_slice()),
            psi: layer.psi.as_ref().map(|psi| numbers(psi.as_slice())),
        }
    }
}

pub(super) fn damaged(why: &str) -> TrainingError {
    TrainingError::Data {
        found: format!("the checkpoint cannot be used: {why}"),
        expected: "use one that a training wrote, unchanged".into(),
    }
}

pub(super) fn layers<S: Field>(from: &[Tensors]) -> Result<Vec<Layer<S>>, TrainingError> {
    let layer = |tensors: &Tensors| {
        let weight = read::<S>(&tensors.weight)?;
        if Some(weight.len()) != tensors.rows.checked_mul(tensors.columns) {
            return Err(damaged(
                "a weight has another number of entries than its shape",
            ));
        }
        let psi = tensors.psi.as_deref().map(read).transpose()?;
        Ok(Layer {
            weight: Matrix::from_vec(tensors.rows, tensors.columns, weight),
            bias: Vector::from_vec(read(&tensors.bias)?),
            psi: psi.map(Vector::from_vec),
        })
    };
    from.iter().map(layer).collect()
}

pub(super) fn numbers<S: Field>(x: &[S]) -> Numbers {
    x.iter().map(spell).collect::<Vec<_>>().join(" ")
}

/// A decimal that reads back to the same bits; -0 keeps its sign.
pub(super) fn spell<S: Field>(x: &S) -> String {
    format!("{x:?}")
}

pub(super) fn read<S: Field>(text: &str) -> Result<Vec<S>, TrainingError> {
    text.split_ascii_whitespace().map(read_one).collect()
}

pub(super) fn read_one<S: Field>(text: &str) -> Result<S, TrainingError> {
    let value: S = parse(text).map_err(|why| damaged(&why.to_string()))?;
    // The exact value of -0 has no sign.
    if value.is_zero() && text.starts_with('-') {
        return Ok(-value);
    }
    Ok(value)
}
