//! The smallest network within a budget: refits, floors, the search over widths, and what is certified of the result.

mod floor;
mod refit;
mod search;

use isotropic::{
    Gain, Layer, Network,
    linalg::{Matrix, Vector},
    scalar::Field,
};

/// A network of these widths with ψ, b and o, whose entries look random; the singular values of a layer fall like 1/k.
fn network<S: Field>(widths: &[usize], gain: Gain<S>, scale: i64) -> Network<S> {
    let mut state = 12_345_u64;
    let mut draw = |spread: i64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let whole = i64::try_from(state >> 40).expect("24 bits") % 2001 - 1000;
        S::from_int(whole) / S::from_int(1000 * spread)
    };
    let layers = widths.windows(2).enumerate().map(|(l, n)| Layer {
        weight: Matrix::from_fn(n[1], n[0], |i, _| draw(scale * (1 + i as i64 / 2))),
        bias: Vector::from_fn(n[1], |_, _| draw(2)),
        psi: (l > 0).then(|| Vector::from_fn(n[1], |_, _| draw(2))),
    });
    let layers: Vec<Layer<S>> = layers.collect();
    let lengths = vec![S::one() / S::from_int(3); widths.len() - 2];
    Network::new(layers, gain, Some(lengths)).expect("valid")
}

/// n₀ × N inputs that look random, within ±2.
fn inputs<S: Field>(n: usize, count: usize) -> Matrix<S> {
    let mut state = 99_u64;
    Matrix::from_fn(n, count, |_, _| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(7);
        let whole = i64::try_from(state >> 40).expect("24 bits") % 4001 - 2000;
        S::from_int(whole) / S::from_int(1000)
    })
}
