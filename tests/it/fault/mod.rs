//! Known ways to be wrong, and what catches each.

mod controls;
