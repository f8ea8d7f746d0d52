//! Not trusted. What a checked theorem consists of.

use super::{Context, Term};

/// A theorem that has been checked, taken apart.
#[derive(Clone, Debug, Default)]
pub struct Proved {
    /// Everything that the last step could use.
    pub context: Context,
    /// The definitions, in order: the name and what it stands for.
    pub definitions: Vec<(String, Term)>,
    /// The hypotheses: name, left and right side.
    pub hypotheses: Vec<(String, Term, Term)>,
    /// The lemmas in order, then the theorem itself.
    pub derivations: Vec<Derivation>,
}

/// A proved equation with all that lies between its sides.
#[derive(Clone, Debug)]
pub struct Derivation {
    /// The lemma, or the theorem.
    pub name: String,
    /// The left side, then the term after each step; the last one is the right side.
    pub terms: Vec<Term>,
}

impl Derivation {
    /// The sides.
    pub fn sides(&self) -> Option<(&Term, &Term)> {
        self.terms.first().zip(self.terms.last())
    }
}

impl Proved {
    /// The steps of all proofs.
    pub fn steps(&self) -> usize {
        let steps = |derivation: &Derivation| derivation.terms.len().saturating_sub(1);
        self.derivations.iter().map(steps).sum()
    }

    /// The sides of the theorem itself.
    pub fn claim(&self) -> Option<(&Term, &Term)> {
        self.derivations.last().and_then(Derivation::sides)
    }
}
