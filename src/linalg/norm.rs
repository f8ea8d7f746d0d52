//! Norms that neither overflow nor underflow on the way.

use super::Matrix;
use crate::scalar::Real;

/// The exponent of the largest entry, `None` if all are zero or one is not finite.
pub(super) fn largest_exponent<S: Real>(x: &[S]) -> Option<i64> {
    x.iter().filter_map(S::exponent).max()
}

/// ‖x‖₂, to about two roundings, whatever the size of the entries; NaN and ∞ propagate.
pub fn norm2<S: Real>(x: &[S]) -> S {
    if let Some(bad) = x.iter().find(|x| !x.is_finite()) {
        return bad.abs();
    }
    let Some(e) = largest_exponent(x) else {
        return S::zero();
    };
    let scaled: Vec<S> = x.iter().map(|x| x.scale_by_power_of_two(-e)).collect();
    S::sum_of_squares(&scaled).sqrt().scale_by_power_of_two(e)
}

/// ‖A‖_F.
pub fn frobenius<S: Real>(a: &Matrix<S>) -> S {
    norm2(a.as_slice())
}
