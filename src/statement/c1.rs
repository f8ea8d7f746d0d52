//! C1: neurogenesis leaves every bit of the output as it was.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{Case, Measurement, Statement, Variant, case::matrix, support::*};
use crate::{
    error::Error,
    network::{Network, Scalar, evaluate},
    resize::grow,
    scalar::{Rational, Real},
};

pub(super) struct C1;

controls! {
    MeanSquareNorm = "mean-square-norm",
    BiasNotZero = "bias-not-zero",
}

impl Statement for C1 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/C1.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(1, rng)?;
        case.ensure_curved()
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
    let mut rng = case.rng();
    let mut grown = network.clone();
    for l in network.hidden() {
        let rows = grown.layer(l + 1).width();
        let columns = matrix(rows, rng.random_range(1..=3), &mut rng).map(|x| S::from_rational(&x));
        grown = grow(&grown, l, &columns)?;
        if variant.is(Control::BiasNotZero) {
            let half = S::one() / S::from_int(2);
            grown = altered(&grown, |layers, _, _| {
                let last = layers[l - 1].width() - 1;
                layers[l - 1].bias[last] = half;
            })?;
        }
    }
    let mut measurement = Measurement::default();
    for x in &inputs {
        let (y, y_grown) = (output(variant, &network, x)?, output(variant, &grown, x)?);
        // Equal, and of equal sign where zero.
        let same = |a: &S, b: &S| a == b && a.signum() == b.signum();
        measurement.push_count(y.iter().zip(&y_grown).filter(|(a, b)| !same(a, b)).count());
    }
    Ok(measurement)
}

fn output<S: Scalar>(
    variant: Variant<Control>,
    network: &Network<S>,
    x: &[S],
) -> Result<Vec<S>, Error> {
    if !variant.is(Control::MeanSquareNorm) {
        return Ok(evaluate(network, x)?.as_slice().to_vec());
    }
    // As layer normalisation does, the norm is divided by the width.
    evaluate_with(network, x, |l, z| {
        let r = S::dot(z, z) / S::from_int(z.len() as i64) + network.length_squared(l);
        let gamma = S::one() / (S::one() + r);
        Ok((z.iter().map(|z| z.clone() * &gamma).collect(), gamma))
    })
}
