//! The list of Rocq theorems against the files that prove them, without Rocq: `make proofs` asks Rocq itself.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[serde(deny_unknown_fields)]
struct Entry {
    theorem: String,
    file: String,
}

/// Without axioms, and with those of Coq's real numbers.
fn folders() -> [PathBuf; 2] {
    ["rocq", "rocq-reals"].map(|name| {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("proofs")
            .join(name)
    })
}

fn listed(folder: &Path) -> BTreeMap<String, Vec<Entry>> {
    let text = fs::read_to_string(folder.join("theorems.yaml")).expect("exists");
    serde_saphyr::from_str(&text).expect("statement: [{theorem, file}]")
}

/// The names that follow one of `keywords` at the start of a line.
fn stated(file: &Path, keywords: &[&str]) -> BTreeSet<String> {
    let text = fs::read_to_string(file).expect("readable");
    let name = |line: &str| {
        let (keyword, rest) = line.split_once(' ')?;
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '\'')?;
        keywords.contains(&keyword).then(|| rest[..end].to_string())
    };
    text.lines().filter_map(name).collect()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).expect("exists");
    files
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "v"))
        .collect()
}

#[test]
fn every_listed_theorem_is_stated_in_its_file() {
    for folder in folders() {
        let listed = listed(&folder);
        assert!(listed.values().all(|entries| !entries.is_empty()));
        for (id, entries) in &listed {
            for Entry { theorem, file } in entries {
                let names = stated(&folder.join(file), &["Theorem", "Lemma", "Corollary"]);
                assert!(names.contains(theorem), "{id}: {theorem} is not in {file}");
            }
            let once: BTreeSet<&Entry> = entries.iter().collect();
            assert_eq!(once.len(), entries.len(), "{id} lists a theorem twice");
        }
    }
}

#[test]
fn every_stated_theorem_is_listed() {
    for folder in folders() {
        let listed = listed(&folder);
        let names: BTreeSet<(&str, &str)> = listed
            .values()
            .flatten()
            .map(|entry| (entry.file.as_str(), entry.theorem.as_str()))
            .collect();
        let mut found = 0;
        for path in sources(&folder) {
            let file = path.file_name().expect("a name").to_string_lossy();
            // A lemma is a step on the way, except where it is an axiom of the symbolic kernel.
            let keywords: &[&str] = match &*file {
                "axioms.v" => &["Lemma", "Theorem", "Corollary"],
                _ => &["Theorem", "Corollary"],
            };
            for theorem in stated(&path, keywords) {
                assert!(
                    names.contains(&(&*file, &*theorem)),
                    "{file}: {theorem} is not in theorems.yaml"
                );
                found += 1;
            }
        }
        assert!(found > 0, "no theorem found in {}", folder.display());
    }
}

#[test]
fn a_theorem_is_told_from_what_surrounds_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("sample.v");
    let text = "Theorem first n : n = n.\n(* Theorem in_words. *)\nLemma second: True.\nTheorem third' : True.\n";
    fs::write(&file, text).expect("written");
    let names: Vec<String> = stated(&file, &["Theorem"]).into_iter().collect();
    assert_eq!(names, ["first", "third'"]);
}
