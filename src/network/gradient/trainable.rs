//! What training asks of a scalar beyond running a network.

use crate::{
    error::Error,
    linalg::norm2,
    network::{Gain, Scalar},
    scalar::{Field, Rational, Real, Residue},
};

/// A scalar that networks can be trained in: a [`Scalar`] that says which elementary functions it has.
///
/// Fields have none of them, and what needs one is refused there with
/// [`Error::NeedsReal`](crate::Error::NeedsReal); everything else (rational gains, squared error, descent with
/// momentum) is exact.
pub trait Trainable: Scalar {
    /// √a, if the scalar has roots.
    fn root(&self) -> Option<Self>;

    /// e^a, if the scalar has exponentials.
    fn exponential(&self) -> Option<Self>;

    /// ln a, if the scalar has logarithms.
    fn logarithm(&self) -> Option<Self>;

    /// g''(r) at r = ‖z‖² + o. At the kink of the soft threshold, where there is none, that from inside, 0.
    ///
    /// # Errors
    /// [`Error::NotRational`] in exact arithmetic, for a gain that is not a rational function.
    fn curvature(gain: &Gain<Self>, length_squared: &Self, z: &[Self]) -> Result<Self, Error>;
}

impl<S: Real> Trainable for S {
    fn root(&self) -> Option<Self> {
        Some(self.sqrt())
    }

    fn exponential(&self) -> Option<Self> {
        Some(self.exp())
    }

    fn logarithm(&self) -> Option<Self> {
        Some(self.ln())
    }

    fn curvature(gain: &Gain<Self>, length_squared: &Self, z: &[Self]) -> Result<Self, Error> {
        let mut extended = z.to_vec();
        extended.push(length_squared.sqrt());
        Ok(gain.second_derivative(&norm2(&extended)))
    }
}

/// The fields without any elementary function.
macro_rules! algebraic {
    ($type:ty) => {
        impl Trainable for $type {
            fn root(&self) -> Option<Self> {
                None
            }

            fn exponential(&self) -> Option<Self> {
                None
            }

            fn logarithm(&self) -> Option<Self> {
                None
            }

            fn curvature(
                gain: &Gain<Self>,
                length_squared: &Self,
                z: &[Self],
            ) -> Result<Self, Error> {
                let r = Self::dot(z, z) + length_squared;
                gain.rational_second_derivative(&r)
            }
        }
    };
}

algebraic!(Rational);
algebraic!(Residue);
