//! The precision law: residual against bits.

use super::{
    Axis, Chart, Figure, Ink, Mark, Series,
    axis::{BITS, power_of_two},
};
use crate::{
    judge::{Tally, log2},
    statement::Arithmetic,
    verify::{Section, StatementOutcome},
};

type Points = Vec<(f64, f64)>;

/// A control that falls by more than this many bits per bit does not show what a wrong version shows.
const FALLS: f64 = -0.1;

/// Lines of one kind, and what is to be said of those that fall where others stay.
#[derive(Default)]
struct Controls {
    flat: Vec<Points>,
    falling: Vec<Points>,
    ids: Vec<String>,
    words: Vec<String>,
}

/// Every exact statement of a section, and every control of theirs; `None` if nothing has two rungs. `needs` says what a
/// control of a statement must have to show.
pub(in crate::report) fn law_of_all(
    section: &Section,
    needs: impl Fn(&str, &str) -> Option<String>,
) -> Option<Figure> {
    let lawful = || {
        section
            .statements
            .iter()
            .filter(|statement| statement.slope.is_some())
    };
    let statements: Vec<Points> = lawful().map(of_statement).filter(is_line).collect();
    let mut controls = Controls::default();
    lawful().for_each(|statement| controls.add(statement, &needs));
    let count = statements.len();
    let what = match count {
        1 => "1 exact statement and its controls".into(),
        _ => format!("{count} exact statements and their controls"),
    };
    let description = "Residuals of a true statement fall by one bit for each bit of precision, those of central \
                       differences (A3) by two thirds; those of a wrong version stay where they are.";
    figure(
        "precision-law",
        format!("The precision law: {what}"),
        description.into(),
        statements,
        controls,
    )
}

/// One statement and its controls.
pub(in crate::report) fn law_of_one(
    statement: &StatementOutcome,
    id: &str,
    needs: impl Fn(&str, &str) -> Option<String>,
) -> Option<Figure> {
    let mut controls = Controls::default();
    controls.add(statement, &needs);
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

impl Controls {
    /// The controls of a statement, on the rungs on which the statement itself was measured.
    fn add(&mut self, statement: &StatementOutcome, needs: &impl Fn(&str, &str) -> Option<String>) {
        let measured = |a: Arithmetic| {
            let mut columns = statement.columns.iter();
            columns.any(|c| c.arithmetic == a && c.judge.is_some() && c.tally.cases > 0)
        };
        for control in &statement.controls {
            let tallies = control.tallies.iter().filter(|(a, _)| measured(*a));
            let line = points(tallies.map(|(a, tally)| (*a, tally)));
            if !is_line(&line) {
                continue;
            }
            let Some(slope) = steepness(&line).filter(|slope| *slope < FALLS) else {
                self.flat.push(line);
                continue;
            };
            self.falling.push(line);
            if !self.ids.contains(&statement.id) {
                self.ids.push(statement.id.clone());
            }
            let needs = needs(&statement.id, &control.id)
                .map_or(String::new(), |needs| format!(", needs {needs}"));
            self.words.push(format!(
                "{}/{} ({:.2} bits per bit{needs})",
                statement.id, control.id, -slope
            ));
        }
    }
}

/// From the first point to the last.
fn steepness(line: &Points) -> Option<f64> {
    let ((x, y), (u, v)) = (line.first()?, line.last()?);
    Some((v - y) / (u - x))
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
    mut description: String,
    statements: Vec<Points>,
    controls: Controls,
) -> Option<Figure> {
    let Controls {
        flat,
        falling,
        ids,
        words,
    } = controls;
    let all = || statements.iter().chain(&flat).chain(&falling).flatten();
    let bits = all().map(|(bits, _)| *bits).fold(f64::NAN, f64::max);
    let lowest = all().map(|(_, y)| *y).fold(f64::NAN, f64::min);
    let highest = all().map(|(_, y)| *y).fold(f64::NAN, f64::max);
    if !bits.is_finite() {
        return None;
    }
    let margin = 0.04 * (lowest - highest.max(0.0));
    // 64 stands so near to 53 that their labels would touch, and 128 does where there is much beyond.
    let ticks = [53.0, 128.0, 256.0, 512.0, 1024.0];
    let near = |tick: &f64| *tick == 128.0 && bits > 512.0;
    let ticks = ticks.into_iter().filter(|tick| !near(tick));
    let by_right = format!("control that falls by right ({})", ids.join(", "));
    let legend = [
        (Ink::Blue, Mark::Dots, "statement", !statements.is_empty()),
        (
            Ink::Orange,
            Mark::Dashes,
            "control, a wrong version",
            !flat.is_empty(),
        ),
        (
            Ink::Purple,
            Mark::Rings,
            by_right.as_str(),
            !falling.is_empty(),
        ),
    ];
    if !words.is_empty() {
        description += &format!(
            " Controls that fall by right, being wrong by less at higher precision or in hardware floats alone, and are \
             caught by their size: {}.",
            words.join("; ")
        );
    }
    let legend = legend.into_iter().filter(|(.., there)| *there);
    let line = |ink, mark| move |points| Series { points, ink, mark };
    let series = (flat.into_iter().map(line(Ink::Orange, Mark::Dashes)))
        .chain(falling.into_iter().map(line(Ink::Purple, Mark::Rings)))
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
                ticks: ticks.filter(|tick| *tick <= bits).collect(),
                spell: |bits| format!("{bits:.0}"),
            },
            y: Axis::of_powers(
                "relative residual",
                lowest + margin..highest.max(0.0) - margin,
                &BITS,
                power_of_two,
            ),
            series: series.collect(),
            posts: vec![],
        },
    })
}
