//! The catalogue: complete, verified in every arithmetic, on every family and on given networks.

mod catalogue;
mod coverage;
mod dimension;
mod generated;
mod given;
