//! What to run, and on what.

use crate::statement::{Arithmetic, Declaration, Origin};

/// Networks to run on.
#[derive(Clone, Debug)]
pub struct Source {
    /// What the report calls them.
    pub name: String,
    /// Where the cases come from.
    pub origin: Origin,
    /// The arithmetics to run in.
    pub arithmetics: Vec<Arithmetic>,
    /// Cases for each statement and arithmetic.
    pub cases: usize,
}

/// What to run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The seed of all cases.
    pub seed: u64,
    /// The sources, one section each.
    pub sources: Vec<Source>,
    /// What the controls run on: small generated networks, where they can show, whatever the
    /// statements run on.
    pub controls: Source,
    /// The hard families, if they are to be run.
    pub families: Option<Families>,
    /// Statements to prove and not to measure.
    pub proved_only: Vec<Declaration>,
}

/// How the hard families are run.
#[derive(Clone, Debug)]
pub struct Families {
    /// The arithmetics to run in.
    pub arithmetics: Vec<Arithmetic>,
    /// Cases for each statement, family and arithmetic.
    pub cases: usize,
}
