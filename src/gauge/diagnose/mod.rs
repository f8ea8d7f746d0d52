//! What a difference between two networks is: none, rounding, or a mistake, and where.

mod digits;
mod hint;
mod precision;
mod separate;
mod witness;

pub use digits::{Digit, digits};
pub use hint::{hint, same_threshold};
pub use precision::{coarser, holders};
pub use separate::{Separation, probes, separate};
pub use witness::{Heard, SLACK, Testimony, hear};
