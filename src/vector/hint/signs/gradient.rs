//! Signs in the gradient of a loss.

use super::{Seen, when};
use crate::{
    linalg::{Matrix, norm2},
    network::{Gain, Network, trace},
    vector::hint::evidence::Weight,
};

/// Derivatives that are not finite, while the loss is right.
pub(super) fn not_finite_below(seen: &Seen<'_>) -> Weight {
    when(not_finite(seen, false))
}

/// The loss is wrong with them.
pub(super) fn not_finite_with_loss(seen: &Seen<'_>) -> Weight {
    when(not_finite(seen, true))
}

/// A derivative that is not finite: with the loss, or where the loss is right.
fn not_finite(seen: &Seen<'_>, loss: bool) -> bool {
    let broken = |name: &&str| {
        let answer = seen.answered(name).unwrap_or_default();
        answer.iter().any(|x| !x.is_finite())
    };
    seen.wrong.contains(&"loss") == loss && seen.wrong.iter().any(broken)
}

/// ∂L/∂o is wrong, the loss is right, and a hidden layer of tanh is so small that sech² - γ has no digit left.
pub(super) fn cancelled(seen: &Seen<'_>) -> Weight {
    when(seen.wrong.contains(&"o") && !seen.wrong.contains(&"loss") && nearly_silent(seen))
}

/// ρ < √u somewhere, and not 0.
fn nearly_silent(seen: &Seen<'_>) -> bool {
    let (Ok(network), Ok(inputs)): (Result<Network<f64>, _>, Result<Matrix<f64>, _>) =
        (seen.input().network(), seen.input().matrix("inputs"))
    else {
        return false;
    };
    let least: f64 = match seen.precision {
        "f32" => 2f64.powi(-12),
        _ => 2f64.powi(-26),
    };
    let mut rows = (0..inputs.nrows()).map(|i| inputs.row(i).iter().copied().collect::<Vec<_>>());
    *network.gain() == Gain::Tanh
        && rows.any(|x| {
            let Ok(trace) = trace(&network, &x) else {
                return false;
            };
            network.hidden().any(|l| {
                let rho = norm2(&[
                    norm2(&trace.pre_activations[l - 1]),
                    network.length_squared(l).sqrt(),
                ]);
                rho > 0.0 && rho < least
            })
        })
}
