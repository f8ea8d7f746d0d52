//! The scalars, each held to the laws of its module.

mod interval_laws;
mod interval_snapshot;
mod laws;
mod number_text;
mod residue;
