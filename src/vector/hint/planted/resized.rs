//! Mistakes in growing and shrinking.

use super::{
    super::{
        Known,
        evidence::{Prediction, Seen, Weight, weigh},
    },
    planted,
};
use crate::{
    linalg::{Matrix, Vector, singular_values, svd},
    network::{Network, evaluate},
    resize::{self, Rule},
    vector::input::{Input, Refusal},
};

type Predicted = Result<Prediction, Refusal>;

/// o, ψ_{l+1} and y of a network with another o_l and ψ_{l+1}. A negative o has no y.
fn with(input: &Input, network: Network<f64>, l: usize, o: f64, psi: Vec<f64>) -> Predicted {
    let x: Vec<f64> = input.vector("x")?;
    let (mut layers, gain, mut lengths) = network.into_parts();
    layers[l].psi = Some(Vector::from_vec(psi.clone()));
    lengths[l - 1] = o;
    let stated = [("o", lengths.clone()), ("next_psi", psi)];
    Ok(match Network::new(layers, gain, Some(lengths)) {
        Ok(wrong) => {
            let [o, psi] = stated;
            Prediction::of([o, psi, ("y", evaluate(&wrong, &x)?.as_slice().to_vec())])
        }
        // NaN in one port, a refusal in another.
        Err(_) => Prediction::uncertain(),
    })
}

/// What becomes of o_l and ψ_{l+1}: from their old values, the new ones and β.
type Absorption = fn(old: (f64, Vec<f64>), new: (f64, Vec<f64>), beta: f64) -> (f64, Vec<f64>);

pub(super) fn of_growth() -> Vec<Known> {
    vec![
        planted(
            "BetaNotCompensated",
            vec![
                |seen| grown(seen, |old, _, _| old),
                |seen| grown(seen, |old, new, _| (old.0, new.1)),
                |seen| grown(seen, |old, new, _| (new.0, old.1)),
            ],
        ),
        planted(
            "OPlusBeta",
            vec![
                |seen| grown(seen, |old, new, beta| (old.0 - beta, new.1)),
                |seen| grown(seen, |old, new, beta| (old.0 - beta.abs(), new.1)),
            ],
        ),
    ]
}

fn parts(network: &Network<f64>, l: usize) -> (f64, Vec<f64>) {
    let psi = network.layer(l + 1).psi_or_zero();
    (network.length_squared(l), psi.as_slice().to_vec())
}

fn grown(seen: &Seen<'_>, absorption: Absorption) -> Weight {
    let input = seen.input();
    let predicted = || {
        let (network, l): (Network<f64>, usize) = (input.network()?, input.index("layer")?);
        let (beta, w): (f64, Vec<f64>) = (input.number("beta")?, input.vector("column")?);
        let column = Matrix::from_column_slice(w.len(), 1, &w);
        let right = resize::grow_with_bias(&network, l, &beta, &column)?;
        let (o, psi) = absorption(parts(&network, l), parts(&right, l), beta);
        with(input, right, l, o, psi)
    };
    weigh(seen, predicted())
}

pub(super) fn of_removal() -> Vec<Known> {
    vec![
        planted(
            "PsiNotUpdated",
            vec![|seen| removed(seen, |old, new, _| (new.0, old.1))],
        ),
        planted(
            "ONotUpdated",
            vec![|seen| removed(seen, |old, new, _| (old.0, new.1))],
        ),
        planted(
            "OPlusBeta",
            vec![
                |seen| removed(seen, |old, new, beta| (old.0 + beta, new.1)),
                |seen| removed(seen, |old, new, beta| (old.0 + beta.abs(), new.1)),
            ],
        ),
    ]
}

fn removed(seen: &Seen<'_>, absorption: Absorption) -> Weight {
    let input = seen.input();
    let predicted = || {
        let (network, l): (Network<f64>, usize) = (input.network()?, input.index("layer")?);
        let neuron = input.index("neuron")?;
        let right = resize::remove(&network, l, neuron)?;
        let beta = network.layer(l).bias[neuron - 1];
        let (o, psi) = absorption(parts(&network, l), parts(&right, l), beta);
        with(input, right, l, o, psi)
    };
    weigh(seen, predicted())
}

pub(super) fn of_truncation() -> Vec<Known> {
    vec![
        planted(
            "PsiTrap",
            vec![|seen| truncated(seen, true, |_| Rule::Both)],
        ),
        planted(
            "NullVectorBiasLost",
            vec![
                |seen| {
                    truncated(
                        seen,
                        false,
                        |null| if null { Rule::Neither } else { Rule::Both },
                    )
                },
                |seen| truncated(seen, false, |_| Rule::Neither),
            ],
        ),
        planted(
            "PsiNotUpdated",
            vec![|seen| truncated(seen, false, |_| Rule::LengthOnly)],
        ),
        planted(
            "ONotUpdated",
            vec![|seen| truncated(seen, false, |_| Rule::PsiOnly)],
        ),
    ]
}

/// Truncation in the basis of W alone or of [W ψ], the dropped bias by a rule that may depend on whether the dropped
/// directions are null.
fn truncated(seen: &Seen<'_>, alone: bool, rule: fn(bool) -> Rule) -> Weight {
    let input = seen.input();
    let predicted = || -> Predicted {
        let (network, l): (Network<f64>, usize) = (input.network()?, input.index("layer")?);
        let width = input.index("width")?;
        let layer = network.layer(l);
        let augmented = layer.augmented();
        let sigma = singular_values(&augmented)?;
        let most = sigma.first().copied().unwrap_or(0.0);
        let null = sigma.get(width).is_none_or(|s| *s < 1e-6 * most);
        // Beyond the rank of W its singular vectors are the port's own choice.
        if alone && width > layer.weight.ncols().min(layer.weight.nrows()) {
            return Ok(Prediction::uncertain());
        }
        let basis = match alone {
            true => svd(&layer.weight)?.u_complete(),
            false => svd(&augmented)?.u_complete(),
        };
        let kept = basis.columns(0, width).into_owned();
        let narrow = resize::project_by(&network, l, &kept, rule(null), &0.0)?;
        let (o, psi) = parts(&narrow, l);
        with(input, narrow, l, o, psi).map(|all| all.moving(&["change", "sigma"]))
    };
    weigh(seen, predicted())
}

pub(super) fn of_adaptation() -> Vec<Known> {
    vec![planted(
        "CountsMinOfShape",
        vec![|seen| weigh(seen, counted(seen.input(), true)), |seen| {
            weigh(seen, counted(seen.input(), false))
        }],
    )]
}

/// The widths where only min(m, n) singular values of [W ψ], or of W, are counted.
fn counted(input: &Input, augmented: bool) -> Predicted {
    let mut network: Network<f64> = input.network()?;
    let (theta, buffer): (f64, usize) = (input.number("theta")?, input.index("buffer")?);
    for l in network.hidden() {
        let layer = network.layer(l);
        let sigma = match augmented {
            true => singular_values(&layer.augmented())?,
            false => singular_values(&layer.weight)?,
        };
        let small = sigma.iter().filter(|s| **s <= theta).count();
        let width = (layer.width() + buffer).saturating_sub(small).max(1);
        if width > layer.width() {
            let columns = Matrix::zeros(network.layer(l + 1).width(), width - layer.width());
            network = resize::grow(&network, l, &columns)?;
        } else if width < layer.width() {
            network = resize::truncate(&network, l, width)?.0;
        }
    }
    let widths = network.widths().into_iter().map(|n| n as f64).collect();
    Ok(Prediction::of([("widths", widths)]).moving(&["y"]))
}
