//! 1/(1+r), exact over the rationals.
//!
//! dγ/dρ = -2ρ/(1+ρ²)², extreme at ρ² = 1/3: G = 3√3/8. g' = -1/(1+r)² rises to 0: D = 1. σ' = (1-ρ²)/(1+ρ²)² lies in
//! [-1/8, 1], so K = 1, and ‖h‖ = s/(1+o+s²) has one crest, 1/(2√(1+o)) at s² = 1+o. The radial eigenvalue
//! (1+o-s²)/(1+o+s²)² stays within ±1/(1+o) = ±g(o). σ'² + (dγ/dρ)² = (1+r)^{-2} ≤ 1, so P = 1;
//! ‖(h, γ)‖ = (1+r)^{-1/2} ≤ 1. g is a Stieltjes function with one point, a = 1.

use num_traits::{One, Zero};

use super::{
    Contraction, Course, Profile, Properties, Rooted,
    law::{Declared, Enclosed, Exact, Rounded, Scaled, span, third_of_stieltjes},
    properties::{ratio, root},
};
use crate::scalar::{
    Field, Real,
    interval::{Endpoint, Interval},
};

pub(super) struct Rational;

pub(super) const NAME: &str = "rational";

impl<N: Rooted> Declared<N> for Rational {
    fn properties(&self) -> Properties<N> {
        Properties {
            proof: "network/gain/rational.rs, proofs/tau.md",
            course: Course::Falls,
            profile: Profile::Crested(|o| N::one() / (N::from_int(2) * (N::one() + o).root())),
            contraction: Contraction::ByValue,
            at_zero: N::one(),
            limit: N::zero(),
            k: N::one(),
            g: root(3, 3, 8),
            d: Some(N::one()),
            p: N::one(),
            reach: Some(N::one()),
            tau_squared: Some(ratio(3, 2)),
            smooth: true,
            cancelled_roundings: 0,
        }
    }
}

impl<S: Field> Exact<S> for Rational {
    fn is_algebraic(&self) -> bool {
        true
    }

    fn power(&self) -> Option<u32> {
        Some(2)
    }

    fn fraction(&self, r: &S) -> Option<(S, S)> {
        Some((S::one(), S::one() + r))
    }

    fn derivative(&self, r: &S) -> Option<S> {
        let d = S::one() + r;
        Some(-(S::one() / (d.clone() * d)))
    }

    fn second_derivative(&self, r: &S) -> Option<S> {
        let d = S::one() + r;
        Some(S::from_int(2) / (d.clone() * &d * &d))
    }
}

impl<S: Real> Rounded<S> for Rational {
    fn activate(&self, length_squared: &S, z: &mut [S]) -> S {
        let Some(at) = Scaled::of(length_squared, z, true) else {
            return S::one();
        };
        let e = at.e;
        // σ = ρ/(1+r) needs one more 2^-e than a gain whose h stays of order one.
        let factor = S::one() / (at.q.clone() + at.one());
        at.write(z, &factor, -e);
        factor.scale_by_power_of_two(-e).scale_by_power_of_two(-e)
    }

    fn derivative_near(&self, rho: &S) -> S {
        let d = S::one() + rho.clone() * rho;
        -(S::one() / (d.clone() * d))
    }

    fn second_derivative_near(&self, rho: &S) -> S {
        let d = S::one() + rho.clone() * rho;
        S::from_int(2) / (d.clone() * &d * &d)
    }

    /// With q = 1/ρ nothing overflows.
    fn stretch(&self, rho: &S) -> S {
        let q = S::one() / rho;
        let squared = q.clone() * &q;
        let d = S::one() + &squared;
        -(S::from_int(2) * squared / (d.clone() * d))
    }

    fn bend(&self, rho: &S) -> S {
        let q = S::one() / rho;
        let squared = q.clone() * &q;
        let d = S::one() + &squared;
        S::from_int(8) * squared / (d.clone() * &d * &d)
    }

    fn third(&self, rho: &S) -> S {
        let mut none: [S; 0] = [];
        let value = self.activate(&(rho.clone() * rho), &mut none);
        third_of_stieltjes(rho, value, Some(S::one()))
    }
}

impl<E: Endpoint> Enclosed<E> for Rational {
    fn image(&self, r: &Interval<E>) -> Interval<E> {
        span(
            r,
            |r| Interval::one() / (Interval::one() + r),
            Interval::zero(),
        )
    }

    fn derivative_image(&self, r: &Interval<E>) -> Interval<E> {
        span(
            r,
            |r| -(Interval::one() / (Interval::one() + r).square()),
            Interval::zero(),
        )
    }
}
