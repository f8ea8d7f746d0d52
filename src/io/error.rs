//! What can be wrong with a file.

use thiserror::Error;

use crate::{remedy::Remedy, scalar::text::NumberError};

/// A file that could not be read or written. Each message is one line: the file, the place in it, what
/// was found there, what was expected, and what to do. Nothing has been written.
///
/// Layers, rows and columns count from 1; tensor names are as in the file and count from 0.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FileError {
    /// The operating system refused.
    #[error("{file}: cannot {action}: {reason}; {remedy}")]
    Access {
        /// The file.
        file: String,
        /// What was tried.
        action: &'static str,
        /// The system's message.
        reason: String,
        /// What to do.
        remedy: &'static str,
    },
    /// The file, or the network to be written to it, holds something that it must not.
    #[error("{file}: {place}: found {found}, expected {expected}; {remedy}")]
    Content {
        /// The file.
        file: String,
        /// Tensor, row and column, YAML path or line.
        place: String,
        /// The offending value.
        found: String,
        /// What belongs there.
        expected: String,
        /// What to do.
        remedy: Remedy,
    },
    /// The file cannot be parsed.
    #[error("{file}: {place}: {problem}; {remedy}")]
    Syntax {
        /// The file.
        file: String,
        /// Line and column.
        place: String,
        /// The parser's message.
        problem: String,
        /// What to do.
        remedy: &'static str,
    },
    /// The numbers are readable, but they are not a network.
    #[error("{file}: {source}")]
    Network {
        /// The file.
        file: String,
        /// What is wrong with it.
        source: crate::Error,
    },
}

impl FileError {
    /// What to do, where it is a choice that a command may offer.
    pub fn remedy(&self) -> Option<&Remedy> {
        match self {
            FileError::Content { remedy, .. } => Some(remedy),
            FileError::Network { source, .. } => source.remedy(),
            FileError::Access { .. } | FileError::Syntax { .. } => None,
        }
    }

    pub(crate) fn content(
        file: &str,
        place: impl Into<String>,
        found: impl Into<String>,
        expected: impl Into<String>,
        remedy: impl Into<Remedy>,
    ) -> Self {
        let file = file.to_string();
        FileError::Content {
            file,
            place: place.into(),
            found: found.into(),
            expected: expected.into(),
            remedy: remedy.into(),
        }
    }

    pub(crate) fn access(
        file: &str,
        action: &'static str,
        reason: &std::io::Error,
        remedy: &'static str,
    ) -> Self {
        FileError::Access {
            file: file.into(),
            action,
            reason: reason.to_string(),
            remedy,
        }
    }

    /// Text at `place` that is not a number to be used, or does not fit the working scalar.
    pub(crate) fn number(
        file: &str,
        place: impl Into<String>,
        why: &NumberError,
        remedy: impl Into<Remedy>,
    ) -> Self {
        let remedy = remedy.into();
        let (text, expected, remedy) = match why {
            NumberError::Malformed(text) => (
                text,
                "a decimal, a hex float (0x1.8p-3) or a ratio (p/q)".to_string(),
                remedy,
            ),
            NumberError::NotFinite(text) => (text, "a finite number".into(), remedy),
            NumberError::ZeroDenominator(text) => {
                (text, "a denominator other than 0".into(), remedy)
            }
            NumberError::ExponentOutOfRange(text) => {
                (text, "a less extreme exponent".into(), remedy)
            }
            NumberError::Overflow { text, scalar } => (
                text,
                format!("a number within the range of {scalar}"),
                Remedy::WiderArithmetic,
            ),
        };
        Self::content(
            file,
            place,
            format!("`{}`", shortened(text)),
            expected,
            remedy,
        )
    }

    /// For `map_err`: the error of an operation in `S` on the network in `file`. The network is finite,
    /// so a value that is not is an overflow on the way.
    #[cfg(feature = "cli")]
    pub(crate) fn operation<S: crate::scalar::Field>(file: &str) -> impl Fn(crate::Error) -> Self {
        let file = file.to_string();
        move |source| match source {
            crate::Error::Value {
                layer, what, value, ..
            } => Self::content(
                &file,
                format!("layer {layer}, {what} of the result"),
                value,
                format!("a number within the range of {}", S::name()),
                Remedy::WiderArithmetic,
            ),
            crate::Error::NotFinite {
                what,
                row,
                column,
                value,
            } => Self::content(
                &file,
                format!("{what}, row {row}, column {column}, on the way to the result"),
                value,
                format!("a number within the range of {}", S::name()),
                Remedy::WiderArithmetic,
            ),
            source => Self::network(&file)(source),
        }
    }

    /// For `map_err`: the error of a network that stands in `file`.
    pub(crate) fn network(file: &str) -> impl Fn(crate::Error) -> Self {
        move |source| FileError::Network {
            file: file.into(),
            source,
        }
    }
}

/// A piece of text short enough for a message.
pub(super) fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut chars = text.chars();
    let start: String = chars.by_ref().take(LONGEST).collect();
    if chars.next().is_none() {
        start
    } else {
        start + "…"
    }
}
