//! E4: with 1/√(1+r) and no constants, depth collapses to one hidden layer.

use num_traits::{One, Zero};
use rand_chacha::ChaCha8Rng;

use super::{Case, Magnitude, Measurement, Statement, Variant, support::*};
use crate::{
    error::Error,
    linalg::accumulate,
    network::{Gain, Network, evaluate},
    scalar::{Field, Rational, Real},
};

pub(super) struct E4;

controls! {
    FirstLayerOnly = "first-layer-only",
    OutputIncluded = "output-included",
    OtherGain = "other-gain",
}

impl Statement for E4 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/E4.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(2, rng)
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let (network, inputs) = case.cast::<S>()?;
        let network = without_constants(&network)?.with_gain(match variant {
            Variant::Control(Control::OtherGain) => Gain::Rational,
            _ => Gain::Algebraic,
        })?;
        let wide = network.cast::<Reference>()?;
        let bias = wide.layer(wide.depth()).bias.as_slice();
        let mut measurement = Measurement::default();
        for x in &inputs {
            let y = evaluate(&network, x)?;
            let (mut predicted, sum) = linear(variant, &wide, &lifted::<S, Reference>(x));
            let root = match variant {
                Variant::Control(Control::OtherGain) => sum,
                _ => sum.sqrt(),
            };
            Reference::scale(&mut predicted, &(Reference::one() / root));
            Reference::axpy(&mut predicted, &Reference::one(), bias);
            let none = vec![S::zero(); y.len()];
            measurement.push(
                misprediction(y.as_slice(), &none, &predicted),
                times_u::<S>(&units(&network, x, &[])?),
                Magnitude::from_int(1) + size(y.as_slice()),
            );
        }
        Ok(Some(measurement))
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        if variant.is(Control::OtherGain) {
            return Ok(None);
        }
        // Over ℚ the squares: Π γ_l² from the recursion γ_l² = 1/(1 + ‖A_l x‖² Π_{k<l} γ_k²).
        let network = without_constants(&case.network)?;
        let mut measurement = Measurement::default();
        for x in &case.inputs {
            let mut squared = Rational::one();
            let mut z = x.clone();
            for layer in &network.layers()[..network.depth() - 1] {
                let mut next = vec![Rational::zero(); layer.width()];
                accumulate(&mut next, &layer.weight, &z);
                z = next;
                let r = Rational::dot(&z, &z) * &squared;
                squared /= Rational::one() + r;
            }
            let (_, sum) = linear(variant, &network, x);
            measurement.push_count(usize::from(squared * sum != Rational::one()));
        }
        Ok(Some(measurement))
    }
}

/// The network with hidden biases, ψ and o zero.
fn without_constants<S: Field>(network: &Network<S>) -> Result<Network<S>, Error> {
    altered(network, |layers, _, lengths| {
        let last = layers.len() - 1;
        for layer in &mut layers[..last] {
            layer.bias.fill(S::zero());
        }
        layers.iter_mut().for_each(|layer| layer.psi = None);
        lengths.fill(S::zero());
    })
}

/// A x and 1 + Σ ‖A_l x‖².
fn linear<W: Field>(variant: Variant<Control>, network: &Network<W>, x: &[W]) -> (Vec<W>, W) {
    let (mut z, mut sum) = (x.to_vec(), W::one());
    for (l, layer) in (1..).zip(network.layers()) {
        let mut next = vec![W::zero(); layer.width()];
        accumulate(&mut next, &layer.weight, &z);
        z = next;
        let counts = match variant {
            Variant::Control(Control::FirstLayerOnly) => l == 1,
            Variant::Control(Control::OutputIncluded) => true,
            _ => l < network.depth(),
        };
        if counts {
            sum += W::dot(&z, &z);
        }
    }
    (z, sum)
}
