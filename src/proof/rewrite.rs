//! Trusted. One step: an equation, read in one direction, applied at one place.

use std::collections::BTreeMap;

use super::{
    Axiom, Problem, Signature, Step, Term,
    axiom::same_shape,
    parse::parse_dimension,
    parse_term, pretty,
    reorder::{REORDER, reordering},
    substitution::Substitution,
};

/// What a step may rest on.
#[derive(Clone, Debug)]
pub enum Rule {
    /// An axiom, with metavariables.
    Axiom(Axiom),
    /// A definition, a hypothesis or a proved lemma. It speaks of its own variables and of no others:
    /// a hypothesis with metavariables would be a new axiom.
    Ground(Term, Term),
}

/// What can be used at some point of a theorem.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// The names that terms may use.
    pub signature: Signature,
    /// Axioms, definitions, hypotheses, and the lemmas proved so far.
    pub rules: BTreeMap<String, Rule>,
}

impl Context {
    /// The term after a step.
    ///
    /// # Errors
    /// [`Problem`]: no such rule or position, terms that do not match, shapes that do not fit.
    pub fn rewrite(&self, term: &Term, step: &Step) -> Result<Term, Problem> {
        if step.rule == REORDER {
            return self.reorder(term, step);
        }
        let rule = self.rules.get(&step.rule);
        let rule = rule.ok_or_else(|| Problem::unknown("rule", &step.rule))?;
        let after = match rule {
            Rule::Axiom(axiom) => self.instance_at(term, axiom, step)?,
            Rule::Ground(left, right) => {
                let (from, to) = directed(left, right, step.back);
                self.exchange(term, from, to, step)?
            }
        };
        let after = after.bounded()?;
        // It cannot differ, each part having been checked; a slip there would show here.
        same_shape(term, &after, &self.signature)?;
        Ok(after)
    }

    /// Many steps in one: the sums at the place in the order of `S`. What is proposed is checked as any step is, and has to
    /// end there.
    fn reorder(&self, term: &Term, step: &Step) -> Result<Term, Problem> {
        let only_s = step.with.keys().all(|name| name == "S");
        if step.back || step.everywhere || !only_s || !step.dimensions.is_empty() {
            let what = format!("`{REORDER}` takes a place and `S`, the sum in its new order");
            return Err(Problem::Useless { what });
        }
        let open = || Problem::Undetermined { name: "S".into() };
        let wanted = parse_term(step.with.get("S").ok_or_else(open)?, &self.signature)?;
        let missing = || Problem::NoPosition {
            at: step.at.clone(),
            term: pretty(term, &self.signature),
        };
        let found = term.at(&step.at).ok_or_else(missing)?;
        let mut after = term.clone();
        for step in reordering(found, &wanted, &step.at) {
            after = self.rewrite(&after, &step)?;
        }
        match after.at(&step.at) == Some(&wanted) {
            true => Ok(after),
            false => Err(self.no_match(found, &wanted)),
        }
    }

    fn exchange(&self, term: &Term, from: &Term, to: &Term, step: &Step) -> Result<Term, Problem> {
        if !step.with.is_empty() || !step.dimensions.is_empty() {
            let what = format!("`{}` has nothing to fill in", step.rule);
            return Err(Problem::Useless { what });
        }
        if !step.everywhere {
            return self.replace(term, step, |found| match found == from {
                true => Ok(to.clone()),
                false => Err(self.no_match(found, from)),
            });
        }
        if !step.at.is_empty() {
            let what = "`everywhere` and a position exclude each other".into();
            return Err(Problem::Useless { what });
        }
        match term.count(from) {
            0 => Err(self.no_match(term, from)),
            times if term.size() + times * to.size() > 2 * super::LARGEST_TERM => {
                let size = term.size() + times * to.size();
                Err(Problem::TooLarge { size })
            }
            _ => Ok(term.with_every(from, to)),
        }
    }

    fn instance_at(&self, term: &Term, axiom: &Axiom, step: &Step) -> Result<Term, Problem> {
        if step.everywhere {
            let what = "`everywhere` needs a rule without metavariables".into();
            return Err(Problem::Useless { what });
        }
        let (from, to) = directed(&axiom.left, &axiom.right, step.back);
        self.replace(term, step, |found| {
            let mut substitution = Substitution::default();
            for (name, text) in &step.with {
                let filler = parse_term(text, &self.signature)?;
                substitution.terms.insert(name.clone(), filler);
            }
            for (name, text) in &step.dimensions {
                if !axiom.signature.dimensions.contains(name) {
                    let what = format!("`{name}` is no dimension of {}", axiom.name);
                    return Err(Problem::Useless { what });
                }
                let form = parse_dimension(text, &self.signature)?;
                substitution.dimensions.insert(name.clone(), form);
            }
            substitution.find(from, found);
            substitution.find_dimensions(axiom, &self.signature);
            let instance = substitution.apply(from);
            if instance.as_ref() != Ok(found) {
                // The pattern, in its own signature, says more than an instance that does not fit.
                return Err(Problem::NoMatch {
                    found: pretty(found, &self.signature),
                    expected: pretty(from, &axiom.signature),
                });
            }
            let replacement = substitution.apply(to)?;
            substitution.check(axiom, &self.signature)?;
            same_shape(found, &replacement, &self.signature)?;
            Ok(replacement)
        })
    }

    fn replace(
        &self,
        term: &Term,
        step: &Step,
        new: impl FnOnce(&Term) -> Result<Term, Problem>,
    ) -> Result<Term, Problem> {
        let missing = || Problem::NoPosition {
            at: step.at.clone(),
            term: pretty(term, &self.signature),
        };
        let found = term.at(&step.at).ok_or_else(missing)?;
        term.with(&step.at, new(found)?).ok_or_else(missing)
    }

    fn no_match(&self, found: &Term, expected: &Term) -> Problem {
        Problem::NoMatch {
            found: pretty(found, &self.signature),
            expected: pretty(expected, &self.signature),
        }
    }
}

fn directed<'a>(left: &'a Term, right: &'a Term, back: bool) -> (&'a Term, &'a Term) {
    if back { (right, left) } else { (left, right) }
}
