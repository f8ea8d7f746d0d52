//! The singular values of the layers of one network.

use super::{
    Axis, Chart, Figure, Ink, Mark, Series,
    axis::{TENS, power_of_ten},
};
use crate::report::portrait::Spectrum;

/// One layer's singular values in falling order, and the scaffold threshold.
pub(in crate::report) fn spectrum(spectrum: &Spectrum, threshold: f64, id: &str) -> Option<Figure> {
    let count = spectrum.sigma.len();
    let points: Vec<(f64, f64)> = (1..)
        .zip(&spectrum.sigma)
        .filter(|(_, sigma)| **sigma > 0.0)
        .map(|(i, sigma)| (f64::from(i), sigma.log10()))
        .collect();
    let at = threshold.log10();
    let highest = points.iter().map(|p| p.1).fold(at, f64::max);
    // Null directions come out at the size of the rounding: below that, the axis would show noise alone.
    let floor = highest - 18.0;
    let lowest = points.iter().map(|p| p.1).fold(at, f64::min).max(floor);
    if !(highest.is_finite() && lowest.is_finite()) {
        return None;
    }
    let end = count as f64 + 1.0;
    let null = count - points.len();
    let zeros = match null {
        0 => String::new(),
        _ => format!(", of which {null} are 0 and have no place on the axis"),
    };
    let buffer = spectrum
        .sigma
        .iter()
        .filter(|sigma| **sigma <= threshold)
        .count();
    Some(Figure {
        id: id.into(),
        title: format!(
            "Hidden layer {}: singular values of {}",
            spectrum.layer,
            spectrum.matrix()
        ),
        description: format!(
            "{count} values in falling order{zeros}; {buffer} lie at or below the scaffold threshold {threshold}."
        ),
        legend: vec![
            (Ink::Blue, Mark::Dots, "singular value".into()),
            (Ink::Orange, Mark::Rule, "scaffold threshold".into()),
        ],
        chart: Chart {
            x: Axis::of_counts("singular direction", end),
            y: Axis::of_powers("singular value", lowest..highest, &TENS, power_of_ten),
            series: vec![
                Series {
                    points: points.into_iter().filter(|p| p.1 >= floor).collect(),
                    ink: Ink::Blue,
                    mark: Mark::Dots,
                },
                Series {
                    points: vec![(0.0, at), (end, at)],
                    ink: Ink::Orange,
                    mark: Mark::Rule,
                },
            ],
            posts: vec![],
        },
    })
}
