//! The outcome of a check: a table, the failures with what they suggest, and JSON.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    case::{Case, VectorFile},
    flag::{Note, flag},
    judge::{Outcome, Reply, judge},
};

/// The verdicts on all cases that were asked for.
#[derive(Debug, Default)]
pub struct Report {
    /// The arithmetic judged for.
    pub precision: String,
    /// A row a file.
    pub rows: Vec<Row>,
    /// Files and answers that could not be judged, and why: each is a failure.
    pub faults: Vec<String>,
}

/// The cases of one operation.
#[derive(Debug)]
pub struct Row {
    /// The operation.
    pub operation: String,
    /// Verdicts, in the order of the file.
    pub verdicts: Vec<Judged>,
    /// The notes of the file.
    pub notes: BTreeMap<String, Note>,
}

/// One verdict.
#[derive(Debug)]
pub struct Judged {
    /// The case.
    pub id: String,
    /// Its flags.
    pub flags: Vec<String>,
    /// How it ended.
    pub outcome: Outcome,
}

/// What a failed flag suggests.
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
                    .map(|case| Judged {
                        id: case.id.clone(),
                        flags: case.flags.clone(),
                        outcome: judge(case, precision, reply(case).as_ref()),
                    })
                    .collect(),
            })
            .collect();
        Report {
            precision: precision.into(),
            rows,
            faults: vec![],
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
            .filter(|judged| judged.flags.iter().any(|flag| flag == name));
        let mut suspect = Suspect {
            flag: name.into(),
            failed: 0,
            of: 0,
        };
        for judged in flagged {
            suspect.of += 1;
            suspect.failed += usize::from(matches!(judged.outcome, Outcome::Failed(_)));
        }
        suspect
    }

    /// The first operation that fails, as a mistake in it fails what is built on it, and the flags of its failed
    /// cases. The likeliest first: by how nearly the failed cases and the cases that carry the flag are the
    /// same (twice what they share, over the sum of both).
    pub fn suspects(&self) -> Option<(&str, Vec<Suspect>)> {
        let failures = |row: &Row| counts(row.verdicts.iter()).1;
        let row = self.rows.iter().find(|row| failures(row) > 0)?;
        let all = failures(row);
        let mut tally: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for judged in &row.verdicts {
            let failed = match judged.outcome {
                Outcome::Missing => continue,
                Outcome::Failed(_) => 1,
                Outcome::Passed(_) => 0,
            };
            for flag in &judged.flags {
                let entry = tally.entry(flag).or_default();
                *entry = (entry.0 + failed, entry.1 + 1);
            }
        }
        let suspects = tally.into_iter().filter(|(_, (failed, _))| *failed > 0);
        let mut suspects: Vec<Suspect> = suspects
            .map(|(flag, (failed, of))| Suspect {
                flag: flag.into(),
                failed,
                of,
            })
            .collect();
        let score = |s: &Suspect| 2.0 * s.failed as f64 / (s.of + all) as f64;
        suspects.sort_by(|a, b| {
            score(b)
                .total_cmp(&score(a))
                .then_with(|| a.flag.cmp(&b.flag))
        });
        Some((&row.operation, suspects))
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
        if !self.faults.is_empty() {
            out += &format!(", {} faults beside the cases", self.faults.len());
        }
        out + "\n"
    }

    fn failures(&self, most: usize) -> String {
        let failed: Vec<(&Row, &Judged, &Vec<String>)> = self
            .rows
            .iter()
            .flat_map(|row| row.verdicts.iter().map(move |judged| (row, judged)))
            .filter_map(|(row, judged)| match &judged.outcome {
                Outcome::Failed(reasons) => Some((row, judged, reasons)),
                _ => None,
            })
            .collect();
        let mut out = String::new();
        for (row, judged, reasons) in failed.iter().take(most) {
            out += &format!("\n{}\n", judged.id);
            for reason in *reasons {
                out += &format!("  {reason}\n");
            }
            for name in &judged.flags {
                let bug = row.notes.get(name).map_or("?", |note| note.bug.as_str());
                out += &format!("  perhaps {name}: {bug}\n");
            }
        }
        if failed.len() > most {
            out += &format!("\n… and {} more failures\n", failed.len() - most);
        }
        let Some((operation, suspects)) = self.suspects() else {
            return out;
        };
        out += &format!(
            "\nsuspects in {operation}, the first that fails: how many of the cases that would show it\n"
        );
        for suspect in suspects.iter().take(5) {
            let share = format!("{} of {}", suspect.failed, suspect.of);
            out += &format!("  {share:>10}  {}", suspect.flag);
            if let Some(flag) = flag(&suspect.flag) {
                let note = flag.note();
                out += &format!(": {}\n{:14}→ {}", note.bug, "", note.remedy);
            }
            out += "\n";
        }
        out
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
            let mut value = json!({ "id": judged.id, "outcome": outcome, "flags": judged.flags });
            if let (Some(into), Some(from)) = (value.as_object_mut(), detail.as_object()) {
                into.extend(from.clone());
            }
            value
        };
        json!({
            "format": "isotropic-check",
            "version": 1,
            "precision": self.precision,
            "passed": passed,
            "failed": failed,
            "missing": missing,
            "faults": self.faults,
            "cases": self.verdicts().map(case).collect::<Vec<_>>(),
        })
    }
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
