//! `isotropic convert`

use std::path::PathBuf;

use clap::Args;

use super::{Failure, Outcome, Reading, Writing, remark, with_scalar};
use crate::{
    Network,
    io::{Lengths, Stored},
    scalar::{Field, Rational, text::parse_exact},
};

/// Convert a network between safetensors and YAML, and between the ways to hold numbers and o
#[derive(Debug, Args)]
pub(crate) struct Convert {
    /// Network to read (.safetensors, .yaml)
    input: PathBuf,
    /// Network to write (.safetensors, .yaml)
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
            note_rounding(&stored, &network);
        });
        Ok(Outcome::Done)
    }
}

/// Says how many numbers the working arithmetic could not hold.
fn note_rounding<S: Field>(stored: &Stored, network: &Network<S>) {
    let lengths = match stored.lengths() {
        Lengths::Squared(lengths) => lengths.as_slice(),
        _ => &[],
    };
    let before = stored
        .layers()
        .iter()
        .flat_map(|layer| layer.parameters())
        .chain(lengths);
    // A decimal that the rounded number would be written as again has lost nothing.
    let same_text =
        |q: &Rational, x: &S| parse_exact(&format!("{x:?}")).is_ok_and(|text| text == *q);
    let changed =
        |(q, x): &(&Rational, &S)| x.to_rational().as_ref() != Some(*q) && !same_text(q, x);
    let count = before.zip(network.parameters()).filter(changed).count();
    if count > 0 {
        let total = network.parameter_count();
        remark(&format!(
            "{count} of {total} parameters were rounded to {}; a wider --scalar keeps more",
            S::name()
        ));
    }
}
