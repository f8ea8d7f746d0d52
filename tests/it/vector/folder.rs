//! The shipped folder: sound, the same bytes again, and what the lint finds when it is not.

use std::fs;

use isotropic::vector::{
    Operation,
    case::{Compare, VectorFile},
    folder::{MANIFEST, file_name, parse, render, sha256},
    generate::generate,
    lint::{lint, lint_file},
    report::Report,
};

use super::{files, own, shipped};

#[test]
fn the_shipped_folder_is_sound() {
    let findings = lint(&shipped());
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

/// All of them with `ISOTROPIC_CAMPAIGN=1`; else those that take no factorisation.
#[test]
fn the_same_seed_gives_the_same_bytes() {
    let all = std::env::var_os("ISOTROPIC_CAMPAIGN").is_some();
    let quick = [
        Operation::Harness,
        Operation::Gain,
        Operation::Activation,
        Operation::Grow,
        Operation::OptimiserState,
        Operation::OptimiserStep,
        Operation::Decide,
        Operation::Import,
        Operation::Invalid,
    ];
    let operations = if all {
        Operation::ALL.to_vec()
    } else {
        quick.to_vec()
    };
    for operation in operations {
        let stored = fs::read_to_string(shipped().join(file_name(operation))).unwrap();
        let seed = parse(&stored).unwrap().provenance.seed;
        let again = render(&generate(operation, seed).unwrap());
        assert!(
            again == stored,
            "{}: run `isotropic vectors generate`",
            operation.name()
        );
    }
    // And another seed gives others.
    let other = render(&generate(Operation::Gain, 2).unwrap());
    assert_ne!(
        other,
        fs::read_to_string(shipped().join("gain.json")).unwrap()
    );
}

/// The promise of 1.3: no case of 1.2, nor of 1.1 before it, has changed a byte, and none is gone.
#[test]
fn the_cases_of_1_2_are_kept() {
    let kept = include_str!("../../data/vectors-1.2.txt");
    let kept: Vec<(&str, &str)> = kept
        .lines()
        .filter_map(|line| line.split_once(' ').filter(|(id, _)| id.contains('/')))
        .collect();
    assert_eq!(kept.len(), 923);
    let mut found = std::collections::BTreeMap::new();
    for operation in Operation::ALL {
        let text = fs::read_to_string(shipped().join(file_name(operation))).unwrap();
        for line in text.lines() {
            let line = line.trim().trim_end_matches(',');
            if let Some(rest) = line.strip_prefix("{\"id\":\"") {
                let id = rest.split('"').next().unwrap().to_string();
                found.insert(id, sha256(line.as_bytes())[..16].to_string());
            }
        }
    }
    let changed: Vec<&str> = kept
        .iter()
        .filter(|(id, digest)| found.get(*id).map(String::as_str) != Some(digest))
        .map(|(id, _)| *id)
        .collect();
    assert_eq!(changed, Vec::<&str>::new());
}

#[test]
fn this_crate_passes_in_both_precisions() {
    let files = files(&Operation::ALL);
    for precision in ["f64", "f32"] {
        let report = Report::judge(&files, precision, |case| Some(own(case, precision)));
        assert!(report.passed(), "{}", report.render(usize::MAX));
        assert!(report.counts().0 > 350, "{:?}", report.counts());
    }
}

/// Nothing that is not unique is stored: a reference may not depend on signs or bases.
#[test]
fn no_singular_vectors_are_stored() {
    for file in files(&[
        Operation::Left,
        Operation::Full,
        Operation::Truncate,
        Operation::Compress,
    ]) {
        for case in &file.cases {
            for name in case.expected.keys() {
                assert!(
                    [
                        "widths",
                        "sigma",
                        "off_diagonal",
                        "o",
                        "next_psi",
                        "change",
                        "y"
                    ]
                    .contains(&name.as_str()),
                    "{}: {name}",
                    case.id
                );
            }
        }
    }
}

fn spoiled(spoil: impl Fn(&mut VectorFile)) -> Vec<String> {
    let mut file = files(&[Operation::Forward]).remove(0);
    assert!(lint_file(&file).is_empty());
    spoil(&mut file);
    lint_file(&file)
}

#[test]
fn the_lint_sees_each_kind_of_fault() {
    type Edit = fn(&mut VectorFile);
    let cases: [(&str, Edit); 12] = [
        ("declared", |f| f.number_of_cases += 1),
        ("no cases", |f| f.cases.clear()),
        ("does not begin with", |f| f.cases[0].id = "gain/x".into()),
        ("no comment", |f| f.cases[0].comment.clear()),
        ("no note on its flag", |f| {
            f.cases[0].flags.push("Unheard".into())
        }),
        ("is unknown", |f| {
            let note = f.notes.values().next().unwrap().clone();
            f.notes.insert("Unheard".into(), note);
        }),
        ("not the one of this version", |f| {
            f.notes.values_mut().next().unwrap().bug.push('!')
        }),
        ("which no case carries", |f| {
            for case in &mut f.cases {
                case.flags.retain(|flag| flag != "PsiOwnGain");
            }
        }),
        ("nothing is expected", |f| f.cases[0].expected.clear()),
        ("an unknown input", |f| {
            f.cases[0].input = f.cases[0].input.clone().with("extra", 1)
        }),
        ("not a positive number", |f| {
            let y = f.cases[0].expected.get_mut("y").unwrap();
            y.allowance
                .as_mut()
                .unwrap()
                .insert("f64".into(), "0".into());
        }),
        ("not one allowance for each precision", |f| {
            f.cases[0].expected.get_mut("y").unwrap().allowance = None;
        }),
    ];
    for (part, spoil) in cases {
        let findings = spoiled(spoil);
        assert!(
            findings.iter().any(|finding| finding.contains(part)),
            "`{part}` in {findings:?}"
        );
    }
}

#[test]
fn the_lint_sees_changed_missing_and_strange_files() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::create_dir(here.join("schemas")).unwrap();
    for operation in Operation::ALL {
        for name in [
            file_name(operation),
            format!("schemas/{}", file_name(operation)),
        ] {
            fs::copy(shipped().join(&name), here.join(&name)).unwrap();
        }
    }
    fs::copy(shipped().join(MANIFEST), here.join(MANIFEST)).unwrap();
    assert_eq!(lint(here), Vec::<String>::new());

    let gain = fs::read_to_string(here.join("gain.json")).unwrap();
    fs::write(
        here.join("gain.json"),
        gain.replacen("r of about", "r of nearly", 1),
    )
    .unwrap();
    assert!(
        lint(here)
            .iter()
            .any(|finding| finding.contains("the hash of gain.json"))
    );
    fs::write(
        here.join("gain.json"),
        gain.replacen("\"version\": 1", "\"version\": 2", 1),
    )
    .unwrap();
    assert!(
        lint(here)
            .iter()
            .any(|finding| finding.contains("its version is 2"))
    );
    fs::write(here.join("gain.json"), &gain).unwrap();
    fs::write(here.join("more.json"), "{}").unwrap();
    assert!(
        lint(here)
            .iter()
            .any(|finding| finding.contains("more.json: no file of this version"))
    );
    fs::remove_file(here.join("more.json")).unwrap();
    fs::remove_file(here.join("left.json")).unwrap();
    assert!(
        lint(here)
            .iter()
            .any(|finding| finding.starts_with("left.json: "))
    );
    let copy = fs::read_to_string(here.join("grow.json")).unwrap();
    let first = "grow/tanh-2-3-2-layer-1-by-1";
    assert!(copy.contains(first));
    let twice = copy.replacen("grow/tanh-2-2-3-2-layer-2-by-2", first, 1);
    fs::write(here.join("grow.json"), twice).unwrap();
    assert!(
        lint(here)
            .iter()
            .any(|finding| finding.contains("occurs twice"))
    );
}

/// Where the reference is rational it is stored as p/q as well, and the exact comparison uses it.
#[test]
fn some_references_are_exact() {
    let files = files(&Operation::ALL);
    let quantities = files
        .iter()
        .flat_map(|file| &file.cases)
        .flat_map(|case| case.expected.values());
    let exact =
        quantities.filter(|quantity| quantity.exact.is_some() && quantity.compare == Compare::Norm);
    assert!(exact.count() > 40);
}
