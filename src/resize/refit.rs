//! A least-squares refit of what reads a layer (THEORY D11): after a cut, the next layer makes the best of what is left.
//!
//! The cut changed h_l and γ_l on the data. z_{l+1} = W h_l + b + γ_l ψ is linear in (W, ψ, b), so the ones that bring it
//! closest to what it should be, in the mean square over the data, solve a linear least-squares problem:
//!
//! ```text
//! (W ψ b) ← (W ψ b) + Δ,   Δ = argmin ‖Δ F - E‖_F of least ‖Δ‖_F,
//! F = (h_l; γ_l; 1)   (n_l + 2) × N,   E = Z - z_{l+1}   n_{l+1} × N.
//! ```
//!
//! The *change* is the smallest, not the weights: where the data say nothing, what the absorption of constants (D2) left
//! stays. A cut that lost nothing has E = 0, and then Δ = 0. Of the networks that share everything up to z_l the
//! refitted one is closest to Z on the data; for l + 1 = L those are the outputs.

use crate::{
    error::Error,
    linalg::{Matrix, Vector, least_squares, least_squares_exactly},
    network::{Network, Scalar, trace_batch},
    scalar::{Field, Rational, Real},
};

/// Refits (W_{l+1}, ψ_{l+1}, b_{l+1}) so that z_{l+1} comes closest to `target` (n_{l+1} × N) over the columns of `data`
/// (n₀ × N), in the mean square, and of all such changes makes the smallest. ψ is created where it was absent.
///
/// Directions of (h, γ, 1) below √u of the largest are left alone; see
/// [`least_squares`].
///
/// ```
/// use isotropic::{Gain, Layer, Network, linalg::{Matrix, Vector}, network::evaluate_batch, resize};
///
/// let layer = |weight: Matrix<f64>| Layer { bias: Vector::zeros(weight.nrows()), weight, psi: None };
/// let first = Matrix::from_row_slice(2, 2, &[1.0, 0.0, 0.25, 0.5]);
/// let second = Matrix::from_row_slice(1, 2, &[1.0, 2.0]);
/// let network = Network::new(vec![layer(first), layer(second)], Gain::Tanh, None)?;
/// let x = Matrix::from_fn(2, 9, |i, j| if i == 0 { j as f64 - 4.0 } else { 0.1 * j as f64 });
/// let y = evaluate_batch(&network, &x)?;
///
/// let (cut, _) = resize::truncate_on_data(&network, 1, 1, &x)?;
/// let refitted = resize::refit(&cut, 1, &x, &y)?;
/// let error = |n: &Network<f64>| Ok::<_, isotropic::Error>((evaluate_batch(n, &x)? - &y).norm());
/// assert!(error(&refitted)? < error(&cut)?);
/// # Ok::<(), isotropic::Error>(())
/// ```
///
/// # Errors
/// [`Error::NoSuchLayer`]; [`Error::NoData`]; [`Error::Shape`] for a target of another shape; those of
/// [`evaluate`](crate::network::evaluate) on the data; [`Error::Value`] if the solution overflows.
pub fn refit<S: Real>(
    network: &Network<S>,
    l: usize,
    data: &Matrix<S>,
    target: &Matrix<S>,
) -> Result<Network<S>, Error> {
    refit_by(network, l, data, target, least_squares)
}

/// [`refit`] over ℚ, without rounding or tolerance; for rational gains.
///
/// # Errors
/// As [`refit`].
pub fn refit_exactly(
    network: &Network<Rational>,
    l: usize,
    data: &Matrix<Rational>,
    target: &Matrix<Rational>,
) -> Result<Network<Rational>, Error> {
    refit_by(network, l, data, target, least_squares_exactly)
}

fn refit_by<S: Scalar>(
    network: &Network<S>,
    l: usize,
    data: &Matrix<S>,
    target: &Matrix<S>,
    solve: impl Fn(&Matrix<S>, &Matrix<S>) -> Matrix<S>,
) -> Result<Network<S>, Error> {
    network.check_hidden(l)?;
    let (next, count) = (network.layer(l + 1).width(), data.ncols());
    if count == 0 {
        return Err(Error::NoData);
    }
    if target.shape() != (next, count) {
        return Err(Error::Shape {
            layer: l + 1,
            what: "the target of the refit",
            found: format!("{} rows and {} columns", target.nrows(), target.ncols()),
            expected: format!("{next} rows and {count} columns, one for each input"),
        });
    }
    let trace = trace_batch(network, data, l + 1)?;
    let (h, gamma) = (&trace.activations[l - 1], &trace.gains[l - 1]);
    let missing = target - &trace.pre_activations[l];
    if missing.iter().all(S::is_zero) {
        return Ok(network.clone());
    }
    let width = h.nrows();
    // One input a row.
    let features = Matrix::from_fn(count, width + 2, |j, i| match i {
        i if i < width => h[(i, j)].clone(),
        i if i == width => gamma[j].clone(),
        _ => S::one(),
    });
    let change = solve(&features, &missing.transpose());
    changed(network, l + 1, &change)
}

/// The network with (W_k ψ_k b_k) changed by the transpose of `change`, (n_{k-1} + 2) × n_k.
fn changed<S: Field>(
    network: &Network<S>,
    k: usize,
    change: &Matrix<S>,
) -> Result<Network<S>, Error> {
    let lengths = network.has_lengths();
    let (mut layers, gain, o) = network.clone().into_parts();
    let layer = &mut layers[k - 1];
    let width = layer.weight.ncols();
    layer.weight += change.rows(0, width).transpose();
    let row = |i: usize| Vector::from_iterator(change.ncols(), change.row(i).iter().cloned());
    layer.psi = Some(layer.psi_or_zero() + row(width));
    layer.bias += row(width + 1);
    Network::new(layers, gain, lengths.then_some(o))
}
