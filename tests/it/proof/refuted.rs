//! The false statements: each has values at which its sides differ, and each control is one or has a reason.

use std::{collections::BTreeSet, fs, path::Path};

use isotropic::{
    proof::{NotRefuted, Refutations, check, check_all},
    statement::{declarations, refutations},
};

#[test]
fn every_refuted_statement_fails_at_its_witness() {
    let mut count = 0;
    for file in refutations().expect("readable") {
        for refuted in &file.refuted {
            let sides = refuted.sides();
            let (left, right) =
                sides.unwrap_or_else(|why| panic!("{} {}: {why}", file.id, refuted.control));
            assert_ne!(left, right);
            // And it has no proof of no steps.
            assert!(check(&refuted.as_theorem()).is_err());
            count += 1;
        }
    }
    assert!(count >= 51, "{count}");
}

/// Controls of proved statements that are no equations between terms.
const NO_EQUATION: [(&str, &str); 7] = [
    ("A3", "one-sided"),           // the order of a difference quotient
    ("B1", "rotation-in-double"),  // a precision
    ("B2", "nalgebra-svd"),        // a precision
    ("B9", "scaling-ranks"),       // a rank
    ("D2", "length-in-single"),    // a precision
    ("D4", "next-singular-value"), // an inequality
    ("F1", "sign-descent"),        // elementwise-adam's, for a φ that is no term: the sign
];

#[test]
fn every_control_of_a_proved_statement_is_refuted() {
    let files = refutations().expect("readable");
    let known: BTreeSet<(&str, &str)> = files
        .iter()
        .flat_map(|file| {
            file.refuted
                .iter()
                .map(|r| (file.id.as_str(), r.control.as_str()))
        })
        .collect();
    for declaration in declarations().expect("readable") {
        if declaration.theorems.is_empty() {
            continue;
        }
        for control in &declaration.controls {
            let pair = (declaration.id.as_str(), control.id.as_str());
            assert_ne!(
                known.contains(&pair),
                NO_EQUATION.contains(&pair),
                "{pair:?}"
            );
        }
    }
}

#[test]
fn every_file_of_the_folder_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("proofs/refuted");
    let names = fs::read_dir(folder).expect("exists");
    let names: BTreeSet<String> = names
        .map(|entry| {
            entry
                .expect("readable")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    let read = refutations().expect("readable");
    let read: BTreeSet<String> = read
        .iter()
        .map(|file| format!("{}.yaml", file.id))
        .collect();
    assert_eq!(names, read);
}

/// The refuted D2 with the update put back is true: its witness refutes nothing.
#[test]
fn a_true_statement_is_not_refuted() {
    let text = include_str!("../../../proofs/refuted/D2.yaml");
    let right = text.replacen(
        "z₂ = W₂ (γ₁ · z₁) + b₂ + γ₁ · ψ₂'",
        "z₂ = W₂ (γ₁ · z₁) + b₂ + γ₁ · (ψ₂ + w β)'",
        1,
    );
    assert_ne!(text, right);
    let refuted = &Refutations::parse(&right).expect("readable").refuted[0];
    assert!(matches!(refuted.sides(), Err(NotRefuted::Equal(_))));
}

#[test]
fn a_witness_must_satisfy_the_hypotheses() {
    let text = include_str!("../../../proofs/refuted/B1.yaml");
    let wrong = text.replacen("\"3/5\"", "\"2/5\"", 1);
    let refuted = &Refutations::parse(&wrong).expect("readable").refuted[0];
    assert!(matches!(refuted.sides(), Err(NotRefuted::Witness(_))));
    assert!(check_all(&[]).is_err(), "no theorems are no proof");
}
