//! What is proved, and where: kernel scripts, Rocq theorems, refuted controls.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Declaration, DeclarationError, PROVED_ONLY, REFUTED, catalogue};
use crate::{
    judge::Verdict,
    proof::{Refusal, Refutations, Theorem, Unreadable, check_all},
};

/// The folders of Rocq theorems below `proofs/`, and what each proves: `rocq` with no axiom, `rocq-reals` with those of
/// Coq's real numbers.
const ROCQ: [(&str, &str); 2] = [
    ("rocq", include_str!("../../proofs/rocq/theorems.yaml")),
    (
        "rocq-reals",
        include_str!("../../proofs/rocq-reals/theorems.yaml"),
    ),
];

/// A theorem of `proofs/rocq/` or `proofs/rocq-reals/`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RocqTheorem {
    /// Its name.
    pub theorem: String,
    /// The file it is in, below `proofs/`, with its folder.
    pub file: String,
}

impl RocqTheorem {
    /// Whether it is one of `proofs/rocq/controls*.v`: what it proves is that a wrong version is wrong.
    pub fn refutes(&self) -> bool {
        self.file.starts_with("rocq/controls")
    }
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
    /// One of these or both, but not all that the statement says.
    Part {
        /// Where the rest is proved.
        by: Box<Proof>,
        /// What is not.
        missing: String,
    },
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
            Proof::Part { by, .. } => match **by {
                Proof::Kernel => "kernel, part",
                Proof::Rocq => "Rocq, part",
                Proof::Both => "both, part",
                Proof::None | Proof::Part { .. } | Proof::Fails(_) => by.word(),
            },
            Proof::Fails(_) => "FAILS",
        }
    }

    /// What a statement can claim that has this proof and no measurement.
    pub fn verdict(&self) -> Verdict {
        match self {
            Proof::Kernel | Proof::Rocq | Proof::Both => Verdict::Verified,
            Proof::Part { .. } | Proof::None | Proof::Fails(_) => Verdict::Unknown,
        }
    }

    /// Whether scripts of the kernel are among it.
    pub fn has_script(&self) -> bool {
        match self {
            Proof::Kernel | Proof::Both => true,
            Proof::Part { by, .. } => by.has_script(),
            Proof::Rocq | Proof::None | Proof::Fails(_) => false,
        }
    }
}

/// The proofs of a statement: its scripts are checked, its Rocq theorems looked up.
pub fn proof_of(declaration: &Declaration) -> Proof {
    let in_rocq = rocq().is_ok_and(|theorems| theorems.contains_key(&declaration.id));
    let by = if declaration.theorems.is_empty() {
        if in_rocq { Proof::Rocq } else { Proof::None }
    } else {
        match check_all(&declaration.theorems) {
            Err(refusal) => Proof::Fails(refusal),
            Ok(_) if in_rocq => Proof::Both,
            Ok(_) => Proof::Kernel,
        }
    };
    match (&by, &declaration.unproved) {
        (Proof::Kernel | Proof::Rocq | Proof::Both, Some(missing)) => Proof::Part {
            missing: missing.clone(),
            by: Box::new(by),
        },
        (_, _) => by,
    }
}

/// The statements that are proved and not measured.
///
/// # Errors
/// [`DeclarationError`], as for [`catalogue`].
pub fn proved_only() -> Result<Vec<Declaration>, DeclarationError> {
    PROVED_ONLY
        .iter()
        .map(|text| Declaration::parse(text))
        .collect()
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

/// The theorems of other statements that have the proof of this one, word for word: one proof for both.
pub fn same_proof<'a>(
    declaration: &Declaration,
    theorem: &Theorem,
    all: &'a [Declaration],
) -> Vec<(&'a str, &'a str)> {
    let others = all.iter().filter(|other| other.id != declaration.id);
    let theorems = others.flat_map(|d| d.theorems.iter().map(move |t| (d.id.as_str(), t)));
    let same = |other: &Theorem| {
        (&other.claim, &other.proof, &other.definitions)
            == (&theorem.claim, &theorem.proof, &theorem.definitions)
    };
    let found = theorems.filter(|(_, other)| same(other));
    found.map(|(id, other)| (id, other.name.as_str())).collect()
}

/// The theorems in Rocq, by statement (and by `kernel`, `network` for what serves them all).
///
/// # Errors
/// [`DeclarationError`]; a test sees that there is none.
pub fn rocq() -> Result<BTreeMap<String, Vec<RocqTheorem>>, DeclarationError> {
    let mut all: BTreeMap<String, Vec<RocqTheorem>> = BTreeMap::new();
    for (folder, text) in ROCQ {
        let listed: BTreeMap<String, Vec<RocqTheorem>> = serde_saphyr::from_str(text)
            .map_err(|error| DeclarationError::new(&error.to_string()))?;
        for (id, theorems) in listed {
            let placed = theorems.into_iter().map(|RocqTheorem { theorem, file }| {
                let file = format!("{folder}/{file}");
                RocqTheorem { theorem, file }
            });
            all.entry(id).or_default().extend(placed);
        }
    }
    Ok(all)
}

/// The false statements of `proofs/refuted/`.
///
/// # Errors
/// [`Unreadable`]; a test sees that there is none.
pub fn refutations() -> Result<Vec<Refutations>, Unreadable> {
    REFUTED
        .iter()
        .map(|text| Refutations::parse(text))
        .collect()
}
