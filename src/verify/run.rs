//! Running a plan.

use std::time::Instant;

use super::{
    Outcome,
    collect::conclude,
    measure::{jobs, measure_all},
    plan::Plan,
};
use crate::statement::Entry;

/// Runs the plan on all cores. `progress` hears of every finished piece of work: done, of how many,
/// and what it was. The outcome does not depend on the number of cores.
pub fn run(
    entries: &[Entry],
    plan: &Plan,
    progress: &(dyn Fn(usize, usize, &str) + Sync),
) -> Outcome {
    let start = Instant::now();
    let jobs = jobs(entries, plan);
    let tallies = measure_all(entries, plan, &jobs, progress);
    let results: Vec<_> = jobs.iter().zip(tallies).collect();
    let mut outcome = conclude(entries, plan, &results, 0.0);
    outcome.seconds = start.elapsed().as_secs_f64();
    outcome
}
