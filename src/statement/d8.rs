//! D8: folding the expected gain into the bias, and what it costs.

use rand_chacha::ChaCha8Rng;

use super::{
    Case, Magnitude, Measurement, Statement, Variant, case::sizeable, magnitude, support::*,
};
use crate::{
    error::Error,
    network::{Network, Scalar, evaluate, trace},
    resize::remove,
    scalar::{Field, Rational, Real},
};

pub(super) struct D8;

controls! {
    TakenForExact = "taken-for-exact",
    LengthForgotten = "length-forgotten",
    GainOfTheMean = "gain-of-the-mean",
}

impl Statement for D8 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/D8.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(1, rng)?;
        case.ensure_curved()
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        measure::<S, Reference>(variant, case).map(Some)
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        measure::<Rational, Rational>(variant, case).map(Some)
    }
}

fn measure<S: Scalar, W: Scalar>(
    variant: Variant<Control>,
    case: &Case,
) -> Result<Measurement, Error> {
    let (network, inputs) = case.cast::<S>()?;
    let mut rng = case.rng();
    let mut measurement = Measurement::default();
    for l in network.hidden() {
        let mut draw = || S::from_rational(&sizeable(&mut rng));
        let outgoing: Vec<S> = (0..network.layer(l + 1).width()).map(|_| draw()).collect();
        let beta = draw();
        let row = vec![S::zero(); network.layer(l).weight.ncols()];
        let neuron = (&row[..], beta.clone(), S::zero());
        let at = network.layer(l).width();
        let before = head(&with_neuron(&network, l, at, neuron, &outgoing)?, l + 1)?;
        let expected = mean_gain(&before, l, &inputs)?;
        let folded = match variant.is(Control::GainOfTheMean) {
            true => gain_of_mean(&before, l, &inputs)?,
            false => expected.clone(),
        } * &beta;
        let after = fold(variant, &before, l, at, &folded, &outgoing)?;

        let mut computed = vec![0.0; l + 1];
        computed[l] = 4.0;
        // The roundings of E[γ] β w and of the sum, where they cancel with b.
        let of_fold =
            size(before.layer(l + 1).bias.as_slice()) + magnitude(&folded) * size(&outgoing);
        let wide = before.cast::<W>()?;
        let (beta, expected): (W, W) = (lift(&beta), lift(&expected));
        for x in &inputs {
            let (y, y_after) = (evaluate(&before, x)?, evaluate(&after, x)?);
            let gamma = trace(&wide, &lifted::<S, W>(x))?.gains[l - 1].clone();
            let factor = match variant.is(Control::TakenForExact) {
                true => W::zero(),
                false => (gamma - &expected) * &beta,
            };
            let predicted: Vec<W> = outgoing.iter().map(|w| lift::<S, W>(w) * &factor).collect();
            let allowed = units(&before, x, &[])? + units(&after, x, &computed)?;
            measurement.push(
                misprediction(y.as_slice(), y_after.as_slice(), &predicted),
                times_u::<S>(&allowed) + roundings::<S>(4.0) * &of_fold,
                Magnitude::from_int(1) + size(y.as_slice()),
            );
            measurement.compared((&before, &after), x, [y.as_slice(), y_after.as_slice()]);
        }
    }
    Ok(measurement)
}

/// E[γ_l] over the inputs.
fn mean_gain<S: Scalar>(network: &Network<S>, l: usize, inputs: &[Vec<S>]) -> Result<S, Error> {
    let mut sum = S::zero();
    for x in inputs {
        sum += &trace(network, x)?.gains[l - 1];
    }
    Ok(sum / S::from_int(inputs.len() as i64))
}

/// γ_l at the mean input.
fn gain_of_mean<S: Scalar>(network: &Network<S>, l: usize, inputs: &[Vec<S>]) -> Result<S, Error> {
    let weight = S::one() / S::from_int(inputs.len() as i64);
    let mut mean = vec![S::zero(); network.layer(1).weight.ncols()];
    for x in inputs {
        S::axpy(&mut mean, &weight, x);
    }
    Ok(trace(network, &mean)?.gains[l - 1].clone())
}

/// The neuron removed, β² into o_l and `folded` w into b_{l+1}.
fn fold<S: Scalar>(
    variant: Variant<Control>,
    before: &Network<S>,
    l: usize,
    at: usize,
    folded: &S,
    outgoing: &[S],
) -> Result<Network<S>, Error> {
    let removed = remove(before, l, at + 1)?;
    altered(&removed, |layers, _, lengths| {
        layers[l].psi.clone_from(&before.layer(l + 1).psi);
        S::axpy(layers[l].bias.as_mut_slice(), folded, outgoing);
        if variant.is(Control::LengthForgotten) {
            lengths[l - 1] = before.length_squared(l);
        }
    })
}
