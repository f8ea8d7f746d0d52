//! Experiments: what the papers claim of learning, put to the test on paired seeds.
//!
//! | part | where |
//! |---|---|
//! | data: the shipped digits, points in the plane, folders of MNIST and CIFAR-10 | [`Data`], [`Plane`], [`folder`] |
//! | networks and their training | [`Recipe`], [`Fit`], by [`learning`](crate::learning)'s trainer |
//! | paired differences and the rule for verdicts | [`Paired`], [`Verdict`] |
//! | what is measured | an [`Experiment`] each, with its settings, claim and rule in `experiments/NAME.yaml` |
//! | what has been measured, seed by seed, as a file | [`Results`] |
//!
//! An experiment measures a list of numbers for each seed; tables and verdicts are made of the lists of all seeds. Methods that
//! are compared have the seed in common: first weights where the shapes agree, and the order of the rows.

mod comparison;
mod config;
mod data;
mod depth;
mod elementwise;
mod ends;
mod fit;
mod modes;
mod overabundance;
mod results;
mod rotation;
mod sparsity;
mod spectra;
mod statistics;
mod switching;
mod table;

pub use config::{Config, NAMES, Setup, config};
pub use data::{Data, Plane, Rows, digits, folder};
pub use elementwise::{gradient as elementwise_gradient, outputs as elementwise_outputs};
pub use fit::{Activation, Fit, Recipe, accuracy};
pub use results::{Results, ResultsError};
pub use statistics::{Paired, Sign, columns, critical, mean, standard_error};
pub use table::{Claim, Table, Verdict};

use crate::learning::TrainingError;

/// Hears of each part of a seed when it is done, and what it found, in a few words.
pub type Told<'a> = &'a dyn Fn(&str);

/// An experiment: what one seed measures, and what all of them say.
pub trait Experiment: Send + Sync {
    /// The numbers of one seed, in the same order for each.
    ///
    /// # Errors
    /// Those of training.
    fn measure(&self, data: &Data, seed: u64, told: Told<'_>) -> Result<Vec<f64>, TrainingError>;

    /// Tables and verdicts from the numbers of all seeds.
    fn tables(&self, found: &[Vec<f64>]) -> Vec<Table>;
}
