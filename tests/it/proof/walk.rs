//! Random walks: whatever steps the kernel accepts, the value stays.

use std::collections::BTreeMap;

use isotropic::{
    linalg::Matrix,
    proof::{Assignment, Context, Rule, Step, Term, axioms, pretty},
    scalar::Rational,
};
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
    let mut accepted = 0;
    let wanted = 12_000;
    while accepted < wanted {
        for (id, theorem, proved) in all() {
            let sizes = dimensions(&theorem.dimensions, &mut rng);
            let sizes = &sizes[rng.random_range(0..4)];
            let mut values = model(theorem, proved, sizes, rng.random(), &mut rng);
            let context = &proved.context;
            let rules: Vec<&String> = context.rules.keys().collect();
            let starts: Vec<&Term> = proved.derivations.iter().flat_map(|d| &d.terms).collect();
            let mut term = (*starts.choose(&mut rng).expect("a term")).clone();
            let first = values.value(&term).expect("a value");
            for _ in 0..4000 {
                let step = guess(&term, &rules, context, &mut rng);
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
                term = after;
                if term.size() > LARGE {
                    break;
                }
            }
        }
    }
    assert!(accepted >= 10_000);
}

/// Every axiom, in both directions, and random steps from there.
#[test]
fn every_axiom_is_walked_in_both_directions() {
    let mut rng = rng(8);
    let axioms = axioms().expect("well typed");
    let rules = axioms
        .iter()
        .map(|axiom| (axiom.name.to_string(), Rule::Axiom(axiom.clone())));
    let rules: BTreeMap<String, Rule> = rules.collect();
    let names: Vec<&String> = rules.keys().collect();
    let mut accepted = 0;
    for axiom in &axioms {
        let context = Context {
            signature: axiom.signature.clone(),
            rules: rules.clone(),
        };
        let sizes: Vec<String> = axiom.signature.dimensions.iter().cloned().collect();
        for back in [false, true] {
            let mut values = Assignment {
                dimensions: dimensions(&sizes, &mut rng).remove(2),
                ..Assignment::default()
            };
            for (name, shape) in &axiom.signature.variables {
                let (m, n) = (
                    values.dimension(&shape.rows),
                    values.dimension(&shape.columns),
                );
                let value = Matrix::from_fn(m.expect("known"), n.expect("known"), |_, _| {
                    Rational::ratio(rng.random_range(-9..=9), rng.random_range(1..=4))
                        .expect("not 0")
                });
                values.values.insert(name.clone(), value);
            }
            let (start, end) = match back {
                false => (&axiom.left, &axiom.right),
                true => (&axiom.right, &axiom.left),
            };
            let fillers = axiom
                .signature
                .variables
                .keys()
                .map(|name| (name.clone(), name.clone()));
            let dimensions = sizes.iter().map(|name| (name.clone(), name.clone()));
            let first = Step {
                rule: axiom.name.into(),
                back,
                with: fillers.collect(),
                dimensions: dimensions.collect(),
                ..Step::default()
            };
            let mut term = context.rewrite(start, &first).expect("the axiom itself");
            assert_eq!(&term, end, "{}", axiom.name);
            let value = values.value(start).expect("a value");
            for _ in 0..400 {
                let step = guess(&term, &names, &context, &mut rng);
                let Ok(after) = context.rewrite(&term, &step) else {
                    continue;
                };
                assert_eq!(values.value(&after).expect("a value"), value, "{step:?}");
                accepted += 1;
                if after.size() <= LARGE {
                    term = after;
                }
            }
        }
    }
    assert!(accepted > 1000, "{accepted}");
}

fn guess(term: &Term, rules: &[&String], context: &Context, rng: &mut ChaCha8Rng) -> Step {
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
    let signature = &context.signature;
    // What the place leaves open is filled with a variable or a piece of the term.
    if let Rule::Axiom(axiom) = &context.rules[&rule] {
        let side = if step.back { &axiom.right } else { &axiom.left };
        let mut metavariables = vec![];
        variables(side, &mut metavariables);
        for name in axiom.signature.variables.keys() {
            if !metavariables.contains(name) {
                let names: Vec<&String> = signature.variables.keys().collect();
                let wanted: bool = rng.random();
                let variable = names.choose(rng).filter(|_| wanted);
                let filler = variable.map_or_else(
                    || {
                        let place = places.choose(rng).expect("a place");
                        pretty(term.at(place).expect("there"), signature)
                    },
                    ToString::to_string,
                );
                step.with.insert(name.clone(), filler);
            }
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
