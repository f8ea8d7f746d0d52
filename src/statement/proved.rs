//! What is proved, and where: kernel scripts, Rocq theorems, refuted controls.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Declaration, DeclarationError, catalogue};
use crate::{
    judge::Verdict,
    proof::{Refusal, Refutations, Unreadable, check_all},
};

/// Statements with a proof and without a measurement: nothing in this crate trains or convolves.
const PROVED_ONLY: [&str; 2] = [
    include_str!("../../proofs/F1.yaml"),
    include_str!("../../proofs/G1.yaml"),
];

/// `proofs/rocq/theorems.yaml`.
const ROCQ: &str = include_str!("../../proofs/rocq/theorems.yaml");

/// The files of `proofs/refuted/`.
const REFUTED: [&str; 21] = [
    include_str!("../../proofs/refuted/A1.yaml"),
    include_str!("../../proofs/refuted/A3.yaml"),
    include_str!("../../proofs/refuted/B1.yaml"),
    include_str!("../../proofs/refuted/B2.yaml"),
    include_str!("../../proofs/refuted/B3.yaml"),
    include_str!("../../proofs/refuted/B8.yaml"),
    include_str!("../../proofs/refuted/C1.yaml"),
    include_str!("../../proofs/refuted/C2.yaml"),
    include_str!("../../proofs/refuted/C4.yaml"),
    include_str!("../../proofs/refuted/D1.yaml"),
    include_str!("../../proofs/refuted/D2.yaml"),
    include_str!("../../proofs/refuted/D3.yaml"),
    include_str!("../../proofs/refuted/D4.yaml"),
    include_str!("../../proofs/refuted/D5.yaml"),
    include_str!("../../proofs/refuted/D6.yaml"),
    include_str!("../../proofs/refuted/D7.yaml"),
    include_str!("../../proofs/refuted/E1.yaml"),
    include_str!("../../proofs/refuted/E2.yaml"),
    include_str!("../../proofs/refuted/F1.yaml"),
    include_str!("../../proofs/refuted/F2.yaml"),
    include_str!("../../proofs/refuted/G1.yaml"),
];

/// Why statements have no script, where they have none.
const NO_SCRIPT: [(&str, &str); 19] = [
    ("A2", "quantifies over all equivariant maps"),
    ("A4", "an inequality"),
    ("A5", "speaks of floating point"),
    (
        "B4",
        "B3 on alternate layers; what is new is a count of zeros",
    ),
    ("B5", "B1 with R = Qᵀ; what is new is a count of zeros"),
    ("B6", "a rank"),
    ("B7", "a decision procedure, not an identity"),
    ("C3", "derivatives of a loss"),
    ("D8", "an expectation"),
    ("D9", "singular values in their order"),
    ("D10", "a choice that depends on a sample"),
    ("E3", "C1 and D3 together"),
    ("E4", "a sum over a number of layers that varies"),
    ("E5", "E1 for L = 2; what is new is an order of outputs"),
    ("E6", "a rank"),
    ("E7", "an inequality"),
    ("F2", "nothing is true there: see refuted/F2.yaml"),
    ("F3", "bookkeeping of an optimiser"),
    ("F4", "a rule that counts singular values"),
];

/// A theorem of `proofs/rocq/`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RocqTheorem {
    /// Its name.
    pub theorem: String,
    /// The file it is in.
    pub file: String,
}

/// How a statement is proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Not at all.
    None,
    /// By scripts that the kernel has just checked.
    Kernel,
    /// By theorems that `make proofs` checks.
    Rocq,
    /// Both.
    Both,
    /// There is a script, and it does not check.
    Fails(Refusal),
}

impl Proof {
    /// One word for tables.
    pub fn word(&self) -> &'static str {
        match self {
            Proof::None => "-",
            Proof::Kernel => "kernel",
            Proof::Rocq => "Rocq",
            Proof::Both => "both",
            Proof::Fails(_) => "FAILS",
        }
    }

    /// What a statement can claim that has this proof and no measurement.
    pub fn verdict(&self) -> Verdict {
        match self {
            Proof::Kernel | Proof::Rocq | Proof::Both => Verdict::Verified,
            Proof::None | Proof::Fails(_) => Verdict::Unknown,
        }
    }
}

/// The proofs of a statement: its scripts are checked, its Rocq theorems looked up.
pub fn proof_of(declaration: &Declaration) -> Proof {
    let in_rocq = rocq().is_ok_and(|theorems| theorems.contains_key(&declaration.id));
    if declaration.theorems.is_empty() {
        return if in_rocq { Proof::Rocq } else { Proof::None };
    }
    match check_all(&declaration.theorems) {
        Err(refusal) => Proof::Fails(refusal),
        Ok(_) if in_rocq => Proof::Both,
        Ok(_) => Proof::Kernel,
    }
}

/// The statements that are proved and not measured.
///
/// # Errors
/// [`DeclarationError`], as for [`catalogue`].
pub fn proved_only() -> Result<Vec<Declaration>, DeclarationError> {
    PROVED_ONLY.into_iter().map(Declaration::parse).collect()
}

/// The declarations of all statements, measured or not, in the order of the theory.
///
/// # Errors
/// [`DeclarationError`], as for [`catalogue`].
pub fn declarations() -> Result<Vec<Declaration>, DeclarationError> {
    let measured = catalogue()?.into_iter().map(|entry| entry.declaration);
    let mut all: Vec<Declaration> = measured.chain(proved_only()?).collect();
    all.sort_by_key(|declaration| order(&declaration.id));
    Ok(all)
}

/// Letter, then number: D9 before D10.
fn order(id: &str) -> (String, u32) {
    let (letter, number) = id.split_at(id.len().min(1));
    (letter.into(), number.parse().unwrap_or(u32::MAX))
}

/// Why a statement has no script, if that has been said.
pub fn no_script(id: &str) -> Option<&'static str> {
    let found = NO_SCRIPT
        .into_iter()
        .find(|(statement, _)| *statement == id);
    found.map(|(_, reason)| reason)
}

/// The theorems of `proofs/rocq/`, by statement (and by `kernel`, `network` for what serves them all).
///
/// # Errors
/// [`DeclarationError`]; a test sees that there is none.
pub fn rocq() -> Result<BTreeMap<String, Vec<RocqTheorem>>, DeclarationError> {
    serde_saphyr::from_str(ROCQ).map_err(|error| DeclarationError::new(&error.to_string()))
}

/// The false statements of `proofs/refuted/`.
///
/// # Errors
/// [`Unreadable`]; a test sees that there is none.
pub fn refutations() -> Result<Vec<Refutations>, Unreadable> {
    REFUTED.into_iter().map(Refutations::parse).collect()
}
