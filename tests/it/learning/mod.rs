//! Training: gradients, optimisers, and the state that follows the network.

mod gradients;
mod hessian;
mod optimisers;
mod state;
mod threads;
mod trainer;
