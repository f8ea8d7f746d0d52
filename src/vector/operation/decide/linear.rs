//! Pairs of linear networks.

use super::{
    super::draft::{Draft, Source, power},
    pairs::{Pair, changed},
};
use crate::{
    Error,
    network::{Gain, Network},
    scalar::Rational,
};

/// Linear networks are affine maps, whatever their depth.
pub(super) fn of_linear(source: &Source) -> Result<Vec<Draft>, Error> {
    let gain = &Gain::Linear;
    let pair = Pair { source, gain };
    let collapsed = |a: &Network<Rational>| -> Result<Network<Rational>, Error> {
        let mut whole = a.layer(1).clone();
        for layer in a.layers().iter().skip(1) {
            whole.bias = &layer.weight * &whole.bias + &layer.bias + layer.psi_or_zero();
            whole.weight = &layer.weight * &whole.weight;
        }
        Network::new(vec![whole], gain.clone(), None)
    };
    Ok(vec![
        pair.draft(
            "one-layer-for-two",
            "W_2 W_1 and W_2 b_1 + b_2 + ψ_2 in one layer: equal, in another depth.",
            &["LinearByDepth"],
            |stream| {
                let a = stream.network(&[2, 3, 2], gain, (true, true))?;
                let b = collapsed(&a)?;
                Ok([a, b])
            },
        )?,
        pair.draft(
            "one-layer-for-two-without-psi",
            "W_2 W_1 and W_2 b_1 + b_2 in one layer: equal, in another depth.",
            &["LinearByDepth"],
            |stream| {
                let a = stream.network(&[2, 3, 2], gain, (false, false))?;
                let b = collapsed(&a)?;
                Ok([a, b])
            },
        )?,
        pair.draft(
            "one-layer-for-three",
            "Three layers with ψ, and the one layer that they are: equal.",
            &["LinearByDepth"],
            |stream| {
                let a = stream.network(&[2, 3, 4, 2], gain, (true, true))?;
                let b = collapsed(&a)?;
                Ok([a, b])
            },
        )?,
        pair.draft(
            "one-layer-moved",
            "The same with one bias 2^-90 larger: another map.",
            &["DecidedByTolerance"],
            |stream| {
                let a = stream.network(&[2, 3, 2], gain, (true, true))?;
                let b = changed(collapsed(&a)?, |layers, _| layers[0].bias[0] += power(-90))?;
                Ok([a, b])
            },
        )?,
    ])
}
