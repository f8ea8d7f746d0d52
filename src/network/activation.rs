//! The isotropic activation, exactly over ℚ and to a few ulps at every finite pre-activation.

use rand::Rng;

use super::{Derivative, Gain, derivative};
use crate::{
    error::Error,
    linalg::{Matrix, cayley, haar},
    scalar::{Field, Rational, Real, Residue},
};

/// A field that can run a network: it has an isotropic activation, and orthogonal matrices can be
/// drawn in it.
pub trait Scalar: Field {
    /// z ← h = γ z with γ = g(‖z‖² + o); returns γ.
    ///
    /// Over ℚ this is exact. In floating point ‖h - h_exact‖ ≤ 8 u ‖h_exact‖ and |γ - γ_exact| ≤ 8 u
    /// γ_exact (plus, where results are subnormal, the smallest positive number for each entry) at
    /// every finite z: zero, subnormal, and past the overflow of ‖z‖². There is no ε-ball. Zeros
    /// appended to z change no bit.
    ///
    /// The 8 is the sum of the roundings: ‖ẑ‖² + ô errs by 2.01 u and its root by 2.01 u. Tanh adds 4 u
    /// for a tanh within 2 ulps (the worst of the platforms' f64; 1 u in the other scalars), 1 u for
    /// the quotient and 1 u for the product: 8 u. The others stay below 6.6 u; soft threshold near t,
    /// with its exact numerator, comes closest. The largest error seen is 3.5 u.
    ///
    /// # Errors
    /// [`Error::NotRational`] in exact arithmetic, for a gain that is not a rational function.
    fn activate(gain: &Gain<Self>, length_squared: &Self, z: &mut [Self]) -> Result<Self, Error>;

    /// The derivative of (h, γ) with respect to z and o: exact over ℚ, to a few ulps of γ in floating
    /// point.
    ///
    /// # Errors
    /// As [`activate`](Self::activate).
    fn derivative(
        gain: &Gain<Self>,
        length_squared: &Self,
        z: &[Self],
    ) -> Result<Derivative<Self>, Error>;

    /// A random orthogonal n × n matrix: Haar-distributed in floating point, orthogonal to working
    /// precision; a Cayley transform over ℚ, exactly orthogonal.
    fn orthogonal(n: usize, rng: &mut impl Rng) -> Matrix<Self>;
}

/// The definition, by field operations alone.
fn activate_exact<S: Field>(gain: &Gain<S>, length_squared: &S, z: &mut [S]) -> Result<S, Error> {
    let r = S::dot(z, z) + length_squared;
    let gamma = gain.rational_value(&r)?;
    S::scale(z, &gamma);
    Ok(gamma)
}

impl Scalar for Rational {
    fn activate(gain: &Gain<Self>, length_squared: &Self, z: &mut [Self]) -> Result<Self, Error> {
        activate_exact(gain, length_squared, z)
    }

    fn derivative(
        gain: &Gain<Self>,
        length_squared: &Self,
        z: &[Self],
    ) -> Result<Derivative<Self>, Error> {
        derivative::exact(gain, length_squared, z)
    }

    fn orthogonal(n: usize, rng: &mut impl Rng) -> Matrix<Self> {
        cayley(n, rng)
    }
}

impl Scalar for Residue {
    fn activate(gain: &Gain<Self>, length_squared: &Self, z: &mut [Self]) -> Result<Self, Error> {
        activate_exact(gain, length_squared, z)
    }

    fn derivative(
        gain: &Gain<Self>,
        length_squared: &Self,
        z: &[Self],
    ) -> Result<Derivative<Self>, Error> {
        derivative::exact(gain, length_squared, z)
    }

    fn orthogonal(n: usize, rng: &mut impl Rng) -> Matrix<Self> {
        // The image of an orthogonal matrix over ℚ.
        cayley(n, rng).map(|x| Residue::from_rational(&x))
    }
}

impl<S: Real> Scalar for S {
    fn activate(gain: &Gain<Self>, length_squared: &Self, z: &mut [Self]) -> Result<Self, Error> {
        Ok(activate_real(gain, length_squared, z))
    }

    fn derivative(
        gain: &Gain<Self>,
        length_squared: &Self,
        z: &[Self],
    ) -> Result<Derivative<Self>, Error> {
        let gamma = activate_real(gain, length_squared, &mut z.to_vec());
        Ok(derivative::real(gain, length_squared, z, gamma))
    }

    fn orthogonal(n: usize, rng: &mut impl Rng) -> Matrix<Self> {
        haar(n, rng)
    }
}

/// The activation in floating point: r is never formed.
///
/// With 2^e ≤ max(|z_i|, √o, c) < 2^{e+1} and ẑ = z/2^e, ô = o/4^e, everything is a function of
/// q = ‖ẑ‖² + ô, which is of order one, and of e. c = 1 for the gains with a natural unit, where the
/// exponent is then never negative, and 0 for the others.
pub(super) fn activate_real<S: Real>(gain: &Gain<S>, length_squared: &S, z: &mut [S]) -> S {
    let of_length = length_squared.exponent().map(|e| e.div_euclid(2));
    let of_unit = match gain {
        Gain::Algebraic | Gain::Rational | Gain::RationalTanh => Some(0),
        Gain::Linear => return S::one(),
        Gain::Tanh | Gain::SoftThreshold { .. } => None,
    };
    let of_z = S::largest_exponent(z);
    let Some(e) = of_z.max(of_length).max(of_unit) else {
        // r = 0 and h = 0; γ = g(0).
        return if matches!(gain, Gain::Tanh) {
            S::one()
        } else {
            S::zero()
        };
    };
    let mut scaled = z.to_vec();
    S::scale_all_by_power_of_two(&mut scaled, -e);
    let length = length_squared
        .scale_by_power_of_two(-e)
        .scale_by_power_of_two(-e);
    let q = S::sum_of_squares(&scaled) + length;
    // 4^-e, the 1 of 1 + r in the scaled unit.
    let unit = S::one().scale_by_power_of_two(-e).scale_by_power_of_two(-e);

    // h = factor · ẑ and γ = factor / 2^e, with factor of order one wherever h is.
    let factor = match gain {
        Gain::Tanh => {
            let root = q.sqrt();
            let rho = root.scale_by_power_of_two(e);
            // tanh ρ / ρ > 1 - ρ²/3, which rounds to 1 here: h = z, with nothing lost to underflow.
            let negligible = -i64::from(S::precision().unwrap_or(0)) / 2 - 1;
            if rho.exponent().is_none_or(|e| e < negligible) && rho.is_finite() {
                return S::one();
            }
            rho.tanh() / root
        }
        Gain::Algebraic => S::one() / (q + unit).sqrt(),
        Gain::Rational => {
            // σ = ρ/(1+r) needs one more 2^-e than the others.
            let factor = S::one() / (q + unit);
            S::scale(&mut scaled, &factor);
            for (z, h) in z.iter_mut().zip(scaled) {
                *z = h.scale_by_power_of_two(-e);
            }
            return factor.scale_by_power_of_two(-e).scale_by_power_of_two(-e);
        }
        Gain::RationalTanh => {
            let fifteen = S::from_int(15) * unit;
            let gamma = (fifteen.clone() + &q) / (fifteen + S::from_int(6) * q);
            S::scale(z, &gamma);
            return gamma;
        }
        Gain::SoftThreshold { t } => {
            let gamma = soft_threshold(t, length_squared, z, &q, e);
            S::scale(z, &gamma);
            return gamma;
        }
        Gain::Linear => S::one(),
    };
    S::scale(&mut scaled, &factor);
    z.clone_from_slice(&scaled);
    factor.scale_by_power_of_two(-e)
}

/// 1 - t/ρ = (ρ² - t²)/(ρ (ρ + t)) for ρ > t, else 0. Near ρ = t the difference cancels, and the
/// numerator is then computed with exact products from the unscaled data.
fn soft_threshold<S: Real>(t: &S, length_squared: &S, z: &[S], q: &S, e: i64) -> S {
    let root = q.sqrt();
    let threshold = t.scale_by_power_of_two(-e);
    let quotient = threshold.clone() / &root;
    if quotient < S::from_f64(0.5) {
        return S::one() - quotient;
    }
    if quotient > S::from_int(2) {
        return S::zero();
    }
    let mut pairs: Vec<(S, S)> = z.iter().map(|z| (z.clone(), z.clone())).collect();
    pairs.push((length_squared.clone(), S::one()));
    pairs.push((t.clone(), -t.clone()));
    let numerator = S::exact_dot(&pairs, -2 * e);
    // ρ (ρ + t) as ρ² + ρ t: one rounding of the root less.
    if numerator > S::zero() {
        numerator / (root * threshold + q)
    } else {
        S::zero()
    }
}
