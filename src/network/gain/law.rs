//! What a gain's file states, one small trait for each arithmetic, and what those files share.
//!
//! No method has a default: a gain that leaves something out does not compile.

use super::Properties;
use crate::scalar::{
    Field, Real,
    interval::{Endpoint, Interval},
};

/// A field with square roots: rounded ([`Real`]) or enclosed ([`Interval`]). What constants are written in,
/// so that they are stated once and have a plain and an enclosed value.
pub trait Rooted: Field {
    /// √a for a ≥ 0.
    fn root(&self) -> Self;
}

impl<S: Real> Rooted for S {
    fn root(&self) -> Self {
        self.sqrt()
    }
}

impl<E: Endpoint> Rooted for Interval<E> {
    fn root(&self) -> Self {
        self.sqrt()
    }
}

/// The constants and properties of a gain.
pub(super) trait Declared<N: Rooted> {
    fn properties(&self) -> Properties<N>;
}

/// g as a quotient of polynomials in r, over any field, `None` for a gain that is not rational; and what kind of function it is.
pub(super) trait Exact<S: Field> {
    /// Whether g is algebraic where it is smooth: what a network with it computes is algebraic there, too.
    fn is_algebraic(&self) -> bool;
    /// κ ≥ 1 where g(r) = (1+r)^(-κ/2): then B8's scalings leave a function as it is.
    fn power(&self) -> Option<u32>;
    /// Numerator and denominator at r.
    fn fraction(&self, r: &S) -> Option<(S, S)>;
    /// g'(r).
    fn derivative(&self, r: &S) -> Option<S>;
    /// g''(r).
    fn second_derivative(&self, r: &S) -> Option<S>;
}

/// g in floating point.
pub(super) trait Rounded<S: Real> {
    /// z ← γ z and γ, as [`Scalar::activate`](crate::network::Scalar::activate) promises.
    fn activate(&self, length_squared: &S, z: &mut [S]) -> S;
    /// g'(r) at r = ρ² for ρ ≤ 1, where r cannot overflow.
    fn derivative_near(&self, rho: &S) -> S;
    /// g''(r) at r = ρ² for ρ ≤ 1.
    fn second_derivative_near(&self, rho: &S) -> S;
    /// 2 r g'(r) = ρ dγ/dρ = σ'(ρ) - γ for ρ > 1 (with a kink: ρ > 0), at most of the size of γ.
    fn stretch(&self, rho: &S) -> S;
    /// 4 r² g''(r) for ρ > 1 (with a kink: ρ > 0), at most of the size of γ.
    fn bend(&self, rho: &S) -> S;
    /// A bound on the third derivative of t ↦ f(z + t d), ‖d‖ = 1, wherever √(‖z‖² + o) ≥ ρ.
    fn third(&self, rho: &S) -> S;
}

/// g on intervals.
pub(super) trait Enclosed<E: Endpoint> {
    /// {g(r) : r in the interval, r ≥ 0}.
    fn image(&self, r: &Interval<E>) -> Interval<E>;
    /// {g'(r)}, with every slope between those on the sides of a kink.
    fn derivative_image(&self, r: &Interval<E>) -> Interval<E>;
}

/// The image of r ∩ [0, ∞) under a function that is monotone there: the hull of its values at both
/// ends, `limit` being that at ∞.
pub(super) fn span<E: Endpoint>(
    r: &Interval<E>,
    f: impl Fn(&Interval<E>) -> Interval<E>,
    limit: Interval<E>,
) -> Interval<E> {
    if r.is_none() || r.hi() < &E::zero() {
        return Interval::none();
    }
    let below = f(&Interval::point(E::larger(r.lo().clone(), E::zero())));
    if !r.hi().is_finite() {
        below.hull(&limit)
    } else if r.is_point() {
        below
    } else {
        below.hull(&f(&Interval::point(r.hi().clone())))
    }
}

/// A pre-activation in a unit in which r has no ends of the range to fear.
///
/// With 2^e ≤ max(|z_i|, √o, c) < 2^{e+1} and ẑ = z/2^e, ô = o/4^e, everything is a function of
/// q = ‖ẑ‖² + ô, which is of order one, and of e. c = 1 for the gains with a natural unit, where the
/// exponent is then never negative, and 0 for the others.
pub(super) struct Scaled<S> {
    /// ‖ẑ‖² + ô.
    pub q: S,
    /// The exponent of the unit.
    pub e: i64,
}

impl<S: Real> Scaled<S> {
    /// `None` if r = 0 and there is no natural unit.
    pub fn of(length_squared: &S, z: &[S], natural_unit: bool) -> Option<Self> {
        let of_length = length_squared.exponent().map(|e| e.div_euclid(2));
        let of_unit = natural_unit.then_some(0);
        let e = S::largest_exponent(z).max(of_length).max(of_unit)?;
        let q = S::sum_of_scaled_squares(z, -e) + Self::squared(length_squared, e);
        Some(Scaled { q, e })
    }

    /// 4^-e, the 1 of 1 + r in the scaled unit.
    pub fn one(&self) -> S {
        Self::squared(&S::one(), self.e)
    }

    /// h = factor · 2^k · ẑ for the z that this was made of, with a factor of order one.
    pub fn write(&self, z: &mut [S], factor: &S, k: i64) {
        S::scale_after_power_of_two(z, -self.e, factor);
        if k != 0 {
            S::scale_all_by_power_of_two(z, k);
        }
    }

    /// x/4^e, in two steps: 4^e itself may be out of range.
    fn squared(x: &S, e: i64) -> S {
        x.scale_by_power_of_two(-e).scale_by_power_of_two(-e)
    }
}

/// The bound of [`Rounded::third`] for a Stieltjes function g = c + ∫ dμ(a)/(r+a), μ ≥ 0.
///
/// Along a line of unit direction |f'''| ≤ 8 r²|g'''| + 24 r|g''| + 6|g'|. With r²/(r+a)⁴ ≤ 1/16a² and
/// r/(r+a)³ ≤ 4/27a² that is at most (3 + 64/9 + 6) ∫ dμ/a² = 145/9 |g'(0)|; with r/(r+a) ≤ 1 it is at most
/// 102 g(r)/r.
pub(super) fn third_of_stieltjes<S: Real>(rho: &S, value: S, d: Option<S>) -> S {
    let squared = rho.clone() * rho;
    let uniform = d.map(|d| S::from_int(145) / S::from_int(9) * d);
    let outward = if squared.is_zero() {
        S::one() / S::zero()
    } else {
        S::from_int(102) * value / squared
    };
    match uniform {
        Some(uniform) if outward >= uniform => uniform,
        Some(_) | None => outward,
    }
}
