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
        Ok(gain.activate(length_squared, z))
    }

    fn derivative(
        gain: &Gain<Self>,
        length_squared: &Self,
        z: &[Self],
    ) -> Result<Derivative<Self>, Error> {
        let gamma = gain.activate(length_squared, &mut z.to_vec());
        Ok(derivative::real(gain, length_squared, z, gamma))
    }

    fn orthogonal(n: usize, rng: &mut impl Rng) -> Matrix<Self> {
        haar(n, rng)
    }
}
