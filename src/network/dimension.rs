//! The functional dimension: in how many independent ways the parameters can move the function (THEORY B6).
//!
//! It is the rank of the Jacobian of the outputs at many inputs with respect to every parameter. What is
//! missing to the number of parameters is redundancy; the rotations of hidden layers are always some of
//! it, and for tanh and other generic gains they are all.

use super::{Network, Scalar, jacobian};
use crate::{error::Error, linalg::Matrix, scalar::Field};

/// Which parameters count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameters {
    /// W, b, ψ and o.
    All,
    /// W and b alone, with ψ = 0 and o = 0.
    Plain,
}

/// The dimension that B6 gives an architecture n_0 … n_L with a generic gain: with the widths
///
/// ```text
/// n'_l = min(n_l, n'_{l-1} + 1),   n'_1 = min(n_1, n_0)   (plain: n_0 + 1)
/// ```
///
/// to which every network of it reduces exactly (D5), P' - Σ_{l<L} n'_l (n'_l - 1)/2, P' the number of
/// parameters at those widths. 0 without a layer.
pub fn generic_dimension(widths: &[usize], parameters: Parameters) -> usize {
    let plain = parameters == Parameters::Plain;
    let depth = widths.len().saturating_sub(1);
    let mut dimension = 0;
    let mut below = widths.first().copied().unwrap_or(0);
    for (l, width) in widths.iter().enumerate().skip(1) {
        let room = below + usize::from(l > 1 || plain);
        let n = if l < depth {
            (*width).min(room)
        } else {
            *width
        };
        let psi = usize::from(l > 1 && !plain);
        dimension += n * (below + 1 + psi);
        if l < depth {
            dimension += usize::from(!plain);
            dimension -= n * (n - 1) / 2;
        }
        below = n;
    }
    dimension
}

/// ∂y/∂θ at every input, one below the other: n_L N × P, columns in the order of [`Network::parameters`].
///
/// # Errors
/// As [`evaluate`](super::evaluate).
pub fn stacked_jacobian<S: Scalar>(
    network: &Network<S>,
    inputs: &[Vec<S>],
) -> Result<Matrix<S>, Error> {
    let outputs = network.layer(network.depth()).width();
    let columns = network.parameter_count();
    let mut stacked = Matrix::from_element(outputs * inputs.len(), columns, S::zero());
    for (k, x) in inputs.iter().enumerate() {
        let here = jacobian(network, x)?.parameters(network, x);
        stacked.rows_mut(k * outputs, outputs).copy_from(&here);
    }
    Ok(stacked)
}

/// Inputs enough for [`stacked_jacobian`] to have its full rank at points in general position: as many as there
/// are parameters. Below full rank some direction in the kernel changes the function, so that it changes an
/// output at almost every input: each input adds at least one to the rank. It need not add n_L: at 20 inputs a 5-5-4
/// network has 80 equations for 59 parameters, and the rank is 47 instead of 49.
pub fn inputs_for_rank<S: Field>(network: &Network<S>) -> usize {
    network.parameter_count()
}
