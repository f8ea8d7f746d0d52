//! Isotropic neural networks.
#![forbid(unsafe_code)]

pub mod bound;
#[cfg(feature = "cli")]
pub mod cli;
pub mod error;
pub mod gauge;
pub mod io;
pub mod judge;
pub mod linalg;
pub mod network;
pub mod resize;
pub mod scalar;
pub mod statement;
#[cfg(feature = "proptest")]
pub mod strategy;
pub mod verify;
pub use error::Error;
pub use network::{Gain, Layer, Network, Scalar};
