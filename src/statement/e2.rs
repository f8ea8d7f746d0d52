//! E2: without hidden biases and corrections the network is a linear map up to a positive scalar.

use num_traits::Zero;
use rand_chacha::ChaCha8Rng;

use super::{
    Case, Magnitude, Measurement, Statement, Variant, case::matrix, magnitude, support::*,
};
use crate::{
    error::Error,
    linalg::{Vector, accumulate},
    network::{Gain, Network, Scalar, evaluate},
    scalar::{Field, Rational, Real},
};

pub(super) struct E2;

controls! {
    BiasesKept = "biases-kept",
    PsiKept = "psi-kept",
}

impl Statement for E2 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/E2.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(1, rng)?;
        case.ensure_psi(rng)?;
        case.ensure_curved()?;
        // Two outputs at least, so that a direction can be wrong; and g > 0, which the soft threshold
        // is not.
        case.edit(|layers, gain, _| {
            if matches!(gain, Gain::SoftThreshold { .. }) {
                *gain = Gain::Tanh;
            }
            if let Some(last) = layers.last_mut().filter(|last| last.width() < 2) {
                last.weight = matrix(2, last.weight.ncols(), rng);
                last.bias = Vector::from_element(2, last.bias[0].clone());
                last.psi = last
                    .psi
                    .take()
                    .map(|psi| Vector::from_element(2, psi[0].clone()));
            }
        })
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
    let last = network.depth() - 1;
    let network = altered(&network, |layers, _, _| {
        for (l, layer) in layers.iter_mut().enumerate() {
            if l < last && !variant.is(Control::BiasesKept) {
                layer.bias.fill(S::zero());
            }
            if !variant.is(Control::PsiKept) {
                layer.psi = None;
            }
        }
    })?;
    let mut measurement = Measurement::default();
    for x in &inputs {
        let y = evaluate(&network, x)?;
        let v: Vec<S> = y
            .iter()
            .zip(network.layers()[last].bias.iter())
            .map(|(y, b)| y.clone() - b)
            .collect();
        let (w, w_error) = linear(&network, x)?;
        let direction = unit_sized(&w);
        let (vw, ww) = (S::dot(&v, &direction), S::dot(&direction, &direction));
        if ww.is_zero() {
            // A x = 0: y = b_L.
            measurement.push(
                size(&v),
                times_u::<S>(&(units(&network, x, &[])? + w_error)),
                Magnitude::from_int(1),
            );
            continue;
        }
        // v is a positive multiple of w: v - w (v·w)/(w·w) = 0 and v·w > 0. An error in v or, times
        // ‖v‖/‖w‖, in w moves the residual by its part across w, so by at most itself.
        let along = vw.clone() / &ww;
        let image: Vec<S> = direction.iter().map(|w| w.clone() * &along).collect();
        let units = match S::precision() {
            Some(_) => {
                let ratio = size(&v) / size(&w);
                let n = v.len() as i64;
                units(&network, x, &[])?
                    + ratio * w_error
                    + Magnitude::from_int(3 * n + 4) * size(&v)
            }
            None => Magnitude::zero(),
        };
        let allowance = times_u::<S>(&units);
        if size(&v) > allowance {
            measurement.require(vw.above_zero(), || "y - b_L points against A x".into());
        }
        measurement.push(
            distance(&v, &image),
            allowance,
            Magnitude::from_int(1) + size(&v),
        );
    }
    Ok(measurement)
}

/// A x by successive products, and a bound on its rounding in units of u.
fn linear<S: Scalar>(network: &Network<S>, x: &[S]) -> Result<(Vec<S>, Magnitude), Error> {
    let mut w = x.to_vec();
    let mut error = vec![Magnitude::zero(); x.len()];
    for layer in network.layers() {
        let mut next = vec![S::zero(); layer.width()];
        accumulate(&mut next, &layer.weight, &w);
        // |W| (e + (n + 1) |w|): the errors so far, and those of this product.
        let roundings = Magnitude::from_int(layer.weight.ncols() as i64 + 1);
        let local = |(error, w): (Magnitude, &S)| error + roundings.clone() * magnitude(w);
        let local: Vec<Magnitude> = error.into_iter().zip(&w).map(local).collect();
        error = vec![Magnitude::zero(); layer.width()];
        accumulate(&mut error, &layer.weight.map(|x| magnitude(&x)), &local);
        w = next;
    }
    Ok((w, size(&error)))
}
