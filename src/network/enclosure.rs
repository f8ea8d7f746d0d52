//! Networks on intervals: the activation and its derivative, enclosed. What a gain does to an interval is in
//! its file.

use rand::Rng;

use super::{Derivative, Gain, Scalar};
use crate::{
    error::Error,
    linalg::{Matrix, cayley},
    scalar::{
        Field, Rational,
        interval::{Endpoint, Interval, sum_of_squares},
    },
};

impl<E: Endpoint> Scalar for Interval<E> {
    /// h ⊇ γ z and γ ⊇ g(‖z‖² + o), for all z and o of the intervals.
    fn activate(gain: &Gain<Self>, length_squared: &Self, z: &mut [Self]) -> Result<Self, Error> {
        let gamma = gain.enclose(&(sum_of_squares(z) + length_squared));
        Self::scale(z, &gamma);
        Ok(gamma)
    }

    fn derivative(
        gain: &Gain<Self>,
        length_squared: &Self,
        z: &[Self],
    ) -> Result<Derivative<Self>, Error> {
        let r = sum_of_squares(z) + length_squared;
        let of_length = gain.enclose_derivative(&r);
        Ok(Derivative::plain(gain.enclose(&r), of_length, z))
    }

    /// Entries that contain those of one exactly orthogonal matrix.
    fn orthogonal(n: usize, rng: &mut impl Rng) -> Matrix<Self> {
        cayley(n, rng).map(|q: Rational| Self::enclosing(&q))
    }
}
