//! A5: the activation is right to a few ulps at every finite pre-activation.

use num_traits::{One, Zero};
use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;

use super::{Case, Magnitude, Measurement, Statement, Variant, magnitude, support::*};
use crate::{
    error::Error,
    network::{Gain, Scalar},
    scalar::{Field, Real},
};

pub(super) struct A5;

controls! {
    NaiveSquare = "naive-square",
    EpsilonBall = "epsilon-ball",
    OverflowToZero = "overflow-to-zero",
    QuotientAtZero = "quotient-at-zero",
}

/// Vectors measured in each case.
const POINTS: usize = 24;

impl Statement for A5 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/A5.yaml");

    fn prepare(case: &mut Case, _: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_curved()
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let gain: Gain<S> = case.network.cast::<S>()?.gain().clone();
        let exact: Gain<Reference> = case.network.cast::<Reference>()?.gain().clone();
        let mut rng = case.rng();
        let mut measurement = Measurement::default();
        for _ in 0..POINTS {
            let (z, o) = point::<S>(&mut rng);
            let mut h = z.clone();
            let gamma = match variant {
                Variant::Control(Control::NaiveSquare) => naive(&gain, &o, &mut h),
                Variant::Control(Control::EpsilonBall) => epsilon_ball(&gain, &o, &mut h)?,
                Variant::Control(Control::OverflowToZero) => overflow_to_zero(&gain, &o, &mut h)?,
                Variant::Control(Control::QuotientAtZero) => quotient_at_zero(&gain, &o, &mut h)?,
                _ => S::activate(&gain, &o, &mut h)?,
            };
            let lift = |x: &S| {
                x.to_rational()
                    .map_or_else(Reference::zero, |q| Reference::from_rational(&q))
            };
            let mut h_exact: Vec<Reference> = z.iter().map(lift).collect();
            let gamma_exact = plain(&exact, &lift(&o), &mut h_exact);
            let difference = |x: &S, exact: &Reference| match x.to_rational() {
                Some(q) => magnitude(&(Reference::from_rational(&q) - exact)),
                None => Magnitude::from_f64(f64::INFINITY),
            };
            let apart: Vec<Magnitude> = h
                .iter()
                .zip(&h_exact)
                .map(|(h, exact)| difference(h, exact))
                .collect();
            // 8 u of the value, and a rounding of each entry where results are subnormal.
            let underflow = smallest::<S>() * Magnitude::from_int(z.len() as i64);
            let eight = roundings::<S>(8.0);
            let mut hold = |residual: Magnitude, scale: Magnitude| {
                // The size is the allowance in units of u, so that gradual underflow, which only the
                // hardware formats have, does not bend the precision law.
                let allowance = eight.clone() * scale + &underflow;
                measurement.push(residual, allowance.clone(), allowance / &eight);
            };
            hold(size(&apart), size(&h_exact));
            hold(difference(&gamma, &gamma_exact), magnitude(&gamma_exact));
        }
        Ok(Some(measurement))
    }

    fn exact(_: Variant<Control>, _: &Case) -> Result<Option<Measurement>, Error> {
        // Over ℚ the activation is its own definition.
        Ok(None)
    }
}

/// A vector of one to five entries whose exponents cover the format: zero, subnormal, moderate, past
/// the overflow of ‖z‖², up to the largest number; and o = 0, moderate, or as large as ‖z‖².
fn point<S: Real>(rng: &mut impl Rng) -> (Vec<S>, S) {
    let widest = if S::precision() == Some(24) {
        127
    } else {
        1023
    };
    let e: i64 = match rng.random_range(0..8) {
        0 => -widest - 20,
        1 => rng.random_range(-widest..=widest),
        2 => widest,
        3 => widest / 2 + 5,
        4 => -widest / 2 - 5,
        _ => rng.random_range(-12..=4),
    };
    let mut mantissa =
        || S::from_f64(rng.random_range(-1.0..1.0)) / S::from_int(3) * S::from_int(3);
    let mut z: Vec<S> = (0..5)
        .map(|_| mantissa().scale_by_power_of_two(e))
        .collect();
    z.truncate(rng.random_range(1..=5));
    if rng.random_range(0..6) == 0 {
        z.fill(S::zero());
    }
    let o = match rng.random_range(0..4) {
        0 | 1 => S::zero(),
        2 => S::from_int(3) / S::from_int(7),
        _ => (S::one() / S::from_int(3)).scale_by_power_of_two((2 * e).clamp(1 - widest, widest)),
    };
    (z, o)
}

/// The plain formulas, in arithmetic so wide that nothing is lost.
fn plain(gain: &Gain<Reference>, o: &Reference, z: &mut [Reference]) -> Reference {
    let one = Reference::one();
    let r = Reference::dot(z, z) + o;
    let rho = r.sqrt();
    let gamma = match gain {
        Gain::Tanh if rho.is_zero() => one,
        // Small ρ: tanh ρ / ρ → 1 is safe, MPFR's tanh is correctly rounded.
        Gain::Tanh => rho.tanh() / &rho,
        Gain::Algebraic => one.clone() / (one + r).sqrt(),
        Gain::Log1p if rho.is_zero() => one,
        Gain::Log1p => (one + &rho).ln() / rho,
        Gain::SoftThreshold { t } if rho > *t => one - t.clone() / rho,
        Gain::SoftThreshold { .. } => Reference::zero(),
        rational => rational.rational_value(&r).unwrap_or(one),
    };
    Reference::scale(z, &gamma);
    gamma
}

/// The control: r is formed, and overflows or underflows.
fn naive<S: Real>(gain: &Gain<S>, o: &S, z: &mut [S]) -> S {
    let r = S::dot(z, z) + o;
    let rho = r.sqrt();
    let gamma = match gain {
        Gain::Tanh => rho.tanh() / rho,
        Gain::Algebraic => S::one() / (S::one() + r).sqrt(),
        Gain::Log1p => (S::one() + &rho).ln() / rho,
        Gain::SoftThreshold { t } if rho > *t => S::one() - t.clone() / rho,
        Gain::SoftThreshold { .. } => S::zero(),
        rational => rational.rational_value(&r).unwrap_or_else(|_| S::one()),
    };
    S::scale(z, &gamma);
    gamma
}

/// The control: inside ‖z‖ < 1e-3 the gain is replaced by its value at 0.
fn epsilon_ball<S: Real>(gain: &Gain<S>, o: &S, z: &mut [S]) -> Result<S, Error> {
    if crate::linalg::norm2(z) < S::from_f64(1e-3) {
        let gamma = gain.value(o);
        S::scale(z, &gamma);
        return Ok(gamma);
    }
    S::activate(gain, o, z)
}

/// The control: where r overflows the gain is taken for its limit at infinity, which is 0.
fn overflow_to_zero<S: Real>(gain: &Gain<S>, o: &S, z: &mut [S]) -> Result<S, Error> {
    if !(S::dot(z, z) + o).is_finite() {
        z.fill(S::zero());
        return Ok(S::zero());
    }
    S::activate(gain, o, z)
}

/// The control: g is taken for the quotient σ(ρ)/ρ at 0 too.
fn quotient_at_zero<S: Real>(gain: &Gain<S>, o: &S, z: &mut [S]) -> Result<S, Error> {
    if o.is_zero() && z.iter().all(Zero::is_zero) {
        let gamma = S::zero() / S::zero();
        S::scale(z, &gamma);
        return Ok(gamma);
    }
    S::activate(gain, o, z)
}
