//! The settings of a training as text: what a person asks for and a checkpoint keeps, in any scalar.

use serde::{Deserialize, Serialize};

use super::{
    AdamRotation, Adaptation, Denominator, Descent, LengthMode, Optimiser, Orthogonaliser, Plan,
    RemovalRule, Schedule, TrainingError, Widths,
};
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
    /// One of [`Optimiser::NAMES`]; `adam-tensor`.
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

    fn adaptation<S: Field>(
        &self,
        hidden: &[usize],
        epochs: u64,
    ) -> Result<Adaptation<S>, TrainingError> {
        if let (Some(buffer), Some(text)) = (self.adapt, &self.widths_schedule) {
            return Err(unwanted(
                "the schedule of widths",
                text.clone(),
                format!("the widths follow it or a scaffold buffer ({buffer}), not both"),
            ));
        }
        let needs_buffer = || "it belongs to a scaffold buffer, and none is asked for".to_string();
        if let Some(buffer) = self.adapt {
            let threshold = self.scaffold_threshold.as_deref().unwrap_or("0.1");
            if self.adapt_every == Some(0) {
                let expected = "it is at least 1".into();
                return Err(unwanted(
                    "the epochs between adaptations",
                    "0".into(),
                    expected,
                ));
            }
            return Ok(Adaptation::Scaffold {
                buffer,
                threshold: number("the scaffold threshold", threshold)?,
                every: self.adapt_every.unwrap_or(1),
                renew: true,
            });
        }
        if let Some(every) = self.adapt_every {
            let what = "the epochs between adaptations";
            return Err(unwanted(what, every.to_string(), needs_buffer()));
        }
        if let Some(threshold) = &self.scaffold_threshold {
            let what = "the scaffold threshold";
            return Err(unwanted(what, threshold.clone(), needs_buffer()));
        }
        match &self.widths_schedule {
            None => Ok(Adaptation::None),
            Some(text) => {
                let knots = knots(text)?;
                Ok(Adaptation::Widths(Widths::new(hidden, knots, epochs)?))
            }
        }
    }

    /// The optimiser and its default rate.
    fn optimiser<S: Field>(&self) -> Result<(Optimiser<S>, S), TrainingError> {
        let name = self.optimiser.as_deref().unwrap_or("adam-tensor");
        let refuse = |what, found: &str| {
            let expected = format!("{name} has none: leave it out");
            Err(unwanted(what, found.into(), expected))
        };
        let has_momentum = matches!(name, "momentum" | "nesterov" | "muon");
        if let (Some(mu), false) = (&self.momentum, has_momentum) {
            return refuse("the momentum", mu);
        }
        let has_betas = matches!(name, "adam-tensor" | "adamw");
        if let (Some(betas), false) = (&self.betas, has_betas) {
            return refuse("the pair of betas", &betas.join(","));
        }
        if let (Some(rotation), false) = (&self.adam_rotation, name == "adamw") {
            return refuse("the rotation of second moments", rotation);
        }
        let fraction = |what, text: &str| -> Result<S, TrainingError> {
            let value: S = number(what, text)?;
            if value.below_zero() || value >= S::one() {
                let expected = "it is at least 0 and less than 1".into();
                return Err(unwanted(what, text.into(), expected));
            }
            Ok(value)
        };
        let mu = || fraction("the momentum", self.momentum.as_deref().unwrap_or("0.9"));
        let betas = || -> Result<(S, S), TrainingError> {
            let usual = ["0.9".to_string(), "0.999".to_string()];
            match self.betas.as_deref().unwrap_or(&usual) {
                [a, b] => Ok((fraction("β₁", a)?, fraction("β₂", b)?)),
                other => {
                    let expected = "they are two".into();
                    Err(unwanted("the pair of betas", other.join(","), expected))
                }
            }
        };
        let epsilon = S::one() / S::from_int(100_000_000);
        let rate = |n: i64, d: i64| S::from_int(n) / S::from_int(d);
        let keep = AdamRotation::Keep;
        let rotation = |name: &str| match name {
            "keep" => Some(AdamRotation::Keep),
            "diagonal" => Some(AdamRotation::Diagonal),
            _ => None,
        };
        let given = self.adam_rotation.as_deref();
        let what = "the rotation of second moments";
        Ok(match name {
            "sgd" => (Optimiser::Sgd, rate(1, 10)),
            "momentum" => (Optimiser::Momentum { mu: mu()? }, rate(5, 100)),
            "nesterov" => (Optimiser::Nesterov { mu: mu()? }, rate(5, 100)),
            "muon" => {
                let orthogonaliser = Orthogonaliser::Quintic { steps: 5 };
                let mu = mu()?;
                (Optimiser::Muon { mu, orthogonaliser }, rate(2, 100))
            }
            "adam-tensor" => {
                let (betas, denominator) = (betas()?, Denominator::Root);
                let optimiser = Optimiser::AdamTensor {
                    betas,
                    epsilon,
                    denominator,
                };
                (optimiser, rate(5, 1000))
            }
            "adamw" => {
                let rotation = choose(what, given, keep, rotation, "keep, diagonal")?;
                let betas = betas()?;
                let optimiser = Optimiser::AdamW {
                    betas,
                    epsilon,
                    rotation,
                };
                (optimiser, rate(2, 1000))
            }
            _ => {
                let names = Optimiser::<S>::NAMES.join(", ");
                let expected = format!("it is one of {names}");
                return Err(unwanted("the optimiser", name.into(), expected));
            }
        })
    }
}

/// `9:48,48;54:8,8`.
fn knots(text: &str) -> Result<Vec<(u64, Vec<usize>)>, TrainingError> {
    let refuse = || {
        unwanted(
            "the schedule of widths",
            text.into(),
            "it reads epoch:widths;epoch:widths, as 9:48,48;54:8,8".into(),
        )
    };
    let knot = |part: &str| {
        let (epoch, widths) = part.split_once(':')?;
        let widths = widths.split(',').map(|width| width.trim().parse().ok());
        Some((epoch.trim().parse().ok()?, widths.collect::<Option<_>>()?))
    };
    text.split(';')
        .map(|part| knot(part).ok_or_else(refuse))
        .collect()
}
