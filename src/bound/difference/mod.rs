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
mod residual;

pub use embedding::{Embedding, Map};
use num_traits::{Signed, Zero};
use residual::Image;

use super::sensitivity::Sensitivity;
use crate::{
    error::Error,
    linalg::Matrix,
    network::{Network, edit::append, evaluate},
    scalar::{
        Enclosure, Field, Interval, Mp, Real,
        interval::{Endpoint, norm},
    },
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

/// An enclosure of ‖y - y'‖ for every x in the box `x` (n₀ intervals; points for one input).
///
/// # Errors
/// [`Error::InputLength`]; [`Error::Shape`] for unequal numbers of outputs; [`Error::Overflow`] where
/// nothing finite can be said.
pub fn difference_at(
    a: &Network<Enclosure>,
    b: &Network<Enclosure>,
    x: &[Enclosure],
) -> Result<Enclosure, Error> {
    check_shapes(a, b)?;
    let (y, y_image) = (evaluate(a, x)?, evaluate(b, x)?);
    let apart: Vec<Enclosure> = y
        .iter()
        .zip(y_image.iter())
        .map(|(y, z)| y.clone() - z)
        .collect();
    Ok(norm(&apart))
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

/// Two networks with the constants that every relation needs.
struct Pair<'a> {
    a: &'a Network<Enclosure>,
    b: &'a Network<Enclosure>,
    /// `a` with dead neurons where it is the narrower.
    padded: Network<Enclosure>,
    /// Numbers of `b`.
    middle: Network<Mp<256>>,
    of_a: Sensitivity<Mp<256>>,
    of_b: Sensitivity<Mp<256>>,
    image: Image<'a>,
    radius: &'a Enclosure,
}

impl<'a> Pair<'a> {
    fn of(
        a: &'a Network<Enclosure>,
        b: &'a Network<Enclosure>,
        radius: &'a Enclosure,
    ) -> Result<Self, Error> {
        check_shapes(a, b)?;
        check_radius(radius)?;
        let mut padded = a.clone();
        if a.depth() == b.depth() {
            for l in a.hidden() {
                let missing = b.layer(l).width().saturating_sub(a.layer(l).width());
                if missing > 0 {
                    let rows = padded.layer(l + 1).width();
                    let columns = Matrix::from_element(rows, missing, Enclosure::zero());
                    padded = append(padded, l, &columns, &Enclosure::zero())?;
                }
            }
        }
        let (of_a, of_b) = (Sensitivity::of(a), Sensitivity::of(b));
        let middle = b.map(&|x: &Enclosure| x.midpoint())?;
        Ok(Pair {
            a,
            b,
            padded,
            image: Image::of(b, &of_b, &middle, radius),
            middle,
            of_a,
            of_b,
            radius,
        })
    }

    fn embedded(&self, embedding: &Embedding) -> Option<Enclosure> {
        let bound = embedding::bound((&self.padded, &self.of_a), &self.image, embedding)?;
        (!bound.is_none()).then(|| Enclosure::zero().hull(&bound))
    }

    fn unrelated(&self) -> Result<Enclosure, Error> {
        let bound = unrelated(self.a, self.b, (&self.of_a, &self.of_b), self.radius)?;
        Ok(if bound.is_none() {
            Enclosure::whole().abs()
        } else {
            Enclosure::zero().hull(&bound)
        })
    }
}

/// For networks that have nothing in common: the lesser of
///
/// ```text
/// ‖y(0) - y'(0)‖ + (Lip(y) + Lip(y')) R,   sup ‖y - b_L‖ + sup ‖y' - b'_L‖ + ‖b_L - b'_L‖.
/// ```
fn unrelated(
    a: &Network<Enclosure>,
    b: &Network<Enclosure>,
    (of_a, of_b): (
        &Sensitivity<crate::scalar::Mp<256>>,
        &Sensitivity<crate::scalar::Mp<256>>,
    ),
    radius: &Enclosure,
) -> Result<Enclosure, Error> {
    let origin = vec![Enclosure::zero(); a.layer(1).weight.ncols()];
    let moved = (of_a.of_input() + of_b.of_input()) * radius;
    let slopes = difference_at(a, b, &origin)? + moved;
    let span = |network: &Network<Enclosure>, of: &Sensitivity<_>| {
        let (sizes, _) = of.reach(network, radius);
        let bias = of
            .norms
            .last()
            .map_or_else(Enclosure::zero, |norms| norms.bias.clone());
        sizes
            .last()
            .map_or_else(Enclosure::whole, |size| size.clone() - bias)
    };
    let biases: Vec<Enclosure> = (a.layer(a.depth()).bias.iter())
        .zip(b.layer(b.depth()).bias.iter())
        .map(|(b, b_image)| b.clone() - b_image)
        .collect();
    let spans = span(a, of_a) + span(b, of_b) + norm(&biases);
    Ok(Enclosure::smaller(slopes, spans).abs())
}

fn check_shapes(a: &Network<Enclosure>, b: &Network<Enclosure>) -> Result<(), Error> {
    let ends = |n: &Network<Enclosure>| (n.layer(1).weight.ncols(), n.layer(n.depth()).width());
    let (here, there) = (ends(a), ends(b));
    if here == there {
        return Ok(());
    }
    Err(Error::Shape {
        layer: 1,
        what: "the second network",
        found: format!("{} inputs and {} outputs", there.0, there.1),
        expected: format!("{} and {}, as the first has", here.0, here.1),
    })
}

pub(super) fn check_radius(radius: &Enclosure) -> Result<(), Error> {
    if radius.is_finite() && *radius.lo() >= Zero::zero() {
        return Ok(());
    }
    Err(Error::Value {
        layer: 1,
        what: "the radius of the ball of inputs".into(),
        value: radius.to_string(),
        expected: "it must be finite and not negative",
    })
}
