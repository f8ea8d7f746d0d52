//! The tie to the code: a theorem's own terms, and the Rust operation, on the same rational network.
//!
//! The kernel proves something about terms; that the terms are what the code computes is seen here. Each
//! theorem's variables get the parameters of a network (of its hidden layer 2, so that ψ, γ and h of the
//! layer before take part), and both of its sides, every definition that has a counterpart, and the
//! changed parameters must be what the code has.

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

pub(super) type M = Matrix<Rational>;

pub(super) fn entry(rng: &mut ChaCha8Rng) -> Rational {
    Rational::ratio(rng.random_range(-5..=5), rng.random_range(1..=3)).expect("not 0")
}

pub(super) fn matrix(m: usize, n: usize, rng: &mut ChaCha8Rng) -> M {
    Matrix::from_fn(m, n, |_, _| entry(rng))
}

pub(super) fn vector(n: usize, rng: &mut ChaCha8Rng) -> Vector<Rational> {
    Vector::from_fn(n, |_, _| entry(rng))
}

pub(super) fn column(v: &[Rational]) -> M {
    Matrix::from_column_slice(v.len(), 1, v)
}

pub(super) fn scalar(x: &Rational) -> M {
    Matrix::from_element(1, 1, x.clone())
}

/// A network with every parameter drawn, and an input.
pub(super) fn network(
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
pub(super) fn changed(
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
pub(super) fn cases(mut each: impl FnMut([usize; 5], Gain<Rational>, &mut ChaCha8Rng)) {
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
pub(super) struct Tied {
    proved: Proved,
    values: Assignment,
}

impl Tied {
    pub(super) fn new(
        id: &str,
        name: &str,
        gain: &Gain<Rational>,
        dimensions: &[(&str, usize)],
        given: &[(&str, M)],
    ) -> Self {
        Self::at(id, name, gain, dimensions, given, &[])
    }

    /// The same with functions that have a value of the code's own at one argument.
    pub(super) fn at(
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
    pub(super) fn value(&mut self, text: &str) -> M {
        let term =
            parse_term(text, &self.proved.context.signature).unwrap_or_else(|why| panic!("{why}"));
        self.values
            .value(&term)
            .unwrap_or_else(|why| panic!("{text}: {why}"))
    }

    /// A term of the theorem is what the code has.
    pub(super) fn is(&mut self, text: &str, code: &M) {
        assert_eq!(&self.value(text), code, "{text}");
    }

    /// The sides of the claim are what the code has.
    pub(super) fn claim(&mut self, left: &M, right: &M) {
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
pub(super) fn layer_values(
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

#[test]
fn a1_is_the_activation() {
    cases(|[_, n, ..], gain, rng| {
        let (z, r, o) = (vector(n, rng), cayley(n, rng), entry(rng).abs());
        let apply = |z: &M| {
            let mut h: Vec<Rational> = z.iter().cloned().collect();
            Rational::activate(&gain, &o, &mut h).expect("a rational gain");
            column(&h)
        };
        let z = column(z.as_slice());
        let mut tied = Tied::new(
            "A1",
            "equivariance",
            &gain,
            &[("n", n)],
            &[("z", z.clone()), ("R", r.clone()), ("o", scalar(&o))],
        );
        tied.claim(&apply(&product(&r, &z)), &product(&r, &apply(&z)));
    });
}

#[test]
fn a3_is_the_derivative() {
    // d = 2 g′ has the code's own value at the one r that occurs.
    cases(|[_, n, ..], gain, rng| {
        let (z, r, o) = (
            column(vector(n, rng).as_slice()),
            cayley(n, rng),
            entry(rng).abs(),
        );
        let at = |z: &M| Rational::derivative(&gain, &o, z.as_slice()).expect("a rational gain");
        let squared = product(&z.transpose(), &z)[(0, 0)].clone() + &o;
        let two = Rational::from(2) * gain.rational_derivative(&squared).expect("rational");
        let d = [("d", squared.clone(), two.clone())];
        let values = [("z", z.clone()), ("R", r.clone()), ("o", scalar(&o))];
        let mut tied = Tied::at("A3", "covariance", &gain, &[("n", n)], &values, &d);
        tied.claim(
            &at(&product(&r, &z)).matrix(),
            &product_nt(&product(&r, &at(&z).matrix()), &r),
        );
        // Along z, and across it.
        let mut tied = Tied::at(
            "A3",
            "radial-eigenvalue",
            &gain,
            &[("n", n)],
            &[("z", z.clone()), ("o", scalar(&o))],
            &d,
        );
        let radial = at(&z).gamma + two * product(&z.transpose(), &z)[(0, 0)].clone();
        let scaled = z.map(|e| e * &radial);
        tied.claim(&column(&at(&z).times(z.as_slice())), &scaled);
        let e = column(vector(n, rng).as_slice());
        let along = product(&z.transpose(), &e)[(0, 0)].clone();
        let across = e.map(|x| x * &product(&z.transpose(), &z)[(0, 0)]) - z.map(|x| x * &along);
        let values = [("z", z.clone()), ("o", scalar(&o)), ("v", across.clone())];
        let mut tied = Tied::at(
            "A3",
            "tangential-eigenvalue",
            &gain,
            &[("n", n)],
            &values,
            &d,
        );
        let gamma = at(&z).gamma;
        tied.claim(
            &column(&at(&z).times(across.as_slice())),
            &across.map(|e| e * &gamma),
        );
    });
}

#[test]
fn b1_is_gauge_rotate() {
    cases(|[n, n0, n1, n2, _], gain, rng| {
        let (network, x) = network(&[n, n0, n1, n2], gain.clone(), rng);
        let r = cayley(n1, rng);
        let rotated = rotate(&network, 2, &r).expect("valid");
        let (run, image) = (trace(&network, &x).unwrap(), trace(&rotated, &x).unwrap());
        let values = with(layer_values(&network, &run, 2), vec![("R", r)]);
        let mut tied = Tied::new(
            "B1",
            "gauge",
            &gain,
            &[("n₀", n0), ("n₁", n1), ("n₂", n2)],
            &values,
        );
        tied.is("R W₁", &rotated.layer(2).weight);
        tied.is("R b₁", &column(rotated.layer(2).bias.as_slice()));
        tied.is("R ψ₁", &column(rotated.layer(2).psi_or_zero().as_slice()));
        tied.is("W₂ Rᵀ", &rotated.layer(3).weight);
        runs_agree(&mut tied, &run, &image);
    });
}

#[test]
fn b2_is_gauge_rotate_by_the_left_basis() {
    cases(|[n, n0, n1, n2, k], gain, rng| {
        let (network, x) = network(&[n, n0, n1, n2], gain.clone(), rng);
        let (u, s, v) = (cayley(n1, rng), matrix(n1, k, rng), matrix(n0, k, rng));
        let network = changed(&network, |layers, _| {
            layers[1].weight = product_nt(&product(&u, &s), &v)
        });
        let rotated = rotate(&network, 2, &u.transpose()).expect("valid");
        let (run, image) = (trace(&network, &x).unwrap(), trace(&rotated, &x).unwrap());
        let values = without(layer_values(&network, &run, 2), &["W₁"]);
        let values = with(values, vec![("U", u.clone()), ("S", s.clone()), ("V", v)]);
        let sizes = [("n₀", n0), ("n₁", n1), ("n₂", n2), ("k", k)];
        let mut tied = Tied::new("B2", "unchanged", &gain, &sizes, &values);
        tied.is("W₁", &network.layer(2).weight);
        tied.is("S Vᵀ", &rotated.layer(2).weight);
        tied.is("W₂ U", &rotated.layer(3).weight);
        runs_agree(&mut tied, &run, &image);
        // The rows: V with orthonormal columns.
        let v = cayley(n0 + k, rng).columns(0, k).into_owned();
        let sizes = [("n₁", n1), ("k", k), ("j", n0)];
        let mut tied = Tied::new(
            "B2",
            "rows",
            &gain,
            &sizes,
            &[("U", u.clone()), ("S", s.clone()), ("V", v.clone())],
        );
        let rows = product(&u.transpose(), &product_nt(&product(&u, &s), &v));
        tied.claim(&product_nt(&rows, &rows), &product_nt(&s, &s));
    });
}

#[test]
fn b3_is_gauge_rotate_of_two_layers() {
    cases(|[n, n1, n2, n3, _], gain, rng| {
        let (network, x) = network(&[n, n, n1, n2, n3], gain.clone(), rng);
        let (u, s, v) = (cayley(n2, rng), matrix(n2, n1, rng), cayley(n1, rng));
        let network = changed(&network, |layers, _| {
            layers[2].weight = product_nt(&product(&u, &s), &v)
        });
        let rotated = rotate(&network, 2, &v.transpose()).expect("valid");
        let rotated = rotate(&rotated, 3, &u.transpose()).expect("valid");
        let (run, image) = (trace(&network, &x).unwrap(), trace(&rotated, &x).unwrap());
        let last = network.layer(4);
        let values = without(layer_values(&network, &run, 2), &["W₂"]);
        let values = with(
            values,
            vec![
                ("U", u.clone()),
                ("S", s.clone()),
                ("V", v.clone()),
                ("o₂", scalar(&network.length_squared(3))),
                ("W₃", last.weight.clone()),
                ("b₃", column(last.bias.as_slice())),
                ("ψ₃", column(last.psi_or_zero().as_slice())),
            ],
        );
        let sizes = [("n₀", n), ("n₁", n1), ("n₂", n2), ("n₃", n3)];
        let mut tied = Tied::new("B3", "unchanged", &gain, &sizes, &values);
        tied.is("W₂", &network.layer(3).weight);
        tied.is("S", &rotated.layer(3).weight);
        tied.is("W₃ U", &rotated.layer(4).weight);
        tied.is("z₂′", &column(&image.pre_activations[2]));
        tied.is("γ₂′", &scalar(&image.gains[2]));
        tied.claim(&output(&image), &output(&run));
        let values = [("U", u), ("S", s.clone()), ("V", v)];
        let mut tied = Tied::new("B3", "weight", &gain, &[("m", n1), ("n", n2)], &values);
        tied.claim(&rotated.layer(3).weight, &s);
    });
}

#[test]
fn b8_is_evaluate_of_the_scaled_network() {
    cases(|[n, n0, n1, n2, _], gain, rng| {
        if gain != Gain::Rational {
            return;
        }
        let (network, x) = network(&[n, n0, n1, n2], gain.clone(), rng);
        let c = entry(rng).abs() + Rational::one();
        let squared = c.clone() * &c;
        let scaled = changed(&network, |layers, lengths| {
            let by = |m: &mut Matrix<Rational>, s: &Rational| m.iter_mut().for_each(|x| *x *= s);
            by(&mut layers[1].weight, &c);
            layers[1].bias.iter_mut().for_each(|x| *x *= &c);
            layers[1]
                .psi
                .iter_mut()
                .flat_map(|p| p.iter_mut())
                .for_each(|x| *x *= &c);
            by(&mut layers[2].weight, &c);
            layers[2]
                .psi
                .iter_mut()
                .flat_map(|p| p.iter_mut())
                .for_each(|x| *x *= &squared);
            lengths[1] = squared.clone() * (Rational::one() + &lengths[1]) - Rational::one();
        });
        let (run, image) = (trace(&network, &x).unwrap(), trace(&scaled, &x).unwrap());
        let more = vec![
            ("c", scalar(&c)),
            ("o₁′", scalar(&scaled.length_squared(2))),
        ];
        let values = with(layer_values(&network, &run, 2), more);
        let mut tied = Tied::new(
            "B8",
            "rational",
            &gain,
            &[("n₀", n0), ("n₁", n1), ("n₂", n2)],
            &values,
        );
        tied.is("c · W₁", &scaled.layer(2).weight);
        runs_agree(&mut tied, &run, &image);
    });
}

#[test]
fn c1_is_grow_and_c4_is_grow_then_rotate() {
    cases(|[n, n0, n1, n2, q], gain, rng| {
        let (network, x) = network(&[n, n0, n1, n2], gain.clone(), rng);
        let w = matrix(n2, q, rng);
        let grown = grow(&network, 2, &w).expect("valid");
        let (run, image) = (trace(&network, &x).unwrap(), trace(&grown, &x).unwrap());
        let values = with(layer_values(&network, &run, 2), vec![("w", w.clone())]);
        let sizes = [("n₀", n0), ("n₁", n1), ("n₂", n2), ("q", q)];
        let mut tied = Tied::new("C1", "neurogenesis", &gain, &sizes, &values);
        tied.is("[W₁; 0[q×n₀]]", &grown.layer(2).weight);
        tied.is("[W₂, w]", &grown.layer(3).weight);
        runs_agree(&mut tied, &run, &image);
        // D1 is the way back, one neuron at a time.
        let mut removed = grown.clone();
        for _ in 0..q {
            removed = remove(&removed, 2, n1 + 1).expect("dead");
        }
        let after = trace(&removed, &x).unwrap();
        let mut tied = Tied::new("D1", "dead", &gain, &sizes, &values);
        tied.is("W₁", &removed.layer(2).weight);
        tied.is("o₁", &scalar(&removed.length_squared(2)));
        runs_agree(&mut tied, &after, &image);
        // C4: any rotation of the enlarged layer.
        let r = cayley(n1 + q, rng);
        let turned = rotate(&grown, 2, &r).expect("valid");
        let image = trace(&turned, &x).unwrap();
        let values = with(values.clone(), vec![("R", r)]);
        let mut tied = Tied::new("C4", "grown-and-rotated", &gain, &sizes, &values);
        tied.is("R [W₁; 0[q×n₀]]", &turned.layer(2).weight);
        tied.is("[W₂, w] Rᵀ", &turned.layer(3).weight);
        runs_agree(&mut tied, &run, &image);
        // Rotated first and grown then: the rotation by R ⊕ I of the grown layer.
        let r = cayley(n1, rng);
        let first = grow(&rotate(&network, 2, &r).expect("valid"), 2, &w).expect("valid");
        let mut block = Matrix::identity(n1 + q, n1 + q);
        block.view_mut((0, 0), (n1, n1)).copy_from(&r);
        let then = rotate(&grown, 2, &block).expect("valid");
        assert_eq!(first, then);
        let given = [("W₁", network.layer(2).weight.clone()), ("R", r.clone())];
        let mut tied = Tied::new(
            "C4",
            "incoming-weight",
            &gain,
            &[("n₀", n0), ("n₁", n1), ("q", q)],
            &given,
        );
        tied.claim(&then.layer(2).weight, &first.layer(2).weight);
        let given = [
            ("W₂", network.layer(3).weight.clone()),
            ("w", w.clone()),
            ("R", r),
        ];
        let mut tied = Tied::new(
            "C4",
            "outgoing-weight",
            &gain,
            &[("n₁", n1), ("n₂", n2), ("q", q)],
            &given,
        );
        tied.claim(&then.layer(3).weight, &first.layer(3).weight);
    });
}

#[test]
fn d2_is_remove_of_q_neurons() {
    cases(|[n, n0, n1, n2, q], gain, rng| {
        let (small, x) = network(&[n, n0, n1, n2], gain.clone(), rng);
        // The network before: q constant neurons more.
        let (beta, w) = (vector(q, rng), matrix(n2, q, rng));
        let before = changed(&grow(&small, 2, &w).expect("valid"), |layers, _| {
            for (i, b) in beta.iter().enumerate() {
                layers[1].bias[n1 + i] = b.clone();
            }
        });
        let mut after = before.clone();
        for _ in 0..q {
            after = remove(&after, 2, n1 + 1).expect("constant");
        }
        let (run, image) = (trace(&after, &x).unwrap(), trace(&before, &x).unwrap());
        let values = with(
            layer_values(&small, &run, 2),
            vec![("β", column(beta.as_slice())), ("w", w)],
        );
        let sizes = [("n₀", n0), ("n₁", n1), ("n₂", n2), ("q", q)];
        let mut tied = Tied::new("D2", "absorption", &gain, &sizes, &values);
        tied.is("[b₁; β]", &column(before.layer(2).bias.as_slice()));
        tied.is("o₁ + ‖β‖²", &scalar(&after.length_squared(2)));
        tied.is("ψ₂ + w β", &column(after.layer(3).psi_or_zero().as_slice()));
        runs_agree(&mut tied, &run, &image);
    });
}

#[test]
fn c2_is_grow_with_bias_and_d7_its_round_trips() {
    cases(|[n, n0, n1, n2, q], gain, rng| {
        let (network, x) = network(&[n, n0, n1, n2], gain.clone(), rng);
        let beta: Vec<Rational> = (0..q).map(|_| entry(rng) / Rational::from(20)).collect();
        let w = matrix(n2, q, rng);
        let mut grown = network.clone();
        for (i, b) in beta.iter().enumerate() {
            grown = grow_with_bias(&grown, 2, b, &w.columns(i, 1).into_owned()).expect("β² ≤ o");
        }
        let (run, image) = (trace(&network, &x).unwrap(), trace(&grown, &x).unwrap());
        let minus_one = scalar(&-Rational::one());
        let more = vec![
            ("β", column(&beta)),
            ("w", w.clone()),
            ("ν", minus_one.clone()),
        ];
        let values = with(layer_values(&network, &run, 2), more);
        let sizes = [("n₀", n0), ("n₁", n1), ("n₂", n2), ("q", q)];
        let mut tied = Tied::new("C2", "neurogenesis-with-bias", &gain, &sizes, &values);
        tied.is("o₁′", &scalar(&grown.length_squared(2)));
        tied.is("ψ₂′", &column(grown.layer(3).psi_or_zero().as_slice()));
        runs_agree(&mut tied, &run, &image);
        // There and back.
        let mut back = grown.clone();
        for _ in 0..q {
            back = remove(&back, 2, n1 + 1).expect("constant");
        }
        assert_eq!(back, network);
        let of_length = |o: &Network<Rational>| {
            vec![
                ("o", scalar(&o.length_squared(2))),
                ("β", column(&beta)),
                ("ν", minus_one.clone()),
            ]
        };
        let of_psi = |o: &Network<Rational>| {
            vec![
                ("ψ", column(o.layer(3).psi_or_zero().as_slice())),
                ("β", column(&beta)),
                ("ν", minus_one.clone()),
                ("w", w.clone()),
            ]
        };
        let length = |network: &Network<Rational>| scalar(&network.length_squared(2));
        let psi = |network: &Network<Rational>| column(network.layer(3).psi_or_zero().as_slice());
        Tied::new(
            "D7",
            "length-given-and-taken",
            &gain,
            &[("q", q)],
            &of_length(&network),
        )
        .claim(&length(&back), &length(&network));
        Tied::new(
            "D7",
            "correction-given-and-taken",
            &gain,
            &[("q", q), ("m", n2)],
            &of_psi(&network),
        )
        .claim(&psi(&back), &psi(&network));
        // Back and there: the grown network loses its new neurons and gets them again.
        let mut again = back.clone();
        for (i, b) in beta.iter().enumerate() {
            again = grow_with_bias(&again, 2, b, &w.columns(i, 1).into_owned()).expect("β² ≤ o");
        }
        assert_eq!(again, grown);
        Tied::new(
            "D7",
            "length-taken-and-given",
            &gain,
            &[("q", q)],
            &of_length(&grown),
        )
        .claim(&length(&again), &length(&grown));
        Tied::new(
            "D7",
            "correction-taken-and-given",
            &gain,
            &[("q", q), ("m", n2)],
            &of_psi(&grown),
        )
        .claim(&psi(&again), &psi(&grown));
        let sizes = [("n", n1), ("m", n0), ("q", q)];
        let mut tied = Tied::new(
            "D7",
            "rows-return",
            &gain,
            &sizes,
            &[("W", network.layer(2).weight.clone())],
        );
        tied.is("[W; 0[q×m]]", &grown.layer(2).weight);
        tied.claim(&back.layer(2).weight, &network.layer(2).weight);
        let sizes = [("n", n1), ("m", n2), ("q", q)];
        let given = [("W", network.layer(3).weight.clone()), ("w", w)];
        let mut tied = Tied::new("D7", "columns-return", &gain, &sizes, &given);
        tied.is("[W, w]", &grown.layer(3).weight);
        tied.claim(&back.layer(3).weight, &network.layer(3).weight);
    });
}

#[test]
fn d4_d5_d6_are_project() {
    cases(|[n, n0, p, n2, k], gain, rng| {
        let n1 = p + k;
        let (network, x) = network(&[n, n0, n1, n2], gain.clone(), rng);
        let q = cayley(n1, rng);
        let (u, rest) = (q.columns(0, p).into_owned(), q.columns(p, k).into_owned());
        let minus_one = scalar(&-Rational::one());
        // D4's exact form: the last k neurons of any layer dropped, β their biases.
        let kept = Matrix::<Rational>::identity(n1, n1)
            .columns(0, p)
            .into_owned();
        let cut = project(&network, 2, &kept).expect("valid");
        let (run, image) = (trace(&network, &x).unwrap(), trace(&cut, &x).unwrap());
        let z = &run.pre_activations[1];
        let (beta, next) = (
            column(&network.layer(2).bias.as_slice()[p..]),
            network.layer(3),
        );
        let values = [
            ("z", column(&z[..p])),
            ("β", beta.clone()),
            ("δ", column(&z[p..]) - &beta),
            ("o", scalar(&network.length_squared(2))),
            ("W", next.weight.columns(0, p).into_owned()),
            ("w", next.weight.columns(p, k).into_owned()),
            ("b", column(next.bias.as_slice())),
            ("ψ", column(next.psi_or_zero().as_slice())),
            ("ν", minus_one.clone()),
            ("κ", scalar(&(run.gains[1].clone() / &image.gains[1]))),
        ];
        let mut tied = Tied::new(
            "D4",
            "exact-form",
            &gain,
            &[("p", p), ("k", k), ("m", n2)],
            &values,
        );
        tied.is("y", &output(&run));
        tied.is("y′", &output(&image));
        let difference = output(&run) - output(&image);
        tied.claim(&difference, &difference);

        // D5: [W ψ] in the span of U, the bias anywhere.
        let (big_n, m) = (matrix(p, n0, rng), column(vector(p, rng).as_slice()));
        let flat = changed(&network, |layers, _| {
            layers[1].weight = product(&u, &big_n);
            layers[1].psi = Some(Vector::from_column_slice(product(&u, &m).as_slice()));
        });
        let cut = project(&flat, 2, &u).expect("valid");
        let (run, image) = (trace(&flat, &x).unwrap(), trace(&cut, &x).unwrap());
        let b = column(flat.layer(2).bias.as_slice());
        let c = product(&u.transpose(), &b);
        let d = &b - product(&u, &c);
        let values = without(layer_values(&flat, &run, 2), &["W₁", "b₁", "ψ₁"]);
        let shared = with(
            values,
            vec![("U", u.clone()), ("N", big_n), ("m", m), ("c", c), ("d", d)],
        );
        let sizes = [("n₀", n0), ("n₂", n2), ("p", p), ("k", k)];
        let mut tied = Tied::new("D5", "projection", &gain, &sizes, &shared);
        tied.is("Uᵀ W₁", &cut.layer(2).weight);
        tied.is("W₂ U", &cut.layer(3).weight);
        tied.is("o₁ + ‖d‖²", &scalar(&cut.length_squared(2)));
        tied.is("ψ₂ + W₂ d", &column(cut.layer(3).psi_or_zero().as_slice()));
        tied.is("z₁′", &column(&image.pre_activations[1]));
        tied.claim(&output(&run), &output(&image));

        // D6: ψ has a part outside that span.
        let outside = product(&rest, &column(vector(k, rng).as_slice()));
        let trap = changed(&flat, |layers, _| {
            let psi = layers[1].psi_or_zero() + Vector::from_column_slice(outside.as_slice());
            layers[1].psi = Some(psi);
        });
        let cut = project(&trap, 2, &u).expect("valid");
        let (run, image) = (trace(&trap, &x).unwrap(), trace(&cut, &x).unwrap());
        let values = with(shared, vec![("π", outside), ("ν", minus_one)]);
        let mut tied = Tied::new("D6", "trap", &gain, &sizes, &values);
        tied.is("ψ₁", &column(trap.layer(2).psi_or_zero().as_slice()));
        tied.is("z₁", &column(&run.pre_activations[1]));
        tied.is("z₂", &output(&run));
        tied.is("z₂′", &output(&image));
        let difference = output(&run) - output(&image);
        tied.claim(&difference, &difference);
    });
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
