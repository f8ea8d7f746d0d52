//! Training: gradients, optimisers, and the state that follows the network.

#[path = "../common/mod.rs"]
mod common;
mod gradients;
mod optimisers;
mod state;
