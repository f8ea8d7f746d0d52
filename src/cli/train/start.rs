//! Where a training starts, and how its errors are said.

use crate::{
    cli::Failure,
    learning::{Settings, Source, Trainee, TrainingError},
};

/// Where a training starts.
pub(super) struct Start<S> {
    pub trainee: Trainee<S>,
    pub settings: Settings,
    pub source: Source,
    pub epoch: u64,
    pub log: Vec<String>,
}

pub(super) fn usage(why: TrainingError) -> Failure {
    Failure::Usage(why.to_string())
}
