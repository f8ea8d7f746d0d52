//! A training that goes on: what may be said of it again, and what must not change.

use super::{Train, at_file, data::IMAGES, start::Start};
use crate::{
    Network,
    cli::{Failure, Tabling},
    io::source,
    learning::{Checkpoint, Epoch, Settings},
    scalar::{Field, Real},
};

impl Train {
    /// A training that goes on.
    pub(super) fn resumed_start<S: Real>(
        &self,
        checkpoint: Checkpoint,
    ) -> Result<Start<S>, Failure> {
        let file = self
            .resume
            .as_ref()
            .map_or(String::new(), |path| source::name(path));
        let mut source = checkpoint.source.clone();
        let changed = |name: &str, had: String| {
            Err(Failure::Usage(format!(
                "--resume goes on with the options of its checkpoint, where {name} was {had}; leave it out, or start anew"
            )))
        };
        if self.held_out.is_some() && source.reading == IMAGES {
            return changed(
                "--held-out",
                "not given: the test images were held out".into(),
            );
        }
        if self.held_out.is_some_and(|n| n != source.held_out) {
            return changed("--held-out", source.held_out.to_string());
        }
        let reading = Tabling::from_text(&source.reading);
        let other = match &reading {
            Some(had) => self.tabling.changed_from(had),
            None => self.tabling.given(),
        };
        if let Some(option) = other {
            return changed(option, "another or none".into());
        }
        if checkpoint.log.len() as u64 != checkpoint.epoch {
            return Err(Failure::Usage(format!(
                "{file}: the checkpoint cannot be used: it has a log of {} epochs, of which {} are done; use one that a \
                 training wrote, unchanged",
                checkpoint.log.len(),
                checkpoint.epoch
            )));
        }
        if self.report.is_some() && !checkpoint.settings.spectra {
            return Err(Failure::Usage(
                "the checkpoint has no singular values for a --report: it must be asked for when the training begins".into(),
            ));
        }
        if let Some(path) = &self.data {
            source.data = path.to_string_lossy().into_owned();
        }
        let trainee = checkpoint
            .trainee::<S>()
            .map_err(|why| at_file(&file, &why))?;
        let network = trainee.network();
        if let Some(option) = self.meaning.changed_from(network.gain()) {
            return changed(option, "settled by the network it began with".into());
        }
        let hidden = planned_widths(&checkpoint.settings, &checkpoint.log, network);
        self.training
            .check_against::<S>(&checkpoint.settings, &hidden)?;
        Ok(Start {
            trainee,
            settings: checkpoint.settings,
            source,
            epoch: checkpoint.epoch,
            log: checkpoint.log,
        })
    }
}

/// The hidden widths that the plan is made for.
pub(super) fn planned_widths<S: Field>(
    settings: &Settings,
    log: &[String],
    network: &Network<S>,
) -> Vec<usize> {
    match (&settings.widths_schedule, first_widths(log)) {
        // The schedule starts from the widths that the training began with.
        (Some(_), Some(widths)) => widths,
        _ => network.hidden().map(|l| network.layer(l).width()).collect(),
    }
}

/// The hidden widths that a training began with, if its log knows.
fn first_widths(log: &[String]) -> Option<Vec<usize>> {
    let first: Epoch = serde_json::from_str(log.first()?).ok()?;
    let mut widths = first.widths;
    for event in first.events.iter().rev() {
        *widths.get_mut(event.layer)? = event.from;
    }
    let last = widths.len().checked_sub(1)?;
    Some(widths.get(1..last)?.to_vec())
}
