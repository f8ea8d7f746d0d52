//! The registry as text.

use std::fmt::Write;

use super::{Catch, ControlsOutcome, FaultOutcome};
use crate::judge::Verdict;

/// One line for each fault and control, and what was not caught.
pub fn render_controls(outcome: &ControlsOutcome) -> String {
    let header = ["fault", "caught by", "cases", "smallest case", "fails in"];
    let mut rows = vec![header.map(str::to_string).to_vec()];
    for fault in &outcome.faults {
        rows.extend(lines(fault));
    }
    let mut text = flush_left(&rows);
    text.push_str(
        "\ncases  caught, of those the control was run on, in all arithmetics    smallest case  widths, inputs, numbers left after shrinking\n",
    );
    for fault in &outcome.faults {
        complaints(&mut text, fault);
    }
    text
}

/// Columns padded to their widest cell, flush left.
fn flush_left(rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let line = |row: &Vec<String>| {
        let cells = row.iter().enumerate();
        let padded = cells.map(|(column, cell)| format!("{cell:<0$}", width(column)));
        format!("{}\n", padded.collect::<Vec<_>>().join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

fn lines(outcome: &FaultOutcome) -> Vec<Vec<String>> {
    let mut lines: Vec<Vec<String>> = outcome.catches.iter().map(line).collect();
    if let Some((_, tried)) = &outcome.refused {
        let word = if tried.is_ok() {
            "refused"
        } else {
            "LET THROUGH"
        };
        lines.push(vec![word.into()]);
    }
    if outcome.fault.nothing.is_some() {
        lines.push(vec!["nothing to catch".into()]);
    }
    for (at, line) in lines.iter_mut().enumerate() {
        let name = if at == 0 {
            outcome.fault.id.clone()
        } else {
            String::new()
        };
        line.insert(0, name);
    }
    lines
}

fn line(catch: &Catch) -> Vec<String> {
    let (caught, cases) = catch.counts();
    let mut line = vec![
        format!("{}/{}", catch.statement, catch.control),
        format!("{caught}/{cases}"),
    ];
    match &catch.smallest {
        Some(found) => line.extend([found.size(), found.arithmetic.title()]),
        None => line.push("NOT CAUGHT".into()),
    }
    line
}

fn complaints(text: &mut String, outcome: &FaultOutcome) {
    let Some(Verdict::Unknown | Verdict::Refuted) = outcome.verdict() else {
        return;
    };
    let fault = &outcome.fault;
    // Writing to a string cannot fail.
    for catch in outcome.catches.iter().filter(|catch| catch.counts().0 == 0) {
        let _ = writeln!(
            text,
            "{} ({}): {}/{} was not caught in {} cases",
            fault.id,
            fault.what,
            catch.statement,
            catch.control,
            catch.counts().1
        );
    }
    if let Some((_, Err(why))) = &outcome.refused {
        let _ = writeln!(text, "{} ({}): {why}", fault.id, fault.what);
    }
}
