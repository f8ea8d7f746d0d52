//! Data to learn from.

use super::TrainingError;
use crate::{
    linalg::{Matrix, column, column_mut},
    network::gradient::Targets,
    scalar::Field,
};

/// Inputs and what the network should make of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Data<S> {
    /// n_0 × N, one input a column.
    pub x: Matrix<S>,
    /// N of them.
    pub targets: Targets<S>,
}

impl<S: Field> Data<S> {
    /// The rows `at`, in that order.
    ///
    /// # Panics
    /// As indexing, for a row that is not there.
    pub fn select(&self, at: &[usize]) -> Self {
        Data {
            x: self.x.select_columns(at),
            targets: self.targets.select(at),
        }
    }

    /// [`Data::select`] into `to`, whose memory is used again where it fits.
    pub(super) fn select_into(&self, at: &[usize], to: &mut Self) {
        if to.x.shape() != (self.x.nrows(), at.len()) {
            *to = self.select(at);
            return;
        }
        to.targets = self.targets.select(at);
        for (k, j) in at.iter().enumerate() {
            column_mut(&mut to.x, k).clone_from_slice(column(&self.x, *j));
        }
    }

    /// Those whose label `keep` accepts; none without labels.
    pub fn of_labels(&self, keep: impl Fn(usize) -> bool) -> Self {
        let labels = self.labels();
        let kept = (0..labels.len()).filter(|&j| keep(labels[j]));
        self.select(&kept.collect::<Vec<usize>>())
    }

    /// The labels; none where the targets are values.
    pub fn labels(&self) -> &[usize] {
        match &self.targets {
            Targets::Labels(labels) => labels,
            Targets::Values(_) => &[],
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.x.ncols()
    }

    /// How many inputs, of n_0, have the same value in every row: they teach no more than the bias does.
    pub fn constant_inputs(&self) -> usize {
        let constant = |i: usize| (1..self.rows()).all(|j| self.x[(i, j)] == self.x[(i, 0)]);
        (0..self.x.nrows()).filter(|&i| constant(i)).count()
    }

    /// How many labels from 0 to the largest occur, and the largest; `None` without labels.
    pub fn classes(&self) -> Option<(usize, usize)> {
        let Targets::Labels(labels) = &self.targets else {
            return None;
        };
        let largest = labels.iter().copied().max()?;
        let mut seen = labels.clone();
        seen.sort_unstable();
        seen.dedup();
        Some((seen.len(), largest))
    }

    /// Refuses data that nothing can be learnt from: no rows, or one class alone.
    ///
    /// # Errors
    /// [`TrainingError::Data`].
    pub fn check(&self) -> Result<(), TrainingError> {
        let refuse = |found: String, expected: &str| {
            let expected = expected.into();
            Err(TrainingError::Data { found, expected })
        };
        if self.rows() == 0 {
            return refuse(
                "there are no rows to learn from".into(),
                "give at least one",
            );
        }
        if let Some((1, label)) = self.classes() {
            return refuse(
                format!("every row has the label {label}"),
                "there must be two classes at least",
            );
        }
        Ok(())
    }
}

/// How many outputs (n_L × N) are largest at their label, the first of equal ones; `None` without labels.
pub fn right<S: Field>(outputs: &Matrix<S>, targets: &Targets<S>) -> Option<usize> {
    let Targets::Labels(labels) = targets else {
        return None;
    };
    let at_label = |(j, label): &(usize, &usize)| largest(column(outputs, *j)) == **label;
    Some(labels.iter().enumerate().filter(at_label).count())
}

fn largest<S: Field>(y: &[S]) -> usize {
    (1..y.len()).fold(0, |best, i| if y[i] > y[best] { i } else { best })
}
