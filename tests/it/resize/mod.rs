//! Removal and growth at their edges, and with data.

mod data_aware;
mod resizing;
