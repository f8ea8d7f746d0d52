//! `isotropic normalise`

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{
    Bounding, Failure, Kind, Outcome, OutputFile, Reading, ScalarName, Touched, remark, short,
};
use crate::{
    Error,
    gauge::{NormalForm, normal_form},
    identity::pivots,
    io::{FileError, Stored},
    network::Gain,
    scalar::{Mp, Real, Residue},
};

/// Write the normal form: as narrow as can be, o as large as can be, weights in row echelon form; one for each function
///
/// Computed in twice the bits and more. Ranks are exact at the digits stored, and refused where rounding could have made
/// them; --rank-at counts what rounding explains as nothing. For tanh, networks of one function have one normal form.
#[derive(Debug, Args)]
pub(crate) struct Normalise {
    /// Network (.safetensors, .yaml)
    #[arg(value_name = "NET")]
    network: PathBuf,
    /// Take ranks at these digits, for copies that were computed in them
    #[arg(long, value_enum, value_name = "DIGITS")]
    rank_at: Option<Digits>,
    #[command(flatten)]
    output: OutputFile,
    #[command(flatten)]
    bounding: Bounding,
    #[command(flatten)]
    reading: Reading,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Digits {
    /// 24 bits
    F32,
    /// 53 bits
    F64,
}

impl Normalise {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let mut touched = Touched::default();
        touched.reads("NET", Kind::Network, &self.network);
        self.output.check(&mut touched)?;
        self.bounding.check(None, &mut touched)?;
        touched.check()?;
        let stored = self.reading.read(&self.network)?;
        self.bounding.check_inputs(&stored)?;
        match self.reading.scalar {
            ScalarName::F32 => self.run_in::<f32, Mp<256>>(&stored),
            ScalarName::F64 => self.run_in::<f64, Mp<256>>(&stored),
            ScalarName::Mp64 => self.run_in::<Mp<64>, Mp<256>>(&stored),
            ScalarName::Mp128 => self.run_in::<Mp<128>, Mp<256>>(&stored),
            ScalarName::Mp256 => self.run_in::<Mp<256>, Mp<512>>(&stored),
            ScalarName::Mp512 => self.run_in::<Mp<512>, Mp<1024>>(&stored),
            ScalarName::Mp1024 => Err(Failure::Usage(
                "the normal form takes twice the bits inside, and 1024 are the most there are: use --scalar mp512".into(),
            )),
            ScalarName::Rational => Err(Failure::Usage(
                "the normal form takes square roots, which rationals do not have: use --scalar mp512; invariants --factors prints \
                 it exactly, without roots, and invariants --id a name for it"
                    .into(),
            )),
        }
    }

    fn run_in<S: Real, Wide: Real>(&self, stored: &Stored) -> Result<Outcome, Failure> {
        let network = stored.network::<S>()?;
        let failed = FileError::operation::<S>(stored.file());
        let known = match self.rank_at {
            Some(_) => None,
            None => network.cast::<Residue>().ok().map(|image| pivots(&image)),
        };
        if self.rank_at.is_none() && known.is_none() {
            return Err(Failure::Usage(format!(
                "{}: a denominator is a multiple of 2^61 - 1, modulo which ranks are taken: give --rank-at f64",
                stored.file()
            )));
        }
        let held = match self.rank_at {
            Some(Digits::F32) => Some(24),
            Some(Digits::F64) => Some(53),
            None => stored.precision(),
        };
        let unit = held.map_or_else(Wide::zero, |bits| {
            (0..bits).fold(Wide::one(), |unit, _| unit / Wide::from_int(2))
        });
        let wide = network.cast::<Wide>().map_err(&failed)?;
        let found = normal_form(&wide, known.as_deref(), &unit).map_err(|error| match error {
            Error::Undecided { .. } => Failure::Usage(format!(
                "{}: {error}; --rank-at f32 or f64 counts what rounding explains as nothing",
                stored.file()
            )),
            error => failed(error).into(),
        })?;
        let rounded = found.network.cast::<S>().map_err(&failed)?;
        self.output.write(&rounded, stored.form())?;
        say(&found, stored);
        self.bounding
            .run_on_written::<S>((stored, &self.network), &self.output, &[])
    }
}

fn say<S: Real>(found: &NormalForm<S>, stored: &Stored) {
    for (l, echelon) in (1..).zip(&found.echelons) {
        remark(&format!(
            "layer {l}: {} -> {}, the weakest row {} times above what rounding explains",
            stored.widths()[l],
            echelon.pivots.len(),
            short(&echelon.weakest),
        ));
    }
    let widths: Vec<String> = found
        .network
        .widths()
        .iter()
        .map(usize::to_string)
        .collect();
    let widths = widths.join("-");
    remark(&match found.network.gain() {
        Gain::Tanh => {
            format!(
                "{widths}: no network of this function is narrower, and every one has this normal form"
            )
        }
        gain => format!(
            "{widths}: a network of this function; for the gain {} there may be other normal forms",
            gain.name()
        ),
    });
}
