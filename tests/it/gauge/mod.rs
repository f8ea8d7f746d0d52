//! Comparison up to gauge: what it allows, where networks part, ceilings, and inputs that are hard.

mod allowances;
mod ceilings;
mod comparison;
mod partings;
