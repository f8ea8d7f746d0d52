//! D3: (o, ψ) is one phantom neuron of constant pre-activation λ.

use rand_chacha::ChaCha8Rng;

use super::{Case, Measurement, Statement, Variant, case::sizeable, support::*};
use crate::{
    error::Error,
    network::{Network, Scalar},
    scalar::{Rational, Real},
};

pub(super) struct D3;

controls! {
    PsiNotDivided = "psi-not-divided",
    LengthNotRooted = "length-not-rooted",
    LengthSquaredTwice = "length-squared-twice",
}

impl Statement for D3 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/D3.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(1, rng)?;
        case.ensure_psi(rng)?;
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
    let (mut network, inputs) = case.cast::<S>()?;
    let mut rng = case.rng();
    let lambdas: Vec<S> = network
        .hidden()
        .map(|_| S::from_rational(&sizeable(&mut rng)))
        .collect();
    network = altered(&network, |_, _, lengths| {
        for (o, lambda) in lengths.iter_mut().zip(&lambdas) {
            *o = lambda.clone() * lambda;
        }
    })?;
    let mut plain = network.clone();
    let mut computed = vec![0.0; network.depth()];
    for (l, lambda) in (1..).zip(&lambdas) {
        plain = lift(variant, &plain, l, lambda)?;
        computed[l] = 4.0;
    }
    if variant.is(Control::LengthSquaredTwice) {
        network = altered(&network, |_, _, lengths| {
            for o in lengths.iter_mut() {
                *o = o.clone() * &*o;
            }
        })?;
    }
    same_outputs(&network, &plain, &inputs, &computed)
}

/// Replaces (o_l, ψ_{l+1}) by a neuron of pre-activation λ with outgoing column ψ_{l+1}/λ.
fn lift<S: Scalar>(
    variant: Variant<Control>,
    network: &Network<S>,
    l: usize,
    lambda: &S,
) -> Result<Network<S>, Error> {
    let psi = network.layer(l + 1).psi_or_zero();
    let outgoing: Vec<S> = match variant {
        Variant::Control(Control::PsiNotDivided) => psi.iter().cloned().collect(),
        _ => psi.iter().map(|psi| psi.clone() / lambda).collect(),
    };
    let bias = match variant {
        Variant::Control(Control::LengthNotRooted) => lambda.clone() * lambda,
        _ => lambda.clone(),
    };
    let row = vec![S::zero(); network.layer(l).weight.ncols()];
    let at = network.layer(l).width();
    let lifted = with_neuron(network, l, at, (&row, bias, S::zero()), &outgoing)?;
    altered(&lifted, |layers, _, lengths| {
        lengths[l - 1] = S::zero();
        layers[l].psi = None;
    })
}
