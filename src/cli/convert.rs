//! `isotropic convert`

use std::path::PathBuf;

use clap::Args;

use super::{Failure, Outcome, Reading, Writing, remark, with_scalar};
use crate::{
    Network,
    io::{Dtype, Lengths, Stored, is_safetensors},
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
        self.writing.check(&self.output)?;
        let stored = self.reading.read(&self.input)?;
        with_scalar!(self.reading.scalar, S => {
            let network = stored.network::<S>()?;
            self.writing.write(&self.output, &network)?;
            let dtype = is_safetensors(&self.output).then(|| self.writing.dtype());
            note_rounding(&stored, &network, dtype);
        });
        Ok(Outcome::Done)
    }
}

/// Says how many numbers the working arithmetic or the file could not hold.
fn note_rounding<S: Field>(stored: &Stored, network: &Network<S>, dtype: Option<Dtype>) {
    let lengths = match stored.lengths() {
        Lengths::Squared(lengths) => lengths.as_slice(),
        _ => &[],
    };
    let before = stored
        .layers()
        .iter()
        .flat_map(|layer| layer.parameters())
        .chain(lengths);
    let changed = |(q, x): &(&Rational, &S)| match dtype {
        Some(Dtype::F32) => lost(q, &f32::from_rational(&x.to_rational().unwrap_or_default())),
        Some(Dtype::F64) => lost(q, &f64::from_rational(&x.to_rational().unwrap_or_default())),
        None => lost(q, *x),
    };
    let count = before.zip(network.parameters()).filter(changed).count();
    if count > 0 {
        let total = network.parameter_count();
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
