//! What the figures draw, and what they leave out.

use super::*;

/// The widest step to the right that a sloping line of the page takes, in units of the drawing.
fn widest_step(html: &str) -> f64 {
    let mut widest = 0.0f64;
    for piece in html.split("<polyline").skip(1) {
        let points = piece.split("points=\"").nth(1).unwrap();
        let points: Vec<(f64, f64)> = (points.split('"').next().unwrap().split_whitespace())
            .map(|point| {
                let (x, y) = point.split_once(',').unwrap();
                (x.parse().unwrap(), y.parse().unwrap())
            })
            .collect();
        for pair in points.windows(2) {
            // Axes, grids and posts are level or upright.
            if pair[0].1 != pair[1].1 {
                widest = widest.max((pair[1].0 - pair[0].0).abs());
            }
        }
    }
    widest
}

/// Between 2 and 5 removed neurons nothing was measured, and the error may jump there.
#[test]
fn no_line_crosses_what_was_not_measured() {
    let every = widest_step(&page_of(&experiment_with(
        vec![1],
        vec![-1, -2, -3, -4, -5],
    )));
    let gap = widest_step(&page_of(&experiment_with(vec![1], vec![-1, -2, -5])));
    assert!(every > 0.0, "lines are drawn at all");
    // Pixels are rounded.
    assert!(gap <= every + 1.0, "{gap} after {every}");
}

#[test]
fn control_a_line_across_the_gap_is_seen() {
    let line = |x: f64| format!("<svg><polyline points=\"0,0 10,5 {x},9\"/></svg>");
    assert_eq!(widest_step(&line(20.0)), 10.0);
    assert_eq!(widest_step(&line(40.0)), 30.0);
}
