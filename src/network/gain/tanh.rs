//! tanh ρ / ρ.
//!
//! tanh ρ / ρ = Σ_{k≥1} 2/(a_k + r) with a_k = (k - ½)² π², the partial fractions of tanh. Each term falls and is
//! convex for r ≥ 0, so g falls and g' = -Σ 2/(a_k + r)² rises to 0. More: g is a Stieltjes function, its derivatives
//! alternate in sign, so that Taylor polynomials at 0 bound g' in turn from below and above:
//! -1/3 ≤ g'(r) ≤ -1/3 + 4r/15.
//!
//! σ' = sech²ρ lies in (0, 1], hence K = 1 and ‖h‖ rises to 1. dγ/dρ = (sech²ρ - γ)/ρ; its extreme
//! 0.34341955… is attained at ρ = 0.919938…, and γ - sech²ρ ≤ ρ²γ gives |dγ/dρ| ≤ tanh ρ, so
//! σ'² + (dγ/dρ)² ≤ 1 and P = 1. dg/dr = (dγ/dρ)/(2ρ) → -1/3 at 0, its extreme. ‖(h, γ)‖ = tanh ρ √(1 + 1/r) is at
//! most 1.0880605….

use num_traits::{One, Zero};
use rug::Float;

use super::{
    Contraction, Course, Profile, Properties, Rooted,
    law::{Declared, Enclosed, Exact, Rounded, Scaled, span, third_of_stieltjes},
    properties::ratio,
};
use crate::scalar::{
    Field, Real,
    interval::{Endpoint, Interval, Toward},
};

pub(super) struct Tanh;

pub(super) const NAME: &str = "tanh";

impl<N: Rooted> Declared<N> for Tanh {
    fn properties(&self) -> Properties<N> {
        Properties {
            proof: "network/gain/tanh.rs, proofs/tau.md",
            course: Course::Falls,
            profile: Profile::Rises {
                supremum: Some(N::one()),
            },
            contraction: Contraction::ByValue,
            at_zero: N::one(),
            limit: N::zero(),
            k: N::one(),
            g: ratio(34_341_956, 100_000_000),
            d: Some(ratio(1, 3)),
            p: N::one(),
            reach: Some(ratio(10_880_606, 10_000_000)),
            tau_squared: Some(ratio(9, 2)),
            smooth: true,
            cancelled_roundings: 0,
        }
    }
}

impl<S: Field> Exact<S> for Tanh {
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

impl<S: Real> Rounded<S> for Tanh {
    fn activate(&self, length_squared: &S, z: &mut [S]) -> S {
        let Some(at) = Scaled::of(length_squared, z, false) else {
            return S::one();
        };
        let (root, e) = (at.q.sqrt(), at.e);
        let rho = root.scale_by_power_of_two(e);
        // tanh ρ / ρ > 1 - ρ²/3, which rounds to 1 here: h = z, with nothing lost to underflow.
        let negligible = -i64::from(S::precision().unwrap_or(0)) / 2 - 1;
        if rho.exponent().is_none_or(|e| e < negligible) && rho.is_finite() {
            return S::one();
        }
        let factor = rho.tanh() / root;
        at.write(z, &factor, 0);
        factor.scale_by_power_of_two(-e)
    }

    /// γ - sech²ρ = (sinh 2ρ - 2ρ)/(2ρ cosh²ρ), and sinh x - x is a series of positive terms:
    /// g' = -2 sech²ρ Σ (4r)^k/(2k+3)!, with nothing cancelling.
    fn derivative_near(&self, rho: &S) -> S {
        let r = rho.clone() * rho;
        let t = rho.tanh();
        let sech_squared = S::one() - t.clone() * t;
        -(S::from_int(2) * sech_squared * sinh_series(&(S::from_int(4) * r)))
    }

    /// 4 r² cosh³ρ g'' = 3 sinh ρ cosh²ρ/ρ - 3 cosh ρ - 2ρ sinh ρ, whose series begins with r² and has positive
    /// coefficients: see [`bend_series`].
    fn second_derivative_near(&self, rho: &S) -> S {
        let r = rho.clone() * rho;
        let t = rho.tanh();
        let sech_squared = S::one() - t.clone() * t;
        let sech_cubed = sech_squared.sqrt() * sech_squared;
        sech_cubed * bend_series(&r) / S::from_int(4)
    }

    fn stretch(&self, rho: &S) -> S {
        let q = S::one() / rho;
        sech_squared_outward(rho) - rho.tanh() * q
    }

    /// ρσ'' - 3σ' + 3γ = 3γ - sech²ρ (3 + 2ρ tanh ρ), which loses three bits at ρ = 1 and none far out.
    fn bend(&self, rho: &S) -> S {
        let (sech_squared, tanh) = (sech_squared_outward(rho), rho.tanh());
        if sech_squared.is_zero() {
            return S::from_int(3) * tanh / rho;
        }
        let twice = tanh.clone() * rho * S::from_int(2);
        S::from_int(3) * tanh / rho - sech_squared * (S::from_int(3) + twice)
    }

    fn third(&self, rho: &S) -> S {
        let mut none: [S; 0] = [];
        let value = self.activate(&(rho.clone() * rho), &mut none);
        third_of_stieltjes(rho, value, Some(ratio(1, 3)))
    }
}

impl<E: Endpoint> Enclosed<E> for Tanh {
    fn image(&self, r: &Interval<E>) -> Interval<E> {
        span(r, value_at, Interval::zero())
    }

    fn derivative_image(&self, r: &Interval<E>) -> Interval<E> {
        span(r, derivative_at, Interval::zero())
    }
}

/// sech²ρ for ρ > 1 through e^(-2ρ), which no rounding of tanh ρ near 1 spoils.
fn sech_squared_outward<S: Real>(rho: &S) -> S {
    let e = (-(rho.clone() + rho)).exp();
    let d = S::one() + &e;
    S::from_int(4) * e / (d.clone() * d)
}

/// (sinh x - x)/x³ = Σ_k q^k/(2k+3)! with q = x², for 0 ≤ q ≤ 4.
fn sinh_series<S: Real>(q: &S) -> S {
    let mut term = S::one() / S::from_int(6);
    let mut sum = term.clone();
    // Below u of the sum after p/4 terms at the latest: each is less than 1/5 of the one before.
    for k in 0..i64::from(S::precision().unwrap_or(0)) {
        term = term * q / S::from_int((2 * k + 4) * (2 * k + 5));
        if term <= sum.clone() * S::unit_roundoff() {
            break;
        }
        sum += &term;
    }
    sum
}

/// Σ_{k≥2} c_k r^{k-2}/(2k+1)! with c_k = ¾(3^{2k+1} + 1) - (2k+1)(4k+3), for 0 ≤ r ≤ 1.
///
/// c_2 = 128, c_3 = 1536, and c_{k+1} ≤ 12 c_k, so each term is less than 2/5 of the one before. c_k is an integer
/// and formed without a rounding as long as it has fewer than p bits; beyond, the two parts differ by so much
/// that nothing cancels.
fn bend_series<S: Real>(r: &S) -> S {
    // 3^{2k+1}/(2k+1)! · r^{k-2}, and 1/(2k+1)! · r^{k-2}.
    let (mut power, mut small) = (ratio::<S>(243, 120), ratio::<S>(1, 120));
    let mut sum = ratio::<S>(128, 120);
    for k in 3..i64::from(S::precision().unwrap_or(0)) + 3 {
        let step = r.clone() / S::from_int((2 * k) * (2 * k + 1));
        power = power * S::from_int(9) * &step;
        small *= &step;
        let rest = S::from_int(3) / S::from_int(4) - S::from_int((2 * k + 1) * (4 * k + 3));
        let term = S::from_int(3) * &power / S::from_int(4) + small.clone() * rest;
        if term <= sum.clone() * S::unit_roundoff() {
            break;
        }
        sum += &term;
    }
    sum
}

/// g at a point r ≥ 0: ρ is known to an ulp, and the quotient falls with it.
fn value_at<E: Endpoint>(r: &Interval<E>) -> Interval<E> {
    let rho = r.sqrt();
    let at = |rho: &E| {
        let rho = Interval::point(rho.clone());
        if rho.is_zero() {
            Interval::one()
        } else {
            rho.tanh() / rho
        }
    };
    let bounds = Interval::zero().hull(&Interval::one());
    let value = at(rho.lo()).hull(&at(rho.hi()));
    value.intersection(&bounds).unwrap_or_else(Interval::none)
}

/// Guard bits of [`derivative_at`].
const GUARD_BITS: u32 = 40;

/// g' = -N / (2ρ³), N = tanh ρ - ρ sech² ρ, at a point r ≥ 0.
///
/// N loses two bits for every halving of ρ. It is therefore formed to nearest with q = p + 2e + 40 bits
/// where 2^-e ≤ ρ: each of its eight roundings moves it by at most 2^-q ρ (ρ ≤ 1; 2^-q for ρ > 1), and N ≥ ρ³/3
/// (1/3), because N/ρ³ = 2|g'| falls from 2/3 to 0.34 at ρ = 1 and N rises. So the relative error is below 24 ·
/// 2^(2e-q) ≤ 2^(5-p-40), far less than the factor 1 ± 2^(-p-30) by which the quotient is widened. For r below
/// 2^(-p-8) the first two terms of the Taylor series differ by less than an ulp.
fn derivative_at<E: Endpoint>(r: &Interval<E>) -> Interval<E> {
    let bits = E::precision().unwrap_or(53);
    let third = Interval::<E>::from_int(-1) / Interval::from_int(3);
    let exponent = r.lo().exponent();
    if exponent.is_none_or(|e| e < -i64::from(bits) - 8) {
        let slope = Interval::from_int(4) / Interval::from_int(15);
        return third.hull(&(third.clone() + slope * r));
    }
    let lost = exponent.map_or(0, |e| (1 - e).max(0)) as u32;
    let wide = bits + lost + GUARD_BITS;
    let rho = Float::with_val(wide, r.lo().to_float()).sqrt();
    let (tanh, sech) = (rho.clone().tanh(), rho.clone().sech());
    let numerator = tanh - sech.square() * &rho;
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
