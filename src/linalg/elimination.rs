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
