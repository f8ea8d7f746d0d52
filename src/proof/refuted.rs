//! Not trusted. False statements, each with rational values at which its two sides differ.

use std::fmt;

use serde::Deserialize;

use super::{Model, NoModel, NoValue, ProofError, Theorem, declare, rows, script::Unreadable};
use crate::{linalg::Matrix, scalar::Rational};

/// A file of `proofs/refuted/`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refutations {
    /// The statement whose wrong versions these are.
    pub id: String,
    /// The false statements.
    pub refuted: Vec<Refuted>,
}

/// A false statement and its witness.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refuted {
    /// The control of the statement that it is.
    pub control: String,
    /// What it says, in words.
    pub says: String,
    /// As in a theorem.
    #[serde(default)]
    pub dimensions: Vec<String>,
    /// As in a theorem.
    #[serde(default)]
    pub variables: std::collections::BTreeMap<String, String>,
    /// As in a theorem.
    #[serde(default)]
    pub functions: Vec<String>,
    /// As in a theorem.
    #[serde(default)]
    pub definitions: Vec<String>,
    /// As in a theorem; the witness must satisfy them.
    #[serde(default)]
    pub hypotheses: std::collections::BTreeMap<String, String>,
    /// What is false.
    pub claim: String,
    /// Where it is false.
    pub witness: Model,
}

/// A refutation that refutes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotRefuted {
    /// Its declarations make no sense.
    Declaration(ProofError),
    /// The witness cannot be used, or does not satisfy the hypotheses.
    Witness(NoModel),
    /// Both sides are equal at the witness.
    Equal(String),
}

impl fmt::Display for NotRefuted {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            NotRefuted::Declaration(error) => write!(f, "{error}"),
            NotRefuted::Witness(why) => write!(f, "its witness: {why}"),
            NotRefuted::Equal(value) => write!(f, "both sides are {value} at its witness"),
        }
    }
}

impl std::error::Error for NotRefuted {}

impl From<NoValue> for NotRefuted {
    fn from(why: NoValue) -> Self {
        NotRefuted::Witness(why.into())
    }
}

impl Refutations {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// [`Unreadable`] with the parser's message.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        serde_saphyr::from_str(text).map_err(|error| Unreadable::new(&error.to_string()))
    }
}

impl Refuted {
    /// The two sides at the witness, which differ.
    ///
    /// # Errors
    /// [`NotRefuted`].
    pub fn sides(&self) -> Result<(Matrix<Rational>, Matrix<Rational>), NotRefuted> {
        let (declared, (left, right)) =
            declare(&self.as_theorem()).map_err(NotRefuted::Declaration)?;
        let mut values = self
            .witness
            .assignment(&declared)
            .map_err(NotRefuted::Witness)?;
        for (name, a, b) in &declared.hypotheses {
            let (a, b) = (values.value(a)?, values.value(b)?);
            if a != b {
                let (name, sides) = (name.clone(), format!("{} and {}", rows(&a), rows(&b)));
                return Err(NotRefuted::Witness(NoModel::Fails { name, sides }));
            }
        }
        let (a, b) = (values.value(&left)?, values.value(&right)?);
        match a == b {
            true => Err(NotRefuted::Equal(rows(&a))),
            false => Ok((a, b)),
        }
    }

    /// The statement as a theorem without a proof.
    pub fn as_theorem(&self) -> Theorem {
        Theorem {
            name: self.control.clone(),
            says: self.says.clone(),
            dimensions: self.dimensions.clone(),
            variables: self.variables.clone(),
            functions: self.functions.clone(),
            definitions: self.definitions.clone(),
            hypotheses: self.hypotheses.clone(),
            lemmas: vec![],
            claim: self.claim.clone(),
            proof: vec![],
            model: None,
            draws: vec![],
        }
    }
}
