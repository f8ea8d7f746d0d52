//! The theorems over ℚ: their hypotheses are satisfiable at every size, and every line of every proof has
//! the value of the first.

use std::time::Instant;

use isotropic::{
    proof::{Model, NoModel, check_all, check_model},
    statement::declarations,
};

use super::{all, dimensions, find, model, rng};

#[test]
fn every_line_of_every_proof_holds_over_the_rationals() {
    let mut rng = rng(3);
    let (mut models, mut lines) = (0, 0);
    for (id, theorem, proved) in all() {
        for free in [true, false] {
            for sizes in dimensions(&theorem.dimensions, &mut rng) {
                let mut values = model(theorem, proved, &sizes, free, &mut rng);
                for (name, left, right) in &proved.hypotheses {
                    let (a, b) = (values.value(left).unwrap(), values.value(right).unwrap());
                    assert_eq!(
                        a, b,
                        "{id} {}: hypothesis {name} at {sizes:?}",
                        theorem.name
                    );
                }
                for derivation in &proved.derivations {
                    let first = values.value(&derivation.terms[0]).unwrap();
                    for term in &derivation.terms[1..] {
                        let value = values.value(term).unwrap();
                        assert_eq!(first, value, "{id} {}, {}", theorem.name, derivation.name);
                        lines += 1;
                    }
                }
                models += 1;
            }
        }
    }
    let steps: usize = all().iter().map(|(.., proved)| proved.steps()).sum();
    assert_eq!((models, lines), (8 * all().len(), 8 * steps));
}

#[test]
fn every_set_of_hypotheses_has_a_stored_model() {
    for (id, theorem, proved) in all() {
        check_model(proved, theorem.model.as_ref())
            .unwrap_or_else(|why| panic!("{id} {}: {why}", theorem.name));
        if !proved.hypotheses.is_empty() {
            let none = check_model(proved, None);
            assert_eq!(none, Err(NoModel::Absent));
        }
    }
}

#[test]
fn a_wrong_model_is_refused() {
    let (theorem, proved) = find("B1", "gauge");
    let good = theorem.model.expect("stored");
    let with = |edit: &dyn Fn(&mut Model)| {
        let mut model = good.clone();
        edit(&mut model);
        check_model(&proved, Some(&model))
            .expect_err("refused")
            .to_string()
    };
    let size = |name: &'static str, n| {
        move |model: &mut Model| {
            let _ = model.dimensions.insert(name.into(), n);
        }
    };
    assert!(with(&size("n₀", 2)).contains("distinct"));
    assert!(with(&size("n₀", 1)).contains("at least 2"));
    assert!(with(&size("n₁", 5)).contains("expected 5×5"));
    assert!(
        with(&|model| {
            let _ = model.dimensions.remove("n₀");
        })
        .contains("needs a number")
    );
    assert!(with(&|model| drop(model.values.remove("R"))).contains("orthogonal fails"));
    assert!(
        with(&|model| drop(model.values.insert("Q".into(), model.values["R"].clone())))
            .contains("no such variable")
    );
    assert!(
        with(&|model| drop(model.values.insert("z₁".into(), model.values["R"].clone())))
            .contains("no such variable")
    );
}

/// "All scripts re-check in under 100 ms" is said of release builds; `ISOTROPIC_PRINT=1` prints the time.
/// The best of three or more, up to a hundred: others may use the machine.
#[test]
fn all_scripts_are_rechecked_quickly() {
    let declarations = declarations().expect("readable");
    let limit = if cfg!(debug_assertions) { 1.0 } else { 0.1 };
    let mut best = f64::INFINITY;
    let (mut steps, mut theorems) = (0, 0);
    for round in 0..100 {
        if round >= 3 && best < limit {
            break;
        }
        let start = Instant::now();
        (steps, theorems) = (0, 0);
        for declaration in declarations.iter().filter(|d| !d.theorems.is_empty()) {
            let proved = check_all(&declaration.theorems).expect("accepted");
            theorems += proved.len();
            steps += proved.iter().map(|p| p.steps()).sum::<usize>();
        }
        best = best.min(start.elapsed().as_secs_f64());
    }
    if std::env::var_os("ISOTROPIC_PRINT").is_some() {
        println!(
            "{theorems} theorems, {steps} steps re-checked in {:.1} ms",
            1e3 * best
        );
    }
    assert!(best < limit, "{best} s");
    assert!(steps > 800, "{steps}");
}
