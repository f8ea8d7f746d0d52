//! From a failing case to a smaller one that fails in the same way.
//!
//! Greedy: every change that keeps the failure is kept, dimensions before numbers. Inputs go first, then
//! layers, neurons (many at once, then one by one), ψ and o; then numbers become 0, 1, whole or short. What
//! is left has nothing that could be left out alone.
//!
//! For a control a case counts only while the statement itself holds on it: a smaller case that no longer
//! meets the hypotheses would fail for another reason.

mod dimensions;
mod numbers;

use std::time::{Duration, Instant};

use super::{Replay, replay::found};
use crate::{
    error::Error,
    io::FileError,
    judge::Tally,
    linalg::{Matrix, Vector},
    network::{Gain, Layer, Network},
    scalar::Rational,
    statement::{Arithmetic, Case, Entry, Pair, Variant},
};

/// What is measured, and where.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The statement.
    pub entry: &'a Entry,
    /// The statement itself or a control.
    pub variant: Variant<&'a str>,
    /// The arithmetic in which it fails.
    pub arithmetic: Arithmetic,
}

/// How much may be spent on shrinking.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Cases measured. The same number gives the same result on every machine.
    pub cases: usize,
    /// A limit for networks so large that few cases already take long.
    pub time: Duration,
}

/// A shrunk case.
#[derive(Clone, Debug)]
pub struct Shrunk {
    /// The smallest case found.
    pub case: Case,
    /// Cases measured on the way.
    pub measured: usize,
    /// Whether nothing smaller was left to try; else the effort ran out.
    pub minimal: bool,
}

/// How one case stands with the judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The statement says nothing about it, or an operation refused it.
    Silent,
    /// It verifies.
    Holds,
    /// It cannot verify: a NaN.
    Doubtful,
    /// It refutes.
    Rejected,
}

impl Subject<'_> {
    /// How the case stands, judged alone.
    pub fn standing(&self, case: &Case) -> Standing {
        let mut tally = Tally::default();
        tally.add(0, self.entry.measure(self.arithmetic, self.variant, case));
        match tally {
            Tally {
                failed: Some(_), ..
            }
            | Tally { cases: 0, .. } => Standing::Silent,
            Tally { rejected: 1.., .. } => Standing::Rejected,
            Tally { caught: 1.., .. } => Standing::Doubtful,
            _ => Standing::Holds,
        }
    }

    /// How the case stands as a counterexample: for a control, one on which the statement itself holds.
    fn counterexample(&self, case: &Case) -> Standing {
        let faithful = Subject {
            variant: Variant::Faithful,
            ..*self
        };
        if self.variant != Variant::Faithful && faithful.standing(case) != Standing::Holds {
            return Standing::Silent;
        }
        self.standing(case)
    }

    /// Shrinks a case that is rejected or doubtful, and leaves any other as it is.
    pub fn shrink(&self, case: &Case, effort: Effort) -> Shrunk {
        let found = self.counterexample(case);
        let mut search = Search {
            subject: self,
            found,
            case: case.clone(),
            effort,
            start: Instant::now(),
            measured: 1,
            exhausted: false,
        };
        if matches!(found, Standing::Rejected | Standing::Doubtful) {
            while search.pass(dimensions::cuts, Change::apply)
                | search.pass(numbers::simplifications, Change::apply)
            {}
        }
        Shrunk {
            case: search.case,
            measured: search.measured,
            minimal: !search.exhausted,
        }
    }
}

/// Something that makes a case smaller or simpler.
trait Change {
    /// The smaller case; `None` where there is nothing to change.
    fn apply(&self, case: &Case) -> Option<Case>;
}

struct Search<'a> {
    subject: &'a Subject<'a>,
    found: Standing,
    case: Case,
    effort: Effort,
    start: Instant,
    measured: usize,
    exhausted: bool,
}

impl Search<'_> {
    /// Tries the changes in order until none is left, going on at the same place after a success. Says whether
    /// any of them left a smaller case that still fails.
    fn pass<C>(
        &mut self,
        list: impl Fn(&Case) -> Vec<C>,
        apply: impl Fn(&C, &Case) -> Option<Case>,
    ) -> bool {
        let (mut changes, mut at, mut gained) = (list(&self.case), 0, false);
        while let Some(change) = changes.get(at) {
            match apply(change, &self.case).filter(|case| self.still_fails(case)) {
                Some(smaller) => {
                    self.case = smaller;
                    changes = list(&self.case);
                    gained = true;
                }
                None => at += 1,
            }
            if self.exhausted {
                return false;
            }
        }
        gained
    }

    fn still_fails(&mut self, case: &Case) -> bool {
        if self.measured >= self.effort.cases || self.start.elapsed() > self.effort.time {
            self.exhausted = true;
            return false;
        }
        self.measured += 1;
        self.subject.counterexample(case) == self.found
    }
}

/// A case taken apart.
struct Parts {
    layers: Vec<Layer<Rational>>,
    gain: Gain<Rational>,
    lengths: Option<Vec<Rational>>,
    inputs: Vec<Vec<Rational>>,
    seed: u64,
}

impl Parts {
    fn of(case: &Case) -> Self {
        let network = &case.network;
        let lengths = || {
            network
                .hidden()
                .map(|l| network.length_squared(l))
                .collect()
        };
        Parts {
            layers: network.layers().to_vec(),
            gain: network.gain().clone(),
            lengths: network.has_lengths().then(lengths),
            inputs: case.inputs.clone(),
            seed: case.seed,
        }
    }

    fn whole(self) -> Result<Case, Error> {
        Ok(Case {
            network: Network::new(self.layers, self.gain, self.lengths)?,
            inputs: self.inputs,
            seed: self.seed,
        })
    }
}

/// The matrix with other dimensions: cut, or filled up with zeros.
fn resized(a: &Matrix<Rational>, rows: usize, columns: usize) -> Matrix<Rational> {
    Matrix::from_fn(rows, columns, |i, j| {
        a.get((i, j)).cloned().unwrap_or_default()
    })
}

/// The entries outside `range`.
fn without<T: Clone>(list: &[T], range: &std::ops::Range<usize>) -> Vec<T> {
    let kept = list.iter().enumerate();
    kept.filter(|(i, _)| !range.contains(i))
        .map(|(_, x)| x.clone())
        .collect()
}

/// The vector without the entries of `range`.
fn shortened(v: &Vector<Rational>, range: &std::ops::Range<usize>) -> Vector<Rational> {
    Vector::from_vec(without(v.as_slice(), range))
}

/// A case that fails, where it came from, and how far it could be shrunk.
#[derive(Clone, Debug)]
pub struct Counterexample {
    /// The statement.
    pub statement: String,
    /// The control; `None` for the statement itself.
    pub control: Option<String>,
    /// The arithmetic in which it fails.
    pub arithmetic: Arithmetic,
    /// The case.
    pub shrunk: Shrunk,
    /// The networks that were compared there, where networks were.
    pub pair: Option<Box<Pair>>,
}

impl Counterexample {
    /// Shrinks a failing case of the subject.
    pub fn find(subject: &Subject, case: &Case, effort: Effort) -> Self {
        let shrunk = subject.shrink(case, effort);
        let measured = subject
            .entry
            .measure(subject.arithmetic, subject.variant, &shrunk.case);
        Counterexample {
            pair: measured.ok().flatten().and_then(|found| found.pair),
            statement: subject.entry.id().into(),
            control: match subject.variant {
                Variant::Faithful => None,
                Variant::Control(id) => Some(id.into()),
            },
            arithmetic: subject.arithmetic,
            shrunk,
        }
    }

    /// Numbers of network and inputs that are not 0.
    pub fn nonzero(&self) -> usize {
        let case = &self.shrunk.case;
        let numbers = case
            .network
            .parameters()
            .chain(case.inputs.iter().flatten());
        numbers.filter(|x| !num_traits::Zero::is_zero(*x)).count()
    }

    /// Dimensions and numbers, in a few words: `1-1-1, 1 input, 2 numbers not 0`.
    pub fn size(&self) -> String {
        let case = &self.shrunk.case;
        let widths: Vec<String> = case.network.widths().iter().map(usize::to_string).collect();
        let plural = |n: usize, what: &str| match n {
            1 => format!("1 {what}"),
            n => format!("{n} {what}s"),
        };
        format!(
            "{}, {}, {} not 0",
            widths.join("-"),
            plural(case.inputs.len(), "input"),
            plural(self.nonzero(), "number"),
        )
    }

    /// The text of a file: the case, and what was compared there.
    ///
    /// # Errors
    /// Those of writing a network.
    pub fn to_yaml(&self) -> Result<String, FileError> {
        let mut text = self.replay().to_yaml()?;
        if let Some(pair) = &self.pair {
            text += &found(pair)?;
        }
        Ok(text)
    }

    /// As a file holds it.
    pub fn replay(&self) -> Replay {
        Replay {
            statement: self.statement.clone(),
            control: self.control.clone(),
            arithmetic: self.arithmetic,
            case: self.shrunk.case.clone(),
        }
    }
}
