//! `isotropic convert`

use std::path::PathBuf;

use clap::Args;

use super::{Failure, Kind, Outcome, Reading, Touched, Writing, remark, with_scalar};
use crate::{
    Network,
    io::{Dtype, Lengths, Stored, dtype_written},
    scalar::{Field, Rational, text::parse_exact},
};

/// Convert a network between safetensors and YAML, and between the ways to hold numbers and o
#[derive(Debug, Args)]
pub(crate) struct Convert {
    /// Network to read (.safetensors, .yaml)
    #[arg(value_name = "IN")]
    input: PathBuf,
    /// Network to write (.safetensors, .yaml)
    #[arg(value_name = "OUT")]
    output: PathBuf,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    writing: Writing,
}

impl Convert {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let mut touched = Touched::default();
        touched.reads("IN", Kind::Network, &self.input);
        touched.writes("OUT", Kind::Network, &self.output);
        self.writing.check(&self.output)?;
        touched.check()?;
        let stored = self.reading.read(&self.input)?;
        with_scalar!(self.reading.scalar, S => {
            let network = stored.network::<S>()?;
            self.writing.write(&self.output, &network, stored.form())?;
            let options = self.writing.options(Some(stored.form()));
            note_rounding(&stored, &network, dtype_written(&self.output, &options));
        });
        Ok(Outcome::Done)
    }
}

/// Says how many numbers the working arithmetic or the file could not hold.
fn note_rounding<S: Field>(stored: &Stored, network: &Network<S>, dtype: Option<Dtype>) {
    let total = network.parameter_count();
    // ln o is no o: whether it was rounded is said when it is written.
    let comparable = match stored.lengths() {
        Lengths::Logarithm(logarithms) => total - logarithms.len(),
        Lengths::Absent | Lengths::Squared(_) => total,
    };
    let before = stored.parameters().take(comparable);
    let changed = |(q, x): &(Rational, &S)| match dtype {
        Some(Dtype::F32) => lost(q, &f32::from_rational(&x.to_rational().unwrap_or_default())),
        Some(Dtype::F64) => lost(q, &f64::from_rational(&x.to_rational().unwrap_or_default())),
        None => lost(q, *x),
    };
    let count = before.zip(network.parameters()).filter(changed).count();
    if count > 0 {
        let (held, remedy) = match dtype {
            None => ("", "a wider --scalar keeps"),
            Some(Dtype::F32) => (", F32 in the file", "--dtype f64 or YAML may keep"),
            Some(Dtype::F64) => (", F64 in the file", "YAML and a wider --scalar may keep"),
        };
        remark(&format!(
            "{count} of {total} parameters were rounded ({} arithmetic{held}); {remedy} more",
            S::name()
        ));
    }
}

/// A decimal that the rounded number would be written as again has lost nothing.
fn lost<S: Field>(q: &Rational, x: &S) -> bool {
    x.to_rational().as_ref() != Some(q)
        && parse_exact(&format!("{x:?}")).is_ok_and(|text| text != *q)
}
