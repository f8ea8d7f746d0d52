//! Proofs: theorems for all dimensions and all gains, checked step by step.
//!
//! Measurements check instances. Here an identity is proved: both of its sides are *terms* over
//! variables with symbolic dimensions ([`Term`], [`Dimension`]), and a proof walks from the left side to
//! the right, one equation at one place at a time ([`Step`]); `ac` stands for the many that reorder a sum. The equations are 32 [`axioms`], the
//! definitions and hypotheses of the theorem, and lemmas proved before. The kernel searches for nothing.
//!
//! # What is trusted
//!
//! A theorem that [`check`] accepts follows from the axioms if these files are right:
//!
//! | file | what it does |
//! |---|---|
//! | `dimension.rs` | linear forms, with checked sums |
//! | `term.rs` | terms, positions, replacement |
//! | `shape.rs` | every term has one shape or is refused |
//! | `axiom.rs` | the axioms |
//! | `substitution.rs` | instances of axioms, with their shapes checked |
//! | `rewrite.rs` | one step |
//! | `name.rs` | names that can be told apart, text that shows what it is |
//! | `check.rs` | names, definitions, hypotheses, lemmas in order, the proof |
//! | `pretty.rs` | prints what was proved |
//!
//! These are about 660 lines of code, of which a third says what is wrong where. Not trusted, because
//! nothing that they do can make a false theorem pass: `parse.rs` and `theorem.rs` (reading: what was
//! read is printed), `matching.rs` and
//! `reorder.rs` (propose what is then checked), `proved.rs`, `problem.rs`,
//! `explain.rs` (telling), `evaluate.rs`, `model.rs`, `draw.rs` and `refuted.rs` (values over ℚ),
//! `script.rs` (files). Models of hypotheses are checked beside the kernel: a theorem with contradictory
//! hypotheses follows from the axioms, and says nothing.
//!
//! What a theorem *means* for the code is not the kernel's business: `tests/it/proof/tie` evaluates the
//! theorem's own terms and the Rust operation on the same rational network. The axioms themselves are
//! proved in `proofs/rocq/axioms.v`.
//!
//! # What the language cannot say
//!
//! Inequalities (A4, the bounds of D4), ranks (D5), "for all depths", positivity (g > 0 in E2), and that
//! a matrix is diagonal or triangular (the shapes of B2–B5): these are measured, or proved in Rocq.

mod axiom;
mod check;
mod dimension;
mod draw;
mod evaluate;
mod explain;
mod matching;
mod model;
mod name;
mod parse;
mod pretty;
mod problem;
mod proved;
mod refuted;
mod reorder;
mod rewrite;
mod script;
mod shape;
mod substitution;
mod term;
mod theorem;

pub use axiom::{Axiom, axioms};
pub use check::{check, declare};
pub use dimension::Dimension;
pub use draw::{NoDraw, draw};
pub use evaluate::{Assignment, Function, NoValue};
pub use explain::{explain, reason};
pub use model::{Entries, Model, NoModel, check_model, rows};
#[cfg(feature = "cli")]
pub(crate) use name::line;
pub use parse::{parse_dimension, parse_equation, parse_shape, parse_term};
#[cfg(feature = "report")]
pub(crate) use pretty::is_square;
pub use pretty::pretty;
pub use problem::{Problem, ProofError};
pub use proved::{Derivation, Proved};
pub use refuted::{NotRefuted, Refutations, Refuted};
pub use rewrite::{Context, Rule};
pub use script::{Refusal, Script, Unreadable, check_all};
pub use shape::{Shape, Signature};
pub use term::{LARGEST_TERM, Op, Term};
pub use theorem::{Lemma, Step, Theorem};
