//! Measuring every statement on every source of networks, on all cores.

use super::{
    Given,
    plan::{Plan, Source},
};
use crate::{
    family::Family,
    judge::Tally,
    parallel::in_parallel,
    statement::{Arithmetic, Entry, Judge, Origin, Variant},
};

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

/// How a statement is judged in an arithmetic, if it applies there.
pub(super) fn judge_in(entry: &Entry, arithmetic: Arithmetic) -> Option<Judge> {
    match arithmetic {
        Arithmetic::Rational => entry
            .declaration
            .judge
            .contains(&Judge::Exact)
            .then_some(Judge::Exact),
        _ => entry.declaration.float_judge(),
    }
}
