//! On what a statement rests: eight kinds of evidence, and why one is missing where it is.

use std::{collections::BTreeMap, fmt::Write};

use serde::Deserialize;

use super::{Declaration, DeclarationError, Kind, declarations, refutations, rocq};
use crate::judge::Judge;

/// What stands before the table in `proofs/README.md`.
pub const BEGIN: &str =
    "<!-- evidence: written by tests/it/proof/evidence.rs from the files of this folder -->\n";
/// What stands after it.
pub const END: &str = "<!-- end of the evidence -->\n";

/// A kind of evidence. No two of them fail for the same reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub enum Evidence {
    /// Proofs that the kernel of the crate checks, step by step.
    #[serde(rename = "kernel")]
    Kernel,
    /// Theorems in Rocq.
    Rocq,
    /// Equality over the rationals, on drawn networks.
    #[serde(rename = "ℚ")]
    Rational,
    /// Equality, or a rank, modulo 2⁶¹ - 1.
    #[serde(rename = "𝔽_p")]
    PrimeField,
    /// A residual that falls by one bit for each bit of precision, or widths that are the predicted ones at each.
    #[serde(rename = "law")]
    Law,
    /// A certified enclosure, or a certificate that anybody can check.
    #[serde(rename = "certificate")]
    Certificate,
    /// Wrong versions that are rejected.
    #[serde(rename = "control")]
    Control,
    /// Changes, one at a time, of the proof or of the code that measures, which are noticed.
    #[serde(rename = "mutation")]
    Mutation,
}

impl Evidence {
    /// In the order of the table.
    pub const ALL: [Evidence; 8] = [
        Evidence::Kernel,
        Evidence::Rocq,
        Evidence::Rational,
        Evidence::PrimeField,
        Evidence::Law,
        Evidence::Certificate,
        Evidence::Control,
        Evidence::Mutation,
    ];

    /// The heading of its column.
    pub fn title(self) -> &'static str {
        match self {
            Evidence::Kernel => "kernel",
            Evidence::Rocq => "Rocq",
            Evidence::Rational => "ℚ",
            Evidence::PrimeField => "𝔽_p",
            Evidence::Law => "precision law",
            Evidence::Certificate => "certificate",
            Evidence::Control => "control",
            Evidence::Mutation => "mutation",
        }
    }
}

/// One kind of evidence for one statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// It is there: how much of it, and where.
    Yes {
        /// For the table, a few characters: `3`, `-2/3`, `part`.
        mark: String,
        /// In words.
        what: String,
    },
    /// It is not, and this is why.
    No(String),
}

/// What was found out by changing the modules of `src/statement/`, by statement.
const MUTANTS: &str = include_str!("../../proofs/evidence/mutants.yaml");

/// Mutants of the module of a statement.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mutants {
    run: usize,
    caught: usize,
}

/// The evidence for every statement, in the order of [`Evidence::ALL`].
///
/// # Errors
/// [`DeclarationError`] if a file of `proofs/` cannot be read, or one denies evidence that is there; a
/// test sees that there is none.
pub fn evidence() -> Result<Vec<(Declaration, Vec<Found>)>, DeclarationError> {
    let mutants: BTreeMap<String, Mutants> = serde_saphyr::from_str(MUTANTS)
        .map_err(|error| DeclarationError::new(&error.to_string()))?;
    let beside = Beside {
        rocq: rocq()?
            .into_iter()
            .map(|(id, theorems)| {
                let refuting = theorems.iter().filter(|theorem| theorem.refutes()).count();
                (id, (theorems.len() - refuting, refuting))
            })
            .collect(),
        witnesses: refutations()
            .map_err(|error| DeclarationError::new(&error.to_string()))?
            .into_iter()
            .map(|file| (file.id, file.refuted.len()))
            .collect(),
        mutants,
    };
    let row = |declaration: Declaration| {
        let cells: Result<Vec<Found>, DeclarationError> = Evidence::ALL
            .iter()
            .map(|kind| beside.cell(*kind, &declaration))
            .collect();
        Ok((declaration, cells?))
    };
    declarations()?.into_iter().map(row).collect()
}

/// What stands beside the declarations.
struct Beside {
    /// How many theorems in Rocq prove, and how many refute.
    rocq: BTreeMap<String, (usize, usize)>,
    /// How many wrong versions are refuted by rational values.
    witnesses: BTreeMap<String, usize>,
    mutants: BTreeMap<String, Mutants>,
}

impl Beside {
    fn cell(&self, kind: Evidence, declaration: &Declaration) -> Result<Found, DeclarationError> {
        let given = declaration.without.get(&kind);
        match (self.found(kind, declaration), given) {
            (Some(_), Some(why)) => Err(DeclarationError(format!(
                "{}: there is evidence of the kind {}, and the file says that there is none: {why}; take the line out of `without`",
                declaration.id,
                kind.title()
            ))),
            (Some(found), None) => Ok(found),
            (None, Some(why)) => Ok(Found::No(why.clone())),
            (None, None) => Ok(Found::No(self.missing(kind, declaration))),
        }
    }

    fn found(&self, kind: Evidence, declaration: &Declaration) -> Option<Found> {
        let id = &declaration.id;
        let yes = |mark: String, what: String| Some(Found::Yes { mark, what });
        let theorems = declaration.theorems.len();
        let judged = |wanted: Judge| declaration.judge.contains(&wanted);
        match kind {
            Evidence::Kernel if theorems > 0 => yes(
                theorems.to_string(),
                format!(
                    "{} that the kernel checks",
                    counted(theorems, "script", "scripts")
                ),
            ),
            Evidence::Kernel => None,
            Evidence::Rocq => {
                let (proving, _) = self.rocq.get(id).filter(|(proving, _)| *proving > 0)?;
                let what = counted(*proving, "theorem", "theorems");
                match &declaration.unproved {
                    Some(missing) => yes(
                        format!("{proving}, part"),
                        format!("{what}; not proved: {missing}"),
                    ),
                    None => yes(proving.to_string(), what),
                }
            }
            Evidence::Rational if judged(Judge::Exact) => yes(
                "=".into(),
                "without any tolerance, on drawn networks with rational gains".into(),
            ),
            Evidence::Rational if declaration.kind == Kind::Theorem => yes(
                "=".into(),
                "the theorem's own terms, evaluated on drawn rational models".into(),
            ),
            Evidence::Rational => None,
            Evidence::PrimeField | Evidence::Certificate => {
                let place = declaration.evidence.get(&kind)?;
                yes("✓".into(), place.clone())
            }
            Evidence::Law if judged(Judge::Ratio) => yes(
                "-1".into(),
                "slope -1 of log₂ residual per bit, 53 to 1024 bits".into(),
            ),
            Evidence::Law if judged(Judge::Difference) => yes(
                "-2/3".into(),
                "slope -2/3 of log₂ residual per bit: central differences".into(),
            ),
            Evidence::Law if judged(Judge::Rank) => yes(
                "widths".into(),
                "the predicted widths at every precision, 53 to 1024 bits; what remains is within rounding".into(),
            ),
            Evidence::Law => None,
            Evidence::Control => {
                let controls = declaration.controls.len();
                let witnesses = self.witnesses.get(id).copied().unwrap_or(0);
                let refuting = self.rocq.get(id).map_or(0, |(_, refuting)| *refuting);
                let what = format!(
                    "{} rejected, {witnesses} of them refuted at stored rational values; {}",
                    counted(controls, "wrong version", "wrong versions"),
                    counted(refuting, "refutation in Rocq", "refutations in Rocq")
                );
                (controls > 0).then_some(())?;
                yes(controls.to_string(), what)
            }
            Evidence::Mutation => {
                let module = self.mutants.get(id).filter(|mutants| mutants.run > 0);
                let scripts = (theorems > 0).then(|| "every step of its scripts".to_string());
                let code = module.map(|mutants| {
                    format!(
                        "{} of {} changes of its module noticed",
                        mutants.caught, mutants.run
                    )
                });
                // Changes of which none is noticed are no evidence.
                let noticed = module.filter(|mutants| mutants.caught > 0);
                (theorems > 0 || noticed.is_some()).then_some(())?;
                let mark = noticed.map_or("steps".into(), |mutants| {
                    format!("{}/{}", mutants.caught, mutants.run)
                });
                let what: Vec<String> = scripts.into_iter().chain(code).collect();
                yes(mark, what.join("; "))
            }
        }
    }

    /// Why there is no evidence of a kind.
    fn missing(&self, kind: Evidence, declaration: &Declaration) -> String {
        let tried = self
            .mutants
            .get(&declaration.id)
            .map_or(0, |mutants| mutants.run);
        match kind {
            Evidence::Mutation if tried > 0 => {
                format!("none of the {tried} changes of its module that were tried was noticed")
            }
            _ => reason(kind, declaration),
        }
    }
}

/// Why there is no evidence of a kind, as it follows from how a statement is judged.
fn reason(kind: Evidence, declaration: &Declaration) -> String {
    let exact = declaration.judge.contains(&Judge::Exact) || declaration.kind == Kind::Theorem;
    let text = match kind {
        Evidence::Kernel => declaration.no_script(),
        Evidence::Rocq => "no theorem states it yet",
        Evidence::Rational => "no rational numbers are compared",
        Evidence::PrimeField if exact => {
            "equality over ℚ says more, and nothing here grows too long for it"
        }
        Evidence::PrimeField => "as over ℚ",
        Evidence::Law => match declaration.float_judge() {
            Some(Judge::Bitwise) => "no bit differs, so there is no residual that could fall",
            Some(Judge::Bound) => "an inequality: nothing has to fall",
            Some(Judge::Sampling) => "a mean, which nears its limit with samples and not with bits",
            Some(Judge::Exact | Judge::Ratio | Judge::Difference | Judge::Rank) | None => {
                "not measured in floating point"
            }
        },
        Evidence::Certificate if exact => {
            "an equality that is checked without rounding leaves nothing to enclose"
        }
        Evidence::Certificate => "no certificate speaks of it",
        Evidence::Control => "no wrong version is known",
        Evidence::Mutation => "no change of its module has been tried",
    };
    text.into()
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// The reasons for the empty cells of a table, each with the statements it is given for, in the order of the columns.
pub fn reasons(rows: &[(Declaration, Vec<Found>)]) -> Vec<(Evidence, String, Vec<String>)> {
    let mut all: Vec<(Evidence, String, Vec<String>)> = vec![];
    for (at, kind) in Evidence::ALL.iter().enumerate() {
        for (declaration, cells) in rows {
            let Some(Found::No(why)) = cells.get(at) else {
                continue;
            };
            let id = declaration.id.clone();
            match all
                .iter_mut()
                .find(|(other, same, _)| other == kind && same == why)
            {
                Some((_, _, ids)) => ids.push(id),
                None => all.push((*kind, why.clone(), vec![id])),
            }
        }
    }
    all
}

/// The table and the reasons for its empty cells, as Markdown.
///
/// # Errors
/// As [`evidence`].
pub fn evidence_table() -> Result<String, DeclarationError> {
    let rows = evidence()?;
    let titles = Evidence::ALL.map(Evidence::title).join(" | ");
    let mut text = format!(
        "| statement | {titles} | kinds |\n|---|{}\n",
        "---|".repeat(9)
    );
    for (declaration, cells) in &rows {
        let marks: Vec<&str> = cells
            .iter()
            .map(|cell| match cell {
                Found::Yes { mark, .. } => mark.as_str(),
                Found::No(_) => "",
            })
            .collect();
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| {} {} | {} | {} |",
            declaration.id,
            declaration.title,
            marks.join(" | "),
            marks.iter().filter(|mark| !mark.is_empty()).count()
        );
    }
    text.push_str("\nThe empty cells:\n\n");
    for (kind, why, ids) in reasons(&rows) {
        let _ = writeln!(text, "* {}: {why} ({})", kind.title(), ids.join(", "));
    }
    Ok(text)
}
