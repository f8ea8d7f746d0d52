//! No certified difference is exceeded, and bounds with a term dropped are.

use crate::support;
use isotropic::{
    Gain, Layer, Network,
    bound::{difference_at, difference_over_ball, enclose},
    linalg::{Matrix, Vector},
    scalar::{Enclosure, Field, Mp, Real},
};
use num_traits::Zero;
use rand::RngExt;

use super::pairs::{cases, lower, member, over_ball, pair};

/// The largest observed / certified over `count` pairs; the error is a bound that was exceeded.
fn never_exceeded<S: Real>(
    count: u64,
    certify: impl Fn(&Network<Enclosure>, &Network<Enclosure>, f64) -> f64,
) -> Result<f64, String> {
    let mut largest = 0.0f64;
    for seed in support::share(0..count) {
        let (a, b, what) = pair::<S>(seed);
        let mut rng = support::rng(seed + 1_000_000);
        let radius = 10f64.powf(rng.random_range(-2.0..1.0));
        let (a, b): (Network<Enclosure>, Network<Enclosure>) = (
            enclose(&a).expect("in range"),
            enclose(&b).expect("in range"),
        );
        let bound = certify(&a, &b, radius);
        for _ in 0..6 {
            let x: Vec<Enclosure> = member(a.widths()[0], radius, &mut rng);
            let apart = difference_at(&a, &b, &x).expect("bounded");
            // What is certainly there must not exceed what is certified.
            if lower(&apart) > bound {
                return Err(format!(
                    "seed {seed}, {what}, {}: {apart} > {bound}",
                    a.gain().name()
                ));
            }
            if bound > 0.0 {
                largest = largest.max(lower(&apart) / bound);
            }
        }
    }
    Ok(largest)
}

#[test]
fn no_certified_difference_is_exceeded() {
    let start = std::time::Instant::now();
    let in_f64 = never_exceeded::<f64>(cases(), over_ball).expect("f64");
    let in_mp = never_exceeded::<Mp<256>>(cases(), over_ball).expect("mp256");
    println!(
        "largest observed / certified: {in_f64:.4} in f64, {in_mp:.4} in mp256; {:?}",
        start.elapsed()
    );
    assert!(
        in_f64 > 0.3 && in_mp > 0.3,
        "not vacuous: {in_f64}, {in_mp}"
    );
}

#[test]
fn controls_bounds_with_a_term_dropped_are_exceeded() {
    let count = cases().max(120);
    // A tenth off the bound: Λ or s misjudged by as much.
    never_exceeded::<f64>(count, |a, b, radius| 0.9 * over_ball(a, b, radius)).expect_err("scaled");
    // ψ of the second network not looked at.
    let without_psi = |b: &Network<Enclosure>| {
        let layers = b
            .layers()
            .iter()
            .map(|layer| Layer {
                psi: None,
                ..layer.clone()
            })
            .collect();
        let lengths = b.hidden().map(|l| b.length_squared(l)).collect();
        Network::new(layers, b.gain().clone(), Some(lengths)).expect("valid")
    };
    never_exceeded::<f64>(count, |a, b, radius| {
        over_ball(&without_psi(a), &without_psi(b), radius)
    })
    .expect_err("without ψ");
    // o of the second network not looked at.
    let same_lengths = |a: &Network<Enclosure>, b: &Network<Enclosure>| {
        let lengths = b.hidden().map(|l| {
            if l < a.depth() {
                a.length_squared(l)
            } else {
                Zero::zero()
            }
        });
        Network::new(
            b.layers().to_vec(),
            b.gain().clone(),
            Some(lengths.collect()),
        )
        .expect("valid")
    };
    never_exceeded::<f64>(count, |a, b, radius| {
        over_ball(a, &same_lengths(a, b), radius)
    })
    .expect_err("without μ");
    // The bound for half of the ball.
    never_exceeded::<f64>(count, |a, b, radius| over_ball(a, b, radius / 2.0)).expect_err("half");
}

/// Where nothing arrives anywhere no direction is longer than another, and the difference of nothing is nothing.
#[test]
fn networks_of_zeros_are_compared() {
    let layer = |m, n| Layer {
        weight: Matrix::from_element(m, n, Enclosure::from_f64(0.0)),
        bias: Vector::from_element(m, Enclosure::from_f64(0.0)),
        psi: None,
    };
    let of = |width| {
        let layers = vec![layer(width, 2), layer(3, width), layer(2, 3)];
        Network::new(layers, Gain::Tanh, None).expect("valid")
    };
    let radius = Enclosure::from_f64(2.0);
    for (a, b) in [(of(3), of(3)), (of(4), of(3)), (of(3), of(4))] {
        let found = difference_over_ball(&a, &b, &radius).expect("fits");
        assert_eq!(found.difference.hi().to_f64(), 0.0);
    }
}
