//! Eigenvalues and eigenvectors of a symmetric matrix of doubles, for the start of a singular value decomposition.
//!
//! Householder reflectors make the matrix tridiagonal, halves of that are solved and joined (Cuppen 1981; Gu and
//! Eisenstat 1995), and the reflectors carry the eigenvectors back. Every sum has one order and nothing is fused, so
//! that the bits are those of every machine. Errors are a few u ‖G‖₂, relative to the largest eigenvalue: what needs more is
//! refined by the caller.

mod divide;
mod secular;
mod small;
#[cfg(test)]
mod tests;
mod tridiagonal;

pub(crate) use tridiagonal::symmetric_times;

use super::Matrix;

/// The eigenvalues of a symmetric matrix with entries of order one, ascending, and orthonormal eigenvectors in the
/// columns of a matrix; `None` if an iteration did not end.
pub(super) fn eigen(g: Matrix<f64>) -> Option<(Vec<f64>, Matrix<f64>)> {
    let reduced = tridiagonal::Tridiagonal::of(g);
    let (values, mut vectors) = divide::eigen(&reduced.diagonal, &reduced.beside)?;
    reduced.carry_back(&mut vectors);
    Some((values, vectors))
}
