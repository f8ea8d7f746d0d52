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
    if rho <= S::one() && !matches!(gain, Gain::SoftThreshold { .. }) {
        return Derivative::plain(gamma, gain.derivative_near(&rho), z);
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

impl<S: Field> Gain<S> {
    /// g'(r) by field operations, for the gains that are rational functions of r.
    ///
    /// # Errors
    /// [`Error::NotRational`] for tanh, algebraic and soft threshold.
    pub fn rational_derivative(&self, r: &S) -> Result<S, Error> {
        match self {
            Gain::Rational => {
                let d = S::one() + r;
                Ok(-(S::one() / (d.clone() * d)))
            }
            Gain::RationalTanh => {
                let d = S::from_int(15) + S::from_int(6) * r;
                Ok(-(S::from_int(75) / (d.clone() * d)))
            }
            Gain::Linear => Ok(S::zero()),
            Gain::Tanh | Gain::Algebraic | Gain::SoftThreshold { .. } => {
                Err(Error::NotRational { gain: self.name() })
            }
        }
    }
}

impl<S: Real> Gain<S> {
    /// dγ/dρ at ρ ≥ 0, to a few ulps.
    pub fn slope(&self, rho: &S) -> S {
        if rho.is_zero() {
            return S::zero();
        }
        if *rho <= S::one() && !matches!(self, Gain::SoftThreshold { .. }) {
            return self.derivative_near(rho) * rho * S::from_int(2);
        }
        self.stretch(rho) / rho
    }

    /// g'(r) for ρ ≤ 1, where r = ρ² cannot overflow; not for the soft threshold.
    fn derivative_near(&self, rho: &S) -> S {
        let r = rho.clone() * rho;
        match self {
            Gain::Tanh => {
                // γ - sech²ρ = (sinh 2ρ - 2ρ)/(2ρ cosh²ρ), and sinh x - x is a series of positive terms:
                // g' = -2 sech²ρ Σ (4r)^k/(2k+3)!, with nothing cancelling.
                let t = rho.tanh();
                let sech_squared = S::one() - t.clone() * t;
                -(S::from_int(2) * sech_squared * sinh_series(&(S::from_int(4) * r)))
            }
            Gain::Algebraic => {
                let d = S::one() + r;
                -(S::from_f64(0.5) / (d.clone() * d.sqrt()))
            }
            // Never an error: these three are rational.
            _ => self.rational_derivative(&r).unwrap_or_else(|_| S::zero()),
        }
    }

    /// ρ dγ/dρ = σ'(ρ) - γ(ρ) for ρ > 1 (for the soft threshold: ρ > 0), at most γ in size. With
    /// q = 1/ρ nothing overflows.
    fn stretch(&self, rho: &S) -> S {
        let q = S::one() / rho;
        let squared = q.clone() * &q;
        match self {
            Gain::Tanh => {
                let e = (-(rho.clone() + rho)).exp();
                let d = S::one() + &e;
                let sech_squared = S::from_int(4) * e / (d.clone() * d);
                sech_squared - rho.tanh() * q
            }
            Gain::Algebraic => {
                let d = S::one() + squared;
                -(q / (d.clone() * d.sqrt()))
            }
            Gain::Rational => {
                let d = S::one() + &squared;
                -(S::from_int(2) * squared / (d.clone() * d))
            }
            Gain::RationalTanh => {
                let d = S::from_int(15) * &squared + S::from_int(6);
                -(S::from_int(150) * squared / (d.clone() * d))
            }
            Gain::SoftThreshold { t } if rho > t => t.clone() * q,
            Gain::SoftThreshold { .. } | Gain::Linear => S::zero(),
        }
    }
}

/// (sinh x - x)/x³ = Σ_k q^k/(2k+3)! with q = x², for 0 ≤ q ≤ 4.
fn sinh_series<S: Real>(q: &S) -> S {
    let mut term = S::one() / S::from_int(6);
    let mut sum = term.clone();
    // Below u of the sum after p/4 terms at the latest: each is less than 1/5 of the one before.
    for k in 0..i64::from(S::precision().unwrap_or(0)) {
        term = term * q / S::from_int((2 * k + 4) * (2 * k + 5));
        if term <= sum.clone() * S::unit_roundoff() {
            break;
        }
        sum += &term;
    }
    sum
}
