//! Growing and shrinking (THEORY C1, C2, D1–D10, D12, F4).
//!
//! Every operation returns a new network: on an error the one it was given is all there is.

mod absorb;
mod adapt;
mod compress;
mod data;
mod grow;
mod plan;
mod refit;
mod rule;
mod sensitive;
mod truncate;

pub use absorb::{project, project_by, project_to, remove};
pub use adapt::adapt;
#[cfg(feature = "verify")]
pub(crate) use compress::balanced;
pub use compress::{LayerRank, compress, layer_rank};
pub use data::{
    DataRemoval, Directions, ResizedOnData, cut_on_data, resize_on_data, resize_refitted,
    truncate_on_data,
};
pub use grow::{Outgoing, grow, grow_with_bias, grown};
pub use plan::{Resized, resize, resized};
pub use refit::{refit, refit_exactly};
pub use rule::Rule;
pub use sensitive::sensitive_axes;
pub use truncate::{Cut, Removal, cut_by_values, truncate, truncate_reached};
