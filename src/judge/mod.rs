//! Judging: from residuals to a verdict.
//!
//! A verdict starts as unknown. It becomes verified only on positive, finite evidence: at least one
//! case, no NaN, no operation that failed. One bad case refutes. Measuring is elsewhere
//! ([`statement`](crate::statement)); nothing here knows what was measured.

mod exactly;
mod measurement;
mod rule;

pub use measurement::{Measurement, Pair, Sample};
pub use rule::Judge;

use num_traits::Zero;
use serde::{Deserialize, Serialize};

use crate::{
    error::Error,
    scalar::{Arithmetic, Field, Magnitude},
};

/// What the evidence says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No evidence, or evidence that says nothing.
    Unknown,
    /// Every case agrees.
    Verified,
    /// A case disagrees.
    Refuted,
}

impl Verdict {
    /// Both verdicts together: a refutation wins, then a doubt.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Verdict::Refuted, _) | (_, Verdict::Refuted) => Verdict::Refuted,
            (Verdict::Verified, Verdict::Verified) => Verdict::Verified,
            _ => Verdict::Unknown,
        }
    }

    /// The word for reports.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Unknown => "unknown",
            Verdict::Verified => "verified",
            Verdict::Refuted => "refuted",
        }
    }
}

/// The evidence of many cases in one arithmetic. As JSON it keeps every bit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    /// Cases to which the statement applied.
    pub cases: usize,
    /// Residuals they gave.
    pub samples: usize,
    /// Cases that taken alone refute.
    pub rejected: usize,
    /// Cases that taken alone cannot verify: they refute, or have a NaN.
    pub caught: usize,
    /// The largest residual / allowance.
    #[serde(with = "exactly")]
    pub ratio: Magnitude,
    /// The largest residual / size.
    #[serde(with = "exactly")]
    pub relative: Magnitude,
    /// The case with the largest ratio.
    pub worst_case: Option<usize>,
    /// The first broken promise of structure: case and place.
    pub broken: Option<(usize, String)>,
    /// The first operation that failed: case and error.
    pub failed: Option<(usize, String)>,
    /// The first case with a NaN.
    pub nan: Option<usize>,
    /// The first case of which neither the statement nor the range of the arithmetic can be blamed: case
    /// and why.
    pub unclear: Option<(usize, String)>,
    /// Cases that left the range of the arithmetic and count for nothing.
    pub set_aside: usize,
    /// Why, of the first of them.
    pub why_aside: Option<String>,
    /// The wider arithmetic in which the first rejected case was rejected again.
    pub survived: Option<Arithmetic>,
}

impl Default for Tally {
    fn default() -> Self {
        Tally {
            cases: 0,
            samples: 0,
            rejected: 0,
            caught: 0,
            ratio: Magnitude::zero(),
            relative: Magnitude::zero(),
            worst_case: None,
            broken: None,
            failed: None,
            nan: None,
            unclear: None,
            set_aside: 0,
            why_aside: None,
            survived: None,
        }
    }
}

impl Tally {
    /// Adds the outcome of case `index`; `Ok(None)` (does not apply) counts for nothing.
    pub fn add(&mut self, index: usize, outcome: Result<Option<Measurement>, Error>) {
        let measurement = match outcome {
            Ok(None) => return,
            Ok(Some(measurement)) => measurement,
            Err(error) => {
                self.cases += 1;
                self.failed
                    .get_or_insert_with(|| (index, error.to_string()));
                return;
            }
        };
        self.cases += 1;
        self.samples += measurement.samples.len();
        let (mut rejects, mut doubtful) = (measurement.broken.is_some(), false);
        if let Some(place) = measurement.broken {
            self.broken.get_or_insert((index, place));
        }
        for sample in &measurement.samples {
            let (ratio, relative) = (sample.ratio(), sample.relative());
            // An allowance without bound allows everything: it is no evidence.
            if !sample.allowance.is_finite()
                || ratio.as_float().is_nan()
                || relative.as_float().is_nan()
            {
                self.nan.get_or_insert(index);
                doubtful = true;
                continue;
            }
            rejects |= ratio > Magnitude::from_int(1);
            if ratio > self.ratio || self.worst_case.is_none() {
                self.worst_case = Some(index);
            }
            self.ratio = Magnitude::larger(ratio, self.ratio.clone());
            self.relative = Magnitude::larger(relative, self.relative.clone());
        }
        self.rejected += usize::from(rejects);
        self.caught += usize::from(rejects || doubtful);
    }

    /// Case `index` left the range of the arithmetic: it counts for nothing.
    pub fn set_aside(&mut self, why: String) {
        self.set_aside += 1;
        self.why_aside.get_or_insert(why);
    }

    /// Case `index` fails, and it is not the statement that can be blamed for it.
    pub fn leave_unclear(&mut self, index: usize, why: String) {
        self.cases += 1;
        self.unclear.get_or_insert((index, why));
    }

    /// The verdict of this arithmetic alone.
    pub fn verdict(&self, judge: Judge) -> Verdict {
        if self.rejected > 0 {
            return Verdict::Refuted;
        }
        let doubts = self.nan.is_some() || self.failed.is_some() || self.unclear.is_some();
        if self.cases == 0 || self.samples == 0 || doubts {
            return Verdict::Unknown;
        }
        let kept = match judge {
            // Allowances are 0: a ratio of 0 is the only one that is not infinite.
            Judge::Exact | Judge::Bitwise => self.ratio.is_zero(),
            Judge::Ratio | Judge::Difference | Judge::Rank | Judge::Sampling => {
                self.ratio <= Magnitude::from_int(1)
            }
            // A bound that nothing ever comes near would be vacuous.
            Judge::Bound => self.ratio <= Magnitude::from_int(1) && !self.ratio.is_zero(),
        };
        if kept {
            Verdict::Verified
        } else {
            Verdict::Refuted
        }
    }

    /// The case to look at first where the verdict is not verified; `None` if no case is to blame.
    pub fn failing_case(&self) -> Option<usize> {
        let broken = self.broken.as_ref().map(|(case, _)| *case);
        let worst = self.worst_case.filter(|_| self.rejected > 0);
        let failed = self.failed.as_ref().map(|(case, _)| *case);
        let unclear = self.unclear.as_ref().map(|(case, _)| *case);
        broken.or(worst).or(self.nan).or(failed).or(unclear)
    }

    /// Why the verdict is not verified, with the case; of a counterexample also whose fault it is.
    pub fn complaint(&self, judge: Judge) -> Option<String> {
        let complaint = self.what_is_wrong()?;
        if self.rejected == 0 {
            return Some(complaint);
        }
        let again = self.survived.map_or_else(String::new, |arithmetic| {
            format!(" ({} bits confirm it)", arithmetic.title())
        });
        Some(format!("{complaint}{again}; {}", fault(judge)))
    }

    fn what_is_wrong(&self) -> Option<String> {
        if let Some((case, place)) = &self.broken {
            return Some(format!("case {case}: {place}"));
        }
        if let Some(case) = self.worst_case.filter(|_| self.rejected > 0) {
            let ratio = short(&self.ratio);
            return Some(format!("case {case}: {ratio} times what is allowed"));
        }
        if let Some((case, why)) = &self.unclear {
            return Some(format!("case {case}: {why}"));
        }
        if let Some((case, error)) = &self.failed {
            return Some(format!("case {case}: {error}"));
        }
        if let Some(case) = self.nan {
            return Some(format!("case {case}: a residual is NaN"));
        }
        (self.cases == 0).then(|| "no case".into())
    }
}

/// Whose fault a counterexample is. Never the network's: every statement is about all of them.
fn fault(judge: Judge) -> &'static str {
    match judge {
        Judge::Bound => {
            "a counterexample to this program's own bound: the fault is the program's or the theory's, not the network's"
        }
        Judge::Exact
        | Judge::Bitwise
        | Judge::Ratio
        | Judge::Difference
        | Judge::Rank
        | Judge::Sampling => {
            "a counterexample to the statement as this program computes it: the fault is the program's or the \
             theory's, not the network's"
        }
    }
}

/// A magnitude in three digits.
pub fn short(x: &Magnitude) -> String {
    format!("{x:.2}")
}

/// The precision law: the slope of log₂ (largest relative residual) against bits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Slope {
    /// Fewer than two rungs have a residual that is not zero.
    Undefined,
    /// The least-squares slope, and the half-width that is accepted around the expected one.
    Fitted {
        /// Change of log₂ residual per bit.
        slope: f64,
        /// What it should be: -1, or -2/3 for central differences.
        expected: f64,
        /// Accepted deviation.
        tolerance: f64,
    },
}

/// Bits by which the constant in residual ≈ C u may differ between the ends of the ladder: what ±0.01
/// per bit amounts to from 53 to 1024 bits.
const CONSTANT_BITS: f64 = 0.01 * (1024.0 - 53.0);

impl Slope {
    /// Fits (bits, tally) pairs; a residual of 0 has no logarithm and lies below the line.
    pub fn fit<'a>(expected: f64, rungs: impl IntoIterator<Item = (u32, &'a Tally)>) -> Self {
        let points: Vec<(f64, f64)> = rungs
            .into_iter()
            .filter_map(|(bits, tally)| Some((f64::from(bits), log2(&tally.relative)?)))
            .collect();
        if points.len() < 2 {
            return Slope::Undefined;
        }
        let n = points.len() as f64;
        let mean = |f: fn(&(f64, f64)) -> f64| points.iter().map(f).sum::<f64>() / n;
        let (x, y) = (mean(|p| p.0), mean(|p| p.1));
        let covariance: f64 = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
        let variance: f64 = points.iter().map(|p| (p.0 - x).powi(2)).sum();
        let span = points.iter().map(|p| p.0).fold(f64::MIN, f64::max)
            - points.iter().map(|p| p.0).fold(f64::MAX, f64::min);
        Slope::Fitted {
            slope: covariance / variance,
            expected,
            tolerance: CONSTANT_BITS / span,
        }
    }

    /// Verified if it is the expected one, unknown if there is none to speak of.
    pub fn verdict(self) -> Verdict {
        match self {
            Slope::Undefined => Verdict::Unknown,
            Slope::Fitted {
                slope,
                expected,
                tolerance,
            } if (slope - expected).abs() <= tolerance => Verdict::Verified,
            Slope::Fitted { .. } => Verdict::Refuted,
        }
    }
}

pub(crate) fn log2(x: &Magnitude) -> Option<f64> {
    if x.is_zero() || !x.is_finite() {
        return None;
    }
    let (mantissa, exponent) = x.as_float().to_f64_exp();
    Some(mantissa.abs().log2() + f64::from(exponent))
}
