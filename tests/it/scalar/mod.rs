//! The scalars, each held to the laws of its module.

mod interval_laws;
mod laws;
mod number_text;
mod residue;
