//! Norms that neither overflow nor underflow on the way.

use super::Matrix;
use crate::scalar::Real;

/// ‖x‖₂, to about two roundings, whatever the size of the entries; NaN and ∞ propagate.
pub fn norm2<S: Real>(x: &[S]) -> S {
    if let Some(bad) = x.iter().find(|x| !x.is_finite()) {
        return bad.abs();
    }
    let Some(e) = S::largest_exponent(x) else {
        return S::zero();
    };
    S::sum_of_scaled_squares(x, -e)
        .sqrt()
        .scale_by_power_of_two(e)
}

/// ‖A‖_F.
pub fn frobenius<S: Real>(a: &Matrix<S>) -> S {
    norm2(a.as_slice())
}
