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
    #[error("{0}")]
    Usage(String),
    #[error("cannot write to standard output: {0}")]
    Output(io::Error),
}

impl Failure {
    /// What is wrong with a command line, in one line: clap's message, without the usage that follows it.
    pub(crate) fn usage(error: &clap::Error) -> Self {
        let text = error.to_string();
        let lines = text.lines().map(str::trim);
        let mut said = String::new();
        for line in lines
            .take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"))
            .filter(|line| !line.is_empty())
        {
            // Lists go on; anything else is a remark of its own.
            said += match line.starts_with(['[', '<', '-']) {
                _ if said.is_empty() => "",
                true => " ",
                false => "; ",
            };
            said += line;
        }
        let message = said.strip_prefix("error: ").unwrap_or(&said);
        Failure::Usage(format!("{message} (see --help)"))
    }
}

/// The text with control characters, which names and cells may hold, as escapes: one line that leaves
/// the terminal alone.
pub(crate) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
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
    match x.to_rational() {
        Some(q) => format!("{:.3}", Mp::<64>::from_rational(&q)),
        None => x.to_f64().to_string(),
    }
}
