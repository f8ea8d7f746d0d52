//! A run in shares: disjoint parts of its pieces, measured wherever there is a machine, and joined to the outcome that
//! one machine would have had.
//!
//! A *piece* is one statement, control or hard family in one arithmetic on one source: it depends on the seed and on
//! nothing else, so that the joined outcome is that of a whole run number for number, the time apart. Pieces are dealt
//! out in turn, the longest first.

use std::{collections::BTreeMap, fmt, str::FromStr, time::Instant};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{
    Outcome, Plan,
    run::{Job, conclude, jobs, measure_all},
};
use crate::{judge::Tally, statement::Entry};

/// One of several shares of a run, counted from 1: `3/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Share {
    index: usize,
    of: usize,
}

impl Share {
    /// Which one, from 1.
    pub fn index(self) -> usize {
        self.index
    }

    /// How many there are.
    pub fn of(self) -> usize {
        self.of
    }

    /// Whether this is the share of what has that place, from 0, among all that is shared out.
    pub fn holds(self, place: usize) -> bool {
        place % self.of == self.index - 1
    }
}

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text
            .split_once('/')
            .and_then(|(index, of)| Some((index.parse().ok()?, of.parse().ok()?)));
        match parts {
            Some((index, of)) if 1 <= index && index <= of => Ok(Share { index, of }),
            _ => Err(format!(
                "`{text}` is no share: 3/8 is the third of eight, counted from 1"
            )),
        }
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

/// What one share measured.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Part {
    /// Which share this is.
    pub share: Share,
    /// Wall-clock seconds.
    pub seconds: f64,
    /// In the order of the run.
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Piece {
    name: String,
    tally: Tally,
}

impl Part {
    /// How many pieces it has.
    pub fn pieces(&self) -> usize {
        self.pieces.len()
    }
}

/// Why parts do not make one run. Every list counts shares from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Error)]
pub struct JoinError {
    /// Shares that no part has.
    pub missing: Vec<usize>,
    /// Shares that more than one part has.
    pub double: Vec<usize>,
    /// Parts, by their place from 1, of another run: of another number of shares, or with other pieces.
    pub foreign: Vec<usize>,
}

impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |numbers: &[usize]| {
            let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
            numbers.join(", ")
        };
        let lists = [
            ("missing shares", &self.missing),
            ("shares given more than once", &self.double),
            ("parts of another run, by their place", &self.foreign),
        ];
        let said: Vec<String> = lists
            .into_iter()
            .filter(|(_, numbers)| !numbers.is_empty())
            .map(|(what, numbers)| format!("{what}: {}", list(numbers)))
            .collect();
        write!(f, "{}", said.join("; "))
    }
}

/// Measures one share of a plan on all cores; `progress` as of [`run`](super::run).
pub fn run_share(
    entries: &[Entry],
    plan: &Plan,
    share: Share,
    progress: &(dyn Fn(usize, usize, &str) + Sync),
) -> Part {
    let start = Instant::now();
    let jobs: Vec<Job> = (jobs(entries, plan).into_iter().enumerate())
        .filter(|(piece, _)| share.holds(*piece))
        .map(|(_, job)| job)
        .collect();
    let tallies = measure_all(entries, plan, &jobs, progress);
    let pieces = jobs.iter().zip(tallies);
    Part {
        share,
        pieces: pieces
            .map(|(job, tally)| Piece {
                name: job.name(entries, plan),
                tally,
            })
            .collect(),
        seconds: start.elapsed().as_secs_f64(),
    }
}

/// The outcome of the whole run from all of its shares, in any order; the seconds are those of all of them together.
///
/// # Errors
/// [`JoinError`] if a share is missing or given twice, or a part belongs to another plan.
pub fn join(entries: &[Entry], plan: &Plan, parts: &[Part]) -> Result<Outcome, JoinError> {
    let jobs = jobs(entries, plan);
    let names: Vec<String> = jobs.iter().map(|job| job.name(entries, plan)).collect();
    let of = parts.first().map_or(0, |part| part.share.of);
    let mut found = JoinError::default();
    let mut tallies: BTreeMap<usize, &Tally> = BTreeMap::new();
    let mut seen = vec![0; of];
    for (place, part) in parts.iter().enumerate() {
        let held: Vec<usize> = (0..names.len())
            .filter(|piece| part.share.holds(*piece))
            .collect();
        let same = part.share.of == of
            && held.len() == part.pieces.len()
            && held
                .iter()
                .zip(&part.pieces)
                .all(|(at, piece)| names[*at] == piece.name);
        if !same {
            found.foreign.push(place + 1);
            continue;
        }
        seen[part.share.index - 1] += 1;
        tallies.extend(
            held.into_iter()
                .zip(part.pieces.iter().map(|piece| &piece.tally)),
        );
    }
    let shares = |wanted: fn(usize) -> bool| {
        let counted = seen.iter().enumerate().filter(|(_, count)| wanted(**count));
        counted.map(|(at, _)| at + 1).collect::<Vec<_>>()
    };
    found.missing = shares(|count| count == 0);
    found.double = shares(|count| count > 1);
    if found != JoinError::default() || tallies.len() != jobs.len() {
        return Err(found);
    }
    let results: Vec<(&Job, Tally)> = jobs.iter().zip(tallies.into_values().cloned()).collect();
    let seconds = parts.iter().map(|part| part.seconds).sum();
    Ok(conclude(entries, plan, &results, seconds))
}
