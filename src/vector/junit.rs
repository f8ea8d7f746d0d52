//! A check as JUnit XML, which build servers read.

use maud::{PreEscaped, html};

use super::{judge::Outcome, report::Report};
use crate::visible::visible;

/// A `testsuite` for each operation, a `testcase` for each case. A wrong answer is a `failure`, a missing one is `skipped`;
/// files and answers that could not be judged are `error`s of a suite of their own.
pub fn to_junit(report: &Report) -> String {
    let (_, failed, missing) = report.counts();
    let body = html! {
        testsuites name=(format!("isotropic vectors ({})", report.precision)) failures=(failed)
            errors=(report.faults.len()) skipped=(missing) {
            @for row in &report.rows {
                testsuite name=(row.operation) tests=(row.verdicts.len())
                    failures=(row.verdicts.iter().filter(|judged| judged.failed()).count())
                    skipped=(row.verdicts.iter().filter(|judged| judged.outcome == Outcome::Missing).count()) {
                    @for judged in &row.verdicts {
                        testcase name=(judged.case.id) classname=(row.operation) {
                            @match &judged.outcome {
                                Outcome::Passed(_) => {},
                                Outcome::Missing => { skipped message="not answered" {} },
                                Outcome::Failed(reasons) => {
                                    failure message=(visible(&judged.case.comment)) { (visible(&reasons.join("\n"))) }
                                },
                            }
                        }
                    }
                }
            }
            @if !report.faults.is_empty() {
                testsuite name="files and answers" tests=(report.faults.len()) errors=(report.faults.len()) {
                    @for fault in &report.faults {
                        testcase name=(visible(fault)) classname="files and answers" {
                            error message="not judged" { (visible(fault)) }
                        }
                    }
                }
            }
        }
    };
    html! { (PreEscaped("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")) (body) "\n" }.into_string()
}
