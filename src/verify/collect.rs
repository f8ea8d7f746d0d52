//! What the measurements say together: columns, slopes, coverage, and a second look at what is off.

use super::{
    Cell, Column, ControlOutcome, Coverage, Given, Outcome, Section, StatementOutcome,
    copied::copied,
    given::beyond,
    measure::{Job, Work, judge_in},
    plan::{Plan, Source},
};
use crate::{
    judge::{Slope, Tally, Verdict},
    parallel::in_parallel,
    statement::{Arithmetic, Declaration, Entry, Judge, Origin, Proof, Variant, proof_of},
};

/// What the measurements of all pieces say together.
pub(super) fn conclude(
    entries: &[Entry],
    plan: &Plan,
    results: &[(&Job, Tally)],
    seconds: f64,
) -> Outcome {
    let mut sections = collect(entries, plan, results);
    look_again(entries, plan, &mut sections);
    Outcome {
        seed: plan.seed,
        sections,
        coverage: coverage(entries, plan, results),
        proved: proved(&plan.proved_only),
        seconds,
    }
}

fn proved(declarations: &[Declaration]) -> Vec<(Declaration, Proof)> {
    let with_proof = |declaration: &Declaration| (declaration.clone(), proof_of(declaration));
    declarations.iter().map(with_proof).collect()
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
