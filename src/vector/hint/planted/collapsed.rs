//! Mistakes in the collapsed form.

use super::{
    super::{
        Known,
        evidence::{Prediction, weigh},
    },
    Predicted, planted,
};
use crate::{linalg::accumulate, network::Network, scalar::Field, vector::input::Input};

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
