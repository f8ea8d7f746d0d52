//! Pairs of tanh networks.

use super::{
    super::draft::{Draft, Source, ratio},
    pairs::{Pair, changed},
};
use crate::{Error, gauge, linalg::Matrix, network::Gain, scalar::Rational};

/// What a theorem says of tanh alone.
pub(super) fn of_tanh(source: &Source) -> Result<Vec<Draft>, Error> {
    let gain = &Gain::Tanh;
    let pair = Pair { source, gain };
    let same_image = |name: &str, widths: &[usize]| -> Result<Draft, Error> {
        let comment =
            "A weight of an input that is 0 at x differs: equal there, and another function.";
        let mut draft = pair.draft(name, comment, &["DecidedAtAPoint"], |stream| {
            let a = stream.network(widths, gain, (true, true))?;
            let b = changed(a.clone(), |layers, _| {
                layers[0].weight[(1, 1)] += ratio(1, 8);
            })?;
            Ok([a, b])
        })?;
        draft.input = draft.input.with_vector("x", &[ratio(1, 2), ratio(0, 1)]);
        Ok(draft)
    };
    Ok(vec![
        pair.draft(
            "another-depth",
            "Two and three layers: never one function.",
            &[],
            |stream| {
                let a = stream.network(&[2, 3, 2], gain, (true, true))?;
                let b = stream.network(&[2, 3, 3, 2], gain, (true, true))?;
                Ok([a, b])
            },
        )?,
        pair.draft(
            "two-constants",
            "B_2 = 0 in both, and one last bias: both are that constant.",
            &["ConstantsCompared"],
            |stream| {
                let a = stream.network(&[2, 3, 2], gain, (true, true))?;
                let bias = a.layer(2).bias.clone();
                let a = changed(a, |layers, _| {
                    layers[0].weight.fill(Rational::from(0));
                    layers[1].weight.fill(Rational::from(0));
                    layers[1].psi = None;
                })?;
                let b = stream.network(&[2, 4, 2], gain, (true, true))?;
                let b = changed(b, |layers, _| {
                    layers[1].weight.fill(Rational::from(0));
                    layers[1].psi = None;
                    layers[1].bias = bias;
                })?;
                Ok([a, b])
            },
        )?,
        pair.draft(
            "two-constants-apart",
            "Both are constant, and the constants differ.",
            &[],
            |stream| {
                let a = stream.network(&[2, 3, 2], gain, (false, true))?;
                let a = changed(a, |layers, _| layers[1].weight.fill(Rational::from(0)))?;
                let b = changed(a.clone(), |layers, _| layers[1].bias[1] += ratio(1, 8))?;
                Ok([a, b])
            },
        )?,
        pair.draft(
            "negated-twice",
            "One neuron negated on both sides: equal, a reflection.",
            &["ParametersCompared"],
            |stream| {
                let a = stream.network(&[3, 4, 2], gain, (true, true))?;
                let mirror = Matrix::from_fn(4, 4, |i, j| {
                    Rational::from(if i != j {
                        0
                    } else if i == 2 {
                        -1
                    } else {
                        1
                    })
                });
                let b = gauge::rotate(&a, 1, &mirror)?;
                Ok([a, b])
            },
        )?,
        same_image("one-image-is-the-same", &[2, 3, 2])?,
    ])
}
