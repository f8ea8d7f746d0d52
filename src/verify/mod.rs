//! Running the catalogue: which cases, in which arithmetics, and what came of it.

mod collect;
mod controls;
mod copied;
mod coverage;
mod failures;
mod given;
mod grouped;
mod json;
mod measure;
mod outcome;
mod plan;
mod range;
mod replay;
mod run;
mod shard;
mod shrink;
mod table;

pub use controls::{
    Catch, ControlPlan, ControlsOutcome, FaultOutcome, controls_to_json, render_controls,
    run_controls,
};
pub use copied::copies;
pub use coverage::{Cell, Coverage, CoverageRow};
pub use failures::failures;
pub use given::Given;
pub use json::to_json;
pub use outcome::{Column, ControlOutcome, Outcome, Section, StatementOutcome};
pub use plan::{Families, Plan, Source};
pub use replay::{Diagnosis, Replay, Replayed, Rung, replay};
pub use run::run;
pub use shard::{JoinError, Part, Share, join, run_share};
pub use shrink::{Counterexample, Effort, Shrunk, Standing, Subject};
#[cfg(feature = "cli")]
pub(crate) use table::aligned;
#[cfg(feature = "report")]
pub(crate) use table::mark;
pub use table::render;
