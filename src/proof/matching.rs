//! Not trusted. How an axiom might fit a term: a proposal, which `substitution.rs` then checks.

use super::{Axiom, Dimension, Signature, Term, substitution::Substitution};

impl Substitution {
    /// Fills in what makes `pattern` the term, as far as it is not filled in already. What does not fit
    /// shows when the instance is compared with the term.
    pub(super) fn find(&mut self, pattern: &Term, term: &Term) {
        match (pattern, term) {
            (Term::Variable(name), term) => {
                let entry = self.terms.entry(name.clone());
                entry.or_insert_with(|| term.clone());
            }
            (Term::Zero(a, b), Term::Zero(c, d)) => {
                self.find_dimension(a, c);
                self.find_dimension(b, d);
            }
            (Term::Identity(a), Term::Identity(c)) => self.find_dimension(a, c),
            (pattern, term) => {
                for (pattern, term) in pattern.children().iter().zip(term.children()) {
                    self.find(pattern, term);
                }
            }
        }
    }

    /// Fills in the dimensions that follow from the shapes of the terms.
    pub(super) fn find_dimensions(&mut self, axiom: &Axiom, signature: &Signature) {
        for (name, declared) in &axiom.signature.variables {
            let shape = self.terms.get(name).map(|term| signature.shape(term));
            if let Some(Ok(shape)) = shape {
                self.find_dimension(&declared.rows, &shape.rows);
                self.find_dimension(&declared.columns, &shape.columns);
            }
        }
    }

    fn find_dimension(&mut self, pattern: &Dimension, found: &Dimension) {
        if let (0, Some((name, 1))) = (pattern.constant, pattern.names.first_key_value()) {
            let entry = self.dimensions.entry(name.clone());
            entry.or_insert_with(|| found.clone());
        }
    }
}
