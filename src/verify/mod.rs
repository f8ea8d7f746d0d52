//! Running the catalogue: which cases, in which arithmetics, and what came of it.

mod coverage;
mod json;
mod outcome;
mod run;
mod table;

pub use coverage::{Cell, Coverage, CoverageRow};
pub use json::to_json;
pub use outcome::{Column, ControlOutcome, Outcome, Section, StatementOutcome};
pub use run::{Families, Plan, Source, run};
#[cfg(feature = "report")]
pub(crate) use table::mark;
pub use table::render;
