//! B5: the triangular gauge.

use num_traits::Zero;
use rand_chacha::ChaCha8Rng;

use super::{Case, Measurement, Statement, Variant, case::matrix, support::*};
use crate::{
    error::Error,
    gauge::{Gauge, diagonalise, rotate},
    linalg::{Matrix, product, product_nt, qr},
    network::{Network, Scalar},
    scalar::{Rational, Real},
};

pub(super) struct B5;

controls! {
    NotTransposed = "not-transposed",
    OutgoingForgotten = "outgoing-forgotten",
}

impl Statement for B5 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/B5.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(2, rng)?;
        case.ensure_width(1, 2, rng)?;
        case.ensure_width(2, 2, rng)
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let (network, inputs) = case.cast::<S>()?;
        let image = if variant.is(Control::NotTransposed) {
            network.hidden().try_fold(network.clone(), |image, l| {
                let q = qr(&image.layer(l).weight).q(image.layer(l).width());
                rotate(&image, l, &q)
            })?
        } else {
            diagonalise(&network, Gauge::Triangular, &[])?
        };
        finish(variant, &network, image, &inputs).map(Some)
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let (mut network, inputs) = case.cast::<Rational>()?;
        let mut rng = case.rng();
        let mut factors: Vec<Matrix<Rational>> = vec![];
        for l in network.hidden() {
            // W_l = Q T Q_{l-1}ᵀ: once layer l - 1 has been turned by Q_{l-1}ᵀ, W_l is Q T.
            let (m, n) = network.layer(l).weight.shape();
            let q = exact_orthogonal(m, &mut rng);
            let mut t = matrix(m, n, &mut rng);
            t.fill_lower_triangle(Rational::zero(), 1);
            let met = product(&q, &t);
            let weight = factors
                .last()
                .map_or_else(|| met.clone(), |before| product_nt(&met, before));
            network = altered(&network, |layers, _, _| layers[l - 1].weight = weight)?;
            factors.push(q);
        }
        let mut image = network.clone();
        for (l, q) in (1..).zip(&factors) {
            let r = if variant.is(Control::NotTransposed) {
                q.clone()
            } else {
                q.transpose()
            };
            image = rotate(&image, l, &r)?;
        }
        finish(variant, &network, image, &inputs).map(Some)
    }
}

fn finish<S: Scalar>(
    variant: Variant<Control>,
    network: &Network<S>,
    mut image: Network<S>,
    inputs: &[Vec<S>],
) -> Result<Measurement, Error> {
    if variant.is(Control::OutgoingForgotten) {
        let last = network.depth();
        image = altered(&image, |layers, _, _| {
            layers[last - 1]
                .weight
                .clone_from(&network.layer(last).weight)
        })?;
    }
    let mut measurement =
        same_outputs(network, &image, inputs, &rotated(network, &hidden(network)))?;
    for l in network.hidden() {
        require_zeros(&mut measurement, &image, l, |i, j| i <= j);
        let (m, n) = image.layer(l).weight.shape();
        let promised = if m <= n {
            m * (m - 1) / 2
        } else {
            m * n - n * (n + 1) / 2
        };
        let zeros = image.layer(l).weight.iter().filter(|x| x.is_zero()).count();
        measurement.require(zeros >= promised, || {
            format!("W_{l}: {zeros} zeros, {promised} are promised")
        });
    }
    Ok(measurement)
}
