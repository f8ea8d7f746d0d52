//! What counts on a given network.
//!
//! On generated networks the whole suite is on trial, and whatever fails there fails. A given network may lie far
//! out in the range of the arithmetic, or leave a bound nothing to hold. There a statement is refuted only by a
//! counterexample that survives twice the precision; what left the range of the arithmetic, or is decided by its rounding, is
//! set aside and named; a bound that nothing came near says nothing.

use num_traits::Zero;

use super::range::leaves;
use crate::{
    error::Error,
    judge::Tally,
    scalar::Field,
    statement::{Arithmetic, Case, Entry, Judge, Magnitude, Measurement, Origin, Sample, Variant},
};

/// A statement, or a control that stands for a false one, in one arithmetic.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// The statement.
    pub entry: &'a Entry,
    /// The statement itself or a control.
    pub variant: Variant<&'a str>,
    /// The arithmetic.
    pub arithmetic: Arithmetic,
}

type Outcome = Result<Option<Measurement>, Error>;

/// How one case came out.
#[derive(Clone, Copy, PartialEq)]
enum Standing {
    /// The statement says nothing about it.
    Silent,
    /// Within what is allowed.
    Holds,
    /// A counterexample.
    Rejected,
    /// A NaN, or an operation that failed.
    Doubtful,
}

/// What becomes of a case that did not hold.
enum Look {
    /// It counts as it came out; a counterexample was one in this wider arithmetic too.
    Stands(Option<Arithmetic>),
    /// It left the range of the arithmetic, or rounding decides there what the statement speaks of.
    SetAside(String),
    /// It fails, and neither the statement nor the range is to blame.
    Unclear(String),
}

impl Given<'_> {
    /// The evidence of the first `cases` cases on the network.
    pub fn tally(&self, origin: &Origin, seed: u64, cases: usize) -> Tally {
        let mut tally = Tally::default();
        for index in 0..cases {
            match self.entry.case(origin, self.arithmetic, seed, index) {
                Ok(case) => self.add(&mut tally, index, &case),
                Err(error) => tally.add(index, Err(error)),
            }
        }
        tally
    }

    /// Adds one case to the evidence.
    pub fn add(&self, tally: &mut Tally, index: usize, case: &Case) {
        let outcome = self.measure(self.arithmetic, case);
        match self.look(&outcome, case) {
            Look::Stands(wider) => {
                tally.survived = tally.survived.or(wider);
                tally.add(index, outcome);
            }
            Look::SetAside(why) => tally.set_aside(why),
            Look::Unclear(why) => tally.leave_unclear(index, why),
        }
    }

    /// Why the statement says nothing about the network, from the evidence; `None` if it does.
    pub fn inapplicable(judge: Judge, tally: &Tally) -> Option<String> {
        match (&tally.why_aside, tally.cases) {
            (Some(why), 0) => Some(why.clone()),
            (None, 0) => Some("the network lacks what the statement speaks of".into()),
            _ if judge == Judge::Bound && never_approached(tally) => {
                Some("the bound is never approached: nothing moves".into())
            }
            _ => None,
        }
    }

    fn measure(&self, arithmetic: Arithmetic, case: &Case) -> Outcome {
        self.entry.measure(arithmetic, self.variant, case)
    }

    fn look(&self, outcome: &Outcome, case: &Case) -> Look {
        let here = standing(outcome);
        if let Ok(Some(found)) = outcome
            && let (Some(why), true) = (&found.undecided, here != Standing::Rejected)
        {
            return Look::SetAside(why.clone());
        }
        if here == Standing::Holds || self.arithmetic == Arithmetic::Rational {
            return Look::Stands(None);
        }
        let Some(wider) = doubled(self.arithmetic) else {
            return self.at_the_end(here, outcome, case);
        };
        if let Some(why) = overflow(outcome) {
            return Look::SetAside(why);
        }
        let there = self.measure(wider, case);
        match (here, standing(&there)) {
            (Standing::Rejected, Standing::Rejected) => Look::Stands(Some(wider)),
            (Standing::Silent, Standing::Silent) => Look::Stands(None),
            (_, Standing::Doubtful) => self.out_of_range(here, case, &reason(&there)),
            _ => {
                let holds = format!("it holds at {} bits", wider.title());
                self.out_of_range(here, case, &format!("{}, and {holds}", reason(outcome)))
            }
        }
    }

    /// The widest arithmetic: a counterexample there must have been one at half the precision.
    fn at_the_end(&self, here: Standing, outcome: &Outcome, case: &Case) -> Look {
        let half = Arithmetic::ALL.iter().rev().find(|a| **a < self.arithmetic);
        let before = half.map(|half| standing(&self.measure(*half, case)));
        match (here, before) {
            (Standing::Silent, _) => Look::Stands(None),
            (Standing::Doubtful, _) if overflow(outcome).is_some() => {
                Look::SetAside(reason(outcome))
            }
            (Standing::Rejected, Some(Standing::Rejected)) => Look::Stands(Some(self.arithmetic)),
            _ => Look::Unclear(reason(outcome)),
        }
    }

    fn out_of_range(&self, here: Standing, case: &Case, why: &str) -> Look {
        let leaves = leaves(case, self.arithmetic);
        let (first, second) = match here {
            // Wrong by a finite amount: bits were lost at the lower end, if any number is there.
            Standing::Rejected => (leaves.underflow, leaves.overflow),
            Standing::Silent | Standing::Doubtful | Standing::Holds => {
                (leaves.overflow, leaves.underflow)
            }
        };
        match first.or(second) {
            Some(range) => Look::SetAside(range),
            None => Look::Unclear(why.into()),
        }
    }
}

fn standing(outcome: &Outcome) -> Standing {
    let mut tally = Tally::default();
    tally.add(0, outcome.clone());
    match tally {
        Tally { rejected: 1.., .. } => Standing::Rejected,
        Tally {
            failed: Some(_), ..
        }
        | Tally { caught: 1.., .. } => Standing::Doubtful,
        Tally { cases: 0, .. } => Standing::Silent,
        _ => Standing::Holds,
    }
}

/// Whether an operation says that a number overflows, or what is allowed is not finite though the residual is.
fn overflow(outcome: &Outcome) -> Option<String> {
    match outcome {
        Err(error @ Error::Overflow { .. }) => Some(format!("overflow: {error}")),
        Err(_) | Ok(None) => None,
        Ok(Some(found)) => {
            let unbounded =
                |s: &&Sample| s.residual.is_finite() && s.allowance.as_float().is_infinite();
            let some = found.samples.iter().find(unbounded)?;
            let rest = |s: &Sample| unbounded(&s) || s.ratio() <= Magnitude::from_int(1);
            let only = found.broken.is_none() && found.samples.iter().all(rest);
            let residual = crate::judge::short(&some.residual);
            only.then(|| format!("overflow: the bound on a residual of {residual} is not finite"))
        }
    }
}

/// What went wrong, in words.
fn reason(outcome: &Outcome) -> String {
    let mut tally = Tally::default();
    tally.add(0, outcome.clone());
    match (&tally.failed, &tally.broken) {
        (Some((_, error)), _) => error.clone(),
        (_, Some((_, place))) => place.clone(),
        _ if tally.rejected > 0 => {
            let ratio = crate::judge::short(&tally.ratio);
            format!("{ratio} times what is allowed")
        }
        _ if tally.cases == 0 => "nothing could be measured".into(),
        _ => "a residual is NaN, or what is allowed for it is not finite".into(),
    }
}

/// The first arithmetic of MPFR's range with at least twice the bits.
fn doubled(arithmetic: Arithmetic) -> Option<Arithmetic> {
    let bits = arithmetic.bits()?;
    let wide = |a: &&Arithmetic| **a > Arithmetic::F64 && a.bits().is_some_and(|b| b >= 2 * bits);
    Arithmetic::ALL.iter().find(wide).copied()
}

/// The rung that decides where the precision law is not seen: twice the widest of these.
pub(super) fn beyond(arithmetics: &[Arithmetic]) -> Option<Arithmetic> {
    let widest = arithmetics
        .iter()
        .copied()
        .filter(|a| a.on_ladder())
        .max()?;
    Some(doubled(widest).unwrap_or(widest))
}

/// Whether there are residuals, and every one of them is 0.
fn never_approached(tally: &Tally) -> bool {
    let good = tally.rejected == 0 && tally.nan.is_none() && tally.failed.is_none();
    good && tally.unclear.is_none() && tally.samples > 0 && tally.ratio.is_zero()
}
