//! What an experiment has measured, seed by seed: a file that a run which was stopped goes on from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use super::{Config, Data, Setup, Table};

/// What the document says it is.
const FORMAT: &str = "isotropic experiment";

/// Claim, rule, settings and data of an experiment, the numbers of every seed that is done, and the tables they make.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Results {
    format: String,
    /// Its name, one of [`NAMES`](super::NAMES).
    pub experiment: String,
    claim: String,
    rule: String,
    settings: Value,
    /// The name of the data.
    pub data: String,
    /// SHA-256 of what is learnt from, and of what is held out.
    digest: String,
    /// Seeds from 0 that are asked for.
    pub seeds: u64,
    complete: bool,
    tables: Vec<Value>,
    /// For each seed its numbers, separated by spaces: decimals that read back to the same bits.
    measured: BTreeMap<u64, String>,
}

/// Results that cannot be gone on with.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ResultsError {
    /// Not a document of this kind, or changed.
    #[error("the results cannot be used: {0}; use a file that an experiment wrote, unchanged")]
    Damaged(String),
    /// Results of something else.
    #[error(
        "the results are of {what} {found}, asked for is {expected}; give what they began with, or start anew"
    )]
    Other {
        /// What differs.
        what: &'static str,
        /// What the results have.
        found: String,
        /// What is to be measured.
        expected: String,
    },
    /// Parts that do not make one run.
    #[error("{}", lists(.foreign, .double, .missing))]
    Parts {
        /// Parts, by their place from 1, of another experiment, other settings, data or seeds than the first.
        foreign: Vec<u64>,
        /// Seeds that more than one part has measured.
        double: Vec<u64>,
        /// Seeds that none has.
        missing: Vec<u64>,
    },
}

fn lists(foreign: &[u64], double: &[u64], missing: &[u64]) -> String {
    let list = |numbers: &[u64]| {
        let numbers: Vec<String> = numbers.iter().map(u64::to_string).collect();
        numbers.join(", ")
    };
    let lists = [
        ("missing seeds", missing),
        ("seeds measured more than once", double),
        (
            "results of another run than the first, by their place",
            foreign,
        ),
    ];
    let said = lists.into_iter().filter(|(_, numbers)| !numbers.is_empty());
    let said: Vec<String> = said
        .map(|(what, numbers)| format!("{what}: {}", list(numbers)))
        .collect();
    said.join("; ")
}

impl Results {
    /// Of no seed yet, of `seeds` that are asked for.
    pub fn new(config: &Config, setup: &Setup, data: &Data, seeds: u64) -> Self {
        Results {
            format: FORMAT.into(),
            experiment: config.name.clone(),
            claim: config.claim.clone(),
            rule: config.rule.clone(),
            settings: setup.settings.clone(),
            data: data.name.clone(),
            digest: format!("{} {}", data.train.digest(), data.test.digest()),
            seeds,
            complete: false,
            tables: vec![],
            measured: BTreeMap::new(),
        }
    }

    /// Whether a text says that it is such a document.
    pub fn is_text_of(text: &str) -> bool {
        let format = serde_json::from_str::<Value>(text).ok();
        format.is_some_and(|value| value.get("format").and_then(Value::as_str) == Some(FORMAT))
    }

    /// Reads a document.
    ///
    /// # Errors
    /// [`ResultsError::Damaged`].
    pub fn from_json(text: &str) -> Result<Self, ResultsError> {
        let damaged = |why: serde_json::Error| ResultsError::Damaged(why.to_string());
        let results: Results = serde_json::from_str(text).map_err(damaged)?;
        if results.format != FORMAT {
            let format = results.format;
            return Err(ResultsError::Damaged(format!("its format is `{format}`")));
        }
        results.checked()
    }

    /// These results as the beginning of a run that `asked` describes: of the same experiment, settings and data, and of no
    /// more seeds.
    ///
    /// # Errors
    /// [`ResultsError::Other`] naming the first difference.
    pub fn begun(self, asked: Results) -> Result<Self, ResultsError> {
        let same = |what, found: &str, expected: &str| match found == expected {
            true => Ok(()),
            false => Err(ResultsError::Other {
                what,
                found: found.into(),
                expected: expected.into(),
            }),
        };
        same("the experiment", &self.experiment, &asked.experiment)?;
        same("the data", &self.data, &asked.data)?;
        let settings = |of: &Results| of.settings.to_string();
        same("the settings", &settings(&self), &settings(&asked))?;
        same("data with the digest", &self.digest, &asked.digest)?;
        if let Some((last, _)) = self.measured.last_key_value()
            && *last >= asked.seeds
        {
            return Err(ResultsError::Other {
                what: "seeds up to",
                found: last.to_string(),
                expected: format!("{} of them from 0", asked.seeds),
            });
        }
        Ok(Results {
            measured: self.measured,
            ..asked
        })
    }

    /// The whole run from results that share out its seeds, in any order.
    ///
    /// # Errors
    /// [`ResultsError::Parts`] if a seed is missing or measured twice, or one of them is of another run than the first.
    pub fn joined(parts: Vec<Results>) -> Result<Self, ResultsError> {
        let run = |part: &Results| Results {
            complete: false,
            tables: vec![],
            measured: BTreeMap::new(),
            ..part.clone()
        };
        let Some(mut whole) = parts.first().map(run) else {
            return Err(ResultsError::Damaged("there are none".into()));
        };
        let (mut foreign, mut double) = (vec![], vec![]);
        for (place, part) in (1..).zip(parts) {
            if run(&part) != run(&whole) {
                foreign.push(place);
                continue;
            }
            for (seed, numbers) in part.measured {
                if whole.measured.insert(seed, numbers).is_some() {
                    double.push(seed);
                }
            }
        }
        let missing = whole.missing();
        if foreign.is_empty() && double.is_empty() && missing.is_empty() {
            // Rows of parts that each agree may differ from one part to another.
            return whole.checked();
        }
        double.sort_unstable();
        double.dedup();
        Err(ResultsError::Parts {
            foreign,
            double,
            missing,
        })
    }

    /// These, if every seed has as many numbers.
    fn checked(self) -> Result<Self, ResultsError> {
        let rows = self.rows()?;
        if rows.windows(2).any(|pair| pair[0].len() != pair[1].len()) {
            let why = "the seeds have different numbers of numbers";
            return Err(ResultsError::Damaged(why.into()));
        }
        Ok(self)
    }

    /// Which of an experiment's configurations these results are of; `None` for settings that this program does not have.
    pub fn setup_of<'a>(&self, config: &'a Config) -> Option<&'a Setup> {
        let setups = std::iter::once(&config.shipped).chain(config.papers.as_ref());
        let mut found = setups.filter(|setup| setup.settings == self.settings);
        found.next()
    }

    /// The seeds that are not measured yet.
    pub fn missing(&self) -> Vec<u64> {
        (0..self.seeds)
            .filter(|seed| !self.measured.contains_key(seed))
            .collect()
    }

    /// The seeds that are.
    pub fn seeds_done(&self) -> Vec<u64> {
        self.measured.keys().copied().collect()
    }

    /// Takes up what a seed measured.
    pub fn add(&mut self, seed: u64, numbers: &[f64]) {
        let text: Vec<String> = numbers.iter().map(|x| format!("{x:?}")).collect();
        self.measured.insert(seed, text.join(" "));
    }

    /// The tables of the seeds that are done.
    ///
    /// # Errors
    /// [`ResultsError::Damaged`]; none for numbers that were taken up by [`Results::add`].
    pub fn tables(&self, setup: &Setup) -> Result<Vec<Table>, ResultsError> {
        Ok(setup.experiment.tables(&self.rows()?))
    }

    /// The document, with the tables of the seeds that are done.
    ///
    /// # Errors
    /// As [`Results::tables`].
    pub fn to_json(&self, setup: &Setup) -> Result<String, ResultsError> {
        let tables = self.tables(setup)?;
        let whole = Results {
            complete: self.missing().is_empty(),
            tables: tables.iter().map(Table::json).collect(),
            ..self.clone()
        };
        let text = serde_json::to_string_pretty(&whole);
        text.map(|text| text + "\n")
            .map_err(|why| ResultsError::Damaged(why.to_string()))
    }

    fn rows(&self) -> Result<Vec<Vec<f64>>, ResultsError> {
        let row = |text: &String| {
            let numbers = text.split_ascii_whitespace().map(str::parse);
            numbers.collect::<Result<Vec<f64>, _>>().map_err(|why| {
                ResultsError::Damaged(format!("a number of a seed cannot be read: {why}"))
            })
        };
        self.measured.values().map(row).collect()
    }
}
