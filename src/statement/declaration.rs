//! `proofs/ID.yaml`: what a statement says, where it is from, how it is judged.

use std::collections::BTreeMap;

use serde::Deserialize;
use thiserror::Error;

use super::{Evidence, Origin};
use crate::{family::Family, judge::Judge, proof::Theorem, scalar::Arithmetic};

/// What kind of statement it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Two things are equal.
    Identity,
    /// One thing is at most another.
    Bound,
    /// Something is false, shown by a witness.
    Refutation,
    /// Two things are equal, which is proved and not measured.
    Theorem,
}

/// A plausible wrong version, which the judge must reject.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// Its name.
    pub id: String,
    /// What is wrong with it.
    pub what: String,
    /// What a case needs for it to show.
    pub needs: String,
    /// The hard family to draw its cases from, where random networks hardly ever show it.
    #[serde(default)]
    pub family: Option<String>,
}

/// A hard family on which a statement says nothing.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inapplicable {
    /// The name of the family.
    pub family: String,
    /// The arithmetics, by title; none given: all.
    #[serde(default)]
    pub only_in: Vec<String>,
    /// Why not.
    pub why: String,
}

/// A file of `proofs/`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// `A1` to `F9`.
    pub id: String,
    /// A few words.
    pub title: String,
    /// The statement in mathematics, in the notation of the crate documentation.
    pub statement: String,
    /// What it assumes.
    pub hypotheses: Vec<String>,
    /// Where it is from.
    pub source: String,
    /// Identity, bound or refutation.
    pub kind: Kind,
    /// How it is judged: `exact` for ℚ, one other for floating point.
    pub judge: Vec<Judge>,
    /// The files that check it.
    pub checks: Vec<String>,
    /// What must be rejected.
    pub controls: Vec<Control>,
    /// The hard families on which the statement says nothing; on all others it must.
    #[serde(default)]
    pub inapplicable: Vec<Inapplicable>,
    /// Why the kernel has no script for it; exactly where it has none.
    #[serde(default)]
    pub no_script: Option<String>,
    /// What of it no proof covers, where there is a proof of the rest.
    #[serde(default)]
    pub unproved: Option<String>,
    /// Where there is evidence that does not follow from the rest of the file: a place for each kind.
    #[serde(default)]
    pub evidence: BTreeMap<Evidence, String>,
    /// Why there is none of a kind, where that does not follow from how the statement is judged.
    #[serde(default)]
    pub without: BTreeMap<Evidence, String>,
    /// What the kernel proves of it: see [`proof`](crate::proof).
    #[serde(default)]
    pub theorems: Vec<Theorem>,
}

/// A declaration that cannot be read.
#[derive(Debug, Error)]
#[error("a declaration cannot be read: {0}")]
pub struct DeclarationError(pub(crate) String);

impl DeclarationError {
    pub(super) fn new(message: &str) -> Self {
        DeclarationError(message.into())
    }
}

impl Declaration {
    /// Reads the text of a file of `proofs/`.
    ///
    /// # Errors
    /// [`DeclarationError`] with the parser's message: unknown and duplicate keys are refused.
    pub fn parse(text: &str) -> Result<Self, DeclarationError> {
        serde_saphyr::from_str(text).map_err(|error| DeclarationError(error.to_string()))
    }

    /// Where the cases of a control come from: its family, or else `otherwise`.
    pub fn origin(&self, control: &str, otherwise: &Origin) -> Origin {
        let declared = self.controls.iter().find(|known| known.id == control);
        let family = declared.and_then(|control| Family::from_name(control.family.as_deref()?));
        family.map_or_else(|| otherwise.clone(), Origin::Family)
    }

    /// Why the statement says nothing on a family in an arithmetic; `None` if it must say something.
    pub fn inapplicable(&self, family: Family, arithmetic: Arithmetic) -> Option<&str> {
        if !family.fits(arithmetic) {
            return Some("its numbers are out of the range of the arithmetic");
        }
        let matches = |entry: &&Inapplicable| {
            let here = entry.only_in.is_empty() || entry.only_in.contains(&arithmetic.title());
            entry.family == family.name() && here
        };
        let found = self.inapplicable.iter().find(matches);
        found.map(|entry| entry.why.as_str())
    }

    /// Why there is no script, in words for people.
    pub fn no_script(&self) -> &str {
        self.no_script.as_deref().unwrap_or("none has been written")
    }

    /// The judge for floating-point arithmetics.
    pub fn float_judge(&self) -> Option<Judge> {
        self.judge
            .iter()
            .copied()
            .find(|judge| *judge != Judge::Exact)
    }
}
