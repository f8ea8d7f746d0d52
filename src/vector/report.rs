//! The outcome of a check: a table, the failures with what they suggest, and JSON.

use serde_json::{Value, json};

use super::{
    case::{Case, VectorFile},
    hint::{Diagnosis, Mistake, diagnose},
    judge::{Outcome, Reply, judge},
    judged::{Judged, Row},
};

/// Characters of an input or an answer that are shown.
const SHOWN: usize = 1200;

/// The verdicts on all cases that were asked for.
#[derive(Debug, Default)]
pub struct Report {
    /// The arithmetic judged for.
    pub precision: String,
    /// A row a file.
    pub rows: Vec<Row>,
    /// Files and answers that could not be judged, and why: each is a failure.
    pub faults: Vec<String>,
    /// Cases outside of what the port declares to have: not asked, not judged.
    pub outside: usize,
}

/// How many cases of a flag failed.
#[derive(Debug)]
pub struct Suspect {
    /// The flag.
    pub flag: String,
    /// Failed cases that carry it, and all that do.
    pub failed: usize,
    /// All cases that carry it, unanswered ones aside.
    pub of: usize,
}

impl Report {
    /// Judges every case that is for this arithmetic; `reply` is asked in order.
    pub fn judge(
        files: &[VectorFile],
        precision: &str,
        mut reply: impl FnMut(&Case) -> Option<Reply>,
    ) -> Self {
        let rows = files
            .iter()
            .map(|file| Row {
                operation: file.operation.clone(),
                notes: file.notes.clone(),
                verdicts: file
                    .cases
                    .iter()
                    .filter(|case| case.precisions.iter().any(|name| name == precision))
                    .map(|case| {
                        let reply = reply(case);
                        Judged {
                            case: case.clone(),
                            outcome: judge(case, precision, reply.as_ref()),
                            reply,
                        }
                    })
                    .collect(),
            })
            .collect();
        Report {
            precision: precision.into(),
            rows,
            faults: vec![],
            outside: 0,
        }
    }

    fn verdicts(&self) -> impl Iterator<Item = &Judged> {
        self.rows.iter().flat_map(|row| &row.verdicts)
    }

    /// Numbers of cases passed, failed and missing.
    pub fn counts(&self) -> (usize, usize, usize) {
        counts(self.verdicts())
    }

    /// Every answer was right, and there were answers.
    pub fn passed(&self) -> bool {
        let (passed, failed, missing) = self.counts();
        passed > 0 && failed == 0 && missing == 0 && self.faults.is_empty()
    }

    /// Something was wrong, or nothing was answered.
    pub fn failed(&self) -> bool {
        let (passed, failed, _) = self.counts();
        failed > 0 || passed == 0 || !self.faults.is_empty()
    }

    /// How many cases with this flag failed: what a planted bug has to achieve with at least half of them
    /// (some bugs show in one precision only).
    pub fn suspect(&self, name: &str) -> Suspect {
        let flagged = self
            .verdicts()
            .filter(|judged| judged.case.flags.iter().any(|flag| flag == name));
        let mut suspect = Suspect {
            flag: name.into(),
            failed: 0,
            of: 0,
        };
        for judged in flagged {
            suspect.of += 1;
            suspect.failed += usize::from(judged.failed());
        }
        suspect
    }

    /// Which mistake explains the failures, if one does.
    pub fn diagnosis(&self) -> Diagnosis<'_> {
        diagnose(&self.rows, &self.precision)
    }

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

    /// The same for machines.
    pub fn json(&self) -> Value {
        let (passed, failed, missing) = self.counts();
        let case = |judged: &Judged| {
            let (outcome, detail) = match &judged.outcome {
                Outcome::Passed(ratio) => ("passed", json!({ "ratio": ratio })),
                Outcome::Failed(reasons) => ("failed", json!({ "reasons": reasons })),
                Outcome::Missing => ("missing", json!({})),
            };
            let mut value =
                json!({ "id": judged.case.id, "outcome": outcome, "flags": judged.case.flags });
            if let (Some(into), Some(from)) = (value.as_object_mut(), detail.as_object()) {
                into.extend(from.clone());
            }
            value
        };
        let (first, mistakes) = match self.diagnosis() {
            Diagnosis::Nothing => (Value::Null, vec![]),
            Diagnosis::Protocol { operation, .. } | Diagnosis::Unknown { operation, .. } => {
                (operation.into(), vec![])
            }
            Diagnosis::Named {
                operation,
                mistakes,
                ..
            } => (operation.into(), mistakes),
        };
        let mistakes: Vec<Value> = mistakes
            .iter()
            .map(|mistake| json!({ "flag": mistake.flag.name, "explained": mistake.explained, "by_numbers": mistake.numbers }))
            .collect();
        json!({
            "format": "isotropic-check",
            "version": 1,
            "precision": self.precision,
            "passed": passed,
            "failed": failed,
            "missing": missing,
            "outside": self.outside,
            "faults": self.faults,
            "first_operation_that_fails": first,
            "mistakes": mistakes,
            "cases": self.verdicts().map(case).collect::<Vec<_>>(),
        })
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
    let line = |name: &str, what: &str, tree: Option<&super::Tree<String>>| {
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
    if case.result == super::case::Verdict::Invalid {
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

fn counts<'a>(verdicts: impl Iterator<Item = &'a Judged>) -> (usize, usize, usize) {
    verdicts.fold(
        (0, 0, 0),
        |(passed, failed, missing), judged| match judged.outcome {
            Outcome::Passed(_) => (passed + 1, failed, missing),
            Outcome::Failed(_) => (passed, failed + 1, missing),
            Outcome::Missing => (passed, failed, missing + 1),
        },
    )
}
