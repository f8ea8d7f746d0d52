//! The axioms over ℚ, and what would be seen if one were false.

use std::{collections::BTreeSet, fs, path::Path};

use isotropic::proof::{
    Assignment, Axiom, Op, Problem, Signature, Term, axioms, parse_equation, parse_shape,
};
use isotropic::{linalg::Matrix, scalar::Rational};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{dimensions, rng};

fn agrees(
    axiom: &Axiom,
    sizes: &std::collections::BTreeMap<String, usize>,
    rng: &mut ChaCha8Rng,
) -> bool {
    let mut values = Assignment {
        dimensions: sizes.clone(),
        ..Assignment::default()
    };
    for (name, shape) in &axiom.signature.variables {
        let rows = values.dimension(&shape.rows).expect("known");
        let columns = values.dimension(&shape.columns).expect("known");
        let value = Matrix::from_fn(rows, columns, |_, _| {
            Rational::ratio(rng.random_range(-9..=9), rng.random_range(1..=4)).expect("not 0")
        });
        values.values.insert(name.clone(), value);
    }
    values.value(&axiom.left).expect("a value") == values.value(&axiom.right).expect("a value")
}

fn names(axiom: &Axiom) -> Vec<String> {
    axiom.signature.dimensions.iter().cloned().collect()
}

#[test]
fn every_axiom_holds_over_the_rationals() {
    let mut rng = rng(1);
    let mut evaluated = 0;
    for axiom in axioms().expect("well typed") {
        for _ in 0..25 {
            for sizes in dimensions(&names(&axiom), &mut rng) {
                assert!(
                    agrees(&axiom, &sizes, &mut rng),
                    "{} at {sizes:?}",
                    axiom.name
                );
                evaluated += 1;
            }
        }
    }
    assert_eq!(evaluated, 32 * 25 * 4);
}

/// What the table of axioms must not hold.
fn forged(variables: &[(&str, &str)], equation: &str) -> Result<Axiom, Problem> {
    let mut signature = Signature {
        dimensions: ["m", "n", "p", "q"].map(String::from).into(),
        ..Signature::default()
    };
    for (name, shape) in variables {
        let shape = parse_shape(shape, &signature)?;
        signature.variables.insert((*name).into(), shape);
    }
    let (left, right): (Term, Term) = parse_equation(equation, &signature)?;
    assert_eq!(signature.shape(&left)?, signature.shape(&right)?);
    let name = "forged";
    Ok(Axiom {
        name,
        signature,
        left,
        right,
    })
}

#[test]
fn false_axioms_are_seen_at_distinct_dimensions_and_may_hide_at_0_and_1() {
    let mut rng = rng(2);
    for (variables, equation, hides_at_1) in [
        (&[("A", "n×n"), ("B", "n×n")][..], "A B = B A", true),
        (&[("A", "n×n")], "Aᵀ = A", true),
        (&[("A", "m×n"), ("B", "m×n")], "A Bᵀ A = B Aᵀ A", true),
        (&[("s", "1×1"), ("A", "m×n")], "s · A = A", false),
        (&[("A", "m×n"), ("B", "m×n")], "A + B = A", false),
    ] {
        let axiom = forged(variables, equation).expect("well typed");
        let sizes = |n: usize| names(&axiom).into_iter().map(|name| (name, n)).collect();
        assert!(agrees(&axiom, &sizes(0), &mut rng), "{equation}");
        let at_1 = (0..20).all(|_| agrees(&axiom, &sizes(1), &mut rng));
        assert_eq!(at_1, hides_at_1, "{equation}");
        let distinct = dimensions(&names(&axiom), &mut rng).remove(2);
        assert!(
            !agrees(&axiom, &distinct, &mut rng),
            "{equation} at {distinct:?}"
        );
    }
}

/// `proofs/rocq/axioms.v` proves each axiom under its name, and nothing else stands there.
#[test]
fn rocq_proves_the_axioms_of_the_kernel_one_to_one() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("proofs/rocq");
    if !folder.exists() {
        return;
    }
    let text = fs::read_to_string(folder.join("axioms.v")).expect("readable");
    let stated = text.lines().filter_map(|line| {
        let rest = ["Lemma ", "Theorem ", "Corollary "]
            .iter()
            .find_map(|k| line.trim_start().strip_prefix(k))?;
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_')?;
        Some(rest[..end].to_string())
    });
    let stated: Vec<String> = stated.collect();
    let unique: BTreeSet<String> = stated.iter().cloned().collect();
    assert_eq!(stated.len(), unique.len(), "a name occurs twice");
    let ours = axioms().expect("well typed");
    let ours: BTreeSet<String> = ours
        .iter()
        .map(|axiom| axiom.name.replace('-', "_"))
        .collect();
    assert_eq!(ours.len(), 32);
    assert_eq!(ours, unique);
}

/// A term as Rocq writes it, every shape that it cannot infer given.
fn rocq(term: &Term) -> String {
    let of = |children: &[Term]| children.iter().map(rocq).collect::<Vec<_>>();
    match term {
        Term::Variable(name) => name.clone(),
        Term::Zero(rows, columns) => format!("(0 : 'M[R]_({rows}, {columns}))"),
        Term::Identity(size) => format!("(1%:M : 'M[R]_({size}, {size}))"),
        Term::Node(op, children) => match (op, &*of(children)) {
            (Op::Add, [a, b]) => format!("({a} + {b})"),
            (Op::Mul, [a, b]) => format!("({a} *m {b})"),
            (Op::Scale, [s, a]) => format!("(sc {s} {a})"),
            (Op::Transpose, [a]) => format!("({a})^T"),
            (Op::Hcat, [a, b]) => format!("(row_mx {a} {b})"),
            (Op::Vcat, [a, b]) => format!("(col_mx {a} {b})"),
            (op, _) => panic!("no axiom has {op:?}"),
        },
    }
}

/// The axioms of the kernel in Rocq's words, each proved by the one of `axioms.v` that has its name.
fn rocq_file() -> String {
    let mut text = String::from(
        "(* Written by tests/it/proof/axioms.rs from the axioms of the symbolic kernel, term by term: each says what\n   \
         the theorem of axioms.v says that has its name. *)\n\
         From mathcomp Require Import all_ssreflect ssralg ssrnum zmodp matrix mxalgebra.\n\
         From Isotropic Require Import axioms.\n\
         Import GRing.Theory.\n\
         Local Open Scope ring_scope.\n",
    );
    for axiom in axioms().expect("well typed") {
        let name = axiom.name.replace('-', "_");
        let sizes = names(&axiom).join(" ");
        let variables = axiom.signature.variables.iter();
        let variables: String = variables
            .map(|(name, shape)| format!(" ({name} : 'M[R]_({}, {}))", shape.rows, shape.columns))
            .collect();
        let (left, right) = (rocq(&axiom.left), rocq(&axiom.right));
        text += &format!(
            "\nLemma kernel_{name} (R : comRingType) ({sizes} : nat){variables} :\n  {left} = {right}.\n\
             Proof. exact: axioms.{name}. Qed.\n"
        );
    }
    text
}

/// `proofs/rocq/kernel.v` compares the axioms as terms, not as names: Rocq accepts it only if they say the same.
/// `ISOTROPIC_WRITE=1` writes it.
#[test]
fn rocq_has_the_axioms_as_the_kernel_has_them() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("proofs/rocq/kernel.v");
    if std::env::var_os("ISOTROPIC_WRITE").is_some() {
        fs::write(&path, rocq_file()).expect("written");
        return;
    }
    if !path.parent().is_some_and(Path::exists) {
        return;
    }
    let shown = fs::read_to_string(&path).expect("readable");
    assert!(
        shown == rocq_file(),
        "proofs/rocq/kernel.v is stale: ISOTROPIC_WRITE=1 cargo test --test it rocq_has_the_axioms"
    );
}
