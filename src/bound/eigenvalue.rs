//! The largest eigenvalue of a symmetric positive semidefinite matrix of intervals, enclosed.
//!
//! Let M + R be the matrix, M its midpoints and |R| within its radii, λ the Rayleigh quotient of some vector, and s a little
//! larger. If Cholesky's factorisation of B = s I - M runs to its end in f64, then B + Δ is the Gram matrix of what it found,
//! with |Δ_ij| ≤ γ/(1 - γ) √(b_ii b_jj), γ = (n+1) u/(1 - (n+1) u), in any order of summation (Higham, Accuracy and
//! Stability, theorems 10.3 and 10.5), and what underflows adds less than the smallest normal number to an entry. So
//!
//! ```text
//! λ₁(M + R) ≤ s + γ/(1 - γ) tr B + n · 2⁻¹⁰²² + ‖R‖,      λ₁(M + R) ≥ xᵀ(M + R)x / xᵀx.
//! ```
//!
//! λ and x come from a few dozen steps of Lanczos' method; a bad guess costs the proof, not the truth of the bound.

use nalgebra::SymmetricEigen;
use num_traits::{One, Zero};

use super::svd::simple_norm;
use crate::{
    linalg::{Matrix, Vector, column, column_mut, product, two_columns},
    scalar::{Field, interval::Interval},
};

/// Steps of Lanczos' method: enough for the gaps of random matrices of 512, by estimate; too few cost the proof.
const STEPS: usize = 80;

/// By how much s exceeds the guess, as powers of two, tried in this order.
const MARGINS: [i32; 4] = [-38, -32, -26, -16];

/// An enclosure of λ₁; of the matrix the lower triangle is read. `None` if nothing is proved.
pub(super) fn largest_eigenvalue(a: &Matrix<Interval<f64>>) -> Option<Interval<f64>> {
    let n = a.nrows();
    let at = |i: usize, j: usize| &a[(i.max(j), i.min(j))];
    let middle = Matrix::from_fn(n, n, |i, j| at(i, j).midpoint());
    if !middle.iter().all(|x| x.is_finite()) {
        return None;
    }
    let spread = Matrix::from_fn(n, n, |i, j| Interval::point(at(i, j).radius()));
    let x = leading_vector(&middle)?;
    let guess = rayleigh(&middle, &x);
    let above = (MARGINS.iter())
        .find_map(|margin| eigenvalues_below(&middle, guess * (1.0 + f64::from(*margin).exp2())))?;
    let x = Matrix::from_iterator(n, 1, x.iter().map(|x| Interval::point(*x)));
    let whole = Matrix::from_fn(n, n, |i, j| at(i, j).clone());
    let image = product(&whole, &x);
    let below =
        Interval::dot(image.as_slice(), x.as_slice()) / Interval::dot(x.as_slice(), x.as_slice());
    let below = Interval::larger(below, Interval::zero());
    Some(below.hull(&(above + simple_norm(&spread))))
}

/// A bound on all eigenvalues of M, near `s`, if `s` is clearly above them.
fn eigenvalues_below(m: &Matrix<f64>, s: f64) -> Option<Interval<f64>> {
    let n = m.nrows();
    let mut trace = Interval::<f64>::zero();
    // The factor's column i in the first i + 1 entries of column i.
    let mut factor = -m.clone();
    for i in 0..n {
        // Rounded down, what is factorised lies below s I - M.
        let diagonal = (s - m[(i, i)]).next_down();
        trace += Interval::point(diagonal);
        for j in 0..i {
            let (of_j, of_i) = two_columns(&mut factor, j, i);
            let sum = f64::dot(&of_j[..j], &of_i[..j]);
            of_i[j] = (of_i[j] - sum) / of_j[j];
        }
        let of_i = column_mut(&mut factor, i);
        let rest = diagonal - f64::dot(&of_i[..i], &of_i[..i]);
        if rest.is_nan() || rest <= 0.0 {
            return None;
        }
        of_i[i] = rest.sqrt();
    }
    let roundings = Interval::from_int(n as i64 + 1) * Interval::point(f64::unit_roundoff());
    let one = Interval::<f64>::one();
    let gamma = roundings.clone() / (one.clone() - roundings);
    let underflow = Interval::from_int(n as i64) * Interval::point(f64::MIN_POSITIVE);
    let above = Interval::point(s) + gamma.clone() / (one - gamma) * trace + underflow;
    above.is_finite().then_some(above)
}

/// xᵀMx / xᵀx.
fn rayleigh(m: &Matrix<f64>, x: &Vector<f64>) -> f64 {
    let image = m * x;
    f64::dot(image.as_slice(), x.as_slice()) / f64::dot(x.as_slice(), x.as_slice())
}

/// A vector near the eigenspace of the largest eigenvalue, by Lanczos' method with every vector made orthogonal to all
/// before it.
fn leading_vector(m: &Matrix<f64>) -> Option<Vector<f64>> {
    let n = m.nrows();
    // Multiples of the golden ratio, less their integers: no structure that a matrix is likely to share.
    let start = (1..=n).map(|i| 0.5 + (i as f64 * 0.618_033_988_749_895).fract());
    let start = Vector::from_iterator(n, start).normalize();
    let mut basis = Matrix::<f64>::zeros(n, STEPS.min(n));
    column_mut(&mut basis, 0).copy_from_slice(start.as_slice());
    let mut tridiagonal = Matrix::<f64>::zeros(basis.ncols(), basis.ncols());
    let mut steps = 0;
    while steps < basis.ncols() {
        let k = steps;
        steps += 1;
        let mut next = m * basis.column(k);
        tridiagonal[(k, k)] = f64::dot(next.as_slice(), column(&basis, k));
        for _ in 0..2 {
            for j in 0..=k {
                let along = f64::dot(next.as_slice(), column(&basis, j));
                f64::axpy(next.as_mut_slice(), &-along, column(&basis, j));
            }
        }
        let length = next.norm();
        if steps == basis.ncols() || length <= tridiagonal[(0, 0)].abs() * f64::EPSILON {
            break;
        }
        tridiagonal[(k, k + 1)] = length;
        tridiagonal[(k + 1, k)] = length;
        next /= length;
        column_mut(&mut basis, k + 1).copy_from_slice(next.as_slice());
    }
    let small = tridiagonal.view((0, 0), (steps, steps)).into_owned();
    // A limit, as an iteration on NaN would not end.
    let eigen = SymmetricEigen::try_new(small, f64::EPSILON, 100 * STEPS)?;
    let top = eigen.eigenvalues.imax();
    let x = basis.columns(0, steps) * eigen.eigenvectors.column(top);
    x.iter().all(|x| x.is_finite()).then_some(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// [2 1; 1 2] ⊕ 1 ⊕ …, with largest eigenvalue 3.
    fn known(n: usize) -> Matrix<f64> {
        Matrix::from_fn(n, n, |i, j| match (i, j) {
            (0, 1) | (1, 0) => 1.0,
            (0, 0) | (1, 1) => 2.0,
            _ if i == j => 1.0,
            _ => 0.0,
        })
    }

    #[test]
    fn a_guess_below_the_largest_eigenvalue_proves_nothing() {
        for n in [2, 5, 60] {
            let m = known(n);
            for below in [0.0, 1.5, 2.9, 3.0, 3.0 - 1e-9] {
                assert!(eigenvalues_below(&m, below).is_none(), "{n}: {below}");
            }
            let above = eigenvalues_below(&m, 3.0 + 1e-9).expect("proved");
            // (n+1) u tr(s I - M), and the trace is below 3n.
            let rounding = 1.01 * (n as f64 + 1.0) * 3.0 * n as f64 * f64::EPSILON;
            assert!(
                *above.hi() >= 3.0 && *above.hi() < 3.0 + 1e-9 + rounding,
                "{above}"
            );
        }
    }

    #[test]
    fn the_guess_is_the_largest_eigenvalue() {
        for n in [2, 5, 60, 200] {
            let m = known(n);
            let x = leading_vector(&m).expect("finite");
            let guess = rayleigh(&m, &x);
            // Some n roundings in each of three products.
            assert!(
                (guess / 3.0 - 1.0).abs() <= 10.0 * n as f64 * f64::EPSILON,
                "{n}: {guess}"
            );
        }
    }

    #[test]
    fn nothing_is_proved_of_what_is_not_finite() {
        let m = known(3).map(|x| Interval::point(x * 1e308) * Interval::point(1e10));
        assert!(largest_eigenvalue(&m).is_none());
    }
}
