//! The files of `experiments/`: each parses, has a rule and a claim, and is reachable by its name.

use std::{collections::BTreeSet, fs, path::Path};

use isotropic::experiment::{NAMES, config, digits};

#[test]
fn every_file_is_an_experiment_and_has_a_rule() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments");
    let names = fs::read_dir(folder).expect("experiments/ exists");
    let files: BTreeSet<String> = names
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|e| e == "yaml"))
        .map(|path| {
            path.file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    assert_eq!(files, NAMES.iter().map(ToString::to_string).collect());
    for name in NAMES {
        let config = config(name).expect("parses").expect("exists");
        assert_eq!(config.name, name);
        assert!(config.seeds >= 2 && !config.rule.is_empty() && !config.claim.is_empty());
        assert!(!config.title.is_empty() && !config.source.is_empty());
    }
    assert!(config("no such").expect("no file").is_none());
}

/// Tables of numbers that were made up have a row for each setting and decide every claim; too few numbers do not panic.
#[test]
fn tables_are_made_of_whatever_was_measured() {
    for name in NAMES {
        let experiment = config(name)
            .expect("parses")
            .expect("exists")
            .shipped
            .experiment;
        let made_up = vec![vec![50.0; 200]; 3];
        for table in experiment.tables(&made_up) {
            assert!(!table.rows.is_empty() && !table.claims.is_empty(), "{name}");
            assert!(
                table.rows.iter().all(|row| row.len() == table.head.len()),
                "{name}"
            );
        }
        assert!(!experiment.tables(&[]).is_empty());
    }
}

#[test]
fn the_digits_are_split_as_their_readme_says() {
    let data = digits().expect("shipped");
    assert_eq!((data.train.rows(), data.test.rows()), (1437, 360));
    assert_eq!((data.inputs(), data.classes), (64, 10));
    let few = data.train.of_labels(|label| label < 5);
    assert!(few.labels().iter().all(|label| *label < 5) && few.rows() > 700);
}
