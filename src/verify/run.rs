//! Measuring every statement on every source of networks, on all cores.

use std::time::Instant;

use super::{
    Given, Outcome,
    collect::{conclude, judge_in},
};
use crate::{
    family::Family,
    judge::Tally,
    parallel::in_parallel,
    statement::{Arithmetic, Declaration, Entry, Origin, Variant},
};

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

/// A unit of work: one statement or control, in one arithmetic, on one source.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Job<'a> {
    pub work: Work<'a>,
    pub entry: usize,
    pub arithmetic: Arithmetic,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Work<'a> {
    /// The statement, on the source of that index.
    Statement(usize),
    /// The control of that name.
    Control(&'a str),
    /// The statement, on a hard family.
    Family(Family),
}

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

/// Measures these pieces on all cores.
pub(super) fn measure_all(
    entries: &[Entry],
    plan: &Plan,
    jobs: &[Job],
    progress: &(dyn Fn(usize, usize, &str) + Sync),
) -> Vec<Tally> {
    in_parallel(
        jobs,
        |job| measure(&entries[job.entry], plan, job),
        |done, job| {
            let what = format!("{} {}", entries[job.entry].id(), job.arithmetic.title());
            progress(done, jobs.len(), &what);
        },
    )
}

impl Job<'_> {
    /// What is measured, in words that are different for every piece of a plan.
    pub(super) fn name(&self, entries: &[Entry], plan: &Plan) -> String {
        let on = match self.work {
            Work::Statement(source) => format!("on {}", plan.sources[source].name),
            Work::Control(id) => format!("control {id}"),
            Work::Family(family) => format!("family {}", family.name()),
        };
        format!(
            "{} in {} {on}",
            entries[self.entry].id(),
            self.arithmetic.title()
        )
    }
}

/// The pieces of a plan, the longest first.
pub(super) fn jobs<'a>(entries: &'a [Entry], plan: &Plan) -> Vec<Job<'a>> {
    let mut jobs = vec![];
    for (entry, e) in entries.iter().enumerate() {
        let mut push = |work, arithmetics: &[Arithmetic]| {
            let applying = arithmetics
                .iter()
                .copied()
                .filter(|a| judge_in(e, *a).is_some());
            jobs.extend(applying.map(|arithmetic| Job {
                work,
                entry,
                arithmetic,
            }));
        };
        for (index, source) in plan.sources.iter().enumerate() {
            push(Work::Statement(index), &source.arithmetics);
        }
        for control in &e.declaration.controls {
            push(Work::Control(&control.id), &plan.controls.arithmetics);
        }
        if let Some(families) = &plan.families {
            for family in Family::ALL {
                push(Work::Family(family), &families.arithmetics);
            }
        }
    }
    // The longest first, so that no core is left with one at the end.
    jobs.sort_by_key(|job| {
        let given = matches!(job.work, Work::Statement(s) if matches!(plan.sources[s].origin, Origin::Given { .. }));
        std::cmp::Reverse((given, job.arithmetic))
    });
    jobs
}

fn measure(entry: &Entry, plan: &Plan, job: &Job) -> Tally {
    let of_source = |source: &Source| (source.origin.clone(), source.cases);
    let ((origin, cases), variant) = match job.work {
        Work::Statement(index) => (of_source(&plan.sources[index]), Variant::Faithful),
        Work::Control(id) => {
            let origin = entry.declaration.origin(id, &plan.controls.origin);
            ((origin, plan.controls.cases), Variant::Control(id))
        }
        Work::Family(family) if family.fits(job.arithmetic) => {
            let cases = plan.families.as_ref().map_or(0, |families| families.cases);
            ((Origin::Family(family), cases), Variant::Faithful)
        }
        Work::Family(_) => return Tally::default(),
    };
    if let Origin::Given { .. } = origin {
        let given = Given {
            entry,
            variant,
            arithmetic: job.arithmetic,
        };
        return given.tally(&origin, plan.seed, cases);
    }
    let mut tally = Tally::default();
    for index in 0..cases {
        let outcome = entry
            .case(&origin, job.arithmetic, plan.seed, index)
            .and_then(|case| entry.measure(job.arithmetic, variant, &case));
        tally.add(index, outcome);
    }
    tally
}
