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
//! Second-order terms, O(u²), are not included. The bound is in units of u, and computed in f64 whatever
//! the arithmetic it is for, or in 64 bits with the range of MPFR where f64 overflows.

use num_traits::Signed;

use crate::{
    error::Error,
    linalg::{Matrix, accumulate, norm2, product},
    network::{Network, Scalar, Trace, trace},
    scalar::{Field, Mp, Real},
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
/// Those of [`evaluate`](crate::network::evaluate), and [`Error::Overflow`] if the bound is beyond f64.
pub fn rounding_units<S: Scalar>(
    network: &Network<S>,
    x: &[S],
    allowance: &Allowance,
) -> Result<f64, Error> {
    // An o of β² can leave the range of f64 where the network itself does not.
    let narrow = || -> Result<f64, Error> {
        let x: Vec<f64> = x.iter().map(Field::to_f64).collect();
        units_in(&network.map(&|x: &S| x.to_f64())?, &x, allowance)
    };
    let units = match narrow() {
        Ok(units) if units.is_finite() => units,
        _ => {
            let x: Vec<Mp<64>> = x.iter().map(wide).collect();
            units_in(&network.cast()?, &x, allowance)?.to_f64()
        }
    };
    if units.is_finite() {
        return Ok(units);
    }
    Err(Error::Overflow {
        layer: network.depth(),
        row: 1,
        scalar: "the rounding bound, which is an f64,".into(),
    })
}

/// The number with the range of MPFR; NaN and ∞ become NaN.
fn wide<S: Field>(x: &S) -> Mp<64> {
    x.to_rational()
        .map_or_else(|| Mp::from_f64(f64::NAN), |q| Mp::from_rational(&q))
}

/// The bound computed in the arithmetic `B`.
fn units_in<B: Real>(network: &Network<B>, x: &[B], allowance: &Allowance) -> Result<B, Error> {
    let trace = trace(network, x)?;
    let depth = network.depth();
    let outputs = network.layer(depth).width();
    // B = ∂y/∂z_l, one row an output.
    let mut sensitivity = Matrix::<B>::identity(outputs, outputs);
    let mut error = vec![B::zero(); outputs];
    for l in (1..=depth).rev() {
        let kappa = B::from_f64(allowance.get(l - 1).copied().unwrap_or(0.0));
        let (local, whole) = roundings_of(network, &trace, l, x);
        for (k, error) in error.iter_mut().enumerate() {
            let row: Vec<B> = sensitivity.row(k).iter().map(Signed::abs).collect();
            *error += B::dot(&row, &local) + kappa.clone() * &whole * norm2(&row);
        }
        if l == 1 {
            break;
        }
        // Through the activation of layer l - 1: ∂h/∂z = γ I + s z zᵀ and ∂γ/∂z = s zᵀ, s = (dγ/dρ)/ρ.
        let layer = network.layer(l);
        let z = &trace.pre_activations[l - 2];
        let gamma = &trace.gains[l - 2];
        let o = network.length_squared(l - 1);
        let rho = norm2(&[norm2(z), o.sqrt()]);
        let s = if rho.above_zero() {
            network.gain().slope(&rho) / rho
        } else {
            B::zero()
        };
        let through = product(&sensitivity, &layer.weight);
        let of_gain = &sensitivity * layer.psi_or_zero();
        let size = norm2(trace.input_of(l, x));
        sensitivity = through.map(|x| x * gamma);
        for (k, error) in error.iter_mut().enumerate() {
            let row: Vec<B> = through.row(k).iter().cloned().collect();
            let along = B::dot(&row, z) + &of_gain[k];
            let of_activation = norm2(&row) * &size + of_gain[k].abs() * gamma;
            *error += B::from_f64(ACTIVATION) * of_activation;
            let slope = s.clone() * &along;
            *error += B::from_f64(0.5 * LENGTH) * (slope.clone() * &o).abs();
            for (next, z) in sensitivity.row_mut(k).iter_mut().zip(z) {
                *next += slope.clone() * z;
            }
        }
    }
    Ok(norm2(&error))
}

/// e_l, entry by entry, and ‖W_l‖_F ‖h_{l-1}‖ + ‖b_l‖ + γ_{l-1} ‖ψ_l‖.
fn roundings_of<B: Real>(network: &Network<B>, trace: &Trace<B>, l: usize, x: &[B]) -> (Vec<B>, B) {
    let layer = network.layer(l);
    let h = trace.input_of(l, x);
    let gamma = if l == 1 {
        B::zero()
    } else {
        trace.gains[l - 2].clone()
    };
    let psi = layer.psi_or_zero();
    let whole = norm2(layer.weight.as_slice()) * norm2(h)
        + norm2(layer.bias.as_slice())
        + norm2(psi.as_slice()) * &gamma;
    let constant = |(b, psi): (&B, &B)| b.abs() + psi.abs() * &gamma;
    let mut local: Vec<B> = layer.bias.iter().zip(psi.iter()).map(constant).collect();
    let sizes: Vec<B> = h.iter().map(Signed::abs).collect();
    accumulate(&mut local, &layer.weight.map(|w| w.abs()), &sizes);
    B::scale(&mut local, &B::from_int(layer.weight.ncols() as i64 + 3));
    (local, whole)
}
