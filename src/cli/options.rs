//! Options that commands share.

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
};

use clap::{Args, ValueEnum, builder::PossibleValuesParser};

use super::{Failure, Kind, Touched, remark, remark_once};
use crate::{
    Gain, Network,
    io::{
        Dtype, Form, LengthReading, LengthWriting, Numerals, ReadOptions, Stored, WriteOptions,
        as_written, atomic, check_writable, may_be_safetensors, network_bytes, read_network,
        read_written, write_network,
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

impl ScalarName {
    /// The arithmetic that [`Field::name`] calls this.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        ScalarName::from_str(name, false).ok()
    }
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
    /// Tensors of a safetensors file to leave out, such as counters; `*` stands for any piece of text
    #[arg(long, value_name = "PATTERN")]
    ignore: Vec<String>,
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
            ignore: self.ignore.clone(),
        };
        let stored = read_network(path, &options)?;
        stored.notes().iter().for_each(|note| remark_once(note));
        Ok(stored)
    }

    /// The gain of a network that is in no file: tanh if none is named.
    pub(crate) fn gain<S: Field>(&self) -> Result<Gain<S>, Failure> {
        let refused = [
            ("--intrinsic-length", self.intrinsic_length.is_some()),
            ("--ignore", !self.ignore.is_empty()),
        ];
        if let Some((option, _)) = refused.iter().find(|(_, given)| *given) {
            return Err(Failure::Usage(format!(
                "{option} says how a file is read, and there is none; leave it out"
            )));
        }
        let threshold = self.threshold.as_ref().map(S::from_rational);
        let name = self.gain.as_deref().unwrap_or("tanh");
        Gain::from_name(name, threshold).map_err(|why| Failure::Usage(why.to_string()))
    }

    /// The first option that was given and does not say what holds of a network with this gain that is in no file.
    pub(crate) fn changed_from<S: Field>(&self, gain: &Gain<S>) -> Option<&'static str> {
        let name = self.gain.as_deref().is_some_and(|name| name != gain.name());
        let threshold = self.threshold.as_ref().map(S::from_rational);
        let options = [
            ("--gain", name),
            (
                "--threshold",
                threshold.is_some() && threshold.as_ref() != gain.threshold(),
            ),
            ("--intrinsic-length", self.intrinsic_length.is_some()),
            ("--ignore", !self.ignore.is_empty()),
        ];
        let mut changed = options.into_iter().filter(|(_, changed)| *changed);
        changed.next().map(|(name, _)| name)
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
        let ignored = self
            .ignore
            .iter()
            .map(|pattern| ["--ignore".to_string(), pattern.clone()]);
        given.chain(ignored).flatten().collect()
    }
}

impl Reading {
    pub(crate) fn read(&self, path: &Path) -> Result<Stored, Failure> {
        self.meaning.read(path)
    }

    /// Two networks to be held against each other. What `intrinsic_length` holds concerns the
    /// safetensors among them; said of YAML files alone it is refused.
    pub(crate) fn read_two(&self, a: &Path, b: &Path) -> Result<(Stored, Stored), Failure> {
        let either = may_be_safetensors(a) || may_be_safetensors(b);
        let read = |path: &Path| {
            let mut meaning = self.meaning.clone();
            if either && !may_be_safetensors(path) {
                meaning.intrinsic_length = None;
                meaning.ignore.clear();
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
    /// Numbers of a safetensors file [default: those of the network read, else f64]
    #[arg(long, value_enum)]
    dtype: Option<DtypeName>,
    /// How a safetensors file holds o [default: as in the network read, else const]
    #[arg(long = "o", value_enum, value_name = "MODE")]
    lengths: Option<LengthTensor>,
    /// How a YAML file spells numbers [default: dec]
    #[arg(long, value_enum)]
    format: Option<Spelling>,
}

impl Writing {
    pub(crate) fn options(&self, like: Option<&Form>) -> WriteOptions {
        WriteOptions {
            like: like.cloned(),
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

    /// Whether any of the options was given.
    pub(crate) fn is_given(&self) -> bool {
        self.dtype.is_some() || self.lengths.is_some() || self.format.is_some()
    }

    /// Refuses options that the format of the path does not have, before any computation.
    pub(crate) fn check(&self, path: &Path) -> Result<(), Failure> {
        Ok(check_writable(path, &self.options(None))?)
    }

    /// Writes the network in the form of another file, where no option says otherwise; the bytes, if they went to a
    /// stream, from which they cannot be read back.
    pub(crate) fn write<S: Field>(
        &self,
        path: &Path,
        network: &Network<S>,
        like: &Form,
    ) -> Result<Option<Vec<u8>>, Failure> {
        let options = self.options(Some(like));
        let (notes, streamed) = if atomic::is_stream(path) {
            let written = network_bytes(path, network, &options)?;
            atomic::write(path, &written.bytes)?;
            (written.notes, Some(written.bytes))
        } else {
            (write_network(path, network, &options)?, None)
        };
        notes.iter().for_each(|note| remark(note));
        Ok(streamed)
    }
}

/// Where a network goes, and how.
#[derive(Clone, Debug, Args)]
pub(crate) struct OutputFile {
    /// Network to write (.safetensors, .yaml; - for standard output)
    #[arg(short = 'o', long = "output", value_name = "OUT")]
    path: PathBuf,
    #[command(flatten)]
    writing: Writing,
    /// What went to a stream, from which it cannot be read back.
    #[arg(skip)]
    streamed: OnceLock<Vec<u8>>,
}

impl OutputFile {
    /// Of a command that writes a network only with some of its options.
    pub(crate) fn at(path: &Path, writing: &Writing) -> Self {
        OutputFile {
            path: path.into(),
            writing: writing.clone(),
            streamed: OnceLock::new(),
        }
    }

    /// What [`OutputFile::write`] would write, as it reads back, without writing it.
    pub(crate) fn as_written<S: Field>(
        &self,
        network: &Network<S>,
        like: &Form,
    ) -> Result<Stored, Failure> {
        Ok(as_written(
            &self.path,
            network,
            &self.writing.options(Some(like)),
        )?)
    }

    pub(crate) fn check<'a>(&'a self, touched: &mut Touched<'a>) -> Result<(), Failure> {
        touched.writes("-o", Kind::Network, &self.path);
        self.writing.check(&self.path)
    }

    /// Writes the network in the form of the file that it was made from, where no option says otherwise.
    pub(crate) fn write<S: Field>(&self, network: &Network<S>, like: &Form) -> Result<(), Failure> {
        if let Some(bytes) = self.writing.write(&self.path, network, like)? {
            // Written once in a run.
            let _ = self.streamed.set(bytes);
        }
        Ok(())
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The network as it was written.
    pub(crate) fn read_back(&self) -> Result<Stored, Failure> {
        Ok(match self.streamed.get() {
            Some(bytes) => read_written("the network written", bytes)?,
            None => read_network(&self.path, &ReadOptions::default())?,
        })
    }
}
