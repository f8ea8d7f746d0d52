//! What a difference between two networks is: none, rounding, or a mistake, and where.

mod separate;

pub use separate::{Separation, probes, separate};
