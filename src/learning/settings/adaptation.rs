//! How the widths change, from the settings.

use super::{Settings, number, unwanted};
use crate::{
    learning::{Adaptation, TrainingError, Widths},
    scalar::Field,
};

impl Settings {
    /// What becomes of the widths of a network with these hidden ones.
    pub(super) fn adaptation<S: Field>(
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
