//! `resize --data`: axes from the data, and how it compares with singular values on rows held out.

use std::fs;

use crate::{
    SMALL_NET,
    command::{isotropic, shipped, stderr},
    done, folder, refused,
};

/// The network of `small.yaml` takes two inputs.
const ROWS: &str = "a,b\n1,2\n-0.5,1\n2,0\n0,1\n3,-1\n1,1\n";

#[test]
fn digits_are_cut_along_their_axes() {
    let folder = folder();
    let at = folder.path();
    let digits = shipped("digits.csv.gz");
    let digits = digits.to_str().unwrap();
    let run = [
        "resize",
        SMALL_NET,
        "--widths",
        "64,16,12,10",
        "--data",
        digits,
        "--divide",
        "16",
        "-o",
        "z.safetensors",
    ];
    let output = isotropic(at, &run);
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    for part in [
        "layer 1: 48 -> 16",
        "layer 2: 32 -> 12",
        "over the 1437 inputs of the data <=",
        "360 inputs held out: root mean square",
        "by singular values",
        "right of 360 labels: 323 before",
    ] {
        assert!(said.contains(part), "`{part}` in {said}");
    }
    let json = done(at, &["info", "z.safetensors", "--json"]);
    let info: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(info["widths"], serde_json::json!([64, 16, 12, 10]));
}

#[test]
fn rows_can_be_held_out_or_not() {
    let folder = folder();
    let at = folder.path();
    fs::write(at.join("rows.csv"), ROWS).unwrap();
    let run = |held: &[&str]| {
        let fixed = [
            "resize",
            "small.yaml",
            "--widths",
            "2,2,1",
            "--data",
            "rows.csv",
            "-o",
            "z.yaml",
        ];
        let arguments: Vec<&str> = fixed.iter().chain(held).copied().collect();
        let output = isotropic(at, &arguments);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        stderr(&output)
    };
    let said = run(&[]);
    assert!(
        said.contains("over the 4 inputs") && said.contains("2 inputs held out"),
        "{said}"
    );
    assert!(!said.contains("labels"), "{said}");
    let said = run(&["--held-out", "0"]);
    assert!(
        said.contains("over the 6 inputs") && !said.contains("held out"),
        "{said}"
    );
}

#[test]
fn a_refit_errs_less_on_rows_held_out() {
    let folder = folder();
    let at = folder.path();
    let digits = shipped("digits.csv.gz");
    let error = |refit: &[&str]| {
        let mut run = vec!["resize", SMALL_NET, "--widths", "64,24,12,10", "--data"];
        run.extend([
            digits.to_str().unwrap(),
            "--divide",
            "16",
            "-o",
            "z.safetensors",
        ]);
        run.extend(refit);
        let output = isotropic(at, &run);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(0), "{said}");
        // Its bound is of the cuts, and the refit comes after.
        assert_eq!(said.contains("of the data <="), refit.is_empty(), "{said}");
        let (_, rest) = said
            .split_once("held out: root mean square of |y - y'| ")
            .unwrap();
        rest.split(' ').next().unwrap().parse::<f64>().unwrap()
    };
    let (plain, refitted) = (error(&[]), error(&["--refit"]));
    assert!(refitted < plain, "{refitted} and {plain}");
}

#[test]
fn bad_requests_are_refused() {
    let folder = folder();
    let at = folder.path();
    fs::write(at.join("rows.csv"), ROWS).unwrap();
    fs::write(at.join("three.csv"), "1,2,3\n").unwrap();
    let resize = |rest: &[&'static str]| {
        let fixed = ["resize", "small.yaml", "--widths", "2,2,1", "-o", "z.yaml"];
        fixed.iter().chain(rest).copied().collect::<Vec<&str>>()
    };
    let all_held = resize(&["--data", "rows.csv", "--held-out", "6"]);
    refused(at, &all_held, &["--held-out 6", "6 rows"]);
    refused(at, &resize(&["--held-out", "1"]), &["--data"]);
    refused(at, &resize(&["--divide", "2"]), &["--data"]);
    refused(at, &resize(&["--refit"]), &["--data"]);
    refused(at, &resize(&["--data", "none.csv"]), &["none.csv"]);
    refused(at, &resize(&["--data", "three.csv"]), &["three.csv", "3"]);
}

#[test]
fn widths_can_be_shares() {
    let folder = folder();
    let at = folder.path();
    let run = |widths: &'static str| {
        done(
            at,
            &[
                "resize",
                SMALL_NET,
                "--widths",
                widths,
                "-o",
                "z.safetensors",
            ],
        );
        let info = done(at, &["info", "z.safetensors", "--json"]);
        serde_json::from_str::<serde_json::Value>(&info).unwrap()["widths"].clone()
    };
    // 0.7 · 48 = 33.6 and 0.7 · 32 = 22.4.
    assert_eq!(run("64,70%,70%,10"), serde_json::json!([64, 34, 22, 10]));
    assert_eq!(run("100%,0.1%,125%,10"), serde_json::json!([64, 1, 40, 10]));
    for bad in [
        "64,0%,32,10",
        "64,-5%,32,10",
        "64,%,32,10",
        "64,1e400%,32,10",
        "64,50%,32,10,10",
    ] {
        let arguments = ["resize", SMALL_NET, "--widths", bad, "-o", "new.yaml"];
        refused(at, &arguments, &["width"]);
    }
}
