//! The gauge: hidden rotations that change nothing (THEORY B1–B7).

mod ceiling;
mod compare;
pub mod diagnose;
mod diagonalise;
mod locate;
mod rotate;

pub use ceiling::{AtCeilings, compare_at_ceilings};
pub use compare::{Comparison, Leeway, Line, Part, USUAL, compare, compare_allowing};
pub use diagonalise::{Gauge, diagonalise, full, left, triangular};
pub use locate::{Parting, locate};
pub use rotate::{rotate, rotated};
