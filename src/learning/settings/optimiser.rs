//! The optimiser, from the settings.

use super::{Settings, choose, number, unwanted};
use crate::{
    learning::{AdamRotation, Denominator, Optimiser, Orthogonaliser, TrainingError},
    scalar::Field,
};

impl Settings {
    /// The optimiser and its default rate.
    pub(super) fn optimiser<S: Field>(&self) -> Result<(Optimiser<S>, S), TrainingError> {
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
