//! Inputs and targets, drawn.

use super::super::draft::{Draft, Source};
use crate::{
    linalg::Matrix,
    network::{Network, gradient::Loss},
    scalar::Rational,
    vector::{draw::Stream, input::Input},
};

/// A case with inputs and targets drawn.
pub(super) fn drawn(
    source: &Source,
    name: &str,
    comment: impl Into<String>,
    stream: &mut Stream,
    network: &Network<Rational>,
    rows: usize,
    loss: Loss,
) -> Draft {
    let (inputs, outputs) = ends_of(network);
    let x = stream.matrix(rows, inputs);
    let targets = match loss {
        Loss::Squared => stream.matrix(rows, outputs),
        Loss::CrossEntropy => unit_rows(rows, outputs, |i| (i + 1) % outputs),
    };
    let input = Input::default()
        .with_network(network)
        .with_matrix("inputs", &x)
        .with_matrix("targets", &targets)
        .with("loss", loss.name());
    Draft::new(source.id(name), comment, "F1", input)
}

fn ends_of(network: &Network<Rational>) -> (usize, usize) {
    let widths = network.widths();
    (widths[0], widths[network.depth()])
}

/// Rows that are unit vectors.
fn unit_rows(rows: usize, columns: usize, at: impl Fn(usize) -> usize) -> Matrix<Rational> {
    Matrix::from_fn(rows, columns, |i, j| Rational::from(i64::from(j == at(i))))
}
