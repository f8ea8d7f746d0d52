//! How far rounding can move the output over a whole ball of inputs: norms alone.
//!
//! In the notation of `proofs/rounding-bound.md`: the computed ẑ_l is the exact image of the computed (ĥ, γ̂) up to
//! ‖e_l‖ ≤ N u/(1 - N u) (‖W_l‖_F ‖ĥ‖ + ‖b_l‖ + γ̂ ‖ψ_l‖) with N = n_{l-1} + 4 roundings on the way of any term, in
//! whatever order it is summed; (ĥ, γ̂) is the activation of ẑ_l up to 8 u of each. Carried to the output by
//! Lipschitz constants,
//!
//! ```text
//! ‖ŷ - y‖ ≤ Σ_l Λ_l (‖e_l‖ + 8 u ‖[W_l ψ_l]‖ ‖(h_{l-1}, γ_{l-1})‖)
//! ```
//!
//! where ‖ẑ_l‖ and what leaves layer l are bounded for the computed values, errors included.

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
        // The range of MPFR is not reached: exponents have 30 bits.
        _ => (Enclosure::zero(), power(1 << 28)),
    };
    let of = Sensitivity::of(network);
    let activation = Enclosure::from_int(8) * &u;
    let unbounded = || Ok(Enclosure::zero().hull(&Enclosure::whole()));
    let mut total = Enclosure::zero();
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
        let lost =
            Enclosure::from_int(terms) * &smallest * Enclosure::from_int(layer.width() as i64);
        let local = whole.clone() * rounded / rest + lost;
        let mut moved = local.clone();
        if let Some(below) = &below {
            moved += norms.joint.clone() * (activation.clone() * &below.joint + &smallest);
        }
        total += moved * &of.lipschitz[l - 1];
        if l < network.depth() {
            let reached = network
                .gain()
                .reach_at(&network.length_squared(l), &(whole + local));
            let grown = |x: &Enclosure| x.clone() * (Enclosure::one() + &activation) + &smallest;
            below = Some(Reached {
                gain: grown(&reached.gain),
                activation: grown(&reached.activation),
                joint: grown(&reached.joint),
            });
        }
    }
    Ok(Enclosure::zero().hull(&Interval::larger(total, Enclosure::zero())))
}
