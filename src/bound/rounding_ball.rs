//! How far rounding can move the output over a whole ball of inputs: norms alone.
//!
//! Notation of `proofs/rounding-bound.md`: u the unit roundoff, η the smallest positive number, N = n_{l-1} + 4.
//!
//! * *Sums, an entry at a time.* z_i has n_{l-1} + 2 terms; each passes through one multiplication and at most n_{l-1} + 1
//!   additions, in whatever order, fused or not: |e_i| ≤ N u/(1 - N u) Σ|terms|. A product that underflows errs by η/2
//!   besides, a sum never does: N η for the entry is more than all of them. In norm the first part is at most
//!   N u/(1 - N u) (‖W_l‖_F ‖ĥ‖ + ‖b_l‖ + γ̂ ‖ψ_l‖), the second √n_l N η.
//! * *Activations.* (ĥ, γ̂) is the activation of ẑ_l up to 8 u ‖h‖ and 8 u γ, and η for *each number* where results are
//!   subnormal ([`Scalar::activate`](crate::network::Scalar::activate)): √n_l η for ĥ, η for γ̂, √(n_l + 1) η for both together.
//!
//! Carried to the output by Lipschitz constants,
//!
//! ```text
//! ‖ŷ - y‖ ≤ Σ_l Λ_l (‖e_l‖ + ‖[W_l ψ_l]‖ (8 u ‖(h_{l-1}, γ_{l-1})‖ + √(n_{l-1} + 1) η))
//! ```
//!
//! where ‖ẑ_l‖ and what leaves layer l are bounded for the computed values, errors included. No partial sum exceeds
//! ‖W_l‖_F ‖ĥ‖ + ‖b_l‖ + γ̂ ‖ψ_l‖ by more than its rounding: where that stays below half of the largest number nothing overflows.

use num_traits::{One, Zero};

use super::sensitivity::Sensitivity;
use crate::{
    error::Error,
    network::{Network, Reached},
    scalar::{
        Enclosure, Field, Mp, Real,
        interval::{Interval, norm},
    },
};

/// An upper bound on ‖ŷ - y‖ for all ‖x‖ ≤ `radius`, with ŷ evaluated in a floating-point arithmetic of
/// `bits` bits (24 and 53 are taken to be `f32` and `f64` with their ranges); 0 for exact arithmetic, [0, ∞]
/// where numbers might overflow.
///
/// # Errors
/// [`Error::Value`] for a radius that is negative or not finite.
pub fn rounding_over_ball(
    network: &Network<Enclosure>,
    radius: &Enclosure,
    bits: Option<u32>,
) -> Result<Enclosure, Error> {
    super::difference::check_radius(radius)?;
    let Some(bits) = bits else {
        return Ok(Enclosure::zero());
    };
    let power = |e: i64| Enclosure::point(Mp::one().scale_by_power_of_two(e));
    let u = power(-i64::from(bits));
    let (smallest, largest) = match bits {
        24 => (power(-149), power(127)),
        53 => (power(-1074), power(1023)),
        // Well inside the range of MPFR, whose exponents have 30 bits.
        _ => (power(-(1 << 28)), power(1 << 28)),
    };
    let of = Sensitivity::of(network);
    let activation = Enclosure::from_int(8) * &u;
    let unbounded = || Ok(Enclosure::zero().hull(&Enclosure::whole()));
    let mut total = Enclosure::zero();
    // √n η: what n numbers lose together where results are subnormal.
    let together = |numbers: usize| Enclosure::from_int(numbers as i64).sqrt() * &smallest;
    let mut below: Option<Reached<Mp<256>>> = None;
    for (l, norms) in (1..).zip(&of.norms) {
        let layer = network.layer(l);
        let terms = layer.weight.ncols() as i64 + 4;
        let rounded = Enclosure::from_int(terms) * &u;
        let rest = Enclosure::one() - &rounded;
        if !rest.above_zero() {
            return unbounded();
        }
        let frobenius = norm(layer.weight.as_slice());
        let arriving = below.as_ref().map_or(radius, |below| &below.activation);
        let gain = below
            .as_ref()
            .map_or_else(Enclosure::zero, |below| below.gain.clone());
        let whole = frobenius * arriving + &norms.bias + norms.psi.clone() * &gain;
        if whole.hi() >= largest.lo() {
            return unbounded();
        }
        let lost = Enclosure::from_int(terms) * together(layer.width());
        let local = whole.clone() * rounded / rest + lost;
        let mut moved = local.clone();
        if let Some(below) = &below {
            let subnormal = together(layer.weight.ncols() + 1);
            moved += norms.joint.clone() * (activation.clone() * &below.joint + subnormal);
        }
        total += moved * &of.lipschitz[l - 1];
        if l < network.depth() {
            let reached = network
                .gain()
                .reach_at(&network.length_squared(l), &(whole + local));
            let grown = |x: &Enclosure, numbers| {
                x.clone() * (Enclosure::one() + &activation) + together(numbers)
            };
            below = Some(Reached {
                gain: grown(&reached.gain, 1),
                activation: grown(&reached.activation, layer.width()),
                joint: grown(&reached.joint, layer.width() + 1),
            });
        }
    }
    Ok(Enclosure::zero().hull(&Interval::larger(total, Enclosure::zero())))
}
