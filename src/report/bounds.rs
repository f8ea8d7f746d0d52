//! The page of a run of `bounds`.

use maud::{Markup, html};
use num_traits::Zero;

use super::{
    Experiment,
    figure::{Figure, removal, rules},
    network,
    page::{badge, contents, document, gallery, scroller},
};
use crate::{
    invariance::{Cell, Finding, Invariance, MEASURES, Row, Table, WORDS, short, signed},
    judge::Verdict,
    visible::visible,
};

/// The document.
pub(super) fn page(run: &Experiment) -> String {
    let found = run.found;
    let mut entries = vec![("summary", "Summary"), ("tables", "Tables")];
    if run.portrait.is_some() {
        entries.push(("networks", "Network"));
    }
    entries.push(("glossary", "Glossary"));
    let all = run.curve.map(|more| found.clone().with(more));
    let drawn = all.as_ref().unwrap_or(found);
    let body = html! {
        header {
            p class="kicker" { "isotropic bounds" }
            h1 { "Neurons added and removed" }
            p class="lead" { (badge(found.verdict())) " " (visible(run.name)) ": " (found.heading()) "." }
            ul class="findings" {
                @for table in &found.tables { li { (Finding::of(found, table).sentence()) "." } }
            }
        }
        (contents(&entries))
        main id="main" {
            (summary(run))
            section id="tables" aria-labelledby="tables-title" {
                h2 id="tables-title" { "Layer by layer" }
                @for (table, drawn) in found.tables.iter().zip(&drawn.tables) { (layer(found, table, drawn)) }
            }
            @if let Some(portrait) = run.portrait {
                section id="networks" aria-labelledby="networks-title" {
                    h2 id="networks-title" { "Network" }
                    (network::section(portrait, 1, run.scaffold_threshold))
                }
            }
            (glossary())
        }
    };
    document("Neurons added and removed", &body)
}

fn summary(run: &Experiment) -> Markup {
    let tables = run.found.tables.iter();
    let cells: Vec<_> = tables
        .flat_map(|table| &table.rows)
        .flat_map(|row| &row.cells)
        .collect();
    let count = |verdict| {
        cells
            .iter()
            .filter(|cell| cell.verdict() == verdict)
            .count()
    };
    let largest = cells
        .iter()
        .map(|cell| &cell.ratio)
        .fold(None, |largest, ratio| match largest {
            Some(largest) if largest >= ratio => Some(largest),
            _ => Some(ratio),
        });
    html! {
        section id="summary" aria-labelledby="summary-title" {
            h2 id="summary-title" { "Summary" }
            dl class="tiles" {
                (super::page::tile(count(Verdict::Verified), "verified", "verified", "bounds hold at every input"))
                (super::page::tile(count(Verdict::Refuted), "refuted", "refuted", "bounds exceeded"))
                (super::page::tile(count(Verdict::Unknown), "unknown", "unknown", "bounds not finite"))
            }
            dl class="facts" {
                dt { "Largest measured / bound" } dd { (largest.map_or("–".into(), short)) }
                dt { "Arithmetic" } dd { (run.found.scalar) }
                dt { "Replay" } dd { code { (visible(run.replay)) } }
            }
        }
    }
}

/// The words of the tables.
fn glossary() -> Markup {
    html! {
        section id="glossary" aria-labelledby="glossary-title" {
            h2 id="glossary-title" { "Glossary" }
            dl class="facts" {
                @for (word, meaning) in WORDS { dt { (word) } dd { (meaning) } }
                @for measure in &MEASURES { dt { (measure.name) } dd { (measure.meaning) } }
            }
        }
    }
}

/// `drawn` has the rows of the table and those of the curves.
fn layer(found: &Invariance, table: &Table, drawn: &Table) -> Markup {
    let id = format!("layer-{}", table.layer);
    let figures = [
        removal(drawn, &format!("{id}-removal")),
        rules(drawn, &format!("{id}-rules")),
    ];
    let figures: Vec<Figure> = figures.into_iter().flatten().collect();
    let numbers = html! {
        table class="rules" {
            caption { span { (table.heading()) } }
            thead { tr {
                th scope="col" { "neurons" } th scope="col" { "measure" }
                @for rule in &found.rules { th scope="col" class="number" { (rule.name()) } }
            } }
            @for row in &table.rows {
                tbody {
                    @if unchanged(row) {
                        tr {
                            th scope="row" { (change(row, table)) }
                            td colspan=(found.rules.len() + 1) { "no bit of any output changes, by any rule" }
                        }
                    } @else {
                        (measures(found, table, row))
                    }
                }
            }
        }
    };
    let mut cells = table.rows.iter().flat_map(|row| &row.cells);
    let holds = cells.all(|cell| cell.verdict() == Verdict::Verified);
    html! {
        section class="statement" id=(id) aria-labelledby={ (id) "-title" } {
            h3 id={ (id) "-title" } { "Hidden layer " (table.layer) }
            p { (Finding::of(found, table).sentence()) "." }
            (gallery(&figures))
            // What does not hold is not folded away.
            details open=[(!holds).then_some("open")] {
                summary { "All measures of every change" }
                (scroller(&table.heading(), &numbers))
            }
        }
    }
}

fn change(row: &Row, table: &Table) -> Markup {
    html! {
        span class="change" { (signed(row.change)) }
        @if row.change < 0 { span class="removed" { "Σσ " (short(&row.removed)) } }
        @if let Some(floor) = row.floor_in_words(table) { p class="complaint" { (floor) } }
    }
}

/// One line for each measure.
fn measures(found: &Invariance, table: &Table, row: &Row) -> Markup {
    html! {
        @for (i, measure) in MEASURES.iter().enumerate() {
            tr {
                @if i == 0 {
                    th scope="rowgroup" rowspan=(MEASURES.len()) { (change(row, table)) }
                }
                th scope="row" title=(measure.meaning) { (measure.name) }
                @for cell in &row.cells {
                    @let verdict = cell.verdict();
                    @let class = if verdict == Verdict::Verified { "" } else { verdict.word() };
                    td class={ "number " (class) } { ((measure.of)(found, cell)) }
                }
            }
        }
    }
}

/// Nothing differs and nothing was allowed to.
fn unchanged(row: &Row) -> bool {
    let exact = |cell: &Cell| cell.largest.is_zero() && cell.bound.is_zero();
    row.cells
        .iter()
        .all(|cell| cell.verdict() == Verdict::Verified && exact(cell))
}
