//! The figures of a training: what there is to see epoch by epoch.

use super::Training;
use crate::{
    learning::Epoch,
    report::figure::{Axis, Chart, Figure, Ink, Mark, Series},
};

const STYLES: [(Ink, Mark); 5] = [
    (Ink::Blue, Mark::Dots),
    (Ink::Orange, Mark::Dashes),
    (Ink::Green, Mark::Ticks),
    (Ink::Purple, Mark::Rings),
    (Ink::Amber, Mark::Crosses),
];

/// The style of a line, in turn.
fn style(k: usize) -> (Ink, Mark) {
    STYLES[k % STYLES.len()]
}

/// Lines over epochs, each with its name.
type Lines = Vec<(String, Vec<(f64, f64)>)>;

fn lines(epochs: &[Epoch], names: Vec<(String, impl Fn(&Epoch) -> Option<f64>)>) -> Lines {
    let line = |value: &dyn Fn(&Epoch) -> Option<f64>| {
        let points = epochs
            .iter()
            .filter_map(|epoch| Some((epoch.epoch as f64, value(epoch)?)));
        points.filter(|point| point.1.is_finite()).collect()
    };
    names
        .into_iter()
        .map(|(name, value)| (name, line(&value)))
        .collect()
}

fn logarithm(value: f64) -> Option<f64> {
    (value > 0.0).then(|| value.log10())
}

fn extent(lines: &Lines) -> Option<(f64, f64, f64)> {
    let all = || lines.iter().flat_map(|(_, points)| points);
    let end = all().map(|p| p.0).fold(f64::NAN, f64::max);
    let low = all().map(|p| p.1).fold(f64::NAN, f64::min);
    let high = all().map(|p| p.1).fold(f64::NAN, f64::max);
    (low.is_finite() && all().count() > 1).then_some((end, low, high))
}

/// A figure over epochs; `y` makes the axis from the lowest and the highest value.
fn figure(
    id: &str,
    title: &str,
    description: &str,
    lines: Lines,
    y: impl Fn(f64, f64) -> Axis,
) -> Option<Figure> {
    let (end, low, high) = extent(&lines)?;
    let legend = lines.iter().enumerate().map(|(k, (name, _))| {
        let (ink, mark) = style(k);
        (ink, mark, name.clone())
    });
    Some(Figure {
        id: id.into(),
        title: title.into(),
        description: description.into(),
        legend: legend.collect(),
        chart: Chart {
            x: Axis::of_counts("epoch", end * 1.02),
            y: y(low, high),
            series: (0..)
                .zip(lines)
                .map(|(k, (_, points))| {
                    let (ink, mark) = style(k);
                    Series { points, ink, mark }
                })
                .collect(),
            posts: vec![],
        },
    })
}

pub(super) fn losses(epochs: &[Epoch]) -> Option<Figure> {
    type Value = fn(&Epoch) -> Option<f64>;
    let names: Vec<(String, Value)> = vec![
        ("rows trained on".into(), |epoch| logarithm(epoch.loss)),
        ("rows held out".into(), |epoch| {
            epoch.held_out_loss.and_then(logarithm)
        }),
    ];
    figure(
        "loss",
        "Loss",
        "The mean over the rows: of an epoch, each before the step it was used for; held out, after the epoch.",
        without_empty(lines(epochs, names)),
        |low, high| Axis::of_sizes("loss", low..high),
    )
}

pub(super) fn accuracies(epochs: &[Epoch]) -> Option<Figure> {
    type Value = fn(&Epoch) -> Option<f64>;
    let names: Vec<(String, Value)> = vec![
        ("rows trained on".into(), |epoch| {
            epoch.accuracy.map(|share| 100.0 * share)
        }),
        ("rows held out".into(), |epoch| {
            epoch.held_out_accuracy.map(|share| 100.0 * share)
        }),
    ];
    figure(
        "accuracy",
        "Share of rows that are right",
        "As for the loss.",
        without_empty(lines(epochs, names)),
        |low, _| Axis::of_percent("right, %", low),
    )
}

fn without_empty(lines: Lines) -> Lines {
    lines
        .into_iter()
        .filter(|(_, points)| !points.is_empty())
        .collect()
}

/// One line for each hidden layer.
fn by_layer(epochs: &[Epoch], value: impl Fn(&Epoch, usize) -> Option<f64> + Copy) -> Lines {
    let hidden = epochs
        .last()
        .map_or(0, |epoch| epoch.widths.len().saturating_sub(2));
    let names = (0..hidden).map(|k| {
        let of = move |epoch: &Epoch| value(epoch, k);
        (format!("layer {}", k + 1), of)
    });
    without_empty(lines(epochs, names.collect()))
}

pub(super) fn widths(epochs: &[Epoch]) -> Option<Figure> {
    let lines = by_layer(epochs, |epoch, k| {
        epoch.widths.get(k + 1).map(|n| *n as f64)
    });
    figure(
        "hidden-widths",
        "Widths of the hidden layers",
        "After each epoch.",
        lines,
        |_, high| Axis::of_counts("neurons", high * 1.1 + 1.0),
    )
}

/// The singular values of each layer, and the threshold.
pub(super) fn spectra(training: &Training) -> Vec<Figure> {
    let epochs = training.epochs;
    let hidden = epochs
        .iter()
        .filter_map(|epoch| epoch.spectra.as_ref())
        .map(Vec::len)
        .max();
    let threshold: f64 = training
        .settings
        .scaffold_threshold
        .as_deref()
        .and_then(|text| text.parse().ok())
        .unwrap_or(0.1);
    (0..hidden.unwrap_or(0))
        .filter_map(|k| {
            let sigma = |epoch: &Epoch, i: usize| -> Option<f64> {
                let value = *epoch.spectra.as_ref()?.get(k)?.get(i)?;
                logarithm(value).map(|log| log.max(-9.0))
            };
            let most = epochs
                .iter()
                .filter_map(|epoch| Some(epoch.spectra.as_ref()?.get(k)?.len()))
                .max()?;
            let mut all: Vec<Series> = (0..most)
                .map(|i| Series {
                    points: epochs
                        .iter()
                        .filter_map(|epoch| Some((epoch.epoch as f64, sigma(epoch, i)?)))
                        .collect(),
                    ink: Ink::Blue,
                    mark: Mark::Thin,
                })
                .collect();
            let points = || all.iter().flat_map(|series| &series.points);
            let at = threshold.log10();
            let low = points().map(|p| p.1).fold(at, f64::min);
            let high = points().map(|p| p.1).fold(at, f64::max);
            let end = epochs.last()?.epoch as f64;
            all.push(Series {
                points: vec![(0.0, at), (end, at)],
                ink: Ink::Orange,
                mark: Mark::Rule,
            });
            Some(Figure {
                id: format!("spectrum-{}", k + 1),
                title: format!("Hidden layer {}: singular values of [W ψ]", k + 1),
                description: "Each line is the largest, the second, … value after each epoch; values that are 0 have no place, \
                              values below 1e-9 are drawn there."
                    .into(),
                legend: vec![
                    (Ink::Blue, Mark::Thin, "singular values".into()),
                    (
                        Ink::Orange,
                        Mark::Rule,
                        format!("scaffold threshold {threshold}"),
                    ),
                ],
                chart: Chart {
                    x: Axis::of_counts("epoch", end * 1.02),
                    y: Axis::of_sizes("singular value", low..high),
                    series: all,
                    posts: vec![],
                },
            })
        })
        .collect()
}

pub(super) fn health(epochs: &[Epoch]) -> Vec<Figure> {
    let powers = |title| move |low: f64, high: f64| Axis::of_sizes(title, low..high);
    let lengths = by_layer(epochs, |epoch, k| {
        epoch.lengths.get(k).copied().and_then(logarithm)
    });
    let psi = by_layer(epochs, |epoch, k| {
        epoch.psi.get(k).copied().and_then(logarithm)
    });
    let momenta = by_layer(epochs, |epoch, k| {
        epoch.angular_momentum.get(k).copied().and_then(logarithm)
    });
    let figures = [
        figure(
            "squared-lengths",
            "o, the squared intrinsic lengths",
            "After each epoch.",
            lengths,
            powers("o"),
        ),
        figure(
            "psi-norms",
            "‖ψ‖ of the layer after each hidden layer",
            "After each epoch.",
            psi,
            powers("‖ψ‖"),
        ),
        figure(
            "angular-momentum",
            "Angular momentum of the last step of each epoch, relative to its terms",
            "Rounding for plain descent and heavy ball while no neuron goes; any size for other optimisers.",
            momenta,
            powers("‖𝒜‖, relative"),
        ),
    ];
    figures.into_iter().flatten().collect()
}
