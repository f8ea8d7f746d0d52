//! Matrix products in one documented order.

use super::{Matrix, column, column_mut};
use crate::scalar::Field;

/// `y ← y + A x`, column by column: every entry of y accumulates its terms in the order of the
/// columns, one rounding for each product and each sum.
///
/// Starting from y = +0 this is the order the evaluation of a network promises: a column whose
/// entry of x is ±0 then leaves y as it was, bit for bit (THEORY C1).
pub fn accumulate<S: Field>(y: &mut [S], a: &Matrix<S>, x: &[S]) {
    for (j, x) in x.iter().enumerate() {
        S::axpy(y, x, column(a, j));
    }
}

/// `A B`, for A of m × k and B of k × n; each entry is summed in order of k from +0.
pub fn product<S: Field>(a: &Matrix<S>, b: &Matrix<S>) -> Matrix<S> {
    let mut c = Matrix::from_element(a.nrows(), b.ncols(), S::zero());
    for j in 0..b.ncols() {
        accumulate(column_mut(&mut c, j), a, column(b, j));
    }
    c
}

/// `Aᵀ B`, for A of k × m and B of k × n.
pub fn product_tn<S: Field>(a: &Matrix<S>, b: &Matrix<S>) -> Matrix<S> {
    Matrix::from_fn(a.ncols(), b.ncols(), |i, j| {
        S::dot(column(a, i), column(b, j))
    })
}

/// `A Bᵀ`, for A of m × k and B of n × k.
pub fn product_nt<S: Field>(a: &Matrix<S>, b: &Matrix<S>) -> Matrix<S> {
    product(a, &b.transpose())
}
