//! What `train` refuses, and what is left then.

use std::fs;

use crate::{
    folder, names, refused,
    train::{digits, run},
};

#[test]
fn a_rate_that_diverges_stops_with_the_last_good_checkpoint() {
    let folder = folder();
    let at = folder.path();
    digits(at, 60);
    let line = "-q train rows.csv --widths 64,8,10 --loss squared --optimiser sgd --lr 1e300 --checkpoint c.ck -o n.yaml";
    let (code, out, err) = run(at, line);
    assert_eq!((code, out.as_str()), (Some(1), ""), "{err}");
    for part in ["diverged in epoch 1", "layer", "after epoch 0, is c.ck"] {
        assert!(err.contains(part), "{part}: {err}");
    }
    assert!(!names(at).contains(&"n.yaml".to_string()));
    assert!(names(at).contains(&"c.ck".to_string()));
}

#[test]
fn what_cannot_be_trained_is_refused() {
    let folder = folder();
    let at = folder.path();
    digits(at, 60);
    let text = fs::read_to_string(at.join("rows.csv")).unwrap();
    let head = text.lines().next().unwrap();
    let one = text.lines().filter(|line| line.ends_with(",3"));
    let one: Vec<&str> = std::iter::once(head).chain(one).collect();
    fs::write(at.join("one.csv"), one.join("\n")).unwrap();
    fs::write(at.join("nan.csv"), text.replacen("\n0,", "\nNaN,", 1)).unwrap();
    fs::write(at.join("word.csv"), text.replace(",3\n", ",three\n")).unwrap();
    fs::write(at.join("bare.csv"), text.replace("label", "class")).unwrap();
    assert_eq!(
        run(
            at,
            "train rows.csv --widths 64,8,10 --epochs 1 --checkpoint c.ck -o n.yaml"
        )
        .0,
        Some(0)
    );
    let kept = fs::read_to_string(at.join("c.ck")).unwrap();
    fs::write(
        at.join("other.ck"),
        kept.replacen("\"version\":1", "\"version\":7", 1),
    )
    .unwrap();
    fs::write(at.join("short.ck"), &kept[..kept.len() / 2]).unwrap();
    let cases: [(&str, &[&str]); 16] = [
        (
            "train one.csv --widths 64,8,10 -o x.yaml",
            &["label 3", "two classes"],
        ),
        (
            "train nan.csv --widths 64,8,10 -o x.yaml",
            &["line 2", "NaN"],
        ),
        (
            "train rows.csv --widths 64,8,5 -o x.yaml",
            &["label", "0 … 4"],
        ),
        ("train bare.csv --widths 64,8,10 -o x.yaml", &["65"]),
        (
            "train rows.csv --widths 64,8,10 --optimiser sgd --momentum 0.5 -o x.yaml",
            &["momentum", "sgd has none"],
        ),
        (
            "train rows.csv --widths 64,8,10 --lr -1 -o x.yaml",
            &["the rate is -1"],
        ),
        (
            "train rows.csv --widths 64,8,10 --removal svd -o x.yaml",
            &["removal"],
        ),
        (
            "train rows.csv --widths 64,8,10 --held-out 60 -o x.yaml",
            &["--held-out 60"],
        ),
        (
            "train rows.csv --widths 64,8,10 --scalar rational -o x.yaml",
            &["--scalar f64"],
        ),
        (
            "train rows.csv --widths 64,8,10 --checkpoint rows.csv -o x.yaml",
            &["--checkpoint would replace DATA"],
        ),
        ("train rows.csv -o x.yaml", &["--widths"]),
        (
            "train --resume c.ck --epochs 9 -o x.yaml",
            &["--epochs was 1"],
        ),
        ("train nan.csv --resume c.ck -o x.yaml", &["NaN"]),
        ("train --resume other.ck -o x.yaml", &["version 7"]),
        (
            "train --resume short.ck -o x.yaml",
            &["checkpoint cannot be used"],
        ),
        (
            "train --resume rows.csv -o x.yaml",
            &["checkpoint cannot be used"],
        ),
    ];
    for (line, parts) in cases {
        let arguments: Vec<&str> = line.split(' ').collect();
        refused(at, &arguments, parts);
    }
    // Another table of the same shape.
    fs::write(at.join("rows.csv"), text.replacen(",3\n", ",4\n", 1)).unwrap();
    refused(
        at,
        &["train", "--resume", "c.ck", "-o", "x.yaml"],
        &["other numbers"],
    );
}

/// A checkpoint that something else has changed.
#[test]
fn a_checkpoint_that_does_not_fit_itself_is_refused() {
    let folder = folder();
    let at = folder.path();
    digits(at, 60);
    let line = "train rows.csv --widths 64,8,10 --epochs 2 --checkpoint c.ck -o n.yaml";
    assert_eq!(run(at, line).0, Some(0));
    let kept = fs::read_to_string(at.join("c.ck")).unwrap();
    let kept: serde_json::Value = serde_json::from_str(&kept).unwrap();
    type Change = fn(&mut serde_json::Value);
    let cases: [(Change, &str); 8] = [
        (|c| c["layers"][0]["rows"] = 9.into(), "its shape"),
        (
            |c| c["first"][0]["bias"] = "1 2".into(),
            "the momentum has shapes",
        ),
        (
            |c| c["second"]["tensors"]["sums"] = "1 2".into(),
            "the list of second moments has 2",
        ),
        (
            |c| c["second"] = "none".into(),
            "another than that of the state",
        ),
        (
            |c| c["settings"]["optimiser"] = "adamw".into(),
            "another than that of the state",
        ),
        (
            |c| c["epoch"] = 1.into(),
            "a log of 2 epochs, of which 1 are done",
        ),
        (|c| c["first_lengths"] = "".into(), "the momentum has"),
        (|c| c["trained"] = "NaN".into(), "not finite"),
    ];
    for (change, part) in cases {
        let mut changed = kept.clone();
        change(&mut changed);
        fs::write(at.join("c.ck"), changed.to_string()).unwrap();
        refused(at, &["train", "--resume", "c.ck", "-o", "x.yaml"], &[part]);
        let now = fs::read_to_string(at.join("c.ck")).unwrap();
        assert_eq!(now, changed.to_string());
    }
}
