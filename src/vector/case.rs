//! A vector file: one operation, its notes and its cases.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{flag::Note, input::Input, tree::Tree};

/// `format` of every vector file.
pub const FORMAT: &str = "isotropic-vectors";

/// The version of the format that this program reads and writes.
pub const VERSION: u32 = 1;

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct VectorFile {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// The operation, which is also the file's name.
    pub operation: String,
    /// Where the file's JSON Schema is, from the folder of the file.
    pub schema: String,
    /// Inputs, outputs and the equation.
    pub description: String,
    /// How the references came about.
    pub provenance: Provenance,
    /// The flags that occur, and what they mean.
    pub notes: BTreeMap<String, Note>,
    /// The length of `cases`.
    pub number_of_cases: usize,
    /// The cases.
    pub cases: Vec<Case>,
}

/// How the references of a file came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// Program and version.
    pub generator: String,
    /// The seed the inputs were drawn from.
    pub seed: u64,
    /// Arithmetic of the references.
    pub reference: String,
    /// What vouches for their digits.
    pub certificate: String,
    /// Where the allowances are derived.
    pub allowance: String,
}

/// Whether an operation is to be carried out or refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Carried out.
    Valid,
    /// Refused.
    Invalid,
    /// Carried out or refused: what the guide leaves open. An answer that is no refusal has to be the expected one.
    Acceptable,
}

/// One case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Stable for ever: a case that changes gets a new one.
    pub id: String,
    /// What is special about it.
    pub comment: String,
    /// The mistakes it catches.
    pub flags: Vec<String>,
    /// The statement of the theory that it is an instance of.
    pub statement: String,
    /// Whether the operation is to be carried out.
    pub result: Verdict,
    /// The arithmetics it is for, of `f64` and `f32`.
    pub precisions: Vec<String>,
    /// What the port is given.
    pub input: Input,
    /// What it has to answer.
    pub expected: BTreeMap<String, Quantity>,
}

impl Case {
    /// The gain that it is about, if it is about one.
    pub fn gain(&self) -> Option<&str> {
        let parts = self.input.parts();
        let own = parts.get("gain");
        let of_network = parts.get("network").and_then(|network| network.get("gain"));
        own.or(of_network).and_then(serde_json::Value::as_str)
    }
}

/// How an answer is held against a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compare {
    /// The 2-norm of the difference over all entries is at most the allowance.
    Norm,
    /// Every entry equal.
    Exact,
    /// Between 0 and the value.
    AtMost,
}

/// One output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// How to compare.
    pub compare: Compare,
    /// The reference, rounded to 60 significant decimals.
    pub value: Tree<String>,
    /// The same as p/q, where it is rational and short.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exact: Option<Tree<String>>,
    /// For `norm`: the largest distance that rounding explains, by arithmetic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowance: Option<BTreeMap<String, String>>,
}
