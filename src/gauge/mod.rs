//! The gauge: hidden rotations that change nothing (THEORY B1–B7).

mod align;
mod blur;
mod ceiling;
mod compare;
mod comparison;
pub mod diagnose;
mod diagonalise;
mod leeway;
mod lines;
mod locate;
mod normal;
mod quick;
mod rotate;

pub use blur::Blur;
pub use ceiling::{AtCeilings, compare_at_ceilings};
pub use compare::{compare, compare_allowing, compare_blurred};
pub use comparison::{Comparison, Line, Part};
pub use diagonalise::{Gauge, diagonalise, diagonalised, full, left, triangular};
pub use leeway::{GREY, Leeway, USUAL};
pub use locate::{Parting, locate};
pub use normal::{Echelon, NormalForm, normal_form};
pub use quick::{compare_in_doubles, is_wide, locate_in_doubles};
pub use rotate::{rotate, rotated};
