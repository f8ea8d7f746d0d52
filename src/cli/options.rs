//! Options that commands share.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum, builder::PossibleValuesParser};

use super::Failure;
use crate::{
    Gain, Network,
    io::{
        Dtype, LengthReading, LengthWriting, Numerals, ReadOptions, Stored, WriteOptions, atomic,
        check_writable, is_safetensors, read_network, write_network,
    },
    scalar::{Field, Rational, text::parse_exact},
};

/// The working arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScalarName {
    F32,
    F64,
    Mp64,
    Mp128,
    Mp256,
    Mp512,
    Mp1024,
    Rational,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LengthMeaning {
    /// It holds ln o.
    Log,
    /// It holds o.
    Squared,
}

/// The working arithmetic, and how networks are read.
#[derive(Clone, Debug, Args)]
pub(crate) struct Reading {
    /// Working arithmetic; every number of a file is rounded to it once
    #[arg(long, value_enum, default_value = "f64")]
    pub(crate) scalar: ScalarName,
    #[command(flatten)]
    pub(crate) meaning: FileMeaning,
}

/// What the numbers of a file mean.
#[derive(Clone, Debug, Args)]
pub(crate) struct FileMeaning {
    /// Gain, in place of the file's (a file that states none has tanh)
    #[arg(long, value_name = "GAIN", value_parser = PossibleValuesParser::new(Gain::<f64>::NAMES))]
    gain: Option<String>,
    /// Threshold of the gain soft-threshold, in place of the file's
    #[arg(long, value_name = "T", allow_hyphen_values = true, value_parser = parse_exact)]
    threshold: Option<Rational>,
    /// What `intrinsic_length` in a safetensors file holds [default: what the file says, else log]
    #[arg(long, value_enum, value_name = "MEANING")]
    intrinsic_length: Option<LengthMeaning>,
}

/// What the spectra of a report are held against.
#[derive(Clone, Debug, Args)]
pub(crate) struct Scaffold {
    /// Scaffold threshold to draw in the spectra of a report
    #[arg(long, value_name = "X", default_value = "0.1", value_parser = positive)]
    pub(crate) scaffold_threshold: f64,
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(x) if x > 0.0 && x.is_finite() => Ok(x),
        _ => Err("expected a positive number".into()),
    }
}

/// A word for a shell.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./+=:,@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.into()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

impl FileMeaning {
    pub(crate) fn read(&self, path: &Path) -> Result<Stored, Failure> {
        let options = ReadOptions {
            gain: self.gain.clone(),
            threshold: self.threshold.clone(),
            lengths: self.intrinsic_length.map(|meaning| match meaning {
                LengthMeaning::Log => LengthReading::Logarithm,
                LengthMeaning::Squared => LengthReading::Squared,
            }),
        };
        Ok(read_network(path, &options)?)
    }

    /// The options as they stand on a command line, for replay lines.
    pub(crate) fn arguments(&self) -> Vec<String> {
        let meaning = self.intrinsic_length.map(|meaning| match meaning {
            LengthMeaning::Log => "log".to_string(),
            LengthMeaning::Squared => "squared".to_string(),
        });
        let threshold = self.threshold.as_ref().map(ToString::to_string);
        let options = [
            ("--gain", self.gain.clone()),
            ("--threshold", threshold),
            ("--intrinsic-length", meaning),
        ];
        let given = options
            .into_iter()
            .filter_map(|(name, value)| Some([name.to_string(), value?]));
        given.flatten().collect()
    }
}

impl Reading {
    pub(crate) fn read(&self, path: &Path) -> Result<Stored, Failure> {
        self.meaning.read(path)
    }

    /// Two networks to be held against each other. What `intrinsic_length` holds concerns the
    /// safetensors among them; said of YAML files alone it is refused.
    pub(crate) fn read_two(&self, a: &Path, b: &Path) -> Result<(Stored, Stored), Failure> {
        let either = is_safetensors(a) || is_safetensors(b);
        let read = |path: &Path| {
            let mut meaning = self.meaning.clone();
            if either && !is_safetensors(path) {
                meaning.intrinsic_length = None;
            }
            meaning.read(path)
        };
        Ok((read(a)?, read(b)?))
    }

    /// For operations that need singular values or a QR factorisation.
    pub(crate) fn not_rational(&self, command: &str) -> Failure {
        Failure::Usage(format!(
            "{command} needs square roots, which rational arithmetic does not have; use --scalar f64 or mp256"
        ))
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DtypeName {
    F32,
    F64,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LengthTensor {
    /// `o_const`, o itself: lossless.
    Const,
    /// `intrinsic_length`, ln o.
    Log,
}

/// How numbers are spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Spelling {
    /// Decimals that read back to the same number (p/q for rationals).
    Dec,
    /// Hexadecimal floats (p/q for rationals that are none).
    Hex,
}

/// How networks are written.
#[derive(Clone, Debug, Args)]
pub(crate) struct Writing {
    /// Numbers of a safetensors file [default: f64]
    #[arg(long, value_enum)]
    dtype: Option<DtypeName>,
    /// How a safetensors file holds o [default: const]
    #[arg(long = "o", value_enum, value_name = "MODE")]
    lengths: Option<LengthTensor>,
    /// How a YAML file spells numbers [default: dec]
    #[arg(long, value_enum)]
    format: Option<Spelling>,
}

impl Writing {
    /// How a safetensors file would hold numbers.
    pub(crate) fn dtype(&self) -> Dtype {
        self.options().dtype.unwrap_or(Dtype::F64)
    }

    fn options(&self) -> WriteOptions {
        WriteOptions {
            dtype: self.dtype.map(|dtype| match dtype {
                DtypeName::F32 => Dtype::F32,
                DtypeName::F64 => Dtype::F64,
            }),
            lengths: self.lengths.map(|tensor| match tensor {
                LengthTensor::Const => LengthWriting::Constant,
                LengthTensor::Log => LengthWriting::Logarithm,
            }),
            numerals: self.format.map(|spelling| match spelling {
                Spelling::Dec => Numerals::Decimal,
                Spelling::Hex => Numerals::Hex,
            }),
        }
    }

    /// Refuses a path or options that could not be written, before any computation.
    pub(crate) fn check(&self, path: &Path) -> Result<(), Failure> {
        check_writable(path, &self.options())?;
        Ok(atomic::probe(path)?)
    }

    pub(crate) fn write<S: Field>(&self, path: &Path, network: &Network<S>) -> Result<(), Failure> {
        Ok(write_network(path, network, &self.options())?)
    }
}

/// Where a network goes, and how.
#[derive(Clone, Debug, Args)]
pub(crate) struct OutputFile {
    /// Network to write (.safetensors, .yaml)
    #[arg(short = 'o', long = "output", value_name = "OUT")]
    path: PathBuf,
    #[command(flatten)]
    writing: Writing,
}

impl OutputFile {
    pub(crate) fn check(&self) -> Result<(), Failure> {
        self.writing.check(&self.path)
    }

    pub(crate) fn write<S: Field>(&self, network: &Network<S>) -> Result<(), Failure> {
        self.writing.write(&self.path, network)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The network as it stands in the file that was written.
    pub(crate) fn read_back(&self) -> Result<Stored, Failure> {
        Ok(read_network(&self.path, &ReadOptions::default())?)
    }
}
