//! The normal form: one for each function, as narrow as can be, and never from a rank that rounding made.

use isotropic::{
    Error, Gain, Layer, Network, Scalar,
    gauge::{NormalForm, normal_form, rotate},
    identity::{least_widths, pivots},
    judge::{Slope, Tally, Verdict},
    linalg::Matrix,
    network::evaluate,
    resize::grow,
    scalar::{Field, Mp, Rational, Real},
    statement::{Magnitude, Measurement, Sample, magnitude},
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::pairs::{draw, step};

fn form<S: Real>(network: &Network<Rational>) -> NormalForm<S> {
    let known = pivots(network).expect("no denominator is a multiple");
    let wide = network.cast::<S>().expect("finite");
    normal_form(&wide, Some(&known), &S::zero()).expect("a normal form")
}

/// The largest difference of a parameter, beside the largest parameter.
fn apart<S: Real>(a: &Network<S>, b: &Network<S>) -> Sample {
    let largest = |x: Magnitude, y: &S| Magnitude::larger(x, magnitude(y));
    let differences = a.parameters().zip(b.parameters());
    let zero = Magnitude::from_int(0);
    Sample {
        residual: differences.fold(zero.clone(), |most, (x, y)| largest(most, &(x.clone() - y))),
        allowance: Magnitude::from_int(1),
        size: a.parameters().fold(zero, |most, x| largest(most, x)),
    }
}

/// Networks of one function by every exact operation.
fn pairs(count: u64) -> impl Iterator<Item = (Network<Rational>, Network<Rational>)> {
    (0..count).map(|seed| {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let drawn = draw(&mut rng, Gain::Tanh);
        let mut copy = drawn.clone();
        if drawn.depth() > 1 {
            for _ in 0..4 {
                copy = step(&copy, &mut rng);
            }
        }
        (drawn, copy)
    })
}

type Parts = (Vec<Layer<Rational>>, Gain<Rational>, Vec<Rational>);

fn parts(network: &Network<Rational>) -> Parts {
    let lengths = network.hidden().map(|l| network.length_squared(l));
    (
        network.layers().to_vec(),
        network.gain().clone(),
        lengths.collect(),
    )
}

fn tally(samples: Vec<Sample>) -> Tally {
    let mut tally = Tally::default();
    let measurement = Measurement {
        samples,
        ..Measurement::default()
    };
    tally.add(0, Ok(Some(measurement)));
    tally
}

fn at<S: Real>(count: u64) -> (Tally, Tally) {
    let (mut forms, mut outputs) = (vec![], vec![]);
    for (drawn, copy) in pairs(count) {
        let (a, b) = (form::<S>(&drawn).network, form::<S>(&copy).network);
        assert_eq!(a.widths(), b.widths());
        assert_eq!(Some(a.widths()), least_widths(&copy));
        forms.push(apart(&a, &b));
        let x: Vec<S> = (0..drawn.widths()[0])
            .map(|i| S::from_rational(&Rational::ratio(3 * i as i64 - 2, 7).expect("not 0")))
            .collect();
        let y = evaluate(&drawn.cast::<S>().expect("finite"), &x).expect("an output");
        let image = evaluate(&a, &x).expect("an output");
        let largest = |v: &[S]| {
            v.iter()
                .map(magnitude)
                .fold(Magnitude::from_int(0), Magnitude::larger)
        };
        let difference: Vec<S> = y
            .iter()
            .zip(image.iter())
            .map(|(a, b)| a.clone() - b)
            .collect();
        outputs.push(Sample {
            residual: largest(&difference),
            allowance: Magnitude::from_int(1),
            size: largest(y.as_slice()),
        });
    }
    (tally(forms), tally(outputs))
}

/// 200 networks and their rotated, grown and absorbed copies: differences of the normal forms, and of the functions, fall by a
/// bit for every bit.
#[test]
fn one_function_has_one_normal_form() {
    let rungs = [
        (53, at::<f64>(200)),
        (128, at::<Mp<128>>(200)),
        (256, at::<Mp<256>>(200)),
    ];
    for which in [0, 1] {
        let of = |(bits, tallies): &(u32, (Tally, Tally))| {
            (
                *bits,
                if which == 0 {
                    tallies.0.clone()
                } else {
                    tallies.1.clone()
                },
            )
        };
        let rungs: Vec<(u32, Tally)> = rungs.iter().map(of).collect();
        let slope = Slope::fit(-1.0, rungs.iter().map(|(bits, tally)| (*bits, tally)));
        assert_eq!(slope.verdict(), Verdict::Verified, "{which}: {slope:?}");
        let exact = Tally::default();
        assert_ne!(
            rungs[2].1.relative, exact.relative,
            "something was measured"
        );
    }
}

/// The control: another function has another normal form, at every precision.
#[test]
fn another_function_has_another_normal_form() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    for (drawn, copy) in pairs(40).filter(|(drawn, _)| drawn.depth() > 1) {
        let (mut layers, gain, mut lengths) = parts(&copy);
        let l = rng.random_range(0..lengths.len());
        // o alone, which neither widths nor weights show.
        lengths[l] += Rational::ratio(1, 1000).expect("not 0");
        let other =
            Network::new(layers.clone(), gain.clone(), Some(lengths.clone())).expect("valid");
        let (a, b) = (
            form::<Mp<256>>(&drawn).network,
            form::<Mp<256>>(&other).network,
        );
        let least = Magnitude::from_int(1) / Magnitude::from_int(2000);
        assert!(apart(&a, &b).residual > least);
        lengths[l] -= Rational::ratio(1, 1000).expect("not 0");
        // b of the last layer.
        let last = layers.len() - 1;
        layers[last].bias[0] += Rational::ratio(1, 1000).expect("not 0");
        let other = Network::new(layers, gain, Some(lengths)).expect("valid");
        assert!(apart(&a, &form::<Mp<256>>(&other).network).residual > least);
    }
}

/// Copies over-wide and rotated in `S`, whose ranks are full by rounding alone: how many of them are refused by exact ranks, and
/// how far off the normal form is that is seen through the rounding.
fn over_wide<S: Scalar + Real>() -> (usize, Tally) {
    let (mut refused, mut off) = (0, vec![]);
    let wide = |n: &Network<S>| n.cast::<Mp<256>>().expect("finite");
    let unit = Mp::<256>::from_rational(&S::unit_roundoff().to_rational().expect("finite"));
    let seen = |n: &Network<S>| {
        let found = normal_form(&wide(n), None, &unit);
        found.expect("a normal form").network
    };
    for (drawn, _) in pairs(60).filter(|(drawn, _)| drawn.depth() > 1) {
        let small = drawn.cast::<S>().expect("finite");
        let mut rng = ChaCha8Rng::seed_from_u64(9);
        let next = small.layer(2).width();
        let columns = Matrix::from_fn(next, 2, |i, j| S::from_int((1 + i + 2 * j) as i64));
        let grown = grow(&small, 1, &columns).expect("room");
        let r = S::orthogonal(grown.layer(1).width(), &mut rng);
        let rotated = rotate(&grown, 1, &r).expect("orthogonal");
        let known = pivots(&rotated.cast::<Rational>().expect("finite")).expect("binary fractions");
        if known[0].len() > small.layer(1).width() {
            let found = normal_form(&wide(&rotated), Some(&known), &unit);
            assert!(matches!(found, Err(Error::Undecided { .. })), "{found:?}");
            refused += 1;
        }
        let (own, copy) = (seen(&small), seen(&rotated));
        assert_eq!(own.widths(), copy.widths());
        off.push(apart(&own, &copy));
    }
    (refused, tally(off))
}

/// Refused, or seen through at the digits that the copies were computed in: off by what those digits round, which falls with
/// them.
#[test]
fn a_rank_that_rounding_made_is_refused() {
    let (narrow, wide) = (over_wide::<f64>(), over_wide::<Mp<128>>());
    assert!(narrow.0 >= 5 && wide.0 >= 5, "{} {}", narrow.0, wide.0);
    let slope = Slope::fit(-1.0, [(53, &narrow.1), (128, &wide.1)]);
    assert_eq!(slope.verdict(), Verdict::Verified, "{slope:?}");
}

#[test]
fn a_constant_function_has_none() {
    let (drawn, _) = pairs(20)
        .find(|(drawn, _)| drawn.depth() > 1)
        .expect("deep");
    let (mut layers, gain, lengths) = parts(&drawn);
    layers[0].weight.fill(Rational::from(0));
    let constant = Network::new(layers, gain, Some(lengths)).expect("valid");
    let found = normal_form(
        &constant.cast::<f64>().expect("finite"),
        None,
        &f64::EPSILON,
    );
    assert!(
        matches!(found, Err(Error::Constant { layer: 1 })),
        "{found:?}"
    );
}
