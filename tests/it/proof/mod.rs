//! The proofs: the kernel and its traps, the axioms and theorems over ℚ, what mutations and random walks
//! can make of them, and what the theorems say of the code.

mod axioms;
mod catalogue;
mod evidence;
#[cfg(feature = "cli")]
mod files;
mod index;
mod mutation;
mod names;
mod refuted;
mod reorder;
mod rocq;
mod soundness;
mod text;
mod theorems;
mod tie;
mod walk;

use std::{collections::BTreeMap, sync::OnceLock};

use isotropic::{
    proof::{Assignment, NoDraw, Proved, Theorem, check, draw},
    statement::declarations,
};
use rand::{RngExt, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

/// Every theorem of `proofs/`, checked: statement, theorem, what the kernel made of it.
fn all() -> &'static [(String, Theorem, Proved)] {
    static ALL: OnceLock<Vec<(String, Theorem, Proved)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = vec![];
        for declaration in declarations().expect("readable") {
            for theorem in declaration.theorems {
                let proved = check(&theorem);
                let proved = proved.unwrap_or_else(|why| panic!("{}: {why}", declaration.id));
                all.push((declaration.id.clone(), theorem, proved));
            }
        }
        assert!(all.len() >= 40, "only {} theorems", all.len());
        all
    })
}

fn find(id: &str, name: &str) -> (Theorem, Proved) {
    let found = all().iter().find(|(i, t, _)| i == id && t.name == name);
    let (_, theorem, proved) = found.unwrap_or_else(|| panic!("no theorem {name} in {id}"));
    (theorem.clone(), proved.clone())
}

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// Numbers for dimensions: all 0, all 1, distinct and at least 2 (shuffled), and any from 0 to 4.
fn dimensions(names: &[String], rng: &mut ChaCha8Rng) -> Vec<BTreeMap<String, usize>> {
    let give = |numbers: Vec<usize>| names.iter().cloned().zip(numbers).collect();
    let mut distinct: Vec<usize> = (2..2 + names.len()).collect();
    distinct.shuffle(rng);
    let any = names.iter().map(|_| rng.random_range(0..5)).collect();
    [vec![0; names.len()], vec![1; names.len()], distinct, any]
        .into_iter()
        .map(give)
        .collect()
}

/// A model at these dimensions. Some draws divide by what may be 0: they are tried again.
fn model(
    theorem: &Theorem,
    proved: &Proved,
    dimensions: &BTreeMap<String, usize>,
    free: bool,
    rng: &mut ChaCha8Rng,
) -> Assignment {
    for _ in 0..50 {
        match draw(theorem, proved, dimensions, free, rng) {
            Ok(mut assignment) => {
                // A gain may be undefined where a definition needs it.
                let definitions = proved.definitions.iter();
                if definitions
                    .map(|(_, body)| assignment.value(body))
                    .all(|value| value.is_ok())
                {
                    return assignment;
                }
            }
            Err(NoDraw::NoValue(_)) => {}
            Err(why) => panic!("{}: {why}", theorem.name),
        }
    }
    panic!("{}: no model drawn at {dimensions:?}", theorem.name)
}
