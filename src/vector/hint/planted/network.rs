//! Mistakes in evaluation, in the collapsed form and in rotations.

use super::{
    super::{
        Known,
        evidence::{Prediction, weigh},
    },
    planted,
};
use crate::{
    linalg::{Matrix, accumulate, product},
    network::{Layer, Network, Scalar, evaluate},
    scalar::{Field, Rational},
    vector::{
        Tree,
        input::{Input, Refusal},
        operation::Operation,
    },
};

type Predicted = Result<Prediction, Refusal>;

/// The leaves of an answer as doubles.
pub(super) fn leaves(tree: &Tree<Rational>) -> Vec<f64> {
    tree.leaves().into_iter().map(f64::from_rational).collect()
}

/// What is multiplied by ψ.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Correction {
    Right,
    Dropped,
    WithoutGain,
    /// The gain of the layer before the one before.
    GainBefore,
}

/// How a wrong port evaluates.
#[derive(Clone, Copy)]
struct Evaluation {
    length: fn(f64) -> f64,
    correction: Correction,
    /// The last layer goes through the activation.
    activated: bool,
    last_bias: bool,
    /// Square weights are read the wrong way round.
    transposed: bool,
    entries: bool,
}

const RIGHT: Evaluation = Evaluation {
    length: |o| o,
    correction: Correction::Right,
    activated: false,
    last_bias: true,
    transposed: false,
    entries: false,
};

pub(super) fn of_forward() -> Vec<Known> {
    vec![
        planted(
            "OSquaredTwice",
            vec![|seen| {
                let length = |o| o * o;
                weigh(seen, forward(seen.input(), Evaluation { length, ..RIGHT }))
            }],
        ),
        planted(
            "ORooted",
            vec![|seen| {
                let length = f64::sqrt;
                weigh(seen, forward(seen.input(), Evaluation { length, ..RIGHT }))
            }],
        ),
        planted(
            "OCastToSingle",
            vec![|seen| {
                let length = |o| f64::from(o as f32);
                weigh(seen, forward(seen.input(), Evaluation { length, ..RIGHT }))
            }],
        ),
        planted(
            "PsiDropped",
            vec![|seen| corrected(seen, Correction::Dropped)],
        ),
        planted(
            "PsiWithoutGain",
            vec![|seen| corrected(seen, Correction::WithoutGain)],
        ),
        planted(
            "PsiOwnGain",
            vec![|seen| corrected(seen, Correction::GainBefore)],
        ),
        planted(
            "ActivationOnOutput",
            vec![|seen| {
                let activated = true;
                weigh(
                    seen,
                    forward(seen.input(), Evaluation { activated, ..RIGHT }),
                )
            }],
        ),
        planted(
            "LastBiasLost",
            vec![|seen| {
                let last_bias = false;
                weigh(
                    seen,
                    forward(seen.input(), Evaluation { last_bias, ..RIGHT }),
                )
            }],
        ),
        planted(
            "WeightsTransposed",
            vec![|seen| {
                let transposed = true;
                weigh(
                    seen,
                    forward(
                        seen.input(),
                        Evaluation {
                            transposed,
                            ..RIGHT
                        },
                    ),
                )
            }],
        ),
        planted(
            "Elementwise",
            vec![|seen| {
                let entries = true;
                let all = forward(seen.input(), Evaluation { entries, ..RIGHT });
                weigh(seen, all.map(|all| all.moving(&["gammas"])))
            }],
        ),
    ]
}

fn corrected(
    seen: &super::super::evidence::Seen<'_>,
    correction: Correction,
) -> super::super::Weight {
    weigh(
        seen,
        forward(
            seen.input(),
            Evaluation {
                correction,
                ..RIGHT
            },
        ),
    )
}

fn forward(input: &Input, how: Evaluation) -> Predicted {
    let network: Network<f64> = input.network()?;
    if input.has("inputs") {
        let inputs: Matrix<f64> = input.matrix("inputs")?;
        let mut all = vec![];
        for i in 0..inputs.nrows() {
            let x = inputs.row(i).iter().copied().collect();
            all.extend(evaluated(&network, x, how)?.0);
        }
        return Ok(Prediction::of([("y", all)]));
    }
    let (y, gammas) = evaluated(&network, input.vector("x")?, how)?;
    Ok(Prediction::of([("y", y), ("gammas", gammas)]))
}

/// y and the gains.
fn evaluated(
    network: &Network<f64>,
    x: Vec<f64>,
    how: Evaluation,
) -> Result<(Vec<f64>, Vec<f64>), Refusal> {
    let (mut h, mut gammas): (Vec<f64>, Vec<f64>) = (x, vec![]);
    for (l, layer) in (1..).zip(network.layers()) {
        let last = l == network.depth();
        let mut z = vec![0.0; layer.width()];
        let (m, n) = layer.weight.shape();
        match how.transposed && m == n {
            true => accumulate(&mut z, &layer.weight.transpose(), &h),
            false => accumulate(&mut z, &layer.weight, &h),
        }
        if how.last_bias || !last {
            f64::axpy(&mut z, &1.0, layer.bias.as_slice());
        }
        if let Some(psi) = &layer.psi {
            let gain = |before: usize| gammas.iter().rev().nth(before).copied();
            let factor = match how.correction {
                Correction::Right => gain(0).unwrap_or(0.0),
                Correction::Dropped => 0.0,
                Correction::WithoutGain => 1.0,
                Correction::GainBefore => gain(1).or(gain(0)).unwrap_or(0.0),
            };
            f64::axpy(&mut z, &factor, psi.as_slice());
        }
        if last {
            if how.activated {
                f64::activate(network.gain(), &0.0, &mut z)?;
            }
            h = z;
            break;
        }
        let o = (how.length)(network.length_squared(l));
        h.clone_from(&z);
        gammas.push(f64::activate(network.gain(), &o, &mut h)?);
        if how.entries {
            for (h, z) in h.iter_mut().zip(z) {
                let mut entry = [z];
                f64::activate(network.gain(), &0.0, &mut entry)?;
                *h = entry[0];
            }
        }
    }
    Ok((h, gammas))
}

/// The same evaluation, row by row.
pub(super) fn of_batch() -> Vec<Known> {
    of_forward()
}

pub(super) fn of_collapsed() -> Vec<Known> {
    vec![
        planted(
            "CollapsedPsiEarly",
            vec![
                |seen| weigh(seen, constants(seen.input(), Place::Late)),
                |seen| weigh(seen, constants(seen.input(), Place::Early)),
            ],
        ),
        planted(
            "PsiDropped",
            vec![|seen| weigh(seen, constants(seen.input(), Place::Nowhere))],
        ),
    ]
}

/// Where ψ_{k+1} goes, which belongs to c_k.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// With c_{k+1}.
    Late,
    /// With c_{k-1}, or A x.
    Early,
    Nowhere,
}

/// A x and c_1 … c_L with ψ in the wrong place.
fn constants(input: &Input, place: Place) -> Predicted {
    let (network, x): (Network<f64>, Vec<f64>) = (input.network()?, input.vector("x")?);
    let mut terms = vec![x];
    for layer in network.layers() {
        for term in &mut terms {
            let mut image = vec![0.0; layer.width()];
            accumulate(&mut image, &layer.weight, term);
            *term = image;
        }
        terms.push(layer.bias.as_slice().to_vec());
        let back = match place {
            Place::Late => 0,
            Place::Early => 2,
            Place::Nowhere => continue,
        };
        let psi = layer.psi_or_zero();
        if let Some(term) = terms.iter_mut().rev().nth(back) {
            f64::axpy(term, &1.0, psi.as_slice());
        }
    }
    let linear = terms.remove(0);
    let all = Prediction::of([("linear", linear), ("constants", terms.concat())]);
    Ok(all.moving(&["gammas", "y"]))
}

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

/// The answer of this program to another input, as a prediction of some of its outputs.
pub(super) fn of_changed(operation: Operation, input: &Input, names: &[&'static str]) -> Predicted {
    let answer = operation.answer::<f64>(input)?;
    let outputs = names
        .iter()
        .filter_map(|name| Some((*name, leaves(answer.get(name)?))));
    Ok(Prediction {
        outputs: outputs.collect(),
        ..Prediction::default()
    })
}
