//! Mistakes in rotations.

use super::{
    super::{
        Known,
        evidence::{Prediction, weigh},
    },
    Predicted, planted,
};
use crate::{
    linalg::{Matrix, product},
    network::{Layer, Network, evaluate},
    vector::input::Input,
};

pub(super) fn of_rotate() -> Vec<Known> {
    vec![
        planted(
            "RotateTransposed",
            vec![|seen| {
                let transposed =
                    |layers: &mut [Layer<f64>], l: usize, r: &Matrix<f64>, old: &Network<f64>| {
                        layers[l].weight = product(&old.layer(l + 1).weight, r);
                    };
                weigh(seen, rotated(seen.input(), transposed))
            }],
        ),
        planted(
            "RotateWithoutPsi",
            vec![|seen| {
                let stays =
                    |layers: &mut [Layer<f64>], l: usize, _: &Matrix<f64>, old: &Network<f64>| {
                        layers[l - 1].psi.clone_from(&old.layer(l).psi);
                    };
                weigh(seen, rotated(seen.input(), stays))
            }],
        ),
        planted(
            "RotateWithoutBias",
            vec![|seen| {
                let stays =
                    |layers: &mut [Layer<f64>], l: usize, _: &Matrix<f64>, old: &Network<f64>| {
                        layers[l - 1].bias.clone_from(&old.layer(l).bias);
                    };
                weigh(seen, rotated(seen.input(), stays))
            }],
        ),
    ]
}

fn rotated(
    input: &Input,
    spoil: impl Fn(&mut [Layer<f64>], usize, &Matrix<f64>, &Network<f64>),
) -> Predicted {
    let (network, l): (Network<f64>, usize) = (input.network()?, input.index("layer")?);
    let r: Matrix<f64> = input.matrix("rotation")?;
    let lengths = network.has_lengths();
    let (mut layers, gain, o) = crate::gauge::rotate(&network, l, &r)?.into_parts();
    spoil(&mut layers, l, &r, &network);
    let wrong = Network::new(layers, gain, lengths.then_some(o))?;
    let y = evaluate(&wrong, &input.vector("x")?)?;
    let layer = wrong.layer(l);
    // The files hold matrices by rows.
    let rows = |a: &Matrix<f64>| a.transpose().as_slice().to_vec();
    let psi = layer.psi.iter().flat_map(|psi| psi.iter().copied());
    Ok(Prediction::of([
        ("weight", rows(&layer.weight)),
        ("bias", layer.bias.as_slice().to_vec()),
        ("psi", psi.collect()),
        ("next_weight", rows(&wrong.layer(l + 1).weight)),
        ("y", y.as_slice().to_vec()),
    ]))
}

pub(super) fn of_left() -> Vec<Known> {
    vec![planted(
        "ThinSvd",
        vec![|seen| {
            let thin = || {
                let (network, l): (Network<f64>, usize) =
                    (seen.input().network()?, seen.input().index("layer")?);
                let mut widths = network.widths();
                widths[l] = widths[l].min(widths[l - 1]);
                let widths = widths.into_iter().map(|n| n as f64).collect();
                Ok(Prediction::of([("widths", widths)]).moving(&["sigma", "off_diagonal", "y"]))
            };
            weigh(seen, thin())
        }],
    )]
}
