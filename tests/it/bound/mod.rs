//! The rigorous bounds: never exceeded, not vacuous, and refused where they are computed wrongly.

mod any_order;
mod attack;
mod counted;
mod differences;
mod ends;
mod operations;
mod pairs;
mod reach;
mod relations;
mod rounding;
mod running;
mod singular_values;
mod snapshot;
mod tau;
mod tightness;
mod trained;
