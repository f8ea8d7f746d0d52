//! How far apart the outputs of two networks can be: rigorous bounds on ‖y - y'‖₂.
//!
//! The networks are those of their numbers, evaluated exactly: no rounding of an evaluation is part of these
//! bounds (see [`rounding_units`](super::rounding_units)). They need share nothing but the number of inputs and
//! outputs.
//!
//! * [`difference_at`]: at one input, or over a box of inputs, by evaluating both networks in
//!   intervals. At a point the result is the difference itself to 2⁻²⁰⁰, which no other form can improve on.
//! * [`difference_over_ball`]: over all ‖x‖ ≤ R, by THEORY D4 in a form that covers every operation at
//!   once (module `embedding`), and by Lipschitz constants and reaches for networks that are not related.

mod align;
mod embedding;
mod pair;
mod point;
mod residual;

pub use embedding::{Embedding, Map};
use num_traits::{Signed, Zero};
use pair::Pair;
pub(super) use point::check_radius;
pub use point::difference_at;

use crate::{
    error::Error,
    network::Network,
    scalar::{Enclosure, Field, Interval, Mp, Real, interval::Endpoint},
};

/// The network with every parameter enclosed: exact where the scalar's numbers fit into the endpoints.
///
/// # Errors
/// [`Error::Value`] for a parameter outside the range of the endpoints.
pub fn enclose<S: Field, E: Endpoint>(network: &Network<S>) -> Result<Network<Interval<E>>, Error> {
    network.map(&|x: &S| {
        x.to_rational()
            .map_or_else(Interval::none, |q| Interval::enclosing(&q))
    })
}

/// How two networks are related, for the bound over a ball.
#[derive(Clone, Debug, PartialEq)]
pub enum Relation {
    /// Not at all: Lipschitz constants and reaches alone.
    Unrelated,
    /// The second is embedded in the first.
    Embedded(Embedding),
}

/// A bound over a ball and the relation that gave it.
#[derive(Clone, Debug)]
pub struct BallBound {
    /// [0, bound] contains ‖y - y'‖ for every input of the ball; [0, ∞] where nothing finite can be said.
    pub difference: Enclosure,
    /// What proves it, for [`difference_with`].
    pub relation: Relation,
}

/// The least bound on ‖y - y'‖ for all ‖x‖ ≤ `radius` that the relations known here give: none, inclusion, and the
/// embeddings found by aligning the networks layer by layer, in several ways.
///
/// # Errors
/// [`Error::Shape`] for unequal numbers of inputs or outputs; [`Error::Value`] for a radius that is negative
/// or not finite.
pub fn difference_over_ball(
    a: &Network<Enclosure>,
    b: &Network<Enclosure>,
    radius: &Enclosure,
) -> Result<BallBound, Error> {
    difference_over_ball_by(a, b, radius, &[])
}

/// [`difference_over_ball`] with relations `suggested` by whoever made the second network of the first. A suggestion
/// that is wrong costs time alone.
///
/// # Errors
/// As [`difference_over_ball`].
pub fn difference_over_ball_by(
    a: &Network<Enclosure>,
    b: &Network<Enclosure>,
    radius: &Enclosure,
    suggested: &[Embedding],
) -> Result<BallBound, Error> {
    let pair = Pair::of(a, b, radius)?;
    let unrelated = pair.unrelated()?;
    let mut best = BallBound {
        difference: unrelated.clone(),
        relation: Relation::Unrelated,
    };
    if a.depth() != b.depth() {
        return Ok(best);
    }
    // Below this, by the bound that needs no relation, a better one is not worth the time.
    let negligible = if unrelated.is_finite() {
        unrelated.hi().scale_by_power_of_two(NEGLIGIBLE)
    } else {
        Mp::zero()
    };
    // Whether an embedding is the best so far, and whether that is good enough.
    let mut offer = |embedding: Embedding| {
        let mut better = false;
        if let Some(difference) = pair.embedded(&embedding)
            && difference.hi() < best.difference.hi()
        {
            better = true;
            best = BallBound {
                difference,
                relation: Relation::Embedded(embedding),
            };
        }
        (better, *best.difference.hi() <= negligible)
    };
    if offer(Embedding::inclusion(&pair.padded.widths())).1 {
        return Ok(best);
    }
    let mut suggested_is_best = false;
    for embedding in suggested {
        let (better, enough) = offer(embedding.clone());
        if enough {
            return Ok(best);
        }
        suggested_is_best |= better;
    }
    // Each way to find one costs factorisations of whole layers in 256 bits. Where a suggestion already beats what needs no
    // alignment, these were not seen to beat it; wide layers are left to it.
    let hidden = pair.padded.hidden().map(|l| pair.padded.layer(l).width());
    let widest = hidden.max().unwrap_or(0);
    if widest > NARROW && (suggested_is_best || widest > WIDE && !suggested.is_empty()) {
        return Ok(best);
    }
    // A failure to find a relation costs sharpness alone.
    let Ok(padded) = pair.padded.map(&|x: &Enclosure| x.midpoint()) else {
        return Ok(best);
    };
    let image = &pair.image;
    let full = (image.reachable.iter()).all(|found| found.basis.nrows() == found.basis.ncols());
    let choices = if widest > WIDE {
        2
    } else {
        align::CHOICES.len()
    };
    for choice in align::CHOICES.into_iter().take(choices) {
        // Where everything can be reached, one weighing is the other.
        if full && choice.weighing == align::Weighing::Everything {
            continue;
        }
        if let Ok(embedding) = align::align(&padded, &pair.middle, &image.reachable, choice)
            && offer(embedding).1
        {
            break;
        }
    }
    Ok(best)
}

/// Networks whose layers are at most this wide are aligned in every way, whatever was suggested: it costs less than a second.
const NARROW: usize = 48;

/// Layers wider than this are aligned in two ways only, or in those that were suggested.
const WIDE: usize = 256;

/// Rounding in f64 is above this part of what two networks without a relation may differ by.
const NEGLIGIBLE: i64 = -56;

/// The bound that a given relation proves, whoever found it: [0, bound], or [0, ∞] if it proves nothing
/// about these networks.
///
/// # Errors
/// As [`difference_over_ball`].
pub fn difference_with(
    a: &Network<Enclosure>,
    b: &Network<Enclosure>,
    radius: &Enclosure,
    relation: &Relation,
) -> Result<Enclosure, Error> {
    let pair = Pair::of(a, b, radius)?;
    match relation {
        Relation::Unrelated => pair.unrelated(),
        Relation::Embedded(embedding) => Ok(pair
            .embedded(embedding)
            .unwrap_or_else(|| Enclosure::whole().abs())),
    }
}
