//! `train` and `gradient`: what is written, what resuming gives back, and what is refused.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use crate::{
    folder,
    helpers::{isotropic, stderr, stdout},
    names, refused,
};

/// The first rows of the shipped digits, as a table beside the networks.
fn digits(folder: &Path, rows: usize) -> String {
    let inputs = isotropic::io::shipped::digits::<f64>()
        .unwrap()
        .rows(0..rows);
    let labels = inputs.labels.unwrap();
    let head: Vec<String> = (0..64).map(|i| format!("p{i}")).collect();
    let mut text = head.join(",") + ",label\n";
    for (j, label) in labels.iter().enumerate() {
        for x in inputs.x.column(j).iter() {
            text += &format!("{x},");
        }
        text += &format!("{label}\n");
    }
    fs::write(folder.join("rows.csv"), text).unwrap();
    "rows.csv".into()
}

fn run(folder: &Path, line: &str) -> (Option<i32>, String, String) {
    let arguments: Vec<&str> = line.split(' ').collect();
    let output = isotropic(folder, &arguments);
    (output.status.code(), stdout(&output), stderr(&output))
}

const TRAINING: &str = "--widths 64,9,8,10 --held-out 40 --epochs 6 --adapt 2 --scaffold-threshold 0.4 \
                        --optimiser adamw --weight-decay 0.05 --lr-schedule cosine";

#[test]
fn equal_trainings_are_equal_files_and_hold_no_paths() {
    let folder = folder();
    let at = folder.path();
    digits(at, 200);
    for name in ["a", "b"] {
        let line = format!(
            "train rows.csv {TRAINING} --log {name}.jsonl --report {name}.html --checkpoint {name}.ck -o {name}.safetensors"
        );
        let (code, out, err) = run(at, &line);
        assert_eq!(code, Some(0), "{err}");
        assert!(out.starts_with("6 epochs: loss "), "{out}");
    }
    for end in ["jsonl", "html", "ck", "safetensors"] {
        let read = |name: &str| fs::read(at.join(format!("{name}.{end}"))).unwrap();
        assert_eq!(read("a"), read("b"), "{end}");
    }
    for end in ["jsonl", "html", "safetensors"] {
        let text = fs::read(at.join(format!("a.{end}"))).unwrap();
        let text = String::from_utf8_lossy(&text).into_owned();
        assert!(
            !text.contains("rows.csv") && !text.contains("--checkpoint"),
            "{end}"
        );
    }
    let log = fs::read_to_string(at.join("a.jsonl")).unwrap();
    assert_eq!(log.lines().count(), 6);
    assert!(log.contains("\"what\":\"growth\"") || log.contains("\"what\":\"removal by data\""));
    // ln o, as it was trained.
    let network = fs::read(at.join("a.safetensors")).unwrap();
    assert!(String::from_utf8_lossy(&network).contains("intrinsic_length"));
}

/// Killed again and again, at whatever moment, and resumed: the same bits.
#[test]
fn a_killed_training_ends_with_the_same_bits() {
    let folder = folder();
    let at = folder.path();
    digits(at, 300);
    let whole = format!(
        "train rows.csv {TRAINING} --report w.html --log w.jsonl --checkpoint w.ck -o w.safetensors"
    );
    assert_eq!(run(at, &whole).0, Some(0));
    let mut line = format!(
        "train rows.csv {TRAINING} --report k.html --log k.jsonl --checkpoint k.ck -o k.safetensors"
    );
    for attempt in 1..=40 {
        let mut child = Command::new(env!("CARGO_BIN_EXE_isotropic"))
            .args(line.split(' '))
            .current_dir(at)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(20 * attempt));
        child.kill().unwrap();
        if child.wait().unwrap().success() {
            break;
        }
        if at.join("k.ck").exists() {
            line = "train --resume k.ck --report k.html --log k.jsonl -o k.safetensors".into();
        }
    }
    // Resuming what is finished writes the same network.
    let (code, _, err) = run(
        at,
        "train --resume k.ck --report k.html --log k.jsonl -o k.safetensors",
    );
    assert_eq!(code, Some(0), "{err}");
    for end in ["safetensors", "jsonl", "html", "ck"] {
        let read = |name: &str| fs::read(at.join(format!("{name}.{end}"))).unwrap();
        assert_eq!(read("w"), read("k"), "{end}");
    }
}

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

#[test]
fn the_gradient_over_the_rationals_is_exact() {
    let folder = folder();
    let at = folder.path();
    fs::write(at.join("l.csv"), "a,b,label\n1,2,0\n-1/2,1/3,0\n").unwrap();
    let line = "gradient small.yaml --inputs l.csv --loss squared --gain rational --scalar rational --json g.json";
    let (code, out, err) = run(at, line);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.starts_with("loss "), "{out}");
    let json: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(at.join("g.json")).unwrap()).unwrap();
    assert!(json["loss"].as_str().unwrap().contains('/'), "{json}");
    let line = "gradient small.yaml --inputs l.csv --gain rational --scalar rational";
    let (code, _, err) = run(at, line);
    assert_eq!(code, Some(2), "{err}");
    assert!(err.contains("cross-entropy needs exponentials"), "{err}");
}
