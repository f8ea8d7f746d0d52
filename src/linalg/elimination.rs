//! Gaussian elimination, for exact scalars.

use super::{Matrix, column};
use crate::scalar::Field;

/// The columns of `a`, from the left, that depend on none before them: as many as the rank, and a basis
/// of the range.
///
/// Nothing is rounded and nothing is compared with a tolerance: for exact scalars
/// ([`Rational`](crate::scalar::Rational), [`Residue`](crate::scalar::Residue)) with finite entries. In
/// floating point [`numerical_rank`](super::numerical_rank) is what means something.
pub fn independent_columns<S: Field>(a: &Matrix<S>) -> Vec<usize> {
    let mut chosen = vec![];
    // Reduced copies with the row of their pivot, each scaled to a pivot of 1.
    let mut reduced: Vec<(usize, Vec<S>)> = vec![];
    for j in 0..a.ncols() {
        let mut rest = column(a, j).to_vec();
        for (pivot, basis) in &reduced {
            let factor = -rest[*pivot].clone();
            S::axpy(&mut rest, &factor, basis);
        }
        if let Some(pivot) = rest.iter().position(|x| !x.is_zero()) {
            let scale = S::one() / &rest[pivot];
            S::scale(&mut rest, &scale);
            reduced.push((pivot, rest));
            chosen.push(j);
        }
    }
    chosen
}

/// X with A X = B, by Gauss–Jordan elimination for an invertible A, exactly for exact scalars.
pub(super) fn solve<S: Field>(mut a: Matrix<S>, mut b: Matrix<S>) -> Matrix<S> {
    let n = a.nrows();
    for i in 0..n {
        let Some(pivot) = (i..n).find(|&k| !a[(k, i)].is_zero()) else {
            continue;
        };
        a.swap_rows(i, pivot);
        b.swap_rows(i, pivot);
        let lead = a[(i, i)].clone();
        for m in [&mut a, &mut b] {
            m.row_mut(i).iter_mut().for_each(|x| *x /= &lead);
        }
        for k in (0..n).filter(|&k| k != i) {
            let factor = a[(k, i)].clone();
            if factor.is_zero() {
                continue;
            }
            for m in [&mut a, &mut b] {
                for j in 0..m.ncols() {
                    let change = m[(i, j)].clone() * &factor;
                    m[(k, j)] -= &change;
                }
            }
        }
    }
    b
}
