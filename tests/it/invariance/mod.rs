//! The invariance experiment: on trained networks, and as tables.

mod experiment;
mod snapshot;
mod tables;
