//! The rigorous bounds: never exceeded, not vacuous, and refused where they are computed wrongly.

mod common;

use isotropic::{
    Gain, Network,
    bound::{BallBound, Relation, difference_at, difference_over_ball, difference_with, enclose},
    gauge::{self, Gauge},
    io::shipped,
    linalg::norm2,
    network::evaluate,
    resize::{Outgoing, compress, resize, truncate},
    scalar::{Enclosure, Field, Interval, Mp, Rational, Real},
};
use num_traits::{Signed, Zero};
use rand::{Rng, RngExt};

type Narrow = Interval<f64>;

/// (1) of `proofs/tau.md` for o and s on a grid: (γ + 2g's²)² + 4τ²g'²s² ≤ g(o)², with τ² times `factor`.
fn tau_holds(factor: f64) -> Result<(), String> {
    for name in ["tanh", "algebraic", "rational", "rational-tanh"] {
        let gain: Gain<Narrow> = Gain::from_name(name, None).expect("a gain");
        let tau_squared = gain.tau_squared().expect("proved") * Narrow::from_f64(factor);
        for o in (0..40).map(|k| Narrow::from_f64(0.2 * f64::from(k))) {
            for s in (1..200).map(|k| Narrow::from_f64(0.03 * f64::from(k))) {
                let squared = s.square();
                let r = squared.clone() + &o;
                let (gamma, slope) = (gain.enclose(&r), gain.enclose_derivative(&r));
                let two = Narrow::from_int(2);
                let radial = gamma + two.clone() * &slope * &squared;
                let across = Narrow::from_int(4) * &tau_squared * slope.square() * squared;
                let (left, right) = (radial.square() + across, gain.enclose(&o).square());
                if left.lo() > right.hi() {
                    return Err(format!("{name}, o = {o}, s = {s}: {left} > {right}"));
                }
            }
        }
    }
    Ok(())
}

#[test]
fn tau_is_a_lipschitz_weight_and_no_larger_one_is() {
    tau_holds(1.0).expect("proved");
    tau_holds(1.02).expect_err("τ a hundredth larger");
}

#[test]
fn tau_squared_is_three_halves_over_d() {
    for name in ["tanh", "algebraic", "rational", "rational-tanh"] {
        let gain: Gain<Narrow> = Gain::from_name(name, None).expect("a gain");
        let d: f64 = Gain::<f64>::from_name(name, None).expect("a gain").d();
        let product = gain.tau_squared().expect("proved") * Narrow::from_f64(d);
        let three_halves = Rational::ratio(3, 2).expect("a ratio");
        assert!(
            (product.to_f64() - three_halves.to_f64()).abs() < 1e-15,
            "{name}"
        );
    }
}

// ---------------------------------------------------------------- never exceeded

/// Cases of each arithmetic: 100,000 in all in a campaign.
fn cases() -> u64 {
    if std::env::var_os("ISOTROPIC_CAMPAIGN").is_some() {
        50_000
    } else {
        120
    }
}

fn gain<S: Field>(rng: &mut impl Rng) -> Gain<S> {
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

/// A network and another that some operation makes of it, or that has nothing to do with it.
fn pair<S: Real>(seed: u64) -> (Network<S>, Network<S>, &'static str) {
    let mut rng = common::rng(seed);
    let depth = rng.random_range(1..=4);
    let widths: Vec<usize> = (0..=depth).map(|_| rng.random_range(1..=5)).collect();
    let gain = gain(&mut rng);
    let scale = S::from_f64(10f64.powf(rng.random_range(-1.5..0.7)));
    let network = common::network::<S>(&widths, gain, seed)
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
    let image = match rng.random_range(0..7) {
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
        5 => (network.with_gain(Gain::Algebraic), "another gain"),
        _ => (
            Ok(common::network(&other, network.gain().clone(), seed + 1)),
            "unrelated",
        ),
    };
    let what = image.1;
    (network, image.0.expect("an operation"), what)
}

/// An input of norm at most `radius`, on its sphere two times in three.
fn member<S: Field>(n: usize, radius: f64, rng: &mut impl Rng) -> Vec<S> {
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

fn lower(x: &Enclosure) -> f64 {
    x.lo().to_f64().next_down()
}

fn upper(x: &Enclosure) -> f64 {
    x.hi().to_f64().next_up()
}

/// The largest observed / certified over `count` pairs; the error is a bound that was exceeded.
fn never_exceeded<S: Real>(
    count: u64,
    certify: impl Fn(&Network<Enclosure>, &Network<Enclosure>, f64) -> f64,
) -> Result<f64, String> {
    let mut largest = 0.0f64;
    for seed in 0..count {
        let (a, b, what) = pair::<S>(seed);
        let mut rng = common::rng(seed + 1_000_000);
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

fn over_ball(a: &Network<Enclosure>, b: &Network<Enclosure>, radius: f64) -> f64 {
    upper(
        &difference_over_ball(a, b, &Enclosure::from_f64(radius))
            .expect("shapes fit")
            .difference,
    )
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
