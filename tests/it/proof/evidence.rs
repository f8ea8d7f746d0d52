//! The table of evidence in `proofs/README.md` is what the files of the folder say, and says enough. `ISOTROPIC_WRITE=1`
//! writes it.

use std::{collections::BTreeSet, fs, path::Path};

use isotropic::statement::{
    Declaration, EVIDENCE_BEGIN, EVIDENCE_END, Evidence, Found, evidence, evidence_table,
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_table_of_evidence_is_up_to_date() {
    let path = root().join("proofs/README.md");
    let text = fs::read_to_string(&path).expect("readable");
    let (before, rest) = text.split_once(EVIDENCE_BEGIN).expect("a beginning");
    let (found, after) = rest.split_once(EVIDENCE_END).expect("an end");
    let expected = evidence_table().expect("readable");
    if std::env::var_os("ISOTROPIC_WRITE").is_some() {
        let text = format!("{before}{EVIDENCE_BEGIN}{expected}{EVIDENCE_END}{after}");
        fs::write(&path, text).expect("written");
        return;
    }
    assert_eq!(
        found, expected,
        "proofs/README.md is stale: ISOTROPIC_WRITE=1 cargo test --test it proof::evidence"
    );
}

/// A control says that a check can fail, and a mutant that a test can: without something that holds they are none.
#[test]
fn no_statement_rests_on_one_kind_of_evidence() {
    for (declaration, cells) in evidence().expect("readable") {
        let positive = Evidence::ALL
            .iter()
            .zip(&cells)
            .filter(|(kind, cell)| {
                matches!(cell, Found::Yes { .. })
                    && !matches!(kind, Evidence::Control | Evidence::Mutation)
            })
            .count();
        assert!(positive >= 2, "{} rests on {positive}", declaration.id);
        assert!(
            matches!(cells[6], Found::Yes { .. }),
            "{} has no control",
            declaration.id
        );
        for cell in &cells {
            let text = match cell {
                Found::Yes { mark, what } => {
                    assert!(!mark.is_empty(), "{}", declaration.id);
                    what
                }
                Found::No(why) => why,
            };
            assert!(text.len() > 5, "{}: {text}", declaration.id);
        }
    }
}

#[test]
fn the_places_of_evidence_exist_and_the_prime_field_is_where_they_say() {
    let mut modular = BTreeSet::new();
    for (declaration, _) in evidence().expect("readable") {
        for (kind, place) in &declaration.evidence {
            let path = place.split([',', ' ']).next().expect("a path");
            let text = fs::read_to_string(root().join(path))
                .unwrap_or_else(|why| panic!("{}: {path}: {why}", declaration.id));
            if *kind == Evidence::PrimeField {
                assert!(
                    text.contains("Residue") || text.contains("ranks::"),
                    "{}: {path} does not count modulo a prime",
                    declaration.id
                );
                modular.insert(path.to_string());
            }
        }
    }
    // And none of the statements that do is forgotten.
    let folder = root().join("src/statement");
    for entry in fs::read_dir(folder).expect("there") {
        let path = entry.expect("readable").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let text = fs::read_to_string(&path).expect("readable");
        let counts =
            text.contains("Residue") && name[1..].starts_with(|c: char| c.is_ascii_digit());
        assert!(
            !counts || modular.contains(&format!("src/statement/{name}")),
            "{name} counts modulo a prime, and proofs/ does not say so"
        );
    }
}

#[test]
fn evidence_cannot_be_denied_where_it_is() {
    let text = fs::read_to_string(root().join("proofs/B6.yaml")).expect("exists");
    assert!(Declaration::parse(&text).is_ok());
    let unknown = text.replace("  𝔽_p: ", "  𝔽_q: ");
    assert_ne!(unknown, text);
    assert!(Declaration::parse(&unknown).is_err());
}
