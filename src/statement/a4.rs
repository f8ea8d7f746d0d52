//! A4: the activation is Lipschitz, with the constant g(o) where the gain falls.

use num_traits::{One, Zero};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{Case, Magnitude, Measurement, Statement, Variant, magnitude, support::*};
use crate::{
    error::Error,
    linalg::norm2,
    network::{Gain, Network, Scalar},
    scalar::{Field, Rational, Real},
};

pub(super) struct A4;

controls! {
    LengthForgotten = "length-forgotten",
}

impl Statement for A4 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/A4.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(1, rng)?;
        case.ensure_lengths()?;
        case.ensure_curved()
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let mut measurement = Measurement::default();
        let (network, pairs) = pairs::<S>(case)?;
        let (gain, o) = (network.gain(), network.length_squared(1));
        let constant = gain.lipschitz(&o);
        for (z, other) in pairs {
            let (h, h_other) = (
                activate(variant, gain, &o, &z)?,
                activate(variant, gain, &o, &other)?,
            );
            let apart: Vec<S> = z
                .iter()
                .zip(&other)
                .map(|(z, other)| z.clone() - other)
                .collect();
            let moved: Vec<S> = h
                .iter()
                .zip(&h_other)
                .map(|(h, other)| h.clone() - other)
                .collect();
            // 8 u for each activation, and a few for the differences and norms.
            let floor = roundings::<S>(12.0) * (size(&h) + size(&h_other));
            let bound = magnitude(&(constant.clone() * norm2(&apart)));
            measurement.push(magnitude(&norm2(&moved)), bound.clone() + floor, bound);
        }
        Ok(Some(measurement))
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let mut measurement = Measurement::default();
        let (network, pairs) = pairs::<Rational>(case)?;
        let (gain, o) = (network.gain(), network.length_squared(1));
        let constant = gain.rational_value(&o)?;
        for (z, other) in pairs {
            let (h, h_other) = (
                activate(variant, gain, &o, &z)?,
                activate(variant, gain, &o, &other)?,
            );
            let squared = |a: &[Rational], b: &[Rational]| {
                let d: Vec<Rational> = a.iter().zip(b).map(|(a, b)| a.clone() - b).collect();
                Rational::dot(&d, &d)
            };
            // Squares are compared: the excess must be exactly zero.
            let excess = squared(&h, &h_other) - constant.clone() * &constant * squared(&z, &other);
            let excess = if excess.above_zero() {
                excess
            } else {
                Rational::zero()
            };
            measurement.push(magnitude(&excess), Magnitude::zero(), Magnitude::one());
        }
        Ok(Some(measurement))
    }
}

type Pairs<S> = Vec<(Vec<S>, Vec<S>)>;

/// Pairs (z, z'): the inputs scaled towards zero by powers of two, where the constant is attained, and
/// a second point nearby.
fn pairs<S: Scalar>(case: &Case) -> Result<(Network<S>, Pairs<S>), Error> {
    let (network, inputs) = case.cast::<S>()?;
    let mut rng = case.rng();
    let mut near = |x: &S, scale: f64, apart: f64| {
        let z = x.clone() * S::from_f64(scale);
        let shift = S::from_f64(scale * apart * f64::from(rng.random_range(-64..=64)));
        (z.clone() + shift, z)
    };
    let pairs = inputs
        .iter()
        .enumerate()
        .map(|(k, x)| {
            x.iter()
                .map(|x| near(x, 0.25f64.powi(2 * k as i32), 0.25f64.powi(k as i32)))
                .unzip()
        })
        .collect();
    Ok((network, pairs))
}

fn activate<S: Scalar>(
    variant: Variant<Control>,
    gain: &Gain<S>,
    o: &S,
    z: &[S],
) -> Result<Vec<S>, Error> {
    let mut h = z.to_vec();
    let o = if variant.is(Control::LengthForgotten) {
        &S::zero()
    } else {
        o
    };
    S::activate(gain, o, &mut h)?;
    Ok(h)
}
