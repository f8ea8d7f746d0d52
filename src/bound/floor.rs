//! What no narrower network does better (THEORY D11a), over inputs.
//!
//! A network whose last hidden layer has p neurons, whatever comes before it and whatever its activation, has on m inputs the
//! outputs Y' = W H + ψ γᵀ + b 1ᵀ, so that Y' - b 1ᵀ has rank at most p + 1. With P = I - 1 1ᵀ/m (which removes the mean and
//! never lengthens) (Y' - b 1ᵀ) P has that rank, too, and Eckart and Young give
//!
//! ```text
//! ‖Y - Y'‖_F² ≥ ‖(Y - Y') P‖_F² ≥ Σ_{j > p+1} σ_j(Y P)².
//! ```
//!
//! A network without ψ has rank p, so nothing is lost by counting it. There is nothing to say for p ≥ n_L - 1.

use num_traits::Zero;

use super::certify_svd;
use crate::{
    error::Error,
    linalg::{Matrix, svd},
    network::{Network, evaluate_batch},
    scalar::{
        Enclosure, Field, Rational,
        interval::{Endpoint, Interval, Toward},
    },
};

/// A certified lower bound on the root mean square of ‖y - y'‖ over the columns of `outputs` (n_L × m), for every network
/// with `width` neurons in its last hidden layer; 0 where nothing is known.
///
/// ```
/// use isotropic::{bound::sample_floor, linalg::Matrix, scalar::Interval};
///
/// // Four outputs that are far from any line or plane.
/// let y = Matrix::from_fn(4, 4, |i, j| Interval::point(f64::from(u8::from(i == j))));
/// assert!(sample_floor(&y, 1) > 0.49 && sample_floor(&y, 1) <= 0.5);
/// assert!(sample_floor(&y, 2) < 1e-7);
/// ```
pub fn sample_floor<E: Endpoint>(outputs: &Matrix<Interval<E>>, width: usize) -> f64 {
    let (rows, count) = outputs.shape();
    if width + 1 >= rows.min(count) {
        return 0.0;
    }
    let end = |x: &E, toward| f64::from_float_toward(&x.to_float(), toward);
    let mut y = outputs.map(|x| {
        Interval::new(end(x.lo(), Toward::Down), end(x.hi(), Toward::Up))
            .unwrap_or_else(|_| Interval::whole())
    });
    if y.iter().any(|x| !x.is_finite()) {
        return 0.0;
    }
    let total = Interval::point(count as f64);
    for mut row in y.row_iter_mut() {
        let sum = row.iter().fold(Interval::zero(), |sum, x| sum + x);
        let mean = sum / &total;
        row.iter_mut().for_each(|x| *x -= &mean);
    }
    let Some(certified) = svd(&y.map(|x| x.midpoint()))
        .ok()
        .and_then(|svd| certify_svd(&y, &svd.u, &svd.sigma, &svd.v))
    else {
        return 0.0;
    };
    let beyond = certified.sigma.iter().skip(width + 1);
    let least = beyond.fold(Interval::zero(), |sum, sigma| {
        let least = Interval::point(*sigma.lo());
        sum + least.clone() * &least
    });
    let floor = (least / &total).sqrt();
    if floor.is_finite() { *floor.lo() } else { 0.0 }
}

/// [`sample_floor`] of a network, as exact numbers, at these inputs (n₀ entries each).
///
/// # Errors
/// Those of [`evaluate_batch`].
pub fn floor_at(
    network: &Network<Enclosure>,
    inputs: &[Vec<Rational>],
    width: usize,
) -> Result<f64, Error> {
    let columns = inputs.iter().flatten().map(Interval::enclosing);
    let n = network.layer(1).weight.ncols();
    let x = Matrix::from_iterator(n, inputs.len(), columns);
    Ok(sample_floor(&evaluate_batch(network, &x)?, width))
}
