//! `vectors` on the command line: exit codes, what is named, and what is not stopped by it.

use std::fs;

use crate::{
    command::{isotropic, stdout},
    done, refused,
};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/v1");

fn check(folder: &std::path::Path, more: &[&str]) -> (Option<i32>, String) {
    let arguments = [
        &["vectors", "check", "--vectors", FOLDER, "--only", "harness"][..],
        more,
    ]
    .concat();
    let output = isotropic(folder, &arguments);
    (output.status.code(), stdout(&output))
}

#[test]
fn this_program_passes_and_the_folder_is_sound() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    assert!(done(at, &["vectors", "lint", FOLDER]).ends_with("sound\n"));
    let (code, text) = check(at, &["--json", "out.json"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.ends_with("passed: 7 passed, 0 failed, 0 missing\n"),
        "{text}"
    );
    assert!(
        fs::read_to_string(at.join("out.json"))
            .unwrap()
            .contains("\"isotropic-check\"")
    );
}

#[test]
fn results_are_judged_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let write = |name: &str, version: u32, results: &str| {
        let head = format!(r#"{{"format":"isotropic-results","version":{version},"results":"#);
        fs::write(at.join(name), format!("{head}{results}}}")).unwrap();
    };
    let one = r#""harness/one":{"outputs":{"x":["1"]}}"#;
    let nan = r#""harness/small":{"outputs":{"x":["nan","1"]}}"#;
    write("good.json", 1, &format!("{{{one}}}"));
    write(
        "bad.json",
        1,
        &format!(r#"{{{nan},"harness/other":{{"outputs":{{}}}}}}"#),
    );
    write("empty.json", 1, "{}");
    write("new.json", 2, "{}");

    let (code, text) = check(at, &["--against", "good.json"]);
    assert_eq!(code, Some(3), "{text}");
    assert!(
        text.ends_with("incomplete: 1 passed, 0 failed, 6 missing\n"),
        "{text}"
    );
    let (code, text) = check(
        at,
        &[
            "--against",
            "bad.json",
            "--against",
            "good.json",
            "--against",
            "new.json",
        ],
    );
    assert_eq!(code, Some(1), "{text}");
    for part in [
        "harness/small",
        "`nan` is not finite",
        "HarnessWorks: the adapter",
        "an answer to `harness/other`, which is no case",
        "new.json: its version is 2",
        "failed: 1 passed, 1 failed, 5 missing, 2 faults",
    ] {
        assert!(text.contains(part), "`{part}` in {text}");
    }
    let (code, text) = check(at, &["--against", "empty.json"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("no case was answered"), "{text}");
}

#[test]
fn a_broken_folder_fails_and_the_rest_is_judged() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let harness = fs::read_to_string(format!("{FOLDER}/harness.json")).unwrap();
    fs::write(at.join("harness.json"), &harness).unwrap();
    fs::write(
        at.join("gain.json"),
        harness.replacen("\"version\": 1", "\"version\": 7", 1),
    )
    .unwrap();
    let output = isotropic(
        at,
        &[
            "vectors",
            "check",
            "--vectors",
            ".",
            "--only",
            "harness,gain,left",
        ],
    );
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    for part in [
        "gain.json: its version is 7",
        "left.json: ",
        "7 passed, 0 failed, 0 missing, 2 faults",
    ] {
        assert!(text.contains(part), "`{part}` in {text}");
    }
}

#[test]
fn usage() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let vectors = ["vectors", "check", "--vectors", FOLDER];
    let with = |more: &[&'static str]| [&vectors[..], more].concat();
    refused(
        at,
        &with(&["--only", "nope"]),
        &["no operation `nope`", "harness, gain"],
    );
    refused(
        at,
        &with(&["--expect-rejected", "Nope"]),
        &["no flag `Nope`"],
    );
    refused(at, &with(&["--timeout", "0"]), &["--timeout 0"]);
    refused(at, &with(&["--against", "absent.json"]), &["absent.json"]);
    refused(
        at,
        &with(&["--against", "a.json", "--exec", "port"]),
        &["cannot be used with"],
    );
}

#[cfg(unix)]
#[test]
fn a_planted_bug_must_be_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let (code, text) = check(at, &["--exec", "true", "--expect-rejected", "HarnessWorks"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.contains("HarnessWorks: caught, 7 of its 7 cases failed"),
        "{text}"
    );
    let (code, text) = check(
        at,
        &["--exec", "true", "--expect-rejected", "OSquaredTwice"],
    );
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("NOT caught"), "{text}");
}

/// The program holds the vectors: any folder will do, and they can be taken out.
#[test]
fn the_vectors_are_in_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let text = done(at, &["vectors", "check", "--only", "harness,gain"]);
    assert!(text.contains("passed: "), "{text}");
    done(at, &["vectors", "extract", "there"]);
    assert!(done(at, &["vectors", "lint", "there"]).ends_with("sound\n"));
    let shipped = fs::read(format!("{FOLDER}/MANIFEST.json")).unwrap();
    assert_eq!(fs::read(at.join("there/MANIFEST.json")).unwrap(), shipped);

    // A file that was changed is named, though every case passes.
    let gain = fs::read_to_string(at.join("there/gain.json")).unwrap();
    let changed = gain.replacen("r of about", "r of nearly", 1);
    fs::write(at.join("there/gain.json"), changed).unwrap();
    let output = isotropic(
        at,
        &[
            "vectors",
            "check",
            "--vectors",
            "there",
            "--only",
            "harness,gain",
        ],
    );
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(
        text.contains("gain.json: it is not the file of the manifest"),
        "{text}"
    );
    assert!(!text.contains("harness.json:"), "{text}");
}

/// A port of one gain, or of some operations, passes by what it has.
#[test]
fn a_profile_leaves_the_rest_out() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let text = done(
        at,
        &["vectors", "check", "--only", "gain", "--gains", "tanh"],
    );
    assert!(text.contains("outside of the profile"), "{text}");
    fs::write(
        at.join("profile.json"),
        r#"{"format": "isotropic-profile", "gains": ["tanh"], "operations": ["harness", "gain"]}"#,
    )
    .unwrap();
    let text = done(
        at,
        &[
            "vectors",
            "check",
            "--profile",
            "profile.json",
            "--junit",
            "out.xml",
        ],
    );
    assert!(text.contains("outside of the profile"), "{text}");
    let junit = fs::read_to_string(at.join("out.xml")).unwrap();
    assert!(junit.contains("<testsuite name=\"gain\""), "{junit}");
    assert!(junit.contains("name=\"gain/tanh-zero\""), "{junit}");
    assert!(!junit.contains("algebraic"), "{junit}");
    refused(
        at,
        &["vectors", "check", "--gains", "relu"],
        &["no gain `relu`", "tanh"],
    );
    fs::write(at.join("bad.json"), r#"{"gains": ["tanh"]}"#).unwrap();
    refused(
        at,
        &["vectors", "check", "--profile", "bad.json"],
        &["bad.json: its format"],
    );
}
