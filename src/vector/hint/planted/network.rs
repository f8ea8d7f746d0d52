//! Mistakes in evaluation.

use super::{
    super::{
        Known,
        evidence::{Prediction, weigh},
    },
    Predicted, planted,
};
use crate::{
    linalg::{Matrix, accumulate},
    network::{Network, Scalar},
    scalar::Field,
    vector::input::{Input, Refusal},
};

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
