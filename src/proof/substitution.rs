//! Trusted. Instances of axioms: whatever was proposed for the metavariables, the instance is computed here
//! and the shapes are checked.

use std::collections::BTreeMap;

use super::{Axiom, Dimension, Problem, Shape, Signature, Term, pretty};

/// Terms for metavariables and forms for dimensions.
#[derive(Clone, Debug, Default)]
pub(super) struct Substitution {
    pub(super) terms: BTreeMap<String, Term>,
    pub(super) dimensions: BTreeMap<String, Dimension>,
}

impl Substitution {
    /// Every term has the shape that the axiom declares, in the signature of the theorem.
    pub(super) fn check(&self, axiom: &Axiom, signature: &Signature) -> Result<(), Problem> {
        for (name, term) in &self.terms {
            let Some(declared) = axiom.signature.variables.get(name) else {
                let what = format!("`{name}` is no metavariable of {}", axiom.name);
                return Err(Problem::Useless { what });
            };
            let expected = Shape {
                rows: self.dimension(&declared.rows)?,
                columns: self.dimension(&declared.columns)?,
            };
            if signature.shape(term)? != expected {
                return Err(Problem::NoMatch {
                    found: format!("{name} = {}", pretty(term, signature)),
                    expected: format!("{name} of shape {expected}"),
                });
            }
        }
        Ok(())
    }

    /// The instance of a side of the axiom.
    pub(super) fn apply(&self, pattern: &Term) -> Result<Term, Problem> {
        Ok(match pattern {
            Term::Variable(name) => {
                let found = self.terms.get(name).cloned();
                found.ok_or_else(|| Problem::Undetermined { name: name.clone() })?
            }
            Term::Zero(a, b) => Term::Zero(self.dimension(a)?, self.dimension(b)?),
            Term::Identity(n) => Term::Identity(self.dimension(n)?),
            Term::Node(op, children) => {
                let children = children.iter().map(|child| self.apply(child));
                Term::Node(op.clone(), children.collect::<Result<_, _>>()?)
            }
        })
    }

    fn dimension(&self, pattern: &Dimension) -> Result<Dimension, Problem> {
        let found = pattern.instance(&self.dimensions);
        found.ok_or_else(|| Problem::Undetermined {
            name: pattern.to_string(),
        })
    }
}
