//! Trusted. A theorem holds if its declarations make sense and every step of its proofs does.

use std::collections::BTreeMap;

use super::{
    Context, Derivation, Problem, ProofError, Proved, Rule, Shape, Step, Term, Theorem,
    axiom::same_shape,
    axioms,
    name::{is_name, line, outline, shown},
    parse::{parse_equation, parse_shape, parse_term},
    pretty,
    reorder::REORDER,
};

/// Checks a theorem.
///
/// # Errors
/// [`ProofError`] with the place and what is wrong there.
pub fn check(theorem: &Theorem) -> Result<Proved, ProofError> {
    let mut checker = Checker::declare(theorem)?;
    for lemma in &theorem.lemmas {
        let part = format!("lemma {}", lemma.name);
        let sides = checker.derive(&part, &lemma.name, &lemma.claim, &lemma.proof)?;
        checker.rule(&part, &lemma.name, sides)?;
    }
    checker.derive("the proof", &theorem.name, &theorem.claim, &theorem.proof)?;
    Ok(checker.proved)
}

/// The declarations of a theorem and the sides of its claim, without any proof: for statements that are
/// refuted.
///
/// # Errors
/// As [`check`].
pub fn declare(theorem: &Theorem) -> Result<(Proved, (Term, Term)), ProofError> {
    let checker = Checker::declare(theorem)?;
    let sides = checker.equation("the claim", &theorem.claim)?;
    Ok((checker.proved, sides))
}

struct Checker<'a> {
    theorem: &'a str,
    /// Every name there is: dimensions, variables, functions, definitions and rules share one set, so that
    /// nothing can hide anything. By what the eye sees of them.
    taken: BTreeMap<String, String>,
    proved: Proved,
}

impl<'a> Checker<'a> {
    fn declare(theorem: &'a Theorem) -> Result<Self, ProofError> {
        let mut checker = Checker {
            theorem: &theorem.name,
            taken: BTreeMap::new(),
            proved: Proved::default(),
        };
        let name = &theorem.name;
        if !name.split('-').all(is_name) {
            return Err(checker.error("its name")(taken(name)));
        }
        line(&theorem.says).map_err(checker.error("what it says"))?;
        for axiom in axioms().map_err(checker.error("the axioms"))? {
            checker.taken.insert(outline(axiom.name), axiom.name.into());
            let name = axiom.name.to_string();
            checker.context().rules.insert(name, Rule::Axiom(axiom));
        }
        // No name of a theorem may stand in the way of the rule for sums.
        checker.taken.insert(outline(REORDER), REORDER.into());
        for name in &theorem.dimensions {
            checker.take("the dimensions", name)?;
            checker.context().signature.dimensions.insert(name.clone());
        }
        for name in &theorem.functions {
            checker.take("the functions", name)?;
            checker.context().signature.functions.insert(name.clone());
        }
        for (name, text) in &theorem.variables {
            let part = format!("variable {name}");
            checker.take(&part, name)?;
            let shape = parse_shape(text, &checker.context().signature);
            let shape = shape.map_err(checker.error(&part))?;
            checker.variable(name, shape);
        }
        for text in &theorem.definitions {
            checker.definition(text)?;
        }
        for (name, text) in &theorem.hypotheses {
            let part = format!("hypothesis {name}");
            let (left, right) = checker.equation(&part, text)?;
            let sides = (left.clone(), right.clone());
            checker.proved.hypotheses.push((name.clone(), left, right));
            checker.rule(&part, name, sides)?;
        }
        Ok(checker)
    }

    /// A definition makes a new variable, and a rule that unfolds it. Only names that exist already may
    /// occur in the body, so definitions cannot go round in a circle.
    fn definition(&mut self, text: &str) -> Result<(), ProofError> {
        let part = format!("definition `{}`", text.chars().take(60).collect::<String>());
        let (name, body) = text.split_once('=').unwrap_or((text, ""));
        let name = name.trim();
        let body = parse_term(body, &self.context().signature).map_err(self.error(&part))?;
        let shape = self
            .context()
            .signature
            .shape(&body)
            .map_err(self.error(&part))?;
        self.rule(&part, name, (Term::Variable(name.into()), body.clone()))?;
        self.variable(name, shape);
        self.proved.definitions.push((name.into(), body));
        Ok(())
    }

    fn equation(&self, part: &str, text: &str) -> Result<(Term, Term), ProofError> {
        let signature = &self.proved.context.signature;
        let read = parse_equation(text, signature).and_then(|(left, right)| {
            same_shape(&left, &right, signature)?;
            Ok((left, right))
        });
        read.map_err(self.error(part))
    }

    /// Walks from the left side to the right.
    fn derive(
        &mut self,
        part: &str,
        name: &str,
        claim: &str,
        proof: &[Step],
    ) -> Result<(Term, Term), ProofError> {
        let (left, right) = self.equation(part, claim)?;
        let mut terms = vec![left.clone()];
        let mut now = left.clone();
        for (number, step) in (1..).zip(proof) {
            now = self.step(&now, step).map_err(|problem| ProofError {
                step: Some((number, step.rule.chars().take(60).collect())),
                ..self.error(part)(problem)
            })?;
            terms.push(now.clone());
        }
        self.same(&now, &right).map_err(self.error(part))?;
        let name = name.to_string();
        self.proved.derivations.push(Derivation { name, terms });
        Ok((left, right))
    }

    fn step(&self, now: &Term, step: &Step) -> Result<Term, Problem> {
        // What a step gives for open names is printed as it stands.
        for text in step.with.values().chain(step.dimensions.values()) {
            line(text)?;
        }
        let after = self.proved.context.rewrite(now, step)?;
        if let Some(text) = &step.gives {
            self.same(&after, &parse_term(text, &self.proved.context.signature)?)?;
        }
        Ok(after)
    }

    fn same(&self, found: &Term, expected: &Term) -> Result<(), Problem> {
        let shown = |term| pretty(term, &self.proved.context.signature);
        match found == expected {
            true => Ok(()),
            false => Err(Problem::Differs {
                found: shown(found),
                expected: shown(expected),
            }),
        }
    }

    fn context(&mut self) -> &mut Context {
        &mut self.proved.context
    }

    fn variable(&mut self, name: &str, shape: Shape) {
        self.context()
            .signature
            .variables
            .insert(name.into(), shape);
    }

    fn rule(&mut self, part: &str, name: &str, (a, b): (Term, Term)) -> Result<(), ProofError> {
        self.take(part, name)?;
        self.context().rules.insert(name.into(), Rule::Ground(a, b));
        Ok(())
    }

    /// A name is words of letters, joined by hyphens, and new.
    fn take(&mut self, part: &str, name: &str) -> Result<(), ProofError> {
        if !name.split('-').all(is_name) {
            return Err(self.error(part)(taken(name)));
        }
        match self.taken.insert(outline(name), name.into()) {
            None => Ok(()),
            Some(like) if like == name => Err(self.error(part)(taken(name))),
            Some(like) => Err(self.error(part)(Problem::LooksAlike {
                name: name.into(),
                like,
            })),
        }
    }

    fn error(&self, part: &str) -> impl Fn(Problem) -> ProofError + use<> {
        let (theorem, part) = (shown(self.theorem), shown(part));
        move |problem| ProofError {
            theorem: theorem.clone(),
            part: part.clone(),
            step: None,
            problem: Box::new(problem),
        }
    }
}

fn taken(name: &str) -> Problem {
    let name = shown(&name.chars().take(60).collect::<String>());
    Problem::Taken { name }
}
