//! Isotropic neural networks.
#![forbid(unsafe_code)]

pub mod error;
pub mod bound;
pub mod gauge;
pub mod linalg;
pub mod network;
pub mod resize;
pub mod scalar;
pub use error::Error;
pub use network::{Gain, Layer, Network, Scalar};
