//! Which mistake explains the failures of a port.
//!
//! A mistake is named by evidence alone. Most are *planted* in this program's own arithmetic and answer each case as a port
//! with that mistake would: the port's numbers must be these, in at least nine of ten failed cases of the first operation that
//! fails, and in three of four of the cases of that gain in which the mistake would show. The others leave a *sign*: which outputs are
//! wrong, and how. Below that nothing is named: a wrong name costs more time than none.

mod evidence;
mod planted;
mod signs;

use std::cmp::Reverse;

use evidence::{Seen, Weight};

use super::{
    flag::{Flag, flag},
    judged::{Judged, Row},
    operation::Operation,
};

/// What a case says about one way to make a mistake.
type Test = fn(&Seen<'_>) -> Weight;

/// A mistake as an operation shows it.
struct Known {
    flag: &'static str,
    /// It must show in (nearly) every case in which it can, not only in those that failed.
    everywhere: bool,
    /// By its numbers, not by a sign.
    numbers: bool,
    /// Ways to make it, any of which will do.
    tests: Vec<Test>,
}

/// A mistake that explains the failures of an operation.
#[derive(Clone, Debug)]
pub struct Mistake {
    /// What it is.
    pub flag: &'static Flag,
    /// Failed cases that it explains.
    pub explained: usize,
    /// The numbers are the mistake's, not only the pattern of what fails.
    pub numbers: bool,
}

/// What the failures of a port come from.
#[derive(Debug)]
pub enum Diagnosis<'a> {
    /// Nothing failed.
    Nothing,
    /// The first failures are no numbers: answers that are missing or no answers. What to do is said with each.
    Protocol {
        /// The first operation that fails.
        operation: &'a str,
        /// Its failed cases that were not answered properly.
        broken: usize,
        /// Its failed cases.
        failed: usize,
    },
    /// One mistake explains the failures of the first operation that fails; more than one where the cases cannot tell them apart.
    Named {
        /// The first operation that fails.
        operation: &'a str,
        /// Its failed cases.
        failed: usize,
        /// The mistakes.
        mistakes: Vec<Mistake>,
    },
    /// No known mistake does.
    Unknown {
        /// The first operation that fails.
        operation: &'a str,
        /// Its smallest case that fails.
        smallest: &'a Judged,
    },
}

/// The diagnosis for verdicts in an arithmetic. Only the first operation that fails is asked, in the order in which a
/// port is best written: a mistake in it fails what is built on it.
pub fn diagnose<'a>(rows: &'a [Row], precision: &'a str) -> Diagnosis<'a> {
    for row in rows {
        let seen: Vec<Seen<'a>> = row
            .verdicts
            .iter()
            .filter_map(|judged| Seen::of(judged, precision))
            .collect();
        let failed = seen.iter().filter(|seen| seen.failed).count();
        if failed > 0 {
            return of_row(row, &seen, failed);
        }
    }
    Diagnosis::Nothing
}

fn of_row<'a>(row: &'a Row, seen: &[Seen<'a>], failed: usize) -> Diagnosis<'a> {
    let operation = row.operation.as_str();
    let known = Operation::from_name(operation);
    let broken = seen.iter().filter(|seen| seen.broken()).count();
    // A check that is left out may well end in a crash.
    if 2 * broken > failed && known != Some(Operation::Invalid) {
        return Diagnosis::Protocol {
            operation,
            broken,
            failed,
        };
    }
    let mistakes = match known {
        Some(Operation::Invalid) => signs::not_refused(seen),
        Some(operation) => [planted::known(operation), signs::known(operation)]
            .into_iter()
            .find_map(|known| {
                let found = likeliest(&known, seen, failed);
                (!found.is_empty()).then_some(found)
            })
            .unwrap_or_default(),
        None => vec![],
    };
    if mistakes.is_empty() {
        let failures = row.verdicts.iter().filter(|judged| judged.failed());
        let length = |judged: &&Judged| {
            let parts = serde_json::to_string(&judged.case.input);
            parts.map_or(usize::MAX, |text| text.len())
        };
        if let Some(smallest) = failures.min_by_key(length) {
            return Diagnosis::Unknown {
                operation,
                smallest,
            };
        }
    }
    Diagnosis::Named {
        operation,
        failed,
        mistakes,
    }
}

/// What speaks for a mistake: failed cases that it explains, whether it has to show everywhere, and, the fewer the better, cases in which
/// it would show and does not.
type Evidence = (usize, bool, Reverse<usize>);

/// Those that explain most, if that is enough to name them.
fn likeliest(known: &[Known], seen: &[Seen<'_>], failed: usize) -> Vec<Mistake> {
    let gains: Vec<Option<&str>> = seen
        .iter()
        .filter(|seen| seen.failed)
        .map(|seen| seen.case.gain())
        .collect();
    let tally = |test: &Test, everywhere: bool| {
        let (mut explained, mut against, mut elsewhere) = (0, 0, 0);
        for seen in seen {
            match test(seen) {
                Weight::For if seen.failed => explained += 1,
                // A mistake may have been made for one gain alone.
                Weight::Against if gains.contains(&seen.case.gain()) => against += 1,
                Weight::Against => elsewhere += 1,
                Weight::For | Weight::Silent => {}
            }
        }
        let shown = explained + against;
        let enough = explained > 0
            && 10 * explained >= 9 * failed
            && (!everywhere || 4 * explained >= 3 * shown);
        // A sign that need not show everywhere has nothing against it.
        let against = if everywhere { against + elsewhere } else { 0 };
        enough.then_some((explained, Reverse(against)))
    };
    let mut found: Vec<(Evidence, Mistake)> = known
        .iter()
        .filter_map(|known| {
            let tests = known.tests.iter();
            let (explained, against) = tests
                .filter_map(|test| tally(test, known.everywhere))
                .max()?;
            let mistake = Mistake {
                flag: flag(known.flag)?,
                explained,
                numbers: known.numbers,
            };
            Some(((explained, known.everywhere, against), mistake))
        })
        .collect();
    let best = found.iter().map(|(evidence, _)| *evidence).max();
    found.retain(|(evidence, _)| Some(*evidence) == best);
    let mut mistakes: Vec<Mistake> = found.into_iter().map(|(.., mistake)| mistake).collect();
    // Two signs of one mistake.
    mistakes.dedup_by_key(|mistake| mistake.flag.name);
    mistakes
}
