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
//!
//! What underflows loses bits that no number of u accounts for. With η the smallest positive number, and gradual underflow:
//!
//! * a product errs by η/2, a sum by nothing: (n + 2) η is more than all products of z_i, γ's own among them.
//! * ρ is at worst η off where z itself is subnormal, and γ η where g is: |δγ| ≤ (|dγ/dρ| + 1) η.
//! * h_i is γ z_i or σ(ρ)(z_i/ρ), whose quotient may underflow as well: (ργ + 1) η.
//! * an entry of a parameter that was computed is a sum of at most m + n products, m × n its layer: (m + n) η.
//!
//! A later weight of 1e300 makes something of that. The errors are carried to the output by the network's Jacobian, absolute
//! values throughout, to first order in u and η. Parameters that were computed bring their own errors ([`ParameterError`]).

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

/// What an evaluation may be off by, in any arithmetic: `rounding` · u + `underflow` · η, with u the unit roundoff and η the
/// smallest positive number.
#[derive(Clone, Debug)]
pub struct Units<B> {
    /// In units of u.
    pub rounding: B,
    /// In units of η.
    pub underflow: B,
}

impl<B: Real> Units<B> {
    /// Both together.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        Units {
            rounding: self.rounding.clone() + &other.rounding,
            underflow: self.underflow.clone() + &other.underflow,
        }
    }
}

/// The bound on ‖δy‖ for one input and any order of summation; `errors` holds one entry a layer.
///
/// # Errors
/// Those of [`evaluate`](crate::network::evaluate).
///
/// # Examples
/// ```
/// use isotropic::{Gain, Layer, Network, bound::{ParameterError, any_order_units}, linalg::{Matrix, Vector}};
///
/// // y = 1e300 · h, h = tanh(1e-310 · x): h keeps few bits, and the last weight shows it.
/// let layer = |w| Layer { weight: Matrix::from_element(1, 1, w), bias: Vector::from_element(1, 0.0), psi: None };
/// let network = Network::new(vec![layer(1e-310), layer(1e300)], Gain::Tanh, None)?;
/// let units = any_order_units(&network, &[1.0], &ParameterError::none_for(&network))?;
/// assert!(units.rounding < 1e-8 && units.underflow >= 1e300);
/// # Ok::<(), isotropic::Error>(())
/// ```
pub fn any_order_units<B: Real>(
    network: &Network<B>,
    x: &[B],
    errors: &[ParameterError<B>],
) -> Result<Units<B>, Error> {
    let trace = trace(network, x)?;
    let depth = network.depth();
    let outputs = network.layer(depth).width();
    // ∂y/∂z_l, one row an output.
    let mut sensitivity = Matrix::<B>::identity(outputs, outputs);
    let mut error = vec![B::zero(); outputs];
    let mut lost = error.clone();
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
        let (products, computed) = underflowed(layer, h, &gamma, off);
        for (k, (error, lost)) in error.iter_mut().zip(&mut lost).enumerate() {
            let row: Vec<B> = sensitivity.row(k).iter().map(Signed::abs).collect();
            *error += B::dot(&row, &local) + whole.clone() * norm2(&row);
            *lost += sum(&row) * &products + norm2(&row) * &computed;
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
        let gamma_lost = network.gain().slope(&rho).abs() + B::one();
        let entry_lost = rho.clone() * &gamma + B::one();
        for (k, (error, lost)) in error.iter_mut().zip(&mut lost).enumerate() {
            let row: Vec<B> = through.row(k).iter().cloned().collect();
            let radial = B::dot(&row, z);
            let along = radial.abs() + of_psi[k].abs();
            *lost += along.clone() * &gamma_lost;
            *lost += sum(&row.iter().map(Signed::abs).collect::<Vec<B>>()) * &entry_lost;
            *error += along * &of_gamma;
            let sizes: Vec<B> = row
                .iter()
                .zip(z)
                .map(|(a, z)| (a.clone() * z).abs())
                .collect();
            *error += sum(&sizes) * &gamma * B::from_int(PRODUCT);
            let slope = s.clone() * (radial + &of_psi[k]);
            *error += (slope.clone() * &of_length).abs() * B::from_f64(0.5);
            if of_length.above_zero() {
                *lost += slope.abs() * B::from_int(z.len() as i64 + 1);
            }
            for (next, z) in sensitivity.row_mut(k).iter_mut().zip(z) {
                *next += slope.clone() * z;
            }
        }
    }
    Ok(Units {
        rounding: norm2(&error),
        underflow: norm2(&lost),
    })
}

fn sum<B: Real>(x: &[B]) -> B {
    x.iter().fold(B::zero(), |sum, x| sum + x)
}

/// In units of η: what an entry of z_l loses to products that underflow, and what z_l does, in norm, to those of parameters
/// that were computed.
fn underflowed<B: Real>(
    layer: &crate::network::Layer<B>,
    h: &[B],
    gamma: &B,
    off: &ParameterError<B>,
) -> (B, B) {
    let (m, n) = layer.weight.shape();
    let of_entry = B::from_int((m + n) as i64);
    let (rows, entries) = (
        B::from_int(m as i64).sqrt(),
        B::from_int((m * n) as i64).sqrt(),
    );
    let mut computed = B::zero();
    for (off, sizes) in [
        (&off.weight, entries * norm2(h)),
        (&off.bias, rows.clone()),
        (&off.psi, rows * gamma),
    ] {
        if off.above_zero() {
            computed += sizes * &of_entry;
        }
    }
    (B::from_int(n as i64 + 2), computed)
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
