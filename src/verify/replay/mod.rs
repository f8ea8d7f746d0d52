//! Measuring one case again, in every arithmetic: is its failure rounding, or a mistake?
//!
//! Rounding falls by one bit for every bit of precision; a mistake does not.

mod file;

use crate::{
    judge::{Slope, Tally, Verdict},
    statement::{Arithmetic, Entry, Judge, Variant},
};

pub use file::Replay;
pub(super) use file::found;

use super::{
    collect::{expected, slope},
    measure::judge_in,
};

/// One arithmetic.
#[derive(Clone, Debug)]
pub struct Rung {
    /// The arithmetic.
    pub arithmetic: Arithmetic,
    /// How it is judged there.
    pub judge: Judge,
    /// The evidence of the one case; empty where the statement says nothing about it.
    pub tally: Tally,
}

/// What the case shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Diagnosis {
    /// It verifies in every arithmetic.
    Holds,
    /// It fails in some arithmetic, and what is wrong falls with the precision.
    Rounding,
    /// It fails, and no precision helps.
    Bug,
    /// Nothing was measured, or a residual is NaN.
    Unknown,
}

/// A case measured in every arithmetic.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// In the order of precision, exact arithmetic first.
    pub rungs: Vec<Rung>,
    /// Of the residuals from f64 upwards.
    pub slope: Slope,
}

/// Measures the case of a replay in the arithmetics that the statement is judged in.
pub fn replay(entry: &Entry, replay: &Replay, arithmetics: &[Arithmetic]) -> Replayed {
    let variant = replay
        .control
        .as_deref()
        .map_or(Variant::Faithful, Variant::Control);
    let rung = |arithmetic: &Arithmetic| {
        let judge = judge_in(entry, *arithmetic)?;
        let mut tally = Tally::default();
        let exact = *arithmetic == Arithmetic::Rational;
        // Over ℚ a case with another gain is not a failure but out of reach.
        if !exact || replay.case.network.gain().is_rational() {
            tally.add(0, entry.measure(*arithmetic, variant, &replay.case));
        }
        Some(Rung {
            arithmetic: *arithmetic,
            judge,
            tally,
        })
    };
    let rungs: Vec<Rung> = arithmetics.iter().filter_map(rung).collect();
    let evidence = rungs.iter().map(|rung| (rung.arithmetic, &rung.tally));
    let slope = slope(expected(entry), evidence);
    Replayed { rungs, slope }
}

impl Rung {
    /// The verdict on the one case; `None` where there is nothing to judge.
    pub fn verdict(&self) -> Option<Verdict> {
        // One case need not come near a bound.
        let judge = match self.judge {
            Judge::Bound => Judge::Ratio,
            judge => judge,
        };
        (self.tally.cases > 0).then(|| self.tally.verdict(judge))
    }

    fn fails(&self) -> bool {
        self.verdict() == Some(Verdict::Refuted)
    }
}

impl Replayed {
    /// Rounding or a mistake.
    pub fn diagnosis(&self) -> Diagnosis {
        let judged: Vec<&Rung> = self
            .rungs
            .iter()
            .filter(|r| r.verdict().is_some())
            .collect();
        let Some(widest) = judged.iter().max_by_key(|rung| rung.arithmetic) else {
            return Diagnosis::Unknown;
        };
        let verdicts = judged.iter().filter_map(|rung| rung.verdict());
        match verdicts.reduce(Verdict::and) {
            Some(Verdict::Verified) => Diagnosis::Holds,
            Some(Verdict::Refuted) => {
                let exactly = judged
                    .iter()
                    .any(|r| r.arithmetic == Arithmetic::Rational && r.fails());
                let falls = self.slope.verdict() == Verdict::Verified;
                // A residual within its bound at the widest precision has fallen, whatever the slope.
                if !exactly && (!widest.fails() || falls) {
                    Diagnosis::Rounding
                } else {
                    Diagnosis::Bug
                }
            }
            _ => Diagnosis::Unknown,
        }
    }

    /// The arithmetics in which the case fails.
    pub fn failing(&self) -> Vec<Arithmetic> {
        let failing = self.rungs.iter().filter(|rung| rung.fails());
        failing.map(|rung| rung.arithmetic).collect()
    }
}
