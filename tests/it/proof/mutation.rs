//! Mutations: every step of every script, changed in its rule, direction or position, deleted or swapped.
//! A mutant that the kernel accepts must be a valid proof of the same statement.

use std::collections::BTreeMap;

use isotropic::proof::{Assignment, Context, Derivation, Proved, Step, Term, Theorem, check};

use super::{all, dimensions, model, rng};

/// The parts of a theorem that have proofs: the lemmas, then the theorem itself.
fn proofs(theorem: &Theorem) -> Vec<Vec<Step>> {
    let lemmas = theorem.lemmas.iter().map(|lemma| &lemma.proof);
    let steps = lemmas.chain([&theorem.proof]);
    // A stated result would catch the mutant before the kernel has to.
    let plain = |step: &Step| Step {
        gives: None,
        ..step.clone()
    };
    steps
        .map(|proof| proof.iter().map(plain).collect())
        .collect()
}

/// What the given part may use: nothing that is proved after it.
fn context_of(part: usize, theorem: &Theorem, proved: &Proved) -> Context {
    let mut context = proved.context.clone();
    for lemma in theorem.lemmas.iter().skip(part) {
        context.rules.remove(&lemma.name);
    }
    context
}

/// The changed proofs, each with the first step that differs.
fn mutants(
    proof: &[Step],
    term: impl Fn(usize) -> Term,
    rules: &[String],
) -> Vec<(usize, Vec<Step>)> {
    let mut mutants = vec![];
    for (at, step) in proof.iter().enumerate() {
        let mut change = |edit: &dyn Fn(&mut Step)| {
            let mut mutant = proof.to_vec();
            edit(&mut mutant[at]);
            if mutant != proof {
                mutants.push((at, mutant));
            }
        };
        change(&|step| step.back = !step.back);
        change(&|step| step.everywhere = !step.everywhere);
        for rule in rules {
            change(&|step| step.rule.clone_from(rule));
        }
        let here = term(at);
        for place in neighbours(&step.at)
            .into_iter()
            .filter(|place| here.at(place).is_some())
        {
            change(&|step| step.at.clone_from(&place));
        }
        let mut deleted = proof.to_vec();
        deleted.remove(at);
        mutants.push((at, deleted));
        if at + 1 < proof.len() {
            let mut swapped = proof.to_vec();
            swapped.swap(at, at + 1);
            mutants.push((at, swapped));
        }
    }
    mutants
}

/// The positions next to one: its parent, its children, its siblings, the root.
fn neighbours(at: &[usize]) -> Vec<Vec<usize>> {
    let mut all = vec![vec![]];
    for child in 0..2 {
        all.push([at, &[child]].concat());
        if let Some((_, parent)) = at.split_last() {
            all.push([parent, &[child]].concat());
            all.push(parent.to_vec());
        }
    }
    all
}

/// The lines of a proof that is accepted.
fn replay(
    context: &Context,
    known: &Derivation,
    from: usize,
    mutant: &[Step],
) -> Option<Vec<Term>> {
    let mut lines = known.terms[..=from].to_vec();
    for step in &mutant[from..] {
        let next = context.rewrite(lines.last()?, step).ok()?;
        lines.push(next);
    }
    (lines.last() == known.terms.last()).then_some(lines)
}

fn with_proof(theorem: &Theorem, part: usize, proof: &[Step]) -> Theorem {
    let mut mutant = theorem.clone();
    match mutant.lemmas.get_mut(part) {
        Some(lemma) => lemma.proof = proof.to_vec(),
        None => mutant.proof = proof.to_vec(),
    }
    mutant
}

#[test]
fn every_accepted_mutant_is_a_valid_proof() {
    let mut rng = rng(5);
    let (mut tried, mut accepted, mut by_kind) = (0usize, 0usize, BTreeMap::new());
    for (id, theorem, proved) in all() {
        let sizes = dimensions(&theorem.dimensions, &mut rng).remove(2);
        let mut values: Vec<Assignment> = [true, false]
            .map(|free| model(theorem, proved, &sizes, free, &mut rng))
            .into();
        for (part, proof) in proofs(theorem).iter().enumerate() {
            let context = context_of(part, theorem, proved);
            let known = &proved.derivations[part];
            let rules: Vec<String> = context.rules.keys().cloned().collect();
            for (at, mutant) in mutants(proof, |i| known.terms[i].clone(), &rules) {
                tried += 1;
                let lines = replay(&context, known, at, &mutant);
                // The replay is a short cut: the kernel itself decides the same.
                if lines.is_some() || tried % 97 == 0 {
                    let whole = check(&with_proof(theorem, part, &mutant));
                    assert_eq!(
                        whole.is_ok(),
                        lines.is_some(),
                        "{id} {} {mutant:?}",
                        theorem.name
                    );
                }
                let Some(lines) = lines else { continue };
                accepted += 1;
                let kind = match mutant.len().cmp(&proof.len()) {
                    std::cmp::Ordering::Less => "deleted",
                    _ => "changed",
                };
                *by_kind.entry(kind).or_insert(0usize) += 1;
                for values in &mut values {
                    let first = values.value(&lines[0]).expect("a value");
                    for line in &lines[1..] {
                        let value = values.value(line).expect("a value");
                        assert_eq!(first, value, "{id} {}: {mutant:?}", theorem.name);
                    }
                }
            }
        }
    }
    if std::env::var_os("ISOTROPIC_PRINT").is_some() {
        println!("{tried} mutants, {accepted} accepted, all valid: {by_kind:?}");
    }
    assert!(tried > 40_000, "{tried}");
    assert!(
        accepted > 100 && accepted < tried / 20,
        "{accepted} of {tried}"
    );
}
