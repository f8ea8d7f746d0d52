//! max(0, 1 - t/ρ) with t > 0: nothing up to ρ = t, then h = (ρ - t) z/ρ.
//!
//! g rises: 0 up to its kink at ρ = t, then 1 - t/ρ. Above the kink σ' = 1, so K = 1 and ‖h‖ rises; dγ/dρ = t/ρ² ≤ 1/t = G,
//! g' = t/(2ρ³) ≤ 1/(2t²) = D, which falls; the radial singular value of z ↦ (h, γ) is √(1 + t²/ρ⁴), so P = √(1+1/t²).
//! An interval that contains t² gets every slope between 0 and D, so that the mean value theorem holds across
//! the kink. Above it g is 1 less t times a Stieltjes function, r^{-1/2}.

use std::cmp::Ordering;

use num_traits::{One, Zero};

use super::{
    Contraction, Course, Profile, Properties, Rooted,
    law::{Declared, Enclosed, Exact, Rounded, Scaled, span},
};
use crate::scalar::{
    Field, Real,
    interval::{Endpoint, Interval},
};

pub(super) struct SoftThreshold<'a, S> {
    pub t: &'a S,
}

pub(super) const NAME: &str = "soft-threshold";

impl<N: Rooted> Declared<N> for SoftThreshold<'_, N> {
    fn properties(&self) -> Properties<N> {
        let squared = self.t.clone() * self.t;
        Properties {
            proof: "network/gain/soft_threshold.rs",
            course: Course::Rises,
            profile: Profile::Rises { supremum: None },
            contraction: Contraction::ByK,
            at_zero: N::zero(),
            limit: N::one(),
            k: N::one(),
            g: N::one() / self.t,
            d: Some(N::one() / N::from_int(2) / &squared),
            p: (N::one() + N::one() / squared).root(),
            reach: None,
            tau_squared: None,
            smooth: false,
            // The rounding of t/ρ, which 1 - t/ρ enlarges as it does those of ρ.
            cancelled_roundings: 1,
        }
    }
}

impl<S: Field> Exact<S> for SoftThreshold<'_, S> {
    fn is_algebraic(&self) -> bool {
        true
    }

    fn power(&self) -> Option<u32> {
        None
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

impl<S: Real> Rounded<S> for SoftThreshold<'_, S> {
    /// 1 - t/ρ = (ρ² - t²)/(ρ (ρ + t)) for ρ > t, else 0. Near ρ = t the difference cancels, and the
    /// numerator is then computed with exact products from the unscaled data, as a number of order one and
    /// an exponent: it may be far smaller than the squares it is the difference of.
    fn activate(&self, length_squared: &S, z: &mut [S]) -> S {
        let Some(at) = Scaled::of(length_squared, z, false) else {
            return S::zero();
        };
        let root = at.q.sqrt();
        let threshold = self.t.scale_by_power_of_two(-at.e);
        let quotient = threshold.clone() / &root;
        if quotient < S::from_f64(0.5) {
            let gamma = S::one() - quotient;
            S::scale(z, &gamma);
            return gamma;
        }
        let numerator = if quotient > S::from_int(2) {
            None
        } else {
            let mut pairs: Vec<(S, S)> = z.iter().map(|z| (z.clone(), z.clone())).collect();
            pairs.push((length_squared.clone(), S::one()));
            pairs.push((self.t.clone(), -self.t.clone()));
            S::exact_dot_scaled(&pairs)
        };
        let Some((mantissa, exponent)) = numerator.filter(|(m, _)| m.above_zero()) else {
            S::scale(z, &S::zero());
            return S::zero();
        };
        // ρ (ρ + t) as ρ² + ρ t: one rounding of the root less. γ = factor · 2^(exponent - 2e).
        let factor = mantissa / (root * threshold + &at.q);
        let e = at.e;
        at.write(z, &factor, exponent - e);
        factor.scale_by_power_of_two(exponent - 2 * e)
    }

    fn derivative_near(&self, rho: &S) -> S {
        self.stretch(rho) / (S::from_int(2) * rho * rho)
    }

    fn second_derivative_near(&self, rho: &S) -> S {
        let r = rho.clone() * rho;
        self.bend(rho) / (S::from_int(4) * &r * &r)
    }

    fn stretch(&self, rho: &S) -> S {
        if rho > self.t {
            self.t.clone() * (S::one() / rho)
        } else {
            S::zero()
        }
    }

    fn bend(&self, rho: &S) -> S {
        -(S::from_int(3) * self.stretch(rho))
    }

    fn third(&self, rho: &S) -> S {
        if rho <= self.t {
            return S::zero();
        }
        S::from_int(102) * self.t / (rho.clone() * rho * rho)
    }
}

impl<E: Endpoint> Enclosed<E> for SoftThreshold<'_, Interval<E>> {
    fn image(&self, r: &Interval<E>) -> Interval<E> {
        let at = |r: &Interval<E>| {
            if r < &self.t.square() {
                Interval::zero()
            } else {
                let fall = self.t.clone() / r.sqrt();
                Interval::larger(Interval::one() - fall, Interval::zero())
            }
        };
        span(r, at, Interval::one())
    }

    fn derivative_image(&self, r: &Interval<E>) -> Interval<E> {
        if r.is_none() || r.hi() < &E::zero() {
            return Interval::none();
        }
        let kink = self.t.square();
        if r < &kink {
            return Interval::zero();
        }
        if r.partial_cmp(&kink) != Some(Ordering::Greater) {
            return Interval::zero().hull(&(Interval::one() / (kink.clone() + kink)));
        }
        let above = |r: &Interval<E>| self.t.clone() / (Interval::from_int(2) * r * r.sqrt());
        span(r, above, Interval::zero())
    }
}
