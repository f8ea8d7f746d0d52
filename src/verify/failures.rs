//! From a run that did not verify to its smallest failing cases.

use super::{
    Outcome, Plan,
    shrink::{Counterexample, Effort, Subject},
};
use crate::{
    judge::Verdict,
    statement::{Arithmetic, Entry, Origin, Variant},
};

/// The statements that did not verify, each in the first arithmetic in which it does not, with the failing
/// case shrunk. At most `most` of them.
pub fn failures(
    entries: &[Entry],
    plan: &Plan,
    outcome: &Outcome,
    effort: Effort,
    most: usize,
) -> Vec<Counterexample> {
    let mut failing: Vec<(&str, Origin, Arithmetic, usize)> = vec![];
    for (source, section) in plan.sources.iter().zip(&outcome.sections) {
        for statement in &section.statements {
            let fails = |verdict: Option<Verdict>| verdict.is_some_and(|v| v != Verdict::Verified);
            let mut columns = statement.columns.iter().filter(|c| fails(c.verdict()));
            let first = columns.find_map(|c| Some((c.arithmetic, c.tally.failing_case()?)));
            if let Some((arithmetic, index)) = first {
                failing.push((&statement.id, source.origin.clone(), arithmetic, index));
            }
        }
    }
    for cell in &outcome.coverage.cells {
        let fails = cell.verdict().is_some_and(|v| v != Verdict::Verified);
        let known = failing.iter().any(|(id, ..)| *id == cell.statement);
        if let Some(index) = cell.tally.failing_case().filter(|_| fails && !known) {
            failing.push((
                &cell.statement,
                Origin::Family(cell.family),
                cell.arithmetic,
                index,
            ));
        }
    }
    failing.truncate(most);
    let shrunk = failing
        .into_iter()
        .filter_map(|(id, origin, arithmetic, index)| {
            let entry = entries.iter().find(|entry| entry.id() == id)?;
            let case = entry.case(&origin, arithmetic, plan.seed, index).ok()?;
            let subject = Subject {
                entry,
                variant: Variant::Faithful,
                arithmetic,
            };
            Some(Counterexample::find(&subject, &case, effort))
        });
    shrunk.collect()
}
