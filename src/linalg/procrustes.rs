//! The orthogonal Procrustes problem.

use super::{Matrix, product_nt, svd};
use crate::{error::Error, scalar::Real};

/// The orthogonal R (m × m) that minimises ‖R A - B‖_F, for A and B of m × n: U Vᵀ from the SVD of
/// B Aᵀ (Schönemann 1966). Where B Aᵀ is rank-deficient, R is one of the minimisers.
///
/// B Aᵀ squares the condition of the problem: directions of A below √u‖A‖ are not determined, so
/// callers that care for weak directions work at twice the precision.
///
/// # Errors
/// Those of [`svd`](super::svd()).
pub fn procrustes<S: Real>(a: &Matrix<S>, b: &Matrix<S>) -> Result<Matrix<S>, Error> {
    let svd = svd(&product_nt(b, a))?;
    Ok(product_nt(&svd.u, &svd.v))
}
