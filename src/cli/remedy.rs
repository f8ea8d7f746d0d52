//! The options by which this command offers what the library recommends.

use crate::{
    io::FileError,
    remedy::{Choice, Remedy},
};

/// The message, with the option in parentheses after what to do.
pub(super) fn message(error: &FileError) -> String {
    match error.remedy().and_then(option) {
        Some(option) => format!("{error} ({option})"),
        None => error.to_string(),
    }
}

fn option(remedy: &Remedy) -> Option<&'static str> {
    Some(match remedy {
        Remedy::WiderArithmetic => "--scalar",
        Remedy::LargerDivisor => "--divide, --scalar",
        Remedy::FloatingPoint => "--scalar, --gain",
        Remedy::ReadLogarithm => "--intrinsic-length log",
        Remedy::ReadSquared | Remedy::StoreOrReadSquared => "--intrinsic-length squared",
        Remedy::WriteSquared => "--o const",
        Remedy::WiderFormat => "--dtype f64",
        Remedy::Threshold => "--threshold",
        Remedy::LeaveOut(choice) => match choice {
            Choice::Ignore => "--ignore",
            Choice::ReadLengths => "--intrinsic-length",
            Choice::WriteLengths => "--o",
            Choice::Numerals => "--format",
            Choice::Dtype => "--dtype",
        },
        Remedy::Words(_) => return None,
    })
}
