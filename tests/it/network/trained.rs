//! The networks that somebody trained on real data: what compression, rounding and removal do to them.

// What the examples find they assert themselves.
#[path = "../../../examples/certified_prune.rs"]
mod certified_prune;
#[path = "../../../examples/exact_check.rs"]
mod exact_check;
#[path = "../../../examples/own_network.rs"]
mod own_network;
#[path = "../../../examples/own_scalar.rs"]
mod own_scalar;

use crate::support;
use std::time::{Duration, Instant};

use isotropic::{
    Network,
    bound::rounding_units,
    io::shipped,
    linalg::{Matrix, norm2},
    network::{Gain, evaluate},
    resize::{Outgoing, compress, resize, truncate},
    scalar::{Field, Mp, Real},
};

fn shipped_network<S: isotropic::Scalar>(index: usize) -> Network<S> {
    shipped::networks().expect("the shipped networks read")[index]
        .network()
        .expect("in this scalar")
}

/// The outputs on the 360 test images, and how many of them are right.
fn outputs<S: Real>(network: &Network<S>) -> (Vec<Vec<S>>, usize) {
    let images = shipped::test_digits::<S>().expect("the shipped data read");
    let labels = images.labels.expect("the data are labelled");
    assert_eq!(labels.len(), 360);
    let y = |j: usize| {
        let x: Vec<S> = images.x.column(j).iter().cloned().collect();
        evaluate(network, &x)
            .expect("no overflow")
            .as_slice()
            .to_vec()
    };
    let outputs: Vec<Vec<S>> = (0..360).map(y).collect();
    let largest = |y: &[S]| (1..y.len()).fold(0, |best, i| if y[i] > y[best] { i } else { best });
    let right = outputs
        .iter()
        .zip(&labels)
        .filter(|(y, label)| largest(y) == **label)
        .count();
    (outputs, right)
}

#[test]
fn the_accuracies_are_those_of_the_training() {
    assert_eq!(outputs(&shipped_network::<f64>(0)).1, 323, "0.897 of 360");
    assert_eq!(outputs(&shipped_network::<f64>(1)).1, 324, "0.900 of 360");
}

#[test]
fn a_network_at_its_ceiling_is_left_bit_for_bit() {
    let network = shipped_network::<f64>(0);
    let compressed = compress(&network).expect("the SVD converges");
    assert_eq!(network, compressed.network);
    assert_eq!(compressed.network.widths(), [64, 48, 32, 10]);
}

#[test]
fn compression_in_f64_changes_the_outputs_within_rounding() {
    let network = shipped_network::<f64>(1);
    let compressed = compress(&network).expect("the SVD converges").network;
    assert_eq!(compressed.widths(), [64, 64, 65, 10]);
    let ((before, right), (after, right_after)) = (outputs(&network), outputs(&compressed));
    assert_eq!(right, right_after);
    // κ as for rotations: an orthogonal factor of n dimensions costs 4 n in its own and the next layer.
    let computed = vec![4.0 * 128.0, 4.0 * (128.0 + 96.0), 4.0 * 96.0];
    let images = shipped::test_digits::<f64>()
        .expect("the shipped data read")
        .x;
    let mut worst: f64 = 0.0;
    for (j, (y, y_after)) in before.iter().zip(&after).enumerate() {
        let x = images.column(j).as_slice().to_vec();
        let units = rounding_units(&network, &x, &vec![]).expect("finite")
            + rounding_units(&compressed, &x, &computed).expect("finite");
        let ratio = support::distance(y, y_after) / (units * f64::unit_roundoff());
        assert!(ratio <= 1.0, "image {j}: {ratio}");
        worst = worst.max(ratio);
    }
    assert!(worst >= 1e-4, "the bound is loose: {worst}");
}

#[test]
fn compression_at_256_bits_changes_the_outputs_by_2_to_the_minus_240() {
    type S = Mp<256>;
    let network = shipped_network::<S>(1);
    let compressed = compress(&network).expect("the SVD converges").network;
    assert_eq!(compressed.widths(), [64, 64, 65, 10]);
    let ((before, right), (after, right_after)) = (outputs(&network), outputs(&compressed));
    assert_eq!(right, right_after);
    let limit = S::from_int(1).scale_by_power_of_two(-240);
    for (j, (y, y_after)) in before.iter().zip(&after).enumerate() {
        let difference: Vec<S> = y.iter().zip(y_after).map(|(a, b)| a.clone() - b).collect();
        let relative = norm2(&difference) / norm2(y);
        assert!(relative <= limit, "image {j}: {relative}");
    }
}

#[test]
fn evaluation_is_right_within_its_rounding_bound() {
    // Against 256 bits, where rounding is 2^-203 of that in f64.
    for index in [0, 1] {
        let network = shipped_network::<f64>(index);
        let wide = network.cast::<Mp<256>>().expect("exact");
        let images = shipped::test_digits::<f64>()
            .expect("the shipped data read")
            .x;
        let mut worst: f64 = 0.0;
        for j in (0..360).step_by(10) {
            let x = images.column(j).as_slice().to_vec();
            let x_wide: Vec<Mp<256>> = x.iter().map(|x| Field::from_f64(*x)).collect();
            let y: Vec<Mp<256>> = evaluate(&network, &x)
                .expect("finite")
                .iter()
                .map(|y| Field::from_f64(*y))
                .collect();
            let exact = evaluate(&wide, &x_wide).expect("finite");
            let bound =
                rounding_units(&network, &x, &vec![]).expect("finite") * f64::unit_roundoff();
            let ratio = support::distance(&y, exact.as_slice()) / bound;
            assert!(ratio <= 1.0, "network {index}, image {j}: {ratio}");
            worst = worst.max(ratio);
        }
        println!("network {index}: 1/{}", 1.0 / worst);
        assert!(
            worst >= 1.0 / 500.0,
            "network {index}: the bound is loose: {worst}"
        );
    }
}

#[test]
fn a_resize_is_bounded_and_leaves_other_layers_alone() {
    let network = shipped_network::<f64>(0);
    let resized = resize(&network, &[64, 40, 36, 10], Outgoing::Random, 3).expect("reachable");
    assert_eq!(resized.network.widths(), [64, 40, 36, 10]);
    assert_eq!(
        resized.removals.len(),
        1,
        "one layer shrank, with one factorisation"
    );
    assert_eq!(resized.network.layer(3).bias, network.layer(3).bias);
    let images = shipped::test_digits::<f64>()
        .expect("the shipped data read")
        .x;
    for j in 0..360 {
        let x = images.column(j).as_slice().to_vec();
        let apart = support::distance(
            evaluate(&network, &x).expect("finite").as_slice(),
            evaluate(&resized.network, &x).expect("finite").as_slice(),
        );
        assert!(apart <= resized.bound(&norm2(&x)), "image {j}");
    }
    // Only the last layer's width changes: layer 1 stays bit for bit.
    let last = resize(&network, &[64, 48, 30, 10], Outgoing::Zero, 3).expect("reachable");
    assert_eq!(last.network.layer(1), network.layer(1));
}

#[test]
fn removing_25_of_100_neurons_costs_no_more_than_three_times_removing_one() {
    let network = support::network::<f64>(&[100, 100, 100, 10], Gain::Tanh, 5);
    let time = |width: usize| -> Duration {
        let run = || {
            let start = Instant::now();
            truncate(&network, 2, width).expect("the SVD converges");
            start.elapsed()
        };
        // The machine may be busy: the fastest of several runs is the work itself.
        (0..5).map(|_| run()).min().expect("five runs")
    };
    let (one, many) = (time(99), time(75));
    assert!(many <= 3 * one, "{many:?} for 25, {one:?} for one");
}

#[test]
fn operations_refuse_without_touching_their_input() {
    let network = support::network::<f64>(&[3, 4, 2], Gain::Tanh, 1);
    let before = network.clone();
    for widths in [
        vec![3, 4],
        vec![4, 4, 2],
        vec![3, 4, 3],
        vec![3, 0, 2],
        vec![3, usize::MAX, 2],
    ] {
        let error = resize(&network, &widths, Outgoing::Zero, 0)
            .expect_err("unreachable")
            .to_string();
        assert!(
            error.contains("cannot be reached from [3, 4, 2]"),
            "{error}"
        );
    }
    let error = truncate(&network, 2, 1)
        .expect_err("no such layer")
        .to_string();
    assert!(
        error.contains("no hidden layer 2") && error.contains("1 to 1"),
        "{error}"
    );
    let column = Matrix::from_element(5, 1, 1.0);
    let error = isotropic::resize::grow(&network, 1, &column)
        .expect_err("too long")
        .to_string();
    assert!(error.contains("5 entries, expected 2"), "{error}");
    let error =
        isotropic::resize::grow_with_bias(&network, 1, &10.0, &Matrix::from_element(2, 1, 1.0));
    assert!(
        error
            .expect_err("β² > o")
            .to_string()
            .contains("needs β² ≤ o")
    );
    let error = isotropic::resize::remove(&network, 1, 2)
        .expect_err("alive")
        .to_string();
    assert!(
        error.contains("hidden layer 1, neuron 2: its weight in column 1"),
        "{error}"
    );
    assert_eq!(network, before);
}

#[test]
fn overflow_names_its_layer_and_row() {
    let network = support::network::<f64>(&[2, 3, 2], Gain::Linear, 1);
    let huge = network.map(&|x: &f64| x * 1e200).expect("finite");
    let error = evaluate(&huge, &[1e200, -1e200])
        .expect_err("overflow")
        .to_string();
    assert!(
        error.contains("layer 1, row 1: W x + b overflows f64"),
        "{error}"
    );
    let wide = huge.cast::<Mp<64>>().expect("exact");
    assert!(evaluate(&wide, &[Mp::from_f64(1e200), Mp::from_f64(-1e200)]).is_ok());
}

/// Widths beyond the blocks of the product, and no multiples of them: a batch has the bits of its inputs one
/// by one, and a network grown by columns of anything has the bits of the one before (C1).
fn batches_and_growth<S: Real>() {
    use isotropic::{
        Gain, Layer,
        linalg::{Matrix, Vector},
        network::evaluate_batch,
        resize::grow,
    };
    use rand::{RngExt, SeedableRng};
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(11);
    let mut matrix =
        |m: usize, n: usize| Matrix::from_fn(m, n, |_, _| S::from_f64(rng.random_range(-1.0..1.0)));
    for (widths, inputs) in [([5, 17, 3], 1), ([70, 33, 9], 7), ([301, 65, 40], 19)] {
        let layers = (1..3)
            .map(|l| Layer {
                weight: matrix(widths[l], widths[l - 1]),
                bias: Vector::from_vec(matrix(widths[l], 1).as_slice().to_vec()),
                psi: (l > 1).then(|| Vector::from_vec(matrix(widths[l], 1).as_slice().to_vec())),
            })
            .collect();
        let network = Network::new(layers, Gain::Tanh, Some(vec![S::one()])).expect("valid");
        let x = matrix(widths[0], inputs);
        let batch = evaluate_batch(&network, &x).expect("no overflow");
        let grown = grow(&network, 1, &matrix(widths[2], 3)).expect("fits");
        let of_grown = evaluate_batch(&grown, &x).expect("no overflow");
        assert_eq!(batch.as_slice(), of_grown.as_slice());
        for j in 0..inputs {
            let x: Vec<S> = x.column(j).iter().cloned().collect();
            let one = evaluate(&network, &x).expect("no overflow");
            assert_eq!(one.as_slice(), batch.column(j).as_slice());
        }
    }
}

#[test]
fn a_batch_has_the_bits_of_its_inputs() {
    batches_and_growth::<f32>();
    batches_and_growth::<f64>();
    batches_and_growth::<Mp<128>>();
}

#[test]
fn the_examples_find_what_they_say() {
    own_network::main().expect("a network of one's own");
    own_scalar::main().expect("a scalar of one's own");
    exact_check::main().expect("an exact check");
    certified_prune::main().expect("a certified prune");
}
