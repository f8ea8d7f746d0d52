//! The smallest network within a budget.

use super::{
    Cuts, Measured, PruneError, Rows,
    bench::{Bench, both, ceilings},
    smallest_within,
};
use crate::{network::Network, scalar::Real};

/// What a smaller network may cost, on rows that nothing saw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Budget {
    /// The root mean square of ‖y - y'‖, or what is certified of ‖y - y'‖ where [`Settled`] says.
    Error {
        /// At most.
        limit: f64,
    },
    /// The root mean square of ‖y - y'‖ over that of ‖y‖ about its mean.
    Relative {
        /// At most; 1 is what a constant does.
        limit: f64,
    },
    /// As little error as there can be, with this share of the parameters.
    Keep {
        /// At most, of 1.
        share: f64,
    },
    /// Percentage points of accuracy.
    AccuracyDrop {
        /// At most.
        points: f64,
    },
    /// No row gets another label than before.
    UnchangedLabels,
}

/// A cut network as it will be used: rounded to the file it goes to, certified.
#[derive(Clone, Debug)]
pub struct Settled<S> {
    /// The network.
    pub network: Network<S>,
    /// A certified bound on ‖y - y'‖, which [`Budget::Error`] then is of.
    pub certified: Option<f64>,
}

impl<S> Settled<S> {
    /// A network that is used as it is.
    pub fn of(network: Network<S>) -> Self {
        Settled {
            network,
            certified: None,
        }
    }
}

/// A smaller network, and what it costs on rows that nothing saw.
#[derive(Clone, Debug)]
pub struct Pruned<S> {
    /// As it was settled.
    pub network: Network<S>,
    /// Its parameters, those of W, b, ψ and o that it stores.
    pub parameters: usize,
    /// On the unseen rows.
    pub measured: Measured,
    /// As it was settled.
    pub certified: Option<f64>,
}

/// What came of a budget.
#[derive(Clone, Debug)]
pub enum Outcome<S> {
    /// The smallest network found within it.
    Within(Pruned<S>),
    /// Nothing smaller than the network itself is within it; this comes nearest.
    Unreachable(Pruned<S>),
}

/// Searches at most, for one budget.
const ROUNDS: usize = 12;

impl Budget {
    /// Refuses a budget that nothing could be within, or that the data cannot tell.
    fn check<S: Real>(&self, network: &Network<S>, rows: &Rows<S>) -> Result<(), PruneError> {
        let outputs = network.layer(network.depth()).width();
        let refuse = |value: f64, expected| {
            let value = value.to_string();
            Err(PruneError::Budget { value, expected })
        };
        match *self {
            Budget::Error { limit } | Budget::Relative { limit }
                if !(limit >= 0.0 && limit.is_finite()) =>
            {
                refuse(limit, "an error, finite and not negative")
            }
            Budget::Keep { share } if !(share > 0.0 && share <= 1.0) => {
                refuse(share, "a share of the parameters, above 0 and at most 1")
            }
            Budget::AccuracyDrop { points } if !(0.0..=100.0).contains(&points) => {
                refuse(points, "percentage points, from 0 to 100")
            }
            Budget::AccuracyDrop { .. } | Budget::UnchangedLabels if outputs == 1 => {
                Err(PruneError::OneOutput)
            }
            Budget::AccuracyDrop { .. } if rows.labels.is_none() => Err(PruneError::NoLabels),
            _ => Ok(()),
        }
    }

    /// What is used of the budget: at most 1 within it.
    fn used<S>(&self, found: &Pruned<S>, before: usize) -> f64 {
        let of = |value: f64, limit: f64| {
            if value <= limit {
                // 0 of 0 is all that may be used.
                if limit == 0.0 { 1.0 } else { value / limit }
            } else if limit == 0.0 {
                f64::INFINITY
            } else {
                value / limit
            }
        };
        let measured = &found.measured;
        match *self {
            Budget::Error { limit } => of(found.certified.unwrap_or(measured.rms), limit),
            Budget::Relative { limit } => of(measured.relative(), limit),
            Budget::Keep { share } => of(found.parameters as f64, share * before as f64),
            Budget::AccuracyDrop { points } => {
                let lost = measured.accuracy_drop().unwrap_or(f64::INFINITY);
                if lost <= points {
                    1.0
                } else {
                    1.0 + lost - points
                }
            }
            Budget::UnchangedLabels => {
                1.0 + measured
                    .labels
                    .map_or(f64::INFINITY, |labels| labels.changed as f64)
            }
        }
    }

    /// Whether the error itself is what the budget is of, so that one search tells how far to go in the next.
    fn is_of_error(&self) -> bool {
        match self {
            Budget::Error { .. } | Budget::Relative { .. } => true,
            Budget::Keep { .. } | Budget::AccuracyDrop { .. } | Budget::UnchangedLabels => false,
        }
    }
}

/// The smallest network within the budget.
///
/// [`smallest_within`] an error, on rows that choose, gives one network for each error allowed; the loosest error whose
/// network is within the budget on the unseen rows is looked for by bisection. So the unseen rows decide where on one
/// line to stop, and nothing else.
///
/// `settle` makes of a cut network what will be used, and may certify it; `watch` is told how many cuts were made.
///
/// # Errors
/// [`PruneError`] for a budget that makes no sense here; those of `settle`, and of cutting and evaluating.
pub fn prune<S: Real, E: From<PruneError>>(
    network: &Network<S>,
    rows: &Rows<S>,
    budget: &Budget,
    settle: &mut dyn FnMut(Network<S>) -> Result<Settled<S>, E>,
    watch: &dyn Fn(usize),
) -> Result<Outcome<S>, E> {
    budget.check(network, rows)?;
    let before = network.parameter_count();
    let (mut cuts, all) = both(network, rows).map_err(PruneError::from)?;
    let mut bench = Bench {
        network,
        rows,
        settle,
        all,
    };
    let most = ceilings(network).map_err(PruneError::from)?;
    let keeps = matches!(budget, Budget::Keep { .. });
    // The ends of the line: what changes least, and what is least.
    let least = vec![1; most.len()];
    let smallest = bench.judged(&mut cuts, &least)?;
    let fits = budget.used(&smallest, before) <= 1.0 && smallest.parameters < before;
    let mut best = match (keeps, fits) {
        // There is nothing smaller still.
        (false, true) => return Ok(Outcome::Within(smallest)),
        (true, false) => return Ok(Outcome::Unreachable(smallest)),
        (true, true) => smallest,
        (false, false) => bench.judged(&mut cuts, &most)?,
    };
    if budget.used(&best, before) > 1.0 {
        return Ok(Outcome::Unreachable(best));
    }
    let better = |new: &Pruned<S>, old: &Pruned<S>| {
        let key = |p: &Pruned<S>| match keeps {
            true => (p.measured.rms, p.parameters as f64),
            false => (p.parameters as f64, p.measured.rms),
        };
        key(new) < key(old)
    };
    let error = |cuts: &mut Cuts<'_, S>, at: &[usize]| cuts.error(at).map_err(PruneError::from);
    let (floor, top) = (error(&mut cuts, &most)?, error(&mut cuts, &least)?);
    let floor = floor.max(top * f64::EPSILON).max(f64::MIN_POSITIVE);
    // Every error between these may be the one: `low` is too strict, or within; `high` too loose, or enough.
    let (mut low, mut high) = (floor, top.max(floor) * 1.001);
    let mut next = match *budget {
        Budget::Error { limit } if best.certified.is_none() => limit,
        Budget::Relative { limit } => limit * best.measured.spread,
        _ => (low * high).sqrt(),
    };
    // Of the smaller networks that are not within the budget.
    let mut nearest: Option<((f64, f64), Pruned<S>)> = None;
    for _ in 0..ROUNDS {
        let limit = next.clamp(low, high);
        let found = smallest_within(&mut cuts, &most, limit, watch).map_err(PruneError::from)?;
        let Some(hidden) = found else { break };
        let found = bench.judged(&mut cuts, &hidden)?;
        let used = budget.used(&found, before);
        if used <= 1.0 {
            if better(&found, &best) {
                best = found;
            }
        } else if found.parameters < before {
            let off = (used, found.measured.rms);
            if nearest.as_ref().is_none_or(|(least, _)| off < *least) {
                nearest = Some((off, found));
            }
        }
        if (used <= 1.0) == keeps {
            high = limit;
        } else {
            low = limit;
        }
        if high <= low * 1.01 || keeps && used <= 1.0 && used > 0.995 {
            break;
        }
        let middle = (low * high).sqrt();
        next = if !budget.is_of_error() || !used.is_finite() || used == 0.0 {
            middle
        } else if used <= 1.0 && used > 0.99 && best.parameters < before {
            break;
        } else {
            // Proportion, a little inside.
            let guess = limit * 0.995 / used;
            if low < guess && guess < high {
                guess
            } else {
                middle
            }
        };
    }
    if best.parameters < before {
        return Ok(Outcome::Within(best));
    }
    Ok(Outcome::Unreachable(
        nearest.map_or(best, |(_, nearest)| nearest),
    ))
}
