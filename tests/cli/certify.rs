//! Certified bounds and certificates on the command line.

use std::{fs, path::Path};

use super::{done, folder, refused};
use crate::command::{isotropic, stderr, stdout};

fn json(path: &Path) -> serde_json::Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn every_operation_certifies_what_it_wrote() {
    let folder = folder();
    let folder = folder.path();
    let runs: [&[&str]; 5] = [
        &[
            "resize",
            "shipped.safetensors",
            "--widths",
            "64,40,36,10",
            "-o",
            "out.safetensors",
        ],
        &[
            "resize",
            "shipped.safetensors",
            "--widths",
            "64,48,31,10",
            "-o",
            "out.yaml",
        ],
        &[
            "diagonalise",
            "shipped.safetensors",
            "--gauge",
            "triangular",
            "-o",
            "out.safetensors",
            "--dtype",
            "f32",
        ],
        &["compress", "small.yaml", "-o", "out.yaml"],
        &["diff", "shipped.safetensors", "shipped.safetensors"],
    ];
    for run in runs {
        let mut arguments = run.to_vec();
        arguments.extend(["--ball", "3", "--json", "b.json", "--certificate", "c.yaml"]);
        let printed = done(folder, &arguments);
        assert!(
            printed.contains("certified bound: |y - y'| <= "),
            "{run:?}: {printed}"
        );
        assert!(printed.contains("observed / certified"), "{printed}");
        let found = json(&folder.join("b.json"));
        let number = |key: &str| {
            found[key]
                .as_f64()
                .unwrap_or_else(|| panic!("{key} in {found}"))
        };
        let (bound, observed) = (number("certified_bound"), number("observed"));
        assert!(observed <= bound && bound.is_finite(), "{run:?}: {found}");
        assert!(
            (number("ratio") - observed / bound.max(1e-300)).abs() <= 1e-12,
            "{found}"
        );
        let (a, b) = match run[0] {
            "diff" => (run[1], run[2]),
            _ => (
                run[1],
                *run.iter().find(|word| word.starts_with("out.")).unwrap(),
            ),
        };
        let checked = done(folder, &["check-certificate", "c.yaml", a, b]);
        assert!(checked.starts_with("valid: |y - y'| <= "), "{checked}");
        for part in [
            "for inputs of norm at most 3",
            "in f64, sums taken in any order",
            "of it the exact functions",
            "largest difference seen there",
        ] {
            assert!(checked.contains(part), "`{part}` in {checked}");
        }
    }
}

#[test]
fn inputs_are_certified_one_by_one_and_closely() {
    let folder = folder();
    let folder = folder.path();
    let rows = ["0.5,1/3", "-0.125,2", "0,0"].join("\n");
    fs::write(folder.join("in.csv"), rows).unwrap();
    fs::write(
        folder.join("net.yaml"),
        "isotropic: 1\nwidths: [2, 3, 1]\ngain: tanh\nlayers:\n  - weight: [[\"1\", \"0.1\"], [\"-1\", \"1/3\"], [\"0.01\", \"0\"]]\n    \
         bias: [\"0.5\", \"0.25\", \"0.1\"]\n    intrinsic_length_squared: \"0.3\"\n  - weight: [[\"1\", \"2\", \"3\"]]\n    bias: [\"0\"]\n    psi: [\"0.7\"]\n",
    )
    .unwrap();
    let arguments = [
        "resize",
        "net.yaml",
        "--widths",
        "2,1,1",
        "-o",
        "out.yaml",
        "--inputs",
        "in.csv",
        "--json",
        "b.json",
        "--certificate",
        "c.yaml",
    ];
    let printed = done(folder, &arguments);
    assert!(printed.contains("for 3 inputs"), "{printed}");
    let found = json(&folder.join("b.json"));
    let ratio = found["ratio"].as_f64().unwrap();
    assert!(ratio > 0.99 && ratio <= 1.0, "{found}");
    done(
        folder,
        &["check-certificate", "c.yaml", "net.yaml", "out.yaml"],
    );
    // With both, the bound is for the ball and the measurement on the inputs.
    let both = done(
        folder,
        &[
            "diff", "net.yaml", "net.yaml", "--ball", "2.5", "--inputs", "in.csv",
        ],
    );
    assert!(both.contains("inputs of norm at most 2.5"), "{both}");
    refused(
        folder,
        &[
            "diff", "net.yaml", "out.yaml", "--ball", "1.5", "--inputs", "in.csv",
        ],
        &["in.csv", "line 2", "norm 2.003902", "1.5"],
    );
}

#[test]
fn networks_of_other_widths_depth_or_gain_are_certified_too() {
    let folder = folder();
    let folder = folder.path();
    let output = isotropic(
        folder,
        &[
            "diff",
            "shipped.safetensors",
            "wide.safetensors",
            "--ball",
            "1",
        ],
    );
    assert_eq!(output.status.code(), Some(1), "different they are");
    assert!(
        stdout(&output).contains("certified bound: |y - y'| <= "),
        "{}",
        stdout(&output)
    );
}

#[test]
fn edited_certificates_and_other_files_are_invalid() {
    let folder = folder();
    let folder = folder.path();
    let made = [
        "diagonalise",
        "small.yaml",
        "--gauge",
        "left",
        "-o",
        "out.yaml",
        "--ball",
        "1",
        "--certificate",
        "c.yaml",
    ];
    done(folder, &made);
    let good = fs::read_to_string(folder.join("c.yaml")).unwrap();
    let checked = |text: &str, a: &str, b: &str| {
        fs::write(folder.join("e.yaml"), text).unwrap();
        let output = isotropic(folder, &["check-certificate", "e.yaml", a, b]);
        (output.status.code(), stdout(&output) + &stderr(&output))
    };
    assert_eq!(checked(&good, "small.yaml", "out.yaml").0, Some(0));
    // Another claim, another radius: the digest shows it.
    let claim = good
        .lines()
        .find(|line| line.starts_with("certified_bound"))
        .unwrap();
    for edited in [
        good.replace(claim, "certified_bound: \"0x1p-80\""),
        good.replace("ball: \"1\"", "ball: \"2\""),
    ] {
        assert_ne!(edited, good);
        let (code, said) = checked(&edited, "small.yaml", "out.yaml");
        assert!(
            code == Some(1) && said.contains("edited"),
            "{code:?}: {said}"
        );
        // A forger recomputes the digest; the claim is still not what the files prove.
        let above = &edited[..edited.rfind("digest: ").unwrap()];
        let forged = format!(
            "{above}digest: {}\n",
            isotropic::certificate::fingerprint(above.as_bytes())
        );
        let (code, said) = checked(&forged, "small.yaml", "out.yaml");
        assert!(
            code == Some(1) && said.contains("proves"),
            "{code:?}: {said}"
        );
    }
    // The files swapped, and one changed in a single digit.
    let (code, said) = checked(&good, "out.yaml", "small.yaml");
    assert!(
        code == Some(1) && said.contains("SHA-256"),
        "{code:?}: {said}"
    );
    let changed = fs::read_to_string(folder.join("out.yaml")).unwrap() + "# one more line\n";
    fs::write(folder.join("other.yaml"), changed).unwrap();
    assert_eq!(checked(&good, "small.yaml", "other.yaml").0, Some(1));
    // Read in another way than it was certified.
    let output = isotropic(
        folder,
        &[
            "check-certificate",
            "c.yaml",
            "small.yaml",
            "out.yaml",
            "--gain",
            "linear",
        ],
    );
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    for (text, part) in [
        ("", "no digest"),
        ("isotropic-certificate: 1\n", "no digest"),
    ] {
        let (code, said) = checked(text, "small.yaml", "out.yaml");
        assert!(code == Some(2) && said.contains(part), "{code:?}: {said}");
    }
    let unreadable = "nonsense: true\n";
    let signed = format!(
        "{unreadable}digest: {}\n",
        isotropic::certificate::fingerprint(unreadable.as_bytes())
    );
    assert_eq!(checked(&signed, "small.yaml", "out.yaml").0, Some(2));
}

#[test]
fn overflow_is_unknown_and_never_verified() {
    let folder = folder();
    let folder = folder.path();
    let arguments = [
        "diagonalise",
        "shipped.safetensors",
        "--gauge",
        "triangular",
        "-o",
        "out.safetensors",
        "--ball",
        "1e307",
        "--json",
        "b.json",
        "--certificate",
        "c.yaml",
    ];
    let output = isotropic(folder, &arguments);
    assert_eq!(output.status.code(), Some(3), "{}", stdout(&output));
    assert!(stdout(&output).contains("unknown"), "{}", stdout(&output));
    let found = json(&folder.join("b.json"));
    assert!(
        found["certified_bound"].is_null() && found["verdict"] == "unknown",
        "{found}"
    );
    let output = isotropic(
        folder,
        &[
            "check-certificate",
            "c.yaml",
            "shipped.safetensors",
            "out.safetensors",
        ],
    );
    assert_eq!(output.status.code(), Some(3), "{}", stdout(&output));
}

#[test]
fn bad_regions_are_refused_before_anything_runs() {
    let folder = folder();
    let folder = folder.path();
    let with = |extra: &[&'static str]| -> Vec<&str> {
        ["compress", "small.yaml", "-o", "new.yaml"]
            .into_iter()
            .chain(extra.iter().copied())
            .collect()
    };
    refused(
        folder,
        &with(&["--ball", "-1"]),
        &["--ball", "not negative"],
    );
    refused(folder, &with(&["--ball", "nan"]), &["--ball", "not finite"]);
    refused(
        folder,
        &with(&["--ball", "wide"]),
        &["--ball", "not a number"],
    );
    refused(
        folder,
        &with(&["--json", "b.json"]),
        &["--json", "--ball R or --inputs FILE"],
    );
    refused(
        folder,
        &with(&["--certificate", "c"]),
        &["--certificate", "--ball R or --inputs FILE"],
    );
    refused(
        folder,
        &with(&["--ball", "1", "--certificate", "none/c"]),
        &["none/c"],
    );
    refused(
        folder,
        &["check-certificate", "none.yaml", "small.yaml", "small.yaml"],
        &["none.yaml"],
    );
    // A ball of radius 0 is the origin, and fine.
    done(folder, &with(&["--ball", "0"]));
}

#[test]
fn one_bound_and_it_is_for_the_ball_that_was_asked_for() {
    let folder = folder();
    let folder = folder.path();
    let resize = |extra: &[&str]| {
        let fixed = [
            "resize",
            "shipped.safetensors",
            "--widths",
            "64,40,32,10",
            "-o",
            "out.yaml",
        ];
        let arguments: Vec<&str> = fixed.iter().chain(extra).copied().collect();
        let output = isotropic(folder, &arguments);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        stderr(&output) + &stdout(&output)
    };
    let alone = resize(&[]);
    assert_eq!(alone.matches("|y - y'| <= ").count(), 1, "{alone}");
    assert!(alone.contains("norm at most 1"), "{alone}");
    let asked = resize(&["--ball", "3"]);
    assert_eq!(asked.matches("|y - y'| <= ").count(), 1, "{asked}");
    assert!(
        asked.contains("norm at most 3") && !asked.contains("norm at most 1"),
        "{asked}"
    );
}

#[test]
fn labels_are_certified_at_inputs() {
    let folder = folder();
    let folder = folder.path();
    // Three outputs: the second is the largest at (1, 0), the first at (-1, 0), and at (0, 0) two are equal.
    let net = |weight: &str| {
        format!(
            "isotropic: 1\nwidths: [2, 3]\ngain: tanh\nlayers:\n  - weight: {weight}\n    bias: [\"0\", \"0\", \"-2\"]\n"
        )
    };
    let same = r#"[["-1", "0"], ["1", "0"], ["0", "1"]]"#;
    let moved = r#"[["-1", "0"], ["0.25", "0"], ["0", "3"]]"#;
    fs::write(folder.join("a.yaml"), net(same)).unwrap();
    fs::write(folder.join("b.yaml"), net(moved)).unwrap();
    fs::write(folder.join("in.csv"), "1,0\n-1,0\n0,0\n1,2\n").unwrap();
    let arguments = [
        "diff", "a.yaml", "b.yaml", "--inputs", "in.csv", "--json", "b.json",
    ];
    let output = isotropic(folder, &arguments);
    let printed = stdout(&output);
    // (1, 0) and (-1, 0) keep theirs, (0, 0) has none, at (1, 2) the third overtakes by 3.75.
    let line =
        "labels certified unchanged: 2 of 4 (1 certainly changed, 1 undecided); smallest margin ";
    assert!(printed.contains(line), "{printed}");
    let labels = &json(&folder.join("b.json"))["labels"];
    assert_eq!(labels["certified_unchanged"], 2);
    assert_eq!(labels["undecided"], 1);
    assert!(
        labels["smallest_margin"].is_null(),
        "nothing is known at (0, 0): {labels}"
    );
    // Without the tie: 0.25 + 1 at (1, 0) and 1 + 0.25 at (-1, 0).
    fs::write(folder.join("in.csv"), "1,0\n-1,0\n").unwrap();
    isotropic(folder, &arguments);
    let labels = &json(&folder.join("b.json"))["labels"];
    assert_eq!(
        (&labels["inputs"], &labels["certified_unchanged"]),
        (&2.into(), &2.into())
    );
    let margin = labels["smallest_margin"].as_f64().unwrap();
    assert!((1.249..=1.25).contains(&margin), "{labels}");
    assert_eq!(labels["undecided"], 0);
    // With a ball too, the bound is for the ball and the labels for the inputs.
    let both = [
        "diff", "a.yaml", "a.yaml", "--ball", "3", "--inputs", "in.csv",
    ];
    let printed = done(folder, &both);
    assert!(printed.contains("norm at most 3"), "{printed}");
    assert!(
        printed.contains("labels certified unchanged: 2 of 2; smallest margin"),
        "{printed}"
    );
}

#[test]
fn a_certificate_says_when_its_bound_is_no_better_than_the_range() {
    let folder = folder();
    let folder = folder.path();
    let output = isotropic(
        folder,
        &[
            "diff",
            "shipped.safetensors",
            "wide.safetensors",
            "--ball",
            "1",
            "--certificate",
            "c.yaml",
        ],
    );
    assert_eq!(output.status.code(), Some(1), "different they are");
    let checked = done(
        folder,
        &[
            "check-certificate",
            "c.yaml",
            "shipped.safetensors",
            "wide.safetensors",
        ],
    );
    assert!(checked.contains("no better than their range"), "{checked}");
    done(
        folder,
        &[
            "diff",
            "shipped.safetensors",
            "shipped.safetensors",
            "--ball",
            "1",
            "--certificate",
            "d.yaml",
        ],
    );
    let checked = done(
        folder,
        &[
            "check-certificate",
            "d.yaml",
            "shipped.safetensors",
            "shipped.safetensors",
        ],
    );
    assert!(
        checked.contains("times that") && !checked.contains("range"),
        "{checked}"
    );
}
