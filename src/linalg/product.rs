//! Matrix products in one documented order.

use super::Matrix;
use crate::scalar::{Field, View};

/// A matrix as the kernels take it.
fn view<S: Field>(a: &Matrix<S>) -> View<'_, S> {
    View::new(a.as_slice(), a.nrows(), a.ncols())
}

/// `y ← y + A x`: every entry of y accumulates its terms in the order of the columns, one rounding for
/// each product and each sum.
///
/// Starting from y = +0 this is the order the evaluation of a network promises: a column whose
/// entry of x is ±0 then leaves y as it was, bit for bit (THEORY C1).
pub fn accumulate<S: Field>(y: &mut [S], a: &Matrix<S>, x: &[S]) {
    let columns = a.ncols().min(x.len());
    let a = View::new(&a.as_slice()[..a.nrows() * columns], a.nrows(), columns);
    S::multiply_add(y, a, View::new(&x[..columns], columns, 1));
}

/// `A B`, for A of m × k and B of k × n; each entry is summed in order of k from +0, in [`Mp`](crate::scalar::Mp)
/// exactly and then rounded once. In intervals an entry encloses the sums, whatever their order.
pub fn product<S: Field>(a: &Matrix<S>, b: &Matrix<S>) -> Matrix<S> {
    of_views(view(a), view(b))
}

/// `Aᵀ B`, for A of k × m and B of k × n; summed in order of k from +0 (see [`product`]): the bits of the
/// product of the transpose, which is not formed.
pub fn product_tn<S: Field>(a: &Matrix<S>, b: &Matrix<S>) -> Matrix<S> {
    of_views(view(a).transpose(), view(b))
}

/// `A Bᵀ`, for A of m × k and B of n × k; summed in order of k from +0 (see [`product`]): the bits of the
/// product with the transpose, which is not formed.
pub fn product_nt<S: Field>(a: &Matrix<S>, b: &Matrix<S>) -> Matrix<S> {
    of_views(view(a), view(b).transpose())
}

/// A batch of [`accumulate`] from +0: in order of k in every scalar.
pub(crate) fn product_in_order<S: Field>(a: &Matrix<S>, b: &Matrix<S>) -> Matrix<S> {
    let mut c = vec![S::zero(); a.nrows() * b.ncols()];
    S::product_in_order(&mut c, view(a), view(b));
    Matrix::from_vec(a.nrows(), b.ncols(), c)
}

/// Columns of a Gram matrix that are formed together.
const STRIPE: usize = 64;

/// XᵀX on and below the diagonal, each entry summed in order of the rows of X; above it are zeros, or sums as well.
pub(crate) fn lower_gram(x: View<f64>) -> Matrix<f64> {
    let n = x.ncols();
    let mut gram = Matrix::from_element(n, n, 0.0);
    for start in (0..n).step_by(STRIPE) {
        let end = (start + STRIPE).min(n);
        let left = x.columns(start..n).transpose();
        let to = &mut gram.as_mut_slice()[start * n + start..];
        f64::multiply_add_apart(to, n, left, x.columns(start..end));
    }
    gram
}

fn of_views<S: Field>(a: View<S>, b: View<S>) -> Matrix<S> {
    assert_eq!(a.ncols(), b.nrows(), "the inner sizes of a product");
    Matrix::from_vec(a.nrows(), b.ncols(), S::product(a, b))
}
