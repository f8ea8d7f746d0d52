//! A3: the Jacobian of the activation, against central differences and under rotations.
//!
//! With step h the difference (f(z+hd) - f(z-hd))/2h of a unit d errs by h²/6 sup |f'''| and by roundings
//! of f and z over h: both are of size u^{2/3} for h = u^{1/3}.
//!
//! Along a line of unit direction, |f'''| ≤ 8 r²|g'''| + 24 r|g''| + 6|g'|. Four of the gains are Stieltjes
//! functions, g = c + ∫ dμ(a)/(r+a) with μ ≥ 0: for tanh μ sits at a_k = (k-½)²π² with weights 2 (the partial
//! fractions of tanh), for 1/√(1+r) it has a density, for the rational ones it is one point. With
//! r²/(r+a)⁴ ≤ 1/16a² and r/(r+a)³ ≤ 4/27a²,
//!
//! ```text
//! |f'''| ≤ (3 + 64/9 + 6) ∫ dμ/a² = 145/9 |g'(0)|,    and with r/(r+a) ≤ 1:   |f'''| ≤ 102 g(r)/r.
//! ```
//!
//! The soft threshold is 1 - t r^{-1/2} above its kink, and r^{-1/2} is Stieltjes: 102 t/ρ³.

use num_traits::{One, Zero};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{Case, Magnitude, Measurement, Statement, Variant, magnitude, support::*};
use crate::{
    error::Error,
    linalg::{Matrix, accumulate, norm2},
    network::{Derivative, Gain, Scalar},
    scalar::{Field, Rational, Real},
};

pub(super) struct A3;

controls! {
    HalfDerivative = "half-derivative",
    LengthIgnored = "length-ignored",
    OneSided = "one-sided",
}

impl Statement for A3 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/A3.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(1, rng)?;
        case.ensure_lengths()?;
        case.ensure_curved()
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let (network, _) = case.cast::<S>()?;
        let (gain, o) = (network.gain(), network.length_squared(1));
        let bounds = Bounds::new(case)?;
        let mut rng = case.rng();
        let n = network.layer(1).width();
        let r = S::orthogonal(n, &mut rng);
        let mut measurement = Measurement::default();
        for z in points(case) {
            let z: Vec<S> = z.iter().map(S::from_rational).collect();
            let mut d: Vec<f64> = (0..n).map(|_| rng.random_range(-1.0..1.0)).collect();
            let length = norm2(&d);
            f64::scale(&mut d, &(1.0 / length));
            let directions = [d.iter().map(|d| S::from_f64(*d)).collect(), along(&z)];
            for d in directions.iter().filter(|d| norm2(d).above_zero()) {
                differences(&mut measurement, variant, gain, &o, &bounds, &z, d)?;
                if variant == Variant::Faithful {
                    turned(&mut measurement, gain, &o, &bounds, &z, d, &r)?;
                }
            }
        }
        Ok(Some(measurement))
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        if variant.is(Control::OneSided) {
            return Ok(None);
        }
        let (network, _) = case.cast::<Rational>()?;
        let (gain, o) = (network.gain(), network.length_squared(1));
        let mut rng = case.rng();
        let mut measurement = Measurement::default();
        for z in points(case) {
            let n = z.len();
            let d: Vec<Rational> = (0..n).map(|_| super::case::sizeable(&mut rng)).collect();
            let jacobian = derivative(variant, gain, &o, &z)?;
            let mut unequal = |a: &[Rational], b: &[Rational]| {
                measurement.push_count(a.iter().zip(b).filter(|(a, b)| a != b).count());
            };

            let r = exact_orthogonal(n, &mut rng);
            let at_image = derivative(variant, gain, &o, &image(&r, &z))?;
            unequal(
                &at_image.times(&image(&r, &d)),
                &image(&r, &jacobian.times(&d)),
            );

            // Across z: the eigenvalue is γ, and γ is that of the activation.
            let gamma = Rational::activate(gain, &o, &mut z.clone())?;
            let squared = Rational::dot(&z, &z);
            if !squared.is_zero() {
                let part = Rational::dot(&z, &d) / &squared;
                let across: Vec<Rational> = d
                    .iter()
                    .zip(&z)
                    .map(|(d, z)| d.clone() - z.clone() * &part)
                    .collect();
                let expected: Vec<Rational> = across.iter().map(|x| x.clone() * &gamma).collect();
                unequal(&jacobian.times(&across), &expected);
            }

            // Along z, with g' from two values of g: for g = p/q with p, q linear in r,
            // g(s) - g(r) = g'(r) (s - r) q(r)/q(s).
            let moved: Vec<Rational> = z.iter().zip(&d).map(|(z, d)| z.clone() + d).collect();
            let step = Rational::dot(&moved, &moved) - &squared;
            if step.is_zero() {
                continue;
            }
            let moved_gamma = Rational::activate(gain, &o, &mut moved.clone())?;
            let r = squared.clone() + &o;
            let ratio = gain.denominator(&(r.clone() + &step))? / gain.denominator(&r)?;
            let slope = (moved_gamma - &gamma) / step * ratio;
            let eigenvalue = gamma + (slope.clone() + slope) * squared;
            let expected: Vec<Rational> = z.iter().map(|z| z.clone() * &eigenvalue).collect();
            unequal(&jacobian.times(&z), &expected);
        }
        Ok(Some(measurement))
    }
}

/// z_1 = W_1 x + b_1 for every input: exact, so that every arithmetic has the same points.
fn points(case: &Case) -> Vec<Vec<Rational>> {
    let layer = case.network.layer(1);
    let through = |x: &Vec<Rational>| {
        let mut z: Vec<Rational> = layer.bias.iter().cloned().collect();
        accumulate(&mut z, &layer.weight, x);
        z
    };
    case.inputs.iter().map(through).collect()
}

/// z/‖z‖; zeros for z = 0.
fn along<S: Real>(z: &[S]) -> Vec<S> {
    let length = norm2(z);
    if length.is_zero() {
        return vec![S::zero(); z.len()];
    }
    z.iter().map(|z| z.clone() / &length).collect()
}

fn image<S: Field>(r: &Matrix<S>, z: &[S]) -> Vec<S> {
    let mut image = vec![S::zero(); r.nrows()];
    accumulate(&mut image, r, z);
    image
}

fn derivative<S: Scalar>(
    variant: Variant<Control>,
    gain: &Gain<S>,
    o: &S,
    z: &[S],
) -> Result<Derivative<S>, Error> {
    let none = S::zero();
    let o = if variant.is(Control::LengthIgnored) {
        &none
    } else {
        o
    };
    let mut derivative = S::derivative(gain, o, z)?;
    if variant.is(Control::HalfDerivative) {
        let half = S::one() / S::from_int(2);
        S::scale(&mut derivative.stretch, &half);
    }
    Ok(derivative)
}

/// Sizes of f and its derivatives, as magnitudes.
struct Bounds {
    gain: Gain<Magnitude>,
    o: Magnitude,
}

impl Bounds {
    fn new(case: &Case) -> Result<Self, Error> {
        let network = case.network.cast::<Magnitude>()?;
        Ok(Bounds {
            gain: network.gain().clone(),
            o: network.length_squared(1),
        })
    }

    /// ρ at a point of norm `z`.
    fn rho(&self, z: &Magnitude) -> Magnitude {
        (z.clone() * z + &self.o).sqrt()
    }

    /// A bound on ‖J‖, twice it on any derivative of f times the power of ρ that makes it of that size.
    fn lipschitz(&self, rho: &Magnitude) -> Magnitude {
        self.gain.lipschitz(&(rho.clone() * rho))
    }
}

/// J d against (f(z+hd) - f(z-hd))/2h.
fn differences<S: Real>(
    measurement: &mut Measurement,
    variant: Variant<Control>,
    gain: &Gain<S>,
    o: &S,
    bounds: &Bounds,
    z: &[S],
    d: &[S],
) -> Result<(), Error> {
    let rho = bounds.rho(&size(z));
    let third = i64::from(S::precision().unwrap_or(0)) / 3;
    let e = rho.exponent().unwrap_or(0).max(0) - third;
    let h = Magnitude::one().scale_by_power_of_two(e);
    if let Some(t) = bounds.gain.threshold()
        && magnitude(&(rho.clone() - t)) <= Magnitude::from_int(3) * &h
    {
        return Ok(());
    }
    let at = |step: &S| -> Result<Vec<S>, Error> {
        let mut h = z.to_vec();
        S::axpy(&mut h, step, d);
        S::activate(gain, o, &mut h)?;
        Ok(h)
    };
    let step = S::one().scale_by_power_of_two(e);
    let (ahead, behind, halves) = match variant {
        Variant::Control(Control::OneSided) => (at(&step)?, at(&S::zero())?, 0),
        _ => (at(&step)?, at(&-step)?, 1),
    };
    let quotient: Vec<S> = ahead
        .iter()
        .zip(&behind)
        .map(|(a, b)| (a.clone() - b).scale_by_power_of_two(-e - halves))
        .collect();
    let expected = derivative(variant, gain, o, z)?.times(d);
    // ‖d‖ is 1 to rounding; the nearest point of the segment to the origin is h below.
    let lowest = Magnitude::larger(rho - &h, Magnitude::zero());
    let lipschitz = bounds.lipschitz(&lowest);
    let third = bounds.gain.third(&lowest);
    if !third.is_finite() {
        // The gain has an infinite slope at 0, which the segment comes to: no difference says anything there.
        return Ok(());
    }
    let truncation = h.clone() * &h / Magnitude::from_int(6) * third;
    // 8 u in each f, u in each z ± hd, which f does not stretch by more than its constant; then the
    // difference, and J d: n + 30 roundings of ‖J‖ and of its rank-one part.
    let of_values = Magnitude::from_int(4) * (size(&ahead) + size(&behind))
        + lipschitz.clone() * (size(z) + &h);
    let own = Magnitude::from_int(2 * z.len() as i64 + 64) * &lipschitz;
    let allowance = truncation + roundings::<S>(1.0) * (of_values / h + own);
    measurement.push(distance(&quotient, &expected), allowance, lipschitz);
    Ok(())
}

/// J(R z) R d against R J(z) d. R z is off by 5 n u ‖z‖, and J moves by ‖z‖ |f''| ≤ 14 ‖J‖ times that
/// relative change (4 r²|g''| + 6 r|g'| ≤ 14 γ for Stieltjes gains); R d and R J d are off by 5 n u each.
fn turned<S: Real>(
    measurement: &mut Measurement,
    gain: &Gain<S>,
    o: &S,
    bounds: &Bounds,
    z: &[S],
    d: &[S],
    r: &Matrix<S>,
) -> Result<(), Error> {
    let rho = bounds.rho(&size(z));
    let kink = |t: &Magnitude| {
        magnitude(&(rho.clone() - t)) <= roundings::<S>(8.0 * z.len() as f64 + 8.0) * &rho
    };
    if bounds.gain.threshold().is_some_and(kink) {
        return Ok(());
    }
    let after = S::derivative(gain, o, &image(r, z))?.times(&image(r, d));
    let before = image(r, &S::derivative(gain, o, z)?.times(d));
    let scale = bounds.lipschitz(&rho);
    let allowance = roundings::<S>(100.0 * z.len() as f64 + 128.0) * &scale;
    measurement.push(distance(&after, &before), allowance, scale);
    Ok(())
}
