//! What holds of every statement's samples, whatever the statement says.

use isotropic::{
    Layer, Network,
    scalar::{Field, Rational, Real},
    statement::{Arithmetic, Case, Judge, Measurement, Variant},
};
use num_traits::Zero;

use super::{entries, measured, origin, variants};

/// Cases of a variant, in every law.
const CASES: usize = 3;

/// Over ℚ nothing is allowed, a promise is kept by the statement, and no wrong version is a failed operation: that would be
/// called a rejection for the wrong reason.
#[test]
fn over_the_rationals_nothing_is_allowed() {
    for entry in entries() {
        for variant in variants(&entry) {
            for index in 0..CASES {
                let case = entry
                    .case(&origin(&entry, variant), Arithmetic::Rational, 21, index)
                    .expect("a case");
                let Some(found) = measured(&entry, variant, Arithmetic::Rational, &case) else {
                    continue;
                };
                let place = format!("{} {variant:?} {index}", entry.id());
                for sample in &found.samples {
                    assert!(sample.allowance.is_zero(), "{place}: {sample:?}");
                    assert!(!sample.size.is_zero(), "{place}: {sample:?}");
                    assert!(
                        variant != Variant::Faithful || sample.residual.is_zero(),
                        "{place}: {sample:?}"
                    );
                }
            }
        }
    }
}

/// What rounding is allowed is a number of roundings: it falls by as many bits as are added, and what it is relative to does
/// not move. A3's falls by two thirds, and what a bound allows beside is no rounding.
#[test]
fn allowances_follow_the_precision() {
    for entry in entries() {
        let judge = entry.declaration.float_judge().expect("one");
        let fall = match judge {
            Judge::Difference => 171,
            Judge::Ratio | Judge::Rank => 256,
            Judge::Bound | Judge::Sampling | Judge::Bitwise | Judge::Exact => continue,
        };
        let origin = origin(&entry, Variant::Faithful);
        for index in 0..CASES {
            let case = entry
                .case(&origin, Arithmetic::Mp256, 21, index)
                .expect("a case");
            let at = |arithmetic| measured(&entry, Variant::Faithful, arithmetic, &case);
            let (Some(short), Some(long)) = (at(Arithmetic::Mp256), at(Arithmetic::Mp512)) else {
                continue;
            };
            assert_eq!(short.samples.len(), long.samples.len(), "{}", entry.id());
            for (a, b) in short.samples.iter().zip(&long.samples) {
                let place = format!("{} {index}: {a:?} and {b:?}", entry.id());
                if a.size.is_zero() && b.size.is_zero() {
                    // A5 at z = 0, where all is exact.
                    assert!(a.residual.is_zero() && b.residual.is_zero(), "{place}");
                    continue;
                }
                let ratio = (a.size.clone() / &b.size).to_f64();
                assert!((0.125..8.0).contains(&ratio), "{place}");
                if b.allowance.is_zero() {
                    assert!(a.allowance.is_zero(), "{place}");
                    continue;
                }
                let lost = (a.allowance.clone() / &b.allowance).scale_by_power_of_two(-fall);
                // Rotations of A3 meet roundings alone, and fall by a whole bit.
                let whole = lost.scale_by_power_of_two(fall - 256).to_f64();
                let kept = (0.125..8.0).contains(&lost.to_f64()) || (0.125..8.0).contains(&whole);
                assert!(kept, "{place}: {}", lost.to_f64());
            }
        }
    }
}

/// A bound is allowed in full, and rounding on top of it.
#[test]
fn rounding_is_added_to_a_bound() {
    // D10 and D12 measure other things first: the samples that a bound is behind are the last, one for each input.
    for (id, from_the_end) in [("D4", false), ("D12", true)] {
        for entry in entries().into_iter().filter(|entry| entry.id() == id) {
            for index in 0..2 * CASES {
                let case = entry
                    .case(
                        &origin(&entry, Variant::Faithful),
                        Arithmetic::F64,
                        21,
                        index,
                    )
                    .expect("a case");
                let found = measured(&entry, Variant::Faithful, Arithmetic::F64, &case);
                let Some(found) = found else { continue };
                let skipped = match from_the_end {
                    true => found.samples.len() - case.inputs.len(),
                    false => 0,
                };
                for sample in &found.samples[skipped..] {
                    assert!(sample.allowance > sample.size, "{id} {index}: {sample:?}");
                    let most = sample.size.clone() * isotropic::statement::Magnitude::from_f64(1.1);
                    let floor = isotropic::statement::Magnitude::from_f64(1e-9);
                    assert!(sample.allowance <= most + floor, "{id} {index}: {sample:?}");
                }
            }
        }
    }
}

/// A1 to A5 are about one activation, the first: nothing behind it has a say.
#[test]
fn one_layer_is_what_is_measured() {
    let ids = ["A1", "A2", "A3", "A4", "A5"];
    for entry in entries()
        .into_iter()
        .filter(|entry| ids.contains(&entry.id()))
    {
        for arithmetic in [Arithmetic::Rational, Arithmetic::F64] {
            for variant in variants(&entry) {
                let mut case = entry
                    .case(&origin(&entry, variant), arithmetic, 21, 0)
                    .expect("a case");
                case.network = deeper(&case.network);
                let before = measured(&entry, variant, arithmetic, &case);
                case.network = behind(&case.network);
                let after = measured(&entry, variant, arithmetic, &case);
                let numbers = |found: &Option<Measurement>| {
                    let samples = found.iter().flat_map(|found| &found.samples);
                    let of = |s: &isotropic::statement::Sample| {
                        (s.residual.clone(), s.allowance.clone(), s.size.clone())
                    };
                    samples.map(of).collect::<Vec<_>>()
                };
                assert_eq!(
                    numbers(&before),
                    numbers(&after),
                    "{} {variant:?} in {}",
                    entry.id(),
                    arithmetic.title()
                );
            }
        }
    }
}

/// Two hidden layers at least, the first as it was.
fn deeper(network: &Network<Rational>) -> Network<Rational> {
    let mut layers = network.layers().to_vec();
    let mut lengths: Vec<Rational> = network
        .hidden()
        .map(|l| network.length_squared(l))
        .collect();
    while layers.len() < 3 {
        let n = layers[layers.len() - 1].width();
        layers.push(Layer {
            weight: isotropic::linalg::Matrix::identity(n, n),
            bias: isotropic::linalg::Vector::from_element(n, Rational::from(1)),
            psi: None,
        });
        lengths.push(Rational::from(2));
    }
    Network::new(layers, network.gain().clone(), Some(lengths)).expect("it fits")
}

/// The network with everything behind its first activation doubled, and longer lengths.
fn behind(network: &Network<Rational>) -> Network<Rational> {
    let mut layers = network.layers().to_vec();
    for layer in &mut layers[1..] {
        layer.weight *= Rational::from(2);
        layer.bias *= Rational::from(3);
    }
    let lengths = network.hidden().map(|l| match l {
        1 => network.length_squared(1),
        _ => network.length_squared(l) + Rational::from(5),
    });
    let lengths = Some(lengths.collect());
    Network::new(layers, network.gain().clone(), lengths).expect("it fits")
}

/// Inputs are measured one by one: all of them give what they give alone, and none is left out.
#[test]
fn every_input_is_measured() {
    // Those whose samples are one for each input and nothing else, with nothing drawn between inputs.
    let ids = ["B1", "C2", "C4", "D1", "D2", "D3", "E1", "E3", "E4"];
    for entry in entries()
        .into_iter()
        .filter(|entry| ids.contains(&entry.id()))
    {
        for arithmetic in [Arithmetic::Rational, Arithmetic::Mp256] {
            let case = entry
                .case(&origin(&entry, Variant::Faithful), arithmetic, 21, 1)
                .expect("a case");
            let of = |case: &Case| measured(&entry, Variant::Faithful, arithmetic, case);
            let Some(all) = of(&case) else { continue };
            let apart = case.inputs.iter().map(|x| Case {
                inputs: vec![x.clone()],
                ..case.clone()
            });
            let apart: usize = apart
                .filter_map(|case| of(&case))
                .map(|m| m.samples.len())
                .sum();
            assert_eq!(all.samples.len(), apart, "{}", entry.id());
        }
    }
}
