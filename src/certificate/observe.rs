//! What two networks do, as they are evaluated: the largest difference at given inputs, or found in a ball.
//!
//! Nothing here knows of bounds. An observation above a certified bound is a counterexample to this crate.

use num_traits::Zero;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

use crate::{
    error::Error,
    judge::Verdict,
    linalg::norm2,
    network::{Network, Scalar, evaluate},
    scalar::{Field, Mp, Rational, Real},
};

/// Random directions tried over a ball, and steps of the search from the best of them.
const DIRECTIONS: usize = 64;
const STEPS: usize = 64;

/// What an observed difference makes of a certified bound: `Refuted` above it, `Unknown` for a bound that is not
/// finite and says nothing. An evaluation that overflows (∞) under a finite bound, which excludes that, refutes it.
#[must_use]
pub fn judge(bound: f64, observed: f64) -> Verdict {
    if !bound.is_finite() || observed.is_nan() {
        Verdict::Unknown
    } else if observed <= bound {
        Verdict::Verified
    } else {
        Verdict::Refuted
    }
}

/// ‖ŷ - ŷ'‖ at one input, the exact distance of the computed outputs rounded; ∞ where an evaluation overflows, NaN
/// where the scalar cannot evaluate a network at all.
pub fn difference<S: Scalar>((a, b): (&Network<S>, &Network<S>), x: &[S]) -> f64 {
    match evaluate(a, x).and_then(|y| Ok((y, evaluate(b, x)?))) {
        Ok((y, z)) => distance(y.as_slice(), z.as_slice()),
        Err(Error::Overflow { .. }) => f64::INFINITY,
        Err(_) => f64::NAN,
    }
}

/// The largest [`difference`] at these inputs; 0 for none.
pub fn largest<S: Scalar>(pair: (&Network<S>, &Network<S>), inputs: &[Vec<S>]) -> f64 {
    inputs
        .iter()
        .map(|x| difference(pair, x))
        .fold(0.0, |a, b| f64::larger(b, a))
}

/// The largest [`difference`] found in the ball ‖x‖ ≤ `radius`: at the origin, in random directions at full length,
/// and in steps from the best of them. Deterministic.
pub fn search<S: Scalar>(pair: (&Network<S>, &Network<S>), radius: &Rational) -> f64 {
    let width = pair.0.layer(1).weight.ncols();
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let mut draw = || -> Vec<f64> { (0..width).map(|_| rng.sample(StandardNormal)).collect() };
    let origin = difference(pair, &vec![S::zero(); width]);
    let (mut best, mut direction) = (f64::NEG_INFINITY, vec![]);
    for _ in 0..DIRECTIONS {
        let candidate = draw();
        let found = difference(pair, &in_ball(&candidate, radius));
        if found > best {
            (best, direction) = (found, candidate);
        }
    }
    let mut step = 1.0;
    for _ in 0..STEPS {
        let candidate: Vec<f64> = (direction.iter().zip(draw()))
            .map(|(x, d)| x + step * d)
            .collect();
        let found = difference(pair, &in_ball(&candidate, radius));
        if found > best {
            (best, direction) = (found, candidate);
        } else {
            step *= 0.9;
        }
    }
    f64::larger(best, origin)
}

/// How far apart outputs of one network are seen to be in the ball: the largest distance between two of those at the
/// origin and at 16 random points of the sphere. No more than the diameter of its range there.
pub fn spread<S: Scalar>(network: &Network<S>, radius: &Rational) -> f64 {
    let width = network.layer(1).weight.ncols();
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut inputs = vec![vec![S::zero(); width]];
    for _ in 0..16 {
        let direction: Vec<f64> = (0..width).map(|_| rng.sample(StandardNormal)).collect();
        inputs.push(in_ball(&direction, radius));
    }
    spread_at(network, &inputs)
}

/// The largest distance between outputs at two of these inputs; 0 for fewer than two that can be evaluated.
pub fn spread_at<S: Scalar>(network: &Network<S>, inputs: &[Vec<S>]) -> f64 {
    let outputs: Vec<_> = (inputs.iter())
        .filter_map(|x| evaluate(network, x).ok())
        .collect();
    let mut most = 0.0;
    for (i, y) in outputs.iter().enumerate() {
        for z in &outputs[..i] {
            most = f64::larger(distance(y.as_slice(), z.as_slice()), most);
        }
    }
    most
}

fn distance<S: Field>(y: &[S], z: &[S]) -> f64 {
    let apart = |(y, z): (&S, &S)| Some(y.to_rational()? - z.to_rational()?);
    match sum_of_squares(y.iter().zip(z).map(apart)) {
        Some(sum) => Mp::<64>::from_rational(&sum).sqrt().to_f64(),
        None => f64::INFINITY,
    }
}

/// Σ x², `None` if one of the numbers is not finite.
fn sum_of_squares(mut numbers: impl Iterator<Item = Option<Rational>>) -> Option<Rational> {
    numbers.try_fold(Rational::zero(), |sum, x| {
        let x = x?;
        Some(sum + x.clone() * x)
    })
}

/// The point of the sphere ‖x‖ = `radius` in this direction, rounded to the scalar and drawn inwards until it
/// lies in the ball, which is decided exactly: an input outside of the ball says nothing about a bound for it.
pub fn in_ball<S: Scalar>(direction: &[f64], radius: &Rational) -> Vec<S> {
    let size = norm2(direction).max(f64::MIN_POSITIVE);
    let limit = radius.clone() * radius;
    let mut inwards = S::unit_roundoff().to_f64();
    let mut factor = Rational::from(1);
    while inwards < 1.0 {
        let entry = |x: &f64| Rational::from_f64(x / size) * &factor * radius;
        let x: Vec<S> = (direction.iter())
            .map(|x| S::from_rational(&entry(x)))
            .collect();
        let squared = sum_of_squares(x.iter().map(S::to_rational));
        if squared.is_some_and(|squared| squared <= limit) {
            return x;
        }
        // Exact arithmetic has u = 0: a first step for it, and twice as far each time.
        inwards = f64::max(2.0 * inwards, f64::EPSILON);
        factor = Rational::from_f64(1.0 - inwards.min(1.0));
    }
    vec![S::zero(); direction.len()]
}
