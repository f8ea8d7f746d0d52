//! B3: full diagonalisation makes W_l one-to-one.

use rand_chacha::ChaCha8Rng;

use super::{Case, Measurement, Statement, Variant, support::*};
use crate::{
    error::Error,
    gauge::{full, rotate},
    linalg::svd,
    network::Network,
    scalar::{Field, Rational, Real},
};

pub(super) struct B3;

controls! {
    VNotTransposed = "v-not-transposed",
    LayerBeforeForgotten = "layer-before-forgotten",
}

/// The layer that is diagonalised.
const LAYER: usize = 2;

impl Statement for B3 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/B3.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(2, rng)?;
        case.ensure_width(1, 2, rng)?;
        case.ensure_width(2, 2, rng)
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        if case.network.depth() <= LAYER {
            return Ok(None);
        }
        let (network, inputs) = case.cast::<S>()?;
        let image = match variant {
            Variant::Control(_) => {
                let svd = svd(&network.layer(LAYER).weight)?;
                let after = rotate(&network, LAYER, &svd.u_complete().transpose())?;
                if variant.is(Control::VNotTransposed) {
                    rotate(&after, LAYER - 1, &svd.v_complete())?
                } else {
                    after
                }
            }
            Variant::Faithful => full(&network, LAYER)?,
        };
        finish(&network, &image, &inputs).map(Some)
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        if case.network.depth() <= LAYER {
            return Ok(None);
        }
        let (network, inputs) = case.cast::<Rational>()?;
        let (m, n) = network.layer(LAYER).weight.shape();
        let factors = ExactFactors::draw(m, n, m.min(n), &mut case.rng());
        let network = altered(&network, |layers, _, _| {
            layers[LAYER - 1].weight = factors.product()
        })?;
        let mut image = rotate(&network, LAYER, &factors.u.transpose())?;
        image = match variant {
            Variant::Faithful => rotate(&image, LAYER - 1, &factors.v.transpose())?,
            Variant::Control(Control::VNotTransposed) => rotate(&image, LAYER - 1, &factors.v)?,
            Variant::Control(Control::LayerBeforeForgotten) => image,
        };
        finish(&network, &image, &inputs).map(Some)
    }
}

fn finish<S: crate::network::Scalar>(
    network: &Network<S>,
    image: &Network<S>,
    inputs: &[Vec<S>],
) -> Result<Measurement, Error> {
    let mut measurement = same_outputs(
        network,
        image,
        inputs,
        &rotated(network, &[LAYER - 1, LAYER]),
    )?;
    diagonal(&mut measurement, image, LAYER);
    Ok(measurement)
}

/// W_l is diagonal with a non-negative, falling diagonal.
pub(super) fn diagonal<S: Field>(measurement: &mut Measurement, network: &Network<S>, l: usize) {
    require_zeros(measurement, network, l, |i, j| i == j);
    let weight = &network.layer(l).weight;
    let diagonal: Vec<&S> = (0..weight.nrows().min(weight.ncols()))
        .map(|i| &weight[(i, i)])
        .collect();
    let falls = diagonal.windows(2).all(|pair| pair[0] >= pair[1]);
    let positive = diagonal.iter().all(|x| !x.below_zero());
    measurement.require(falls && positive, || {
        format!("W_{l}: the diagonal does not fall, or is negative")
    });
}
