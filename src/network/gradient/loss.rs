//! Losses: one number for the outputs of a batch, and its derivative.

use super::Trainable;
use crate::{
    error::Error,
    linalg::{Matrix, column},
    scalar::Field,
};

/// What a network is to be good at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// The mean over the rows of -ln softmax(y)_label, natural logarithm. Needs exponentials.
    CrossEntropy,
    /// The mean over the rows of ½‖y - t‖², t the unit vector of the label or given. Exact in every field.
    Squared,
}

impl Loss {
    /// The names that files and commands use.
    pub const NAMES: [&'static str; 2] = ["cross-entropy", "squared"];

    /// The name, one of [`Loss::NAMES`].
    pub fn name(self) -> &'static str {
        match self {
            Loss::CrossEntropy => "cross-entropy",
            Loss::Squared => "squared",
        }
    }

    /// The loss of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Loss::CrossEntropy, Loss::Squared]
            .into_iter()
            .find(|loss| loss.name() == name)
    }
}

/// What the outputs are held against, one for each column of the inputs.
#[derive(Clone, Debug, PartialEq)]
pub enum Targets<S> {
    /// Classes 0 … n_L - 1.
    Labels(Vec<usize>),
    /// t, n_L × N; for [`Loss::Squared`] alone.
    Values(Matrix<S>),
}

impl<S: Field> Targets<S> {
    /// How many there are.
    pub fn count(&self) -> usize {
        match self {
            Targets::Labels(labels) => labels.len(),
            Targets::Values(values) => values.ncols(),
        }
    }

    /// Those of the columns `at`, in that order.
    ///
    /// # Panics
    /// As indexing, for an index that is not there.
    pub fn select(&self, at: &[usize]) -> Self {
        match self {
            Targets::Labels(labels) => Targets::Labels(at.iter().map(|&j| labels[j]).collect()),
            Targets::Values(values) => Targets::Values(values.select_columns(at)),
        }
    }

    pub(super) fn check(&self, outputs: usize, count: usize) -> Result<(), Error> {
        if self.count() != count {
            return Err(Error::Targets {
                found: format!("{} targets", self.count()),
                expected: format!("{count}, one for each input"),
            });
        }
        match self {
            Targets::Labels(labels) => match labels.iter().position(|&label| label >= outputs) {
                Some(at) => Err(Error::Label {
                    row: at + 1,
                    label: labels[at],
                    classes: outputs,
                }),
                None => Ok(()),
            },
            Targets::Values(values) if values.nrows() != outputs => Err(Error::Targets {
                found: format!("targets of {} entries", values.nrows()),
                expected: format!("{outputs}, the outputs of the network"),
            }),
            Targets::Values(_) => Ok(()),
        }
    }
}

/// The losses of the columns at the outputs `y` (n_L rows, stored by columns) of the inputs from number `first` on, and
/// y ← ∂(their sum)/∂y.
pub(super) fn differentiate<S: Trainable>(
    loss: Loss,
    y: &mut [S],
    rows: usize,
    targets: &Targets<S>,
    first: usize,
) -> Result<Vec<S>, Error> {
    let columns = (first..).zip(y.chunks_exact_mut(rows));
    match loss {
        Loss::Squared => Ok(columns.map(|(j, y)| squared(y, targets, j)).collect()),
        Loss::CrossEntropy => {
            let Targets::Labels(labels) = targets else {
                return Err(Error::Targets {
                    found: "values".into(),
                    expected: "labels, for cross-entropy".into(),
                });
            };
            columns.map(|(j, y)| cross_entropy(y, labels[j])).collect()
        }
    }
}

/// The loss of a batch from those of its columns, summed in order.
pub(super) fn mean<S: Trainable>(loss: Loss, of_columns: impl Iterator<Item = S>, share: &S) -> S {
    let mut total = S::zero();
    of_columns.for_each(|of_column| total += of_column);
    match loss {
        Loss::Squared => total / S::from_int(2) * share,
        Loss::CrossEntropy => total * share,
    }
}

/// The loss at the outputs y (n_L × N) alone.
///
/// # Errors
/// As [`gradient`](super::gradient()), for the targets and the scalar.
pub fn loss<S: Trainable>(loss: Loss, y: &Matrix<S>, targets: &Targets<S>) -> Result<S, Error> {
    let (rows, count) = y.shape();
    targets.check(rows, count)?;
    if count == 0 {
        return Err(Error::NoData);
    }
    let share = S::one() / S::from_int(count as i64);
    let found = differentiate(loss, y.clone().as_mut_slice(), rows, targets, 0)?;
    Ok(mean(loss, found.into_iter(), &share))
}

/// ‖y - t‖², and y ← y - t.
fn squared<S: Field>(y: &mut [S], targets: &Targets<S>, j: usize) -> S {
    match targets {
        Targets::Labels(labels) => y[labels[j]] -= S::one(),
        Targets::Values(values) => S::axpy(y, &-S::one(), column(values, j)),
    }
    super::tangent::sum_of_squares(y)
}

/// -ln softmax(y)_label, and y ← softmax(y) - t. The largest output is taken out first, so that nothing overflows.
fn cross_entropy<S: Trainable>(y: &mut [S], label: usize) -> Result<S, Error> {
    let missing = || Error::NeedsReal {
        what: "cross-entropy needs exponentials and logarithms",
        scalar: S::name(),
        instead: "the squared error is exact",
    };
    let largest = y.iter().cloned().reduce(S::larger).unwrap_or_else(S::zero);
    let of_label = y[label].clone() - &largest;
    let mut sum = S::zero();
    for y in y.iter_mut() {
        *y = (y.clone() - &largest).exponential().ok_or_else(missing)?;
        sum += &*y;
    }
    for y in y.iter_mut() {
        *y /= &sum;
    }
    y[label] -= S::one();
    Ok(sum.logarithm().ok_or_else(missing)? - of_label)
}
