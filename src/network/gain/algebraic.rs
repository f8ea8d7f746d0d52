//! 1/√(1+r).
//!
//! dγ/dρ = -ρ (1+ρ²)^{-3/2}, extreme at ρ² = 1/2: G = 2/(3√3). g' = -½(1+r)^{-3/2} rises to 0 and is extreme at 0:
//! D = ½. σ' = (1+r)^{-3/2} lies in (0, 1], hence K = 1 and ‖h‖ rises to 1; σ'² + (dγ/dρ)² = (1+r)^{-2} ≤ 1, so P = 1.
//! ‖(h, γ)‖² = (r + 1)/(1 + r) = 1. g is a Stieltjes function: (1+r)^{-1/2} = ∫_{a≥1} da / (π √(a-1) (r+a)).

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

pub(super) struct Algebraic;

pub(super) const NAME: &str = "algebraic";

impl<N: Rooted> Declared<N> for Algebraic {
    fn properties(&self) -> Properties<N> {
        Properties {
            proof: "network/gain/algebraic.rs, proofs/tau.md",
            course: Course::Falls,
            profile: Profile::Rises {
                supremum: Some(N::one()),
            },
            contraction: Contraction::ByValue,
            at_zero: N::one(),
            limit: N::zero(),
            k: N::one(),
            g: root(3, 2, 9),
            d: Some(ratio(1, 2)),
            p: N::one(),
            reach: Some(N::one()),
            tau_squared: Some(ratio(6, 2)),
            smooth: true,
            cancelled_roundings: 0,
        }
    }
}

impl<S: Field> Exact<S> for Algebraic {
    fn is_algebraic(&self) -> bool {
        true
    }

    fn power(&self) -> Option<u32> {
        Some(1)
    }

    fn fraction(&self, _r: &S) -> Option<(S, S)> {
        None
    }

    fn derivative(&self, _r: &S) -> Option<S> {
        None
    }

    fn second_derivative(&self, _r: &S) -> Option<S> {
        None
    }
}

impl<S: Real> Rounded<S> for Algebraic {
    fn activate(&self, length_squared: &S, z: &mut [S]) -> S {
        let Some(at) = Scaled::of(length_squared, z, true) else {
            return S::one();
        };
        let e = at.e;
        let factor = S::one() / (at.q.clone() + at.one()).sqrt();
        at.write(z, &factor, 0);
        factor.scale_by_power_of_two(-e)
    }

    fn derivative_near(&self, rho: &S) -> S {
        let d = S::one() + rho.clone() * rho;
        -(S::from_f64(0.5) / (d.clone() * d.sqrt()))
    }

    /// ¾ (1+r)^{-5/2}.
    fn second_derivative_near(&self, rho: &S) -> S {
        let d = S::one() + rho.clone() * rho;
        S::from_f64(0.75) / (d.clone() * &d * d.sqrt())
    }

    /// With q = 1/ρ nothing overflows.
    fn stretch(&self, rho: &S) -> S {
        let q = S::one() / rho;
        let d = S::one() + q.clone() * &q;
        -(q / (d.clone() * d.sqrt()))
    }

    fn bend(&self, rho: &S) -> S {
        let q = S::one() / rho;
        let d = S::one() + q.clone() * &q;
        S::from_int(3) * q / (d.clone() * &d * d.sqrt())
    }

    fn third(&self, rho: &S) -> S {
        let mut none: [S; 0] = [];
        let value = self.activate(&(rho.clone() * rho), &mut none);
        third_of_stieltjes(rho, value, Some(ratio(1, 2)))
    }
}

impl<E: Endpoint> Enclosed<E> for Algebraic {
    fn image(&self, r: &Interval<E>) -> Interval<E> {
        span(
            r,
            |r| Interval::one() / (Interval::one() + r).sqrt(),
            Interval::zero(),
        )
    }

    fn derivative_image(&self, r: &Interval<E>) -> Interval<E> {
        let at = |r: &Interval<E>| {
            let s = Interval::one() + r;
            -(Interval::one() / (Interval::from_int(2) * &s * s.sqrt()))
        };
        span(r, at, Interval::zero())
    }
}
