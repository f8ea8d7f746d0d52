//! The section of one statement: what it says, where it is from, and the evidence.

use maud::{Markup, html};

use super::{
    figure::law_of_one,
    math::formula,
    page::{badge_if_any, scroller},
    proof::{self, Proofs},
};
use crate::{
    judge::{Slope, Verdict, short},
    statement::{Declaration, Judge, Proof},
    verify::{ControlOutcome, Outcome, Section, StatementOutcome, mark},
    visible::visible,
};

/// The section of a statement; its id is the statement's.
pub(super) fn section(declaration: &Declaration, outcome: &Outcome, proofs: &Proofs) -> Markup {
    let id = &declaration.id;
    let found: Vec<(&Section, &StatementOutcome)> = outcome
        .sections
        .iter()
        .filter_map(|section| {
            let statement = section.statements.iter().find(|s| s.id == *id)?;
            Some((section, statement))
        })
        .collect();
    let verdict = found
        .iter()
        .filter_map(|(_, statement)| statement.verdict())
        .reduce(Verdict::and);
    let verdict = verdict.or_else(|| found.is_empty().then_some(Verdict::Unknown));
    let first = found.first().map(|(_, statement)| *statement);
    let none = Proof::None;
    let proof = first.map_or(&none, |statement| &statement.proof);
    html! {
        section class="statement" id=(id) aria-labelledby={ (id) "-title" } {
            (heading(declaration, &html! { (badge_if_any(verdict)) (proof::badge(proof)) }))
            (facts(declaration, &proofs.facts(declaration, proof)))
            @if let Some(first) = first {
                div class="beside" {
                    (controls(declaration, &first.controls))
                    @if let Some(figure) = first.slope.and(law_of_one(first, &format!("law-{id}"), |_, control| needs(declaration, control))) {
                        (figure.markup())
                    }
                }
            }
            (evidence(id, &found, verdict))
        }
    }
}

/// The section of a statement that is proved and not measured.
pub(super) fn proved(declaration: &Declaration, proof: &Proof, proofs: &Proofs) -> Markup {
    let id = &declaration.id;
    html! {
        section class="statement" id=(id) aria-labelledby={ (id) "-title" } {
            (heading(declaration, &proof::badge(proof)))
            (facts(declaration, &proofs.facts(declaration, proof)))
            p class="note" { "Proved, not measured: nothing here trains or convolves." }
        }
    }
}

fn heading(declaration: &Declaration, badges: &Markup) -> Markup {
    let id = &declaration.id;
    html! {
        h3 id={ (id) "-title" } { span class="id" { (id) } " " (declaration.title) " " (badges) }
        p class="formula" { (formula(declaration.statement.trim_end())) }
    }
}

fn facts(declaration: &Declaration, proofs: &Markup) -> Markup {
    html! {
        dl class="facts" {
            dt { "Assumes" }
            dd { @if declaration.hypotheses.is_empty() { "nothing" } @else {
                ul { @for hypothesis in &declaration.hypotheses { li { (formula(hypothesis)) } } }
            } }
            (proofs)
            dt { "Source" } dd { (declaration.source) }
            @if !declaration.judge.is_empty() {
                dt { "Judged by" } dd { (judges(&declaration.judge)) }
            }
            dt { "Checked in" } dd { @for (i, file) in declaration.checks.iter().enumerate() {
                @if i > 0 { ", " } code { (file) }
            } }
        }
    }
}

fn judges(judges: &[Judge]) -> String {
    let words = judges.iter().map(|judge| match judge {
        Judge::Exact => "equality over ℚ",
        Judge::Bitwise => "equality of every bit in floating point",
        Judge::Ratio => {
            "residual within the rounding bound, and slope -1 of log₂ residual against bits"
        }
        Judge::Difference => {
            "residual within its bound, and slope -2/3 of log₂ residual against bits"
        }
        Judge::Bound => "measured ≤ bound, and not vacuous",
        Judge::Rank => "the predicted width, and residual within the rounding bound",
        Judge::Sampling => "a mean within its confidence radius",
    });
    words.collect::<Vec<_>>().join("; ")
}

/// What a control of the statement needs to be seen.
fn needs(declaration: &Declaration, id: &str) -> Option<String> {
    let mut controls = declaration.controls.iter();
    Some(controls.find(|control| control.id == id)?.needs.clone())
}

fn controls(declaration: &Declaration, outcomes: &[ControlOutcome]) -> Markup {
    let table = html! {
        table {
            caption { span { "Controls: wrong versions that must be caught" } }
            thead { tr {
                th scope="col" { "control" } th scope="col" { "what is wrong" }
                th scope="col" { "needs" } th scope="col" class="number" { "caught" }
            } }
            tbody { @for control in &declaration.controls {
                @let outcome = outcomes.iter().find(|outcome| outcome.id == control.id);
                @let (caught, cases) = outcome.map_or((0, 0), ControlOutcome::counts);
                tr class=[(caught == 0).then_some("missed")] {
                    th scope="row" { (control.id) }
                    td { (formula(&control.what)) }
                    td { (formula(&control.needs)) }
                    td class="number" { (caught) " of " (cases) }
                }
            } }
        }
    };
    html! {
        @if !declaration.controls.is_empty() {
            (scroller(&format!("Controls of {}", declaration.id), &table))
        }
    }
}

/// Open where there is something to look into.
fn evidence(id: &str, found: &[(&Section, &StatementOutcome)], verdict: Option<Verdict>) -> Markup {
    let columns = || {
        found.iter().flat_map(|(section, statement)| {
            let applying = statement
                .columns
                .iter()
                .chain(&statement.second_look)
                .filter(|column| column.judge.is_some());
            applying.map(move |column| (section, column))
        })
    };
    let table = html! {
        table {
            caption { span { "Evidence for " (id) } }
            thead { tr {
                th scope="col" { "networks" } th scope="col" { "arithmetic" } th scope="col" class="number" { "cases" }
                th scope="col" class="number" { "residuals" } th scope="col" class="number" { "largest ratio" }
                th scope="col" class="number" { "largest relative residual" } th scope="col" { "verdict" }
            } }
            tbody { @for (section, column) in columns() {
                @let verdict = column.verdict();
                @let tally = &column.tally;
                tr {
                    th scope="row" { (visible(&section.name)) }
                    td { (column.arithmetic.title()) }
                    td class="number" { (tally.cases) }
                    td class="number" { (tally.samples) }
                    td class="number" { (column.judge.zip(verdict).map_or("–".into(), |(judge, verdict)| {
                        mark(verdict, judge, tally.broken.is_some(), &tally.ratio)
                    })) }
                    td class="number" { (exactly(&tally.relative)) }
                    td { (badge_if_any(verdict))
                        @if let Some(why) = column.complaint() { p class="complaint" { (visible(&why)) } }
                        @if let Some(why) = &column.inapplicable { p class="note" { (visible(why)) } }
                    }
                }
            } }
        }
    };
    let slopes = found
        .iter()
        .filter_map(|(section, statement)| match statement.slope? {
            Slope::Fitted {
                slope,
                expected,
                tolerance,
            } => Some(format!(
                "{} {slope:.4} (expected {expected:.4} ± {tolerance:.3})",
                section.name
            )),
            Slope::Undefined => None,
        });
    let slopes: Vec<String> = slopes.map(|text| visible(&text)).collect();
    let remarks = found.iter().flat_map(|(section, statement)| {
        let remarks = statement.remarks().into_iter();
        remarks.map(|remark| visible(&format!("{}: {remark}", section.name)))
    });
    let remarks: Vec<String> = remarks.collect();
    html! {
        details open=[(verdict.is_some_and(|v| v != Verdict::Verified)).then_some("open")] {
            summary { "Evidence: " (columns().count()) " rows" }
            (scroller(&format!("Evidence for {id}"), &table))
            @for remark in &remarks { p class="note" { (remark) } }
            @if !slopes.is_empty() { p { "Slope of log₂ residual per bit: " (slopes.join("; ")) "." } }
        }
    }
}

fn exactly(relative: &crate::statement::Magnitude) -> String {
    if num_traits::Zero::is_zero(relative) {
        "0".into()
    } else {
        short(relative)
    }
}
