//! What can be wrong with a theorem or a proof, and where.

use std::fmt;

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The text is not a term.
    Syntax {
        /// The text.
        text: String,
        /// The character at which reading stopped, from 1.
        at: usize,
        /// What stands there.
        found: String,
        /// What could stand there.
        expected: String,
    },
    /// A name that means nothing here.
    Unknown {
        /// What it would have to be.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A name that has a meaning already, or is none.
    Taken {
        /// The name.
        name: String,
    },
    /// A name that is read as another one.
    LooksAlike {
        /// The name.
        name: String,
        /// The name it looks like.
        like: String,
    },
    /// A character that cannot be seen, or can be taken for another.
    Unprintable {
        /// Its place, from 1.
        at: usize,
        /// Its number in Unicode.
        code: u32,
    },
    /// Shapes that do not fit.
    IllTyped {
        /// The term.
        term: String,
        /// Its position in the whole.
        at: Vec<usize>,
        /// The shapes of its parts.
        shapes: Vec<String>,
    },
    /// The two sides of an equation, or a term and its replacement, have different shapes.
    ShapesDiffer {
        /// Left, or before.
        left: String,
        /// Right, or after.
        right: String,
    },
    /// No subterm has this position.
    NoPosition {
        /// The position.
        at: Vec<usize>,
        /// The term.
        term: String,
    },
    /// The rule does not apply to the term.
    NoMatch {
        /// The term at the position.
        found: String,
        /// The side of the rule that it should have been.
        expected: String,
    },
    /// The rule leaves something open that the step has to give.
    Undetermined {
        /// The metavariable or dimension.
        name: String,
    },
    /// Something in the step is of no use to its rule.
    Useless {
        /// What it is.
        what: String,
    },
    /// A term other than the one expected.
    Differs {
        /// What came out.
        found: String,
        /// What should have.
        expected: String,
    },
    /// A term beyond [`LARGEST_TERM`](super::LARGEST_TERM).
    TooLarge {
        /// Its size.
        size: usize,
    },
}

impl Problem {
    pub(super) fn unknown(what: &'static str, name: &str) -> Self {
        let name = name.chars().take(60).collect();
        Problem::Unknown { what, name }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Problem::Syntax {
                text,
                at,
                found,
                expected,
            } => write!(
                f,
                "character {at} of `{text}` is {found}, expected {expected}"
            ),
            Problem::Unknown { what, name } => {
                write!(
                    f,
                    "there is no {what} `{name}` here; declare it before it is used"
                )
            }
            Problem::Taken { name } => write!(
                f,
                "`{name}` cannot be a new name: it has a meaning already or is not a word; use another"
            ),
            Problem::LooksAlike { name, like } => write!(
                f,
                "`{name}` looks like `{like}`, which is another name here; rename one of them"
            ),
            Problem::Unprintable { at, code } => write!(
                f,
                "character {at} is U+{code:04X}, which is invisible, moves the text, or looks like another letter; \
                 use Latin and Greek letters and the usual signs of mathematics"
            ),
            Problem::IllTyped { term, at, shapes } => write!(
                f,
                "`{term}` at position {at:?} has no shape: its parts are {}",
                shapes.join(" and ")
            ),
            Problem::ShapesDiffer { left, right } => {
                write!(f, "the shapes differ: {left} and {right}")
            }
            Problem::NoPosition { at, term } => {
                write!(f, "there is no position {at:?} in `{term}`")
            }
            Problem::NoMatch { found, expected } => {
                write!(f, "found `{found}`, expected `{expected}`")
            }
            Problem::Undetermined { name } => write!(
                f,
                "the rule leaves `{name}` open; give it under `with` or `dimensions`"
            ),
            Problem::Useless { what } => write!(f, "{what}; leave it out"),
            Problem::Differs { found, expected } => {
                write!(f, "found `{found}`, expected `{expected}`")
            }
            Problem::TooLarge { size } => write!(
                f,
                "a term of {size} nodes, expected at most {}",
                super::LARGEST_TERM
            ),
        }
    }
}

/// A theorem that does not check: where, and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofError {
    /// The theorem.
    pub theorem: String,
    /// The part: `variable x`, `lemma padded`, `the proof`.
    pub part: String,
    /// The step of the part, from 1, and its rule.
    pub step: Option<(usize, String)>,
    /// What is wrong.
    pub problem: Box<Problem>,
}

impl fmt::Display for ProofError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "theorem {}, {}", self.theorem, self.part)?;
        if let Some((step, rule)) = &self.step {
            write!(f, ", step {step} ({rule})")?;
        }
        write!(f, ": {}", self.problem)
    }
}

impl std::error::Error for ProofError {}
