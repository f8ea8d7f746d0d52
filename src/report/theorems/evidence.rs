//! Statement by kind of evidence, and why a cell is empty.

use maud::{Markup, html};

use super::super::{
    math::formula,
    page::{scroller, tile},
};
use crate::statement::{Declaration, Evidence, Found, reasons};

/// The table, and the reasons for its empty cells.
pub(super) fn section(rows: &[(Declaration, Vec<Found>)]) -> Markup {
    let fewest = rows
        .iter()
        .map(|(_, cells)| kinds(cells))
        .min()
        .unwrap_or(0);
    let table = html! {
        table class="grid evidence" {
            caption { span { "Statements by kind of evidence. An empty cell has its reason below, and in the section of its statement." } }
            thead { tr {
                th scope="col" { "statement" }
                @for kind in Evidence::ALL { th scope="col" { (formula(kind.title())) } }
                th scope="col" { "kinds" }
            } }
            tbody { @for (declaration, cells) in rows {
                tr {
                    th scope="row" { a href={ "#" (declaration.id) } { span class="id" { (declaration.id) } } " " (declaration.title) }
                    @for cell in cells { (cell_of(cell)) }
                    td { (kinds(cells)) }
                }
            } }
        }
    };
    let all = reasons(rows);
    html! {
        section id="evidence" aria-labelledby="evidence-title" {
            h2 id="evidence-title" { "Evidence" }
            p { "No kind of evidence fails for the reason that another one fails for. No statement rests on one alone." }
            dl class="tiles" {
                (tile(rows.len(), "statements", "proved", "in the catalogue"))
                (tile(fewest, "kinds", "proved", "at least, for each of them"))
                @for (at, kind) in Evidence::ALL.iter().enumerate().take(2) {
                    (tile(rows.iter().filter(|(_, cells)| cells.get(at).is_some_and(is_there)).count(), kind.title(), "proved", "statements, whole or in part"))
                }
            }
            (scroller("Statements by kind of evidence", &table))
            details {
                summary { "Why cells are empty: " (all.len()) " reasons" }
                ul { @for (kind, why, ids) in &all {
                    li { (formula(kind.title())) ": " (formula(why)) " ("
                        @for (i, id) in ids.iter().enumerate() { @if i > 0 { ", " } a href={ "#" (id) } { (id) } }
                    ")" }
                } }
            }
        }
    }
}

fn is_there(cell: &Found) -> bool {
    matches!(cell, Found::Yes { .. })
}

fn kinds(cells: &[Found]) -> usize {
    cells.iter().filter(|cell| is_there(cell)).count()
}

fn cell_of(cell: &Found) -> Markup {
    match cell {
        Found::Yes { mark, what } => html! { td class="verified" title=(what) { (mark) } },
        Found::No(why) => html! {
            td class="none" title=(why) { span aria-hidden="true" { "·" } span class="spoken" { "none: " (why) } }
        },
    }
}

/// All eight kinds, in words.
pub(super) fn facts(cells: &[Found]) -> Markup {
    let there = cells.iter().filter(|cell| is_there(cell)).count();
    html! {
        details {
            summary { "Evidence: " (there) " of " (Evidence::ALL.len()) " kinds" }
            dl class="facts" { @for (kind, cell) in Evidence::ALL.iter().zip(cells) {
                dt { (formula(kind.title())) }
                dd { @match cell {
                    Found::Yes { what, .. } => (formula(what)),
                    Found::No(why) => span class="note" { "none: " (formula(why)) },
                } }
            } }
        }
    }
}
