//! Not trusted. The theorems of a file: the kernel, and a model of every set of hypotheses.

use std::{collections::BTreeSet, fmt};

use serde::Deserialize;
use thiserror::Error;

use super::{NoModel, ProofError, Proved, Theorem, check, check_model};

/// A file with theorems and nothing else.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// The theorems.
    pub theorems: Vec<Theorem>,
}

/// A file that cannot be read as theorems.
#[derive(Debug, Error)]
#[error("theorems cannot be read: {0}")]
pub struct Unreadable(String);

impl Unreadable {
    /// The first line of a parser's message; the others show the text.
    pub(super) fn new(message: &str) -> Self {
        Unreadable(message.lines().next().unwrap_or_default().to_string())
    }
}

impl Script {
    /// Reads the text of a file: unknown and duplicate keys are refused.
    ///
    /// # Errors
    /// [`Unreadable`] with the parser's message, which has line and column.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        serde_saphyr::from_str(text).map_err(|error| Unreadable::new(&error.to_string()))
    }
}

/// Why the theorems of a file are not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The kernel refuses a proof.
    Proof(ProofError),
    /// The hypotheses of a theorem are not shown to be satisfiable.
    Model {
        /// The theorem.
        theorem: String,
        /// What is wrong.
        why: NoModel,
    },
    /// There is nothing to check.
    Empty,
    /// A name occurs twice.
    Twice(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Refusal::Proof(error) => write!(f, "{error}"),
            Refusal::Model { theorem, why } => write!(f, "theorem {theorem}, its model: {why}"),
            Refusal::Empty => write!(f, "there is no theorem"),
            Refusal::Twice(name) => write!(f, "two theorems are called {name}"),
        }
    }
}

impl std::error::Error for Refusal {}

/// Checks every theorem by the kernel, and the stored model of its hypotheses.
///
/// # Errors
/// [`Refusal`] of the first that fails; no theorems at all are no proof.
pub fn check_all(theorems: &[Theorem]) -> Result<Vec<Proved>, Refusal> {
    if theorems.is_empty() {
        return Err(Refusal::Empty);
    }
    let mut names = BTreeSet::new();
    let mut all = vec![];
    for theorem in theorems {
        if !names.insert(&theorem.name) {
            return Err(Refusal::Twice(theorem.name.clone()));
        }
        let proved = check(theorem).map_err(Refusal::Proof)?;
        let model = check_model(&proved, theorem.model.as_ref());
        model.map_err(|why| Refusal::Model {
            theorem: theorem.name.clone(),
            why,
        })?;
        all.push(proved);
    }
    Ok(all)
}
