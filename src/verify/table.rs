//! The outcome as text.

use std::fmt::Write;

use num_traits::Zero;

use super::{Column, Coverage, Outcome, Section, copies, grouped};
use crate::family::Family;
use crate::judge::{Slope, Verdict, short};
use crate::scalar::Field;
use crate::statement::{Judge, Magnitude, Proof};

const LEGEND: &str = "\
=  exactly equal    0.1  largest residual / rounding bound, or measured / bound    -  does not apply
slope  change of log2 residual per bit of precision    controls  wrong versions caught, of those tried
proof  kernel: scripts checked just now    Rocq: theorems that `make proofs` checks    both    part: not all that is said
";

/// The tables of all sections, the legend, the statements that are proved and not measured, and what went wrong if anything did.
pub fn render(outcome: &Outcome) -> String {
    let mut text = String::new();
    let measured = |section: &&Section| !section.statements.is_empty();
    for section in outcome.sections.iter().filter(measured) {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{} ({} cases a statement and arithmetic)\n",
            section.name, section.cases
        );
        text.push_str(&table(section));
        for line in copies(section) {
            let _ = writeln!(text, "{line}");
        }
        text.push('\n');
    }
    text.push_str(&coverage(&outcome.coverage));
    if !text.is_empty() {
        text.push_str(LEGEND);
    }
    for (declaration, proof) in &outcome.proved {
        let (id, title) = (&declaration.id, &declaration.title);
        let _ = match proof {
            Proof::Fails(why) => writeln!(text, "{id} {title}: its proof does not check: {why}"),
            proof => writeln!(
                text,
                "{id} {title}: proved ({}), not measured",
                proof.word()
            ),
        };
    }
    let sections = outcome.sections.iter();
    let statements =
        sections.flat_map(|s| s.statements.iter().map(move |statement| (s, statement)));
    let lines = statements.flat_map(|(section, statement)| grouped::statement(section, statement));
    for line in lines.chain(grouped::families(&outcome.coverage)) {
        let _ = writeln!(text, "{line}");
    }
    text
}

fn table(section: &Section) -> String {
    let mut header = vec!["statement".to_string()];
    header.extend(section.arithmetics.iter().map(|a| a.title()));
    header.extend(["slope", "controls", "proof", "verdict"].map(String::from));
    let mut rows = vec![header];
    for statement in &section.statements {
        let mut row = vec![format!("{} {}", statement.id, statement.title)];
        row.extend(statement.columns.iter().map(cell));
        row.push(match statement.slope {
            Some(Slope::Fitted { slope, .. }) => format!("{slope:.4}"),
            Some(Slope::Undefined) | None => "-".into(),
        });
        let caught = statement
            .controls
            .iter()
            .filter(|control| control.caught())
            .count();
        row.push(match statement.controls.len() {
            0 => "-".into(),
            all => format!("{caught}/{all}"),
        });
        row.push(statement.proof.word().into());
        row.push(
            statement
                .verdict()
                .map_or("does not apply", Verdict::word)
                .into(),
        );
        rows.push(row);
    }
    aligned(&rows)
}

/// One line for each statement: the largest ratio over all hard families.
fn coverage(coverage: &Coverage) -> String {
    if coverage.cells.is_empty() {
        return String::new();
    }
    let mut header = vec!["hard families".to_string()];
    header.extend(coverage.arithmetics().iter().map(|a| a.title()));
    header.extend(["families".into(), "hardest".into(), "verdict".into()]);
    let mut rows = vec![header];
    for row in coverage.rows() {
        let mut line = vec![row.statement.to_string()];
        for (_, cells) in &row.columns {
            let mut filled = cells.iter().filter(|cell| cell.tally.cases > 0);
            let verdict = filled
                .clone()
                .filter_map(|cell| cell.verdict())
                .reduce(Verdict::and);
            let largest = filled
                .clone()
                .map(|cell| &cell.tally.ratio)
                .fold(Magnitude::zero(), |a, b| Magnitude::larger(b.clone(), a));
            line.push(match (verdict, filled.next_back()) {
                (Some(verdict), Some(cell)) => mark(verdict, cell.judge, false, &largest),
                _ => "-".into(),
            });
        }
        line.push(row.families().to_string());
        let hardest = row.hardest().filter(|(_, ratio)| !ratio.is_zero());
        line.push(hardest.map_or("-".into(), |(family, _)| family.name().into()));
        line.push(row.verdict().map_or("-", Verdict::word).into());
        rows.push(line);
    }
    format!(
        "{} families ({} cases a statement, family and arithmetic)\n\n{}\n",
        Family::ALL.len(),
        coverage.cases,
        aligned(&rows)
    )
}

fn cell(column: &Column) -> String {
    let (Some(judge), Some(verdict)) = (column.judge, column.verdict()) else {
        return "-".into();
    };
    if column.tally.cases == 0 {
        return "-".into();
    }
    let tally = &column.tally;
    mark(verdict, judge, tally.broken.is_some(), &tally.ratio)
}

/// What a cell shows: the ratio, `=` for equality, `FALSE` or `?`.
pub(crate) fn mark(verdict: Verdict, judge: Judge, broken: bool, largest: &Magnitude) -> String {
    match (verdict, judge) {
        (Verdict::Unknown, _) => "?".into(),
        (Verdict::Refuted, _) if broken => "FALSE".into(),
        (Verdict::Refuted, _) => format!("FALSE {}", ratio(largest)),
        (Verdict::Verified, Judge::Exact | Judge::Bitwise) => "=".into(),
        (Verdict::Verified, _) => ratio(largest),
    }
}

/// Two digits are what a ratio is good for.
fn ratio(x: &Magnitude) -> String {
    let value = crate::scalar::Field::to_f64(x);
    if x.is_zero() {
        "0".into()
    } else if (0.001..1000.0).contains(&value) {
        let digits = if value < 0.01 {
            4
        } else if value < 0.1 {
            3
        } else {
            2
        };
        format!("{value:.digits$}")
    } else {
        short(x)
    }
}

/// Columns padded to their widest cell: the first flush left, the others flush right.
pub(crate) fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |c: usize| {
        rows.iter()
            .filter_map(|row| row.get(c))
            .map(|s| s.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        for (c, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let _ = if c == 0 {
                write!(text, "{cell:<width$}")
            } else {
                write!(text, "  {cell:>width$}")
            };
        }
        text.push('\n');
    }
    text
}
