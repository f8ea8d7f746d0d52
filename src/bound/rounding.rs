//! How far rounding can move the output of a network: a running, first-order bound.
//!
//! Each operation's rounding error is bounded from the values it is applied to, and carried to the
//! output by the network's own Jacobian at that input, absolute values throughout:
//!
//! ```text
//! |δy| ≤ u Σ_l ( |∂y/∂z_l| e_l + κ_l ‖(∂y/∂z_l)_k‖ (‖W_l‖_F ‖h_{l-1}‖ + ‖b_l‖ + γ_{l-1} ‖ψ_l‖) ) + activations
//! e_l = (n_{l-1} + 3) (|W_l| |h_{l-1}| + |b_l| + γ_{l-1} |ψ_l|)
//! ```
//!
//! e_l bounds the rounding of z_l (a term meets at most n_{l-1} + 3 roundings on its way into the
//! sum, Higham 2002, §3.1). κ_l allows for parameters that were themselves computed, with a normwise
//! relative error κ_l u. The activation contributes [`ACTIVATION`] u in h and γ, o its own rounding.
//! Second-order terms, O(u²), are not included. The bound is computed in f64 whatever the arithmetic
//! it is for, in units of u.

use crate::{
    error::Error,
    linalg::{Matrix, norm2, product},
    network::{Network, Scalar, trace},
    scalar::Field,
};

/// Relative error of the activation and its gain, in units of u (see [`Scalar::activate`]).
const ACTIVATION: f64 = 8.0;

/// Relative error of a stored o that was computed by an update o ± β², in units of u.
const LENGTH: f64 = 4.0;

/// κ_l for each layer: the normwise relative error of its parameters, in units of u. Layers beyond the
/// list have exact parameters.
pub type Allowance = Vec<f64>;

/// The bound on ‖δy‖ divided by u, for one input.
///
/// # Errors
/// Those of [`evaluate`](crate::network::evaluate), and [`Error::Overflow`] if the network has values
/// beyond f64.
pub fn rounding_units<S: Scalar>(
    network: &Network<S>,
    x: &[S],
    allowance: &Allowance,
) -> Result<f64, Error> {
    let network = network.map(&|x: &S| x.to_f64())?;
    let x: Vec<f64> = x.iter().map(Field::to_f64).collect();
    let trace = trace(&network, &x)?;
    let depth = network.depth();
    let outputs = network.layer(depth).width();
    // B = ∂y/∂z_l, one row an output.
    let mut sensitivity = Matrix::<f64>::identity(outputs, outputs);
    let mut error = vec![0.0; outputs];
    for l in (1..=depth).rev() {
        let layer = network.layer(l);
        let h = trace.input_of(l, &x);
        let gamma = if l == 1 { 0.0 } else { trace.gains[l - 2] };
        let psi = layer.psi_or_zero();
        let kappa = allowance.get(l - 1).copied().unwrap_or(0.0);
        let whole = norm2(layer.weight.as_slice()) * norm2(h)
            + norm2(layer.bias.as_slice())
            + gamma * norm2(psi.as_slice());
        let mut local: Vec<f64> = layer
            .bias
            .iter()
            .zip(psi.iter())
            .map(|(b, psi)| b.abs() + gamma * psi.abs())
            .collect();
        for (j, h) in h.iter().enumerate() {
            for (local, w) in local.iter_mut().zip(layer.weight.column(j).iter()) {
                *local += w.abs() * h.abs();
            }
        }
        let roundings = layer.weight.ncols() as f64 + 3.0;
        for (k, error) in error.iter_mut().enumerate() {
            let row = sensitivity.row(k);
            let weighted: f64 = row.iter().zip(&local).map(|(b, e)| b.abs() * e).sum();
            *error += roundings * weighted + kappa * whole * row.norm();
        }
        if l == 1 {
            break;
        }
        // Through the activation of layer l - 1: ∂h/∂z = γ I + s z zᵀ and ∂γ/∂z = s zᵀ, s = (dγ/dρ)/ρ.
        let z = &trace.pre_activations[l - 2];
        let o = network.length_squared(l - 1);
        let rho = norm2(&[norm2(z), o.sqrt()]);
        let s = if rho > 0.0 {
            network.gain().slope(&rho) / rho
        } else {
            0.0
        };
        let through = product(&sensitivity, &layer.weight);
        let of_gain = &sensitivity * &psi;
        let size = norm2(h);
        let mut next = through.clone() * gamma;
        for (k, error) in error.iter_mut().enumerate() {
            let row = through.row(k);
            let along: f64 = row.iter().zip(z).map(|(c, z)| c * z).sum::<f64>() + of_gain[k];
            *error += ACTIVATION * (row.norm() * size + of_gain[k].abs() * gamma);
            *error += LENGTH * (0.5 * s * o * along).abs();
            for (next, z) in next.row_mut(k).iter_mut().zip(z) {
                *next += s * along * z;
            }
        }
        sensitivity = next;
    }
    Ok(norm2(&error))
}
