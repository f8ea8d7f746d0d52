//! `train`: what is written, and what resuming gives back.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use crate::{
    command::{isotropic, stderr, stdout},
    folder, names, refused,
};

/// The first rows of the shipped digits, as a table beside the networks.
pub(crate) fn digits(folder: &Path, rows: usize) -> String {
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

pub(crate) fn run(folder: &Path, line: &str) -> (Option<i32>, String, String) {
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
fn threads_change_no_bit_of_any_file() {
    let folder = folder();
    let at = folder.path();
    digits(at, 150);
    for threads in 1..=3 {
        let line = format!(
            "train rows.csv --widths 64,90,70,10 --batch 75 --epochs 2 --held-out 20 --threads {threads} --log {threads}.jsonl \
             --checkpoint {threads}.ck -o {threads}.safetensors"
        );
        let (code, _, err) = run(at, &line);
        assert_eq!(code, Some(0), "{err}");
        for end in ["jsonl", "ck", "safetensors"] {
            let read = |k: u32| fs::read(at.join(format!("{k}.{end}"))).unwrap();
            assert!(read(1) == read(threads), "{threads} threads: {end}");
        }
    }
    refused(
        at,
        &[
            "train",
            "rows.csv",
            "--widths",
            "64,9,10",
            "--threads",
            "0",
            "-o",
            "x.yaml",
        ],
        &["--threads"],
    );
}

/// A limit on the size of files stands for a full disk: the checkpoint outgrows it as its log does.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_last_good_checkpoint() {
    let folder = folder();
    let at = folder.path();
    digits(at, 60);
    let program = env!("CARGO_BIN_EXE_isotropic");
    let line = "-q train rows.csv --widths 64,8,10 --epochs 90 --checkpoint c.ck -o n.yaml";
    let script = format!("trap '' XFSZ; ulimit -f 64; exec {program} {line}");
    let output = Command::new("sh")
        .args(["-c", &script])
        .current_dir(at)
        .output()
        .unwrap();
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(
        message.starts_with("isotropic: c.ck: cannot write"),
        "{message}"
    );
    assert_eq!(message.lines().count(), 1, "{message}");
    let left = names(at);
    assert!(!left.contains(&"n.yaml".to_string()), "{left:?}");
    assert!(left.iter().all(|name| !name.contains(".tmp")), "{left:?}");
    // What is there goes on to the end that an unbroken training comes to.
    let (code, _, err) = run(at, "-q train --resume c.ck -o r.yaml");
    assert_eq!(code, Some(0), "{err}");
    let whole = line.replace("c.ck", "w.ck");
    assert_eq!(run(at, &whole).0, Some(0));
    let read = |name: &str| fs::read(at.join(name)).unwrap();
    assert!(read("n.yaml") == read("r.yaml"));
}

/// An option in other words, or with the value that it has when it is left out, is not another option.
#[test]
fn options_said_again_are_no_change() {
    let folder = folder();
    let at = folder.path();
    digits(at, 60);
    let line = "train rows.csv --widths 64,8,10 --divide 16 --held-out 9 --epochs 2 --lr 0.01 --adapt 2 --checkpoint c.ck -o n.yaml";
    assert_eq!(run(at, line).0, Some(0));
    let kept = fs::read(at.join("n.yaml")).unwrap();
    for same in [
        "--seed 0",
        "--seed 0 --epochs 2 --lr 1e-2 --batch 48 --loss cross-entropy --lr-schedule constant --length log",
        "--optimiser adam-tensor --betas 0.90,0.999 --weight-decay 0 --adapt 2 --adapt-every 1 --scaffold-threshold .1",
        "--removal data --divide 16.0 --label label --label-base 0 --held-out 9 --gain tanh --scalar f64 --rows 0..",
    ] {
        let (code, _, err) = run(at, &format!("train --resume c.ck {same} -o r.yaml"));
        assert_eq!(code, Some(0), "{same}: {err}");
        assert!(kept == fs::read(at.join("r.yaml")).unwrap(), "{same}");
        fs::remove_file(at.join("r.yaml")).unwrap();
    }
    for (other, part) in [
        ("--seed 1", "--seed was not given"),
        ("--epochs 3", "--epochs was 2"),
        ("--lr 0.02", "--lr was 0.01"),
        ("--batch full", "--batch was not given"),
        ("--betas 0.9,0.99", "--betas was not given"),
        ("--optimiser adamw", "--optimiser was not given"),
        ("--momentum 0.9", "--momentum was not given"),
        ("--weight-decay 1e-9", "--weight-decay was not given"),
        ("--clip 1", "--clip was not given"),
        ("--loss squared", "--loss was not given"),
        ("--length root", "--length was not given"),
        ("--lr-schedule cosine", "--lr-schedule was not given"),
        ("--adapt 3", "--adapt was 2"),
        ("--adapt-every 2", "--adapt-every was not given"),
        (
            "--scaffold-threshold 0.2",
            "--scaffold-threshold was not given",
        ),
        ("--widths-schedule 1:4", "--widths-schedule was not given"),
        ("--removal svd", "--removal was not given"),
        ("--certified", "--certified was not given"),
        ("--divide 15", "--divide was"),
        ("--label digit", "--label was"),
        ("--label-base 1", "--label-base was"),
        ("--rows 0..50", "--rows was"),
        ("--held-out 8", "--held-out was 9"),
        ("--gain algebraic", "--gain was"),
        ("--threshold 1", "--threshold was"),
        ("--intrinsic-length log", "--intrinsic-length was"),
    ] {
        let line = format!("train --resume c.ck {other} -o x.yaml");
        refused(at, &line.split(' ').collect::<Vec<_>>(), &[part]);
    }
}
