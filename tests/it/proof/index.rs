//! The index of `proofs/README.md` is what the files of the folder say. `ISOTROPIC_WRITE=1` writes it.

use std::{fs, path::Path};

use isotropic::statement::{INDEX_BEGIN, INDEX_END, declarations, index};

#[test]
fn the_index_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("proofs/README.md");
    let text = fs::read_to_string(&path).expect("readable");
    let (before, rest) = text
        .split_once(INDEX_BEGIN)
        .expect("the index has a beginning");
    let (found, after) = rest.split_once(INDEX_END).expect("the index has an end");
    let expected = index().expect("readable");
    if std::env::var_os("ISOTROPIC_WRITE").is_some() {
        let text = format!("{before}{INDEX_BEGIN}{expected}{INDEX_END}{after}");
        fs::write(&path, text).expect("written");
        return;
    }
    assert_eq!(
        found, expected,
        "proofs/README.md is stale: ISOTROPIC_WRITE=1 cargo test --test it proof::index"
    );
}

#[test]
fn the_links_of_the_index_lead_somewhere() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("proofs");
    let text = index().expect("readable");
    let mut links = 0;
    for part in text.split("](").skip(1) {
        let target = part.split(')').next().expect("closed");
        assert!(folder.join(target).exists(), "{target}");
        links += 1;
    }
    assert!(links > 100, "{links}");
    assert_eq!(
        text.lines().count(),
        declarations().expect("readable").len() + 2
    );
}
