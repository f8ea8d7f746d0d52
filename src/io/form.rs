//! The form in which a file holds its network, for a file that is to be like it.

use super::{Dtype, LengthReading, Lengths};
use crate::scalar::Rational;

/// What a file written after another takes over from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// The format of its numbers; `None` for YAML.
    pub(super) dtype: Option<Dtype>,
    /// How it holds o; `None` for YAML.
    pub(super) lengths: Option<LengthForm>,
    /// Whether its numbers were of 16 bits.
    pub(super) half: bool,
}

/// How a safetensors file holds o.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum LengthForm {
    /// Not at all, or as `o_const`.
    Constant,
    /// As `intrinsic_length` = o.
    Squared,
    /// As `intrinsic_length` = ln o: these.
    Logarithm(Vec<Rational>),
}

impl Form {
    /// The form of text.
    pub(super) fn text() -> Self {
        Form {
            dtype: None,
            lengths: None,
            half: false,
        }
    }

    /// The form of tensors.
    pub(super) fn tensors(
        dtype: Dtype,
        half: bool,
        lengths: &Lengths,
        reading: LengthReading,
        constant: bool,
    ) -> Self {
        let lengths = match (lengths, reading) {
            (Lengths::Logarithm(ln), _) => LengthForm::Logarithm(ln.clone()),
            (Lengths::Squared(_), LengthReading::Squared) if !constant => LengthForm::Squared,
            (Lengths::Squared(_) | Lengths::Absent, _) => LengthForm::Constant,
        };
        Form {
            dtype: Some(dtype),
            lengths: Some(lengths),
            half,
        }
    }
}
