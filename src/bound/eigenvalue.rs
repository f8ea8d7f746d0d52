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
//!
//! Where A is a matrix of plain floats and M its computed Gram matrix, which is off by at most γ_k √(m_ii m_jj) in an entry for
//! sums of k terms, γ_k tr M bounds ‖M - A Aᵀ‖, too: see [`gram_norm`].

use nalgebra::SymmetricEigen;
use num_traits::{One, Zero};

use super::svd::simple_norm;
use crate::{
    linalg::{
        Matrix, Vector, column, column_mut, lower_gram, product, symmetric_times, two_columns,
    },
    scalar::{Field, View, interval::Interval},
};

/// Steps of Lanczos' method at most: enough for the gaps of random matrices of 512, by estimate; too few cost the proof.
const STEPS: usize = 80;

/// After so many steps, and again, it is asked whether the eigenvalue still grows.
const BETWEEN: usize = 8;

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
    let lanczos = Lanczos::of(&middle);
    let x = lanczos.vector()?;
    let above = above(&middle, lanczos.largest)?;
    let x = Matrix::from_iterator(n, 1, x.iter().map(|x| Interval::point(*x)));
    let whole = Matrix::from_fn(n, n, |i, j| at(i, j).clone());
    let image = product(&whole, &x);
    let below =
        Interval::dot(image.as_slice(), x.as_slice()) / Interval::dot(x.as_slice(), x.as_slice());
    let below = Interval::larger(below, Interval::zero());
    Some(below.hull(&(above + simple_norm(&spread))))
}

/// An upper bound on ‖A‖₂ for a matrix of doubles of order one, by the Gram matrix of its shorter side: too large by 2⁻³⁹ of
/// itself and the roundings that it allows for, which come to some n² u of it for a side of n. `None` if nothing is proved.
pub(super) fn gram_norm(a: &Matrix<f64>) -> Option<f64> {
    let view = View::new(a.as_slice(), a.nrows(), a.ncols());
    let of_columns = if a.nrows() < a.ncols() {
        view.transpose()
    } else {
        view
    };
    let gram = lower_gram(of_columns);
    // One sum of what is not finite is not, and an entry of A is in one of them.
    let diagonal = || (0..gram.nrows()).map(|i| gram[(i, i)]);
    if !diagonal().sum::<f64>().is_finite() {
        return None;
    }
    let above = above(&gram, Lanczos::of(&gram).largest)?;
    let trace = diagonal().fold(Interval::<f64>::zero(), |sum, x| sum + Interval::point(x));
    let terms = Interval::from_int(of_columns.nrows() as i64 + 1);
    // (1 - γ) a_iᵀa_i is at most its computed value.
    let gamma = terms * Interval::point(f64::EPSILON);
    let underflow = Interval::from_int(a.len() as i64) * Interval::point(f64::MIN_POSITIVE);
    let norm = (above + gamma * trace + underflow).sqrt();
    norm.is_finite().then(|| *norm.hi())
}

/// A bound on all eigenvalues of M, from a guess at the largest.
fn above(m: &Matrix<f64>, guess: f64) -> Option<Interval<f64>> {
    (MARGINS.iter())
        .find_map(|margin| eigenvalues_below(m, guess * (1.0 + f64::from(*margin).exp2())))
}

/// A bound on all eigenvalues of M, near `s`, if `s` is clearly above them.
fn eigenvalues_below(m: &Matrix<f64>, s: f64) -> Option<Interval<f64>> {
    let n = m.nrows();
    let mut trace = Interval::<f64>::zero();
    // The factor's column i in the first i + 1 entries of column i.
    let mut factor = Matrix::from_element(n, n, 0.0);
    for j in 0..n {
        for (i, x) in column(m, j).iter().enumerate().skip(j) {
            factor[(j, i)] = -x;
        }
    }
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

/// Lanczos' method with every vector made orthogonal to all before it; of the matrix the lower triangle is read.
struct Lanczos {
    basis: Matrix<f64>,
    /// The tridiagonal matrix that the basis makes of M: its diagonal, and what is beside that.
    diagonal: Vec<f64>,
    beside: Vec<f64>,
    /// Its largest eigenvalue.
    largest: f64,
}

impl Lanczos {
    fn of(m: &Matrix<f64>) -> Self {
        let n = m.nrows();
        // Multiples of the golden ratio, less their integers: no structure that a matrix is likely to share.
        let start = (1..=n).map(|i| 0.5 + (i as f64 * 0.618_033_988_749_895).fract());
        let start = Vector::from_iterator(n, start).normalize();
        let mut basis = Matrix::<f64>::zeros(n, STEPS.min(n));
        column_mut(&mut basis, 0).copy_from_slice(start.as_slice());
        let (mut diagonal, mut beside) = (vec![], vec![]);
        let mut largest = 0.0;
        let mut next = vec![0.0; n];
        for k in 0..basis.ncols() {
            symmetric_times(m.as_slice(), n, column(&basis, k), &mut next);
            diagonal.push(f64::dot(&next, column(&basis, k)));
            for j in (0..=k).rev() {
                let along = f64::dot(&next, column(&basis, j));
                f64::axpy(&mut next, &-along, column(&basis, j));
            }
            let length = f64::dot(&next, &next).sqrt();
            let last = k + 1 == basis.ncols() || length <= diagonal[0].abs() * f64::EPSILON;
            if last || (k + 1) % BETWEEN == 0 {
                let before = std::mem::replace(&mut largest, largest_of(&diagonal, &beside));
                // Errors fall as the powers of a number: what is missing is of the size of the last gain.
                let settled = largest - before <= largest * f64::EPSILON * 64.0;
                if last || settled {
                    break;
                }
            }
            beside.push(length);
            f64::scale(&mut next, &(1.0 / length));
            column_mut(&mut basis, k + 1).copy_from_slice(&next);
        }
        Lanczos {
            basis,
            diagonal,
            beside,
            largest,
        }
    }

    /// A vector near the eigenspace of the largest eigenvalue.
    fn vector(&self) -> Option<Vector<f64>> {
        let steps = self.diagonal.len();
        let small = Matrix::from_fn(steps, steps, |i, j| match i.abs_diff(j) {
            0 => self.diagonal[i],
            1 => self.beside[i.min(j)],
            _ => 0.0,
        });
        // A limit, as an iteration on NaN would not end.
        let eigen = SymmetricEigen::try_new(small, f64::EPSILON, 100 * STEPS)?;
        let top = eigen.eigenvalues.imax();
        let x = self.basis.columns(0, steps) * eigen.eigenvectors.column(top);
        x.iter().all(|x| x.is_finite()).then_some(x)
    }
}

/// The largest eigenvalue of a tridiagonal matrix, by bisection to the last bits: x is above all of them where every pivot of
/// T - x I is negative.
fn largest_of(diagonal: &[f64], beside: &[f64]) -> f64 {
    let is_above = |x: f64| {
        let mut pivot = f64::NEG_INFINITY;
        let couplings = std::iter::once(&0.0).chain(beside);
        diagonal.iter().zip(couplings).all(|(d, b)| {
            pivot = (d - x) - b * b / pivot;
            pivot < 0.0
        })
    };
    let coupling = |i: Option<usize>| i.and_then(|i| beside.get(i)).map_or(0.0, |b| b.abs());
    let (mut below, mut above) = (0.0f64, 0.0f64);
    for (i, d) in diagonal.iter().enumerate() {
        below = below.max(*d);
        above = above.max(d + coupling(i.checked_sub(1)) + coupling(Some(i)));
    }
    while above - below > above * f64::EPSILON {
        let middle = 0.5 * (below + above);
        if middle <= below || middle >= above {
            break;
        }
        if is_above(middle) {
            above = middle;
        } else {
            below = middle;
        }
    }
    above
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
            let guess = Lanczos::of(&m).largest;
            // Some n roundings in each of three products.
            assert!(
                (guess / 3.0 - 1.0).abs() <= 10.0 * n as f64 * f64::EPSILON,
                "{n}: {guess}"
            );
        }
    }

    /// Square, wide and tall, with the norm 3; and one whose leading direction Lanczos' method does not begin with, so that it
    /// guesses 1 for 100: a guess is no bound.
    #[test]
    fn a_norm_is_bounded_from_above() {
        for n in [2, 5, 60] {
            let m = known(n);
            let wide = Matrix::from_fn(n, 2 * n, |i, j| if j < n { m[(i, j)] } else { 0.0 });
            for a in [m.clone(), wide.transpose(), wide] {
                let norm = gram_norm(&a).expect("proved");
                // 2⁻³⁹, and (n + k + 2) u tr M for sums of k terms, tr M ≤ 9 + n, M's norm being 9.
                let (n, k) = (n as f64, a.nrows().max(a.ncols()) as f64);
                let room = (-38f64).exp2()
                    + (2.0 * n + 2.0 * k + 6.0) * f64::EPSILON * (9.0 + 9.0 * n) / 9.0;
                assert!((3.0..=3.0 * (1.0 + room)).contains(&norm), "{norm}");
            }
            let start = Lanczos::of(&m).basis.column(0).into_owned();
            let mut v = Vector::from_fn(n, |i, _| if i == 0 { start[1] } else { 0.0 });
            v[1] = -start[0];
            v.normalize_mut();
            let hidden = Matrix::identity(n, n) + &v * v.transpose() * 99.0;
            assert!(Lanczos::of(&hidden).largest < 100.0 + 1e-9);
            assert!(gram_norm(&hidden).is_none_or(|norm| norm >= 100.0), "{n}");
        }
        let infinite = known(3).map(|x| x * f64::INFINITY);
        assert!(gram_norm(&infinite).is_none());
    }

    #[test]
    fn nothing_is_proved_of_what_is_not_finite() {
        let m = known(3).map(|x| Interval::point(x * 1e308) * Interval::point(1e10));
        assert!(largest_eigenvalue(&m).is_none());
    }
}
