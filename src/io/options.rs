//! What a reader is told beyond the file, and how a writer is to write.

use super::{FileError, Form, error::shortened};
use crate::{network::Gain, remedy::Remedy, scalar::Rational};

/// How to read `activation.{i}.intrinsic_length` of a safetensors file: the tensor's name does not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LengthReading {
    /// ln o, the author's default.
    Logarithm,
    /// o itself, as the author's class writes when the length is trainable and not kept positive.
    Squared,
}

/// What the reader is told; what it is not told stands in the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadOptions {
    /// The gain by name, in place of the file's.
    pub gain: Option<String>,
    /// The threshold, in place of the file's.
    pub threshold: Option<Rational>,
    /// The meaning of `intrinsic_length`, in place of the file's.
    pub lengths: Option<LengthReading>,
    /// Safetensors only: tensors to leave out, by name; `*` stands for any piece of text.
    pub ignore: Vec<String>,
}

impl ReadOptions {
    /// The gain of a file that states these; tanh if neither says anything.
    pub(super) fn resolve(
        &self,
        file: &str,
        gain: Option<&str>,
        threshold: Option<Rational>,
    ) -> Result<Gain<Rational>, FileError> {
        let name = self.gain.as_deref().or(gain).unwrap_or("tanh");
        // A threshold belongs to the gain it was stored with.
        let inherited = threshold.filter(|_| self.gain.is_none() || gain == Some(name));
        let threshold = self.threshold.clone().or(inherited);
        let gain = Gain::from_name(name, threshold.clone());
        // The gain's own message does not know the number.
        match threshold {
            Some(t) if name == "soft-threshold" && gain.is_err() => Err(FileError::content(
                file,
                "the threshold",
                shortened(&t.to_string()),
                "a number above 0",
                Remedy::Threshold,
            )),
            _ => gain.map_err(FileError::network(file)),
        }
    }
}

/// The number format of a safetensors file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dtype {
    /// Single precision.
    F32,
    /// Double precision.
    F64,
}

impl Dtype {
    pub(super) const fn bytes(self) -> usize {
        match self {
            Dtype::F32 => 4,
            Dtype::F64 => 8,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Dtype::F32 => "F32",
            Dtype::F64 => "F64",
        }
    }
}

/// How a safetensors file holds o.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LengthWriting {
    /// `o_const` = o: lossless.
    Constant,
    /// `intrinsic_length` = ln o, which the author's class can go on training; rounded.
    Logarithm,
}

/// How a YAML file spells its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numerals {
    /// As few decimals as read back to the same number in the same arithmetic.
    Decimal,
    /// Hexadecimal floats: the same number in every arithmetic.
    Hex,
}

/// How to write; `None` is the default, and an option that the format does not have is refused.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WriteOptions {
    /// The form of the file that the network comes from: what the other options leave open is as there.
    pub like: Option<Form>,
    /// Safetensors only; default F64.
    pub dtype: Option<Dtype>,
    /// Safetensors only; default [`LengthWriting::Constant`].
    pub lengths: Option<LengthWriting>,
    /// YAML only; default [`Numerals::Decimal`].
    pub numerals: Option<Numerals>,
}
