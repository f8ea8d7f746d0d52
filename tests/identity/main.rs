//! B9: the invariants, the decision, and that no float has a say in it.

#[path = "../common/mod.rs"]
mod common;
mod decisions;
mod exact_only;
mod honest;
mod normal;
mod pairs;
mod values;
