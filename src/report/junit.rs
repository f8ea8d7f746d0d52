//! The outcome of `verify` as JUnit XML, which build servers read.

use maud::{Markup, PreEscaped, html};

use crate::{
    judge::Verdict,
    statement::{Declaration, Proof},
    verify::{CoverageRow, Outcome, StatementOutcome},
    visible::visible,
};

struct Case {
    title: String,
    /// `None`: the statement says nothing there.
    verdict: Option<Verdict>,
    why: String,
}

/// A `testsuite` for each source of networks, one for the hard families and one for what is proved and not
/// measured; a `testcase` for each
/// statement. A refuted one is a `failure`, an unknown one an `error`: neither passes. One that says nothing about a given
/// network is `skipped`.
pub fn to_junit(outcome: &Outcome) -> String {
    let sections = outcome.sections.iter().map(|section| {
        let cases = section.statements.iter().map(of_statement).collect();
        (section.name.as_str(), cases)
    });
    let mut suites: Vec<(&str, Vec<Case>)> = sections.collect();
    if !outcome.coverage.cells.is_empty() {
        let rows = outcome.coverage.rows();
        suites.push((
            "hard families",
            rows.iter().filter_map(of_families).collect(),
        ));
    }
    if !outcome.proved.is_empty() {
        suites.push(("proofs", outcome.proved.iter().map(of_proof).collect()));
    }
    let body = html! {
        testsuites name="isotropic verify" time=(format!("{:.3}", outcome.seconds)) {
            @for (name, cases) in &suites { (suite(name, cases)) }
        }
    };
    html! { (PreEscaped("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")) (body) "\n" }.into_string()
}

fn suite(name: &str, cases: &[Case]) -> Markup {
    let count = |verdict| cases.iter().filter(|case| case.verdict == verdict).count();
    html! {
        testsuite name=(visible(name)) tests=(cases.len()) failures=(count(Some(Verdict::Refuted)))
            errors=(count(Some(Verdict::Unknown))) skipped=(count(None)) {
            @for case in cases {
                testcase name=(visible(&case.title)) classname=(visible(name)) {
                    @match case.verdict {
                        Some(Verdict::Verified) => {},
                        Some(Verdict::Refuted) => { failure message="refuted" { (visible(&case.why)) } },
                        Some(Verdict::Unknown) => { error message="unknown" { (visible(&case.why)) } },
                        None => { skipped message=(visible(&case.why)) {} },
                    }
                }
            }
        }
    }
}

fn of_statement(statement: &StatementOutcome) -> Case {
    let verdict = statement.verdict();
    let why = match verdict {
        None => statement.remarks(),
        Some(_) => statement.complaints(),
    };
    Case {
        title: format!("{} {}", statement.id, statement.title),
        verdict,
        why: why.join("\n"),
    }
}

/// A statement that is proved and not measured.
fn of_proof((declaration, proof): &(Declaration, Proof)) -> Case {
    let why = match proof {
        Proof::Fails(why) => why.to_string(),
        proof => proof.word().to_string(),
    };
    Case {
        title: format!("{} {}", declaration.id, declaration.title),
        verdict: Some(proof.verdict()),
        why,
    }
}

/// A statement on all hard families, if it says something on any.
fn of_families(row: &CoverageRow) -> Option<Case> {
    let cells = row.columns.iter().flat_map(|(_, cells)| cells);
    let why = cells.filter_map(|cell| {
        let (family, arithmetic) = (cell.family.name(), cell.arithmetic.title());
        Some(format!("{family}, {arithmetic}: {}", cell.complaint()?))
    });
    Some(Case {
        title: row.statement.to_string(),
        verdict: Some(row.verdict()?),
        why: why.collect::<Vec<_>>().join("\n"),
    })
}
