//! `prune`: budgets, the trade-off, what is printed, written and refused.

use std::fs;

use crate::{
    SMALL_NET,
    command::{isotropic, shipped, stderr, stdout},
    done, folder, names, refused,
};

/// Rows for the 2-3-1 network of `small.yaml`, with none, or words for labels.
fn rows(labels: bool) -> String {
    let mut text = String::from(if labels { "a,b,label\n" } else { "a,b\n" });
    for i in 0..40 {
        let (a, b) = ((i * 7 % 11) as f64 - 5.0, (i * 5 % 13) as f64 / 4.0);
        text += &format!("{a},{b}");
        text += if labels {
            [",0\n", ",1\n"][i % 2]
        } else {
            "\n"
        };
    }
    text
}

/// Two hundred digits, to be quick.
fn digits(rows: &'static str) -> [String; 6] {
    let data = shipped("digits.csv.gz");
    let data = data.to_str().unwrap();
    ["--data", data, "--divide", "16", "--rows", rows].map(str::to_string)
}

#[test]
fn digits_are_pruned_within_a_budget() {
    let folder = folder();
    let at = folder.path();
    let data = digits("1537..1737");
    let mut run: Vec<&str> = vec!["prune", SMALL_NET, "--keep", "30%", "--held-out", "60"];
    run.extend(data.iter().map(String::as_str));
    run.extend(["--scalar", "f32", "-o", "z.safetensors", "--json", "z.json"]);
    let said = done(at, &run);
    for part in [
        "parameters: 5062 -> ",
        "widths: 64-48-32-10 -> 64-",
        "error on 60 rows it never saw: root mean square ",
        "accuracy on them: ",
        "labels certified unchanged: ",
        "smallest margin ",
    ] {
        assert!(said.contains(part), "`{part}` in {said}");
    }
    let text = fs::read_to_string(at.join("z.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["within"], true);
    assert!(json["parameters"].as_u64().unwrap() * 10 <= 5062 * 3);
    assert_eq!(json["unseen_labels"]["inputs"], 60);
    let info = done(at, &["info", "z.safetensors", "--json"]);
    let info: serde_json::Value = serde_json::from_str(&info).unwrap();
    assert_eq!(info["widths"], json["widths"]);
    // The names and the type of the file it came from.
    let header = |name: &str| {
        let bytes = fs::read(at.join(name)).unwrap();
        let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
        let header: serde_json::Value = serde_json::from_slice(&bytes[8..8 + length]).unwrap();
        let tensors = header.as_object().unwrap().iter();
        let kinds: Vec<_> = tensors
            .filter(|(name, _)| *name != "__metadata__")
            .map(|(name, tensor)| {
                // o is written as itself where its logarithm would be rounded, and said to be.
                let name = name.replace("intrinsic_length", "o_const");
                (name, tensor["dtype"].clone())
            })
            .collect();
        kinds
    };
    assert_eq!(header("z.safetensors"), header(SMALL_NET));
}

#[test]
fn without_a_budget_the_trade_off_is_shown_and_nothing_written() {
    let folder = folder();
    let at = folder.path();
    fs::write(at.join("rows.csv"), rows(false)).unwrap();
    let before = names(at);
    let said = done(at, &["prune", "small.yaml", "--data", "rows.csv"]);
    assert!(said.starts_with("parameters "), "{said}");
    assert!(
        said.lines().count() >= 3 && said.contains("2-1-1"),
        "{said}"
    );
    assert_eq!(names(at), before);
    let json = done(
        at,
        &["prune", "small.yaml", "--data", "rows.csv", "--json", "-"],
    );
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(json["tradeoff"].as_array().unwrap().len() >= 2);
}

#[test]
fn an_unreachable_budget_is_exit_one_with_the_nearest() {
    let folder = folder();
    let at = folder.path();
    fs::write(at.join("rows.csv"), rows(false)).unwrap();
    let before = names(at);
    for budget in [["--keep", "1%"], ["--error", "0"]] {
        let mut run = vec!["prune", "small.yaml", "--data", "rows.csv", "-o", "z.yaml"];
        run.extend(budget);
        let output = isotropic(at, &run);
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        let said = stdout(&output);
        assert!(
            said.contains("nearest") && said.contains("parameters: 15 -> "),
            "{said}"
        );
        assert_eq!(names(at), before);
    }
}

#[test]
fn a_certified_budget_bounds_every_input_of_the_region() {
    let folder = folder();
    let at = folder.path();
    fs::write(at.join("rows.csv"), rows(false)).unwrap();
    let run = [
        "prune",
        "small.yaml",
        "--data",
        "rows.csv",
        "--error",
        "0.5",
        "--certified",
        "--inputs",
        "rows.csv",
        "-o",
        "z.yaml",
        "--certificate",
        "z.cert",
        "--json",
        "z.json",
    ];
    let said = done(at, &run);
    let text = fs::read_to_string(at.join("z.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let bound = json["bound"]["certified_bound"].as_f64().unwrap();
    assert!(bound <= 0.5, "{said}");
    assert!(json["bound"]["observed"].as_f64().unwrap() <= bound);
    let said = done(at, &["check-certificate", "z.cert", "small.yaml", "z.yaml"]);
    assert!(said.starts_with("valid"), "{said}");
}

#[test]
fn the_same_seed_writes_the_same_bytes() {
    let folder = folder();
    let at = folder.path();
    fs::write(at.join("rows.csv"), rows(false)).unwrap();
    let write = |name: &str| {
        done(
            at,
            &[
                "prune",
                "small.yaml",
                "--data",
                "rows.csv",
                "--error",
                "0.4",
                "--seed",
                "5",
                "-o",
                name,
            ],
        );
        fs::read(at.join(name)).unwrap()
    };
    assert_eq!(write("a.yaml"), write("b.yaml"));
}

#[test]
fn bad_requests_are_refused() {
    let folder = folder();
    let at = folder.path();
    fs::write(at.join("rows.csv"), rows(false)).unwrap();
    fs::write(at.join("labels.csv"), rows(true)).unwrap();
    fs::write(at.join("two.csv"), "a,b\n1,2\n3,4\n").unwrap();
    fs::write(at.join("none.csv"), "a,b\n").unwrap();
    let prune = |rest: &[&'static str]| {
        let fixed = ["prune", "small.yaml", "--data"];
        fixed.iter().chain(rest).copied().collect::<Vec<&str>>()
    };
    let with = |rest: &[&'static str]| prune(&[&["rows.csv", "-o", "z.yaml"], rest].concat());
    refused(at, &with(&[]), &["--error", "--keep"]);
    refused(at, &prune(&["rows.csv", "--error", "1"]), &["-o"]);
    refused(
        at,
        &with(&["--error", "1", "--keep", "50%"]),
        &["--keep", "cannot be used with"],
    );
    refused(at, &with(&["--keep", "0%"]), &["share"]);
    refused(at, &with(&["--keep", "0.5"]), &["70%"]);
    refused(at, &with(&["--keep", "101%"]), &["share"]);
    refused(at, &with(&["--error", "-1"]), &["-1", "not negative"]);
    refused(at, &with(&["--error", "nan"]), &["NaN"]);
    refused(at, &with(&["--relative"]), &["--error"]);
    refused(
        at,
        &with(&["--error", "1", "--certified"]),
        &["--ball", "--inputs"],
    );
    refused(
        at,
        &with(&["--error", "1", "--scalar", "rational"]),
        &["rational"],
    );
    refused(
        at,
        &with(&["--error", "1", "--certificate", "c"]),
        &["--certificate", "--ball"],
    );
    refused(at, &with(&["--unchanged-labels"]), &["one output"]);
    refused(at, &with(&["--accuracy-drop", "1"]), &["one output"]);
    refused(
        at,
        &prune(&["labels.csv", "--error", "1", "-o", "z.yaml"]),
        &["label"],
    );
    refused(
        at,
        &with(&["--error", "1", "--held-out", "39"]),
        &["40 rows", "39"],
    );
    refused(
        at,
        &with(&["--error", "1", "--held-out", "0"]),
        &["held out"],
    );
    refused(
        at,
        &prune(&["two.csv", "--error", "1", "-o", "z.yaml"]),
        &["2 rows"],
    );
    refused(
        at,
        &prune(&["none.csv", "--error", "1", "-o", "z.yaml"]),
        &["none.csv"],
    );
    refused(at, &prune(&["rows.csv", "--dtype", "f32"]), &["budget"]);
    refused(at, &prune(&["rows.csv", "--ball", "1"]), &["budget"]);
    refused(
        at,
        &prune(&["rows.csv", "--error", "1", "-o", "rows.csv"]),
        &["rows.csv"],
    );
}
