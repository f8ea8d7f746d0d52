//! The smallest network within a budget, on data (THEORY D4, D10–D12).
//!
//! | question | where |
//! |---|---|
//! | which rows fit, which choose, which judge | [`Rows`] |
//! | a network of given widths, cut layer by layer | [`Cuts`]: principal, sensitive or singular directions, refitted or not |
//! | which widths | [`smallest_within`]: the fewest parameters within an error |
//! | how far within | [`prune`]: the loosest error whose network meets the [`Budget`] on rows that nothing saw |
//! | what there is to choose from | [`tradeoff`] |
//!
//! ```
//! use isotropic::prune::{Budget, Outcome, PruneError, Rows, Settled, prune};
//! use isotropic::{Error, io::{inputs::Inputs, shipped}};
//!
//! let stored = &shipped::networks()?[0];
//! let network = stored.network::<f32>()?;
//! // A hundred digits, to be quick.
//! let inputs: Inputs<f32> = shipped::digits()?.rows(0..100);
//! let rows = Rows::split(&inputs, None, 0)?;
//! let budget = Budget::Keep { share: 0.1 };
//! let outcome = prune(&network, &rows, &budget, &mut |network| Ok::<_, PruneError>(Settled::of(network)), &|_| ())?;
//! let Outcome::Within(found) = outcome else { panic!("a tenth can be kept") };
//! assert!(found.parameters * 10 <= network.parameter_count());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bench;
mod budget;
mod cuts;
mod error;
mod measure;
mod rows;
mod search;
mod tradeoff;

pub use budget::{Budget, Outcome, Pruned, Settled, prune};
pub use cuts::Cuts;
pub use error::PruneError;
pub use measure::{LabelCount, Measured, measure};
pub use rows::Rows;
pub use search::{parameters, smallest_within};
pub use tradeoff::tradeoff;
