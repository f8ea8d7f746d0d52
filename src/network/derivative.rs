//! The derivative of the isotropic activation (THEORY A3), exactly over ℚ and to a few ulps in
//! floating point.
//!
//! With γ = g(r), r = ‖z‖² + o and h = γ z,
//!
//! ```text
//! ∂h/∂z = γ I + 2 g'(r) z zᵀ,   ∂γ/∂z = 2 g'(r) zᵀ,   ∂h/∂o = g'(r) z,   ∂γ/∂o = g'(r).
//! ```
//!
//! Where r would overflow the same numbers are formed from n = z/ρ and ρ dγ/dρ = 2 r g'(r), which is of
//! the size of γ.

use super::Gain;
use crate::{
    error::Error,
    linalg::{Matrix, norm2},
    scalar::{Field, Real},
};

/// The derivative of (h, γ) with respect to z and o at one point.
#[derive(Clone, Debug)]
pub struct Derivative<S> {
    /// γ.
    pub gamma: S,
    /// 2 g'(r) z, or (ρ dγ/dρ) n where ρ > 1: with `direction`, the rank-one part of ∂h/∂z.
    pub stretch: Vec<S>,
    /// z, or n = z/ρ where ρ > 1.
    pub direction: Vec<S>,
    /// ∂γ/∂z = 2 g'(r) z; half of it is ∂h/∂o.
    pub gradient: Vec<S>,
    /// ∂γ/∂o = g'(r).
    pub of_length: S,
}

impl<S: Field> Derivative<S> {
    /// ∂h/∂z as an n × n matrix, symmetric.
    pub fn matrix(&self) -> Matrix<S> {
        let n = self.direction.len();
        Matrix::from_fn(n, n, |i, j| {
            let rank_one = self.stretch[i].clone() * &self.direction[j];
            if i == j {
                rank_one + &self.gamma
            } else {
                rank_one
            }
        })
    }

    /// (∂h/∂z) v for v of n entries; the matrix is symmetric, so this is vᵀ ∂h/∂z too.
    pub fn times(&self, v: &[S]) -> Vec<S> {
        let along = S::dot(&self.direction, v);
        let mut image: Vec<S> = v.iter().map(|v| v.clone() * &self.gamma).collect();
        S::axpy(&mut image, &along, &self.stretch);
        image
    }

    /// From g'(r) itself.
    pub(super) fn plain(gamma: S, of_length: S, z: &[S]) -> Self {
        let twice = of_length.clone() + &of_length;
        let gradient: Vec<S> = z.iter().map(|z| z.clone() * &twice).collect();
        Derivative {
            gamma,
            stretch: gradient.clone(),
            direction: z.to_vec(),
            gradient,
            of_length,
        }
    }
}

/// The derivative by field operations alone.
pub(super) fn exact<S: Field>(
    gain: &Gain<S>,
    length_squared: &S,
    z: &[S],
) -> Result<Derivative<S>, Error> {
    let r = S::dot(z, z) + length_squared;
    let (gamma, of_length) = (gain.rational_value(&r)?, gain.rational_derivative(&r)?);
    Ok(Derivative::plain(gamma, of_length, z))
}

/// The derivative in floating point, γ being known. At the kink ρ = t of the soft threshold it is the
/// one from inside, 0.
pub(super) fn real<S: Real>(
    gain: &Gain<S>,
    length_squared: &S,
    z: &[S],
    gamma: S,
) -> Derivative<S> {
    let mut extended = z.to_vec();
    extended.push(length_squared.sqrt());
    let rho = norm2(&extended);
    if gain.is_near(&rho) {
        return Derivative::plain(gamma, gain.derivative(&rho), z);
    }
    if rho.is_zero() {
        return Derivative::plain(gamma, S::zero(), z);
    }
    let stretch = gain.stretch(&rho);
    let slope = stretch.clone() / &rho;
    let direction: Vec<S> = z.iter().map(|z| z.clone() / &rho).collect();
    let scaled = |by: &S| direction.iter().map(|n| n.clone() * by).collect();
    Derivative {
        gamma,
        stretch: scaled(&stretch),
        gradient: scaled(&slope),
        of_length: slope / rho * S::from_f64(0.5),
        direction,
    }
}
