//! Pairs of networks that an operation relates, and inputs of a ball.

use isotropic::{
    Gain, Network,
    bound::difference_over_ball,
    gauge::{self, Gauge},
    linalg::norm2,
    resize::{Outgoing, compress, resize},
    scalar::{Enclosure, Field, Real},
};
use rand::{Rng, RngExt};

use crate::support;

/// Cases of each arithmetic: 100,000 in all in a campaign.
pub fn cases() -> u64 {
    if std::env::var_os("ISOTROPIC_CAMPAIGN").is_some() {
        50_000
    } else {
        120
    }
}

pub fn gain<S: Field>(rng: &mut impl Rng) -> Gain<S> {
    match rng.random_range(0..7) {
        0 => Gain::Algebraic,
        1 => Gain::Rational,
        2 => Gain::RationalTanh,
        3 => Gain::SoftThreshold {
            t: S::from_f64(rng.random_range(0.1..0.6)),
        },
        4 => Gain::Linear,
        _ => Gain::Tanh,
    }
}

/// o times a factor.
pub fn with_lengths<S: Field>(
    network: &Network<S>,
    factor: &S,
) -> Result<Network<S>, isotropic::Error> {
    let lengths = network.hidden().map(|l| network.length_squared(l) * factor);
    let lengths = lengths.collect();
    Network::new(
        network.layers().to_vec(),
        network.gain().clone(),
        Some(lengths),
    )
}

/// A network and another that some operation makes of it, or that has nothing to do with it.
pub fn pair<S: Real>(seed: u64) -> (Network<S>, Network<S>, &'static str) {
    let mut rng = support::rng(seed);
    let depth = rng.random_range(1..=4);
    let widths: Vec<usize> = (0..=depth).map(|_| rng.random_range(1..=5)).collect();
    let gain = gain(&mut rng);
    let scale = S::from_f64(10f64.powf(rng.random_range(-1.5..0.7)));
    let network = support::network::<S>(&widths, gain, seed)
        .map(&|x: &S| x.clone() * &scale)
        .expect("finite");
    let other: Vec<usize> = (widths.iter().enumerate())
        .map(|(l, n)| {
            if l == 0 || l == depth {
                *n
            } else {
                rng.random_range(1..=5)
            }
        })
        .collect();
    let image = match rng.random_range(0..8) {
        0 => (
            resize(&network, &other, Outgoing::Random, seed).map(|r| r.network),
            "resized",
        ),
        1 => (compress(&network).map(|r| r.network), "compressed"),
        2 => (
            gauge::diagonalise(&network, Gauge::Left, &[]),
            "diagonalised",
        ),
        3 => (
            gauge::diagonalise(&network, Gauge::Triangular, &[]),
            "triangular",
        ),
        4 => (
            network.map(&|x: &S| S::from_f64(f64::from(x.to_f64() as f32))),
            "rounded to single",
        ),
        6 => (with_lengths(&network, &S::from_f64(1.5)), "other lengths"),
        5 => (network.with_gain(Gain::Algebraic), "another gain"),
        _ => (
            Ok(support::network(&other, network.gain().clone(), seed + 1)),
            "unrelated",
        ),
    };
    let what = image.1;
    (network, image.0.expect("an operation"), what)
}

/// An input of norm at most `radius`, on its sphere two times in three.
pub fn member<S: Field>(n: usize, radius: f64, rng: &mut impl Rng) -> Vec<S> {
    let x: Vec<f64> = (0..n).map(|_| rng.random_range(-1.0..1.0)).collect();
    let size = norm2(&x).max(1e-9);
    let part = if rng.random_range(0..3) == 0 {
        rng.random_range(0.0..1.0)
    } else {
        1.0 - 1e-12
    };
    x.iter()
        .map(|x| S::from_f64(x / size * radius * part))
        .collect()
}

pub fn lower(x: &Enclosure) -> f64 {
    x.lo().to_f64().next_down()
}

pub fn upper(x: &Enclosure) -> f64 {
    x.hi().to_f64().next_up()
}

/// The certified difference over the ball.
pub fn over_ball(a: &Network<Enclosure>, b: &Network<Enclosure>, radius: f64) -> f64 {
    upper(
        &difference_over_ball(a, b, &Enclosure::from_f64(radius))
            .expect("shapes fit")
            .difference,
    )
}
