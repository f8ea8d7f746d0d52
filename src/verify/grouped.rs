//! What failed, a line for each statement instead of one for each family and arithmetic.

use super::{Cell, Coverage, Section, StatementOutcome};
use crate::{judge::Verdict, statement::Arithmetic};

/// `D2 fails in 25 families and all arithmetics; first, dead in f64: case 3: …`, for each statement that fails on some
/// family. Those that no case refutes are said to be open.
pub(super) fn families(coverage: &Coverage) -> Vec<String> {
    let rows = coverage.rows();
    let line = |row: &super::CoverageRow| {
        let cells = || {
            row.columns
                .iter()
                .flat_map(|(_, cells)| cells.iter().copied())
        };
        let bad: Vec<&Cell> = cells().filter(|cell| cell.complaint().is_some()).collect();
        let refuted = |cell: &&&Cell| cell.verdict() == Some(Verdict::Refuted);
        let first = bad.iter().find(refuted).or(bad.first())?;
        let mut families: Vec<&str> = bad.iter().map(|cell| cell.family.name()).collect();
        families.dedup();
        families.sort_unstable();
        families.dedup();
        let judged: Vec<Arithmetic> = cells().map(|cell| cell.arithmetic).collect();
        let failing: Vec<Arithmetic> = bad.iter().map(|cell| cell.arithmetic).collect();
        let arithmetics = arithmetics(&failing, &judged);
        let places = match families.as_slice() {
            [one] => format!("on the family {one} in {arithmetics}"),
            many => format!("in {} families and {arithmetics}", many.len()),
        };
        Some(format!(
            "{} {} {places}; first, {} in {}: {}",
            row.statement,
            word(bad.iter().any(|cell| refuted(&cell))),
            first.family.name(),
            first.arithmetic.title(),
            first.complaint()?
        ))
    };
    rows.iter().filter_map(line).collect()
}

/// The same for the arithmetics of one statement on one source of networks, and then what else is wrong with it.
pub(super) fn statement(section: &Section, statement: &StatementOutcome) -> Vec<String> {
    let on = format!("{} on {}", statement.id, section.name);
    let bad: Vec<_> = statement
        .columns
        .iter()
        .filter(|c| c.complaint().is_some())
        .collect();
    let mut lines: Vec<String> = statement.complaints();
    if bad.len() > 1 {
        let refuted = |column: &&&super::Column| column.verdict() == Some(Verdict::Refuted);
        let judged: Vec<_> = statement
            .columns
            .iter()
            .filter(|c| c.verdict().is_some())
            .collect();
        let titles =
            |columns: &[&super::Column]| columns.iter().map(|c| c.arithmetic).collect::<Vec<_>>();
        if let Some(first) = bad.iter().find(refuted).or(bad.first()) {
            let why = first.complaint().unwrap_or_default();
            let line = format!(
                "{} in {}; first, {}: {why}",
                word(bad.iter().any(|column| refuted(&column))),
                arithmetics(&titles(&bad), &titles(&judged)),
                first.arithmetic.title(),
            );
            // The complaints of the columns come first.
            lines.splice(..bad.len(), [line]);
        }
    }
    let lines = lines.into_iter().chain(statement.remarks());
    lines.map(|what| format!("{on}: {what}")).collect()
}

fn word(refuted: bool) -> &'static str {
    match refuted {
        true => "fails",
        false => "stays open",
    }
}

fn arithmetics(failing: &[Arithmetic], judged: &[Arithmetic]) -> String {
    let distinct = |list: &[Arithmetic]| {
        let mut list = list.to_vec();
        list.sort_unstable();
        list.dedup();
        list
    };
    let (failing, judged) = (distinct(failing), distinct(judged));
    match failing.len() {
        n if n == judged.len() && n > 1 => "all arithmetics".into(),
        _ => failing
            .iter()
            .map(|a| a.title())
            .collect::<Vec<_>>()
            .join(", "),
    }
}
