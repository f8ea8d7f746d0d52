//! The report for machines.

use serde_json::{Value, json};

use super::Report;
use crate::vector::{hint::Diagnosis, judge::Outcome, judged::Judged};

impl Report {
    /// The verdicts, and the mistakes that they suggest.
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
