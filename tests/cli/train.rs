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

/// A file of IDX images of 3 × 2 pixels, or of labels.
fn idx(count: u32, labels: bool) -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, if labels { 1 } else { 3 }];
    bytes.extend(count.to_be_bytes());
    if labels {
        bytes.extend((0..count).map(|j| (j % 10) as u8));
    } else {
        bytes.extend(3u32.to_be_bytes());
        bytes.extend(2u32.to_be_bytes());
        bytes.extend((0..count * 6).map(|p| (p * 37 % 256) as u8));
    }
    bytes
}

fn mnist(at: &Path) {
    fs::create_dir(at.join("mnist")).unwrap();
    for (name, bytes) in [
        ("train-images-idx3-ubyte", idx(50, false)),
        ("train-labels-idx1-ubyte", idx(50, true)),
        ("t10k-images-idx3-ubyte", idx(20, false)),
        ("t10k-labels-idx1-ubyte", idx(20, true)),
    ] {
        fs::write(at.join("mnist").join(name), bytes).unwrap();
    }
}

#[test]
fn a_folder_of_images_is_trained_on() {
    let folder = folder();
    let at = folder.path();
    mnist(at);
    let line = "train mnist --widths 6,5,10 --epochs 4 --batch 20";
    let (code, out, err) = run(at, &format!("{line} --checkpoint m.ck -o m.safetensors"));
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("held out: loss"), "{out}");
    // The same numbers as a table give the same network: pixels over 255, the test images held out.
    let mut table = String::new();
    for (part, count) in [(50, 50), (20, 20)] {
        let pixels = &idx(part, false)[16..];
        for j in 0..count {
            for pixel in &pixels[6 * j..6 * j + 6] {
                table += &format!("{pixel},");
            }
            table += &format!("{}\n", j % 10);
        }
    }
    let head = "a,b,c,d,e,f,label\n".to_string();
    fs::write(at.join("t.csv"), head + &table).unwrap();
    let as_table = line.replace("mnist", "t.csv --divide 255 --held-out 20");
    assert_eq!(run(at, &format!("{as_table} -o t.safetensors")).0, Some(0));
    let read = |name: &str| fs::read(at.join(name)).unwrap();
    assert!(read("m.safetensors") == read("t.safetensors"));
    // Resumed, and with the last of the images to train on held out instead.
    let (code, _, err) = run(at, "train --resume m.ck -o r.safetensors");
    assert_eq!(code, Some(0), "{err}");
    assert!(read("m.safetensors") == read("r.safetensors"));
    let held = format!("{line} --held-out 8 --checkpoint h.ck -o h.safetensors");
    let (code, out, err) = run(at, &held);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("held out: loss"), "{out}");
    assert!(read("h.safetensors") != read("m.safetensors"));
    let (_, out, _) = run(at, &format!("{line} --held-out 0 -o n.safetensors"));
    assert!(!out.contains("held out"), "{out}");
    let cases: [(&str, &[&str]); 8] = [
        (
            "train mnist --widths 7,5,10 -o x.yaml",
            &["6 pixels each", "7, the inputs"],
        ),
        (
            "train mnist --widths 6,5,9 -o x.yaml",
            &["a label 9", "0 to 8"],
        ),
        (
            "train mnist --widths 6,5,10 --divide 255 -o x.yaml",
            &["--divide has no effect"],
        ),
        (
            "train mnist --widths 6,5,10 --held-out 50 -o x.yaml",
            &["--held-out 50"],
        ),
        (
            "train sub --widths 6,5,10 -o x.yaml",
            &["no data set", "CIFAR-10"],
        ),
        (
            "train --resume m.ck --held-out 3 -o x.yaml",
            &["--held-out"],
        ),
        (
            "train --resume h.ck --held-out 3 -o x.yaml",
            &["--held-out was 8"],
        ),
        ("train --resume m.ck --rows 0..9 -o x.yaml", &["--rows"]),
    ];
    fs::create_dir(at.join("sub")).unwrap();
    for (line, parts) in cases {
        let arguments: Vec<&str> = line.split(' ').collect();
        refused(at, &arguments, parts);
    }
    let mut cut = idx(50, false);
    cut.pop();
    fs::write(at.join("mnist/train-images-idx3-ubyte"), cut).unwrap();
    refused(
        at,
        &["train", "--resume", "m.ck", "-o", "x.yaml"],
        &["train-images-idx3-ubyte", "315 bytes"],
    );
}

#[test]
fn the_batches_of_cifar_are_trained_on() {
    let folder = folder();
    let at = folder.path();
    fs::create_dir(at.join("cifar")).unwrap();
    let names = (1..=5).map(|k| format!("data_batch_{k}.bin"));
    for (k, name) in (0..).zip(names.chain(["test_batch.bin".to_string()])) {
        let records = (0..4).flat_map(|j| {
            let label = ((4 * k + j) % 10) as u8;
            std::iter::once(label).chain((0..3072).map(move |p| ((p * 7 + j * 31 + k) % 256) as u8))
        });
        fs::write(at.join("cifar").join(name), records.collect::<Vec<u8>>()).unwrap();
    }
    let line = "train cifar --widths 3072,3,10 --epochs 2 --batch 10 -o c.safetensors";
    let (code, out, err) = run(at, line);
    assert_eq!(code, Some(0), "{err}");
    assert!(
        out.contains("held out: loss") && out.contains("widths 3072-3-10"),
        "{out}"
    );
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
