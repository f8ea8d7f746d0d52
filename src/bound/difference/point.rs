//! The difference of two networks at one input, and what two networks and a ball must fulfil to be compared.

use num_traits::Zero;

use crate::{
    error::Error,
    network::{Network, evaluate},
    scalar::{Enclosure, Field, interval::norm},
};

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

pub(super) fn check_shapes(a: &Network<Enclosure>, b: &Network<Enclosure>) -> Result<(), Error> {
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

pub(crate) fn check_radius(radius: &Enclosure) -> Result<(), Error> {
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
