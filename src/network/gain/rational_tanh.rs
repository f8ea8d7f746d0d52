//! (15+r)/(15+6r), a Padé approximant of tanh ρ/ρ, exact over the rationals; h is unbounded.
//!
//! g = 1/6 + (25/2)/(15 + 6r) is a Stieltjes function: one point, a = 5/2, and the constant 1/6, its limit. dγ/dρ =
//! -150ρ/(15+6ρ²)², extreme at ρ² = 5/6: G = (3/8)√(5/6) = √30/16. g' = -75/(15+6r)² rises to 0: D = 1/3. With s = 6r,
//! σ' = (225 - 7.5 s + s²/6)/(15+s)², whose numerator has a negative discriminant: 0 < σ' ≤ 1, K = 1, and ‖h‖ rises.
//! σ'² + (dγ/dρ)² ≤ 1 reads 50625 + 375 s + 131.25 s² - 2.5 s³ + s⁴/36 ≤ (15+s)⁴, which holds coefficient by
//! coefficient; hence P = 1.

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

pub(super) struct RationalTanh;

pub(super) const NAME: &str = "rational-tanh";

impl<N: Rooted> Declared<N> for RationalTanh {
    fn properties(&self) -> Properties<N> {
        Properties {
            proof: "network/gain/rational_tanh.rs, proofs/tau.md",
            course: Course::Falls,
            profile: Profile::Rises { supremum: None },
            contraction: Contraction::ByValue,
            at_zero: N::one(),
            limit: ratio(1, 6),
            k: N::one(),
            g: root(30, 1, 16),
            d: Some(ratio(1, 3)),
            p: N::one(),
            reach: None,
            tau_squared: Some(ratio(9, 2)),
            smooth: true,
            cancelled_roundings: 0,
        }
    }
}

impl<S: Field> Exact<S> for RationalTanh {
    fn is_algebraic(&self) -> bool {
        true
    }

    fn power(&self) -> Option<u32> {
        None
    }

    fn fraction(&self, r: &S) -> Option<(S, S)> {
        let fifteen = S::from_int(15);
        Some((fifteen.clone() + r, fifteen + S::from_int(6) * r))
    }

    fn derivative(&self, r: &S) -> Option<S> {
        let d = S::from_int(15) + S::from_int(6) * r;
        Some(-(S::from_int(75) / (d.clone() * d)))
    }

    fn second_derivative(&self, r: &S) -> Option<S> {
        let d = S::from_int(15) + S::from_int(6) * r;
        Some(S::from_int(900) / (d.clone() * &d * &d))
    }
}

impl<S: Real> Rounded<S> for RationalTanh {
    fn activate(&self, length_squared: &S, z: &mut [S]) -> S {
        let Some(at) = Scaled::of(length_squared, z, true) else {
            return S::one();
        };
        let fifteen = S::from_int(15) * at.one();
        let gamma = (fifteen.clone() + &at.q) / (fifteen + S::from_int(6) * at.q);
        S::scale(z, &gamma);
        gamma
    }

    fn derivative_near(&self, rho: &S) -> S {
        let d = S::from_int(15) + S::from_int(6) * (rho.clone() * rho);
        -(S::from_int(75) / (d.clone() * d))
    }

    fn second_derivative_near(&self, rho: &S) -> S {
        let d = S::from_int(15) + S::from_int(6) * (rho.clone() * rho);
        S::from_int(900) / (d.clone() * &d * &d)
    }

    /// With q = 1/ρ nothing overflows.
    fn stretch(&self, rho: &S) -> S {
        let q = S::one() / rho;
        let squared = q.clone() * &q;
        let d = S::from_int(15) * &squared + S::from_int(6);
        -(S::from_int(150) * squared / (d.clone() * d))
    }

    fn bend(&self, rho: &S) -> S {
        let q = S::one() / rho;
        let squared = q.clone() * &q;
        let d = S::from_int(15) * &squared + S::from_int(6);
        S::from_int(3600) * squared / (d.clone() * &d * &d)
    }

    fn third(&self, rho: &S) -> S {
        let mut none: [S; 0] = [];
        let value = self.activate(&(rho.clone() * rho), &mut none);
        third_of_stieltjes(rho, value, Some(ratio(1, 3)))
    }
}

impl<E: Endpoint> Enclosed<E> for RationalTanh {
    /// 1/6 + 25/(30 + 12r), where r occurs once.
    fn image(&self, r: &Interval<E>) -> Interval<E> {
        let limit = || Interval::one() / Interval::from_int(6);
        let at = |r: &Interval<E>| {
            limit() + Interval::from_int(25) / (Interval::from_int(30) + Interval::from_int(12) * r)
        };
        span(r, at, limit())
    }

    fn derivative_image(&self, r: &Interval<E>) -> Interval<E> {
        let at = |r: &Interval<E>| {
            let s = Interval::from_int(15) + Interval::from_int(6) * r;
            -(Interval::from_int(75) / s.square())
        };
        span(r, at, Interval::zero())
    }
}
