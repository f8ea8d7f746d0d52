//! Which bound answers what, and whether it is rigorous.
//!
//! | question | over | function | rigorous |
//! |---|---|---|---|
//! | how far rounding moves y, in this crate's order of summation | one input | [`rounding_units`] | yes, in intervals (`proofs/rounding-bound.md`) |
//! | how far rounding moves y, in any order | one input | [`any_order_units`] | no: first order in u and in what underflows, plain floating point |
//! | how far rounding moves y, in any order | a ball | [`rounding_over_ball`] | yes, in intervals |
//! | how far rounding moves whatever generic code computes | one run | [`Running`] | no: first order in u, plain floating point |
//! | how far rounding moves whatever generic code computes, in any order of its sums | one run | [`Counted`] | no: first order in u and in what underflows |
//! | ‖y - y'‖ of two networks | one input, a box | [`difference_at`] | yes, in intervals |
//! | ‖y - y'‖ of two networks | a ball | [`difference_over_ball`], [`difference_with`] | yes, whatever the embedding |
//! | Λ_l and ‖(h, γ)‖ of D4 | all inputs, or ‖x‖ ≤ R | [`lipschitz_above`], [`reach_below`] | no: true up to the rounding of plain floats |
//! | the same | a ball | `Sensitivity` | yes, in intervals |
//! | what no network of p neurons in its last hidden layer can do better | inputs | [`sample_floor`], [`floor_at`] | yes, in intervals |
//! | σ_i and ‖A‖ | one matrix | [`certify_svd`], [`norm_above`] | yes, from any approximate factors |
//!
//! What is not rigorous orders and allows; it certifies nothing. A certificate is made of the rigorous ones alone.

#![deny(clippy::wildcard_enum_match_arm)]

mod any_order;
mod counted;
mod difference;
mod eigenvalue;
mod floor;
mod label;
mod lipschitz;
mod norm;
mod reached;
mod rounding;
mod rounding_ball;
mod running;
mod sensitivity;
mod svd;

pub use any_order::{GAIN, PRODUCT, ParameterError, Units, any_order_units, gain_units};
pub use counted::Counted;
pub use difference::{
    BallBound, Embedding, Map, Relation, difference_at, difference_over_ball,
    difference_over_ball_by, difference_with, enclose,
};
pub use floor::{floor_at, sample_floor};
#[cfg(feature = "verify")]
pub(crate) use label::blurred;
pub use label::{certain_label, margin};
pub use lipschitz::{Reach, lipschitz_above, reach_below};
pub use norm::norm_above;
pub(crate) use reached::reachable;
pub use rounding::{Allowance, rounding_units};
#[cfg(feature = "verify")]
pub(crate) use rounding::{RoundingUnits, wide_rounding_units};
pub use rounding_ball::rounding_over_ball;
pub use running::Running;
#[cfg(feature = "verify")]
pub(crate) use sensitivity::Sensitivity;
pub use svd::{SvdCertificate, certify_svd};
