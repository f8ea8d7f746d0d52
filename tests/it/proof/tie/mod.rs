//! The tie to the code: a theorem's own terms, and the Rust operation, on the same rational network.
//!
//! The kernel proves something about terms; that the terms are what the code computes is seen here. Each
//! theorem's variables get the parameters of a network (of its hidden layer 2, so that ψ, γ and h of the
//! layer before take part), and both of its sides, every definition that has a counterpart, and the
//! changed parameters must be what the code has.

mod activation;
mod gauge;
mod growth;
mod identity;
mod layers;
mod removal;

use std::collections::BTreeMap;

use isotropic::{
    Gain, Layer, Network,
    gauge::rotate,
    linalg::{Matrix, Vector, cayley, product, product_nt},
    network::{Scalar, Trace, trace},
    proof::{Assignment, Function, Proved, parse_term},
    resize::{grow, grow_with_bias, project, remove},
    scalar::Rational,
};
use num_traits::{One, Signed};
use rand::{RngExt, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

use super::{find, rng};

type M = Matrix<Rational>;

fn entry(rng: &mut ChaCha8Rng) -> Rational {
    Rational::ratio(rng.random_range(-5..=5), rng.random_range(1..=3)).expect("not 0")
}

fn matrix(m: usize, n: usize, rng: &mut ChaCha8Rng) -> M {
    Matrix::from_fn(m, n, |_, _| entry(rng))
}

fn vector(n: usize, rng: &mut ChaCha8Rng) -> Vector<Rational> {
    Vector::from_fn(n, |_, _| entry(rng))
}

fn column(v: &[Rational]) -> M {
    Matrix::from_column_slice(v.len(), 1, v)
}

fn scalar(x: &Rational) -> M {
    Matrix::from_element(1, 1, x.clone())
}

/// A network with every parameter drawn, and an input.
fn network(
    widths: &[usize],
    gain: Gain<Rational>,
    rng: &mut ChaCha8Rng,
) -> (Network<Rational>, Vec<Rational>) {
    let layers = widths.windows(2).enumerate().map(|(l, pair)| Layer {
        weight: matrix(pair[1], pair[0], rng),
        bias: vector(pair[1], rng),
        psi: (l > 0).then(|| vector(pair[1], rng)),
    });
    let layers = layers.collect();
    let lengths = (2..widths.len())
        .map(|_| entry(rng).abs() + Rational::one())
        .collect();
    let network = Network::new(layers, gain, Some(lengths)).expect("valid");
    let x = vector(widths[0], rng).iter().cloned().collect();
    (network, x)
}

/// A copy with some layers changed.
fn changed(
    network: &Network<Rational>,
    edit: impl FnOnce(&mut Vec<Layer<Rational>>, &mut Vec<Rational>),
) -> Network<Rational> {
    let mut layers = network.layers().to_vec();
    let mut lengths: Vec<Rational> = network
        .hidden()
        .map(|l| network.length_squared(l))
        .collect();
    edit(&mut layers, &mut lengths);
    Network::new(layers, network.gain().clone(), Some(lengths)).expect("valid")
}

/// The gains that are exact, and widths n₋₁ to n₂ and a number q, of 1 and of distinct numbers of at least 2.
fn cases(mut each: impl FnMut([usize; 5], Gain<Rational>, &mut ChaCha8Rng)) {
    let mut rng = rng(6);
    for gain in [Gain::Rational, Gain::RationalTanh, Gain::Linear] {
        each([1; 5], gain.clone(), &mut rng);
        for _ in 0..3 {
            let mut widths = [2, 3, 4, 5, 2];
            widths[..4].shuffle(&mut rng);
            each(widths, gain.clone(), &mut rng);
        }
    }
}

/// A theorem with values for its variables.
struct Tied {
    proved: Proved,
    values: Assignment,
}

impl Tied {
    fn new(
        id: &str,
        name: &str,
        gain: &Gain<Rational>,
        dimensions: &[(&str, usize)],
        given: &[(&str, M)],
    ) -> Self {
        Self::at(id, name, gain, dimensions, given, &[])
    }

    /// The same with functions that have a value of the code's own at one argument.
    fn at(
        id: &str,
        name: &str,
        gain: &Gain<Rational>,
        dimensions: &[(&str, usize)],
        given: &[(&str, M)],
        at_one: &[(&str, Rational, Rational)],
    ) -> Self {
        let (_, proved) = find(id, name);
        let mut functions: BTreeMap<String, Function> = BTreeMap::new();
        for g in &proved.context.signature.functions {
            let one = at_one.iter().find(|(name, ..)| name == g);
            let meaning = match one {
                Some((_, argument, value)) => {
                    let table = BTreeMap::from([(argument.clone(), value.clone())]);
                    Function::Free(table, Box::new(rng(0)))
                }
                // The one theorem of a gain that is not rational.
                None if (id, name) == ("B8", "algebraic") => Function::ReciprocalRoot,
                None => Function::Gain(gain.clone()),
            };
            functions.insert(g.clone(), meaning);
        }
        let values = Assignment {
            dimensions: dimensions
                .iter()
                .map(|(n, k)| (n.to_string(), *k))
                .collect(),
            values: given
                .iter()
                .map(|(n, v)| (n.to_string(), v.clone()))
                .collect(),
            functions,
            definitions: proved.definitions.iter().cloned().collect(),
        };
        let mut tied = Tied { proved, values };
        // Every variable has a value of its shape: none was forgotten, none is of another size.
        for (name, shape) in &tied.proved.context.signature.variables {
            let value = tied
                .values
                .value(&isotropic::proof::Term::Variable(name.clone()));
            let value = value.unwrap_or_else(|why| panic!("{id}: {name}: {why}"));
            let size = |d| tied.values.dimension(d).expect("known");
            assert_eq!(
                value.shape(),
                (size(&shape.rows), size(&shape.columns)),
                "{id}: {name}"
            );
        }
        for (name, left, right) in &tied.proved.hypotheses {
            assert_eq!(
                tied.values.value(left),
                tied.values.value(right),
                "{id}: hypothesis {name}"
            );
        }
        tied
    }

    /// What a term of the theorem is.
    fn value(&mut self, text: &str) -> M {
        let term =
            parse_term(text, &self.proved.context.signature).unwrap_or_else(|why| panic!("{why}"));
        self.values
            .value(&term)
            .unwrap_or_else(|why| panic!("{text}: {why}"))
    }

    /// A term of the theorem is what the code has.
    fn is(&mut self, text: &str, code: &M) {
        assert_eq!(&self.value(text), code, "{text}");
    }

    /// The sides of the claim are what the code has.
    fn claim(&mut self, left: &M, right: &M) {
        let (a, b) = self.proved.claim().expect("proved");
        let (a, b) = (a.clone(), b.clone());
        assert_eq!(&self.values.value(&a).expect("a value"), left, "left side");
        assert_eq!(
            &self.values.value(&b).expect("a value"),
            right,
            "right side"
        );
    }
}

/// Layer l and the next, with what arrives: names as the theorems have them.
fn layer_values(
    network: &Network<Rational>,
    run: &Trace<Rational>,
    l: usize,
) -> Vec<(&'static str, M)> {
    let (layer, next) = (network.layer(l), network.layer(l + 1));
    vec![
        ("h₀", column(&run.activations[l - 2])),
        ("γ₀", scalar(&run.gains[l - 2])),
        ("W₁", layer.weight.clone()),
        ("b₁", column(layer.bias.as_slice())),
        ("ψ₁", column(layer.psi_or_zero().as_slice())),
        ("o₁", scalar(&network.length_squared(l))),
        ("W₂", next.weight.clone()),
        ("b₂", column(next.bias.as_slice())),
        ("ψ₂", column(next.psi_or_zero().as_slice())),
    ]
}

fn with(
    mut values: Vec<(&'static str, M)>,
    more: Vec<(&'static str, M)>,
) -> Vec<(&'static str, M)> {
    values.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    values.extend(more);
    values
}

fn without(mut values: Vec<(&'static str, M)>, names: &[&str]) -> Vec<(&'static str, M)> {
    values.retain(|(name, _)| !names.contains(name));
    values
}

fn output(run: &Trace<Rational>) -> M {
    column(run.output())
}

/// z₁, γ₁, z₂ of the theorem are those of a run, and z₁′, γ₁′, z₂′ those of another.
fn runs_agree(tied: &mut Tied, run: &Trace<Rational>, image: &Trace<Rational>) {
    tied.is("z₁", &column(&run.pre_activations[1]));
    tied.is("γ₁", &scalar(&run.gains[1]));
    tied.is("z₁′", &column(&image.pre_activations[1]));
    tied.is("γ₁′", &scalar(&image.gains[1]));
    tied.claim(&output(image), &output(run));
}

/// Every theorem is tied: its name stands in a file of this folder.
#[test]
fn every_theorem_is_tied() {
    let files = [
        include_str!("activation.rs"),
        include_str!("gauge.rs"),
        include_str!("growth.rs"),
        include_str!("identity.rs"),
        include_str!("layers.rs"),
        include_str!("removal.rs"),
    ];
    let words: Vec<&str> = files.iter().flat_map(|file| file.split('"')).collect();
    let tied = |name: &str| words.contains(&name);
    let missing: Vec<String> = super::all()
        .iter()
        .filter(|(_, theorem, _)| !tied(&theorem.name))
        .map(|(id, theorem, _)| format!("{id} {}", theorem.name))
        .collect();
    assert!(missing.is_empty(), "not tied to the code: {missing:?}");
    assert!(!tied("none"));
}

/// A control of all of the above: with one entry of the network changed, the terms and the code disagree.
#[test]
fn a_tie_to_another_network_is_seen() {
    let mut rng = rng(7);
    let gain = Gain::Rational;
    let (network, x) = network(&[2, 3, 4, 5], gain.clone(), &mut rng);
    let r = cayley(4, &mut rng);
    let run = trace(&network, &x).unwrap();
    let other = changed(&network, |layers, _| layers[2].bias[0] += Rational::one());
    let image = trace(&rotate(&other, 2, &r).unwrap(), &x).unwrap();
    let values = with(layer_values(&network, &run, 2), vec![("R", r)]);
    let mut tied = Tied::new(
        "B1",
        "gauge",
        &gain,
        &[("n₀", 3), ("n₁", 4), ("n₂", 5)],
        &values,
    );
    assert_eq!(tied.value("z₂"), output(&run));
    assert_ne!(tied.value("z₂′"), output(&image));
}
