//! `experiment`: results that survive a stop, and what they are gone on with.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{folder, refused, train::run, train_images::mnist};

fn document(at: &Path, name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(at.join(name)).unwrap()).unwrap()
}

/// Killed as soon as one seed is in the file, and resumed: the file and the text of an unbroken run.
#[test]
fn a_killed_experiment_goes_on_where_it_was() {
    let folder = folder();
    let at = folder.path();
    let (code, whole, err) = run(at, "experiment ends --seeds 3 --json w.json --threads 1");
    assert_eq!(code, Some(0), "{err}");
    for part in [
        "seed 0: 10 epochs a phase: ",
        "seed 2: 30 epochs a phase: ",
        "seed 1 is done, 2 of 3",
    ] {
        assert!(err.contains(part), "{part}: {err}");
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_isotropic"))
        .args("-q experiment ends --seeds 3 --json k.json --threads 1".split(' '))
        .current_dir(at)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while !at.join("k.json").exists() && start.elapsed() < Duration::from_secs(120) {
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let left = document(at, "k.json");
    let done = left["measured"].as_object().unwrap().len();
    assert!((1..3).contains(&done), "{done}");
    assert_eq!(left["complete"], Value::Bool(false));
    let (code, text, err) = run(at, "experiment ends --resume k.json --threads 2");
    assert_eq!(code, Some(0), "{err}");
    assert!(!err.contains("seed 0"), "{err}");
    assert_eq!(text, whole);
    let read = |name: &str| fs::read_to_string(at.join(name)).unwrap();
    assert_eq!(read("k.json"), read("w.json"));
    assert_eq!(document(at, "w.json")["complete"], Value::Bool(true));

    // A run that is complete measures nothing; another or a changed one is refused, and stays as it is.
    let (code, text, err) = run(at, "experiment ends --resume k.json");
    assert_eq!((code, text, err.as_str()), (Some(0), whole, ""));
    mnist(at);
    fs::write(at.join("short.json"), &read("w.json")[..500]).unwrap();
    let settings = read("w.json").replacen("\"inputs\": 32", "\"inputs\": 33", 1);
    fs::write(at.join("settings.json"), settings).unwrap();
    let mut numbers = document(at, "w.json");
    numbers["measured"]["1"] = "1.0 two".into();
    fs::write(at.join("numbers.json"), numbers.to_string()).unwrap();
    numbers["measured"]["1"] = "1.0 2.0".into();
    fs::write(at.join("fewer.json"), numbers.to_string()).unwrap();
    let cases: [(&str, &[&str]); 9] = [
        (
            "experiment static --resume w.json",
            &["w.json", "the experiment ends", "static"],
        ),
        (
            "experiment ends --resume w.json --data mnist",
            &["the data digits", "MNIST"],
        ),
        (
            "experiment ends --resume w.json --seeds 2",
            &["seeds up to 2", "2 of them"],
        ),
        (
            "experiment ends --resume settings.json",
            &["the settings", "\"inputs\":33"],
        ),
        (
            "experiment ends --resume short.json",
            &["short.json", "cannot be used"],
        ),
        (
            "experiment ends --resume numbers.json",
            &["a number of a seed"],
        ),
        (
            "experiment ends --resume fewer.json",
            &["different numbers of numbers"],
        ),
        (
            "experiment ends --resume w.json --json x.json",
            &["cannot be used with"],
        ),
        (
            "experiment ends --json x.json --report x.json",
            &["the same file"],
        ),
    ];
    for (line, parts) in cases {
        refused(at, &line.split(' ').collect::<Vec<_>>(), parts);
    }
    assert_eq!(read("k.json"), read("w.json"));
}

/// A share measures its seeds and no others. The committed results, taken apart and joined, are what they were.
#[test]
fn shares_of_seeds_are_the_run() {
    let folder = folder();
    let at = folder.path();
    let line = "experiment ends --seeds 2 --shard 2/2 --json x.json";
    let (code, out, err) = run(at, line);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.starts_with("share 2/2: 1 of 2 seeds"), "{out}");
    assert!(!err.contains("seed 0"), "{err}");
    let measured = document(at, "x.json")["measured"].clone();
    assert_eq!(
        measured.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["1"]
    );
    // Gone on with, there is nothing left of the share.
    let (code, _, err) = run(at, "experiment ends --shard 2/2 --resume x.json");
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert_eq!(document(at, "x.json")["measured"], measured);

    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments/results/ends.json");
    fs::copy(committed, at.join("w.json")).unwrap();
    let (_, whole, _) = run(at, "experiment ends --resume w.json");
    let read = |name: &str| fs::read_to_string(at.join(name)).unwrap();
    for (file, odd) in [("1.json", false), ("2.json", true)] {
        let mut part = document(at, "w.json");
        part["complete"] = Value::Bool(false);
        let seeds = part["measured"].as_object_mut().unwrap();
        seeds.retain(|seed, _| (seed.parse::<u64>().unwrap() % 2 == 1) == odd);
        fs::write(at.join(file), part.to_string()).unwrap();
    }
    let (code, text, err) = run(at, "merge 2.json 1.json --json m.json --report m.html");
    assert_eq!((code, text, err.as_str()), (Some(0), whole, ""));
    assert_eq!(read("m.json"), read("w.json"));
    assert!(read("m.html").contains("</html>"));
    let mut other = document(at, "2.json");
    other["seeds"] = 99.into();
    fs::write(at.join("o.json"), other.to_string()).unwrap();
    for (line, parts) in [
        ("merge 1.json", &["missing seeds: 1, 3"] as &[&str]),
        (
            "merge 1.json 2.json 2.json",
            &["seeds measured more than once: 1, 3"],
        ),
        (
            "merge 1.json 1.json",
            &["missing seeds: 1, 3", "more than once: 0, 2"],
        ),
        (
            "merge 1.json o.json",
            &[
                "missing seeds: 1, 3",
                "of another run than the first, by their place: 2",
            ],
        ),
        ("merge 1.json none.json", &["none.json", "cannot read"]),
        (
            "merge 1.json 2.json --junit x.xml",
            &["--junit has no effect"],
        ),
        ("merge 1.json 2.json --json 2.json", &["2.json"]),
        ("experiment ends --shard 1/2", &["--json"]),
        (
            "experiment ends --seeds 2 --shard 3/3 --json y.json",
            &["fewer shares"],
        ),
        ("experiment ends --shard 0/2 --json y.json", &["no share"]),
        (
            "experiment ends --shard 1/2 --json y.json --report y.html",
            &["cannot be used with"],
        ),
    ] {
        refused(at, &line.split(' ').collect::<Vec<_>>(), parts);
    }
    assert!(!at.join("y.json").exists());
}

/// The papers' configuration on a folder of images.
#[test]
fn a_folder_of_images_is_measured() {
    let folder = folder();
    let at = folder.path();
    mnist(at);
    let line = "experiment spectra --seeds 2 --data mnist --json s.json --report s.html";
    let (code, out, err) = run(at, line);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("\nMNIST, 2 seeds\n"), "{out}");
    let found = document(at, "s.json");
    assert_eq!(found["data"], "MNIST");
    assert_eq!(found["settings"]["hidden"], serde_json::json!([100, 100]));
    assert!(
        fs::read_to_string(at.join("s.html"))
            .unwrap()
            .contains("MNIST")
    );
    refused(
        at,
        &["experiment", "depth", "--seeds", "2", "--data", "mnist"],
        &["--data has no effect on depth"],
    );
}
