//! The page of a run of `verify`.

use maud::{Markup, html};

use super::{
    Verification, coverage, network,
    page::{badge_if_any, contents, document, scroller, tile},
    proof::{self, Proofs},
    statement,
};
use crate::{
    judge::{Slope, Verdict},
    verify::{Column, Section, StatementOutcome, copies, mark},
    visible::visible,
};

/// The document.
pub(super) fn page(run: &Verification) -> String {
    let outcome = run.outcome;
    let proofs = Proofs::read();
    let law = run.law();
    let networks = (!run.portraits.is_empty()).then_some(("networks", "Networks"));
    let mut entries = vec![("summary", "Summary"), ("statements", "Statements")];
    entries.splice(..0, networks.filter(|_| run.given));
    if law.is_some() {
        entries.push(("law", "Precision law"));
    }
    if !outcome.coverage.cells.is_empty() {
        entries.push(("coverage", "Coverage"));
    }
    entries.extend(networks.filter(|_| !run.given));
    entries.push(("details", "Statement by statement"));
    let body = html! {
        header {
            p class="kicker" { "isotropic verify" }
            h1 { "Verification report" }
            p class="lead" { (lead(run)) }
            @if run.given {
                @for portrait in run.portraits { (network::findings(portrait, of_network(run, &portrait.name))) }
            }
        }
        (contents(&entries))
        main id="main" {
            @if run.given { (networks_section(run)) }
            (summary(run))
            section id="statements" aria-labelledby="statements-title" {
                h2 id="statements-title" { "Statements" }
                p class="note" {
                    "=  exactly equal. A number is the largest residual divided by its rounding bound, or the largest measured \
                     value divided by its bound: at most 1. –  does not apply. Slope: change of log₂ residual per bit."
                }
                @for section in &outcome.sections {
                    (table(section))
                    @for line in copies(section) { p class="note" { (visible(&line)) "." } }
                }
            }
            @if let Some(law) = &law {
                section id="law" aria-labelledby="law-title" {
                    h2 id="law-title" { "The precision law" }
                    p {
                        "A tolerance can be chosen to pass; a slope can hardly be faked. Every statement and control here \
                         was measured in each precision, with rotations and factorisations computed anew."
                    }
                    div class="wide" { (law.broad()) }
                }
            }
            (coverage::section(&outcome.coverage))
            @if !run.given { (networks_section(run)) }
            section id="details" aria-labelledby="details-title" {
                h2 id="details-title" { "Statement by statement" }
                @for entry in run.entries { (statement::section(&entry.declaration, outcome, &proofs)) }
                @for (declaration, proof) in &outcome.proved { (statement::proved(declaration, proof, &proofs)) }
            }
        }
    };
    document("Verification report", &body)
}

fn networks_section(run: &Verification) -> Markup {
    html! {
        @if !run.portraits.is_empty() {
            section id="networks" aria-labelledby="networks-title" {
                h2 id="networks-title" { "Networks" }
                @for (i, portrait) in run.portraits.iter().enumerate() {
                    (network::section(portrait, i + 1, run.scaffold_threshold))
                }
            }
        }
    }
}

/// The statements on one network.
fn of_network<'a>(run: &'a Verification, name: &str) -> Option<&'a Section> {
    run.outcome
        .sections
        .iter()
        .find(|section| section.name == name)
}

fn rows<'a>(run: &'a Verification) -> impl Iterator<Item = &'a StatementOutcome> {
    run.outcome
        .sections
        .iter()
        .flat_map(|section| &section.statements)
}

fn lead(run: &Verification) -> Markup {
    html! {
        (badge_if_any(run.outcome.verdict())) " "
        (run.entries.len()) " statements about isotropic networks, each measured in several arithmetics, with the \
        wrong versions that its check must reject."
    }
}

fn summary(run: &Verification) -> Markup {
    let count = |verdict| {
        rows(run)
            .filter(|row| row.verdict() == Some(verdict))
            .count()
    };
    let controls = || {
        rows(run)
            .take(run.entries.len())
            .flat_map(|row| &row.controls)
    };
    let caught = controls().filter(|control| control.caught()).count();
    let measured = run.outcome.sections.first().into_iter();
    let proofs = measured
        .flat_map(|section| &section.statements)
        .map(|statement| &statement.proof);
    let proofs = proofs.chain(run.outcome.proved.iter().map(|(_, proof)| proof));
    let proved = proofs.filter(|proof| proof::holds(proof)).count();
    let statements = run.entries.len() + run.outcome.proved.len();
    html! {
        section id="summary" aria-labelledby="summary-title" {
            h2 id="summary-title" { "Summary" }
            dl class="tiles" {
                (tile(proved, "proved", "proved", &format!("of {statements} statements")))
                (tile(count(Verdict::Verified), "verified", "verified", "rows of the tables below"))
                (tile(count(Verdict::Refuted), "refuted", "refuted", "a case disagrees"))
                (tile(count(Verdict::Unknown), "unknown", "unknown", "no sufficient evidence"))
                (tile(caught, "controls caught", "controls", &format!("of {}", controls().count())))
            }
            dl class="facts" {
                dt { "Networks" }
                dd { ul { @for section in &run.outcome.sections {
                    li { (visible(&section.name)) ", " (section.cases) " cases a statement and arithmetic" }
                } } }
                dt { "Seed" } dd { (run.outcome.seed) }
                dt { "Time" } dd { (format!("{:.1} s", run.outcome.seconds)) }
                dt { "Replay" } dd { code { (visible(run.replay)) } }
            }
        }
    }
}

fn table(section: &Section) -> Markup {
    let name = visible(&section.name);
    let table = html! {
        table class="statements" {
            caption { span { (name) } }
            thead { tr {
                th scope="col" { "statement" } th scope="col" { "verdict" }
                th scope="col" { "proof" }
                @for arithmetic in &section.arithmetics {
                    th scope="col" class="number" { (arithmetic.title()) }
                }
                th scope="col" class="number" { "slope" } th scope="col" class="number" { "controls" }
            } }
            tbody { @for statement in &section.statements {
                tr {
                    th scope="row" { a href={ "#" (statement.id) } {
                        span class="id" { (statement.id) } " " (statement.title)
                    } }
                    td { (badge_if_any(statement.verdict())) }
                    td { (statement.proof.word()) }
                    @for column in &statement.columns { (cell(column)) }
                    td class="number" { (slope(statement.slope)) }
                    td class="number" {
                        (statement.controls.iter().filter(|control| control.caught()).count())
                        "/" (statement.controls.len())
                    }
                }
            } }
        }
    };
    scroller(&format!("Statements on {name}"), &table)
}

fn cell(column: &Column) -> Markup {
    match (column.judge, column.verdict()) {
        (Some(judge), Some(verdict)) if column.tally.cases > 0 => {
            let broken = column.tally.broken.is_some();
            let class = if verdict == Verdict::Verified {
                ""
            } else {
                verdict.word()
            };
            html! { td class={ "number " (class) } { (mark(verdict, judge, broken, &column.tally.ratio)) } }
        }
        _ => html! { td class="number none" { "–" } },
    }
}

fn slope(slope: Option<Slope>) -> String {
    match slope {
        Some(Slope::Fitted { slope, .. }) => format!("{slope:.4}"),
        Some(Slope::Undefined) | None => "–".into(),
    }
}
