//! What the benchmarks share: matrices and networks of given sizes.
#![allow(dead_code)]

use isotropic::{
    Gain, Layer, Network,
    linalg::{Matrix, Vector},
    scalar::Field,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Uniform entries in ±1/√n.
pub fn matrix<S: Field>(m: usize, n: usize) -> Matrix<S> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let scale = 1.0 / (n as f64).sqrt();
    Matrix::from_fn(m, n, |_, _| {
        S::from_f64(scale * rng.random_range(-1.0..1.0))
    })
}

/// A tanh network with ψ and o = 1; its gain is rational over ℚ.
pub fn network<S: Field>(widths: &[usize]) -> Network<S> {
    let constant = |n: usize| Vector::from_element(n, S::from_f64(0.125));
    let layers = widths.windows(2).enumerate().map(|(l, pair)| Layer {
        weight: matrix(pair[1], pair[0]),
        bias: constant(pair[1]),
        psi: (l > 0).then(|| constant(pair[1])),
    });
    let lengths = vec![S::one(); widths.len() - 2];
    let gain = match S::precision() {
        Some(_) => Gain::Tanh,
        None => Gain::Rational,
    };
    Network::new(layers.collect(), gain, Some(lengths)).expect("valid")
}

/// `64-128-10`, for names.
pub fn shown(widths: &[usize]) -> String {
    let widths: Vec<String> = widths.iter().map(usize::to_string).collect();
    widths.join("-")
}
