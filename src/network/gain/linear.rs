//! 1: a linear network, h = z.

use num_traits::{One, Zero};

use super::{
    Contraction, Course, Profile, Properties, Rooted,
    law::{Declared, Enclosed, Exact, Rounded, span},
};
use crate::scalar::{
    Field, Real,
    interval::{Endpoint, Interval},
};

pub(super) struct Linear;

pub(super) const NAME: &str = "linear";

impl<N: Rooted> Declared<N> for Linear {
    fn properties(&self) -> Properties<N> {
        Properties {
            proof: "network/gain/linear.rs",
            course: Course::Rises,
            profile: Profile::Rises { supremum: None },
            contraction: Contraction::ByK,
            at_zero: N::one(),
            limit: N::one(),
            k: N::one(),
            g: N::zero(),
            d: Some(N::zero()),
            p: N::one(),
            reach: None,
            tau_squared: None,
            smooth: true,
            cancelled_roundings: 0,
        }
    }
}

impl<S: Field> Exact<S> for Linear {
    fn is_algebraic(&self) -> bool {
        true
    }

    fn power(&self) -> Option<u32> {
        None
    }

    fn fraction(&self, _r: &S) -> Option<(S, S)> {
        Some((S::one(), S::one()))
    }

    fn derivative(&self, _r: &S) -> Option<S> {
        Some(S::zero())
    }

    fn second_derivative(&self, _r: &S) -> Option<S> {
        Some(S::zero())
    }
}

impl<S: Real> Rounded<S> for Linear {
    fn activate(&self, _length_squared: &S, _z: &mut [S]) -> S {
        S::one()
    }

    fn derivative_near(&self, _rho: &S) -> S {
        S::zero()
    }

    fn second_derivative_near(&self, _rho: &S) -> S {
        S::zero()
    }

    fn stretch(&self, _rho: &S) -> S {
        S::zero()
    }

    fn bend(&self, _rho: &S) -> S {
        S::zero()
    }

    fn third(&self, _rho: &S) -> S {
        S::zero()
    }
}

impl<E: Endpoint> Enclosed<E> for Linear {
    fn image(&self, r: &Interval<E>) -> Interval<E> {
        span(r, |_| Interval::one(), Interval::one())
    }

    fn derivative_image(&self, r: &Interval<E>) -> Interval<E> {
        span(r, |_| Interval::zero(), Interval::zero())
    }
}
