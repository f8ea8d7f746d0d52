//! Flags: the names of the mistakes that cases catch.

mod activation;
mod deciding;
mod gauge;
mod input;
mod learning;
mod network;
mod size;

use serde::{Deserialize, Serialize};

/// What a flag means, as a vector file tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// The mistake, said to the person who made it.
    pub bug: String,
    /// What it does to the results.
    pub effect: String,
    /// What to do instead.
    pub remedy: String,
}

/// One flag: name, mistake, effect, remedy.
#[derive(Debug)]
pub struct Flag {
    /// In CamelCase, stable.
    pub name: &'static str,
    /// The mistake, said to the person who made it.
    pub bug: &'static str,
    effect: &'static str,
    /// What to do instead.
    pub remedy: &'static str,
    /// Cases carry it; the others are known by their numbers, in whatever case.
    pub in_cases: bool,
}

impl Flag {
    /// The note for a vector file.
    pub fn note(&self) -> Note {
        Note {
            bug: self.bug.into(),
            effect: self.effect.into(),
            remedy: self.remedy.into(),
        }
    }
}

/// Every flag there is, by chapters.
const CHAPTERS: [&[Flag]; 7] = [
    activation::FLAGS,
    network::FLAGS,
    gauge::FLAGS,
    size::FLAGS,
    learning::FLAGS,
    deciding::FLAGS,
    input::FLAGS,
];

/// Every flag there is.
pub fn flags() -> impl Iterator<Item = &'static Flag> {
    CHAPTERS.into_iter().flatten()
}

/// The flag of that name.
pub fn flag(name: &str) -> Option<&'static Flag> {
    flags().find(|flag| flag.name == name)
}

const fn of(
    name: &'static str,
    bug: &'static str,
    effect: &'static str,
    remedy: &'static str,
) -> Flag {
    Flag {
        name,
        bug,
        effect,
        remedy,
        in_cases: true,
    }
}

/// A flag that no case carries.
const fn unmarked(
    name: &'static str,
    bug: &'static str,
    effect: &'static str,
    remedy: &'static str,
) -> Flag {
    Flag {
        in_cases: false,
        ..of(name, bug, effect, remedy)
    }
}
