//! The order in which rows are seen.

use std::ops::Range;

use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

/// Rows in batches, shuffled anew in each epoch by the seed and the number of the epoch alone: an epoch can be
/// repeated without those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batches {
    /// Number of rows.
    pub rows: usize,
    /// Rows in a batch, the last one of an epoch may be smaller; `None` for all rows, in their own order.
    pub size: Option<usize>,
    /// The seed.
    pub seed: u64,
}

impl Batches {
    /// The rows of epoch `epoch`, in their order, and where each batch is.
    pub fn epoch(&self, epoch: u64) -> (Vec<usize>, Vec<Range<usize>>) {
        let mut order: Vec<usize> = (0..self.rows).collect();
        let Some(size) = self.size else {
            return (order, std::iter::once(0..self.rows).collect());
        };
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(epoch);
        order.shuffle(&mut rng);
        let size = size.max(1);
        let starts = (0..self.rows).step_by(size);
        let batches = starts.map(|start| start..(start + size).min(self.rows));
        (order, batches.collect())
    }

    /// Steps in an epoch.
    pub fn steps(&self) -> usize {
        match self.size {
            None => 1,
            Some(size) => self.rows.div_ceil(size.max(1)),
        }
    }
}
