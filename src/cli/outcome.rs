//! How a command ends, and what it says on the way.

use std::{
    collections::HashSet,
    io::{self, ErrorKind, Write},
    process::ExitCode,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU8, Ordering},
    },
};

use thiserror::Error;

use super::{remedy, terminal};
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
    /// The outcome of two things that both have to hold: refuted if either is, and else unknown if either is.
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Outcome::Refuted, _) | (_, Outcome::Refuted) => Outcome::Refuted,
            (Outcome::Unknown, _) | (_, Outcome::Unknown) => Outcome::Unknown,
            (Outcome::Done, Outcome::Done) => Outcome::Done,
        }
    }

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
    #[error("{}", remedy::message(.0))]
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

/// Where text for people goes: where nothing else claims standard output, there.
static TEXT: AtomicU8 = AtomicU8::new(STANDARD_OUTPUT);
const STANDARD_OUTPUT: u8 = 0;
const STANDARD_ERROR: u8 = 1;
const NOWHERE: u8 = 2;

/// Whether remarks are made.
static QUIET: AtomicBool = AtomicBool::new(false);

/// Leaves standard output to a result: text goes to standard error, or nowhere if the result says the same.
pub(crate) fn yield_standard_output(says_the_same: bool) {
    let to = if says_the_same {
        NOWHERE
    } else {
        STANDARD_ERROR
    };
    TEXT.store(to, Ordering::Relaxed);
}

/// No remarks from now on; only results and failures.
pub(crate) fn be_quiet() {
    QUIET.store(true, Ordering::Relaxed);
}

/// Whether remarks are left out.
pub(crate) fn is_quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// Writes a result to standard output. A reader that has gone away, as `head` does, is no failure.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    match TEXT.load(Ordering::Relaxed) {
        NOWHERE => return Ok(()),
        STANDARD_ERROR => {
            let _ = io::stderr().lock().write_all(text.as_bytes());
            return Ok(());
        }
        _ => {}
    }
    terminal::clear();
    let text = terminal::coloured(text);
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(why) if why.kind() != ErrorKind::BrokenPipe => Err(Failure::Output(why)),
        _ => Ok(()),
    }
}

/// Writes a line to standard error, if anybody is there to read it and wants it.
pub(crate) fn remark(text: &str) {
    if !is_quiet() {
        complain(text);
    }
}

/// Writes a line to standard error whoever wants it: why a command failed.
pub(crate) fn complain(text: &str) {
    terminal::clear();
    let _ = writeln!(io::stderr(), "{text}");
}

/// A remark that is made once, however often a command comes to make it.
pub(crate) fn remark_once(text: &str) {
    static MADE: Mutex<Option<HashSet<String>>> = Mutex::new(None);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if made.get_or_insert_default().insert(text.into()) {
        remark(&visible(text));
    }
}

/// A number in four digits: 4.484, 0.01234, and 1.234e-7 or 1.234e9 where there would be many zeros.
pub(crate) fn short<S: Field>(x: &S) -> String {
    let Some(q) = x.to_rational() else {
        return x.to_f64().to_string();
    };
    let scientific = format!("{:.3}", Mp::<64>::from_rational(&q));
    plain(&scientific).unwrap_or(scientific)
}

/// The same digits without an exponent, where few zeros take its place.
fn plain(scientific: &str) -> Option<String> {
    let (mantissa, exponent) = scientific.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let point = usize::try_from(exponent + 1).ok();
    match (exponent, point) {
        (0..=3, Some(point)) if point >= digits.len() => Some(format!("{sign}{digits}")),
        (0..=3, Some(point)) => Some(format!("{sign}{}.{}", &digits[..point], &digits[point..])),
        (-3..=-1, _) => {
            let zeros = "0".repeat(exponent.unsigned_abs() as usize - 1);
            Some(format!("{sign}0.{zeros}{digits}"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Outcome, short};

    /// An exceeded bound is exit 1 whatever else is known, and 3 comes before 0.
    #[test]
    fn what_is_refuted_is_not_hidden_by_what_is_unknown() {
        let order = [Outcome::Done, Outcome::Unknown, Outcome::Refuted];
        for (i, a) in order.into_iter().enumerate() {
            for (j, b) in order.into_iter().enumerate() {
                assert_eq!(a.and(b), order[i.max(j)]);
            }
        }
    }

    #[test]
    fn numbers_for_people_have_four_digits() {
        for (x, shown) in [
            (0.0, "0"),
            (4.484, "4.484"),
            (-4.484, "-4.484"),
            (1.0, "1.000"),
            (9.9996, "10.00"),
            (1234.5, "1234"),
            (9999.0, "9999"),
            (12345.0, "1.234e4"),
            (0.1, "0.1000"),
            (-0.0123456, "-0.01235"),
            (0.001, "0.001000"),
            (0.000999, "9.990e-4"),
            (5.096e-15, "5.096e-15"),
            (1e300, "1.000e300"),
            (f64::INFINITY, "inf"),
        ] {
            assert_eq!(short(&x), shown, "{x:e}");
        }
    }
}
