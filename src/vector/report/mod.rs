//! The outcome of a check: every verdict, what it comes to, and which mistake it suggests.

mod json;
mod text;

use super::{
    case::{Case, VectorFile},
    hint::{Diagnosis, diagnose},
    judge::{Outcome, Reply, judge},
    judged::{Judged, Row},
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
