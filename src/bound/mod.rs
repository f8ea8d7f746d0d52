//! What operations and roundings may change, as numbers.

mod lipschitz;
mod rounding;

pub use lipschitz::{Reach, lipschitz_above, reach_below};
pub use rounding::{Allowance, rounding_units};
