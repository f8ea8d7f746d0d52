//! A1: the activation is equivariant under every orthogonal R.

use rand_chacha::ChaCha8Rng;

use super::{Case, Magnitude, Measurement, Statement, Variant, support::*};
use crate::{
    error::Error,
    linalg::accumulate,
    network::{Gain, Scalar},
    scalar::{Field, Rational, Real},
};

pub(super) struct A1;

controls! {
    Elementwise = "elementwise",
}

impl Statement for A1 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/A1.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        // z is an input: two dimensions at least, so that there is a direction to turn.
        case.ensure_curved()?;
        for x in case.inputs.iter_mut().filter(|x| x.len() < 2) {
            x.push(super::case::sizeable(rng));
        }
        Ok(())
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        measure::<S>(variant, case).map(Some)
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        measure::<Rational>(variant, case).map(Some)
    }
}

fn measure<S: Scalar>(variant: Variant<Control>, case: &Case) -> Result<Measurement, Error> {
    let (network, inputs) = case.cast::<S>()?;
    let (gain, o) = (network.gain(), network.length_squared(1));
    let mut rng = case.rng();
    let mut measurement = Measurement::default();
    for z in &inputs {
        let n = z.len();
        let r = S::orthogonal(n, &mut rng);
        let rotate = |z: &[S]| {
            let mut image = vec![S::zero(); n];
            accumulate(&mut image, &r, z);
            image
        };
        let f = |z: &[S]| activate(variant, gain, &o, z);
        let (after, before) = (f(&rotate(z))?, rotate(&f(z)?));
        // R z is off by n roundings of ‖z‖ and as much again for R itself, both times; f does not
        // stretch (A4), and its own error is 8 u.
        let scale = size(z);
        let allowance = roundings::<S>(4.0 * n as f64 + 16.0) * &scale;
        measurement.push(
            distance(&after, &before),
            allowance,
            Magnitude::from_int(1) + scale,
        );
    }
    Ok(measurement)
}

fn activate<S: Scalar>(
    variant: Variant<Control>,
    gain: &Gain<S>,
    o: &S,
    z: &[S],
) -> Result<Vec<S>, Error> {
    let mut h = z.to_vec();
    if variant.is(Control::Elementwise) {
        for h in &mut h {
            S::activate(gain, o, std::slice::from_mut(h))?;
        }
    } else {
        S::activate(gain, o, &mut h)?;
    }
    Ok(h)
}
