//! 2/(2+r), exact over the rationals: 1/(1+r) with ρ = √2 t.
//!
//! σ' = (1-t²)/(1+t²)², as before, so K = 1; dγ/dρ is 1/√2 of what it was, G = 3√6/16; D = 1/2. The crest of ‖h‖ is 1/√(2+o) at
//! s² = 2+o. σ'² + (dγ/dρ)² = (1+t⁴)/(1+t²)⁴ ≤ 1, so P = 1; ‖(h, γ)‖² = (1+s²)/(1+s²/2)² ≤ 1.

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

pub(super) struct HalfRational;

pub(super) const NAME: &str = "half-rational";

impl<N: Rooted> Declared<N> for HalfRational {
    fn properties(&self) -> Properties<N> {
        Properties {
            proof: "network/gain/half_rational.rs",
            course: Course::Falls,
            profile: Profile::Crested(|o| N::one() / (N::from_int(2) + o).root()),
            contraction: Contraction::ByValue,
            at_zero: N::one(),
            limit: N::zero(),
            k: N::one(),
            g: root(3, 6, 16),
            d: Some(ratio(1, 2)),
            p: N::one(),
            reach: Some(N::one()),
            tau_squared: None,
            smooth: true,
            cancelled_roundings: 0,
        }
    }
}

impl<S: Field> Exact<S> for HalfRational {
    fn is_algebraic(&self) -> bool {
        true
    }

    fn power(&self) -> Option<u32> {
        None
    }

    fn fraction(&self, r: &S) -> Option<(S, S)> {
        Some((S::from_int(2), S::from_int(2) + r))
    }

    fn derivative(&self, r: &S) -> Option<S> {
        let d = S::from_int(2) + r;
        Some(-(S::from_int(2) / (d.clone() * d)))
    }

    fn second_derivative(&self, r: &S) -> Option<S> {
        let d = S::from_int(2) + r;
        Some(S::from_int(4) / (d.clone() * &d * &d))
    }
}

impl<S: Real> Rounded<S> for HalfRational {
    fn activate(&self, length_squared: &S, z: &mut [S]) -> S {
        let Some(at) = Scaled::of(length_squared, z, true) else {
            return S::one();
        };
        let e = at.e;
        // σ = 2ρ/(2+r) needs one more 2^-e than a gain whose h stays of order one.
        let two = at.one() + at.one();
        let factor = S::from_int(2) / (at.q.clone() + two);
        at.write(z, &factor, -e);
        factor.scale_by_power_of_two(-e).scale_by_power_of_two(-e)
    }

    fn derivative_near(&self, rho: &S) -> S {
        let d = S::from_int(2) + rho.clone() * rho;
        -(S::from_int(2) / (d.clone() * d))
    }

    fn second_derivative_near(&self, rho: &S) -> S {
        let d = S::from_int(2) + rho.clone() * rho;
        S::from_int(4) / (d.clone() * &d * &d)
    }

    /// With q = 1/ρ nothing overflows.
    fn stretch(&self, rho: &S) -> S {
        let q = S::one() / rho;
        let squared = q.clone() * &q;
        let d = S::one() + S::from_int(2) * &squared;
        -(S::from_int(4) * squared / (d.clone() * d))
    }

    fn bend(&self, rho: &S) -> S {
        let q = S::one() / rho;
        let squared = q.clone() * &q;
        let d = S::one() + S::from_int(2) * &squared;
        S::from_int(16) * squared / (d.clone() * &d * &d)
    }

    fn third(&self, rho: &S) -> S {
        let mut none: [S; 0] = [];
        let value = self.activate(&(rho.clone() * rho), &mut none);
        third_of_stieltjes(rho, value, Some(S::from_int(2)))
    }
}

impl<E: Endpoint> Enclosed<E> for HalfRational {
    fn image(&self, r: &Interval<E>) -> Interval<E> {
        span(
            r,
            |r| Interval::from_int(2) / (Interval::from_int(2) + r),
            Interval::zero(),
        )
    }

    fn derivative_image(&self, r: &Interval<E>) -> Interval<E> {
        span(
            r,
            |r| -(Interval::from_int(2) / (Interval::from_int(2) + r).square()),
            Interval::zero(),
        )
    }
}
