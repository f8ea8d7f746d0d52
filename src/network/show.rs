//! Networks as they are read in a message: widths, gain, and every parameter by rows.

use std::fmt::{self, Debug, Formatter};

use super::{Layer, Network};
use crate::linalg::Matrix;

impl<S: Debug> Debug for Layer<S> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "W = {}, b = {}",
            rows(&self.weight),
            list(self.bias.as_slice())
        )?;
        match &self.psi {
            Some(psi) => write!(f, ", ψ = {}", list(psi.as_slice())),
            None => Ok(()),
        }
    }
}

impl<S: Debug> Debug for Network<S> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let first = self.layers.first().map_or(0, |layer| layer.weight.ncols());
        write!(f, "network {first}")?;
        for layer in &self.layers {
            write!(f, "-{}", layer.weight.nrows())?;
        }
        write!(f, ", gain {:?}", self.gain)?;
        for (l, layer) in (1..).zip(&self.layers) {
            write!(f, "\n  layer {l}: {layer:?}")?;
        }
        match &self.length_squared {
            Some(lengths) => write!(f, "\n  o = {}", list(lengths)),
            None => Ok(()),
        }
    }
}

/// `[1 2; 3 4]`.
pub(crate) fn rows<S: Debug>(matrix: &Matrix<S>) -> String {
    let (m, n) = (matrix.nrows(), matrix.ncols());
    let entries = matrix.as_slice();
    let row = |i: usize| {
        let row: Vec<String> = (0..n)
            .map(|j| format!("{:?}", entries[i + j * m]))
            .collect();
        row.join(" ")
    };
    let rows: Vec<String> = (0..m).map(row).collect();
    format!("[{}]", rows.join("; "))
}

/// `[1 2 3]`.
pub(crate) fn list<S: Debug>(entries: &[S]) -> String {
    let entries: Vec<String> = entries.iter().map(|x| format!("{x:?}")).collect();
    format!("[{}]", entries.join(" "))
}
