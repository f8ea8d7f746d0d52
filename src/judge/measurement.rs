//! What is judged: residuals, what they are allowed to be, and what they are relative to.

use num_traits::Zero;

use crate::scalar::{Field, Magnitude, Rational};

/// One residual.
#[derive(Clone, Debug)]
pub struct Sample {
    /// How far the two sides are apart, or how large the bounded quantity is.
    pub residual: Magnitude,
    /// What rounding (or the bound) permits; 0 in exact arithmetic.
    pub allowance: Magnitude,
    /// The size of the things compared: residual / size is what the precision law is read from.
    pub size: Magnitude,
}

impl Sample {
    /// residual / allowance: at most 1 for a true statement. 0/0 is 0; anything else over 0 is ∞.
    pub fn ratio(&self) -> Magnitude {
        if self.residual.is_zero() && !self.allowance.to_f64().is_nan() {
            return Magnitude::zero();
        }
        self.residual.clone() / &self.allowance
    }

    /// residual / size.
    pub fn relative(&self) -> Magnitude {
        if self.residual.is_zero() {
            return Magnitude::zero();
        }
        self.residual.clone() / &self.size
    }
}

/// The outcome of measuring one case.
#[derive(Clone, Debug, Default)]
pub struct Measurement {
    /// One sample for each input or quantity compared.
    pub samples: Vec<Sample>,
    /// A structural promise that is not kept, with its place: a zero that is not zero, a width.
    pub broken: Option<String>,
}

impl Measurement {
    /// Adds a residual.
    pub(crate) fn push(&mut self, residual: Magnitude, allowance: Magnitude, size: Magnitude) {
        self.samples.push(Sample {
            residual,
            allowance,
            size,
        });
    }

    /// Records a broken structural promise; the first one is kept.
    pub(crate) fn require(&mut self, kept: bool, place: impl FnOnce() -> String) {
        if !kept && self.broken.is_none() {
            self.broken = Some(place());
        }
    }

    /// Adds what another measurement found.
    pub(crate) fn extend(&mut self, other: Measurement) {
        self.samples.extend(other.samples);
        self.broken = self.broken.take().or(other.broken);
    }

    /// Counts mismatches that allow no rounding: residual = their number, allowance 0.
    pub(crate) fn push_count(&mut self, mismatches: usize) {
        let count = Magnitude::from_rational(&Rational::from(mismatches as i64));
        self.push(count, Magnitude::zero(), num_traits::One::one());
    }
}
