//! B9: the invariants, the decision, and that no float has a say in it.

mod decisions;
mod exact_only;
mod honest;
mod normal;
mod pairs;
mod values;
