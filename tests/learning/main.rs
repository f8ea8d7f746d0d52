//! Training: gradients, optimisers, and the state that follows the network.

#[path = "../common/mod.rs"]
mod common;
mod gradients;
mod hessian;
mod optimisers;
mod state;
mod threads;
mod trainer;
