//! Learning: networks that grow and shrink while they learn (THEORY F1–F9).
//!
//! | what | where |
//! |---|---|
//! | gradients | [`network::gradient`](crate::network::gradient) |
//! | rules that turn a gradient into a step | [`Optimiser`], [`Descent`] |
//! | how o is trained | [`LengthMode`] |
//! | a network with the state of its optimiser, which follows every rotation, growth and removal | [`Trainee`] |
//! | the order of the rows | [`Batches`] |
//! | many steps | [`train`] |
//!
//! Everything is generic over the scalar: with a rational gain and the squared error training is exact over ℚ and
//! modulo a prime.

mod batch;
mod length;
mod optimiser;
mod orthogonalise;
mod state;
mod trainee;

pub use batch::Batches;
pub use length::LengthMode;
pub use optimiser::{AdamRotation, Denominator, Descent, Optimiser};
pub use orthogonalise::Orthogonaliser;
pub use state::{Second, State};
pub use trainee::{Trainee, train};
