//! What becomes of labels: the index of the largest output.

use crate::{
    bound::{certain_label, margin},
    scalar::{
        Enclosure,
        interval::{Endpoint, Toward},
    },
};

/// Labels of two networks at inputs, certified: of the exact functions and of their evaluations in the scalar.
#[derive(Clone, Debug, PartialEq)]
pub struct Labels {
    /// Inputs.
    pub inputs: usize,
    /// Those at which both networks certainly give the same label.
    pub unchanged: usize,
    /// Those at which they certainly give different ones.
    pub changed: usize,
    /// The smallest margin of a label of the first network in the second: y'_label - max y'_j, rounded down; negative
    /// where the label changed, -∞ where nothing is known.
    pub margin: f64,
    /// The input it was found at, from 1.
    pub at: usize,
}

impl Labels {
    /// Of no input yet.
    pub(super) fn none() -> Self {
        Labels {
            inputs: 0,
            unchanged: 0,
            changed: 0,
            margin: f64::INFINITY,
            at: 0,
        }
    }

    /// Those at which nothing is certain.
    pub fn undecided(&self) -> usize {
        self.inputs - self.unchanged - self.changed
    }

    /// Counts one input with the outputs of both networks, errors included; `None` for an input at which nothing is known.
    pub(super) fn count(&mut self, outputs: Option<(&[Enclosure], &[Enclosure])>) {
        self.inputs += 1;
        let label = outputs.and_then(|(y, _)| certain_label(y));
        let image = outputs.and_then(|(_, z)| certain_label(z));
        match (label, image) {
            (Some(label), Some(image)) if label == image => self.unchanged += 1,
            (Some(_), Some(_)) => self.changed += 1,
            (None, _) | (_, None) => {}
        }
        let margin = match (label, outputs) {
            (Some(label), Some((_, z))) => margin(z, label),
            (None, _) | (_, None) => None,
        };
        let margin = margin.map_or(f64::NEG_INFINITY, |margin| {
            f64::from_float_toward(&margin.lo().to_float(), Toward::Down)
        });
        if margin < self.margin {
            (self.margin, self.at) = (margin, self.inputs);
        }
    }
}
