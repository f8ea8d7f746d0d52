//! Every statement on every hard family, as a grid.

use maud::{Markup, html};

use super::page::{scroller, sign};
use crate::{
    family::Family,
    judge::Verdict,
    verify::{Cell, Coverage, mark},
};

/// The section, or nothing if no families were run.
pub(super) fn section(coverage: &Coverage) -> Markup {
    let rows = coverage.rows();
    let table = html! {
        table class="grid" {
            caption { span {
                "Statements by family. "
                span class="verified" { "✓" } " verified in every arithmetic, "
                span class="refuted" { "✗" } " refuted, " span class="unknown" { "?" } " unknown, · says nothing there."
            } }
            thead { tr {
                th scope="col" { "family" }
                @for row in &rows {
                    th scope="col" { a href={ "#" (row.statement) } { (row.statement) } }
                }
            } }
            tbody { @for family in Family::ALL {
                tr {
                    th scope="row" { (family.name()) }
                    @for row in &rows {
                        @let cells = row.columns.iter().flat_map(|(_, cells)| cells.iter().copied());
                        (cell(&cells.filter(|cell| cell.family == family).collect::<Vec<_>>()))
                    }
                }
            } }
        }
    };
    html! {
        @if !coverage.cells.is_empty() {
            section id="coverage" aria-labelledby="coverage-title" {
                h2 id="coverage-title" { "Coverage: hard families" }
                p {
                    "Random networks are kind. These families are hard on purpose: " (Family::ALL.len())
                    " of them, " (coverage.cases) " cases for each statement, family and arithmetic."
                }
                (scroller("Statements by family", &table))
            }
        }
    }
}

/// One statement on one family, over all arithmetics.
fn cell(cells: &[&Cell]) -> Markup {
    let verdict = cells
        .iter()
        .filter_map(|cell| cell.verdict())
        .reduce(Verdict::and);
    let Some(verdict) = verdict else {
        let why = cells.iter().find_map(|cell| cell.inapplicable.as_deref());
        return html! {
            td class="none" title=[why] { span aria-hidden="true" { "·" } span class="spoken" { "does not apply" } }
        };
    };
    let found = cells
        .iter()
        .filter(|cell| cell.tally.cases > 0)
        .map(|cell| {
            let verdict = cell.verdict().unwrap_or(Verdict::Unknown);
            let broken = cell.tally.broken.is_some();
            format!(
                "{} {}",
                cell.arithmetic.title(),
                mark(verdict, cell.judge, broken, &cell.tally.ratio)
            )
        });
    let found: Vec<String> = found.collect();
    html! {
        td class=(verdict.word()) title=(found.join(", ")) {
            span aria-hidden="true" { (sign(verdict)) } span class="spoken" { (verdict.word()) }
        }
    }
}
