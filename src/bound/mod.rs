//! What operations and roundings may change, as numbers.

#![deny(clippy::wildcard_enum_match_arm)]

mod any_order;
mod difference;
mod label;
mod lipschitz;
mod reached;
mod rounding;
mod rounding_ball;
mod sensitivity;
mod svd;

pub use any_order::{GAIN, PRODUCT, ParameterError, any_order_units, gain_units};
pub use difference::{
    BallBound, Embedding, Map, Relation, difference_at, difference_over_ball,
    difference_over_ball_by, difference_with, enclose,
};
pub(crate) use label::blurred;
pub use label::{certain_label, margin};
pub use lipschitz::{Reach, lipschitz_above, reach_below};
pub(crate) use reached::reachable;
pub use rounding::{Allowance, rounding_units};
pub use rounding_ball::rounding_over_ball;
pub(crate) use sensitivity::Sensitivity;
pub use svd::{SvdCertificate, certify_svd, norm_above};
