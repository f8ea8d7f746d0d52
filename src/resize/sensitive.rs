//! The directions of a layer that the outputs are most sensitive to, over data (ours; with [`refit`](super::refit())).
//!
//! D10 keeps the directions in which z_l varies most, whatever comes of it. What the outputs make of a small change δ of z_l
//! is J δ, J = ∂y/∂z_l, and with G = E JᵀJ over the data, E ‖J δ‖² ≈ E ‖G^{1/2} δ‖² for a δ that does not depend on J. With
//! C the deviations of z_l from their mean, the best approximation of rank p of M C, M = G^{1/2}, is the projection on the p
//! leading left singular vectors Y_p of M C (Eckart–Young), and what has to be known of z_l for it are the coordinates
//! Y_pᵀ M z_l: the subspace range Mᵀ Y_p, which the next layer's refit then reads as it likes. These subspaces are nested.
//! Once M C has no rank left, the principal axes of the rest follow (γ depends on them still).
//!
//! On the shipped networks this and a refit leave a third to a sixth of D10's error at equal widths (`docs/prune.md`).

use crate::{
    error::Error,
    linalg::{Matrix, complete_basis, numerical_rank, product, product_tn, qr, svd},
    network::{Network, jacobian},
    scalar::Real,
};

/// Inputs at which Jacobians are taken, at most: their mean is a matrix of n_l², and a heuristic.
const JACOBIANS: usize = 256;

/// An orthonormal basis (n_l × n_l) whose first p columns span, for every p, the p directions of hidden layer `l` that
/// the outputs are most sensitive to over the columns of `data` (n₀ × N); `deviations` are those of z_l from their mean
/// (n_l × N).
///
/// # Errors
/// [`Error::NoSuchLayer`]; [`Error::NoData`]; those of [`evaluate`](crate::network::evaluate) on the data and of
/// [`svd`](crate::linalg::svd()).
pub fn sensitive_axes<S: Real>(
    network: &Network<S>,
    l: usize,
    data: &Matrix<S>,
    deviations: &Matrix<S>,
) -> Result<Matrix<S>, Error> {
    network.check_hidden(l)?;
    if data.ncols() == 0 {
        return Err(Error::NoData);
    }
    let n = network.layer(l).width();
    let weight = weight(network, l, data)?;
    let felt = svd(&product(&weight, deviations))?;
    let rank = numerical_rank(&felt.sigma, n, deviations.ncols());
    let read = product_tn(&weight, &felt.u.columns(0, rank).into_owned());
    let basis = qr(&read).q(rank);
    if rank == n {
        return Ok(basis);
    }
    let rest = deviations - product(&basis, &product_tn(&basis, deviations));
    let rest = svd(&rest)?;
    let more = numerical_rank(&rest.sigma, n, deviations.ncols()).min(n - rank);
    let mut columns = basis.as_slice().to_vec();
    columns.extend_from_slice(rest.u.columns(0, more).into_owned().as_slice());
    // Orthogonal to working precision, the later ones to the earlier.
    let both = Matrix::from_vec(n, rank + more, columns);
    Ok(complete_basis(&qr(&both).q(rank + more), n))
}

/// G^{1/2}, up to an orthogonal factor on the left.
fn weight<S: Real>(network: &Network<S>, l: usize, data: &Matrix<S>) -> Result<Matrix<S>, Error> {
    let n = network.layer(l).width();
    let stride = data.ncols().div_ceil(JACOBIANS);
    let mut gram = Matrix::from_element(n, n, S::zero());
    for j in (0..data.ncols()).step_by(stride) {
        let x: Vec<S> = data.column(j).iter().cloned().collect();
        let of_z = jacobian(network, &x)?.pre_activations.swap_remove(l - 1);
        gram += product_tn(&of_z, &of_z);
    }
    let factors = svd(&gram)?;
    let mut weight = factors.u.transpose();
    for (i, sigma) in factors.sigma.iter().enumerate() {
        let root = sigma.sqrt();
        weight.row_mut(i).iter_mut().for_each(|x| *x *= &root);
    }
    Ok(weight)
}
