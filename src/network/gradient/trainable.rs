//! What training asks of a scalar beyond running a network.

use crate::{
    network::Scalar,
    scalar::{Rational, Real, Residue},
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
        }
    };
}

algebraic!(Rational);
algebraic!(Residue);
