//! What removing neurons changes, against its bound.

use super::{
    Axis, Chart, Figure, Ink, Mark, Post, Series,
    axis::{TENS, power_of_ten},
};
use crate::{
    invariance::{Cell, Table},
    resize::Rule,
    scalar::Real,
    statement::Magnitude,
};

/// The rule that absorbs everything: measured, and its bound.
pub(in crate::report) fn removal(table: &Table, id: &str) -> Option<Figure> {
    let lines = [
        lines(
            table,
            Rule::Both,
            |cell| &cell.bound,
            Ink::Orange,
            Mark::Dashes,
        ),
        lines(
            table,
            Rule::Both,
            |cell| &cell.largest,
            Ink::Blue,
            Mark::Dots,
        ),
    ];
    let legend = vec![
        (Ink::Blue, Mark::Dots, "largest ‖y - y'‖ measured".into()),
        (Ink::Orange, Mark::Dashes, "largest bound".into()),
    ];
    let title = format!(
        "Hidden layer {}: removal error against its bound",
        table.layer
    );
    let description = "Both o and ψ take up the removed biases. The bound lies above every measured error. What is \
                       left of the ceiling is free: what shows there is rounding.";
    figure(
        id,
        title,
        description.into(),
        legend,
        lines.concat(),
        table.free,
    )
}

/// All rules, measured.
pub(in crate::report) fn rules(table: &Table, id: &str) -> Option<Figure> {
    let style = |rule| match rule {
        Rule::Neither => (Ink::Orange, Mark::Dashes),
        Rule::LengthOnly => (Ink::Amber, Mark::Crosses),
        Rule::PsiOnly => (Ink::Purple, Mark::Rings),
        Rule::Both => (Ink::Blue, Mark::Dots),
        Rule::Expectation => (Ink::Green, Mark::Ticks),
    };
    let lines = Rule::ALL.map(|rule| {
        let (ink, mark) = style(rule);
        lines(table, rule, |cell| &cell.largest, ink, mark)
    });
    let legend = Rule::ALL.map(|rule| {
        let (ink, mark) = style(rule);
        (ink, mark, rule.name().to_string())
    });
    let title = format!("Hidden layer {}: the largest ‖y - y'‖ by rule", table.layer);
    let description = "Where the removed directions are null, the rule that updates both o and ψ leaves \
                       roundings alone. The other rules have points at the changes of the table, and no line across what lies between.";
    figure(
        id,
        title,
        description.into(),
        legend.into(),
        lines.concat(),
        table.free,
    )
}

/// (neurons removed, log₁₀ of the value); what is 0 or not finite has no place on the axis. A line joins counts that follow
/// on each other: across a gap it would hide where the error jumps.
fn lines(
    table: &Table,
    rule: Rule,
    value: fn(&Cell) -> &Magnitude,
    ink: Ink,
    mark: Mark,
) -> Vec<Series> {
    let mut points: Vec<(f64, f64)> = table
        .rows
        .iter()
        .filter(|row| row.change < 0)
        .filter_map(|row| {
            let cell = row.cells.iter().find(|cell| cell.rule == rule)?;
            let log = value(cell).ln().as_float().to_f64() / std::f64::consts::LN_10;
            log.is_finite().then_some((-row.change as f64, log))
        })
        .collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let following = points.chunk_by(|a, b| b.0 - a.0 < 1.5);
    let series = following.map(|points| Series {
        points: points.to_vec(),
        ink,
        mark,
    });
    series.collect()
}

fn figure(
    id: &str,
    title: String,
    description: String,
    legend: Vec<(Ink, Mark, String)>,
    series: Vec<Series>,
    free: usize,
) -> Option<Figure> {
    let all = || series.iter().flat_map(|series| &series.points);
    let most = all().map(|p| p.0).fold(f64::NAN, f64::max);
    let lowest = all().map(|p| p.1).fold(f64::NAN, f64::min);
    let highest = all().map(|p| p.1).fold(f64::NAN, f64::max);
    if !most.is_finite() || all().count() < 2 {
        return None;
    }
    Some(Figure {
        id: id.into(),
        title,
        description,
        legend,
        chart: Chart {
            x: Axis::of_counts("neurons removed", most * 1.04),
            y: Axis::of_powers("change of the output", lowest..highest, &TENS, power_of_ten),
            series,
            posts: vec![Post {
                at: free as f64,
                words: match free {
                    0 => "ceiling: none is free".into(),
                    free => format!("ceiling: {free} are free"),
                },
            }],
        },
    })
}
