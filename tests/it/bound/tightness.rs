//! An adversary reaches the certified difference.

use crate::support;
use isotropic::{
    Gain, Layer, Network,
    bound::{difference_at, enclose},
    linalg::{Matrix, Vector, norm2},
    network::evaluate,
    resize::{Outgoing, resize},
    scalar::{Enclosure, Field},
};
use rand::RngExt;

use super::pairs::{lower, over_ball};

/// The network of a list of numbers, used in turn: two inputs, outputs and neurons a layer.
fn network_of(theta: &[f64], hidden: usize) -> Network<f64> {
    let mut theta = theta.iter().copied();
    let mut next = || theta.next().unwrap_or(0.0);
    let layers = (0..=hidden)
        .map(|l| Layer {
            weight: Matrix::from_fn(2, 2, |_, _| next()),
            bias: Vector::from_fn(2, |_, _| next()),
            psi: (l > 0).then(|| Vector::from_fn(2, |_, _| next())),
        })
        .collect();
    let lengths = (0..hidden).map(|_| next().powi(2)).collect();
    Network::new(layers, Gain::Tanh, Some(lengths)).expect("valid")
}

/// Searches networks and inputs for the largest difference / bound after every hidden layer has been cut to
/// one neuron: random steps whose length follows their success. Returns the certified ratio.
fn attack(hidden: usize, seed: u64) -> f64 {
    let radius = 1.0;
    let mut widths = vec![2; hidden + 2];
    widths[1..=hidden].fill(1);
    let input = |theta: &[f64]| {
        let size = norm2(&theta[..2]).max(1e-12) * (1.0 + 1e-12);
        vec![theta[0] / size * radius, theta[1] / size * radius]
    };
    let score = |theta: &[f64]| -> Option<f64> {
        let network = network_of(&theta[2..], hidden);
        let cut = resize(&network, &widths, Outgoing::Zero, 0).ok()?;
        let x = input(theta);
        let apart = support::distance(
            evaluate(&network, &x).ok()?.as_slice(),
            evaluate(&cut.network, &x).ok()?.as_slice(),
        );
        let ratio = apart / cut.bound(&radius);
        // Differences near rounding prove nothing.
        (ratio.is_finite() && apart > 1e-6).then_some(ratio)
    };
    let mut rng = support::rng(seed);
    let count = 2 + (hidden + 1) * 8 + hidden;
    let mut best: (f64, Vec<f64>) = (
        0.0,
        (0..count).map(|_| rng.random_range(-1.0..1.0)).collect(),
    );
    let mut step = 0.5;
    for _ in 0..12_000 {
        let mut theta = best.1.clone();
        for x in &mut theta {
            if rng.random_range(0..4) == 0 {
                *x = (*x + step * rng.random_range(-1.0..1.0))
                    * if rng.random_range(0..20) == 0 {
                        0.5
                    } else {
                        1.0
                    };
            }
        }
        match score(&theta) {
            Some(ratio) if ratio > best.0 => {
                best = (ratio, theta);
                step = f64::min(step * 1.5, 1.0);
            }
            _ => step = f64::max(step * 0.98, 1e-4),
        }
    }
    // The find, certified: the difference from below, the bound from above.
    let network = network_of(&best.1[2..], hidden);
    let cut = resize(&network, &widths, Outgoing::Zero, 0)
        .expect("found")
        .network;
    let (a, b): (Network<Enclosure>, Network<Enclosure>) = (
        enclose(&network).expect("in range"),
        enclose(&cut).expect("in range"),
    );
    let x: Vec<Enclosure> = input(&best.1)
        .into_iter()
        .map(Enclosure::from_f64)
        .collect();
    lower(&difference_at(&a, &b, &x).expect("bounded")) / over_ball(&a, &b, radius)
}

#[test]
fn an_adversary_comes_within_a_hundredth_of_the_bound() {
    for hidden in [1, 2] {
        let ratio = (1..4).map(|seed| attack(hidden, seed)).fold(0.0, f64::max);
        println!("{hidden} hidden: {ratio:.5} of the certified bound reached");
        assert!((0.99..=1.0).contains(&ratio), "{hidden} hidden: {ratio}");
    }
}
