//! What a person meets: tables as they come, hints, numbers and remarks.

use std::{fs, path::Path};

use isotropic::{bound::rounding_units, io};

use crate::{
    SMALL_NET,
    command::{isotropic, stderr, stdout},
    done, folder, refused,
};

/// The folder with one of the small cases in it.
fn with_case(at: &Path, name: &str) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name);
    fs::copy(from, at.join(name)).unwrap();
}

#[test]
fn tables_as_they_come() {
    let folder = folder();
    let at = folder.path();
    for name in [
        "first_row_missing.csv",
        "labels_1to10.csv",
        "csv_semicolon.csv",
        "csv_net.yaml",
    ] {
        with_case(at, name);
    }
    let missing = ["eval", SMALL_NET, "--inputs", "first_row_missing.csv"];
    refused(
        at,
        &missing,
        &["first_row_missing.csv: line 1, column 1", "`NA`"],
    );
    let ten = [
        "eval",
        SMALL_NET,
        "--inputs",
        "labels_1to10.csv",
        "--divide",
        "16",
    ];
    refused(
        at,
        &ten,
        &[
            "labels_1to10.csv: line",
            "label 10",
            "0 … 9",
            "a label base of 1",
        ],
    );
    let output = isotropic(at, &[&ten[..], &["--label-base", "1"]].concat());
    assert!(
        stderr(&output).contains("of 39 labels)"),
        "{}",
        stderr(&output)
    );
    // The digits of those rows, from 0: the same predictions are right.
    let text = fs::read_to_string(at.join("labels_1to10.csv")).unwrap();
    let shifted: Vec<String> = (text.lines().enumerate())
        .map(|(row, line)| match line.rsplit_once(',') {
            Some((inputs, label)) if row > 0 => {
                format!("{inputs},{}", label.parse::<usize>().unwrap() - 1)
            }
            _ => line.into(),
        })
        .collect();
    fs::write(at.join("from0.csv"), shifted.join("\n")).unwrap();
    let from_zero = isotropic(
        at,
        &["eval", SMALL_NET, "--inputs", "from0.csv", "--divide", "16"],
    );
    assert_eq!(stderr(&from_zero), stderr(&output));
    let semicolon = ["eval", "csv_net.yaml", "--inputs", "csv_semicolon.csv"];
    refused(
        at,
        &semicolon,
        &["csv_semicolon.csv: line 1", "separated by `;`"],
    );
}

#[test]
fn inputs_are_read_the_same_way_by_every_command() {
    let folder = folder();
    let at = folder.path();
    fs::write(at.join("t.csv"), "a,b,kind\n1,10,x\n3,10,y\n5,13,x\n").unwrap();
    // Means 3 and 11, deviations √(8/3) and √2.
    let (a, b) = ((8.0f64 / 3.0).sqrt(), 2.0f64.sqrt());
    let rows = [(-2.0 / a, -1.0 / b), (0.0, -1.0 / b), (2.0 / a, 2.0 / b)];
    let text: String = rows.iter().map(|(x, y)| format!("{x:?},{y:?}\n")).collect();
    fs::write(at.join("s.csv"), text).unwrap();
    let expected = done(at, &["eval", "small.yaml", "--inputs", "s.csv"]);
    let options = ["--label", "kind", "--standardise-from", "t.csv"];
    // Two outputs are needed for two words: a network of one refuses them.
    let eval = [&["eval", "small.yaml", "--inputs", "t.csv"], &options[..]].concat();
    refused(at, &eval, &["2 different words", "at most 1"]);
    fs::write(at.join("t.csv"), "a,b,kind\n1,10,x\n3,10,x\n5,13,x\n").unwrap();
    let parse = |text: &str| -> Vec<f64> { text.lines().map(|y| y.parse().unwrap()).collect() };
    let network = io::read_network(&at.join("small.yaml"), &io::ReadOptions::default()).unwrap();
    let network = network.network::<f64>().unwrap();
    let outputs = parse(&done(at, &eval));
    for ((ours, theirs), x) in outputs.iter().zip(parse(&expected)).zip(rows) {
        // A deviation (a sum of squares, its mean, its root) and the quotient are six roundings at most, on either side, which
        // are no more than twelve in W_1.
        let of = |kappa: f64| rounding_units(&network, &[x.0, x.1], &vec![kappa]).unwrap();
        let allowed = (of(0.0) + of(12.0)) * f64::EPSILON / 2.0;
        assert!(
            (ours - theirs).abs() <= allowed,
            "{ours} {theirs} {allowed:e}"
        );
    }
    let only = done(at, &[&eval[..], &["--rows", "1..2"]].concat());
    assert_eq!(only.lines().count(), 1);
    assert_eq!(only.lines().next(), done(at, &eval).lines().nth(1));
    for command in [
        &["compress", "small.yaml", "-o", "o.yaml"][..],
        &["resize", "small.yaml", "--widths", "2,2,1", "-o", "o.yaml"],
        &["diff", "small.yaml", "small.yaml"],
    ] {
        let with = [command, &["--inputs", "t.csv"], &options].concat();
        assert!(done(at, &with).contains("3 inputs"), "{command:?}");
        for lone in [
            &["--rows", "0..1"][..],
            &["--label", "kind"],
            &["--standardise", "s.csv"],
            &["--label-base", "1"],
        ] {
            refused(at, &[command, lone].concat(), &[lone[0], "needs inputs"]);
        }
    }
    let both = ["--standardise", "s.csv"];
    refused(at, &[&eval[..], &both].concat(), &["--standardise"]);
}

#[test]
fn networks_as_they_come() {
    let folder = folder();
    let at = folder.path();
    for name in [
        "st_f16",
        "st_bf16",
        "st_meta_null",
        "st_prefix_module__orig_mod_",
    ] {
        let name = format!("{name}.safetensors");
        with_case(at, &name);
        let output = isotropic(at, &["info", &name]);
        assert!(
            stdout(&output).starts_with("widths         2-2-1"),
            "{name}: {}",
            stderr(&output)
        );
        assert_eq!(
            stderr(&output).contains("was stripped"),
            name.contains("prefix"),
            "{name}"
        );
    }
    for (name, part) in [
        ("st_zip", "torch.save"),
        ("st_gitlfs", "git lfs pull"),
        ("st_buffer", "`num_batches_tracked`"),
    ] {
        let name = format!("{name}.safetensors");
        with_case(at, &name);
        refused(at, &["info", &name], &[part]);
    }
    let ignored = ["info", "st_buffer.safetensors", "--ignore", "num_*"];
    assert!(stderr(&isotropic(at, &ignored)).contains("1 tensor like `num_*` ignored"));
    refused(
        at,
        &["info", "small.yaml", "--ignore", "x"],
        &["--ignore", "YAML"],
    );
}

#[test]
fn single_precision_hides_a_low_rank_and_is_named() {
    let folder = folder();
    let at = folder.path();
    with_case(at, "n_lowrank32.safetensors");
    let hint = "rounded to 24 bits: at --scalar f32 its width ceiling is 40-6-5-4";
    let compress = ["compress", "n_lowrank32.safetensors", "-o", "o.safetensors"];
    for arguments in [&compress[..], &["info", "n_lowrank32.safetensors"]] {
        let said = stderr(&isotropic(at, arguments));
        assert!(said.contains(hint), "{arguments:?}: {said}");
    }
    let output = isotropic(at, &[&compress[..], &["--scalar", "f32"]].concat());
    assert!(!stderr(&output).contains(hint), "{}", stderr(&output));
    assert!(done(at, &["info", "o.safetensors"]).starts_with("widths         40-6-5-4"));
    // Smaller than what it came from, and in the same format.
    let sizes = ["n_lowrank32.safetensors", "o.safetensors"]
        .map(|name| fs::metadata(at.join(name)).unwrap().len());
    assert!(sizes[1] < sizes[0] / 3, "{sizes:?}");
    // Nothing is said where nothing is hidden.
    let said = stderr(&isotropic(at, &["info", SMALL_NET]));
    assert!(!said.contains("ceiling"), "{said}");
}

#[test]
fn remarks_numbers_and_completions() {
    let folder = folder();
    let at = folder.path();
    let rotate = ["rotate", "small.yaml", "--seed", "1", "-o", "o.yaml"];
    assert!(stderr(&isotropic(at, &rotate)).contains("hidden layers rotated"));
    let output = isotropic(at, &[&["--quiet"], &rotate[..]].concat());
    assert_eq!(
        (stderr(&output), output.status.code()),
        (String::new(), Some(0))
    );
    let failed = isotropic(at, &["info", "none.yaml", "-q"]);
    assert!(
        stderr(&failed).contains("none.yaml"),
        "a failure is no remark"
    );
    let info = done(at, &["info", "wide.safetensors"]);
    assert!(
        info.lines().all(|line| line.chars().count() <= 100),
        "{info}"
    );
    assert!(!info.contains("e0"), "{info}");
    let does_not_fit = [
        "bounds",
        "small.yaml",
        "--inputs",
        "x.csv",
        "--neurons=-1,-3,-5",
    ];
    let said = stderr(&isotropic(at, &does_not_fit));
    assert!(
        said.contains("hidden layer 1 has 3 neurons: no room for -3,-5"),
        "{said}"
    );
    for shell in ["bash", "zsh", "fish"] {
        assert!(
            done(at, &["completions", shell]).contains("diagonalise"),
            "{shell}"
        );
    }
}

/// Peak of what a command allocates, by a limit on its data: 16 MB and four times the file.
#[cfg(target_os = "linux")]
#[test]
fn a_network_takes_little_more_memory_than_its_file() {
    use isotropic::{
        Gain, Layer, Network,
        io::{Dtype, LengthWriting, WriteOptions, write_network},
        linalg::{Matrix, Vector},
    };
    use std::process::Command;
    let folder = folder();
    let at = folder.path();
    let widths = [784, 512, 256, 10];
    let entry = |i: usize, j: usize| ((i * 31 + j * 17 + i * j) % 257) as f64 / 4096.0 - 0.03;
    let layers = (widths.windows(2).enumerate())
        .map(|(l, pair)| Layer {
            weight: Matrix::from_fn(pair[1], pair[0], entry),
            bias: Vector::from_fn(pair[1], |i, _| entry(i, l)),
            psi: (l > 0).then(|| Vector::from_fn(pair[1], |i, _| entry(l, i))),
        })
        .collect();
    let network = Network::new(layers, Gain::Tanh, Some(vec![0.5, 2.0])).unwrap();
    for (dtype, name) in [
        (Dtype::F32, "n32.safetensors"),
        (Dtype::F64, "n64.safetensors"),
    ] {
        let options = WriteOptions {
            dtype: Some(dtype),
            lengths: Some(LengthWriting::Logarithm),
            ..WriteOptions::default()
        };
        let path = at.join(name);
        write_network(&path, &network, &options).unwrap();
        let limit = (16 << 20) + 4 * fs::metadata(&path).unwrap().len();
        let row = vec!["0.5"; 784].join(",");
        fs::write(at.join("row.csv"), row).unwrap();
        for arguments in [
            &["convert", name, "o.safetensors"][..],
            &["eval", name, "--inputs", "row.csv"],
            &["rotate", name, "--seed", "1", "-o", "o.safetensors"],
            &[
                "resize",
                name,
                "--widths",
                "784,520,256,10",
                "-o",
                "o.safetensors",
            ],
        ] {
            let script = format!("ulimit -d {} && exec \"$0\" \"$@\"", limit / 1024);
            let output = Command::new("bash")
                .args(["-c", &script, env!("CARGO_BIN_EXE_isotropic")])
                .args(arguments)
                .current_dir(at)
                .output()
                .unwrap();
            assert!(
                output.status.success(),
                "{arguments:?}: {}",
                stderr(&output)
            );
        }
    }
}
