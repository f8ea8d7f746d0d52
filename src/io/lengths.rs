//! Intrinsic lengths as a file states them: o, or its logarithm.

use rug::Float;

use super::FileError;
use crate::{
    error::Error,
    remedy::Remedy,
    scalar::{Field, Rational},
};

/// |ln o| beyond this is refused: no length is e^100000, and its exact value would fill memory.
const LARGEST_LOGARITHM: i64 = 100_000;

/// Bits beyond the working precision at which e^(ln o) is taken before it is rounded.
const GUARD_BITS: u32 = 64;

/// Bits for checks that need some precision and no particular one.
const EXACT_BITS: u32 = 64;

/// The intrinsic lengths as a file states them.
#[derive(Clone, Debug, PartialEq)]
pub enum Lengths {
    /// None: o = 0.
    Absent,
    /// o for each hidden layer.
    Squared(Vec<Rational>),
    /// ln o for each hidden layer.
    Logarithm(Vec<Rational>),
}

impl Lengths {
    /// Whether they could be lengths; `file` is the name for messages.
    pub(super) fn check(&self, file: &str) -> Result<(), FileError> {
        match self {
            Lengths::Absent => Ok(()),
            Lengths::Squared(squared) => check_squared(file, squared),
            Lengths::Logarithm(logarithms) => check_logarithms(file, logarithms),
        }
    }

    /// o for each hidden layer, e^(ln o) taken at that many bits; `None` where there are none.
    pub(super) fn squared(&self, bits: u32) -> Option<Vec<Rational>> {
        match self {
            Lengths::Absent => None,
            Lengths::Squared(o) => Some(o.clone()),
            Lengths::Logarithm(logarithms) => Some(
                logarithms
                    .iter()
                    .map(|ln| exponential_at(ln, bits))
                    .collect(),
            ),
        }
    }
}

fn check_squared(file: &str, squared: &[Rational]) -> Result<(), FileError> {
    let negative = (1..).zip(squared).find(|(_, o)| **o < Rational::from(0));
    let Some((l, o)) = negative else {
        return Ok(());
    };
    Err(FileError::network(file)(Error::Value {
        layer: l,
        what: "o, the squared intrinsic length,".into(),
        value: o.to_string(),
        expected: "it must be finite and not negative (a file may hold ln o)",
    }))
}

fn check_logarithms(file: &str, logarithms: &[Rational]) -> Result<(), FileError> {
    let limit = Rational::from(LARGEST_LOGARITHM);
    let absurd = (1..)
        .zip(logarithms)
        .find(|(_, ln)| **ln > limit || -(*ln).clone() > limit);
    let Some((l, ln)) = absurd else {
        return Ok(());
    };
    Err(FileError::content(
        file,
        format!("hidden layer {l}, intrinsic_length"),
        format!("ln o = {:?}", ln.to_f64()),
        format!("|ln o| ≤ {LARGEST_LOGARITHM}"),
        Remedy::ReadSquared,
    ))
}

/// Bits at which e^(ln o) is taken for a scalar.
pub(super) fn guarded<S: Field>() -> u32 {
    S::precision().unwrap_or(EXACT_BITS) + GUARD_BITS
}

fn exponential_at(ln: &Rational, bits: u32) -> Rational {
    let exponential = Float::with_val(bits, &ln.0).exp();
    Rational(exponential.to_rational().unwrap_or_default())
}

/// The o that a network in `S` has where a file says ln o.
pub(super) fn exponential<S: Field>(ln: &Rational) -> S {
    S::from_rational(&exponential_at(ln, guarded::<S>()))
}
