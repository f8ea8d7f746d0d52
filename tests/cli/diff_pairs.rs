//! Pairs of floats of which it is known whether they are one function up to rounding, with inputs and outputs whose sizes
//! are 1e±16 apart: copies by gauge, growth, absorption and compression agree; one row, column, sign or entry that is
//! off by a part in a thousand of its own line, or in 10¹¹, does not, in copies of all these kinds. Thousands with
//! `ISOTROPIC_CAMPAIGN=1`.

use std::{collections::BTreeMap, path::Path};

use isotropic::{
    Gain, Layer, Network,
    gauge::rotate,
    io::{WriteOptions, write_network},
    linalg::{Matrix, Vector, haar},
    resize::{compress, grow, grow_with_bias},
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::command::{isotropic, stderr, stdout};

/// Widths within their ceilings; columns of W_1 and rows of W_L in very different sizes.
fn draw(rng: &mut ChaCha8Rng) -> Network<f64> {
    let inputs = rng.random_range(2..=5usize);
    let mut widths = vec![inputs, rng.random_range(2..=inputs)];
    if rng.random() {
        widths.push(rng.random_range(2..=widths[1] + 1));
    }
    widths.push(rng.random_range(2..=4));
    let depth = widths.len() - 1;
    let sizes = [1.0, 1.0, 1e-16, 1e16, 1e-8];
    let columns: Vec<f64> = (0..inputs).map(|_| sizes[rng.random_range(0..5)]).collect();
    let rows: Vec<f64> = (0..widths[depth])
        .map(|_| sizes[rng.random_range(0..5)])
        .collect();
    let layers = (1..=depth)
        .map(|l| {
            let (m, n) = (widths[l], widths[l - 1]);
            let size = |i: usize, j: Option<usize>| {
                let column = match j {
                    Some(j) if l == 1 => columns[j],
                    Some(_) | None => 1.0,
                };
                column * if l == depth { rows[i] } else { 1.0 }
            };
            Layer {
                weight: Matrix::from_fn(m, n, |i, j| size(i, Some(j)) * entry(rng)),
                bias: Vector::from_fn(m, |i, _| size(i, None) * entry(rng)),
                psi: (l > 1).then(|| Vector::from_fn(m, |i, _| size(i, None) * entry(rng))),
            }
        })
        .collect();
    let lengths = (1..depth).map(|_| 0.5 + entry(rng).abs()).collect();
    Network::new(layers, Gain::Tanh, Some(lengths)).unwrap()
}

/// Of either sign and of moderate size.
fn entry(rng: &mut ChaCha8Rng) -> f64 {
    let size = rng.random_range(0.25..1.0);
    if rng.random() { size } else { -size }
}

fn turned(n: &Network<f64>, rng: &mut ChaCha8Rng) -> Network<f64> {
    n.hidden().fold(n.clone(), |n, l| {
        let r = haar(n.layer(l).width(), rng);
        rotate(&n, l, &r).unwrap()
    })
}

/// A copy of the function, rounded.
fn copy(n: &Network<f64>, kind: usize, rng: &mut ChaCha8Rng) -> (&'static str, Network<f64>) {
    let l = rng.random_range(1..n.depth());
    let next = n.layer(l + 1);
    // What comes out of a new neuron is of the size of its row.
    let column = Matrix::from_fn(next.width(), 1, |i, _| next.weight[(i, 0)] * entry(rng));
    let grown = grow_with_bias(n, l, &(0.5 * n.length_squared(l).sqrt()), &column).unwrap();
    match kind {
        0 => ("turned", turned(n, rng)),
        1 => ("grown", turned(&grow(n, l, &column).unwrap(), rng)),
        2 => ("absorbed", turned(&grown, rng)),
        _ => (
            "compressed",
            compress(&turned(&grown, rng)).unwrap().network,
        ),
    }
}

/// One line, sign or entry off.
fn mistaken(
    n: &Network<f64>,
    kind: usize,
    by: f64,
    rng: &mut ChaCha8Rng,
) -> (&'static str, Network<f64>) {
    let mut layers = n.layers().to_vec();
    let mut lengths: Vec<f64> = n.hidden().map(|l| n.length_squared(l)).collect();
    let last = layers.len() - 1;
    let (i, j) = (
        rng.random_range(0..layers[last].width()),
        rng.random_range(0..layers[0].weight.ncols()),
    );
    let within = rng.random_range(0..layers[0].width());
    let off = 1.0 + by;
    let name = match kind {
        0 => {
            layers[0].weight.column_mut(j).fill(0.0);
            "a column zeroed"
        }
        1 => {
            layers[last].weight.row_mut(i).neg_mut();
            "a row negated"
        }
        2 => {
            layers[0].weight[(within, j)] *= off;
            "an entry of W_1"
        }
        3 => {
            layers[last].weight[(i, 0)] *= off;
            "an entry of W_L"
        }
        4 => {
            layers[last].bias[i] *= off;
            "an entry of b_L"
        }
        5 => {
            layers[0].bias[within] *= -1.0;
            "a sign of b_1"
        }
        _ => {
            lengths[0] *= off;
            "o_1"
        }
    };
    (
        name,
        Network::new(layers, Gain::Tanh, Some(lengths)).unwrap(),
    )
}

fn code(at: &Path, a: &Network<f64>, b: &Network<f64>) -> (i32, String) {
    for (name, network) in [("a.safetensors", a), ("b.safetensors", b)] {
        write_network(&at.join(name), network, &WriteOptions::default()).unwrap();
    }
    let output = isotropic(at, &["diff", "a.safetensors", "b.safetensors"]);
    (
        output.status.code().unwrap(),
        stdout(&output) + &stderr(&output),
    )
}

/// Seeds at which the ranks at the ceilings, or the sizes of what had been absorbed, were once misjudged.
const HARD: [u64; 6] = [45, 70, 71, 123, 255, 319];

/// The residual as a part of what rounding explains: how much more would still pass for rounding.
fn part_of_allowance(text: &str) -> Option<f64> {
    let line = text
        .lines()
        .find(|line| line.starts_with("gauge residual: "))?;
    let mut words = line.split(", ").nth(1)?.split(' ');
    words.next()?.parse().ok()
}

#[test]
fn copies_agree_and_mistakes_do_not() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let seeds: Vec<u64> = if std::env::var_os("ISOTROPIC_CAMPAIGN").is_some() {
        (0..600).collect()
    } else {
        (0..8).chain(HARD).collect()
    };
    let mut seen: BTreeMap<(String, i32), usize> = BTreeMap::new();
    let mut left: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut wrong = vec![];
    let mut check = |name: String, expected: i32, (found, text): (i32, String), seed: u64| {
        // A copy may fall into the grey zone; a mistake may not.
        let grey = expected == 0 && found == 3 && text.contains("grey zone");
        if found != expected && !grey {
            wrong.push(format!("seed {seed}, {name}: {text}"));
        }
        *seen.entry((name, found)).or_default() += 1;
    };
    for seed in seeds {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let n = draw(&mut rng);
        let (name, image) = copy(&n, seed as usize % 4, &mut rng);
        let said = code(at, &n, &image);
        left.entry(name)
            .or_default()
            .extend(part_of_allowance(&said.1));
        check(name.into(), 0, said, seed);
        let (name, image) = mistaken(&n, seed as usize % 7, 1e-3, &mut rng);
        check(
            name.into(),
            1,
            code(at, &n, &turned(&image, &mut rng)),
            seed,
        );
        // What is small is found too, and at the ceilings what is not.
        let (name, image) = mistaken(&n, [2, 3, 4, 6][seed as usize % 4], 1e-11, &mut rng);
        let said = code(at, &n, &turned(&image, &mut rng));
        check(format!("{name}, by 1e-11"), 1, said, seed);
        let (name, image) = mistaken(&n, seed as usize % 7, 1e-3, &mut rng);
        let (kind, image) = copy(&image, 1 + seed as usize % 3, &mut rng);
        check(format!("{name}, {kind}"), 1, code(at, &n, &image), seed);
    }
    for ((name, code), count) in &seen {
        println!("{name}: exit {code} in {count}");
    }
    for (name, parts) in &mut left {
        parts.sort_by(f64::total_cmp);
        let (middle, most) = (parts[parts.len() / 2], parts[parts.len() - 1]);
        println!(
            "{name}: copies leave at most {most:.3} of the allowance, {middle:.4} in the median: a grey zone of {:.1} to {:.1}",
            1.0 / most,
            1.0 / middle
        );
    }
    assert!(
        wrong.is_empty(),
        "{} wrong: {}",
        wrong.len(),
        wrong.join("\n")
    );
}
