//! Running the registry of faults: what catches each, on how many cases, and the smallest of them.

mod json;
mod table;

use std::time::Instant;

pub use json::controls_to_json;
pub use table::render_controls;

use super::{
    measure::judge_in,
    shrink::{Counterexample, Effort, Subject},
};
use crate::{
    fault::{Fault, Refusal},
    judge::{Tally, Verdict},
    parallel::in_parallel,
    statement::{Arithmetic, Entry, Origin, Variant},
};

/// What to run.
#[derive(Clone, Debug)]
pub struct ControlPlan {
    /// The seed of all cases.
    pub seed: u64,
    /// The arithmetics; counterexamples are sought in the first that has one.
    pub arithmetics: Vec<Arithmetic>,
    /// Cases for each control and arithmetic.
    pub cases: usize,
    /// What may be spent on each counterexample.
    pub effort: Effort,
}

/// What the registry showed.
#[derive(Debug)]
pub struct ControlsOutcome {
    /// The seed.
    pub seed: u64,
    /// Every fault.
    pub faults: Vec<FaultOutcome>,
    /// Wall-clock seconds.
    pub seconds: f64,
}

/// What came of one fault.
#[derive(Debug)]
pub struct FaultOutcome {
    /// The fault.
    pub fault: Fault,
    /// One for each of its controls whose statement was run.
    pub catches: Vec<Catch>,
    /// What the crate did with what it must refuse, if the fault is about that.
    pub refused: Option<(Refusal, Result<(), String>)>,
}

/// What one statement made of one of its controls.
#[derive(Clone, Debug)]
pub struct Catch {
    /// The statement.
    pub statement: String,
    /// The control.
    pub control: String,
    /// The evidence in each arithmetic that the statement is judged in.
    pub tallies: Vec<(Arithmetic, Tally)>,
    /// The smallest case found that is caught.
    pub smallest: Option<Counterexample>,
}

/// Runs the faults on all cores. `progress` hears of every finished piece of work: done, of how many, and
/// what it was.
pub fn run_controls(
    entries: &[Entry],
    faults: Vec<Fault>,
    plan: &ControlPlan,
    progress: &(dyn Fn(usize, usize, &str) + Sync),
) -> ControlsOutcome {
    let start = Instant::now();
    let find = |statement: &str| entries.iter().find(|entry| entry.id() == statement);
    let jobs: Vec<(&Entry, &str)> = faults
        .iter()
        .flat_map(|fault| &fault.controls)
        .filter_map(|(statement, control)| Some((find(statement)?, control.as_str())))
        .collect();
    let catches = in_parallel(
        &jobs,
        |(entry, control)| catch(entry, control, plan),
        |done, (entry, control)| {
            progress(done, jobs.len(), &format!("{}/{control}", entry.id()));
        },
    );
    let of = |fault: &Fault| {
        let named = |catch: &&Catch| {
            let pair = (catch.statement.clone(), catch.control.clone());
            fault.controls.contains(&pair)
        };
        catches.iter().filter(named).cloned().collect()
    };
    let outcome = |fault: Fault| FaultOutcome {
        catches: of(&fault),
        refused: fault.refusal.map(|refusal| (refusal, refusal.attempt())),
        fault,
    };
    ControlsOutcome {
        seed: plan.seed,
        faults: faults.iter().cloned().map(outcome).collect(),
        seconds: start.elapsed().as_secs_f64(),
    }
}

fn catch(entry: &Entry, control: &str, plan: &ControlPlan) -> Catch {
    let origin = entry.declaration.origin(control, &Origin::Generated);
    let variant = Variant::Control(control);
    let (mut tallies, mut smallest) = (vec![], None);
    for &arithmetic in &plan.arithmetics {
        if judge_in(entry, arithmetic).is_none() {
            continue;
        }
        let subject = Subject {
            entry,
            variant,
            arithmetic,
        };
        let mut tally = Tally::default();
        for index in 0..plan.cases {
            let case = entry.case(&origin, arithmetic, plan.seed, index);
            let before = tally.caught;
            let measured = case
                .as_ref()
                .map_err(Clone::clone)
                .and_then(|case| entry.measure(arithmetic, variant, case));
            tally.add(index, measured);
            if let Ok(case) = case
                && tally.caught > before
                && smallest.is_none()
            {
                smallest = Some(Counterexample::find(&subject, &case, plan.effort));
            }
        }
        tallies.push((arithmetic, tally));
    }
    Catch {
        statement: entry.id().into(),
        control: control.into(),
        tallies,
        smallest,
    }
}

impl Catch {
    /// Cases that reject the control, and cases in which it was run.
    pub fn counts(&self) -> (usize, usize) {
        let counts = self.tallies.iter().map(|(_, t)| (t.caught, t.cases));
        counts.fold((0, 0), |(a, b), (c, d)| (a + c, b + d))
    }
}

impl FaultOutcome {
    /// Verified if everything that must catch the fault does; refuted if the crate let through what it must
    /// refuse; unknown if a control was not caught. `None` if there is nothing to catch, or if none of the
    /// statements concerned was run.
    pub fn verdict(&self) -> Option<Verdict> {
        let caught = self.catches.iter().map(|catch| match catch.counts().0 {
            0 => Verdict::Unknown,
            _ => Verdict::Verified,
        });
        let refused = self.refused.iter().map(|(_, outcome)| match outcome {
            Ok(()) => Verdict::Verified,
            Err(_) => Verdict::Refuted,
        });
        caught.chain(refused).reduce(Verdict::and)
    }
}

impl ControlsOutcome {
    /// All faults together; no fault at all is unknown.
    pub fn verdict(&self) -> Verdict {
        let verdicts = self.faults.iter().filter_map(FaultOutcome::verdict);
        verdicts.reduce(Verdict::and).unwrap_or(Verdict::Unknown)
    }
}
