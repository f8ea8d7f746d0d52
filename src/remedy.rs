//! What to do about an error, where somebody else offers the choice: a command by an option, a program by an argument.

use std::{
    borrow::Cow,
    fmt::{self, Display, Formatter},
};

/// What to do about an error.
///
/// The library says it in words, which name no option of any command. Whoever offers the choice adds how it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Remedy {
    /// An arithmetic of more digits or a larger range.
    WiderArithmetic,
    /// A larger divisor of the inputs, or a wider arithmetic.
    LargerDivisor,
    /// An arithmetic that has the gain.
    FloatingPoint,
    /// To read the file's numbers as ln o.
    ReadLogarithm,
    /// To read the file's numbers as o.
    ReadSquared,
    /// To store o, or to read the file's numbers as o.
    StoreOrReadSquared,
    /// To write o in place of ln o.
    WriteSquared,
    /// A number format of a larger range, or text.
    WiderFormat,
    /// Another threshold of the gain.
    Threshold,
    /// To leave out a choice that the format does not offer.
    LeaveOut(Choice),
    /// In words alone.
    Words(Cow<'static, str>),
}

/// A choice that not every format of files offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Tensors to pass over.
    Ignore,
    /// What the lengths that are read mean.
    ReadLengths,
    /// How the lengths are written.
    WriteLengths,
    /// How numbers are written as text.
    Numerals,
    /// The number format of tensors.
    Dtype,
}

impl Display for Choice {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Choice::Ignore => "tensors to ignore",
            Choice::ReadLengths => "a meaning of intrinsic lengths",
            Choice::WriteLengths => "a form of o",
            Choice::Numerals => "a form of numbers",
            Choice::Dtype => "a number format",
        })
    }
}

impl Display for Remedy {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Remedy::WiderArithmetic => "use a wider arithmetic",
            Remedy::LargerDivisor => "use a larger divisor or a wider arithmetic",
            Remedy::FloatingPoint => "use f64 or mp256, or choose another gain",
            Remedy::ReadLogarithm => "if the file holds ln o, read it as such",
            Remedy::ReadSquared => "if the file holds o itself, read it as such",
            Remedy::StoreOrReadSquared => {
                "convert the file to one that holds o, or read it as o if it is that"
            }
            Remedy::WriteSquared => "write o itself",
            Remedy::WiderFormat => "write f64 or a .yaml file",
            Remedy::Threshold => "correct it, or give another one",
            Remedy::LeaveOut(_) => "leave it out",
            Remedy::Words(words) => words,
        })
    }
}

impl From<&'static str> for Remedy {
    fn from(words: &'static str) -> Self {
        Remedy::Words(words.into())
    }
}

impl From<String> for Remedy {
    fn from(words: String) -> Self {
        Remedy::Words(words.into())
    }
}
