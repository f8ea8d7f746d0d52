//! Experiments: what the papers claim of learning, put to the test on paired seeds.

mod cut;
mod data;
mod elementwise;
mod fit;
mod overabundance;
mod statistics;
mod table;

pub use cut::{Removal, cut};
pub use data::{Data, Plane, Rows, digits, folder};
pub use fit::{Activation, Fit, Recipe, accuracy};
pub use overabundance::Settings as Overabundance;
pub use statistics::{Paired, Sign, columns, critical, mean, standard_error};
pub use table::{Claim, Table, Verdict};

use crate::Error;

/// An experiment: what one seed measures, and what all of them say.
pub trait Experiment: Send + Sync {
    /// The numbers of one seed, in the same order for each.
    ///
    /// # Errors
    /// Those of training.
    fn measure(&self, data: &Data, seed: u64) -> Result<Vec<f64>, Error>;

    /// Tables and verdicts from the numbers of all seeds.
    fn tables(&self, found: &[Vec<f64>]) -> Vec<Table>;
}
