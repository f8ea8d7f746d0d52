//! Two networks whose outputs are compared over a ball, and what is bounded of them once for every relation.

use num_traits::{Signed, Zero};

use super::{
    embedding::{self, Embedding},
    point::{check_radius, check_shapes, difference_at},
    residual::Image,
};
use crate::{
    bound::sensitivity::Sensitivity,
    error::Error,
    linalg::Matrix,
    network::{Network, edit::append},
    scalar::{Enclosure, Mp, interval::norm},
};

/// Two networks with the constants that every relation needs.
pub(super) struct Pair<'a> {
    a: &'a Network<Enclosure>,
    b: &'a Network<Enclosure>,
    /// `a` with dead neurons where it is the narrower.
    pub padded: Network<Enclosure>,
    /// Numbers of `b`.
    pub middle: Network<Mp<256>>,
    of_a: Sensitivity<Mp<256>>,
    of_b: Sensitivity<Mp<256>>,
    pub image: Image<'a>,
    radius: &'a Enclosure,
}

impl<'a> Pair<'a> {
    pub fn of(
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

    /// The bound that an embedding proves, if it proves one.
    pub fn embedded(&self, embedding: &Embedding) -> Option<Enclosure> {
        let bound = embedding::bound((&self.padded, &self.of_a), &self.image, embedding)?;
        (!bound.is_none()).then(|| Enclosure::zero().hull(&bound))
    }

    /// The bound of two networks that have nothing in common.
    pub fn unrelated(&self) -> Result<Enclosure, Error> {
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
    (of_a, of_b): (&Sensitivity<Mp<256>>, &Sensitivity<Mp<256>>),
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
