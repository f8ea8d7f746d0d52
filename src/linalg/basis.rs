//! Completing an orthonormal set to a basis.

use super::{Matrix, column, qr};
use crate::scalar::Real;

/// An m × `columns` matrix whose first columns are those of `u` (m × k, orthonormal) and whose others
/// complete them to an orthonormal set; `columns` is cut to m.
pub fn complete_basis<S: Real>(u: &Matrix<S>, columns: usize) -> Matrix<S> {
    completed(u.clone(), columns)
}

/// [`complete_basis`] of a matrix that is not needed any more: where nothing is missing nothing is copied.
pub(super) fn completed<S: Real>(u: Matrix<S>, columns: usize) -> Matrix<S> {
    let (m, k) = u.shape();
    let columns = columns.clamp(k, m.max(k));
    if columns == k {
        return u;
    }
    // Householder vectors of u span the same space, so the later columns of Q are its complement.
    let q = qr(&u).q(columns);
    let mut data = u.as_slice().to_vec();
    for j in k..columns {
        data.extend_from_slice(column(&q, j));
    }
    Matrix::from_vec(m, columns, data)
}
