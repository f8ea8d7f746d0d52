//! Inserting and removing rows and columns.
//!
//! nalgebra's own functions of these names move entries bytewise; its `remove_row` (0.35) frees some
//! of them twice when an entry owns memory, as MPFR floats and rationals do. These build a new matrix.

use super::{Matrix, Vector};
use crate::scalar::Field;

/// `a` without row `row`.
pub fn remove_row<S: Field>(a: &Matrix<S>, row: usize) -> Matrix<S> {
    Matrix::from_fn(a.nrows() - 1, a.ncols(), |i, j| {
        a[(if i < row { i } else { i + 1 }, j)].clone()
    })
}

/// `a` without column `column`.
pub fn remove_column<S: Field>(a: &Matrix<S>, column: usize) -> Matrix<S> {
    Matrix::from_fn(a.nrows(), a.ncols() - 1, |i, j| {
        a[(i, if j < column { j } else { j + 1 })].clone()
    })
}

/// `a` with `entries` as a new row before row `at`.
pub fn insert_row<S: Field>(a: &Matrix<S>, at: usize, entries: &[S]) -> Matrix<S> {
    Matrix::from_fn(a.nrows() + 1, a.ncols(), |i, j| match i.cmp(&at) {
        std::cmp::Ordering::Less => a[(i, j)].clone(),
        std::cmp::Ordering::Equal => entries[j].clone(),
        std::cmp::Ordering::Greater => a[(i - 1, j)].clone(),
    })
}

/// `a` with `entries` as a new column before column `at`.
pub fn insert_column<S: Field>(a: &Matrix<S>, at: usize, entries: &[S]) -> Matrix<S> {
    let (left, right) = a.as_slice().split_at(at * a.nrows());
    let data = left.iter().chain(entries).chain(right).cloned().collect();
    Matrix::from_vec(a.nrows(), a.ncols() + 1, data)
}

/// [A B]: the columns of `b` after those of `a`, both of the same height.
pub fn append_columns<S: Field>(a: &Matrix<S>, b: &[S]) -> Matrix<S> {
    let data: Vec<S> = a.as_slice().iter().chain(b).cloned().collect();
    let columns = if a.nrows() == 0 {
        a.ncols()
    } else {
        data.len() / a.nrows()
    };
    Matrix::from_vec(a.nrows(), columns, data)
}

/// `v` without entry `at`.
pub fn remove_entry<S: Field>(v: &Vector<S>, at: usize) -> Vector<S> {
    Vector::from_fn(v.len() - 1, |i, _| {
        v[if i < at { i } else { i + 1 }].clone()
    })
}

/// `v` with `entry` before entry `at`.
pub fn insert_entry<S: Field>(v: &Vector<S>, at: usize, entry: S) -> Vector<S> {
    let (before, after) = v.as_slice().split_at(at);
    Vector::from_vec(
        before
            .iter()
            .chain([&entry])
            .chain(after)
            .cloned()
            .collect(),
    )
}
