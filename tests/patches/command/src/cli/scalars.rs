//! `isotropic scalars`

use clap::{Args, ValueEnum};

use super::{Failure, Outcome, ScalarName, print};

/// Print the arithmetics there are
#[derive(Debug, Args)]
pub(crate) struct Scalars {}

impl Scalars {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let names = ScalarName::value_variants().iter();
        let lines = names.filter_map(|name| name.to_possible_value());
        print(&lines.map(|line| format!("{}\n", line.get_name())).collect::<String>())?;
        Ok(Outcome::Done)
    }
}
