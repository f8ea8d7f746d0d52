//! Orthogonal matrices: Haar-random in floating point, exact over the rationals.

use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

use super::{Matrix, elimination::solve, qr};
use crate::scalar::{Rational, Real};

/// A random orthogonal n × n matrix, Haar-distributed (reflections included), orthogonal to the
/// scalar's own precision: the Q of a Gaussian matrix, with diag R > 0 (Mezzadri 2007). The Gaussian
/// entries carry 53 bits.
pub fn haar<S: Real>(n: usize, rng: &mut impl Rng) -> Matrix<S> {
    let gaussian = Matrix::from_fn(n, n, |_, _| S::from_f64(rng.sample(StandardNormal)));
    let factors = qr(&gaussian);
    // The matrix may be large, and Q is another of its size.
    drop(gaussian);
    factors.q(n)
}

/// An exact rational orthogonal matrix by the Cayley transform (I - K)(I + K)⁻¹ of a random skew K,
/// half of the time with its first row negated, so that reflections occur.
pub fn cayley(n: usize, rng: &mut impl Rng) -> Matrix<Rational> {
    let zero = Rational::from(0);
    let mut skew = Matrix::from_element(n, n, zero);
    for i in 0..n {
        for j in 0..i {
            let entry = Rational(rug::Rational::from((rng.random_range(-4..=4), 3)));
            skew[(j, i)] = -entry.clone();
            skew[(i, j)] = entry;
        }
    }
    let mut result = cayley_transform(&skew);
    if rng.random() {
        result
            .row_iter_mut()
            .take(1)
            .for_each(|mut row| row.neg_mut());
    }
    result
}

/// (I - K)(I + K)⁻¹, exactly orthogonal with determinant 1 for a skew-symmetric K (n × n).
pub fn cayley_transform(skew: &Matrix<Rational>) -> Matrix<Rational> {
    let identity = Matrix::<Rational>::identity(skew.nrows(), skew.ncols());
    // The two factors commute, and I + K is invertible: the spectrum of K is imaginary.
    solve(&identity + skew, identity - skew)
}

/// An exact rational orthogonal matrix: a product of n reflections in small integer vectors.
pub fn householder(n: usize, rng: &mut impl Rng) -> Matrix<Rational> {
    let mut q = Matrix::<Rational>::identity(n, n);
    for _ in 0..n {
        let v: Vec<i64> = (0..n).map(|_| rng.random_range(-2..=2)).collect();
        let squared: i64 = v.iter().map(|x| x * x).sum();
        if squared == 0 {
            continue;
        }
        let reflect = Matrix::from_fn(n, n, |i, j| {
            let identity = if i == j { squared } else { 0 };
            Rational(rug::Rational::from((identity - 2 * v[i] * v[j], squared)))
        });
        q *= reflect;
    }
    q
}
