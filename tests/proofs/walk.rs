//! Random walks: whatever steps the kernel accepts, the value stays.

use isotropic::proof::{Rule, Step, Term, pretty};
use rand::{RngExt, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;

use super::{all, dimensions, model, rng};

/// Beyond this a walk starts again.
const LARGE: usize = 70;

fn positions(term: &Term, here: &mut Vec<usize>, all: &mut Vec<Vec<usize>>) {
    all.push(here.clone());
    for (index, child) in term.children().iter().enumerate() {
        here.push(index);
        positions(child, here, all);
        here.pop();
    }
}

#[test]
fn ten_thousand_random_steps_change_no_value() {
    let mut rng = rng(4);
    let theorems = all();
    let mut accepted = 0;
    let wanted = 12_000;
    let mut used = std::collections::BTreeSet::new();
    while accepted < wanted {
        for (id, theorem, proved) in &theorems {
            let sizes = dimensions(&theorem.dimensions, &mut rng);
            let sizes = &sizes[rng.random_range(0..4)];
            let mut values = model(theorem, proved, sizes, rng.random(), &mut rng);
            let context = &proved.context;
            let rules: Vec<&String> = context.rules.keys().collect();
            let starts: Vec<&Term> = proved.derivations.iter().flat_map(|d| &d.terms).collect();
            let mut term = (*starts.choose(&mut rng).expect("a term")).clone();
            let first = values.value(&term).expect("a value");
            for _ in 0..4000 {
                let step = guess(&term, &rules, proved, &mut rng);
                let Ok(after) = context.rewrite(&term, &step) else {
                    continue;
                };
                let value = values.value(&after).expect("a value");
                assert_eq!(
                    first,
                    value,
                    "{id} {}: {step:?}\n{}\n{}",
                    theorem.name,
                    pretty(&term, &context.signature),
                    pretty(&after, &context.signature)
                );
                accepted += 1;
                used.insert((step.rule.clone(), step.back));
                term = after;
                if term.size() > LARGE {
                    break;
                }
            }
        }
    }
    assert!(accepted >= 10_000);
    // Every axiom has been walked in both directions.
    let axioms = isotropic::proof::axioms().expect("well typed");
    for axiom in axioms {
        for back in [false, true] {
            assert!(
                used.contains(&(axiom.name.to_string(), back)),
                "{} {back}",
                axiom.name
            );
        }
    }
}

fn guess(
    term: &Term,
    rules: &[&String],
    proved: &isotropic::proof::Proved,
    rng: &mut ChaCha8Rng,
) -> Step {
    let mut places = vec![];
    positions(term, &mut vec![], &mut places);
    let rule = (*rules.choose(rng).expect("a rule")).clone();
    let mut step = Step {
        rule: rule.clone(),
        back: rng.random(),
        at: places.choose(rng).expect("a place").clone(),
        everywhere: rng.random_range(0..10) == 0,
        ..Step::default()
    };
    let signature = &proved.context.signature;
    // What the place leaves open is filled with a variable or a piece of the term.
    if let Rule::Axiom(axiom) = &proved.context.rules[&rule] {
        let side = if step.back { &axiom.right } else { &axiom.left };
        let mut metavariables = vec![];
        variables(side, &mut metavariables);
        for name in axiom.signature.variables.keys() {
            if !metavariables.contains(name) {
                let names: Vec<&String> = signature.variables.keys().collect();
                let filler = match rng.random() {
                    true => names.choose(rng).expect("a variable").to_string(),
                    false => {
                        let place = places.choose(rng).expect("a place");
                        pretty(term.at(place).expect("there"), signature)
                    }
                };
                step.with.insert(name.clone(), filler);
            }
        }
        if ["mul-zero-l", "mul-zero-r", "sc-zero-l"].contains(&axiom.name) && step.back {
            // The inner dimension follows from the filler; a 0[1×1] in front of a 0 does not.
            step.everywhere = false;
        }
    }
    step
}

fn variables(term: &Term, names: &mut Vec<String>) {
    if let Term::Variable(name) = term {
        names.push(name.clone());
    }
    for child in term.children() {
        variables(child, names);
    }
}
