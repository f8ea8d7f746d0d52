//! What the tests of several modules share.

pub mod command;
pub mod ratios;
pub mod scalars;

use isotropic::{
    Layer, Network,
    linalg::{Matrix, Vector},
    network::Gain,
    scalar::Field,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A seeded generator.
pub fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// The seeds of this share of a campaign: with `ISOTROPIC_SHARD=3/8` every eighth of them, from the third on, so that eight
/// machines run it together; else all of them. A campaign holds if each of its shares does.
pub fn share(seeds: std::ops::Range<u64>) -> Vec<u64> {
    share_of(seeds, std::env::var("ISOTROPIC_SHARD").ok().as_deref())
}

fn share_of(seeds: std::ops::Range<u64>, share: Option<&str>) -> Vec<u64> {
    let share: Option<isotropic::verify::Share> = share.map(|share| share.parse().unwrap());
    let mine = |seed: &u64| share.is_none_or(|share| share.holds(*seed as usize));
    seeds.filter(mine).collect()
}

#[test]
fn shares_of_a_campaign_are_all_of_it_once() {
    let mut all: Vec<u64> = (1..=3)
        .flat_map(|i| share_of(0..100, Some(&format!("{i}/3"))))
        .collect();
    all.sort_unstable();
    assert_eq!(all, share_of(0..100, None));
    assert_eq!(share_of(0..10, Some("2/3")), [1, 4, 7]);
}

/// A network of these widths with uniform entries in ±1/√fan-in, ψ and o included.
pub fn network<S: Field>(widths: &[usize], gain: Gain<S>, seed: u64) -> Network<S> {
    let mut rng = rng(seed);
    let mut uniform = |scale: f64| S::from_f64(scale * rng.random_range(-1.0..1.0));
    let layers = widths
        .windows(2)
        .enumerate()
        .map(|(l, pair)| {
            let scale = 1.5 / (pair[0] as f64).sqrt();
            Layer {
                weight: Matrix::from_fn(pair[1], pair[0], |_, _| uniform(scale)),
                bias: Vector::from_fn(pair[1], |_, _| uniform(0.5)),
                psi: (l > 0).then(|| Vector::from_fn(pair[1], |_, _| uniform(0.5))),
            }
        })
        .collect();
    let lengths = (2..widths.len())
        .map(|_| num_traits::Signed::abs(&uniform(1.0)))
        .collect();
    Network::new(layers, gain, Some(lengths)).expect("a valid network")
}

/// An input with uniform entries in ±1.
pub fn input<S: Field>(n: usize, seed: u64) -> Vec<S> {
    let mut rng = rng(seed);
    (0..n)
        .map(|_| S::from_f64(rng.random_range(-1.0..1.0)))
        .collect()
}

/// ‖x - y‖₂ in f64.
pub fn distance<S: Field>(x: &[S], y: &[S]) -> f64 {
    let squares = x
        .iter()
        .zip(y)
        .map(|(x, y)| (x.clone() - y).to_f64().powi(2));
    squares.sum::<f64>().sqrt()
}
