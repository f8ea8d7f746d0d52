//! Isotropic neural networks.
#![forbid(unsafe_code)]

pub mod error;
pub mod linalg;
pub mod network;
pub mod scalar;
pub use error::Error;
pub use network::{Gain, Layer, Network, Scalar};
