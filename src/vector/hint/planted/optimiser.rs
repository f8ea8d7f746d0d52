//! What the mistakes in steps read and write.

use crate::{
    linalg::Matrix,
    vector::input::{Input, Refusal},
};

/// The numbers of a matrix as an answer has them: row by row.
pub(super) fn rows(a: &Matrix<f64>) -> Vec<f64> {
    a.transpose().as_slice().to_vec()
}

/// The name of the optimiser.
pub(super) fn word(input: &Input) -> Result<String, Refusal> {
    input.word("optimiser")
}
