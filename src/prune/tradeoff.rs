//! What there is to choose from: error and accuracy against parameters.

use super::{
    PruneError, Pruned, Rows, Settled,
    bench::{Bench, both, ceilings},
    smallest_within,
};
use crate::{network::Network, scalar::Real};

/// Networks in the trade-off between the two ends.
const STEPS: i32 = 10;

/// Networks from the most to the fewest parameters, each the smallest found within some error, none of them with both
/// more parameters and more error than another; the first at its width ceilings, the last with one neuron a layer.
///
/// `settle` and `watch` as for [`prune`](super::prune()).
///
/// # Errors
/// Those of `settle`, and of cutting and evaluating.
pub fn tradeoff<S: Real, E: From<PruneError>>(
    network: &Network<S>,
    rows: &Rows<S>,
    settle: &mut dyn FnMut(Network<S>) -> Result<Settled<S>, E>,
    watch: &dyn Fn(usize),
) -> Result<Vec<Pruned<S>>, E> {
    let (mut cuts, all) = both(network, rows).map_err(PruneError::from)?;
    let mut bench = Bench {
        network,
        rows,
        settle,
        all,
    };
    let most = ceilings(network).map_err(PruneError::from)?;
    let least = vec![1; most.len()];
    let top = cuts.error(&least).map_err(PruneError::from)?;
    let mut chosen = vec![least, most.clone()];
    // Errors that halve: what people choose between spans two or three orders of magnitude.
    for step in 1..=STEPS {
        let limit = top * 0.5f64.powi(step);
        let found = smallest_within(&mut cuts, &most, limit, watch).map_err(PruneError::from)?;
        chosen.extend(found);
    }
    chosen.sort();
    chosen.dedup();
    let mut found = vec![];
    for hidden in &chosen {
        found.push(bench.judged(&mut cuts, hidden)?);
    }
    found.sort_by(|a, b| {
        (b.parameters, b.measured.rms)
            .partial_cmp(&(a.parameters, a.measured.rms))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    // From the smallest up, what has no less error than one before is beaten by it.
    let mut kept: Vec<Pruned<S>> = vec![];
    for candidate in found.into_iter().rev() {
        let beaten = |other: &Pruned<S>| other.measured.rms <= candidate.measured.rms;
        if !kept.iter().any(beaten) {
            kept.push(candidate);
        }
    }
    kept.reverse();
    Ok(kept)
}
