//! A running rounding bound that admits any order of summation, fused or not.
//!
//! [`rounding_units`](super::rounding_units) describes the one order this crate evaluates in. Another
//! program sums as its library pleases: by blocks, in pairs, in wider registers, with fused
//! multiply-adds. What they share:
//!
//! * z_i is a sum of n + 2 terms (n products, b_i, γ ψ_i). Whatever the order, a term passes through at
//!   most n + 1 additions and one multiplication (two for γ ψ_i, γ being rounded itself), so
//!   |δz_i| ≤ (n + 3) u Σ |terms| (Higham 2002, §3.1 and §4.2). A fused operation leaves a rounding out.
//! * r is a sum of n + 1 terms that are not negative: its relative error is at most (n + 1) u plus the 3 u of
//!   a quotient z_i/m that guards against overflow and is squared. The root halves it and adds 1 u, undoing
//!   the guard 1 u more: ρ has the relative error ε_ρ = (n + 4)/2 + 3 in units of u.
//! * γ = g(ρ²) is evaluated from that ρ: |δγ| ≤ |dγ/dρ| ρ ε_ρ + [`GAIN`] γ, where [`GAIN`] holds a tanh
//!   within 4 ulps (8 u) and four more roundings. For the soft threshold, whose 1 - t/ρ cancels, the rounding
//!   of the quotient is the ε_ρ of |dγ/dρ| ρ = t/ρ once more.
//! * h is γ z or σ(ρ)(z/ρ): [`PRODUCT`] more roundings an entry.
//!
//! The errors are carried to the output by the network's Jacobian, absolute values throughout, to first
//! order in u. Parameters that were computed bring their own errors ([`ParameterError`]).

use num_traits::Signed;

use crate::{
    error::Error,
    linalg::{Matrix, Vector, accumulate, norm2, product},
    network::{Gain, Network, trace},
    scalar::Real,
};

/// Roundings of the evaluation of a gain from ρ, in units of u relative to γ.
pub const GAIN: i64 = 12;

/// Roundings of an entry of h from γ and z, in units of u.
pub const PRODUCT: i64 = 3;

/// By how much the parameters of a layer may be off, absolutely (2-norm, Frobenius), in units of u.
#[derive(Clone, Debug)]
pub struct ParameterError<B> {
    /// Of W_l.
    pub weight: B,
    /// Of b_l.
    pub bias: B,
    /// Of ψ_l.
    pub psi: B,
    /// Of o_l.
    pub length: B,
}

impl<B: Real> ParameterError<B> {
    /// Parameters that are exact.
    pub fn none() -> Self {
        ParameterError {
            weight: B::zero(),
            bias: B::zero(),
            psi: B::zero(),
            length: B::zero(),
        }
    }

    /// Every parameter of every layer exact.
    pub fn none_for(network: &Network<B>) -> Vec<Self> {
        vec![Self::none(); network.depth()]
    }

    /// Adds the normwise relative error κ u to W, b and ψ.
    pub fn relative(&mut self, network: &Network<B>, l: usize, kappa: &B) {
        let layer = network.layer(l);
        self.weight += norm2(layer.weight.as_slice()) * kappa;
        self.bias += norm2(layer.bias.as_slice()) * kappa;
        self.psi += norm2(layer.psi_or_zero().as_slice()) * kappa;
    }
}

/// |δγ| in units of u, for a layer of n neurons at ρ = √(‖z‖² + o).
pub fn gain_units<B: Real>(gain: &Gain<B>, gamma: &B, rho: &B, n: usize) -> B {
    let mut radius = B::from_int(n as i64 + 4) * B::from_f64(0.5) + B::from_int(3);
    radius += B::from_int(gain.properties().cancelled_roundings);
    gain.slope(rho).abs() * rho * radius + B::from_int(GAIN) * gamma
}

/// The bound on ‖δy‖ divided by u, for one input and any order of summation; `errors` holds one entry a
/// layer.
///
/// # Errors
/// Those of [`evaluate`](crate::network::evaluate).
pub fn any_order_units<B: Real>(
    network: &Network<B>,
    x: &[B],
    errors: &[ParameterError<B>],
) -> Result<B, Error> {
    let trace = trace(network, x)?;
    let depth = network.depth();
    let outputs = network.layer(depth).width();
    // ∂y/∂z_l, one row an output.
    let mut sensitivity = Matrix::<B>::identity(outputs, outputs);
    let mut error = vec![B::zero(); outputs];
    for l in (1..=depth).rev() {
        let h = trace.input_of(l, x);
        let layer = network.layer(l);
        let psi = layer.psi_or_zero();
        let gamma = if l == 1 {
            B::zero()
        } else {
            trace.gains[l - 2].clone()
        };
        let local = local_units(layer, h, &psi, &gamma);
        let none = ParameterError::none();
        let off = errors.get(l - 1).unwrap_or(&none);
        let whole = off.weight.clone() * norm2(h) + &off.bias + off.psi.clone() * &gamma;
        for (k, error) in error.iter_mut().enumerate() {
            let row: Vec<B> = sensitivity.row(k).iter().map(Signed::abs).collect();
            *error += B::dot(&row, &local) + whole.clone() * norm2(&row);
        }
        if l == 1 {
            break;
        }
        let z = &trace.pre_activations[l - 2];
        let o = network.length_squared(l - 1);
        let rho = norm2(&[norm2(z), o.sqrt()]);
        // ∂h/∂z = γ I + s z zᵀ and ∂γ/∂z = s zᵀ, s = (dγ/dρ)/ρ.
        let s = if rho.above_zero() {
            network.gain().slope(&rho) / &rho
        } else {
            B::zero()
        };
        let of_gamma = gain_units(network.gain(), &gamma, &rho, z.len());
        let of_length = errors
            .get(l - 2)
            .map_or_else(B::zero, |off| off.length.clone());
        let through = product(&sensitivity, &layer.weight);
        let of_psi = &sensitivity * &psi;
        sensitivity = through.map(|x| x * &gamma);
        for (k, error) in error.iter_mut().enumerate() {
            let row: Vec<B> = through.row(k).iter().cloned().collect();
            let radial = B::dot(&row, z);
            *error += (radial.abs() + of_psi[k].abs()) * &of_gamma;
            let sizes: Vec<B> = row
                .iter()
                .zip(z)
                .map(|(a, z)| (a.clone() * z).abs())
                .collect();
            let entries = sizes.iter().fold(B::zero(), |sum, x| sum + x);
            *error += entries * &gamma * B::from_int(PRODUCT);
            let slope = s.clone() * (radial + &of_psi[k]);
            *error += (slope.clone() * &of_length).abs() * B::from_f64(0.5);
            for (next, z) in sensitivity.row_mut(k).iter_mut().zip(z) {
                *next += slope.clone() * z;
            }
        }
    }
    Ok(norm2(&error))
}

/// (n + 3)(|W| |h| + |b| + γ |ψ|).
fn local_units<B: Real>(
    layer: &crate::network::Layer<B>,
    h: &[B],
    psi: &Vector<B>,
    gamma: &B,
) -> Vec<B> {
    let constant = |(b, psi): (&B, &B)| b.abs() + psi.abs() * gamma;
    let mut local: Vec<B> = layer.bias.iter().zip(psi.iter()).map(constant).collect();
    let sizes: Vec<B> = h.iter().map(Signed::abs).collect();
    accumulate(&mut local, &layer.weight.map(|w| w.abs()), &sizes);
    B::scale(&mut local, &B::from_int(layer.weight.ncols() as i64 + 3));
    local
}
