//! `verify --shard` and `merge`: the shares of a run, joined, are the run; what does not make one run is listed.

use std::{fs, path::Path};

use serde_json::Value;
use tempfile::TempDir;

use crate::{command::isotropic, command::stderr, command::stdout, folder, refused};

const RUN: [&str; 8] = [
    "small.yaml",
    "--only",
    "A1,C1",
    "--cases",
    "2",
    "--bits",
    "64",
    "--seed",
];

fn shard(at: &Path, seed: &str, share: &str, file: &str) {
    let mut words = vec!["verify"];
    words.extend(RUN);
    words.extend([seed, "--shard", share, "--json", file]);
    let output = isotropic(at, &words);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(
        stdout(&output).starts_with(&format!("share {share}: ")),
        "{}",
        stdout(&output)
    );
}

/// A folder with the three shares of one run, and a share of another.
fn shares() -> TempDir {
    let folder = folder();
    for (share, file) in [("1/3", "1.json"), ("2/3", "2.json"), ("3/3", "3.json")] {
        shard(folder.path(), "4", share, file);
    }
    shard(folder.path(), "5", "1/3", "other.json");
    folder
}

/// Everything but how long it took.
fn timeless(at: &Path, file: &str) -> Value {
    let mut json: Value =
        serde_json::from_str(&fs::read_to_string(at.join(file)).unwrap()).unwrap();
    assert!(json["seconds"].as_f64().unwrap() > 0.0);
    json["seconds"] = Value::Null;
    json
}

fn without_the_time(text: &str) -> String {
    text.lines()
        .filter(|line| !line.contains(" refuted, "))
        .collect()
}

#[test]
fn the_shares_of_a_run_make_the_run() {
    let folder = shares();
    let at = folder.path();
    let mut words = vec!["verify"];
    words.extend(RUN);
    // The report asks for the controls on the whole ladder, as shares measure them.
    words.extend(["4", "--json", "whole.json", "--report", "whole.html"]);
    let whole = isotropic(at, &words);
    // Two cases may be too few to catch every control.
    assert!(
        matches!(whole.status.code(), Some(0 | 3)),
        "{}",
        stderr(&whole)
    );
    let joined = isotropic(
        at,
        &[
            "merge",
            "3.json",
            "1.json",
            "2.json",
            "--json",
            "joined.json",
            "--report",
            "joined.html",
        ],
    );
    assert_eq!(
        joined.status.code(),
        whole.status.code(),
        "{}",
        stderr(&joined)
    );
    assert_eq!(timeless(at, "joined.json"), timeless(at, "whole.json"));
    assert_eq!(
        without_the_time(&stdout(&joined)),
        without_the_time(&stdout(&whole))
    );
    assert!(
        fs::read_to_string(at.join("joined.html"))
            .unwrap()
            .contains("</html>")
    );
    // Disjoint, and the same again.
    let pieces = |file: &str| -> Vec<String> {
        let json: Value =
            serde_json::from_str(&fs::read_to_string(at.join(file)).unwrap()).unwrap();
        let pieces = json["part"]["pieces"].as_array().unwrap();
        pieces
            .iter()
            .map(|piece| piece["name"].as_str().unwrap().to_string())
            .collect()
    };
    let mut all = [pieces("1.json"), pieces("2.json"), pieces("3.json")].concat();
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count, "a piece was measured twice");
    shard(at, "4", "2/3", "again.json");
    let of_share = |file: &str| -> Value {
        let mut json: Value =
            serde_json::from_str(&fs::read_to_string(at.join(file)).unwrap()).unwrap();
        json["part"]["seconds"] = Value::Null;
        json
    };
    assert_eq!(of_share("again.json"), of_share("2.json"));
}

#[test]
fn what_is_no_whole_run_is_listed() {
    let folder = shares();
    let at = folder.path();
    refused(at, &["merge", "1.json", "3.json"], &["missing shares: 2"]);
    refused(
        at,
        &["merge", "1.json", "1.json", "2.json"],
        &["missing shares: 3", "given more than once: 1"],
    );
    refused(
        at,
        &["merge", "1.json", "2.json", "3.json", "other.json"],
        &["other.json", "of another run"],
    );
    refused(
        at,
        &["merge", "small.yaml"],
        &["small.yaml", "a share of a run"],
    );
    refused(at, &["merge", "none.json"], &["none.json", "cannot read"]);
    // A network that has changed since.
    let text = fs::read_to_string(at.join("small.yaml")).unwrap();
    fs::write(at.join("small.yaml"), format!("{text}\n")).unwrap();
    refused(
        at,
        &["merge", "1.json", "2.json", "3.json"],
        &["other networks"],
    );
    refused(
        at,
        &["verify", "--shard", "0/3", "--json", "x.json"],
        &["0/3", "counted from 1"],
    );
    refused(at, &["verify", "--shard", "1/3"], &["--json"]);
    refused(
        at,
        &[
            "verify", "--shard", "1/3", "--json", "x.json", "--report", "x.html",
        ],
        &["--report"],
    );
}

/// The merge judges what the shares say: a counterexample in one of them refutes the run.
#[test]
fn a_counterexample_in_a_share_is_not_lost() {
    let folder = shares();
    let at = folder.path();
    let text = fs::read_to_string(at.join("2.json")).unwrap();
    let mut json: Value = serde_json::from_str(&text).unwrap();
    let pieces = json["part"]["pieces"].as_array_mut().unwrap();
    let faithful = pieces.iter_mut().find(|piece| {
        let name = piece["name"].as_str().unwrap();
        !name.contains("control") && !name.contains("rational") && piece["tally"]["cases"] != 0
    });
    let tally = &mut faithful.unwrap()["tally"];
    tally["rejected"] = 1.into();
    tally["ratio"] = "1.8".into();
    fs::write(at.join("2.json"), json.to_string()).unwrap();
    let joined = isotropic(at, &["merge", "1.json", "2.json", "3.json"]);
    assert_eq!(joined.status.code(), Some(1), "{}", stdout(&joined));
    assert!(stdout(&joined).contains("refuted: "));
}
