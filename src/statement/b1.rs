//! B1: rotating a hidden layer changes nothing.

use rand_chacha::ChaCha8Rng;

use super::{Case, Measurement, Statement, Variant, support::*};
use crate::{
    error::Error,
    gauge::rotate,
    linalg::{Matrix, product},
    network::{Network, Scalar},
    scalar::{Rational, Real},
};

pub(super) struct B1;

controls! {
    PsiNotRotated = "psi-not-rotated",
    OutgoingNotTransposed = "outgoing-not-transposed",
    RotationInDouble = "rotation-in-double",
}

impl Statement for B1 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/B1.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        // Layer 2 is the first with a ψ of its own.
        case.ensure_hidden(2, rng)?;
        case.ensure_width(2, 2, rng)?;
        case.ensure_psi(rng)
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
    let mut image = network.clone();
    for l in network.hidden() {
        let n = network.layer(l).width();
        let r = match variant {
            Variant::Control(Control::RotationInDouble) => {
                f64::orthogonal(n, &mut rng).map(|x| S::from_f64(x))
            }
            _ => S::orthogonal(n, &mut rng),
        };
        image = turn(variant, &image, l, &r)?;
    }
    same_outputs(
        &network,
        &image,
        &inputs,
        &rotated(&network, &hidden(&network)),
    )
}

fn turn<S: Scalar>(
    variant: Variant<Control>,
    network: &Network<S>,
    l: usize,
    r: &Matrix<S>,
) -> Result<Network<S>, Error> {
    let image = rotate(network, l, r)?;
    match variant {
        Variant::Control(Control::PsiNotRotated) => altered(&image, |layers, _, _| {
            layers[l - 1].psi.clone_from(&network.layer(l).psi)
        }),
        Variant::Control(Control::OutgoingNotTransposed) => altered(&image, |layers, _, _| {
            layers[l].weight = product(&network.layer(l + 1).weight, r)
        }),
        _ => Ok(image),
    }
}
