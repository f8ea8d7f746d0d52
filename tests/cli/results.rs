//! What the commands compute and where they write it.

use std::fs;

use crate::{
    SMALL_NET,
    command::{isotropic, shipped, stderr, stdout},
    done, folder, refused,
};

#[test]
fn evaluations_are_exact_and_alone_on_standard_output() {
    let folder = folder();
    let folder = folder.path();
    let eval = |extra: &[&str]| {
        done(
            folder,
            &[&["eval", "small.yaml", "--inputs", "x.csv"], extra].concat(),
        )
    };
    // x = (1, 2): z = (5.25, 10.5, 18), r = 110.25 + 27.5625 + 324 + 2, γ = 1/(1 + r);
    // y = γ (0.1·5.25 + 0.2·10.5 + 0.3·18 - 1.5) + 2.
    let exact = eval(&["--scalar", "rational"]);
    assert_eq!(exact.lines().next().unwrap(), "24964/12395", "{exact}");
    assert_eq!(exact.lines().count(), 2);
    let decimal: f64 = eval(&[]).lines().next().unwrap().parse().unwrap();
    assert!((decimal - 24964.0 / 12395.0).abs() < 4e-16 * 8.0);
    let hex = eval(&["--format", "hex"]);
    let value: f64 = done(folder, &["eval", "small.yaml", "--inputs", "x.csv"])
        .lines()
        .next()
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(
        isotropic::scalar::text::hex(&value).as_deref(),
        hex.lines().next()
    );
    let long = eval(&["--scalar", "mp256"]);
    let [digits, known] = [
        long.lines().next().unwrap(),
        "2.01403791851553045582896329164985881403791",
    ];
    assert!(
        digits.starts_with(&known[..30]) && digits.len() > 70,
        "{digits}"
    );

    done(
        folder,
        &["eval", "small.yaml", "--inputs", "x.csv", "-o", "y.csv"],
    );
    assert_eq!(fs::read_to_string(folder.join("y.csv")).unwrap(), eval(&[]));
}

#[test]
fn accuracy_goes_to_standard_error() {
    let folder = folder();
    let folder = folder.path();
    let mut text = String::new();
    let packed = fs::File::open(shipped("digits.csv.gz")).unwrap();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(packed), &mut text).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    fs::write(
        folder.join("test.csv"),
        [&lines[..1], &lines[1438..]].concat().join("\n"),
    )
    .unwrap();
    for (net, accuracy) in [
        (SMALL_NET, "0.897222 (323 of 360"),
        ("wide.safetensors", "0.900000 (324 of 360"),
    ] {
        let output = isotropic(
            folder,
            &["eval", net, "--inputs", "test.csv", "--divide", "16"],
        );
        assert!(stderr(&output).contains(accuracy), "{}", stderr(&output));
        assert_eq!(stdout(&output).lines().count(), 360);
        assert!(
            stdout(&output)
                .lines()
                .all(|row| row.split(',').count() == 10)
        );
    }
    let path = shipped("digits.csv.gz");
    let all = done(
        folder,
        &[
            "eval",
            SMALL_NET,
            "--inputs",
            path.to_str().unwrap(),
            "--divide",
            "16",
        ],
    );
    assert_eq!(all.lines().count(), 1797);
}

#[test]
fn info_as_json() {
    let folder = folder();
    let json = done(folder.path(), &["info", "wide.safetensors", "--json"]);
    let info: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(info["widths"], serde_json::json!([64, 128, 96, 10]));
    assert_eq!(info["width_ceiling"], serde_json::json!([64, 64, 65, 10]));
    assert_eq!(info["gain"], "tanh");
    assert_eq!(info["parameters"], 21782);
    assert_eq!(info["nonzero_parameters"], 21782);
    let lengths: Vec<usize> = [
        "intrinsic_length_squared",
        "psi_norm",
        "singular_values",
        "rank",
    ]
    .map(|key| info[key].as_array().unwrap().len())
    .to_vec();
    assert_eq!(lengths, [2, 2, 2, 2]);
    assert_eq!(info["singular_values"][0].as_array().unwrap().len(), 64);
    assert_eq!(info["singular_values"][1].as_array().unwrap().len(), 96);
    let text = done(folder.path(), &["info", "wide.safetensors"]);
    assert!(text.contains("64-64-65-10"), "{text}");
}

#[test]
fn rotated_and_diagonalised_networks_agree_and_changed_ones_part() {
    let folder = folder();
    let folder = folder.path();
    done(
        folder,
        &["rotate", SMALL_NET, "--seed", "7", "-o", "r.yaml"],
    );
    let verdict = done(folder, &["diff", SMALL_NET, "r.yaml"]);
    assert!(verdict.starts_with("agree"), "{verdict}");
    for gauge in ["left", "full", "alternate", "triangular"] {
        done(
            folder,
            &[
                "diagonalise",
                SMALL_NET,
                "--gauge",
                gauge,
                "--dtype",
                "f64",
                "-o",
                "g.safetensors",
            ],
        );
        done(folder, &["diff", "r.yaml", "g.safetensors"]);
    }
    done(folder, &["convert", SMALL_NET, "s.yaml"]);
    let text = fs::read_to_string(folder.join("s.yaml")).unwrap();
    let last = text.rfind("psi: [\"").unwrap() + 7;
    fs::write(
        folder.join("s.yaml"),
        format!(
            "{}1{}",
            &text[..last],
            &text[last..].trim_start_matches('-')
        ),
    )
    .unwrap();
    let output = isotropic(folder, &["diff", SMALL_NET, "s.yaml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stdout(&output).starts_with("differ") && stdout(&output).contains("layer 3, ψ"),
        "{}",
        stdout(&output)
    );

    let output = isotropic(folder, &["diff", SMALL_NET, "wide.safetensors"]);
    assert_eq!(output.status.code(), Some(1));
    let text = stdout(&output);
    assert!(
        text.starts_with("differ: the widths") && text.contains("64-128-96-10 is 64-64-65-10"),
        "{text}"
    );

    // Exactly over the rationals: the same outputs, to the last digit.
    done(
        folder,
        &[
            "rotate",
            "small.yaml",
            "--seed",
            "7",
            "-o",
            "exact.yaml",
            "--scalar",
            "rational",
        ],
    );
    let rows = |net| {
        done(
            folder,
            &["eval", net, "--inputs", "x.csv", "--scalar", "rational"],
        )
    };
    assert_eq!(rows("small.yaml"), rows("exact.yaml"));
    assert_ne!(
        fs::read(folder.join("small.yaml")).unwrap(),
        fs::read(folder.join("exact.yaml")).unwrap()
    );
}

#[test]
fn resized_networks() {
    let folder = folder();
    let folder = folder.path();
    let output = isotropic(
        folder,
        &["compress", "wide.safetensors", "-o", "c.safetensors"],
    );
    assert!(
        stderr(&output).contains("128 -> 64") && stderr(&output).contains("96 -> 65"),
        "{}",
        stderr(&output)
    );
    let output = isotropic(
        folder,
        &[
            "resize",
            SMALL_NET,
            "--widths",
            "64,40,40,10",
            "--seed",
            "5",
            "-o",
            "z.safetensors",
        ],
    );
    assert!(
        stderr(&output).contains("48 -> 40") && stderr(&output).contains("seed 5"),
        "{}",
        stderr(&output)
    );
    let json = done(folder, &["info", "z.safetensors", "--json"]);
    let info: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(info["widths"], serde_json::json!([64, 40, 40, 10]));
}

#[test]
fn what_the_file_cannot_hold_is_counted() {
    let folder = folder();
    let folder = folder.path();
    let remarks = |arguments: &[&str]| {
        let output = isotropic(folder, arguments);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        stderr(&output)
    };
    // 1/3 in place of the output bias; everything else is short.
    let text = fs::read_to_string(folder.join("small.yaml")).unwrap();
    fs::write(
        folder.join("third.yaml"),
        text.replace("bias: [\"2\"]", "bias: [\"1/3\"]"),
    )
    .unwrap();
    assert_eq!(
        remarks(&["convert", "small.yaml", "z.safetensors", "--dtype", "f32"]),
        ""
    );
    let said = remarks(&["convert", "third.yaml", "z.yaml"]);
    assert!(
        said.starts_with("1 of 15 parameters were rounded (f64"),
        "{said}"
    );
    let wide = [
        "convert",
        "third.yaml",
        "z.safetensors",
        "--scalar",
        "mp256",
    ];
    let said = remarks(&wide);
    assert!(said.contains("mp256 arithmetic, F64 in the file"), "{said}");
    let said = remarks(&[&wide[..], &["--dtype", "f32"]].concat());
    assert!(said.contains("F32 in the file"), "{said}");
    assert_eq!(
        remarks(&["convert", "third.yaml", "z.yaml", "--scalar", "rational"]),
        ""
    );
    assert!(
        !remarks(&[
            "resize",
            "small.yaml",
            "--widths",
            "2,4,1",
            "--outgoing",
            "zero",
            "-o",
            "z.yaml"
        ])
        .contains("seed")
    );
}

#[test]
fn numbers_beyond_f64() {
    let folder = folder();
    let folder = folder.path();
    let text = fs::read_to_string(folder.join("small.yaml")).unwrap();
    fs::write(folder.join("huge.yaml"), text.replace("\"6\"", "\"1e999\"")).unwrap();
    let json = done(folder, &["info", "huge.yaml", "--scalar", "mp64", "--json"]);
    let info: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(info["singular_values"][0][0], "1.000e999");
    assert!(info["singular_values"][0][1].is_f64());
    // The file is finite, and so is each of its numbers in f64: it is the operation that overflows.
    fs::write(
        folder.join("large.yaml"),
        text.replace(
            "\"1/10\", \"0.2\", \"3e-1\"",
            "\"1.7e308\", \"1.7e308\", \"1.7e308\"",
        ),
    )
    .unwrap();
    for arguments in [
        &["info", "large.yaml"][..],
        &["compress", "large.yaml", "-o", "z.yaml"],
        &["resize", "large.yaml", "--widths", "2,1,1", "-o", "z.yaml"],
        &[
            "diagonalise",
            "large.yaml",
            "--gauge",
            "left",
            "-o",
            "z.yaml",
        ],
    ] {
        refused(
            folder,
            arguments,
            &["large.yaml", "of the result", "wider arithmetic (--scalar)"],
        );
        done(folder, &[arguments, &["--scalar", "mp64"]].concat());
    }
}
