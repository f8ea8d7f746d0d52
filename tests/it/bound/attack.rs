//! The attack: pairs of networks drawn to exceed what is certified for them, and inputs optimised in the ball.
//!
//! Half of the networks are ordinary ([`pairs`](super::pairs)), half sit at an end of the range, drawn from the units of the
//! formulas themselves: lengths and weights within a factor of 10 of the largest and of the smallest number, widths to 400,
//! activations half way between two subnormal numbers, and neurons that all round the same way. The judge is independent:
//! interval evaluation of both networks, in twice the bits where the arithmetic has 256.

use crate::support;
use isotropic::{
    Gain, Layer, Network,
    bound::{
        Embedding, Relation, difference_at, difference_over_ball, difference_with, enclose,
        rounding_over_ball, rounding_units,
    },
    certificate::observe::in_ball,
    linalg::{Matrix, Vector},
    network::evaluate,
    scalar::{
        Enclosure, Field, Interval, Mp, Rational, Real,
        interval::{Endpoint, Toward, norm},
    },
};
use num_traits::{One, Zero};
use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;

use super::pairs;

/// Pairs of each of the three arithmetics: 102,000 in all in a campaign.
fn count() -> u64 {
    match std::env::var("ISOTROPIC_CAMPAIGN") {
        Ok(_) => 34_000,
        Err(_) => 100,
    }
}

/// The exponents of the smallest and the largest number; for MPFR as far as a bound in f64 can be told.
fn ends<S: Field>() -> (i64, i64) {
    match S::precision() {
        Some(24) => (-149, 127),
        Some(53) => (-1074, 1023),
        _ => (-1000, 1000),
    }
}

/// ±[1, 10) · 2^e.
fn within_ten<S: Real>(e: i64, rng: &mut impl Rng) -> S {
    let sign = if rng.random_range(0..2) == 0 {
        1.0
    } else {
        -1.0
    };
    S::from_f64(sign * rng.random_range(1.0..10.0)).scale_by_power_of_two(e)
}

/// A first weight with which h is (k + ½) η at z = w, η the smallest number: it rounds up or down at a whim.
fn at_a_tie<S: Real>(gain: &Gain<S>, o: &S, smallest: i64, rng: &mut impl Rng) -> S {
    let odd = Mp::<256>::from_int(2 * rng.random_range(0..3) + 1);
    let gamma = gain.value(o);
    let Some(gamma) = gamma.to_rational().filter(|gamma| !gamma.is_zero()) else {
        return S::one().scale_by_power_of_two(smallest);
    };
    let tie = odd.scale_by_power_of_two(smallest - 1) / Mp::from_rational(&gamma);
    let nearest = S::from_rational(&tie.to_rational().unwrap_or_default());
    // A few units beside it: the side matters, and γ was rounded.
    let beside = S::from_int(rng.random_range(-4..=4)) * S::unit_roundoff();
    nearest.clone() + nearest * beside
}

/// A network at an end of the range with inputs of norm about 1, and its image under a small change.
fn at_an_end<S: Real>(rng: &mut ChaCha8Rng) -> Option<(Network<S>, Network<S>)> {
    let (smallest, largest) = ends::<S>();
    let gain = pairs::gain::<S>(rng);
    let inputs = if rng.random_range(0..2) == 0 {
        1
    } else {
        rng.random_range(1..=3)
    };
    // One in four is all that a bound must count entry by entry: equal neurons that all round half a smallest number the same
    // way, and a second weight that makes something of it. What else the bound allows for is then a few smallest numbers: o is
    // so large that γ, and with it 8 u γ, is one of them, which the rational gain alone can do.
    let together = rng.random_range(0..4) == 0;
    let gain = if together { Gain::Rational } else { gain };
    // Up to 400, the small ones as likely as the large ones.
    let least = if together { 24f64 } else { 1.0 };
    let wide = (least * (400.0 / least).powf(rng.random_range(0.0..1.0))).round() as usize;
    let o = match rng.random_range(0..4) {
        _ if together => S::from_f64(rng.random_range(1.0..2.0)).scale_by_power_of_two(largest),
        0 => S::zero(),
        1 => num_traits::Signed::abs(&within_ten::<S>(smallest, rng)),
        2 => S::one(),
        _ => num_traits::Signed::abs(&within_ten::<S>(largest - 4, rng)),
    };
    let tie = at_a_tie(&gain, &o, smallest, rng);
    let equal = together || rng.random_range(0..3) > 0;
    let first = match rng.random_range(0..3) {
        _ if together => tie,
        0 => within_ten(smallest, rng),
        1 => within_ten(0, rng),
        _ => tie,
    };
    let row = |rng: &mut ChaCha8Rng| match rng.random_range(0..2) {
        _ if equal => first.clone(),
        0 => first.clone(),
        _ => first.clone() * S::from_f64(rng.random_range(-1.0..1.0)),
    };
    let of_second = largest - 4 - rng.random_range(0..12) - (wide as f64).log2().ceil() as i64;
    let of_second = if !together && rng.random_range(0..3) == 0 {
        rng.random_range(-10..30)
    } else {
        of_second
    };
    let second: S = within_ten(of_second, rng);
    let alike = equal || rng.random_range(0..2) == 0;
    let weights = |rng: &mut ChaCha8Rng| {
        if alike {
            second.clone()
        } else {
            second.clone() * S::from_f64(rng.random_range(-1.0..1.0))
        }
    };
    let psi = (rng.random_range(0..3) == 0).then(|| Vector::from_element(1, weights(rng)));
    let hidden = Layer {
        weight: Matrix::from_fn(
            wide,
            inputs,
            |_, j| if j == 0 { row(rng) } else { S::zero() },
        ),
        bias: Vector::from_element(wide, S::zero()),
        psi: None,
    };
    let middle = Layer {
        weight: Matrix::from_fn(1, wide, |_, _| weights(rng)),
        bias: Vector::from_element(1, S::zero()),
        psi,
    };
    let third = rng.random_range(-10..16);
    let last = Layer {
        weight: Matrix::from_element(1, 1, within_ten::<S>(third, rng)),
        bias: Vector::from_element(1, S::zero()),
        psi: None,
    };
    let (layers, lengths) = if rng.random_range(0..2) == 0 {
        (vec![hidden, middle], vec![o])
    } else {
        (vec![hidden, middle, last], vec![o, S::zero()])
    };
    let network = Network::new(layers, gain, Some(lengths)).ok()?;
    let change = S::one() + S::from_int(rng.random_range(0..2000)) * S::unit_roundoff();
    let image = match rng.random_range(0..3) {
        0 => network.map(&|x: &S| x.clone() * &change).ok()?,
        1 => pairs::with_lengths(&network, &change).ok()?,
        _ => network.clone(),
    };
    Some((network, image))
}

fn drawn<S: Real>(seed: u64) -> Option<(Network<S>, Network<S>, String)> {
    if seed.is_multiple_of(2) {
        let (a, b, what) = pairs::pair::<S>(seed);
        return Some((a, b, what.into()));
    }
    let (a, b) = at_an_end(&mut support::rng(seed))?;
    let what = format!("at an end, {:?}", a.widths());
    Some((a, b, what))
}

/// What an attack came to.
#[derive(Default)]
struct Tally {
    /// Finite bounds that were held against an observation.
    bounds: u64,
    /// Those that an observation came within 1 % of.
    near: u64,
    /// The first that was exceeded.
    exceeded: Option<String>,
    largest: f64,
}

impl Tally {
    /// `observed` is a lower bound on what there is, `bound` what is certified.
    fn add(&mut self, observed: f64, bound: f64, what: impl FnOnce() -> String) {
        if !bound.is_finite() {
            return;
        }
        self.bounds += 1;
        if observed > bound && self.exceeded.is_none() {
            self.exceeded = Some(format!("{}: {observed:e} > {bound:e}", what()));
        }
        if bound > 0.0 {
            self.near += u64::from(observed >= 0.99 * bound);
            self.largest = self.largest.max(observed / bound);
        }
    }
}

fn down<E: Endpoint>(x: &Interval<E>) -> f64 {
    f64::from_float_toward(&x.lo().to_float(), Toward::Down)
}

fn up<E: Endpoint>(x: &Interval<E>) -> f64 {
    f64::from_float_toward(&x.hi().to_float(), Toward::Up)
}

/// ‖ŷ - y‖ from below; `None` where the evaluation overflows.
fn rounding_seen<S: Real, E: Endpoint>(
    network: &Network<S>,
    exact: &Network<Interval<E>>,
    x: &[S],
) -> Option<f64> {
    let point = |x: &S| x.to_rational().map(|q| Interval::<E>::enclosing(&q));
    let enclosed: Vec<_> = x.iter().map(point).collect::<Option<_>>()?;
    let y = evaluate(exact, &enclosed).ok()?;
    let computed = evaluate(network, x).ok()?;
    let apart: Option<Vec<_>> = (computed.iter().zip(y.iter()))
        .map(|(computed, y)| Some(point(computed)? - y))
        .collect();
    Some(down(&norm(&apart?)))
}

/// The best of a few inputs of the ball by `score`: along the axes, in random directions, and steps from the best.
fn optimised<S: Real>(
    inputs: usize,
    radius: &Rational,
    rng: &mut ChaCha8Rng,
    score: impl Fn(&[S]) -> f64,
) -> Vec<S> {
    let mut best = (
        f64::NEG_INFINITY,
        vec![0.0; inputs],
        vec![S::zero(); inputs],
    );
    let mut step = 1.0;
    for round in 0..12 {
        let candidate: Vec<f64> = match round {
            0 | 1 => (0..inputs)
                .map(|j| {
                    if j == 0 {
                        f64::from(1 - 2 * round)
                    } else {
                        0.0
                    }
                })
                .collect(),
            2..5 => (0..inputs).map(|_| rng.random_range(-1.0..1.0)).collect(),
            _ => (best.1.iter())
                .map(|x| x + step * rng.random_range(-1.0..1.0))
                .collect(),
        };
        let x = in_ball::<S>(&candidate, radius);
        let found = score(&x);
        if found > best.0 {
            best = (found, candidate, x);
        } else if round > 5 {
            step *= 0.6;
        }
    }
    best.2
}

/// Rounding over the ball and at inputs, and the functions over the ball; `of` scales every bound, 1 but for controls.
fn attack<S: Real, E: Endpoint>(seeds: impl Iterator<Item = u64>, of: f64) -> [Tally; 3] {
    let [mut ball, mut at, mut functions] = <[Tally; 3]>::default();
    for seed in seeds {
        let Some((a, b, what)) = drawn::<S>(seed) else {
            continue;
        };
        let mut rng = support::rng(seed + 1_000_000);
        let radius = match seed % 4 {
            1 => Rational::one(),
            _ => Rational::from_f64(10f64.powf(rng.random_range(-2.0..1.0))),
        };
        let say = |kind: &str| {
            format!(
                "{kind}, {}, seed {seed}, {what}, {}",
                S::name(),
                a.gain().name()
            )
        };
        let enclosed = |network: &Network<S>| enclose::<S, Mp<256>>(network);
        let (Ok(exact_a), Ok(exact_b)) = (enclosed(&a), enclosed(&b)) else {
            continue;
        };
        let Ok(judge) = enclose::<S, E>(&a) else {
            continue;
        };
        let inputs = a.widths()[0];
        let wide_radius = Enclosure::enclosing(&radius);

        let x = optimised::<S>(inputs, &radius, &mut rng, |x| {
            rounding_seen(&a, &judge, x).unwrap_or(-1.0)
        });
        if let Some(seen) = rounding_seen(&a, &judge, &x) {
            let bound =
                rounding_over_ball(&exact_a, &wide_radius, S::precision()).expect("a radius");
            ball.add(seen, of * up(&bound), || say("rounding over a ball"));
            if let Ok(units) = rounding_units(&a, &x, &vec![]) {
                let u = S::unit_roundoff().to_rational().unwrap_or_default();
                let bound = up(&(Enclosure::from_f64(units) * Enclosure::enclosing(&u)));
                at.add(seen, of * bound, || say("rounding at an input"));
            }
        }

        let x = optimised::<S>(inputs, &radius, &mut rng, |x| {
            isotropic::certificate::observe::difference((&a, &b), x)
        });
        let exactly: Vec<Enclosure> = (x.iter())
            .map(|x| Enclosure::enclosing(&x.to_rational().unwrap_or_default()))
            .collect();
        if let Ok(apart) = difference_at(&exact_a, &exact_b, &exactly) {
            // An alignment of hundreds of neurons takes seconds: those are held against one relation alone.
            let bound = if a.widths().iter().all(|n| *n <= 12) {
                difference_over_ball(&exact_a, &exact_b, &wide_radius)
                    .expect("fits")
                    .difference
            } else {
                let same = Relation::Embedded(Embedding::inclusion(&a.widths()));
                difference_with(&exact_a, &exact_b, &wide_radius, &same).expect("fits")
            };
            functions.add(down(&apart), of * up(&bound), || {
                say("functions over a ball")
            });
        }
    }
    [ball, at, functions]
}

const NAMES: [&str; 3] = [
    "rounding over a ball",
    "rounding at inputs",
    "functions over a ball",
];

#[test]
fn nothing_certified_is_exceeded_at_either_end_of_the_range() {
    let mine = support::share(0..count());
    let seeds = || mine.iter().copied();
    let all = [
        ("f32", attack::<f32, Mp<256>>(seeds(), 1.0)),
        ("f64", attack::<f64, Mp<256>>(seeds(), 1.0)),
        ("mp256", attack::<Mp<256>, Mp<512>>(seeds(), 1.0)),
    ];
    for (scalar, tallies) in &all {
        for (name, tally) in NAMES.iter().zip(tallies) {
            println!(
                "{scalar}, {name}: {} bounds, {} within 1 %, largest observed / certified {:.5}",
                tally.bounds, tally.near, tally.largest
            );
            assert_eq!(tally.exceeded, None);
            assert!(
                tally.bounds * 2 > mine.len() as u64,
                "{scalar}, {name}: {} finite",
                tally.bounds
            );
        }
    }
    let [_, at, functions] = &all[1].1;
    assert!(functions.near > 0 && at.largest > 0.05, "not vacuous");
}

/// Where results are subnormal every one of n numbers may be a smallest number η off, √n η together. The bound over a ball once
/// counted one η for all of them. With that formula put back, `nothing_certified_is_exceeded_at_either_end_of_the_range` was
/// watched to fail: 1-227-1, rational, f32 (seed 33): 6.37e-11 above 2.45e-11, and 3.64 times the bound at most. With one hidden
/// layer the forgotten part is ‖[W_2 ψ_2]‖ (√(n_1 + 1) - 1) η: with that taken off again, what is left is exceeded here too.
#[test]
fn control_one_smallest_number_for_a_whole_layer_is_exceeded() {
    let f32s = forgetful::<f32, Mp<256>>(0..200);
    let f64s = forgetful::<f64, Mp<256>>(0..200);
    for tally in [f32s, f64s] {
        println!(
            "{} bounds, largest observed / forgetful {:.3}",
            tally.bounds, tally.largest
        );
        assert!(tally.exceeded.is_some());
    }
}

/// Rounding over a ball against the bound with one smallest number for all entries of a layer.
fn forgetful<S: Real, E: Endpoint>(seeds: std::ops::Range<u64>) -> Tally {
    let mut tally = Tally::default();
    let smallest = Enclosure::point(Mp::one().scale_by_power_of_two(ends::<S>().0));
    for seed in seeds.map(|k| 2 * k + 1) {
        let Some((a, _, what)) = drawn::<S>(seed) else {
            continue;
        };
        let (Ok(exact), Ok(judge)) = (enclose::<S, Mp<256>>(&a), enclose::<S, E>(&a)) else {
            continue;
        };
        if a.depth() != 2 {
            continue;
        }
        let mut rng = support::rng(seed + 1_000_000);
        let radius = Rational::one();
        let x = optimised::<S>(a.widths()[0], &radius, &mut rng, |x| {
            rounding_seen(&a, &judge, x).unwrap_or(-1.0)
        });
        let Some(seen) = rounding_seen(&a, &judge, &x) else {
            continue;
        };
        let bound =
            rounding_over_ball(&exact, &Enclosure::one(), S::precision()).expect("a radius");
        // One row: its length is its operator norm.
        let row = norm(exact.layer(2).augmented().as_slice());
        let counted = Enclosure::from_int(a.widths()[1] as i64 + 1).sqrt() - Enclosure::one();
        let less = bound - row * counted * &smallest;
        tally.add(seen, up(&less), || {
            format!("{}, seed {seed}, {what}", S::name())
        });
    }
    tally
}

/// And a tenth of every bound is exceeded.
#[test]
fn control_a_tenth_of_the_rounding_bound_is_exceeded_at_the_ends() {
    let ends = (0..300).map(|k| 2 * k + 1);
    let [ball, at, functions] = attack::<f32, Mp<256>>(ends, 0.1);
    let said = [&ball, &at, &functions].map(|tally| tally.exceeded.clone());
    assert!(
        said.iter().all(Option::is_some),
        "{said:?}, {}",
        ball.largest
    );
}
