//! Factorisations, judged by ratios to what rounding allows.

mod factorisations;
mod pivots;
mod svd;
