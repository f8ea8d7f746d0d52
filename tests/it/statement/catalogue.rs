//! The catalogue and its declarations: every statement has a file, a check and a control, and every
//! file has a statement.

use std::{collections::BTreeSet, fs, path::Path};

use isotropic::statement::{
    Arithmetic, Declaration, Judge, Kind, Origin, Variant, catalogue, proved_only, refutations,
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The names of the YAML files of a folder.
fn files(folder: &str) -> BTreeSet<String> {
    let names = fs::read_dir(root().join(folder)).expect("the folder exists");
    let names = names.map(|entry| entry.expect("readable").path());
    let yaml = names.filter(|path| {
        path.extension()
            .is_some_and(|extension| extension == "yaml")
    });
    yaml.map(|path| {
        path.file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned()
    })
    .collect()
}

#[test]
fn statements_and_files_match_one_to_one() {
    let entries = catalogue().expect("the declarations parse");
    let ids: BTreeSet<String> = entries.iter().map(|entry| entry.id().to_string()).collect();
    assert_eq!(ids.len(), entries.len(), "an id occurs twice");
    let proved: Vec<Declaration> = proved_only().expect("the declarations parse");
    let proved: BTreeSet<String> = proved.into_iter().map(|declared| declared.id).collect();
    assert!(ids.is_disjoint(&proved));
    assert_eq!(&ids | &proved, files("proofs"));
    let refuted = refutations().expect("readable");
    let refuted: BTreeSet<String> = refuted.into_iter().map(|file| file.id).collect();
    assert_eq!(refuted, files("proofs/refuted"));
}

#[test]
fn every_statement_has_checks_controls_and_a_judge() {
    for entry in catalogue().expect("the declarations parse") {
        let Declaration {
            id,
            hypotheses,
            judge,
            checks,
            controls,
            source,
            statement,
            title,
            ..
        } = &entry.declaration;
        assert!(
            !hypotheses.is_empty()
                && !source.is_empty()
                && !statement.is_empty()
                && !title.is_empty(),
            "{id}"
        );
        assert!(!checks.is_empty(), "{id} has no check");
        for check in checks {
            assert!(root().join(check).is_file(), "{id}: {check} does not exist");
        }
        assert!(!controls.is_empty(), "{id} has no control");
        let names: BTreeSet<&String> = controls.iter().map(|control| &control.id).collect();
        assert_eq!(names.len(), controls.len(), "{id}: a control occurs twice");
        assert!(
            controls
                .iter()
                .all(|control| !control.what.is_empty() && !control.needs.is_empty()),
            "{id}"
        );
        // One judge for floating point, `exact` beside it where the statement is one over ℚ.
        let floats = judge.iter().filter(|judge| **judge != Judge::Exact).count();
        assert_eq!(floats, 1, "{id}: {judge:?}");
    }
}

/// What is not measured is judged by the kernel alone, and says so: `kind: theorem`, no judge, theorems.
#[test]
fn what_is_not_measured_is_proved() {
    for entry in catalogue().expect("the declarations parse") {
        assert_ne!(entry.declaration.kind, Kind::Theorem, "{}", entry.id());
    }
    for declared in proved_only().expect("the declarations parse") {
        let id = &declared.id;
        assert_eq!(declared.kind, Kind::Theorem, "{id}");
        assert!(
            declared.judge.is_empty() && declared.inapplicable.is_empty(),
            "{id}"
        );
        assert!(
            !declared.theorems.is_empty() && !declared.controls.is_empty(),
            "{id}"
        );
        assert!(!declared.checks.is_empty(), "{id}");
        for check in &declared.checks {
            assert!(root().join(check).is_file(), "{id}: {check} does not exist");
        }
    }
}

/// The catalogue is only made where a statement's file and its module name the same controls; an id of neither measures
/// nothing.
#[test]
fn every_control_is_one_of_its_statement() {
    for entry in catalogue().expect("files and modules agree") {
        let case = entry
            .case(&Origin::Generated, Arithmetic::F64, 1, 0)
            .expect("a case");
        let unknown = Variant::Control("no such control");
        let measured = entry.measure(Arithmetic::F64, unknown, &case);
        assert!(matches!(measured, Ok(None)), "{}", entry.id());
    }
}

#[test]
fn declarations_refuse_what_they_do_not_know() {
    let good = fs::read_to_string(root().join("proofs/D2.yaml")).expect("exists");
    assert!(Declaration::parse(&good).is_ok());
    let unknown = Declaration::parse(&format!("{good}colour: red\n"))
        .expect_err("unknown key")
        .to_string();
    assert!(unknown.contains("colour"), "{unknown}");
    let twice = Declaration::parse(&format!("{good}id: D3\n"))
        .expect_err("duplicate key")
        .to_string();
    assert!(twice.contains("id"), "{twice}");
    assert!(Declaration::parse(&good.replace("ratio and slope -1", "looks right")).is_err());
}
