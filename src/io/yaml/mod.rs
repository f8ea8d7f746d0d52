//! The native format: YAML with numbers as text, exact and at any precision.
//!
//! ```yaml
//! isotropic: 1                # version of the format
//! widths: [2, 3, 1]           # n₀ … n_L
//! gain: soft-threshold        # tanh, algebraic, rational, rational-tanh, soft-threshold, linear
//! threshold: "1/2"            # soft-threshold only
//! layers:                     # 1 … L
//!   - weight:                 # n_l rows of n_{l-1} numbers
//!       - ["0.1", "0x1.8p-3"]
//!       - ["-1e-40", "22/7"]
//!       - ["0", "1"]
//!     bias: ["0", "0", "0"]
//!     intrinsic_length_squared: "1"   # o_l of a hidden layer: all have it or none
//!   - weight:
//!       - ["1", "2", "3"]
//!     bias: ["0"]
//!     psi: ["1/3"]            # ψ_l, for l ≥ 2, where there is one
//! ```
//!
//! A number is read exactly as it is written, whatever the arithmetic, so `"0.1"` is 1/10. Unquoted
//! numbers are taken at their text too. Anchors, aliases, merge keys, unknown and duplicate keys are
//! refused.

mod lists;
mod read;
mod write;

pub use read::read;
#[cfg(feature = "verify")]
pub(crate) use read::{Document, number, parse};
pub(super) use write::pieces;
pub use write::write;
