//! What a cut did on rows.

use super::PruneError;
use crate::{
    learning::right,
    linalg::{Matrix, column, norm2},
    network::{Network, evaluate_batch, gradient::Targets},
    scalar::Real,
};

/// Labels, over the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LabelCount {
    /// Rows at which the largest output is another than before, the first of equal ones.
    pub changed: usize,
    /// Right labels before and after, where labels are known.
    pub right: Option<(usize, usize)>,
}

/// The difference of two networks over rows; both as the scalar evaluates them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// Rows.
    pub rows: usize,
    /// The root mean square of ‖y - y'‖.
    pub rms: f64,
    /// The largest ‖y - y'‖.
    pub worst: f64,
    /// The root mean square of ‖y‖ about its mean: the error of the best constant.
    pub spread: f64,
    /// `None` for one output.
    pub labels: Option<LabelCount>,
}

impl Measured {
    /// The error beside the spread of the outputs: 0 for the same outputs, 1 for what a constant does.
    pub fn relative(&self) -> f64 {
        if self.rms == 0.0 {
            0.0
        } else {
            self.rms / self.spread
        }
    }

    /// Percentage points of accuracy lost; `None` without labels.
    pub fn accuracy_drop(&self) -> Option<f64> {
        let (before, after) = self.labels?.right?;
        Some(100.0 * (before as f64 - after as f64) / self.rows as f64)
    }
}

/// Both networks over the columns of `x` (n₀ × N), with the labels of the columns where they are known.
///
/// # Errors
/// Those of [`evaluate_batch`].
pub fn measure<S: Real>(
    before: &Network<S>,
    after: &Network<S>,
    x: &Matrix<S>,
    labels: Option<&[usize]>,
) -> Result<Measured, PruneError> {
    let (y, z) = (evaluate_batch(before, x)?, evaluate_batch(after, x)?);
    let apart = &y - &z;
    let distances = (0..y.ncols()).map(|j| norm2(column(&apart, j)));
    let worst = distances.reduce(S::larger).unwrap_or_else(S::zero);
    let label = |y: &Matrix<S>, j: usize| {
        let y = column(y, j);
        (1..y.len()).fold(0, |best, i| if y[i] > y[best] { i } else { best })
    };
    let count = || LabelCount {
        changed: (0..y.ncols())
            .filter(|&j| label(&y, j) != label(&z, j))
            .count(),
        right: labels.and_then(|labels| {
            let targets = Targets::Labels(labels.to_vec());
            right(&y, &targets).zip(right(&z, &targets))
        }),
    };
    Ok(Measured {
        rows: y.ncols(),
        rms: rms(&apart).to_f64(),
        worst: worst.to_f64(),
        spread: rms(&centred(&y).1).to_f64(),
        labels: (y.nrows() > 1).then(count),
    })
}

/// The root mean square of the columns' norms.
pub(super) fn rms<S: Real>(a: &Matrix<S>) -> S {
    norm2(a.as_slice()) / S::from_int(a.ncols().max(1) as i64).sqrt()
}

/// The mean of the columns, and what is left of each.
pub(super) fn centred<S: Real>(a: &Matrix<S>) -> (Vec<S>, Matrix<S>) {
    let mut mean = vec![S::zero(); a.nrows()];
    for j in 0..a.ncols() {
        S::axpy(&mut mean, &S::one(), column(a, j));
    }
    let count = S::from_int(a.ncols().max(1) as i64);
    mean.iter_mut().for_each(|m| *m /= &count);
    let rest = Matrix::from_fn(a.nrows(), a.ncols(), |i, j| a[(i, j)].clone() - &mean[i]);
    (mean, rest)
}
