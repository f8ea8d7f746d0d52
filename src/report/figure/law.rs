//! The precision law: residual against bits.

use super::{
    Axis, Chart, Figure, Ink, Mark, Series,
    chart::{BITS, power_of_two},
};
use crate::{
    judge::{Tally, log2},
    statement::Arithmetic,
    verify::{Section, StatementOutcome},
};

type Points = Vec<(f64, f64)>;

/// Every exact statement of a section, and every control of theirs; `None` if nothing has two rungs.
pub(in crate::report) fn law_of_all(section: &Section) -> Option<Figure> {
    let lawful = || {
        section
            .statements
            .iter()
            .filter(|statement| statement.slope.is_some())
    };
    let statements: Vec<Points> = lawful().map(of_statement).filter(is_line).collect();
    let controls: Vec<Points> = lawful().flat_map(of_controls).filter(is_line).collect();
    figure(
        "precision-law",
        format!("The precision law: {} exact statements and their controls", statements.len()),
        "Residuals of a true statement fall by one bit for each bit of precision; those of a wrong \
         version stay where they are."
            .into(),
        statements,
        controls,
    )
}

/// One statement and its controls.
pub(in crate::report) fn law_of_one(statement: &StatementOutcome, id: &str) -> Option<Figure> {
    let controls = of_controls(statement).into_iter().filter(is_line).collect();
    let points = Some(of_statement(statement)).filter(is_line);
    figure(
        id,
        format!("{}: residual against precision", statement.id),
        format!(
            "The largest relative residual of {} on generated networks at each precision, and those of \
             its controls.",
            statement.id
        ),
        points.into_iter().collect(),
        controls,
    )
}

fn of_statement(statement: &StatementOutcome) -> Points {
    points(
        statement
            .columns
            .iter()
            .map(|column| (column.arithmetic, &column.tally)),
    )
}

fn of_controls(statement: &StatementOutcome) -> Vec<Points> {
    let tallies = statement.controls.iter().map(|control| &control.tallies);
    tallies
        .map(|tallies| points(tallies.iter().map(|(a, tally)| (*a, tally))))
        .collect()
}

/// (bits, log₂ of the largest relative residual) on the ladder; a residual of 0 has no logarithm.
fn points<'a>(tallies: impl Iterator<Item = (Arithmetic, &'a Tally)>) -> Points {
    let point = |(arithmetic, tally): (Arithmetic, &Tally)| {
        let bits = arithmetic.bits().filter(|_| arithmetic.on_ladder())?;
        Some((f64::from(bits), log2(&tally.relative)?))
    };
    tallies.filter_map(point).collect()
}

fn is_line(points: &Points) -> bool {
    points.len() > 1
}

fn figure(
    id: &str,
    title: String,
    description: String,
    statements: Vec<Points>,
    controls: Vec<Points>,
) -> Option<Figure> {
    let all = || statements.iter().chain(&controls).flatten();
    let bits = all().map(|(bits, _)| *bits).fold(f64::NAN, f64::max);
    let lowest = all().map(|(_, y)| *y).fold(f64::NAN, f64::min);
    let highest = all().map(|(_, y)| *y).fold(f64::NAN, f64::max);
    if !bits.is_finite() {
        return None;
    }
    let margin = 0.04 * (lowest - highest.max(0.0));
    // 64 stands so near to 53 that their labels would touch.
    let ticks = [53.0, 128.0, 256.0, 512.0, 1024.0];
    let legend = [
        (Ink::Blue, Mark::Dots, "statement", !statements.is_empty()),
        (
            Ink::Orange,
            Mark::Dashes,
            "control, a wrong version",
            !controls.is_empty(),
        ),
    ];
    let legend = legend.into_iter().filter(|(.., there)| *there);
    let line = |ink, mark| move |points| Series { points, ink, mark };
    let series = controls
        .into_iter()
        .map(line(Ink::Orange, Mark::Dashes))
        .chain(statements.into_iter().map(line(Ink::Blue, Mark::Dots)));
    Some(Figure {
        id: id.into(),
        title,
        description,
        legend: legend
            .map(|(ink, mark, name, _)| (ink, mark, name.into()))
            .collect(),
        chart: Chart {
            x: Axis {
                title: "bits of precision",
                range: 0.0..bits * 1.04,
                ticks: ticks.into_iter().filter(|tick| *tick <= bits).collect(),
                spell: |bits| format!("{bits:.0}"),
            },
            y: Axis::of_powers(
                "relative residual",
                lowest + margin..highest.max(0.0) - margin,
                &BITS,
                power_of_two,
            ),
            series: series.collect(),
        },
    })
}
