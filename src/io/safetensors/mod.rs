//! Safetensors in the tensor names of the papers' author.
//!
//! | tensor | shape | holds |
//! |---|---|---|
//! | `weight_parameters.{i}` | (n_l, n_{l-1}), l = i + 1, row by row | W_l |
//! | `bias_parameters.{i}` | (n_l), l = i + 1 | b_l |
//! | `psi_parameters.{i}` | (n_l), l = i + 2 | ψ_l; all or none |
//! | `activation.{i}.intrinsic_length` | () or (1), l = i + 1 | ln o_l, or o_l if so told; all or none |
//! | `activation.{i}.o_const` | () or (1), l = i + 1 | o_l, in place of the former |
//!
//! Metadata of ours, all optional, all strings: `isotropic.format` (`1`), `isotropic.widths`
//! (`64,48,32,10`), `isotropic.gain` (a name; absent: tanh), `isotropic.threshold` (exact text) and
//! `isotropic.intrinsic_length` (`log` or `squared`).

mod header;
mod json;
mod names;
mod read;
mod write;

pub use read::read;
#[cfg(feature = "cli")]
pub(super) use write::dtype;
pub(super) use write::plan;
pub use write::write;

const FORMAT: &str = "isotropic.format";
const VERSION: &str = "1";
const WIDTHS: &str = "isotropic.widths";
const GAIN: &str = "isotropic.gain";
const THRESHOLD: &str = "isotropic.threshold";
const LENGTHS: &str = "isotropic.intrinsic_length";
const KEYS: [&str; 5] = [FORMAT, WIDTHS, GAIN, THRESHOLD, LENGTHS];

fn widths_text(widths: &[usize]) -> String {
    widths
        .iter()
        .map(usize::to_string)
        .collect::<Vec<_>>()
        .join(",")
}
