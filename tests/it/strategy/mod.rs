//! The public strategies for downstream property tests.

mod properties;
