//! `isotropic prove`: what it prints, and bad files.

use std::{fs, path::Path, process::Command};

/// Exit code, standard output, standard error.
fn prove(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_isotropic"))
        .arg("prove")
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the command starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    let code = output.status.code().expect("no signal");
    (code, text(output.stdout), text(output.stderr))
}

const SMALL: &str = "theorems:\n- name: small\n  says: sums commute\n  dimensions: [m, n]\n  variables: {A: m×n, B: m×n}\n  \
                     claim: 'A + B = B + A'\n  proof: [{rule: add-comm}]\n";

#[test]
fn a_statement_is_printed_step_by_step() {
    let folder = tempfile::tempdir().unwrap();
    let (code, text, _) = prove(folder.path(), &["d2", "A1"]);
    assert_eq!(code, 0, "{text}");
    for part in [
        "D2 absorption",
        "theorem absorption:",
        "for all dimensions n₀, n₁, n₂, q",
        "γ₁′ = g(‖z₁′‖² + o₁)",
        "lemma norm: ‖z₁′‖² = ‖z₁‖² + ‖β‖²",
        "= [z₁ᵀ, βᵀ] [z₁; β]",
        "claim: z₂′ = z₂",
        "refuted psi-forgotten",
        "assume orthogonal: Rᵀ R = I[n]",
        "the hypotheses have a model with n = 2",
        "all proofs check",
    ] {
        assert!(text.contains(part), "`{part}` in {text}");
    }
    let (code, text, _) = prove(folder.path(), &[]);
    assert_eq!(code, 0, "{text}");
    assert!(
        text.contains("G1 ") && text.contains("wrong versions refuted"),
        "{text}"
    );
}

#[test]
fn a_statement_without_script_is_printed_with_what_rocq_proves() {
    let folder = tempfile::tempdir().unwrap();
    let (code, text, _) = prove(folder.path(), &["A4"]);
    assert_eq!(code, 0, "{text}");
    for part in [
        "A4 the activation is Lipschitz",
        "no script: an inequality",
        "Rocq, checked by `make proofs`, proofs/rocq/lipschitz.v:",
        "    Corollary rational_lipschitz",
        "no script to check",
    ] {
        assert!(text.contains(part), "`{part}` in {text}");
    }
    // What is refuted and nothing else can be reached too.
    let (code, text, _) = prove(folder.path(), &["f2"]);
    assert_eq!(code, 0, "{text}");
    assert!(
        text.contains("F2 ") && text.contains("fails at the stored values"),
        "{text}"
    );
    let (code, text, _) = prove(folder.path(), &["D1", "B3"]);
    assert_eq!(code, 0, "{text}");
    assert!(
        text.contains("dead has the proof of C1 neurogenesis"),
        "{text}"
    );
    // A file without a theorem still proves nothing.
    fs::write(folder.path().join("none.yaml"), "theorems: []\n").unwrap();
    let (code, text, _) = prove(folder.path(), &["--file", "none.yaml"]);
    assert_eq!(code, 1, "{text}");
}

#[test]
fn shapes_with_sums_are_bracketed() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let text = SMALL.replace("A: m×n, B: m×n", "A: m+n×n, B: m+n×n, c: m+n");
    fs::write(at.join("mine.yaml"), text).unwrap();
    let (code, text, _) = prove(at, &["--file", "mine.yaml"]);
    assert_eq!(code, 0, "{text}");
    assert!(
        text.contains("A ∈ ℝ^((m+n)×n), B ∈ ℝ^((m+n)×n), c ∈ ℝ^(m+n)"),
        "{text}"
    );
}

#[test]
fn a_declaration_of_ones_own_shows_what_it_holds() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let given = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/proofs/D2.yaml")).unwrap();
    let titles = [
        ("absorption", 0),
        ("abs\u{43e}rption", 2),
        ("abs\u{202e}orption", 2),
        ("abs\u{200b}orption", 2),
    ];
    for (title, code) in titles {
        fs::write(
            at.join("mine.yaml"),
            given.replace("title: absorption", &format!("title: {title}")),
        )
        .unwrap();
        let (found, text, errors) = prove(at, &["--file", "mine.yaml"]);
        assert_eq!(found, code, "{text}{errors}");
        assert_eq!(errors.contains("is U+"), code == 2, "{errors}");
    }
}

#[test]
fn a_file_of_ones_own_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("mine.yaml"), SMALL).unwrap();
    let (code, text, _) = prove(at, &["--file", "mine.yaml"]);
    assert_eq!(code, 0, "{text}");
    assert!(
        text.contains("= B + A") && text.contains("add-comm"),
        "{text}"
    );
    // A failed proof is a result: exit code 1, with file, theorem, step, what was found and expected.
    fs::write(at.join("mine.yaml"), SMALL.replace("B + A'", "A + A'")).unwrap();
    let (code, text, errors) = prove(at, &["--file", "mine.yaml"]);
    assert_eq!((code, errors.as_str()), (1, ""), "{text}");
    let part = "FAILS: mine.yaml: theorem small, the proof: found `B + A`, expected `A + A`";
    assert!(text.contains(part), "`{part}` in {text}");
    let given = Path::new(env!("CARGO_MANIFEST_DIR")).join("proofs/D2.yaml");
    let (code, text, _) = prove(at, &["--file", given.to_str().unwrap()]);
    assert_eq!(code, 0, "{text}");
}

#[test]
fn what_cannot_be_read_is_refused_with_code_2() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let nested = format!("theorems: {}{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep_key = format!("theorems:\n- name: {}x\n", "? ".repeat(50_000));
    let aliases = "a: &a [x, x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n\
                   c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\ntheorems: [*c, *c, *c, *c, *c, *c, *c]\n";
    for (what, text) in [
        ("empty", ""),
        ("no theorems", "theorem: []\n"),
        ("not YAML", "theorems: [}\n"),
        (
            "unknown key",
            &SMALL.replace("says:", "colour: red\n  says:"),
        ),
        (
            "unknown key of a step",
            &SMALL.replace("add-comm}", "add-comm, colour: red}"),
        ),
        (
            "duplicate key",
            &SMALL.replace("says:", "name: other\n  says:"),
        ),
        (
            "duplicate variable",
            &SMALL.replace("B: m×n}", "B: m×n, A: n×m}"),
        ),
        (
            "duplicate key of a step",
            &SMALL.replace("add-comm}", "add-comm, rule: add-zero}"),
        ),
        (
            "a number for a list",
            &SMALL.replace("[{rule: add-comm}]", "3"),
        ),
        (
            "a negative position",
            &SMALL.replace("add-comm}", "add-comm, at: [-1]}"),
        ),
        ("a missing claim", &SMALL.replace("claim:", "# claim:")),
        ("huge nesting", &nested),
        ("huge nesting of keys", &deep_key),
        ("aliases upon aliases", aliases),
        ("a broken declaration", "id: D2\n"),
    ] {
        fs::write(at.join("bad.yaml"), text).unwrap();
        let (code, out, errors) = prove(at, &["--file", "bad.yaml"]);
        assert_eq!(code, 2, "{what}: {out}{errors}");
        assert_eq!(out, "", "{what}");
        assert!(
            errors.starts_with("isotropic: bad.yaml: "),
            "{what}: {errors}"
        );
        assert_eq!(errors.lines().count(), 1, "{what}: {errors}");
    }
    fs::write(at.join("bad.yaml"), [0xff, 0xfe, 0x00]).unwrap();
    assert_eq!(prove(at, &["--file", "bad.yaml"]).0, 2);
    for arguments in [
        &["--file", "none.yaml"][..],
        &["--file", "."],
        &["Z9"],
        &["D2", "--file", "bad.yaml"],
    ] {
        let (code, out, errors) = prove(at, arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {errors}");
        assert_eq!(errors.lines().count(), 1, "{arguments:?}: {errors}");
    }
    // No theorem at all: read, and not a proof.
    fs::write(at.join("none.yaml"), "theorems: []\n").unwrap();
    assert_eq!(prove(at, &["--file", "none.yaml"]).0, 1);
}

/// `verify` shows what is proved and not measured, and says so.
#[test]
fn verify_shows_proofs_without_measurements() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_isotropic"))
        .args(["verify", "--only", "g1", "--cases", "1"])
        .current_dir(folder.path())
        .output()
        .expect("the command starts");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(
        text.contains("G1 ") && text.contains("not measured"),
        "{text}"
    );
    assert!(!text.contains("F1 "), "{text}");
    assert!(
        text.contains("verified: 0 verified, 0 refuted, 0 unknown"),
        "{text}"
    );
}
