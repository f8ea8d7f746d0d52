//! E5 on many labels, exactly: one hidden layer classifies like a linear map.

use isotropic::{
    Gain, Layer, Network,
    linalg::{Matrix, Vector, accumulate},
    network::evaluate,
    scalar::{Field, Rational},
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn whole(rng: &mut ChaCha8Rng, most: i64) -> Rational {
    Rational::from(rng.random_range(-most..=most))
}

fn largest(y: &[Rational]) -> usize {
    (1..y.len()).fold(0, |best, i| if y[i] > y[best] { i } else { best })
}

/// `count` labels over ℚ, of 20 networks with 3 inputs, 1 to 6 neurons and 4 classes; how many differ.
fn differing(count: usize, outputs_bias: bool) -> usize {
    let mut rng = ChaCha8Rng::seed_from_u64(12);
    let mut differ = 0;
    for k in 0..20 {
        let width = 1 + k % 6;
        let first = Layer {
            weight: Matrix::from_fn(width, 3, |_, _| whole(&mut rng, 9)),
            bias: Vector::from_fn(width, |_, _| whole(&mut rng, 9)),
            psi: None,
        };
        let common = whole(&mut rng, 9);
        let second = Layer {
            weight: Matrix::from_fn(4, width, |_, _| whole(&mut rng, 9)),
            bias: Vector::from_fn(4, |i, _| match outputs_bias {
                true => Rational::from(i as i64),
                false => common.clone(),
            }),
            psi: Some(Vector::from_fn(4, |_, _| whole(&mut rng, 9))),
        };
        let gain = if k % 2 == 0 {
            Gain::Rational
        } else {
            Gain::RationalTanh
        };
        let lengths = Some(vec![Rational::from(k as i64 % 3)]);
        let network = Network::new(vec![first, second], gain, lengths).expect("a network");
        for _ in 0..count / 20 {
            let x: Vec<Rational> = (0..3).map(|_| whole(&mut rng, 50)).collect();
            let y = evaluate(&network, &x).expect("exact");
            let mut hidden = network.layer(1).bias.as_slice().to_vec();
            accumulate(&mut hidden, &network.layer(1).weight, &x);
            let mut linear = network.layer(2).psi_or_zero().as_slice().to_vec();
            accumulate(&mut linear, &network.layer(2).weight, &hidden);
            differ += usize::from(largest(y.as_slice()) != largest(&linear));
        }
    }
    differ
}

#[test]
fn one_hidden_layer_labels_as_a_linear_map_does() {
    // 10⁵ in a campaign; 4000 by default.
    let count = match std::env::var_os("ISOTROPIC_CAMPAIGN") {
        Some(_) => 100_000,
        None => 4000,
    };
    assert_eq!(differing(count, false), 0);
    assert!(Rational::precision().is_none());
}

/// With output biases that differ, labels do.
#[test]
fn a_bias_of_the_outputs_makes_a_difference() {
    assert!(differing(1000, true) > 10);
}
