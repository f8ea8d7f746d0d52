//! Mistakes in the gradient of a loss.

use super::{
    super::{
        Known,
        evidence::{Prediction, weigh},
    },
    planted,
};
use crate::{
    linalg::{Matrix, Vector, product_nt},
    network::{Network, Scalar, trace},
    vector::input::{Input, Refusal},
};

type Predicted = Result<Prediction, Refusal>;

/// How a wrong port differentiates.
#[derive(Clone, Copy)]
struct Backward {
    /// γ is held constant where h is differentiated.
    held: bool,
    /// The whole of what moves γ is lost on the way back, though not for o.
    bend_lost: bool,
    /// ψ is multiplied by D and not by γ D.
    psi_without_gain: bool,
    /// What ψ hands to the gain is lost.
    path_lost: bool,
    transposed: bool,
    /// The factor of ∂L/∂o, from o.
    of_length: fn(f64) -> f64,
    /// Factors of the loss and of its derivatives, from the number of rows and of outputs, for the squared error and for
    /// cross-entropy.
    factors: fn(f64, f64, bool) -> (f64, f64),
}

const RIGHT: Backward = Backward {
    held: false,
    bend_lost: false,
    psi_without_gain: false,
    path_lost: false,
    transposed: false,
    of_length: |_| 1.0,
    factors: |_, _, _| (1.0, 1.0),
};

/// A test against a port that differentiates so.
macro_rules! with {
    ($($field:ident: $value:expr),*) => {
        |seen| weigh(seen, backward(seen.input(), Backward { $($field: $value,)* ..RIGHT }))
    };
}

pub(super) fn of_gradient() -> Vec<Known> {
    vec![
        planted("WeightGradientTransposed", vec![with!(transposed: true)]),
        planted(
            "HalfLost",
            vec![
                with!(factors: |_, _, squared| if squared { (2.0, 2.0) } else { (1.0, 1.0) }),
                with!(factors: |_, _, squared| if squared { (2.0, 1.0) } else { (1.0, 1.0) }),
                with!(factors: |_, _, squared| if squared { (1.0, 2.0) } else { (1.0, 1.0) }),
            ],
        ),
        planted(
            "MeanOverEntries",
            vec![
                with!(factors: |_, n, squared| if squared { (1.0 / n, 1.0 / n) } else { (1.0, 1.0) }),
                with!(factors: |_, n, squared| if squared { (2.0 / n, 2.0 / n) } else { (1.0, 1.0) }),
                with!(factors: |_, n, _| (1.0 / n, 1.0 / n)),
            ],
        ),
        planted(
            "SumForMean",
            vec![
                with!(factors: |rows, _, _| (rows, rows)),
                with!(factors: |rows, _, _| (1.0, rows)),
            ],
        ),
        planted(
            "GainHeldConstant",
            vec![
                with!(held: true),
                with!(bend_lost: true),
                with!(held: true, path_lost: true),
                with!(held: true, path_lost: true, of_length: |_| 0.0),
            ],
        ),
        planted(
            "PsiGradientWithoutGain",
            vec![with!(psi_without_gain: true)],
        ),
        planted("GainPathLost", vec![with!(path_lost: true)]),
        planted(
            "OGradientOfLength",
            vec![
                with!(of_length: |o| 2.0 * o.sqrt()),
                with!(of_length: |o| o),
            ],
        ),
    ]
}

fn rows(a: &Matrix<f64>) -> impl Iterator<Item = f64> {
    let entries: Vec<f64> = a.transpose().iter().copied().collect();
    entries.into_iter()
}

/// The gradient as such a port forms it, in doubles.
fn backward(input: &Input, how: Backward) -> Predicted {
    let network: Network<f64> = input.network()?;
    let (inputs, targets): (Matrix<f64>, Matrix<f64>) =
        (input.matrix("inputs")?, input.matrix("targets")?);
    let squared = input.word("loss")? == "squared";
    let (count, outputs) = (inputs.nrows() as f64, targets.ncols() as f64);
    let depth = network.depth();
    let zeros = |n: usize| Vector::from_element(n, 0.0);
    let mut weight: Vec<Matrix<f64>> = network
        .layers()
        .iter()
        .map(|layer| layer.weight.map(|_| 0.0))
        .collect();
    let mut bias: Vec<Vector<f64>> = network
        .layers()
        .iter()
        .map(|layer| zeros(layer.width()))
        .collect();
    let (mut psi, mut lengths) = (bias.clone(), vec![0.0; depth - 1]);
    let (mut loss, mut of_input) = (0.0, vec![]);
    for i in 0..inputs.nrows() {
        let x: Vec<f64> = inputs.row(i).iter().copied().collect();
        let trace = trace(&network, &x)?;
        let y = trace.output();
        let target = targets.row(i).transpose();
        let mut d = Vector::from_column_slice(y);
        if squared {
            d -= &target;
            loss += d.dot(&d) / 2.0;
        } else {
            let most = y.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let sum: f64 = y.iter().map(|y| (y - most).exp()).sum();
            d = d.map(|y| (y - most).exp() / sum) - &target;
            loss += sum.ln() + most - target.dot(&Vector::from_column_slice(y));
        }
        for l in (1..=depth).rev() {
            let below = Vector::from_column_slice(trace.input_of(l, &x));
            weight[l - 1] += product_nt(
                &Matrix::from_column_slice(d.len(), 1, d.as_slice()),
                &Matrix::from_column_slice(below.len(), 1, below.as_slice()),
            );
            bias[l - 1] += &d;
            let layer = network.layer(l);
            let mut v = layer.weight.transpose() * &d;
            if l == 1 {
                of_input.extend(v.iter().copied());
                break;
            }
            let gamma = trace.gains[l - 2];
            psi[l - 1] += &d * if how.psi_without_gain { 1.0 } else { gamma };
            let z = &trace.pre_activations[l - 2];
            let o = network.length_squared(l - 1);
            let local = f64::derivative(network.gain(), &o, z)?;
            let w = layer.psi_or_zero().dot(&d) * if how.path_lost { 0.0 } else { 1.0 };
            let gradient = Vector::from_column_slice(&local.gradient);
            lengths[l - 2] += (gradient.dot(&v) / 2.0 + w * local.of_length) * (how.of_length)(o);
            let image = match how.held || how.bend_lost {
                true => &v * gamma,
                false => Vector::from_vec(local.times(v.as_slice())),
            };
            v = image + gradient * if how.bend_lost { 0.0 } else { w };
            d = v;
        }
    }
    let (of_loss, of_rest) = (how.factors)(count, outputs, squared);
    let share = of_rest / count;
    let scaled = |x: f64| x * share;
    let read = |a: &Matrix<f64>| match how.transposed {
        true => rows(&a.transpose()).collect::<Vec<f64>>(),
        false => rows(a).collect(),
    };
    let mut prediction = vec![
        ("loss", vec![loss * of_loss / count]),
        ("weight", weight.iter().flat_map(read).map(scaled).collect()),
        (
            "bias",
            bias.iter()
                .flat_map(|b| b.iter().copied())
                .map(scaled)
                .collect(),
        ),
        ("input", of_input.into_iter().map(scaled).collect()),
    ];
    let has_psi = |layer: &&crate::Layer<f64>| layer.psi.is_some();
    let pairs = network.layers().iter().zip(&psi);
    let psi = pairs.filter(|(layer, _)| has_psi(layer));
    let psi: Vec<f64> = psi.flat_map(|(_, psi)| psi.iter().copied()).collect();
    if !psi.is_empty() {
        prediction.push(("psi", psi.into_iter().map(scaled).collect()));
    }
    if depth > 1 {
        prediction.push(("o", lengths.into_iter().map(scaled).collect()));
    }
    Ok(Prediction {
        outputs: prediction,
        ..Prediction::default()
    })
}
