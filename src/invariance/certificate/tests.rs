//! What is certified holds, is no better than it should be, and notices a change that it does not know of.

use super::*;
use crate::{
    gauge::rotate,
    judge::{Slope, Tally, Verdict},
    linalg::haar,
    network::evaluate,
    resize::{Rule, project_by},
    scalar::Real,
    statement::{Arithmetic, Case, Measurement, Origin, Sample, catalogue},
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Generated networks with at least one hidden layer of two neurons or more.
fn cases() -> impl Iterator<Item = (Case, ChaCha8Rng)> {
    let entries = catalogue().expect("the catalogue");
    let entry = entries
        .into_iter()
        .find(|entry| entry.id() == "D4")
        .expect("D4");
    (0..40).map(move |index| {
        let case = entry.case(&Origin::Generated, Arithmetic::F64, 9, index);
        (
            case.expect("a case"),
            ChaCha8Rng::seed_from_u64(index as u64),
        )
    })
}

fn inputs<S: Field>(case: &Case) -> Inputs<S> {
    let x = case.inputs.iter().flatten().map(S::from_rational);
    let columns = case.inputs.len();
    Inputs::of(
        Matrix::from_iterator(case.inputs[0].len(), columns, x),
        None,
    )
}

fn certified<S: Scalar>(
    network: &Network<S>,
    inputs: &Inputs<S>,
    pair: &Pair<S>,
) -> Vec<Certified> {
    let run = |network: &Network<S>, j| {
        let y = evaluate(network, column(&inputs.x, j)).expect("an output");
        y.as_slice().to_vec()
    };
    let before: Vec<Vec<S>> = (0..inputs.lines.len()).map(|j| run(network, j)).collect();
    let outputs: Vec<(&[S], Vec<S>)> = before
        .iter()
        .enumerate()
        .map(|(j, y)| (y.as_slice(), run(pair.changed, j)))
        .collect();
    let certifier = Certifier::of(network, inputs).expect("a certifier");
    certifier.certify(pair, &outputs).expect("bounds")
}

#[test]
fn any_basis_gives_a_true_bound_and_a_good_one_a_small_one() {
    let mut tightest = Magnitude::zero();
    for (case, mut rng) in cases() {
        let network = case.network.cast::<f64>().expect("a network");
        let inputs = inputs::<f64>(&case);
        for l in network.hidden() {
            let n = network.layer(l).width();
            let kept = rng.random_range(1..=n);
            let basis = haar::<f64>(n, &mut rng).columns(0, kept).into_owned();
            let rule = Rule::ALL[rng.random_range(0..5)];
            let changed = project_by(&network, l, &basis, rule, &0.7).expect("a projection");
            // The basis that was used, and one that has nothing to do with it.
            let other = basis.map(|x| x * 1.5 + 0.1);
            for basis in [&basis, &other] {
                let pair = Pair {
                    layer: l,
                    basis,
                    changed: &changed,
                };
                for found in certified(&network, &inputs, &pair) {
                    assert!(
                        found.bound >= found.measured,
                        "{l} {rule:?} {:?}",
                        found.bound
                    );
                    assert!(found.ratio <= Magnitude::from_int(1));
                    tightest = Magnitude::larger(found.ratio, tightest);
                }
            }
        }
    }
    assert!(tightest > Magnitude::from_f64(0.9), "vacuous: {tightest}");
}

/// The largest bound on what rotations of every hidden layer change.
fn of_rotations<S: Real>() -> Magnitude {
    let mut largest = Magnitude::zero();
    for (case, mut rng) in cases() {
        let network = case.network.cast::<S>().expect("a network");
        let inputs = inputs::<S>(&case);
        for l in network.hidden() {
            let rotation = haar::<S>(network.layer(l).width(), &mut rng);
            let rotated = rotate(&network, l, &rotation.transpose()).expect("a rotation");
            let pair = Pair {
                layer: l,
                basis: &rotation,
                changed: &rotated,
            };
            for found in certified(&network, &inputs, &pair) {
                assert!(found.bound >= found.measured, "{l}: {:?}", found.bound);
                largest = Magnitude::larger(found.bound, largest);
            }
        }
    }
    largest
}

/// A rotation changes what rounding does, and the bound falls with the precision as rounding does.
#[test]
fn the_bound_of_a_rotation_falls_by_one_bit_per_bit() {
    let rung = |residual: Magnitude| {
        let mut tally = Tally::default();
        let one = Magnitude::from_int(1);
        let sample = Sample {
            residual,
            allowance: one.clone(),
            size: one,
        };
        let measurement = Measurement {
            samples: vec![sample],
            ..Measurement::default()
        };
        tally.add(0, Ok(Some(measurement)));
        tally
    };
    let (narrow, wide) = (rung(of_rotations::<f64>()), rung(of_rotations::<Mp<256>>()));
    let slope = Slope::fit(-1.0, [(53, &narrow), (256, &wide)]);
    assert_eq!(slope.verdict(), Verdict::Verified, "{slope:?}");
}

#[test]
fn a_change_that_the_bound_does_not_know_of_exceeds_it() {
    let mut exceeded = 0;
    for (case, mut rng) in cases().take(10) {
        let network = case.network.cast::<f64>().expect("a network");
        let (mut layers, gain, lengths) = network.clone().into_parts();
        // The output's bias, which the bound for hidden layer 1 of three or more takes as it is.
        if layers.len() < 3 {
            continue;
        }
        if let Some(last) = layers.last_mut() {
            last.bias.iter_mut().for_each(|b| *b += 1e-3);
        }
        let rotation = haar::<f64>(network.layer(1).width(), &mut rng);
        let elsewhere = Network::new(layers, gain, Some(lengths)).expect("a network");
        let changed = rotate(&elsewhere, 1, &rotation.transpose()).expect("a rotation");
        let pair = Pair {
            layer: 1,
            basis: &rotation,
            changed: &changed,
        };
        let found = certified(&network, &inputs::<f64>(&case), &pair);
        assert!(
            found
                .iter()
                .all(|found| found.ratio > Magnitude::from_int(1))
        );
        exceeded += 1;
    }
    assert!(exceeded >= 5, "{exceeded}");
}
