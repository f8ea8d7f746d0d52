//! A6: the activation is odd.

use rand_chacha::ChaCha8Rng;

use super::{Case, Magnitude, Measurement, Statement, Variant, support::*};
use crate::{
    error::Error,
    network::Scalar,
    scalar::{Field, Rational, Real},
};

pub(super) struct A6;

controls! {
    SignLost = "sign-lost",
}

impl Statement for A6 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/A6.yaml");

    fn prepare(_: &mut Case, _: &mut ChaCha8Rng) -> Result<(), Error> {
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
    let o = network.length_squared(1);
    let mut measurement = Measurement::default();
    for z in inputs {
        let mut h = z.clone();
        S::activate(network.gain(), &o, &mut h)?;
        let mut of_minus: Vec<S> = z.iter().map(|z| -z.clone()).collect();
        S::activate(network.gain(), &o, &mut of_minus)?;
        if !variant.is(Control::SignLost) {
            h.iter_mut().for_each(|h| *h = -h.clone());
        }
        let scale = size(&z);
        measurement.push(
            distance(&of_minus, &h),
            roundings::<S>(16.0) * &scale,
            Magnitude::from_int(1) + scale,
        );
    }
    Ok(measurement)
}
