//! Lipschitz constants and reaches, in plain floating point.

use super::eigenvalue::gram_norm;
use crate::{
    error::Error,
    linalg::{Matrix, norm2, operator_norm},
    network::{Layer, Network},
    scalar::Real,
};

/// A bound on ‖(h_{l-1}, γ_{l-1})‖ as a function of ‖x‖: the least of a constant, where the gain has
/// one, and an affine function.
#[derive(Clone, Debug)]
pub struct Reach<S> {
    /// sup ‖(h, γ)‖ over all inputs, for gains with bounded h and layers after the first.
    pub uniform: Option<S>,
    /// Factor of ‖x‖.
    pub slope: S,
    /// Value at x = 0.
    pub offset: S,
}

impl<S: Real> Reach<S> {
    /// The bound for inputs of norm at most `input_norm`.
    pub fn at(&self, input_norm: &S) -> S {
        let affine = self.slope.clone() * input_norm + &self.offset;
        match &self.uniform {
            Some(uniform) if *uniform < affine => uniform.clone(),
            _ => affine,
        }
    }
}

/// An upper bound on ‖A‖₂: that of A scaled to entries of order one and rounded to f64, which no underflow of small entries
/// disturbs, by its Gram matrix (`eigenvalue::gram_norm`). A bound needs no more digits, and f64 is hundreds of times faster than
/// the precisions above it.
fn norm_bound<S: Real>(a: &Matrix<S>) -> Result<S, Error> {
    let Some(e) = S::largest_exponent(a.as_slice()) else {
        return Ok(S::zero());
    };
    let mut scaled = a.clone();
    S::scale_all_by_power_of_two(scaled.as_mut_slice(), -e);
    let scaled = scaled.map(|x| x.to_f64());
    let by_gram = if a.nrows().min(a.ncols()) > 1 {
        gram_norm(&scaled)
    } else {
        Some(norm2(scaled.as_slice()))
    };
    let largest = match by_gram {
        Some(norm) => norm,
        None => operator_norm(&scaled)?,
    };
    // Room for entries that were rounded to f64, and for an SVD, right to n u σ₁, with n at most 2¹³ here.
    let room = 1.0 + (-40f64).exp2();
    Ok(S::from_f64(largest * room).scale_by_power_of_two(e))
}

/// Λ_l: a Lipschitz constant of z_l ↦ y. The product over j > l of the least of
/// g(o_{j-1})‖W_j‖ + G‖ψ_j‖, P‖[W_j ψ_j]‖ and K‖[W_j ψ_j/√o_{j-1}]‖ (THEORY D4; the form with τ is
/// left out, as it is not proved for tanh).
///
/// # Errors
/// Those of [`svd`](crate::linalg::svd()).
pub fn lipschitz_above<S: Real>(network: &Network<S>, l: usize) -> Result<S, Error> {
    let gain = network.gain();
    let mut product = S::one();
    for j in l + 1..=network.depth() {
        let layer = network.layer(j);
        let o = network.length_squared(j - 1);
        let weight = norm_bound(&layer.weight)?;
        let mut least = gain.lipschitz(&o) * &weight;
        if let Some(psi) = layer
            .psi
            .as_ref()
            .filter(|psi| psi.iter().any(|x| !x.is_zero()))
        {
            least += gain.g() * norm2(psi.as_slice());
            least = smaller(least, gain.p() * norm_bound(&layer.augmented())?);
            if o.above_zero() {
                least = smaller(least, gain.k() * norm_bound(&lifted(layer, &o))?);
            }
        }
        product *= least;
    }
    Ok(product)
}

/// [W ψ/√o]: the layer as it sees the phantom neuron of D3.
fn lifted<S: Real>(layer: &Layer<S>, o: &S) -> Matrix<S> {
    let mut lifted = layer.augmented();
    let (last, root) = (lifted.ncols() - 1, o.sqrt());
    lifted.column_mut(last).iter_mut().for_each(|x| *x /= &root);
    lifted
}

fn smaller<S: Real>(a: S, b: S) -> S {
    if b < a { b } else { a }
}

/// A bound on what hidden layer `l` is multiplied with: ‖(h_{l-1}, γ_{l-1})‖, or ‖x‖ for l = 1. From
/// ‖h‖ ≤ K‖z‖ and γ ≤ 1.
///
/// # Errors
/// Those of [`svd`](crate::linalg::svd()).
pub fn reach_below<S: Real>(network: &Network<S>, l: usize) -> Result<Reach<S>, Error> {
    let mut reach = Reach {
        uniform: None,
        slope: S::one(),
        offset: S::zero(),
    };
    for j in 1..l {
        let layer = network.layer(j);
        let psi = layer
            .psi
            .as_ref()
            .map_or_else(S::zero, |psi| norm2(psi.as_slice()));
        let weight = norm_bound(&layer.weight)?;
        let constant = norm2(layer.bias.as_slice()) + psi;
        reach.slope *= &weight;
        reach.offset = reach.offset * weight + constant;
    }
    if l > 1 {
        // ‖(h, γ)‖ ≤ ‖h‖ + γ.
        reach.offset += S::one();
        reach.uniform = network.gain().reach();
    }
    Ok(reach)
}
