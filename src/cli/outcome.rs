//! How a command ends, and what it says on the way.

use std::{
    io::{self, ErrorKind, Write},
    process::ExitCode,
};

use thiserror::Error;

use crate::{
    io::FileError,
    scalar::{Field, Mp},
};

/// How a command that ran ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Done, verified, equal.
    Done,
    /// Refuted, different.
    Refuted,
    /// No verdict either way.
    Unknown,
}

impl Outcome {
    pub(crate) fn code(self) -> ExitCode {
        ExitCode::from(match self {
            Outcome::Done => 0,
            Outcome::Refuted => 1,
            Outcome::Unknown => 3,
        })
    }
}

/// Why a command did not run to its end; exit code 2.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{}", .0.trim_start_matches("error: ").trim_end())]
    Usage(String),
    #[error("cannot write to standard output: {0}")]
    Output(io::Error),
}

/// Writes a result to standard output. A reader that has gone away, as `head` does, is no failure.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(why) if why.kind() != ErrorKind::BrokenPipe => Err(Failure::Output(why)),
        _ => Ok(()),
    }
}

/// Writes a line to standard error, if anybody is there to read it.
pub(crate) fn remark(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// A number in four digits, whatever its size.
pub(crate) fn short<S: Field>(x: &S) -> String {
    let x = x.to_rational().unwrap_or_default();
    format!("{:.3}", Mp::<64>::from_rational(&x))
}
