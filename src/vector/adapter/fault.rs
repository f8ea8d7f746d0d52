//! What a port does wrong as a process, whatever its numbers are.

use std::time::Duration;

use thiserror::Error;

use super::LONGEST_LINE;

/// What went wrong with an answer, and what to do.
#[derive(Debug, Error)]
pub(super) enum Fault {
    #[error("`{command}` cannot be started: {why}")]
    Start { command: String, why: String },
    #[error("the port ended without an answer ({status}){advice}")]
    Ended {
        status: String,
        advice: &'static str,
    },
    #[error(
        "no answer within {after:?}: an answer is flushed after each line, and a port that starts slowly is given more time for its start"
    )]
    Timeout { after: Duration },
    #[error(
        "a line of more than {LONGEST_LINE} bytes: an answer is one line, and nothing else is printed"
    )]
    TooLong,
    #[error("the answer is no JSON: `{0}`: its JSON goes over several lines, and has to be on one")]
    Indented(String),
    #[error(
        "the answer is no JSON: `{0}`: nothing but answers belongs on standard output; a banner or a log goes to standard error"
    )]
    NoJson(String),
    #[error("the answer is to `{0}`: each line is answered once, with the id that was asked")]
    Other(String),
    #[error("the answer names no case: `{0}`: its `id` is the one that was asked")]
    Nameless(String),
}

impl Fault {
    /// What two faults in a row have in common.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Fault::Start { .. } => "it cannot be started",
            Fault::Ended { .. } => "it ended without an answer",
            Fault::Timeout { .. } => "it hung",
            Fault::TooLong => "its line was too long",
            Fault::Indented(_) => "its JSON went over several lines",
            Fault::NoJson(_) => "it printed what is no JSON",
            Fault::Other(_) => "it answered another case",
            Fault::Nameless(_) => "its answer named no case",
        }
    }
}
