//! What is judged: residuals, what they are allowed to be, and what they are relative to.

use num_traits::Zero;

use crate::{
    network::Network,
    scalar::{Field, Magnitude, Rational},
};

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

/// Two networks whose outputs are further apart than is allowed, exactly as they were compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The network before the operation.
    pub before: Network<Rational>,
    /// The network after it.
    pub after: Network<Rational>,
    /// The input of both.
    pub input: Vec<Rational>,
    /// y and y′, as computed.
    pub outputs: [Vec<Rational>; 2],
}

impl Pair {
    /// `None` where a number is not finite.
    fn of<S: Field>(
        (before, after): (&Network<S>, &Network<S>),
        input: &[S],
        outputs: [&[S]; 2],
    ) -> Option<Self> {
        let exact = |x: &[S]| x.iter().map(Field::to_rational).collect::<Option<Vec<_>>>();
        Some(Pair {
            before: before.cast().ok()?,
            after: after.cast().ok()?,
            input: exact(input)?,
            outputs: [exact(outputs[0])?, exact(outputs[1])?],
        })
    }
}

/// The outcome of measuring one case.
#[derive(Clone, Debug, Default)]
pub struct Measurement {
    /// One sample for each input or quantity compared.
    pub samples: Vec<Sample>,
    /// A structural promise that is not kept, with its place: a zero that is not zero, a width.
    pub broken: Option<String>,
    /// Why rounding decided what was to be measured. A given network is told so; on generated ones what was measured besides
    /// counts.
    pub undecided: Option<String>,
    /// The first two networks whose outputs were too far apart, where networks were compared.
    pub pair: Option<Box<Pair>>,
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

    /// Keeps the networks of the residual added last if it is more than allowed; the first ones are kept.
    pub(crate) fn compared<S: Field>(
        &mut self,
        networks: (&Network<S>, &Network<S>),
        input: &[S],
        outputs: [&[S]; 2],
    ) {
        let apart = |sample: &Sample| sample.ratio() > num_traits::One::one();
        if self.pair.is_none() && self.samples.last().is_some_and(apart) {
            self.pair = Pair::of(networks, input, outputs).map(Box::new);
        }
    }

    /// Records a broken structural promise; the first one is kept.
    pub(crate) fn require(&mut self, kept: bool, place: impl FnOnce() -> String) {
        if !kept && self.broken.is_none() {
            self.broken = Some(place());
        }
    }

    /// Records that rounding decided, and how; the first reason is kept.
    pub(crate) fn leave_undecided(&mut self, why: String) {
        self.undecided.get_or_insert(why);
    }

    /// Adds what another measurement found.
    pub(crate) fn extend(&mut self, other: Measurement) {
        self.samples.extend(other.samples);
        self.broken = self.broken.take().or(other.broken);
        self.undecided = self.undecided.take().or(other.undecided);
        self.pair = self.pair.take().or(other.pair);
    }

    /// Counts mismatches that allow no rounding: residual = their number, allowance 0.
    pub(crate) fn push_count(&mut self, mismatches: usize) {
        let count = Magnitude::from_rational(&Rational::from(mismatches as i64));
        self.push(count, Magnitude::zero(), num_traits::One::one());
    }
}
