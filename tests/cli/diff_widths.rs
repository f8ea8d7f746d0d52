//! `diff` on networks of different widths, of different formats, and what it says where two networks part.

use std::{fs, path::Path};

use isotropic::{
    Gain, Layer, Network,
    gauge::rotate,
    io::{WriteOptions, write_network},
    linalg::{Matrix, Vector, haar},
    resize::{grow, grow_with_bias},
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::command::{isotropic, stderr, stdout};

/// 3-4-3-2 with o and ψ, of full rank: its ceiling is 3-3-3-2 (4 neurons see 3 inputs).
fn network() -> Network<f64> {
    let entry =
        |l: usize, i: usize, j: usize| ((7 * l + 3 * i + 5 * j * j) % 11) as f64 / 7.0 - 0.6;
    let layer = |l: usize, m: usize, n: usize| Layer {
        weight: Matrix::from_fn(m, n, |i, j| entry(l, i, j + 1)),
        bias: Vector::from_fn(m, |i, _| entry(l, i, 9)),
        psi: (l > 1).then(|| Vector::from_fn(m, |i, _| entry(l, i, 13))),
    };
    let layers = vec![layer(1, 4, 3), layer(2, 3, 4), layer(3, 2, 3)];
    Network::new(layers, Gain::Tanh, Some(vec![0.75, 1.5])).unwrap()
}

fn turned(network: &Network<f64>, l: usize) -> Network<f64> {
    let n = network.layer(l).width();
    rotate(
        network,
        l,
        &haar(n, &mut ChaCha8Rng::seed_from_u64(l as u64)),
    )
    .unwrap()
}

fn changed(
    network: &Network<f64>,
    edit: impl FnOnce(&mut Vec<Layer<f64>>, &mut Vec<f64>),
) -> Network<f64> {
    let mut layers = network.layers().to_vec();
    let mut o = network
        .hidden()
        .map(|l| network.length_squared(l))
        .collect();
    edit(&mut layers, &mut o);
    Network::new(layers, network.gain().clone(), Some(o)).unwrap()
}

/// Exit code and what was said, of `a.safetensors` against `b.yaml`.
fn held(a: &Network<f64>, b: &Network<f64>) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.safetensors", a);
    write(folder.path(), "b.yaml", b);
    let output = isotropic(folder.path(), &["diff", "a.safetensors", "b.yaml"]);
    (output.status.code(), stdout(&output) + &stderr(&output))
}

fn write(folder: &Path, name: &str, network: &Network<f64>) {
    write_network(&folder.join(name), network, &WriteOptions::default()).unwrap();
    assert!(fs::metadata(folder.join(name)).unwrap().len() > 0);
}

fn agree(b: &Network<f64>, parts: &[&str]) {
    let (code, text) = held(&network(), b);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.starts_with("agree"), "{text}");
    for part in parts {
        assert!(text.contains(part), "`{part}` in {text}");
    }
}

fn differ(b: &Network<f64>, parts: &[&str]) {
    let (code, text) = held(&network(), b);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.starts_with("differ"), "{text}");
    for part in parts {
        assert!(text.contains(part), "`{part}` in {text}");
    }
}

#[test]
fn grown_networks_agree_with_what_they_grew_from() {
    let columns = Matrix::from_fn(3, 2, |i, j| i as f64 - 0.3 * j as f64);
    let grown = grow(&network(), 1, &columns).unwrap();
    // The decimals of a YAML file are other numbers than the doubles they stand for: not the same to the last digit.
    agree(&grown, &["3-4-3-2 is 3-3-3-2", "3-6-3-2 is 3-3-3-2"]);
    // Rotated in f64 afterwards: the new neurons are zero to rounding only.
    agree(
        &turned(&turned(&grown, 1), 2),
        &[
            "3-4-3-2 is 3-3-3-2",
            "3-6-3-2 is 3-3-3-2, by ranks at 53 bits",
        ],
    );
    let column = Matrix::from_fn(2, 1, |i, _| 0.25 + i as f64);
    let biased = grow_with_bias(&network(), 2, &1.125, &column).unwrap();
    agree(&turned(&biased, 2), &["3-4-4-2 is 3-3-3-2"]);
}

/// Equal widths, and a constant that one network holds as a neuron and the other in o and ψ.
#[test]
fn constants_may_sit_anywhere() {
    let one = |i: usize| Matrix::from_fn(2, 1, |k, _| if k == i { 1.0 } else { -0.5 });
    let a = grow_with_bias(&network(), 2, &0.5, &one(0)).unwrap();
    let b = grow_with_bias(&network(), 2, &1.0, &one(1)).unwrap();
    let (code, text) = held(&turned(&a, 2), &b);
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.contains("3-4-4-2 is 3-3-3-2, and 3-4-4-2 is 3-3-3-2"),
        "{text}"
    );
}

#[test]
fn a_difference_is_seen_through_the_ceilings() {
    let columns = Matrix::from_fn(3, 1, |i, _| i as f64 - 0.3);
    let grown = grow(&network(), 1, &columns).unwrap();
    differ(
        &changed(&grown, |layers, _| layers[2].bias[0] += 1e-6),
        &["layer 3, bias", "3-5-3-2 is 3-3-3-2"],
    );
    // A row that is not zero: a neuron more, and one that does something.
    let busy = changed(
        &grow(&network(), 2, &Matrix::from_element(2, 1, 0.5)).unwrap(),
        |layers, _| {
            layers[1].weight[(3, 0)] = 0.25;
        },
    );
    differ(&busy, &["[3, 3, 3, 2]", "[3, 3, 4, 2]"]);
}

#[test]
fn the_table_ends_where_they_part_and_says_what_it_looks_like() {
    let here = "  here they part";
    differ(
        &changed(&network(), |_, o| o[0] *= o[0]),
        &[
            "layer 1, o",
            here,
            "that of b.yaml is the square of that of a.safetensors",
            "what comes after it receives other values",
        ],
    );
    differ(
        &changed(&network(), |_, o| o[1] = o[1].sqrt()),
        &["that of a.safetensors is the square of that of b.yaml"],
    );
    differ(
        &changed(&network(), |_, o| o[1] = o[1].ln()),
        &["that of b.yaml is the logarithm of"],
    );
    differ(
        &changed(&network(), |_, o| o[1] = 0.0),
        &["that of b.yaml is 0, and not that of"],
    );
    differ(
        &changed(&network(), |layers, _| layers[1].psi = None),
        &[
            "layer 2, ψ",
            "ψ of layer 2 is 0 in b.yaml: perhaps it was left out",
        ],
    );
    // Layer 2 is at its ceiling; layer 1 would be compressed, and its basis changed.
    let narrow = changed(&network(), |layers, _| {
        layers[0] = Layer {
            weight: layers[0].weight.rows(0, 3).into_owned(),
            bias: layers[0].bias.rows(0, 3).into_owned(),
            psi: None,
        };
        layers[1].weight = layers[1].weight.columns(0, 3).into_owned();
    });
    let image = turned(&narrow, 2);
    let behind = changed(&image, |layers, _| {
        layers[1].psi = narrow.layer(2).psi.clone()
    });
    let (code, text) = held(&narrow, &behind);
    assert_eq!(code, Some(1), "{text}");
    assert!(
        text.contains("its ψ is the same in both: perhaps it stayed behind"),
        "{text}"
    );
    let back = changed(&image, |layers, _| {
        layers[2].weight = narrow.layer(3).weight.clone()
    });
    let (_, text) = held(&narrow, &back);
    assert!(
        text.contains("perhaps W_3 was multiplied by R where Rᵀ belongs"),
        "{text}"
    );
    // The parts before the parting are shown, those after are not.
    assert!(
        text.contains("    2  o ") && !text.contains("    3  bias"),
        "{text}"
    );
}
