//! What became of the cases.

use std::collections::BTreeMap;

use super::{
    case::Case,
    flag::Note,
    judge::{Outcome, Reply},
};

/// The cases of one operation.
#[derive(Debug)]
pub struct Row {
    /// The operation.
    pub operation: String,
    /// Verdicts, in the order of the file.
    pub verdicts: Vec<Judged>,
    /// The notes of the file.
    pub notes: BTreeMap<String, Note>,
}

/// One verdict.
#[derive(Debug)]
pub struct Judged {
    /// The case.
    pub case: Case,
    /// What the port said, if anything.
    pub reply: Option<Reply>,
    /// How it ended.
    pub outcome: Outcome,
}

impl Judged {
    /// It was answered, and wrongly.
    pub fn failed(&self) -> bool {
        matches!(self.outcome, Outcome::Failed(_))
    }
}
