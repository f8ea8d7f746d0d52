//! The report for people: a table, the failures, and what they suggest.

use super::{Report, counts};
use crate::vector::{
    Tree,
    case::Verdict,
    hint::{Diagnosis, Mistake},
    judge::{Outcome, Reply},
    judged::Judged,
};

/// Characters of an input or an answer that are shown.
const SHOWN: usize = 1200;

impl Report {
    /// The table and what follows from it; `most` failures are written out.
    pub fn render(&self, most: usize) -> String {
        let mut out = format!(
            "{:<16}  cases  passed  failed  missing  largest error/allowance\n",
            format!("vectors ({})", self.precision)
        );
        for row in &self.rows {
            let (passed, failed, missing) = counts(row.verdicts.iter());
            let largest = row
                .verdicts
                .iter()
                .filter_map(|judged| match judged.outcome {
                    Outcome::Passed(ratio) => Some(ratio),
                    _ => None,
                });
            let largest = largest.fold(0.0, f64::max);
            out += &format!(
                "{:<16}  {:>5}  {passed:>6}  {failed:>6}  {missing:>7}  {}\n",
                row.operation,
                row.verdicts.len(),
                match passed {
                    0 => "-".into(),
                    _ if largest == 0.0 => "=".into(),
                    _ => format!("{largest:.2e}"),
                }
            );
        }
        out += &self.failures(most);
        for fault in &self.faults {
            out += &format!("\nfailed: {fault}\n");
        }
        let (passed, failed, missing) = self.counts();
        let verdict = match (self.passed(), self.failed()) {
            (true, _) => "passed",
            _ if passed + failed == 0 => "failed: no case was answered",
            (_, true) => "failed",
            _ => "incomplete",
        };
        out += &format!("\n{verdict}: {passed} passed, {failed} failed, {missing} missing");
        if self.outside > 0 {
            out += &format!(", {} outside of the profile", self.outside);
        }
        if !self.faults.is_empty() {
            out += &format!(", {} faults beside the cases", self.faults.len());
        }
        out + "\n"
    }

    fn failures(&self, most: usize) -> String {
        let failed: Vec<&Judged> = self.verdicts().filter(|judged| judged.failed()).collect();
        let mut out = String::new();
        for judged in failed.iter().take(most) {
            out += &format!("\n{}\n  {}\n", judged.case.id, judged.case.comment);
            if let Outcome::Failed(reasons) = &judged.outcome {
                reasons
                    .iter()
                    .for_each(|reason| out += &format!("  {reason}\n"));
            }
        }
        if failed.len() > most {
            out += &format!("\n… and {} more failures\n", failed.len() - most);
        }
        out + &self.hint()
    }

    fn hint(&self) -> String {
        match self.diagnosis() {
            Diagnosis::Nothing => String::new(),
            Diagnosis::Protocol {
                operation,
                broken,
                failed,
            } => format!(
                "\nthe answers are the matter, not the numbers: in {operation} {broken} of {failed} failed cases were not answered properly\n"
            ),
            Diagnosis::Named {
                operation,
                failed,
                mistakes,
            } => named(operation, failed, &mistakes),
            Diagnosis::Unknown {
                operation,
                smallest,
            } => format!(
                "\nno known mistake fits. The first operation that fails is {operation}; its smallest case that fails:\n{}",
                shown(smallest)
            ),
        }
    }
}

fn named(operation: &str, failed: usize, mistakes: &[Mistake]) -> String {
    let mut out = match mistakes {
        [_] => "\nthe mistake:".to_string(),
        _ => "\nthe mistake is one of these, which the cases cannot tell apart:".to_string(),
    };
    for mistake in mistakes {
        let flag = mistake.flag;
        let evidence = match mistake.numbers {
            true => "your numbers are what this gives",
            false => "it explains what is wrong",
        };
        out += &format!(
            "\n  {}: {}\n    in {operation}, the first operation that fails, {evidence} in {} of {failed} failed cases\n    → {}\n",
            flag.name, flag.bug, mistake.explained, flag.remedy
        );
    }
    out
}

/// A case that failed: what it is about, what the port was given, what it had to answer and what it did.
fn shown(judged: &Judged) -> String {
    let case = &judged.case;
    let cut = |text: String| match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{} …", &text[..at]),
        None => text,
    };
    let input = serde_json::to_string(&case.input).unwrap_or_default();
    let mut out = format!("{}\n  {}\n  input {}\n", case.id, case.comment, cut(input));
    let line = |name: &str, what: &str, tree: Option<&Tree<String>>| {
        let text = tree.map_or("nothing".into(), |tree| {
            serde_json::to_string(tree).unwrap_or_default()
        });
        format!("  {name}, {what}: {}\n", cut(text))
    };
    let given = match &judged.reply {
        Some(Reply::Given { outputs, refused }) => {
            if let Some(why) = refused {
                out += &format!("  refused: {}\n", cut(why.clone()));
            }
            Some(outputs)
        }
        Some(Reply::Broken(why)) => {
            out += &format!("  {}\n", cut(why.clone()));
            None
        }
        Some(Reply::Unsupported) | None => None,
    };
    if case.result == Verdict::Invalid {
        out += "  it must be refused\n";
    }
    for (name, quantity) in &case.expected {
        out += &line(name, "expected", Some(&quantity.value));
        out += &line(
            name,
            "answered",
            given.and_then(|outputs| outputs.get(name)),
        );
    }
    out
}
