//! Which rows do what.

use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

use super::PruneError;
use crate::{io::inputs::Inputs, linalg::Matrix, scalar::Field};

/// Inputs in three parts that have no row in common.
#[derive(Clone, Debug)]
pub struct Rows<S> {
    /// n₀ × N: axes, Jacobians and least squares come of these.
    pub fit: Matrix<S>,
    /// n₀ × N: these choose directions and widths.
    pub choose: Matrix<S>,
    /// n₀ × N: these judge the result; nothing else sees them.
    pub unseen: Matrix<S>,
    /// The labels of the unseen rows.
    pub labels: Option<Vec<usize>>,
}

/// Rows that the search fits and chooses by, at most: enough to order networks by. What is found is fitted on all.
const FIT: usize = 1024;
const CHOOSE: usize = 512;

impl<S: Field> Rows<S> {
    /// The last `held_out` rows (by default a fifth, rounded up) judge; of the others a fifth, drawn with the seed,
    /// chooses.
    ///
    /// # Errors
    /// [`PruneError::Rows`] if a part would be empty.
    pub fn split(
        inputs: &Inputs<S>,
        held_out: Option<usize>,
        seed: u64,
    ) -> Result<Self, PruneError> {
        let rows = inputs.lines.len();
        let held_out = held_out.unwrap_or(rows.div_ceil(5));
        if held_out == 0 || held_out + 2 > rows {
            return Err(PruneError::Rows { rows, held_out });
        }
        let left = rows - held_out;
        let mut order: Vec<usize> = (0..left).collect();
        order.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        let (choose, fit) = order.split_at_mut(left.div_ceil(5));
        choose.sort_unstable();
        fit.sort_unstable();
        let unseen = inputs.rows(left..rows);
        Ok(Rows {
            fit: inputs.x.select_columns(fit.iter()),
            choose: inputs.x.select_columns(choose.iter()),
            unseen: unseen.x,
            labels: unseen.labels,
        })
    }

    /// Fewer rows to fit and choose by, where there are very many: evenly spaced ones, `widest` being the widest layer.
    pub(super) fn thinned(&self, widest: usize) -> (Matrix<S>, Matrix<S>) {
        (
            thinned(&self.fit, FIT.max(8 * widest)),
            thinned(&self.choose, CHOOSE),
        )
    }
}

fn thinned<S: Field>(x: &Matrix<S>, most: usize) -> Matrix<S> {
    let stride = x.ncols().div_ceil(most);
    let kept: Vec<usize> = (0..x.ncols()).step_by(stride.max(1)).collect();
    x.select_columns(kept.iter())
}
