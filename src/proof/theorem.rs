//! Not trusted. Theorems with their proofs, as they stand in the files of `proofs/`: text, for `check.rs`.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A theorem and its proof. What the model and the draws say is not read by the kernel.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theorem {
    /// Its name.
    pub name: String,
    /// What it says, in words.
    pub says: String,
    /// The names of dimensions.
    #[serde(default)]
    pub dimensions: Vec<String>,
    /// The variables, each with its shape: `n₁×n₀`, or `n₁` for a column.
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
    /// The uninterpreted functions from scalars to scalars.
    #[serde(default)]
    pub functions: Vec<String>,
    /// `name = term`, each in terms of the variables and of the names before it.
    #[serde(default)]
    pub definitions: Vec<String>,
    /// Equations that are assumed, by name.
    #[serde(default)]
    pub hypotheses: BTreeMap<String, String>,
    /// Equations that are proved first, each from what stands before it.
    #[serde(default)]
    pub lemmas: Vec<Lemma>,
    /// `left = right`.
    pub claim: String,
    /// From the left side to the right.
    pub proof: Vec<Step>,
    /// A rational model of the hypotheses. Needed where there are any: from a contradiction, anything
    /// follows.
    pub model: Option<super::Model>,
    /// How further models are drawn.
    #[serde(default)]
    pub draws: Vec<String>,
}

/// An intermediate equation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lemma {
    /// Its name, under which later steps use it.
    pub name: String,
    /// `left = right`.
    pub claim: String,
    /// From the left side to the right.
    pub proof: Vec<Step>,
}

/// One step of a proof.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// An axiom, a definition, a hypothesis or a lemma.
    pub rule: String,
    /// From right to left.
    #[serde(default)]
    pub back: bool,
    /// Where: the numbers of the children on the way down, from 0; none for the whole term.
    #[serde(default)]
    pub at: Vec<usize>,
    /// At every place; for rules without metavariables.
    #[serde(default)]
    pub everywhere: bool,
    /// Terms for metavariables that the place leaves open.
    #[serde(default)]
    pub with: BTreeMap<String, String>,
    /// Dimensions of the axiom that the place leaves open.
    #[serde(default)]
    pub dimensions: BTreeMap<String, String>,
    /// The term afterwards.
    pub gives: Option<String>,
}
