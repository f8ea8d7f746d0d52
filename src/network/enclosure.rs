//! Networks on intervals: gains, their derivatives and the activation, enclosed.
//!
//! Every gain is monotone in r ≥ 0, and so is its derivative (piecewise for the soft threshold). The
//! image of an interval is therefore spanned by the images of its endpoints, each bounded from the outside;
//! r < 0, which outward rounding may bring, is cut off. Why they are monotone:
//!
//! * *Tanh.* tanh ρ / ρ = Σ_{k≥1} 2/(a_k + r) with a_k = (k - ½)² π², the partial fractions of tanh. Each
//!   term falls and is convex for r ≥ 0, so g falls and g' = -Σ 2/(a_k + r)² rises to 0. More: the
//!   derivatives alternate in sign, so that Taylor polynomials at 0 bound g' in turn from below
//!   and above: -1/3 ≤ g'(r) ≤ -1/3 + 4r/15.
//! * *Algebraic*, *rational*, *rational tanh-like*: g' = -½(1+r)^{-3/2}, -(1+r)^{-2}, -75(15+6r)^{-2}.
//! * *Soft threshold.* g rises: 0 up to ρ = t, then 1 - t/ρ. g' is 0 below and t/(2ρ³) above, which falls;
//!   an interval that contains t² gets every slope between, [0, 1/(2t²)], so that the mean value theorem
//!   holds across the kink.

use std::cmp::Ordering;

use num_traits::{One, Zero};
use rand::Rng;
use rug::Float;

use super::{Derivative, Gain, Scalar};
use crate::{
    error::Error,
    linalg::{Matrix, cayley},
    scalar::{
        Field, Rational,
        interval::{Endpoint, Interval, Toward, sum_of_squares},
    },
};

/// What can leave a hidden layer; the upper endpoints are the bounds.
#[derive(Clone, Debug)]
pub struct Reached<E> {
    /// γ.
    pub gain: Interval<E>,
    /// ‖h‖.
    pub activation: Interval<E>,
    /// ‖(h, γ)‖.
    pub joint: Interval<E>,
}

/// Guard bits of the derivative of tanh: see [`tanh_derivative`].
const GUARD_BITS: u32 = 40;

impl<E: Endpoint> Gain<Interval<E>> {
    /// {g(r) : r in the interval, r ≥ 0}; no interval if no r ≥ 0 is in it.
    pub fn enclose(&self, r: &Interval<E>) -> Interval<E> {
        self.span(r, |r| self.value_at(r), self.limit())
    }

    /// {g'(r)}, g' = dg/dr, over the r ≥ 0 of the interval; at the kink of the soft threshold every slope
    /// between those on its sides. So g(a) - g(b) = s (a - b) with s in the enclosure, for all a, b in r.
    pub fn enclose_derivative(&self, r: &Interval<E>) -> Interval<E> {
        let outside = r.is_none() || r.hi() < &E::zero();
        if let (Gain::SoftThreshold { t }, false) = (self, outside) {
            let kink = t.square();
            if r < &kink {
                return Interval::zero();
            }
            if r.partial_cmp(&kink) != Some(Ordering::Greater) {
                return Interval::zero().hull(&(Interval::one() / (kink.clone() + kink)));
            }
        }
        self.span(r, |r| self.derivative_at(r), Interval::zero())
    }

    /// Contains G = sup |dγ/dρ|.
    pub fn steepness(&self) -> Interval<E> {
        let root = |n: i64, p: i64, q: i64| {
            Interval::from_int(n).sqrt() * Interval::from_int(p) / Interval::from_int(q)
        };
        match self {
            Gain::Tanh => Interval::from_int(34_341_956) / Interval::from_int(100_000_000),
            Gain::Algebraic => root(3, 2, 9),
            Gain::Rational => root(3, 3, 8),
            Gain::RationalTanh => root(30, 1, 16),
            Gain::SoftThreshold { t } => Interval::one() / t,
            Gain::Linear => Interval::zero(),
        }
    }

    /// Contains P, the Lipschitz constant of z ↦ (h, γ).
    pub fn joint_lipschitz(&self) -> Interval<E> {
        match self {
            Gain::SoftThreshold { t } => (Interval::one() + Interval::one() / t.square()).sqrt(),
            _ => Interval::one(),
        }
    }

    /// Contains a Lipschitz constant of f_o for every o of the interval: g(o), or K = 1 for the gains that
    /// do not fall.
    pub fn lipschitz_at(&self, length_squared: &Interval<E>) -> Interval<E> {
        match self {
            Gain::SoftThreshold { .. } | Gain::Linear => Interval::one(),
            _ => self.enclose(length_squared),
        }
    }

    /// τ² = 3/(2D): z ↦ (h, τγ) has the Lipschitz constant g(o), for every o ≥ 0. Proved for all four
    /// gains in `proofs/tau.md`; `None` for the others.
    pub fn tau_squared(&self) -> Option<Interval<E>> {
        let half = |n: i64| Interval::from_int(n) / Interval::from_int(2);
        match self {
            Gain::Tanh | Gain::RationalTanh => Some(half(9)),
            Gain::Algebraic => Some(half(6)),
            Gain::Rational => Some(half(3)),
            Gain::SoftThreshold { .. } | Gain::Linear => None,
        }
    }

    /// Upper bounds on γ, ‖h‖ and ‖(h, γ)‖ for ‖z‖ ≤ `size`.
    ///
    /// γ ≤ g(o) for the gains that fall. ‖h‖ = s g(s² + o) with s = ‖z‖ rises with s, as the radial eigenvalue
    /// of the activation is positive, but for 1/(1+r), where it is at most 1/(2√(1+o)). The joint
    /// norm has suprema of its own: 1.0880606 for tanh, 1 for algebraic and rational.
    pub fn reach_at(&self, length_squared: &Interval<E>, size: &Interval<E>) -> Reached<E> {
        // The largest ‖z‖ is what counts; the lower endpoint of a bound says nothing.
        let size = &Interval::point(size.hi().clone());
        let r = size.square() + length_squared;
        let gain = match self {
            Gain::SoftThreshold { .. } | Gain::Linear => self.enclose(&r),
            _ => self.enclose(length_squared),
        };
        let activation = match self {
            Gain::Rational => {
                let root = (Interval::one() + length_squared).sqrt();
                Interval::smaller(
                    gain.clone() * size,
                    Interval::one() / (Interval::from_int(2) * root),
                )
            }
            _ => self.enclose(&r) * size,
        };
        let uniform = match self {
            Gain::Tanh => Some(Interval::from_int(10_880_606) / Interval::from_int(10_000_000)),
            Gain::Algebraic | Gain::Rational => Some(Interval::one()),
            _ => None,
        };
        // h = tanh ρ (z/ρ) stays in the unit ball however wide the enclosure of γ is.
        let activation = match self {
            Gain::Tanh | Gain::Algebraic => Interval::smaller(activation, Interval::one()),
            _ => activation,
        };
        let joint = sum_of_squares(&[activation.clone(), gain.clone()]).sqrt();
        let joint = match uniform {
            Some(uniform) => Interval::smaller(joint, uniform),
            None => joint,
        };
        Reached {
            gain,
            activation,
            joint,
        }
    }

    /// The image of r ∩ [0, ∞) under a function that is monotone there: the hull of its values at both
    /// ends, `limit` being that at ∞.
    fn span(
        &self,
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

    /// g(∞).
    fn limit(&self) -> Interval<E> {
        match self {
            Gain::Tanh | Gain::Algebraic | Gain::Rational => Interval::zero(),
            Gain::RationalTanh => Interval::one() / Interval::from_int(6),
            Gain::SoftThreshold { .. } | Gain::Linear => Interval::one(),
        }
    }

    /// g at a point r ≥ 0.
    fn value_at(&self, r: &Interval<E>) -> Interval<E> {
        let one = Interval::<E>::one;
        match self {
            Gain::Tanh => {
                // ρ is known to an ulp; the quotient falls with it.
                let rho = r.sqrt();
                let at = |rho: &E| {
                    let rho = Interval::point(rho.clone());
                    if rho.is_zero() {
                        one()
                    } else {
                        rho.tanh() / rho
                    }
                };
                let bounds = Interval::zero().hull(&one());
                let value = at(rho.lo()).hull(&at(rho.hi()));
                value.intersection(&bounds).unwrap_or_else(Interval::none)
            }
            Gain::Algebraic => one() / (one() + r).sqrt(),
            Gain::Rational => one() / (one() + r),
            // (15 + r)/(15 + 6r) = 1/6 + (25/2)/(15 + 6r), where r occurs once.
            Gain::RationalTanh => {
                let six = Interval::from_int(6);
                let fall =
                    Interval::from_int(25) / (Interval::from_int(30) + Interval::from_int(12) * r);
                one() / six + fall
            }
            Gain::SoftThreshold { t } if r < &t.square() => Interval::zero(),
            Gain::SoftThreshold { t } => {
                Interval::larger(one() - t.clone() / r.sqrt(), Interval::zero())
            }
            Gain::Linear => one(),
        }
    }

    /// g' at a point r ≥ 0, above the kink for the soft threshold.
    fn derivative_at(&self, r: &Interval<E>) -> Interval<E> {
        let one = Interval::<E>::one;
        match self {
            Gain::Tanh => tanh_derivative(r),
            Gain::Algebraic => {
                let s = one() + r;
                -(one() / (Interval::from_int(2) * &s * s.sqrt()))
            }
            Gain::Rational => -(one() / (one() + r).square()),
            Gain::RationalTanh => {
                let s = Interval::from_int(15) + Interval::from_int(6) * r;
                -(Interval::from_int(75) / s.square())
            }
            Gain::SoftThreshold { t } => t.clone() / (Interval::from_int(2) * r * r.sqrt()),
            Gain::Linear => Interval::zero(),
        }
    }
}

/// d/dr tanh √r / √r = -N / (2ρ³), N = tanh ρ - ρ sech² ρ, at a point r ≥ 0.
///
/// N loses two bits for every halving of ρ. It is therefore formed to nearest with q = p + 2e + 40 bits
/// where 2^-e ≤ ρ: each of its eight roundings moves it by at most 2^-q ρ (ρ ≤ 1; 2^-q for ρ > 1), and N ≥ ρ³/3
/// (1/3), because N/ρ³ = 2|g'| falls from 2/3 to 0.34 at ρ = 1 and N rises. So the relative error is below 24 ·
/// 2^(2e-q) ≤ 2^(5-p-40), far less than the factor 1 ± 2^(-p-30) by which the quotient is widened. For r below
/// 2^(-p-8) the first two terms of the Taylor series differ by less than an ulp.
fn tanh_derivative<E: Endpoint>(r: &Interval<E>) -> Interval<E> {
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
