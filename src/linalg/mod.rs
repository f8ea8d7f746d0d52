//! Dense linear algebra over any [`Real`](crate::scalar::Real): what nalgebra lacks or gets wrong.
//!
//! Matrices are nalgebra's; products, QR and the singular value decomposition are ours, written over
//! the by-reference kernels of [`Field`], so that one text serves f32, f64 and
//! MPFR. DESIGN.md says why nalgebra's factorisations are not used.

mod basis;
mod edit;
mod elimination;
mod least_squares;
mod norm;
mod orthogonal;
mod procrustes;
mod product;
mod qr;
mod refine;
mod reflectors;
mod spectral;
mod svd;
mod symmetric;

/// A dense matrix, stored by columns.
pub type Matrix<S> = nalgebra::DMatrix<S>;
/// A dense column vector.
pub type Vector<S> = nalgebra::DVector<S>;

pub use basis::complete_basis;
pub use edit::{
    append_columns, insert_column, insert_entry, insert_row, remove_column, remove_entry,
    remove_row,
};
pub use elimination::independent_columns;
pub use least_squares::{least_squares, least_squares_exactly};
pub use norm::{frobenius, norm2};
pub use orthogonal::{cayley, cayley_transform, haar, householder};
pub use procrustes::procrustes;
pub use product::{accumulate, product, product_nt, product_tn};
pub(crate) use product::{lower_gram, product_in_order};
pub use qr::{Qr, qr, qr_pivoted};
pub(crate) use refine::orthonormalised;
pub use svd::{Svd, numerical_rank, operator_norm, singular_values, svd};
pub(crate) use symmetric::symmetric_times;

use crate::scalar::Field;

/// Column `j` of a matrix as a slice.
pub(crate) fn column<S: Field>(a: &Matrix<S>, j: usize) -> &[S] {
    let rows = a.nrows();
    &a.as_slice()[j * rows..(j + 1) * rows]
}

/// Column `j` of a matrix as a mutable slice.
pub(crate) fn column_mut<S: Field>(a: &mut Matrix<S>, j: usize) -> &mut [S] {
    let rows = a.nrows();
    &mut a.as_mut_slice()[j * rows..(j + 1) * rows]
}

/// Columns `i < j` as two mutable slices.
pub(crate) fn two_columns<S: Field>(a: &mut Matrix<S>, i: usize, j: usize) -> (&mut [S], &mut [S]) {
    let rows = a.nrows();
    let (left, right) = a.as_mut_slice().split_at_mut(j * rows);
    (&mut left[i * rows..(i + 1) * rows], &mut right[..rows])
}
