//! What the operations' allowances have in common. All in units of u.

use num_traits::{Signed, Zero};

pub(in crate::vector) use super::draft::Allowances;
use super::draft::{Allow, Wide};
use crate::{
    bound::{ParameterError, any_order_units},
    error::Error,
    linalg::{Matrix, frobenius, norm2, product},
    network::Network,
    scalar::Field,
};

/// A backward stable SVD or QR of an m × n matrix: ‖E‖_F ≤ 32 max(m, n) u ‖A‖_F, and factors as close to
/// orthogonal. Householder and Jacobi methods stay far below (tests/it/linalg/svd.rs measures less than 8).
pub(super) fn factorised(m: usize, n: usize) -> Wide {
    whole(32 * m.max(n))
}

pub(super) fn whole(n: usize) -> Wide {
    Wide::from_int(n as i64)
}

pub(super) fn abs(a: &Matrix<Wide>) -> Matrix<Wide> {
    a.map(|x| x.abs())
}

/// ‖δ(A B)‖_F for a product in any order, with `extra` roundings in the factors.
pub(super) fn of_product(a: &Matrix<Wide>, b: &Matrix<Wide>, extra: usize) -> Wide {
    frobenius(&product(&abs(a), &abs(b))) * whole(a.ncols() + extra)
}

/// A column as a matrix.
pub(super) fn column(x: &[Wide]) -> Matrix<Wide> {
    Matrix::from_column_slice(x.len(), 1, x)
}

/// The output of a network of exact parameters.
pub(super) fn of_output(network: &Network<Wide>, x: &[Wide]) -> Result<Allow, Error> {
    let exact = ParameterError::none_for(network);
    Ok(Allow::Carried(any_order_units(network, x, &exact)?))
}

/// What the parameters of a network may be off by whose hidden layers `turned` were rotated into a basis that is the port's
/// own: nothing here depends on the basis. The rotations come from factorisations of at most `size` rows or columns.
pub(super) fn of_turned(
    network: &Network<Wide>,
    turned: &[usize],
    size: usize,
) -> Vec<ParameterError<Wide>> {
    let mut errors = ParameterError::none_for(network);
    for &l in turned {
        for j in [l, l + 1] {
            // The factor, the product with it, and the forward pass, whose bound by entries depends on the
            // basis and whose bound by norms does not.
            let n = network.layer(j).weight.ncols() + network.layer(j).width();
            let kappa = factorised(size, size) + whole(2 * n + 8);
            errors[j - 1].relative(network, j, &kappa);
        }
    }
    errors
}

/// The singular values of an m × n matrix (Weyl: each moves by at most ‖E‖₂), together.
pub(super) fn of_sigma(a: &Matrix<Wide>) -> Wide {
    let count = whole(a.nrows().min(a.ncols()));
    frobenius(a) * factorised(a.nrows(), a.ncols()) * count
}

pub(super) fn size(x: &[Wide]) -> Wide {
    norm2(x)
}

pub(super) fn zero() -> Wide {
    Wide::zero()
}
