//! Running the catalogue: which cases, in which arithmetics, and what came of it.

mod json;
mod outcome;
mod run;
mod table;

pub use json::to_json;
pub use outcome::{Column, ControlOutcome, Outcome, Section, StatementOutcome};
pub use run::{Plan, Source, run};
pub use table::render;
