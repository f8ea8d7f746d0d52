//! Learning: networks that grow and shrink while they learn (THEORY F1–F9).
//!
//! | what | where |
//! |---|---|
//! | gradients | [`network::gradient`](crate::network::gradient) |
//! | rules that turn a gradient into a step | [`Optimiser`], [`Descent`] |
//! | how o is trained | [`LengthMode`] |
//! | a network with the state of its optimiser, which follows every rotation, growth and removal | [`Trainee`] |
//! | the order of the rows | [`Batches`] |
//! | many steps | [`train`] |
//! | epochs, schedules, widths that follow the task, records | [`Plan`], [`Trainer`] |
//!
//! Everything is generic over the scalar: with a rational gain and the squared error training is exact over ℚ and
//! modulo a prime.

mod adapt;
mod angular;
mod batch;
#[cfg(feature = "io")]
mod checkpoint;
mod data;
#[cfg(feature = "io")]
mod digest;
mod direction;
mod error;
mod fresh;
mod length;
mod optimiser;
mod orthogonalise;
mod plan;
mod record;
mod schedule;
mod settings;
mod state;
mod step;
mod trainee;
mod trainer;
mod waiting;

pub use angular::angular_momenta;
pub use batch::Batches;
#[cfg(feature = "io")]
pub use checkpoint::{Checkpoint, Source, VERSION};
pub use data::{Data, right};
pub use error::TrainingError;
pub use fresh::fresh;
pub use length::LengthMode;
pub use optimiser::{AdamRotation, Denominator, Descent, Optimiser};
pub use orthogonalise::Orthogonaliser;
pub use plan::{Adaptation, Plan, RemovalRule};
pub use record::{Epoch, Event};
pub use schedule::{Schedule, Widths};
pub use settings::Settings;
pub use state::{Second, State};
pub use trainee::{Trainee, train};
pub use trainer::Trainer;
pub use waiting::epochs_to_fall;
