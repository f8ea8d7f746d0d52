//! `diff` at its limits: which changes count, which do not, and what it says of them.

use std::{fs, path::Path};

use isotropic::{
    Layer, Network,
    gauge::rotate,
    io::{Dtype, ReadOptions, WriteOptions, read_network, write_network},
    linalg::haar,
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::{
    SMALL_NET,
    command::{SMALL_YAML, isotropic, shipped, stderr, stdout},
    done, folder, refused,
};

/// The exit code for [`SMALL_YAML`] (o = 2, ψ = -3/2, the first weight 1) edited in two ways.
fn verdict(folder: &Path, a: &[[&str; 2]], b: &[[&str; 2]], scalar: &str) -> (i32, String) {
    let edited = |edits: &[[&str; 2]]| {
        edits
            .iter()
            .fold(SMALL_YAML.to_string(), |text, [from, to]| {
                assert!(text.contains(from), "{from}");
                text.replacen(from, to, 1)
            })
    };
    fs::write(folder.join("a.yaml"), edited(a)).unwrap();
    fs::write(folder.join("b.yaml"), edited(b)).unwrap();
    let output = isotropic(folder, &["diff", "a.yaml", "b.yaml", "--scalar", scalar]);
    (
        output.status.code().unwrap(),
        stdout(&output) + &stderr(&output),
    )
}

#[test]
fn what_rounding_explains_and_what_not() {
    let folder = folder();
    let at = folder.path();
    let judged = |to: [&str; 2], scalar: &str, agree: bool| {
        let (code, text) = verdict(at, &[], &[to], scalar);
        assert_eq!(code, i32::from(!agree), "{to:?} at {scalar}: {text}");
        assert!(
            text.starts_with(if agree { "agree" } else { "differ" }),
            "{text}"
        );
        text
    };
    let weight = |x| ["[\"1\", \"2\"]", x];
    judged(weight("[\"1.0000000000000002\", \"2\"]"), "f64", true);
    judged(weight("[\"1.000000001\", \"2\"]"), "f64", false);
    judged(weight("[\"1.00000001\", \"2\"]"), "f32", true);
    judged(weight("[\"1.0000000000000002\", \"2\"]"), "mp128", false);
    let text = judged(["squared: \"2\"", "squared: \"2.000000001\""], "f64", false);
    assert!(text.contains("layer 1, o"), "{text}");
    judged(
        ["squared: \"2\"", "squared: \"2.0000000000000004\""],
        "f64",
        true,
    );
    // Neurons 1 and 2 change places.
    let (code, text) = verdict(
        at,
        &[],
        &[
            ["[\"1\", \"2\"]", "[\"x\"]"],
            ["[\"3\", \"4\"]", "[\"1\", \"2\"]"],
            ["[\"x\"]", "[\"3\", \"4\"]"],
            ["\"0.25\", \"-0x1p-1\"", "\"-0.5\", \"0.25\""],
            ["\"1/10\", \"0.2\"", "\"0.2\", \"0.1\""],
        ],
        "mp256",
    );
    assert_eq!(code, 0, "{text}");
}

#[test]
fn absent_zero_and_negative_zero_are_one() {
    let folder = folder();
    let at = folder.path();
    let psi = "    psi: [\"-3/2\"]\n";
    let length = "    intrinsic_length_squared: \"2\"\n";
    let agree = |a: [&str; 2], b: [&str; 2]| {
        let (code, text) = verdict(at, &[a], &[b], "mp256");
        assert_eq!(code, 0, "{a:?} {b:?}: {text}");
    };
    agree([psi, ""], [psi, "    psi: [\"0\"]\n"]);
    agree([psi, ""], [psi, "    psi: [\"-0\"]\n"]);
    agree(
        [length, ""],
        [length, "    intrinsic_length_squared: \"0\"\n"],
    );
    // What comes out of a dead neuron is free, and small parameters beside large ones are no excuse
    // for a network to differ from itself.
    let dead = [
        "[\"5\", \"6\"]\n    bias: [\"0.25\", \"-0x1p-1\", \"1\"]",
        "[\"0\", \"-0\"]\n    bias: [\"0.25\", \"-0.5\", \"0\"]",
    ];
    let (code, text) = verdict(at, &[dead], &[dead, ["3e-1", "-77"]], "f64");
    assert_eq!(code, 0, "{text}");
    let tiny = ["[\"5\", \"6\"]", "[\"5e-150\", \"6e-150\"]"];
    agree(tiny, tiny);
}

#[test]
fn thresholds_are_judged_as_other_parameters() {
    let folder = folder();
    let at = folder.path();
    fs::write(
        at.join("exact.yaml"),
        SMALL_YAML.replace("gain: rational", "gain: soft-threshold\nthreshold: \"1/3\""),
    )
    .unwrap();
    done(at, &["convert", "exact.yaml", "rounded.safetensors"]);
    done(at, &["diff", "exact.yaml", "rounded.safetensors"]);
    let output = isotropic(
        at,
        &[
            "diff",
            "exact.yaml",
            "rounded.safetensors",
            "--scalar",
            "mp128",
        ],
    );
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("threshold"), "{}", stdout(&output));
}

#[test]
fn remarks_are_true() {
    let folder = folder();
    let at = folder.path();
    let hint = "outputs agree";
    // A part in 10⁹ is no rounding in f64, in the outputs neither.
    let (_, text) = verdict(at, &[], &[["\"1\"]\n", "\"1.000000001\"]\n"]], "f64");
    assert!(text.starts_with("differ") && !text.contains(hint), "{text}");
    // o does nothing under the linear gain.
    let linear = ["gain: rational", "gain: linear"];
    let (code, text) = verdict(
        at,
        &[linear],
        &[linear, ["squared: \"2\"", "squared: \"3\""]],
        "f64",
    );
    assert!(code == 0 && text.contains("the same affine map"), "{text}");
    // Where nothing is allowed, what is found is infinitely more.
    let zero = "isotropic: 1\nwidths: [1, 1]\ngain: tanh\nlayers:\n  - weight: [[\"0\"]]\n    bias: [\"BIAS\"]\n";
    fs::write(at.join("zero.yaml"), zero.replace("BIAS", "0")).unwrap();
    fs::write(at.join("one.yaml"), zero.replace("BIAS", "1e-9")).unwrap();
    let output = isotropic(at, &["diff", "zero.yaml", "zero.yaml"]);
    assert_eq!(output.status.code(), Some(0));
    let output = isotropic(at, &["diff", "zero.yaml", "one.yaml"]);
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
}

#[test]
fn the_meaning_of_a_length_concerns_the_safetensors() {
    let folder = folder();
    let at = folder.path();
    done(
        at,
        &["convert", SMALL_NET, "s.yaml", "--intrinsic-length", "log"],
    );
    done(
        at,
        &["diff", SMALL_NET, "s.yaml", "--intrinsic-length", "log"],
    );
    refused(
        at,
        &["diff", "s.yaml", "s.yaml", "--intrinsic-length", "log"],
        &["s.yaml", "--intrinsic-length"],
    );
}

/// The shipped network, and a copy of it that has been changed, in a file of that type.
fn copy(at: &Path, name: &str, dtype: Dtype, edit: impl FnOnce(Network<f64>) -> Network<f64>) {
    let stored = read_network(&shipped(TRAINED), &ReadOptions::default()).expect("it ships");
    let network = edit(stored.network::<f64>().expect("doubles"));
    let options = WriteOptions {
        dtype: Some(dtype),
        ..WriteOptions::default()
    };
    write_network(&at.join(name), &network, &options).expect("written");
}

const TRAINED: &str = "digits-64-48-32-10.safetensors";

/// The verdict's first line, and the exit code.
fn diagnosed(at: &Path, b: &str) -> (Option<i32>, String) {
    let a = shipped(TRAINED).display().to_string();
    let output = isotropic(at, &["diff", &a, b, "--diagnose"]);
    (output.status.code(), stdout(&output))
}

#[test]
fn rounding_is_told_from_a_mistake() {
    let folder = folder();
    let at = folder.path();
    let a = shipped(TRAINED).display().to_string();
    for (scalar, dtype, format) in [("f32", "f32", "single"), ("f64", "f64", "double")] {
        let turn = [
            "rotate", &a, "--seed", "3", "--scalar", scalar, "--dtype", dtype, "-o",
        ];
        done(at, &[&turn[..], &["turned.safetensors"]].concat());
        let (code, text) = diagnosed(at, "turned.safetensors");
        assert_eq!(code, Some(0), "{text}");
        assert!(
            text.starts_with("rounding: ") && text.contains(format),
            "{text}"
        );
        assert!(text.contains("sits in the stored parameters"), "{text}");
    }
    // In single precision the port is as good as its format; judged as doubles it is not.
    let turn = [
        "rotate",
        &a,
        "--seed",
        "4",
        "--scalar",
        "f32",
        "--dtype",
        "f32",
        "-o",
        "single.safetensors",
    ];
    done(at, &turn);
    for (more, code) in [(&[][..], 0), (&["--scalar", "f64"], 1)] {
        let output = isotropic(at, &[&["diff", &a, "single.safetensors"], more].concat());
        assert_eq!(output.status.code(), Some(code), "{}", stdout(&output));
    }
    let (code, text) = diagnosed(at, &a);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("every parameter is the same"), "{text}");
    let output = isotropic(at, &["diff", &a, &a, "--diagnose", "--scalar", "f32"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_mistake_has_a_place() {
    let folder = folder();
    let at = folder.path();
    let turned = |network: &Network<f64>, l: usize| {
        let n = network.layer(l).width();
        let r = haar(n, &mut ChaCha8Rng::seed_from_u64(5));
        (rotate(network, l, &r).expect("hidden"), r)
    };
    type Edit<'a> = dyn Fn(&mut Vec<Layer<f64>>, &mut Vec<f64>) + 'a;
    let changed = |network: &Network<f64>, edit: &Edit| {
        let mut layers = network.layers().to_vec();
        let mut lengths = network
            .hidden()
            .map(|l| network.length_squared(l))
            .collect();
        edit(&mut layers, &mut lengths);
        Network::new(layers, network.gain().clone(), Some(lengths)).expect("valid")
    };
    // ψ_2 is forgotten by a rotation, in single precision.
    copy(at, "psi.safetensors", Dtype::F32, |network| {
        let (image, _) = turned(&network, 2);
        changed(&image, &|layers, _| {
            layers[1].psi.clone_from(&network.layer(2).psi)
        })
    });
    // R instead of Rᵀ on the outgoing side.
    copy(at, "outgoing.safetensors", Dtype::F32, |network| {
        let (image, r) = turned(&network, 1);
        changed(&image, &|layers, _| {
            layers[1].weight = &network.layer(2).weight * &r
        })
    });
    // o for λ.
    copy(at, "length.safetensors", Dtype::F64, |network| {
        changed(&network, &|_, lengths| lengths[0] *= lengths[0])
    });
    // One number by a part in a thousand.
    copy(at, "bias.safetensors", Dtype::F32, |network| {
        changed(&network, &|layers, _| layers[0].bias[17] += 1e-3)
    });
    for (file, place) in [
        ("psi.safetensors", "a difference in layer 2, ψ: "),
        ("outgoing.safetensors", "a difference in layer 2, weight: "),
        ("length.safetensors", "a difference in layer 1, o: "),
        (
            "bias.safetensors",
            "a difference in layer 1, bias, row 18: ",
        ),
    ] {
        let (code, text) = diagnosed(at, file);
        assert_eq!(code, Some(1), "{file}: {text}");
        assert!(text.starts_with(place), "{file}: {text}");
        assert!(text.contains("judged at u = 2^-"), "{file}: {text}");
    }
    let output = isotropic(
        at,
        &["diff", "psi.safetensors", "wide.safetensors", "--diagnose"],
    );
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).starts_with("a difference: the widths are"));
}
