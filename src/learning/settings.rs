//! The settings of a training as text: what a person asks for and a checkpoint keeps, in any scalar.

mod adaptation;
mod optimiser;

use serde::{Deserialize, Serialize};

use super::{Adaptation, Descent, LengthMode, Plan, RemovalRule, Schedule, TrainingError};
use crate::{
    network::gradient::Loss,
    scalar::{Field, text::parse},
};

/// Settings as they were given; what is `None` has its default. Numbers are text, read exactly and rounded once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// `cross-entropy` (default) or `squared`.
    pub loss: Option<String>,
    /// One of [`Optimiser::NAMES`](super::Optimiser::NAMES); `adam-tensor`.
    pub optimiser: Option<String>,
    /// η; the default is the optimiser's.
    pub rate: Option<String>,
    /// μ; 0.9. For momentum, nesterov and muon.
    pub momentum: Option<String>,
    /// β₁ and β₂; 0.9 and 0.999. For Adam.
    pub betas: Option<Vec<String>>,
    /// λ; 0.
    pub weight_decay: Option<String>,
    /// `constant` (default) or `cosine`.
    pub schedule: Option<String>,
    /// The largest norm of a gradient; none.
    pub clip: Option<String>,
    /// `keep` (default) or `diagonal`. For adamw.
    pub adam_rotation: Option<String>,
    /// How o is trained: `fixed`, `log` (default) or `root`.
    pub length: Option<String>,
    /// Rows in a batch, or `full`; 48.
    pub batch: Option<String>,
    /// Epochs; 60.
    pub epochs: Option<u64>,
    /// Seed; 0.
    pub seed: Option<u64>,
    /// s of the scaffold buffer.
    pub adapt: Option<usize>,
    /// Epochs between two adaptations; 1.
    pub adapt_every: Option<u64>,
    /// θ; 0.1.
    pub scaffold_threshold: Option<String>,
    /// Hidden widths by epoch, `9:48,48;54:8,8`.
    pub widths_schedule: Option<String>,
    /// `data` (default) or `svd`.
    pub removal: Option<String>,
    /// Whether structural steps are enclosed rigorously.
    pub certified: bool,
    /// Whether singular values are recorded.
    pub spectra: bool,
}

/// Where there is a choice between names.
fn choose<T>(
    what: &'static str,
    given: Option<&str>,
    default: T,
    from_name: impl Fn(&str) -> Option<T>,
    names: &str,
) -> Result<T, TrainingError> {
    match given {
        None => Ok(default),
        Some(name) => from_name(name).ok_or_else(|| TrainingError::Setting {
            what,
            found: name.into(),
            expected: format!("it is one of {names}"),
        }),
    }
}

fn number<S: Field>(what: &'static str, text: &str) -> Result<S, TrainingError> {
    parse(text).map_err(|why| TrainingError::Setting {
        what,
        found: text.into(),
        expected: why.to_string(),
    })
}

fn unwanted(what: &'static str, found: String, expected: String) -> TrainingError {
    TrainingError::Setting {
        what,
        found,
        expected,
    }
}

impl Settings {
    /// How o is trained.
    ///
    /// # Errors
    /// [`TrainingError::Setting`] for another name.
    pub fn length_mode(&self) -> Result<LengthMode, TrainingError> {
        // o trained directly may fall below 0: for statements, not for training.
        let allowed = |name: &str| LengthMode::from_name(name).filter(|m| *m != LengthMode::Direct);
        let (given, names) = (self.length.as_deref(), "fixed, log, root");
        choose("the training of o", given, LengthMode::Log, allowed, names)
    }

    /// The plan in a scalar, for a network of these hidden widths.
    ///
    /// # Errors
    /// [`TrainingError::Setting`] for values that cannot be used, and for settings that the optimiser or the adaptation does
    /// not have.
    pub fn plan<S: Field>(&self, hidden: &[usize]) -> Result<Plan<S>, TrainingError> {
        let loss = choose(
            "the loss",
            self.loss.as_deref(),
            Loss::CrossEntropy,
            Loss::from_name,
            "cross-entropy, squared",
        )?;
        let (optimiser, rate) = self.optimiser::<S>()?;
        let of = |what, text: &Option<String>| {
            text.as_deref()
                .map(|text| number::<S>(what, text))
                .transpose()
        };
        let schedule = self.schedule.as_deref();
        let (constant, names) = (Schedule::Constant, "constant, cosine");
        let schedule = choose(
            "the schedule",
            schedule,
            constant,
            Schedule::from_name,
            names,
        )?;
        let mut plan = Plan::new(
            loss,
            Descent {
                optimiser,
                weight_decay: of("the weight decay", &self.weight_decay)?.unwrap_or_else(S::zero),
                clip: of("the limit of the gradient's norm", &self.clip)?,
            },
            of("the rate", &self.rate)?.unwrap_or(rate),
            self.epochs.unwrap_or(60),
        );
        plan.schedule = schedule;
        plan.seed = self.seed.unwrap_or(0);
        plan.batch = match self.batch.as_deref() {
            None => Some(48),
            Some("full") => None,
            Some(text) => Some(text.parse().ok().filter(|n| *n > 0).ok_or_else(|| {
                let expected = "it is a whole number, at least 1, or `full`".into();
                unwanted("the number of rows in a batch", text.into(), expected)
            })?),
        };
        plan.adaptation = self.adaptation(hidden, plan.epochs)?;
        let by_name = |name: &str| match name {
            "data" => Some(RemovalRule::Data),
            "svd" => Some(RemovalRule::Values),
            _ => None,
        };
        let given = self.removal.as_deref();
        plan.removal = choose(
            "the removal",
            given,
            RemovalRule::Data,
            by_name,
            "data, svd",
        )?;
        if plan.adaptation == Adaptation::None {
            if let Some(removal) = &self.removal {
                let expected = "nothing is removed without an adaptation".into();
                return Err(unwanted("the removal", removal.clone(), expected));
            }
            if self.certified {
                let expected = "nothing is certified without an adaptation".into();
                return Err(unwanted("certification", "asked for".into(), expected));
            }
        }
        plan.certified = self.certified;
        plan.spectra = self.spectra;
        plan.check()?;
        Ok(plan)
    }

    /// Whether other settings are other words for the training that these plan for a network of these hidden widths.
    pub fn same_training<S: Field>(&self, other: &Settings, hidden: &[usize]) -> bool {
        let training = |settings: &Settings| {
            let mode = settings.length_mode().ok()?;
            Some((mode, settings.plan::<S>(hidden).ok()?))
        };
        training(self).is_some_and(|own| training(other) == Some(own))
    }
}
