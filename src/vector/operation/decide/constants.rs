//! Pairs of networks of which one at least is constant, all inputs apart.

use super::{
    super::draft::{Draft, Source},
    pairs::{Pair, changed},
};
use crate::{
    Error,
    network::{Gain, Network},
    scalar::Rational,
    vector::draw::Stream,
};

/// Constants beside what is none, of other numbers of inputs and outputs, and behind two hidden layers.
pub(super) fn of_constants(source: &Source) -> Result<Vec<Draft>, Error> {
    let gain = &Gain::Tanh;
    let pair = Pair { source, gain };
    // One that is its last bias, whatever comes before.
    let constant = |stream: &mut Stream, widths: &[usize]| -> Result<Network<Rational>, Error> {
        let network = stream.network(widths, gain, (true, true))?;
        let last = network.depth() - 1;
        changed(network, |layers, _| {
            layers[last].weight.fill(Rational::from(0));
            layers[last].psi = None;
        })
    };
    let with_bias = |network: Network<Rational>, bias: &[Rational]| {
        let last = network.depth() - 1;
        changed(network, |layers, _| {
            for (mine, given) in layers[last].bias.iter_mut().zip(bias) {
                *mine = given.clone();
            }
        })
    };
    let last_bias = |network: &Network<Rational>| -> Vec<Rational> {
        let bias = &network.layer(network.depth()).bias;
        bias.iter().cloned().collect()
    };
    Ok(vec![
        pair.draft(
            "a-constant-and-none",
            "B_2 = 0 in one of them alone, and one last bias: not one function.",
            &[],
            |stream| {
                let a = constant(stream, &[2, 3, 2])?;
                let b = stream.network(&[2, 3, 2], gain, (true, true))?;
                let b = with_bias(b, &last_bias(&a))?;
                Ok([a, b])
            },
        )?,
        pair.draft(
            "none-and-a-constant",
            "The same the other way round.",
            &[],
            |stream| {
                let a = stream.network(&[2, 3, 2], gain, (true, true))?;
                let b = with_bias(constant(stream, &[2, 3, 2])?, &last_bias(&a))?;
                Ok([a, b])
            },
        )?,
        pair.draft(
            "two-constants-of-three-layers",
            "B_3 = 0 in both, and one last bias: equal, whatever the hidden layers are.",
            &["ConstantsCompared"],
            |stream| {
                let a = constant(stream, &[2, 3, 3, 2])?;
                let b = with_bias(constant(stream, &[2, 3, 3, 2])?, &last_bias(&a))?;
                Ok([a, b])
            },
        )?,
        pair.draft(
            "two-constants-of-other-inputs",
            "Both are one constant, of two inputs and of three: not one function.",
            &[],
            |stream| {
                let a = constant(stream, &[2, 3, 2])?;
                let b = with_bias(constant(stream, &[3, 3, 2])?, &last_bias(&a))?;
                Ok([a, b])
            },
        )?,
        pair.draft(
            "two-constants-of-other-outputs",
            "Both are constant, and one of them has an output more: not one function.",
            &[],
            |stream| {
                let a = constant(stream, &[2, 3, 2])?;
                let b = with_bias(constant(stream, &[2, 3, 3])?, &last_bias(&a))?;
                Ok([a, b])
            },
        )?,
    ])
}
