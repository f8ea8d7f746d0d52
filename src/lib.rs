//! Isotropic neural networks: networks whose neurons have no identity, and the suite that verifies
//! what follows from it.
//!
//! An isotropic activation h = g(‖z‖² + o) z treats every direction of a hidden layer alike. A layer can
//! therefore be rotated, diagonalised, grown, shrunk and half emptied of weights while the function
//! stays the same. This crate is the reference implementation of these operations, in one generic text
//! that runs in `f32`, `f64`, MPFR floats of any precision ([`Mp`](scalar::Mp)) and exact rationals
//! ([`Rational`](scalar::Rational)), together with the statements of the theory as measurements that
//! can fail (arXiv 2602.23405; `proofs/`).
//!
//! # An example
//!
//! ```
//! use isotropic::linalg::{Matrix, Vector, cayley_transform};
//! use isotropic::{Gain, Layer, Network, gauge, network::evaluate, scalar::Rational};
//!
//! let q = |p: i64| Rational::ratio(p, 3).unwrap_or_default();
//! let layer = |m, n, seed: i64| Layer {
//!     weight: Matrix::from_fn(m, n, |i, j| q(seed + 5 * i as i64 - 3 * j as i64)),
//!     bias: Vector::from_fn(m, |i, _| q(i as i64 - seed)),
//!     psi: None,
//! };
//! let network = Network::new(vec![layer(4, 2, 1), layer(3, 4, -2)], Gain::Rational, None)?;
//! let rotation = cayley_transform(&Matrix::from_fn(4, 4, |i, j| q(i as i64 - j as i64)));
//! let rotated = gauge::rotate(&network, 1, &rotation)?;
//! // Every weight has changed, the function has not: equality over ℚ, no tolerance.
//! assert_eq!(evaluate(&network, &[q(2), q(-7)])?, evaluate(&rotated, &[q(2), q(-7)])?);
//! # Ok::<(), isotropic::Error>(())
//! ```
//!
//! # Map
//!
//! | module | what is in it |
//! |---|---|
//! | [`scalar`] | what a number must do; `f32`, `f64`, MPFR, rationals, intervals, residues; numbers as text; sizes and the names of arithmetics |
//! | [`linalg`] | SVD, QR, orthogonal matrices, Procrustes |
//! | [`network`] | gains, layers, networks, evaluation, Jacobians |
//! | [`gauge`] | rotate, diagonalise, compare up to rotation |
//! | [`identity`] | are two networks one function? decided exactly |
//! | [`resize`] | grow, absorb, truncate, compress, adapt |
//! | [`prune`] | the smallest network within a budget, on data (feature `io`) |
//! | [`bound`] | how far operations and rounding can move an output, rigorously |
//! | [`invariance`] | the paper's invariance experiment, with bounds (feature `verify`) |
//! | [`certificate`] | certified differences of two files, saved and checked (feature `verify`) |
//! | [`proof`] | theorems for all dimensions and gains, and the kernel that checks their proofs (feature `verify`) |
//! | [`statement`] | the catalogue: each statement measures residuals (feature `verify`) |
//! | [`fault`] | the known ways to be wrong, and what catches each (feature `verify`) |
//! | [`learning`] | training: optimisers, networks that grow and shrink while they learn |
//! | [`experiment`] | what the papers claim of learning, put to the test on paired seeds (feature `verify`) |
//! | [`remedy`] | what to do about an error |
//! | [`judge`] | what was measured, the rules it is judged by, and the verdict (feature `verify`) |
//! | [`vector`] | conformance vectors for ports to other languages (feature `verify`) |
//! | [`verify`] | running the catalogue, tables, JSON (feature `verify`) |
//! | `report` | HTML and JUnit reports, figures (feature `report`) |
//! | [`io`] | safetensors, YAML, CSV; the networks and data that come with the crate (feature `io`) |
//! | `strategy` | proptest generators (feature `proptest`) |
//! | `cli` | the `isotropic` command (feature `cli`) |
//!
//! # Glossary
//!
//! | symbol | term | meaning |
//! |---|---|---|
//! | L, n_0 … n_L | depth, widths | number of weight matrices; inputs, hidden widths, outputs |
//! | W_l, b_l | weight, bias | of layer l = 1 … L |
//! | ψ_l | linear correction | added to z_l times the gain γ_{l-1} of the layer before |
//! | z_l, h_l, γ_l | pre-activation, activation, gain | h_l = γ_l z_l |
//! | o_l, λ_l | squared intrinsic length, intrinsic length | γ_l = g(‖z_l‖² + o_l), o_l = λ_l² ≥ 0 |
//! | g, σ | gain function, radial profile | σ(ρ) = ρ g(ρ²) |
//! | R | gauge rotation | an orthogonal matrix acting on one hidden layer |
//! | β, w | bias and outgoing column | of one neuron |
//! | u | unit roundoff | 2^-p at p bits of precision |
//! | Λ_l | Lipschitz constant | of z_l ↦ y |
//! | s_p | singular value | of the augmented weight \[W_l ψ_l\], in falling order |

#![forbid(unsafe_code)]
#![warn(missing_docs, clippy::missing_errors_doc)]
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)
)]

pub mod bound;
#[cfg(feature = "verify")]
pub mod certificate;
#[cfg(feature = "cli")]
pub mod cli;
pub mod error;
#[cfg(feature = "verify")]
pub mod experiment;
#[cfg(feature = "verify")]
pub mod family;
#[cfg(feature = "verify")]
pub mod fault;
pub mod gauge;
pub mod identity;
#[cfg(feature = "verify")]
pub mod invariance;
#[cfg(feature = "io")]
pub mod io;
#[cfg(feature = "verify")]
pub mod judge;
pub mod learning;
pub mod linalg;
pub mod network;
mod parallel;
#[cfg(feature = "verify")]
pub mod proof;
#[cfg(feature = "io")]
pub mod prune;
pub mod remedy;
#[cfg(feature = "report")]
pub mod report;
pub mod resize;
pub mod scalar;
#[cfg(feature = "verify")]
pub mod statement;
#[cfg(feature = "proptest")]
pub mod strategy;
#[cfg(feature = "verify")]
pub mod vector;
#[cfg(feature = "verify")]
pub mod verify;
#[cfg(feature = "report")]
mod visible;

pub use error::Error;
pub use network::{Gain, Layer, Network, Scalar};
