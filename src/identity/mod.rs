//! When two networks compute the same function, decided exactly (B9; `proofs/identity.md`).
//!
//! The collapsed form (E1), cut at layer l, writes the pre-activation as z_l = V_l w_l, where V_l is a matrix of the
//! parameters and w_l = (Γ_{l,1} x, Γ_{l,1}, …, Γ_{l,l} = 1) holds the input and products of gains:
//!
//! ```text
//! V_1 = [W_1 b_1],   B_l = W_l V_{l-1} + ψ_l eᵀ,   V_l = [B_l b_l],   N_l = V_lᵀ V_l + o_l e eᵀ
//! ```
//!
//! with e the last unit vector. So ‖z_l‖² + o_l = w_lᵀ N_l w_l, and by induction N_1 … N_{L-1} and V_L fix the function:
//!
//! * (i) for every gain, equal N and equal V_L make equal functions;
//! * (ii) for tanh, two networks that are not constant and agree on an open set have equal depth, N and V_L;
//! * (iii) for tanh, a network is constant iff W_1 = 0 or B_l = 0 for some l ≥ 2.
//!
//! Hidden rotations, neurons that are dead or constant, and their removal leave N and V_L as they are. Equality of
//! functions is therefore equality of integers, once denominators are cleared: [`decide`] compares them modulo primes,
//! up to a bound on their bits. There is no floating-point number in this module, no factorisation and no tolerance;
//! `tests/it/identity` reads the sources for it, and clippy refuses arithmetic of floats here.
//!
//! A file that holds ln o = a means o = e^a, which stays symbolic: it enters the last entry of N_l alone, and
//! q + e^a = q' + e^a' for rational q, q', a, a' iff q = q' and a = a' (Lindemann–Weierstrass; e^0 is the rational 1).

#![deny(
    clippy::float_arithmetic,
    clippy::float_cmp,
    clippy::cast_precision_loss
)]

mod affine;
mod bits;
mod constant;
mod decide;
mod decision;
#[cfg(feature = "io")]
mod digest;
mod dimension;
mod entry;
mod exact;
mod factors;
mod image;
mod invariants;
mod modulus;
mod network;
mod number;
mod scaling;
#[cfg(feature = "io")]
mod stored;

pub use decide::decide;
pub use decision::{Decision, Difference, Entry, Equality, Place, Reason, Side, TooManyBits};
#[cfg(feature = "io")]
pub use digest::digest;
pub use dimension::{Dimension, dimension, invariants_jacobian, least_widths, pivots};
pub use exact::{ExactInvariants, exact_invariants};
pub use factors::{Factor, factors};
pub use invariants::{Invariants, invariants};
pub use network::{ExactNetwork, Length};
