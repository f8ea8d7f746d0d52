//! D2: absorption. A neuron of constant pre-activation goes into o and ψ.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{Case, Measurement, Statement, Variant, case::sizeable, support::*};
use crate::{
    error::Error,
    network::{Network, Scalar},
    resize::remove,
    scalar::{Rational, Real},
};

pub(super) struct D2;

controls! {
    PsiForgotten = "psi-forgotten",
    LengthForgotten = "length-forgotten",
    LengthNotSquared = "length-not-squared",
    IntoTheBias = "into-the-bias",
    LengthInSingle = "length-in-single",
}

impl Statement for D2 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/D2.yaml");

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
    let mut measurement = Measurement::default();
    for l in network.hidden() {
        let at = rng.random_range(0..=network.layer(l).width());
        let mut draw = || S::from_rational(&sizeable(&mut rng));
        let outgoing: Vec<S> = (0..network.layer(l + 1).width()).map(|_| draw()).collect();
        let beta = draw();
        let row = vec![S::zero(); network.layer(l).weight.ncols()];
        let before = with_neuron(&network, l, at, (&row, beta.clone(), S::zero()), &outgoing)?;
        let after = spoil(variant, &before, remove(&before, l, at + 1)?, l, &beta)?;
        let mut computed = vec![0.0; network.depth()];
        computed[l] = 4.0;
        measurement.extend(same_outputs(&before, &after, &inputs, &computed)?);
    }
    Ok(measurement)
}

fn spoil<S: Scalar>(
    variant: Variant<Control>,
    before: &Network<S>,
    removed: Network<S>,
    l: usize,
    beta: &S,
) -> Result<Network<S>, Error> {
    let o = before.length_squared(l);
    match variant {
        Variant::Control(Control::PsiForgotten) => altered(&removed, |layers, _, _| {
            layers[l].psi.clone_from(&before.layer(l + 1).psi)
        }),
        Variant::Control(Control::LengthForgotten) => {
            altered(&removed, |_, _, lengths| lengths[l - 1] = o)
        }
        Variant::Control(Control::LengthNotSquared) => altered(&removed, |_, _, lengths| {
            lengths[l - 1] = o + num_traits::Signed::abs(beta)
        }),
        Variant::Control(Control::LengthInSingle) => altered(&removed, |_, _, lengths| {
            let single = lengths[l - 1].to_f64() as f32;
            lengths[l - 1] = S::from_f64(f64::from(single));
        }),
        Variant::Control(Control::IntoTheBias) => altered(&removed, |layers, _, _| {
            // wβ goes to b_{l+1} instead of ψ_{l+1}.
            let old = before.layer(l + 1).psi_or_zero();
            let pushed = layers[l].psi_or_zero() - &old;
            layers[l].bias += pushed;
            layers[l].psi = Some(old);
        }),
        _ => Ok(removed),
    }
}
