//! `bounds`: the tables, and refusals before any work.

use std::fs;

use serde_json::Value;

use crate::{SMALL_NET, command::shipped, done, folder, refused};

#[test]
fn tables_in_every_format() {
    let folder = folder();
    let at = folder.path();
    fs::copy(shipped("digits.csv.gz"), at.join("digits.csv.gz")).unwrap();
    let run = |format: &[&str]| {
        let common = [
            "bounds",
            SMALL_NET,
            "--inputs",
            "digits.csv.gz",
            "--divide",
            "16",
            "--rows",
            "1437..1442",
            "--neurons",
            "5,0,-1,-5,-75",
            "--json",
            "bounds.json",
        ];
        done(at, &[&common[..], format].concat())
    };
    let text = run(&[]);
    assert!(
        text.starts_with("network 64-48-32-10 in f64, 5 inputs, accuracy 1.0000\n"),
        "{text}"
    );
    assert!(text.contains("hidden layer 2, 32 neurons"), "{text}");
    assert!(!text.contains("-75"), "it does not fit: {text}");
    let json: Value =
        serde_json::from_str(&fs::read_to_string(at.join("bounds.json")).unwrap()).unwrap();
    assert_eq!(json["verdict"], "verified");
    assert_eq!(json["inputs"], 5);
    assert_eq!(json["cells"].as_array().unwrap().len(), 2 * 4 * 5);
    assert_eq!(run(&["--format", "csv"]).lines().count(), 1 + 2 * 4 * 5);
    assert!(run(&["--format", "latex", "--scalar", "mp256"]).contains("\\begin{tabular}"));
}

#[test]
fn refusals() {
    let folder = folder();
    let at = folder.path();
    let small = ["bounds", "small.yaml", "--inputs", "x.csv"];
    let with = |more: &[&'static str]| [&small[..], more].concat();
    refused(at, &["bounds", "small.yaml"], &["--inputs"]);
    refused(at, &with(&["--rows", "2..2"]), &["1437..1797"]);
    refused(
        at,
        &with(&["--rows", "2.."]),
        &["the rows asked for", "a first row 2", "the 2 rows"],
    );
    refused(at, &with(&["--hidden", "2"]), &["no hidden layer 2"]);
    refused(
        at,
        &with(&["--scalar", "rational"]),
        &["--scalar f64 or mp256"],
    );
    refused(at, &with(&["--json", "none/b.json"]), &["none/b.json"]);
    refused(
        at,
        &["bounds", SMALL_NET, "--inputs", "x.csv"],
        &["2 columns", "64"],
    );
    refused(at, &with(&["--neurons", "200000"]), &["--neurons"]);
}
