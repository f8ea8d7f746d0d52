//! B4: alternate diagonalisation empties half of a deep, wide network.

use rand_chacha::ChaCha8Rng;

use super::{Case, Measurement, Statement, Variant, b3::diagonal, support::*};
use crate::{
    error::Error,
    gauge::{Gauge, diagonalise, full, rotate},
    network::{Network, Scalar},
    scalar::{Rational, Real},
};

pub(super) struct B4;

controls! {
    EveryLayer = "every-layer",
    OutgoingForgotten = "outgoing-forgotten",
}

impl Statement for B4 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/B4.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(3, rng)?;
        (1..=3).try_for_each(|l| case.ensure_width(l, 2, rng))
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        if case.network.depth() < 3 {
            return Ok(None);
        }
        let (network, inputs) = case.cast::<S>()?;
        let image = if variant.is(Control::EveryLayer) {
            (2..network.depth()).try_fold(network.clone(), |image, l| full(&image, l))?
        } else {
            diagonalise(&network, Gauge::Alternate, &[])?
        };
        finish(variant, &network, image, &inputs).map(Some)
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        if case.network.depth() < 3 {
            return Ok(None);
        }
        let (mut network, inputs) = case.cast::<Rational>()?;
        let mut rng = case.rng();
        let mut image = network.clone();
        if variant.is(Control::EveryLayer) {
            // Its second step needs the factors of a product of the first: floating point shows it.
            return Ok(None);
        }
        for l in (2..network.depth()).step_by(2) {
            // Rotations of layers l - 2 and before leave W_l alone: it is met as it was.
            let (m, n) = network.layer(l).weight.shape();
            let factors = ExactFactors::draw(m, n, m.min(n), &mut rng);
            let found = factors.product();
            network = altered(&network, |layers, _, _| {
                layers[l - 1].weight = found.clone()
            })?;
            image = altered(&image, |layers, _, _| layers[l - 1].weight = found)?;
            image = rotate(&image, l, &factors.u.transpose())?;
            image = rotate(&image, l - 1, &factors.v.transpose())?;
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
        // As if U had never been absorbed into W_3.
        image = altered(&image, |layers, _, _| {
            layers[2].weight.clone_from(&network.layer(3).weight)
        })?;
    }
    let mut measurement =
        same_outputs(network, &image, inputs, &rotated(network, &hidden(network)))?;
    let mut promised = 0;
    for l in (2..network.depth()).step_by(2) {
        diagonal(&mut measurement, &image, l);
        let (m, n) = image.layer(l).weight.shape();
        promised += m * n - m.min(n);
    }
    let zeros = image
        .layers()
        .iter()
        .map(|layer| layer.weight.iter().filter(|x| x.is_zero()).count())
        .sum::<usize>();
    measurement.require(zeros >= promised, || {
        format!("{zeros} weights are zero, {promised} are promised")
    });
    Ok(measurement)
}
