//! Least squares with the smallest solution: X of least ‖X‖_F among those that minimise ‖A X - B‖_F.

use super::{
    Matrix, column, column_mut, elimination::solve, independent_columns, product, product_tn, qr,
    qr_pivoted,
};
use crate::scalar::{Field, Real};

/// The smallest X (k × m) that minimises ‖A X - B‖_F, for A of N × k and B of N × m.
///
/// By QR with column pivoting, and where that shows a rank r < k by a second QR of the r rows of R that are left (a
/// complete orthogonal decomposition). Columns of A that are longer than √u times the longest, once the part along
/// the columns before them is gone, count; the rest would be divided by little but rounding, and what is found has
/// half of its digits at least.
///
/// ```
/// use isotropic::linalg::{Matrix, least_squares};
///
/// // Twice the same column: of all x₁ + x₂ = 3 the smallest is (1.5, 1.5).
/// let a = Matrix::from_row_slice(2, 2, &[1.0, 1.0, 1.0, 1.0]);
/// let b = Matrix::from_row_slice(2, 1, &[2.0, 4.0]);
/// let x = least_squares(&a, &b);
/// assert!((x[0] - 1.5f64).abs() < 1e-12 && (x[1] - 1.5).abs() < 1e-12);
/// ```
pub fn least_squares<S: Real>(a: &Matrix<S>, b: &Matrix<S>) -> Matrix<S> {
    let (k, m) = (a.ncols(), b.ncols());
    let first = qr_pivoted(a);
    let r = first.r();
    let least = match r.iter().next() {
        Some(largest) => largest.clone() * S::unit_roundoff().sqrt(),
        None => return Matrix::from_element(k, m, S::zero()),
    };
    let rank = (0..r.nrows()).take_while(|&i| r[(i, i)] > least).count();
    let rotated = first.apply_q_transposed(b.clone());
    let right = rotated.rows(0, rank).into_owned();
    let top = r.rows(0, rank).into_owned();
    let found = if rank == k {
        back_substituted(&top, right)
    } else {
        // R = R₂ᵀ Q₂ᵀ, so the smallest solution of R x = c is Q₂ R₂⁻ᵀ c.
        let second = qr(&top.transpose());
        let inner = forward_substituted(&second.r(), right);
        let mut tall = Matrix::from_element(k, m, S::zero());
        tall.view_mut((0, 0), (rank, m)).copy_from(&inner);
        second.apply_q(tall)
    };
    let mut x = Matrix::from_element(k, m, S::zero());
    for (from, &to) in first.permutation().iter().enumerate() {
        for j in 0..m {
            x[(to, j)] = found[(from, j)].clone();
        }
    }
    x
}

/// U⁻¹ C for an upper triangular U with a diagonal without zeros.
fn back_substituted<S: Field>(u: &Matrix<S>, mut c: Matrix<S>) -> Matrix<S> {
    for j in 0..c.ncols() {
        let x = column_mut(&mut c, j);
        for i in (0..u.nrows()).rev() {
            x[i] /= &u[(i, i)];
            let factor = -x[i].clone();
            S::axpy(&mut x[..i], &factor, &column(u, i)[..i]);
        }
    }
    c
}

/// U⁻ᵀ C for an upper triangular U with a diagonal without zeros.
fn forward_substituted<S: Field>(u: &Matrix<S>, mut c: Matrix<S>) -> Matrix<S> {
    for j in 0..c.ncols() {
        let x = column_mut(&mut c, j);
        for i in 0..u.nrows() {
            let below = S::dot(&column(u, i)[..i], &x[..i]);
            x[i] -= &below;
            x[i] /= &u[(i, i)];
        }
    }
    c
}

/// The same over an ordered field without rounding, by the normal equations: with A_I the independent columns of A and
/// A = A_I T, X = Tᵀ (T Tᵀ)⁻¹ (A_Iᵀ A_I)⁻¹ A_Iᵀ B.
///
/// For [`Rational`](crate::scalar::Rational); in floating point the Gram matrices square the condition, and
/// [`least_squares`] is what to use.
pub fn least_squares_exactly<S: Field>(a: &Matrix<S>, b: &Matrix<S>) -> Matrix<S> {
    let chosen = independent_columns(a);
    let basis = a.select_columns(&chosen);
    let gram = product_tn(&basis, &basis);
    let along = solve(gram.clone(), product_tn(&basis, b));
    let coordinates = solve(gram, product_tn(&basis, a)).transpose();
    let inner = solve(product_tn(&coordinates, &coordinates), along);
    product(&coordinates, &inner)
}
