//! `diff --exact` and `invariants`.

use std::fs;

use serde_json::{Value, json};

use crate::{
    SMALL_NET,
    command::{SMALL_YAML, isotropic, stderr, stdout},
    done, folder, refused,
};

#[test]
fn exact_equality_is_proved_and_differences_have_an_entry() {
    let folder = folder();
    let at = folder.path();
    let run = |a: &str, b: &str| {
        let output = isotropic(at, &["diff", a, b, "--exact"]);
        (output.status.code(), stdout(&output) + &stderr(&output))
    };
    // Over ℚ a rotated copy is the same function.
    done(
        at,
        &[
            "rotate",
            "small.yaml",
            "--seed",
            "3",
            "--scalar",
            "rational",
            "-o",
            "turned.yaml",
        ],
    );
    let (code, text) = run("small.yaml", "turned.yaml");
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.starts_with("equal, proved: N_1 … N_(L-1) and V_L are equal (B9 (i))"),
        "{text}"
    );
    // Rotated in floats it is another one, and an input shows it.
    for scalar in ["f32", "f64"] {
        done(
            at,
            &[
                "rotate",
                SMALL_NET,
                "--seed",
                "3",
                "--scalar",
                scalar,
                "-o",
                "turned.safetensors",
            ],
        );
        let (code, text) = run(SMALL_NET, "turned.safetensors");
        assert_eq!(code, Some(1), "{text}");
        assert!(
            text.starts_with("different, proved: N_1 in row 1, column 1 is "),
            "{text}"
        );
        assert!(text.contains("by enclosures, at x = 0\n"), "{text}");
    }
    let (code, text) = run(SMALL_NET, SMALL_NET);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("every parameter is the same"), "{text}");
    let (code, text) = run("small.yaml", SMALL_NET);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("2 inputs"), "{text}");
    // Different invariants of 1/(1+r) prove nothing; an input does. And where none does, that is said.
    fs::write(
        at.join("other.yaml"),
        SMALL_YAML.replace("\"1\", \"2\"", "\"1.5\", \"2\""),
    )
    .unwrap();
    let (code, text) = run("small.yaml", "other.yaml");
    assert_eq!(code, Some(1), "{text}");
    assert!(
        text.starts_with("different, proved by their outputs"),
        "{text}"
    );
    let zero = |psi: &str| {
        let edits = [
            ("\"1/10\", \"0.2\", \"3e-1\"", "0, 0, 0"),
            ("-3/2", psi),
            ("gain: rational", "gain: soft-threshold\nthreshold: \"100\""),
        ];
        edits
            .iter()
            .fold(SMALL_YAML.to_string(), |text, (from, to)| {
                text.replace(from, to)
            })
    };
    fs::write(at.join("one.yaml"), zero("1")).unwrap();
    fs::write(at.join("two.yaml"), zero("2")).unwrap();
    let (code, text) = run("one.yaml", "two.yaml");
    assert_eq!(code, Some(3), "{text}");
    assert!(text.starts_with("undecided: "), "{text}");
    refused(
        at,
        &[
            "diff",
            "small.yaml",
            "small.yaml",
            "--exact",
            "--scalar",
            "f32",
        ],
        &["--scalar"],
    );
    refused(
        at,
        &["diff", "small.yaml", "small.yaml", "--exact", "--ball", "1"],
        &["--ball"],
    );
}

#[test]
fn invariants_are_exact_numbers() {
    let folder = folder();
    let at = folder.path();
    let parsed = |arguments: &[&str]| -> Value {
        let output = isotropic(at, arguments);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        serde_json::from_str(&stdout(&output)).unwrap()
    };
    // N_1 = VᵀV + 2 e eᵀ with V = [1 2 1/4; 3 4 -1/2; 5 6 1].
    let found = parsed(&["invariants", "small.yaml", "--json"]);
    assert_eq!(
        found["gram"],
        json!([[
            ["35", "44", "15/4"],
            ["44", "56", "9/2"],
            ["15/4", "9/2", "53/16"]
        ]])
    );
    // W_2 V_1 + ψ e: 1/10 + 6/10 + 15/10, …, 1/40 - 1/10 + 3/10 - 3/2.
    assert_eq!(found["output"], json!([["11/5", "14/5", "-51/40", "2"]]));
    let second = parsed(&["invariants", "small.yaml", "--json", "--layer", "2"]);
    assert!(second.get("gram").is_none());
    assert_eq!(second["output"], found["output"]);
    let first = parsed(&["invariants", "small.yaml", "--json", "--layer", "1"]);
    assert!(first.get("output").is_none());
    assert_eq!(first["gram"], found["gram"]);
    let rounded = parsed(&["invariants", "small.yaml", "--json", "--scalar", "f32"]);
    assert_eq!(rounded["output"][0][0], "2.2");
    // A length that is stored as its logarithm.
    let trained = parsed(&["invariants", SMALL_NET, "--json", "--layer", "1"]);
    let corner = &trained["gram"][0][64][64];
    assert!(
        corner["q"].is_string() && corner["exp"].is_string(),
        "{corner}"
    );
    let text = stdout(&isotropic(
        at,
        &["invariants", "small.yaml", "--layer", "2"],
    ));
    assert_eq!(text, "V_2, 1 × 4:\n  11/5  14/5  -51/40  2\n");
    refused(
        at,
        &["invariants", "small.yaml", "--layer", "3"],
        &["layers are 1 to 2"],
    );
    refused(
        at,
        &["invariants", "small.yaml", "--id", "--json"],
        &["--json"],
    );
}

#[test]
fn the_digest_is_that_of_the_function() {
    let folder = folder();
    let at = folder.path();
    let id = |file: &str| {
        let output = isotropic(at, &["invariants", file, "--id"]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        stdout(&output)
    };
    done(
        at,
        &[
            "rotate",
            "small.yaml",
            "--seed",
            "9",
            "--scalar",
            "rational",
            "-o",
            "turned.yaml",
        ],
    );
    // A neuron of bias 1 that the length, 2 = 1 + 1, and ψ pay for, and one that is dead.
    let grown = [
        ["widths: [2, 3, 1]", "widths: [2, 5, 1]"],
        [
            "[\"5\", \"6\"]\n",
            "[\"5\", \"6\"]\n      - [0, 0]\n      - [0, 0]\n",
        ],
        [
            "\"1\"]\n    intrinsic_length_squared: \"2\"",
            "\"1\", 1, 0]\n    intrinsic_length_squared: \"1\"",
        ],
        ["\"3e-1\"]", "\"3e-1\", 5, 77]"],
        ["\"-3/2\"", "\"-13/2\""],
    ];
    let text = grown
        .iter()
        .fold(SMALL_YAML.to_string(), |text, [from, to]| {
            assert!(text.contains(from), "{from}");
            text.replace(from, to)
        });
    fs::write(at.join("grown.yaml"), text).unwrap();
    assert_eq!(id("small.yaml"), id("turned.yaml"));
    assert_eq!(id("small.yaml"), id("grown.yaml"));
    assert_eq!(id("small.yaml").len(), 65);
    fs::write(
        at.join("other.yaml"),
        SMALL_YAML.replace("\"-3/2\"", "\"-3/4\""),
    )
    .unwrap();
    assert_ne!(id("small.yaml"), id("other.yaml"));
}

/// Two networks of one function, in exact numbers, have the same factors to the last character; another one has not.
#[test]
fn factors_are_the_same_for_one_function() {
    let folder = folder();
    let at = folder.path();
    let turned = ["--seed", "3", "--scalar", "rational", "-o", "turned.yaml"];
    done(at, &[&["rotate", "small.yaml"][..], &turned].concat());
    let own = done(at, &["invariants", "small.yaml", "--factors"]);
    assert_eq!(done(at, &["invariants", "turned.yaml", "--factors"]), own);
    for part in ["U_1, ", "D_1, 1 × ", "o_1, 1 × 1:", "V_"] {
        assert!(own.contains(part), "`{part}` in {own}");
    }
    let json = done(at, &["invariants", "turned.yaml", "--factors", "--json"]);
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let first = &json["factors"][0];
    assert_eq!(
        first["rows"].as_array().map(Vec::len),
        first["weights"].as_array().map(Vec::len)
    );
    assert!(first["length"].is_string() && json["gram"].is_null());
    let one = done(
        at,
        &["invariants", "small.yaml", "--factors", "--layer", "1"],
    );
    assert!(one.starts_with("U_1") && !one.contains("V_"), "{one}");
    let changed = SMALL_YAML.replacen("squared: \"2\"", "squared: \"3\"", 1);
    fs::write(at.join("other.yaml"), changed).unwrap();
    assert_ne!(done(at, &["invariants", "other.yaml", "--factors"]), own);
    refused(
        at,
        &["invariants", "small.yaml", "--factors", "--scalar", "f64"],
        &["--factors", "--scalar"],
    );
}
