//! ln(1+ρ)/ρ: h grows like ln ρ, and g has an infinite slope in r at 0.
//!
//! σ = ln(1+ρ), σ' = 1/(1+ρ) lies in (0, 1]: K = 1, and ‖h‖ rises without bound. ln(1+x)/x is a Stieltjes function of x and
//! √r a complete Bernstein function of r, so g is a Stieltjes function of r: it falls, its derivative rises to 0. γ = 1 - ρ/2 +
//! ρ²/3 - …, so dγ/dρ = (σ' - γ)/ρ is extreme at 0, G = 1/2; dg/dr = (dγ/dρ)/(2ρ) is -1/(4ρ) there: D is infinite, and what needs
//! D or a derivative of g at r = 0 does not apply. J = γ I + 2g'(r) z zᵀ still tends to I as z → 0. σ' and |dγ/dρ| both fall, so that
//! P = √(σ'² + (dγ/dρ)²) at 0 = √5/2. The radial eigenvalue γ + (s²/r)(σ' - γ) lies between σ' > 0 and γ ≤ g(o).

use num_traits::{One, Zero};
use rug::Float;

use super::{
    Contraction, Course, Profile, Properties, Rooted,
    law::{Declared, Enclosed, Exact, Rounded, Scaled, span, third_of_stieltjes},
    properties::{ratio, root},
};
use crate::scalar::{
    Field, Real,
    interval::{Endpoint, Interval, Toward},
};

pub(super) struct Log1p;

pub(super) const NAME: &str = "log1p";

impl<N: Rooted> Declared<N> for Log1p {
    fn properties(&self) -> Properties<N> {
        Properties {
            proof: "network/gain/log1p.rs",
            course: Course::Falls,
            profile: Profile::Rises { supremum: None },
            contraction: Contraction::ByValue,
            at_zero: N::one(),
            limit: N::zero(),
            k: N::one(),
            g: ratio(1, 2),
            d: None,
            p: root(5, 1, 2),
            reach: None,
            tau_squared: None,
            smooth: false,
            cancelled_roundings: 0,
        }
    }
}

impl<S: Field> Exact<S> for Log1p {
    fn is_algebraic(&self) -> bool {
        false
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

impl<S: Real> Rounded<S> for Log1p {
    /// With w the rounded 1 + ρ, ln w/(w - 1) is g at a point within u (1 + ρ) of ρ, and w - 1 is exact: nothing cancels,
    /// and g changes by less than that relatively. Where ρ itself overflows, ln(1+ρ) is ln ρ̂ + e ln 2.
    fn activate(&self, length_squared: &S, z: &mut [S]) -> S {
        let Some(at) = Scaled::of(length_squared, z, false) else {
            return S::one();
        };
        let (root, e) = (at.q.sqrt(), at.e);
        let rho = root.scale_by_power_of_two(e);
        if e < 0 {
            let w = S::one() + &rho;
            let above = w.clone() - S::one();
            if above.is_zero() {
                return S::one();
            }
            let gamma = w.ln() / above;
            S::scale(z, &gamma);
            return gamma;
        }
        if rho.is_finite() {
            // γ is at least ln ρ/ρ, far above underflow; z itself is scaled, as small entries of ẑ may have lost digits that
            // ln ρ > 1 would magnify.
            let gamma = (S::one() + &rho).ln() / rho;
            S::scale(z, &gamma);
            return gamma;
        }
        let sigma = root.ln() + S::from_int(e) * S::from_int(2).ln();
        let factor = sigma / root;
        at.write(z, &factor, 0);
        factor.scale_by_power_of_two(-e)
    }

    fn derivative_near(&self, rho: &S) -> S {
        self.stretch(rho) / (S::from_int(2) * rho * rho)
    }

    fn second_derivative_near(&self, rho: &S) -> S {
        let r = rho.clone() * rho;
        self.bend(rho) / (S::from_int(4) * &r * &r)
    }

    /// σ' - γ = -N/ρ with N = ln(1+ρ) - ρ/(1+ρ). With s = ρ/(2+ρ), ln(1+ρ) = 2(s + s³/3 + s⁵/5 + …) and ρ/(1+ρ) = 2s/(1+s), so that
    /// N = 2s (s/(1+s) + s²/3 + s⁴/5 + …): positive terms alone.
    fn stretch(&self, rho: &S) -> S {
        if *rho > S::one() {
            let w = S::one() + rho;
            return S::one() / &w - w.ln() / rho;
        }
        let (two, s) = (S::from_int(2), in_s(rho));
        let sum = s.clone() / (S::one() + &s) + tail(&s);
        -(two.clone() / (two + rho) * sum)
    }

    /// ρσ'' - 3σ' + 3γ = (3N - (ρ/(1+ρ))²)/ρ, with s as above (s (2+6s)/(1+s)² + 6 (s²/3 + s⁴/5 + …))/(2+ρ): positive again.
    fn bend(&self, rho: &S) -> S {
        if *rho > S::one() {
            let (w, three) = (S::one() + rho, S::from_int(3));
            // ρσ'' = -ρ/(1+ρ)², in an order that does not overflow.
            return three.clone() * (w.ln() / rho) - three / &w - rho.clone() / &w / &w;
        }
        let (one, two, six) = (S::one(), S::from_int(2), S::from_int(6));
        let s = in_s(rho);
        let beyond = one + &s;
        let first = s.clone() * (two.clone() + six.clone() * &s) / (beyond.clone() * beyond);
        (first + six * tail(&s)) / (two + rho)
    }

    fn third(&self, rho: &S) -> S {
        let mut none: [S; 0] = [];
        let value = self.activate(&(rho.clone() * rho), &mut none);
        third_of_stieltjes(rho, value, None)
    }
}

/// s = ρ/(2+ρ), at most 1/3 for ρ ≤ 1.
fn in_s<S: Real>(rho: &S) -> S {
    rho.clone() / (S::from_int(2) + rho)
}

/// s²/3 + s⁴/5 + s⁶/7 + …, for 0 ≤ s ≤ 1/3.
fn tail<S: Real>(s: &S) -> S {
    let squared = s.clone() * s;
    let mut power = squared.clone();
    let mut sum = S::zero();
    // Each term is less than 1/9 of the one before.
    for k in 1..=i64::from(S::precision().unwrap_or(0)) {
        let term = power.clone() / S::from_int(2 * k + 1);
        sum += &term;
        if term <= sum.clone() * S::unit_roundoff() {
            break;
        }
        power *= &squared;
    }
    sum
}

impl<E: Endpoint> Enclosed<E> for Log1p {
    /// ρ is known to an ulp; the quotient falls with it.
    fn image(&self, r: &Interval<E>) -> Interval<E> {
        let value = |r: &Interval<E>| {
            let rho = r.sqrt();
            let at = |rho: &E| {
                let rho = Interval::point(rho.clone());
                if rho.is_zero() {
                    Interval::one()
                } else {
                    rho.ln_1p() / rho
                }
            };
            let bounds = Interval::zero().hull(&Interval::one());
            let value = at(rho.lo()).hull(&at(rho.hi()));
            value.intersection(&bounds).unwrap_or_else(Interval::none)
        };
        span(r, value, Interval::zero())
    }

    /// Unbounded below where r = 0 is among the r; at r = 0 alone there is no derivative.
    fn derivative_image(&self, r: &Interval<E>) -> Interval<E> {
        if r.is_none() || !r.hi().above_zero() {
            return Interval::none();
        }
        if r.lo() > &E::zero() {
            return span(r, derivative_at, Interval::zero());
        }
        let at_end = match r.hi().is_finite() {
            true => derivative_at(&Interval::point(r.hi().clone())),
            false => Interval::zero(),
        };
        Interval::new(Interval::<E>::whole().lo().clone(), at_end.hi().clone())
            .unwrap_or_else(|_| Interval::none())
    }
}

/// Guard bits of [`derivative_at`].
const GUARD_BITS: u32 = 40;

/// g' = -N/(2ρ³), N = ln(1+ρ) - ρ/(1+ρ), at a point r > 0.
///
/// N loses a bit for every halving of ρ. It is therefore formed to nearest with q = p + e + 40 bits where 2^-e ≤ ρ: each of its
/// few roundings moves it by at most 2^-q ρ (ρ ≤ 1; 2^-q ln(1+ρ) for ρ > 1), and N ≥ 0.19 ρ² (N ≥ 0.27 ln(1+ρ)), because N/ρ² and N/ln(1+ρ)
/// are monotone. So the relative error is below 2^(6-p-40), far less than the factor 1 ± 2^(-p-30) by which the quotient
/// is widened. For ρ below 2^(-p-8) the first terms of -1/(4ρ) + 1/3 - … bound it, 1/3 being less than an ulp.
fn derivative_at<E: Endpoint>(r: &Interval<E>) -> Interval<E> {
    let bits = E::precision().unwrap_or(53);
    let exponent = r.lo().exponent().unwrap_or(0).div_euclid(2);
    if exponent < -i64::from(bits) - 8 {
        let first = -(Interval::one() / (Interval::from_int(4) * r.sqrt()));
        let third = Interval::one() / Interval::from_int(3);
        return first.hull(&(first.clone() + third));
    }
    let wide = bits + (1 - exponent).max(0) as u32 + GUARD_BITS;
    let rho = Float::with_val(wide, r.lo().to_float()).sqrt();
    let above = Float::with_val(wide, &rho + 1u32);
    let numerator = rho.clone().ln_1p() - Float::with_val(wide, &rho / &above);
    let quotient = numerator / (rho.clone().square() * rho * 2u32);
    let widened = |toward: Toward| {
        let margin = Float::with_val(wide, 1) >> (bits + 30);
        let factor: Float = match toward {
            Toward::Down => 1 + margin,
            Toward::Up => 1 - margin,
        };
        let bound: Float = -(quotient.clone() * factor);
        E::from_float_toward(&bound, toward)
    };
    Interval::new(widened(Toward::Down), widened(Toward::Up)).unwrap_or_else(|_| Interval::none())
}
