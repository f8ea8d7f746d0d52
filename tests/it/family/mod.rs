//! The hard families: what they say they are.

mod families;
