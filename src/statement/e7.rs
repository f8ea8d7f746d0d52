//! E7: one side of every boundary between two classes is convex, if there is one hidden layer.
//!
//! With one hidden layer y_i - y_j = γ (a·x + c) + β, β = b_i - b_j. Where β ≥ 0 the set {y_i ≤ y_j} is
//! {a·x + c + β/γ(x) ≤ 0}, and 1/γ is convex in x for the gains of the statement. Both are looked at: 1/γ halfway between two
//! points is at most the mean of its values there, and what lies halfway between two points of the set is in it.

use rand_chacha::ChaCha8Rng;

use super::{Case, Magnitude, Measurement, Statement, Variant, magnitude, support::*};
use crate::{
    error::Error,
    linalg::{Matrix, Vector},
    network::{Gain, Layer, Network, Scalar, trace},
    scalar::{Field, Rational, Real},
};

pub(super) struct E7;

controls! {
    OtherGain = "other-gain",
    TwoHiddenLayers = "two-hidden-layers",
    OtherSide = "other-side",
}

impl Statement for E7 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/E7.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(2, rng)?;
        case.ensure_width(2, 2, rng)
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        measure::<S>(variant, case, Gain::Tanh)
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        measure::<Rational>(variant, case, Gain::Rational)
    }
}

/// A network of one hidden layer at a point: y, γ, how far each y_i may be from the exact one, and 1/γ.
struct Point<S> {
    y: Vec<S>,
    gamma: S,
    of_outputs: Magnitude,
    of_inverse: Magnitude,
}

fn measure<S: Scalar>(
    variant: Variant<Control>,
    case: &Case,
    otherwise: Gain<S>,
) -> Result<Option<Measurement>, Error> {
    let (network, triples) = match variant {
        Variant::Control(Control::OtherGain) => {
            (dented()?, vec![triple(&[whole(8)], &[whole(20)])])
        }
        Variant::Control(Control::TwoHiddenLayers) => {
            (ring()?, vec![triple(&[whole(-2)], &[whole(2)])])
        }
        Variant::Faithful | Variant::Control(_) => {
            if case.network.depth() < 2 || case.network.layer(2).width() < 2 {
                return Ok(None);
            }
            let network = head(&case.network.cast::<S>()?, 2)?;
            let gain = match network.gain() {
                Gain::Tanh | Gain::Algebraic | Gain::Rational => network.gain().clone(),
                Gain::RationalTanh | Gain::SoftThreshold { .. } | Gain::Linear | Gain::Log1p => {
                    otherwise
                }
            };
            (network.with_gain(gain)?, triples(case))
        }
    };
    let mut measurement = Measurement::default();
    for triple in triples {
        let point = |x: &Vec<Rational>| at(&network, x);
        let [from, to, halfway] = [point(&triple[0])?, point(&triple[1])?, point(&triple[2])?];
        if !matches!(
            variant,
            Variant::Control(Control::OtherGain | Control::TwoHiddenLayers)
        ) {
            convex_inverse(&mut measurement, variant, &from, &to, &halfway);
        }
        if !variant.is(Control::OtherSide) {
            let bias = network.layer(network.depth()).bias.as_slice();
            convex_set(&mut measurement, bias, &from, &to, &halfway);
        }
    }
    Ok(Some(measurement))
}

fn whole(n: i64) -> Rational {
    Rational::from(n)
}

/// Two points and the one halfway.
fn triple(from: &[Rational], to: &[Rational]) -> [Vec<Rational>; 3] {
    let half = Rational(rug::Rational::from((1, 2)));
    let middle = from
        .iter()
        .zip(to)
        .map(|(a, b)| (a.clone() + b) * &half)
        .collect();
    [from.to_vec(), to.to_vec(), middle]
}

/// Points near the inputs of the case and further out, in multiples of 1/32: they and the points halfway are exact in
/// every arithmetic.
fn triples(case: &Case) -> Vec<[Vec<Rational>; 3]> {
    let near = |times: i64| {
        let round = move |x: &Rational| {
            let scaled = Rational((x.0.clone() * 32u32 * times).round());
            scaled / Rational::from(32)
        };
        case.inputs
            .iter()
            .map(move |x| x.iter().map(round).collect::<Vec<Rational>>())
    };
    let points: Vec<Vec<Rational>> = near(1).chain(near(-4)).collect();
    points
        .iter()
        .zip(points.iter().skip(1))
        .map(|(a, b)| triple(a, b))
        .collect()
}

fn at<S: Scalar>(network: &Network<S>, x: &[Rational]) -> Result<Point<S>, Error> {
    let x: Vec<S> = x.iter().map(S::from_rational).collect();
    let found = trace(network, &x)?;
    let gamma = found.gains[0].clone();
    // |δ(1/γ)| ≤ |d(1/γ)/dρ| ‖δz‖, where the derivative is at most 1 for tanh and algebraic and 2 (ρ + ‖δz‖) for
    // 1 + ρ², ρ ≤ 1/√γ; the activation adds 8 u.
    let moved = times_u::<S>(&units(&head(network, 1)?, &x, &[])?);
    let inverse = Magnitude::from_int(1) / magnitude(&gamma);
    let two = Magnitude::from_int(2);
    let slope = match network.gain() {
        Gain::Rational => two.clone() * inverse.sqrt() + two * &moved,
        _ => Magnitude::from_int(1),
    };
    Ok(Point {
        of_outputs: times_u::<S>(&units(network, &x, &[])?),
        of_inverse: roundings::<S>(9.0) * inverse + slope * moved,
        y: found.output().to_vec(),
        gamma,
    })
}

/// 1/γ halfway is at most the mean of 1/γ at the ends.
fn convex_inverse<S: Scalar>(
    measurement: &mut Measurement,
    variant: Variant<Control>,
    from: &Point<S>,
    to: &Point<S>,
    halfway: &Point<S>,
) {
    // A γ that has lost digits to underflow says nothing.
    let lost = |point: &Point<S>| {
        magnitude(&point.gamma) * magnitude(&S::unit_roundoff()) < smallest::<S>()
    };
    if [from, to, halfway]
        .into_iter()
        .any(|p| p.gamma.is_zero() || lost(p))
    {
        return;
    }
    let half = Magnitude::from_f64(0.5);
    if S::precision().is_none() {
        let inverse = |point: &Point<S>| S::one() / &point.gamma;
        let (ends, middle) = (
            inverse(from) + inverse(to),
            inverse(halfway) * S::from_int(2),
        );
        let kept = match variant {
            Variant::Faithful => middle <= ends,
            Variant::Control(_) => middle >= ends,
        };
        measurement.push_count(usize::from(!kept));
        return;
    }
    let inverse = |point: &Point<S>| Magnitude::from_int(1) / magnitude(&point.gamma);
    let mean = (inverse(from) + inverse(to)) * &half;
    let rounding = (from.of_inverse.clone() + &to.of_inverse) * &half + &halfway.of_inverse;
    let (small, large) = match variant {
        Variant::Faithful => (inverse(halfway), mean),
        Variant::Control(_) => (mean, inverse(halfway)),
    };
    // Magnitudes are rounded too, to 64 bits.
    let own = Magnitude::unit_roundoff() * Magnitude::from_int(16) * &large;
    measurement.push(small, large.clone() + rounding + own, large);
}

/// For all pairs of neighbouring classes with b_i ≥ b_j: halfway between two points with y_i ≤ y_j, y_i ≤ y_j.
fn convex_set<S: Scalar>(
    measurement: &mut Measurement,
    bias: &[S],
    from: &Point<S>,
    to: &Point<S>,
    halfway: &Point<S>,
) {
    for k in 1..bias.len() {
        let (i, j) = if bias[k - 1] >= bias[k] {
            (k - 1, k)
        } else {
            (k, k - 1)
        };
        // y_i - y_j is off by at most twice the error of an output, and by its own rounding.
        let certain = |point: &Point<S>| {
            let difference = point.y[i].clone() - &point.y[j];
            let allowed = point.of_outputs.clone() * Magnitude::from_int(2)
                + roundings::<S>(2.0) * magnitude(&difference);
            (magnitude(&difference) > allowed, difference)
        };
        let inside = |point: &Point<S>| {
            let (certain, difference) = certain(point);
            match S::precision() {
                None => !difference.above_zero(),
                Some(_) => certain && difference.below_zero(),
            }
        };
        if !inside(from) || !inside(to) {
            continue;
        }
        let (certain, difference) = certain(halfway);
        let outside = certain && difference.above_zero();
        measurement.require(!outside, || {
            format!(
                "class {i} is below class {j} at two points and above it by {difference} halfway"
            )
        });
        if S::precision().is_none() {
            measurement.push_count(usize::from(outside));
        }
    }
}

/// y_1 - y_2 = γ (-x/20 - 4.9) + 1 with (15+r)/(15+6r), whose inverse is not convex: -, +, - at 8, 14, 20.
fn dented<S: Field>() -> Result<Network<S>, Error> {
    let q = |p: i64, q: i64| S::from_rational(&Rational(rug::Rational::from((p, q))));
    let outputs = Layer {
        weight: Matrix::from_vec(2, 1, vec![q(-1, 20), S::zero()]),
        bias: Vector::from_vec(vec![S::one(), S::zero()]),
        psi: Some(Vector::from_vec(vec![q(-49, 10), S::zero()])),
    };
    Network::new(vec![identity(), outputs], Gain::RationalTanh, None)
}

/// y_1 - y_2 = γ_2 (γ_1 - ½) with 1/(1+r): negative where |x| > 1.
fn ring<S: Field>() -> Result<Network<S>, Error> {
    let second = Layer {
        weight: Matrix::from_element(1, 1, S::zero()),
        bias: Vector::from_element(1, S::zero()),
        psi: Some(Vector::from_element(1, S::one())),
    };
    let outputs = Layer {
        weight: Matrix::from_vec(2, 1, vec![S::one(), S::zero()]),
        bias: Vector::from_element(2, S::zero()),
        psi: Some(Vector::from_vec(vec![S::from_f64(-0.5), S::zero()])),
    };
    Network::new(vec![identity(), second, outputs], Gain::Rational, None)
}

/// z = x, for one neuron.
fn identity<S: Field>() -> Layer<S> {
    Layer {
        weight: Matrix::from_element(1, 1, S::one()),
        bias: Vector::from_element(1, S::zero()),
        psi: None,
    }
}
