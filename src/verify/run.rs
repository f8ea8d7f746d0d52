//! Measuring every statement on every source of networks, on all cores.

use std::time::Instant;

use super::{
    Cell, Column, ControlOutcome, Coverage, Given, Outcome, Section, StatementOutcome,
    copied::copied, given::beyond,
};
use crate::{
    family::Family,
    judge::{Slope, Tally, Verdict},
    parallel::in_parallel,
    statement::{Arithmetic, Declaration, Entry, Judge, Origin, Proof, Variant, proof_of},
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
struct Job<'a> {
    work: Work<'a>,
    entry: usize,
    arithmetic: Arithmetic,
}

#[derive(Clone, Copy, PartialEq)]
enum Work<'a> {
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
    let tallies = in_parallel(
        &jobs,
        |job| measure(&entries[job.entry], plan, job),
        |done, job| {
            let what = format!("{} {}", entries[job.entry].id(), job.arithmetic.title());
            progress(done, jobs.len(), &what);
        },
    );
    let results: Vec<_> = jobs.iter().zip(tallies).collect();
    let mut sections = collect(entries, plan, &results);
    look_again(entries, plan, &mut sections);
    Outcome {
        seed: plan.seed,
        sections,
        coverage: coverage(entries, plan, &results),
        proved: proved(&plan.proved_only),
        seconds: start.elapsed().as_secs_f64(),
    }
}

fn proved(declarations: &[Declaration]) -> Vec<(Declaration, Proof)> {
    let with_proof = |declaration: &Declaration| (declaration.clone(), proof_of(declaration));
    declarations.iter().map(with_proof).collect()
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

fn jobs<'a>(entries: &'a [Entry], plan: &Plan) -> Vec<Job<'a>> {
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

/// What the statement had to give a given network before it could be measured.
fn on_a_copy(entry: &Entry, origin: &Origin, seed: u64) -> Option<String> {
    let Origin::Given { network, .. } = origin else {
        return None;
    };
    let case = entry.case(origin, Arithmetic::F64, seed, 0).ok()?;
    copied(network, &case.network)
}

fn collect(entries: &[Entry], plan: &Plan, results: &[(&Job, Tally)]) -> Vec<Section> {
    let find = |work: Work, entry: usize, arithmetic: Arithmetic| {
        let wanted = Job {
            work,
            entry,
            arithmetic,
        };
        results
            .iter()
            .find(|(job, _)| **job == wanted)
            .map(|(_, tally)| tally.clone())
    };
    let controls = |index: usize, entry: &Entry| -> Vec<ControlOutcome> {
        let outcome = |id: &String| {
            let in_each = plan.controls.arithmetics.iter();
            let tallies: Vec<(Arithmetic, Tally)> = in_each
                .filter_map(|a| Some((*a, find(Work::Control(id), index, *a)?)))
                .collect();
            let slope = slope(
                expected(entry),
                tallies.iter().map(|(a, tally)| (*a, tally)),
            );
            ControlOutcome {
                id: id.clone(),
                tallies,
                slope,
            }
        };
        entry
            .declaration
            .controls
            .iter()
            .map(|control| outcome(&control.id))
            .collect()
    };
    let statement = |source: usize, index: usize, entry: &Entry| {
        let given = matches!(plan.sources[source].origin, Origin::Given { .. });
        let column = |arithmetic: &Arithmetic| {
            let tally = find(Work::Statement(source), index, *arithmetic).unwrap_or_default();
            column(entry, *arithmetic, tally, given)
        };
        let columns: Vec<Column> = plan.sources[source]
            .arithmetics
            .iter()
            .map(column)
            .collect();
        let law = entry.declaration.float_judge().and_then(Judge::slope);
        StatementOutcome {
            id: entry.id().into(),
            title: entry.declaration.title.clone(),
            slope: law.map(|expected| {
                let applying = columns.iter().filter(|c| c.inapplicable.is_none());
                slope(expected, applying.map(|c| (c.arithmetic, &c.tally)))
            }),
            second_look: None,
            columns,
            controls: controls(index, entry),
            proof: proof_of(&entry.declaration),
            copy: on_a_copy(entry, &plan.sources[source].origin, plan.seed),
        }
    };
    let section = |(index, source): (usize, &Source)| Section {
        name: source.name.clone(),
        cases: source.cases,
        arithmetics: source.arithmetics.clone(),
        statements: entries
            .iter()
            .enumerate()
            .map(|(e, entry)| statement(index, e, entry))
            .collect(),
    };
    plan.sources.iter().enumerate().map(section).collect()
}

fn column(entry: &Entry, arithmetic: Arithmetic, tally: Tally, given: bool) -> Column {
    let judge = judge_in(entry, arithmetic);
    Column {
        arithmetic,
        judge,
        inapplicable: judge
            .filter(|_| given)
            .and_then(|j| Given::inapplicable(j, &tally)),
        tally,
    }
}

/// A slope that is off is no counterexample: on a given network the residuals at twice the precision decide.
fn look_again(entries: &[Entry], plan: &Plan, sections: &mut [Section]) {
    let mut rows = vec![];
    for (source, section) in plan.sources.iter().zip(sections) {
        let given = matches!(source.origin, Origin::Given { .. });
        let off = |s: &&mut StatementOutcome| s.slope.map(Slope::verdict) == Some(Verdict::Refuted);
        let statements = section.statements.iter_mut().zip(entries);
        let of_section = statements.filter(|(s, _)| given && off(s));
        rows.extend(of_section.map(|(statement, entry)| (source, statement, entry)));
    }
    let look = |(source, _, entry): &(&Source, &mut StatementOutcome, &Entry)| {
        let arithmetic = beyond(&source.arithmetics)?;
        let given = Given {
            entry,
            variant: Variant::Faithful,
            arithmetic,
        };
        let tally = given.tally(&source.origin, plan.seed, source.cases);
        Some(column(entry, arithmetic, tally, true))
    };
    let looks = in_parallel(&rows, look, |_, _| {});
    for ((_, statement, _), look) in rows.into_iter().zip(looks) {
        statement.second_look = look;
    }
}

fn coverage(entries: &[Entry], plan: &Plan, results: &[(&Job, Tally)]) -> Coverage {
    let cell = |(job, tally): &(&Job, Tally)| {
        let Work::Family(family) = job.work else {
            return None;
        };
        let entry = &entries[job.entry];
        let inapplicable = entry.declaration.inapplicable(family, job.arithmetic);
        let cell = Cell {
            statement: entry.id().into(),
            family,
            arithmetic: job.arithmetic,
            judge: judge_in(entry, job.arithmetic)?,
            inapplicable: inapplicable.map(str::to_string),
            tally: tally.clone(),
        };
        Some((job.entry, cell))
    };
    let mut cells: Vec<(usize, Cell)> = results.iter().filter_map(cell).collect();
    cells.sort_by_key(|(entry, cell)| (*entry, cell.family, cell.arithmetic));
    Coverage {
        cases: plan.families.as_ref().map_or(0, |families| families.cases),
        cells: cells.into_iter().map(|(_, cell)| cell).collect(),
    }
}

/// The slope that a statement's residuals should have; -1 where its judge looks at none.
pub(super) fn expected(entry: &Entry) -> f64 {
    let judge = entry.declaration.float_judge();
    judge.and_then(Judge::slope).unwrap_or(-1.0)
}

pub(super) fn slope<'a>(
    expected: f64,
    tallies: impl Iterator<Item = (Arithmetic, &'a Tally)>,
) -> Slope {
    Slope::fit(
        expected,
        tallies
            .filter(|(a, _)| a.on_ladder())
            .filter_map(|(a, tally)| Some((a.bits()?, tally))),
    )
}
