//! Pairs that `diff` has misjudged: right answers for each.

use std::{fs, path::Path};

use crate::{
    command::{isotropic, shipped, stderr, stdout},
    done, folder,
};

/// A file of tests/data/diff.
fn case(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/diff");
    folder.join(name).display().to_string()
}

/// Exit code and everything said.
fn said(at: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = isotropic(at, arguments);
    (output.status.code(), stdout(&output) + &stderr(&output))
}

/// One weight of a trained network in single precision, -0.1596 for -0.1576, and everything else equal to the bit.
#[test]
fn one_weight_among_equal_ones_is_no_rounding() {
    let folder = folder();
    let at = folder.path();
    let a = shipped("digits-64-48-32-10.safetensors")
        .display()
        .to_string();
    let b = case("diagnose_one_weight.safetensors");
    let (code, text) = said(at, &["diff", &a, &b, "--diagnose"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(
        text.starts_with("a difference in layer 2, weight, row 6, column 8: ")
            && text.contains("the one number that differs"),
        "{text}"
    );
    let (code, text) = said(at, &["diff", &a, &b]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("they part in layer 2"), "{text}");
}

/// b is a signed permutation of a; c the same with one weight off by 1e-3.
#[test]
fn signed_permutations_are_told_from_mistakes() {
    let folder = folder();
    let at = folder.path();
    let [a, b, c] = ["a", "b", "c"].map(|name| case(&format!("n_rebasin_{name}.safetensors")));
    for more in [&[][..], &["--diagnose"], &["--exact"]] {
        let (code, text) = said(at, &[&["diff", &a, &b], more].concat());
        assert_eq!(code, Some(0), "{text}");
        let (code, text) = said(at, &[&["diff", &a, &c], more].concat());
        assert_eq!(code, Some(1), "{text}");
    }
    let (_, text) = said(at, &["diff", &a, &c, "--diagnose"]);
    assert!(
        text.starts_with("a difference in layer ") && text.contains("the one number"),
        "{text}"
    );
}

/// Last weights 1e-200 and 3e-200: two thirds apart, however small.
#[test]
fn small_outputs_have_no_floor() {
    let folder = folder();
    let (code, text) = said(
        folder.path(),
        &["diff", &case("tinyout_a.yaml"), &case("tinyout_b.yaml")],
    );
    assert_eq!(code, Some(1), "{text}");
    assert!(
        text.contains("output difference: 0.6667") && !text.contains("all the same"),
        "{text}"
    );
}

/// 40-32-16-4 in single precision, of ranks 6 and 5, and its compressed copy.
#[test]
fn single_precision_is_judged_as_such() {
    let folder = folder();
    let at = folder.path();
    let wide = case("../n_lowrank32.safetensors");
    done(
        at,
        &[
            "compress",
            &wide,
            "--scalar",
            "f32",
            "-o",
            "narrow.safetensors",
        ],
    );
    for more in [&[][..], &["--diagnose"]] {
        let (code, text) = said(at, &[&["diff", &wide, "narrow.safetensors"], more].concat());
        assert_eq!(code, Some(0), "{text}");
        assert!(text.contains("by ranks at 24 bits"), "{text}");
        assert!(text.contains("40-6-5-4"), "{text}");
    }
}

/// Inputs and outputs are not rotated: what is small there is not excused by what is large.
#[test]
fn rows_and_columns_at_the_ends_have_their_own_size() {
    let folder = folder();
    let at = folder.path();
    let yaml = |widths: &str, first: &str, bias: &str, last: &str, last_bias: &str| {
        format!(
            "isotropic: 1\nwidths: [{widths}]\ngain: tanh\nlayers:\n  - weight: {first}\n    bias: {bias}\n  - weight: {last}\n    bias: {last_bias}\n"
        )
    };
    let differ = |a: String, b: String, scalar: &str, part: &str| {
        fs::write(at.join("a.yaml"), a).unwrap();
        fs::write(at.join("b.yaml"), b).unwrap();
        let (code, text) = said(at, &["diff", "a.yaml", "b.yaml", "--scalar", scalar]);
        assert_eq!(code, Some(1), "{text}");
        assert!(
            text.starts_with("differ: ") && text.contains(part),
            "{text}"
        );
    };
    let one = |last: &str| yaml("1, 1, 2", "[[1]]", "[1]", last, "[0, 0]");
    differ(
        one("[[1e16], [1]]"),
        one("[[1e16], [-1]]"),
        "f64",
        "layer 2, weight in row 2",
    );
    let column = |x: &str| yaml("2, 1, 1", &format!("[[1, {x}]]"), "[1]", "[[1]]", "[0]");
    differ(
        column("1e-6"),
        column("0"),
        "f32",
        "layer 1, weight in column 2",
    );
    let bias = |b: &str| {
        yaml(
            "1, 1, 2",
            "[[1]]",
            "[1]",
            "[[1], [1]]",
            &format!("[1e16, {b}]"),
        )
    };
    differ(bias("1"), bias("0"), "f64", "layer 2, bias in row 2");
    // Within a hidden layer the outputs tell: a row of 1e-8 that a weight of 1e8 reads, zeroed.
    let hidden = |x: &str| {
        yaml(
            "1, 2, 1",
            &format!("[[1], [{x}]]"),
            "[0, 0]",
            "[[1, 1e8]]",
            "[0]",
        )
    };
    differ(hidden("1e-8"), hidden("0"), "f32", "the outputs do not");
}

/// What plain `diff` writes for machines, with and without a bound beside it.
#[test]
fn json_says_what_was_found() {
    let folder = folder();
    let at = folder.path();
    let a = shipped("digits-64-48-32-10.safetensors")
        .display()
        .to_string();
    let read = |name: &str| -> serde_json::Value {
        serde_json::from_str(&fs::read_to_string(at.join(name)).unwrap()).unwrap()
    };
    let b = case("diagnose_one_weight.safetensors");
    let (code, text) = said(at, &["diff", &a, &b, "--json", "o.json"]);
    assert_eq!(code, Some(1), "{text}");
    let found = read("o.json");
    assert_eq!(found["agree"], false);
    assert_eq!(found["decision"], "different");
    assert_eq!(found["place"]["layer"], 2);
    for key in ["residual", "output_difference"] {
        assert!(found[key].is_string(), "{key}: {found}");
    }
    assert!(
        found.get("hint").is_some() && found.get("bound").is_none(),
        "{found}"
    );
    let (code, _) = said(at, &["diff", &a, &a, "--json", "o.json", "--ball", "1"]);
    assert_eq!(code, Some(0));
    let found = read("o.json");
    assert_eq!(
        (&found["agree"], &found["decision"]),
        (&true.into(), &"equal".into())
    );
    assert!(found["bound"]["certified_bound"].is_number(), "{found}");
    assert_eq!(found["certified_bound"], found["bound"]["certified_bound"]);
    // Other widths at the ends: no outputs to hold against each other.
    let (code, text) = said(at, &["diff", &a, "small.yaml", "--json", "o.json"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(read("o.json")["place"]["structure"].is_string());
}

/// Thresholds that no input reaches make one function of other weights: the parameters differ, and the diagnosis does not
/// say that the functions do.
#[test]
fn other_parameters_of_an_undecided_gain_are_no_difference() {
    let folder = folder();
    let at = folder.path();
    let yaml = |weight: &str| {
        format!(
            "isotropic: 1\nwidths: [2, 2, 1]\ngain: soft-threshold\nthreshold: \"100\"\nlayers:\n  - weight: [[1, 0], [0, {weight}]]\n    bias: [0, 0]\n  - weight: [[1, 1]]\n    bias: [1]\n"
        )
    };
    fs::write(at.join("a.yaml"), yaml("1")).unwrap();
    fs::write(at.join("b.yaml"), yaml("2")).unwrap();
    let (code, text) = said(at, &["diff", "a.yaml", "b.yaml", "--diagnose"]);
    assert_eq!(code, Some(3), "{text}");
    assert!(
        text.starts_with(
            "undecided: the parameters differ; whether the functions do is not decided"
        ),
        "{text}"
    );
    for more in [&[][..], &["--exact"]] {
        let (code, text) = said(at, &[&["diff", "a.yaml", "b.yaml"], more].concat());
        assert_eq!(code, Some(3), "{text}");
    }
    // With tanh the same weights are a difference.
    for name in ["a.yaml", "b.yaml"] {
        let text = fs::read_to_string(at.join(name)).unwrap();
        let tanh = text.replace("soft-threshold\nthreshold: \"100\"", "tanh");
        fs::write(at.join(name), tanh).unwrap();
    }
    let (code, text) = said(at, &["diff", "a.yaml", "b.yaml", "--diagnose"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.starts_with("a difference in "), "{text}");
}
