//! Where two networks part: which parameter of which layer, and which neuron.
//!
//! [`compare`](super::compare()) rotates a layer so that all of its parameters fit together as well as they can, so a
//! mistake in one of them spreads to the others. Here each is suspected in turn: the rotation is found without it,
//! and if everything else then agrees, it is the one.

use super::{
    Comparison,
    compare::{Suspect, compare_suspecting},
    lines::PARAMETERS,
};
use crate::{error::Error, network::Network, scalar::Real};

/// Where two networks part.
#[derive(Clone, Debug)]
pub struct Parting<S> {
    /// Layer, from 1 to L: the first that differs.
    pub layer: usize,
    /// The parameters that differ: one, unless no single one explains the difference.
    pub parameters: Vec<&'static str>,
    /// The neuron (row) of the second network that holds more than half of the squared residual, if one does.
    pub neuron: Option<usize>,
    /// The residual of the first of the parameters.
    pub residual: S,
    /// What rounding explains of it.
    pub explained: S,
}

impl<S> Parting<S> {
    /// The same in another arithmetic.
    pub(super) fn map<T>(self, f: impl Fn(&S) -> T) -> Parting<T> {
        Parting {
            residual: f(&self.residual),
            explained: f(&self.explained),
            layer: self.layer,
            parameters: self.parameters,
            neuron: self.neuron,
        }
    }
}

/// Where the networks of a comparison part, judged at unit roundoff `u`; `None` if they do not, or differ in
/// structure.
///
/// # Errors
/// Those of [`compare`](super::compare()).
pub fn locate<S: Real>(
    a: &Network<S>,
    b: &Network<S>,
    comparison: &Comparison<S>,
    u: &S,
) -> Result<Option<Parting<S>>, Error> {
    let Some(layer) = comparison.parting(u).map(|part| part.layer) else {
        return Ok(None);
    };
    let here = |comparison: &Comparison<S>| {
        let parts = comparison.parts.iter().filter(|part| part.layer == layer);
        parts.cloned().collect::<Vec<_>>()
    };
    let mut differing = here(comparison);
    differing.retain(|part| part.exceeds(u));
    // o has a part of its own, and nothing is rotated for the output.
    if layer < a.depth() && differing.iter().any(|part| part.parameter != "o") {
        // The smallest first: a bias alone leaves the rotation so open that a weight could be blamed for it.
        for parameter in PARAMETERS.into_iter().rev() {
            let suspect = Suspect { layer, parameter };
            let (leeway, blur) = (comparison.leeway, comparison.blur.clone());
            let mut parts = here(&compare_suspecting(a, b, leeway, blur, Some(suspect))?);
            let others = parts.iter().filter(|part| part.parameter != parameter);
            if !others.clone().any(|part| part.exceeds(u)) {
                parts.retain(|part| part.parameter == parameter);
                differing.retain(|part| part.parameter == "o");
                differing.splice(0..0, parts);
                break;
            }
        }
    }
    let Some(first) = differing.first() else {
        return Ok(None);
    };
    let half = first.residual.clone() * S::from_f64(0.5f64.sqrt());
    Ok(Some(Parting {
        layer,
        parameters: differing.iter().map(|part| part.parameter).collect(),
        neuron: first
            .rows
            .iter()
            .position(|row| *row > half)
            .map(|row| row + 1),
        residual: first.residual.clone(),
        explained: first.scale.clone() * u,
    }))
}
