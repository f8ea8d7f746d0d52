//! Intervals: sets of reals that a computation provably contains.
//!
//! [`Interval`] is a closed set {x ∈ ℝ : lo ≤ x ≤ hi} with lo ≤ hi. Every operation is *outward*: the
//! result contains f(x, y) for all x and y of its operands, with lower endpoints rounded down and upper
//! ones up. Nothing is ever rounded to nearest on the way.
//!
//! | what | how it is held | meaning |
//! |---|---|---|
//! | a number | lo = hi | a *point* |
//! | a bounded set | lo ≤ hi finite | |
//! | an unbounded set | lo = -∞, hi = +∞, or both | ±∞ themselves are not members |
//! | no interval | both endpoints NaN | the result of an operation that is defined nowhere on its operands: √[-2, -1], 1/\[0, 0\]. It says nothing, contains nothing, compares with nothing, and whatever it enters becomes one |
//!
//! There is no empty interval: where one would arise, the result is *no interval*, and
//! [`Interval::intersection`] gives `None`. Inverted and NaN endpoints are refused by
//! [`Interval::new`]. An operation that is defined on a part of its operands takes that part:
//! √[-1, 4] = [0, 2]; division by an interval that contains 0 gives the whole line.
//!
//! Comparisons hold for *all* members: a < b means hi(a) < lo(b), a = b that both are the same point;
//! so neither a < b nor a ≥ b is common, and code that branches must handle both failing.
//!
//! `Interval<Mp<BITS>>` is the one to trust with anything; `Interval<f64>` is far faster, wide
//! as two ulps an operation, and becomes unbounded where f64 overflows. As for any interval arithmetic a
//! variable that occurs twice is taken to vary twice; [`Interval::square`] is there for that reason.
//!
//! # Laws
//!
//! `tests/it/scalar/interval_laws.rs` checks every operation for *containment* of the exact result over ℚ (of
//! members drawn from the operands, endpoints included), every function for containment of the same
//! interval computed with twice the precision, *isotonicity* (smaller operands give a contained result)
//! and *tightness* (points give results of a few ulps), with controls that round inward.

mod endpoint;
mod field;
mod product;
mod real;

use std::{cmp::Ordering, fmt};

pub use endpoint::{Endpoint, Toward};
pub use real::{norm, sum_of_squares};
use thiserror::Error;

use super::{Mp, Rational};

/// A closed interval of reals, or no interval. See the [module](self).
#[derive(Clone, PartialEq)]
pub struct Interval<E> {
    lo: E,
    hi: E,
}

/// The intervals that certificates are computed in.
pub type Enclosure = Interval<Mp<256>>;

/// Endpoints that bound no interval.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum IntervalError {
    /// lo > hi.
    #[error("[{lo}, {hi}] is inverted: the lower endpoint comes first")]
    Inverted {
        /// The lower endpoint given.
        lo: String,
        /// The upper endpoint given.
        hi: String,
    },
    /// An endpoint is NaN, or both are the same infinity.
    #[error(
        "[{lo}, {hi}] contains no real number; endpoints are numbers, with -∞ and ∞ for no bound"
    )]
    Empty {
        /// The lower endpoint given.
        lo: String,
        /// The upper endpoint given.
        hi: String,
    },
}

impl<E: Endpoint> Interval<E> {
    /// [lo, hi].
    ///
    /// # Errors
    /// [`IntervalError`] unless lo ≤ hi, lo < ∞ and hi > -∞.
    pub fn new(lo: E, hi: E) -> Result<Self, IntervalError> {
        let shown = || (format!("{lo:?}"), format!("{hi:?}"));
        let infinity = E::one() / E::zero();
        match lo.partial_cmp(&hi) {
            Some(Ordering::Greater) => {
                let (lo, hi) = shown();
                Err(IntervalError::Inverted { lo, hi })
            }
            Some(_) if lo < infinity && hi > -infinity.clone() => Ok(Interval { lo, hi }),
            _ => {
                let (lo, hi) = shown();
                Err(IntervalError::Empty { lo, hi })
            }
        }
    }

    /// {x}; no interval for a NaN, and the reals beyond the largest number for an infinity, which stands
    /// for an overflow.
    pub fn point(x: E) -> Self {
        if x.is_finite() {
            return Interval {
                lo: x.clone(),
                hi: x,
            };
        }
        if x.partial_cmp(&x).is_none() {
            return Self::none();
        }
        let whole = Self::whole();
        if x.above_zero() {
            Interval {
                lo: E::zero(),
                hi: whole.hi,
            }
        } else {
            Interval {
                lo: whole.lo,
                hi: E::zero(),
            }
        }
    }

    /// Endpoints that are known to be in order.
    fn of(lo: E, hi: E) -> Self {
        debug_assert!(lo <= hi || lo.partial_cmp(&lo).is_none());
        Interval { lo, hi }
    }

    /// All reals.
    pub fn whole() -> Self {
        let infinity = E::one() / E::zero();
        Interval {
            lo: -infinity.clone(),
            hi: infinity,
        }
    }

    /// No interval.
    pub fn none() -> Self {
        let nan = E::from_f64(f64::NAN);
        Interval {
            lo: nan.clone(),
            hi: nan,
        }
    }

    /// The smallest interval that contains a rational.
    pub fn enclosing(q: &Rational) -> Self {
        Self::of(
            E::from_rational_toward(q, Toward::Down),
            E::from_rational_toward(q, Toward::Up),
        )
    }

    /// [-radius, radius], for the larger endpoint of a radius ≥ 0.
    pub fn symmetric(radius: &Self) -> Self {
        if radius.is_none() {
            return Self::none();
        }
        let hi = E::larger(radius.hi.clone(), E::zero());
        Interval {
            lo: -hi.clone(),
            hi,
        }
    }

    /// The lower endpoint.
    pub fn lo(&self) -> &E {
        &self.lo
    }

    /// The upper endpoint.
    pub fn hi(&self) -> &E {
        &self.hi
    }

    /// Whether this is no interval.
    pub fn is_none(&self) -> bool {
        self.lo.partial_cmp(&self.hi).is_none()
    }

    /// Whether this is one number.
    pub fn is_point(&self) -> bool {
        self.lo == self.hi
    }

    /// Whether x is a member.
    pub fn contains(&self, x: &E) -> bool {
        x.is_finite() && self.lo <= *x && *x <= self.hi
    }

    /// Whether a rational is a member.
    pub fn contains_rational(&self, q: &Rational) -> bool {
        let below = |e: &E| e.to_rational().map_or_else(|| e.below_zero(), |e| e <= *q);
        let above = |e: &E| e.to_rational().map_or_else(|| e.above_zero(), |e| e >= *q);
        below(&self.lo) && above(&self.hi)
    }

    /// Whether every member of `other` is one of this.
    pub fn contains_interval(&self, other: &Self) -> bool {
        self.lo <= other.lo && other.hi <= self.hi
    }

    /// The common members, `None` if there are none.
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        let lo = if self.lo >= other.lo {
            &self.lo
        } else {
            &other.lo
        };
        let hi = if self.hi <= other.hi {
            &self.hi
        } else {
            &other.hi
        };
        (!self.is_none() && !other.is_none() && lo <= hi).then(|| Self::of(lo.clone(), hi.clone()))
    }

    /// The smallest interval that contains both; no interval if one is none.
    pub fn hull(&self, other: &Self) -> Self {
        if self.is_none() || other.is_none() {
            return Self::none();
        }
        let lo = if self.lo <= other.lo {
            &self.lo
        } else {
            &other.lo
        };
        let hi = if self.hi >= other.hi {
            &self.hi
        } else {
            &other.hi
        };
        Self::of(lo.clone(), hi.clone())
    }

    /// max |x| over the members: a bound on the magnitude, NaN for no interval.
    pub fn magnitude(&self) -> E {
        E::larger(self.lo.abs(), self.hi.abs())
    }

    /// A number near the middle; 0 for the whole line.
    pub fn midpoint(&self) -> E {
        let half = E::from_f64(0.5);
        match (self.lo.is_finite(), self.hi.is_finite()) {
            (true, true) => self.lo.clone() * &half + self.hi.clone() * half,
            (true, false) => self.lo.clone(),
            (false, true) => self.hi.clone(),
            (false, false) => self.lo.clone() + &self.hi,
        }
    }

    /// A bound on the distance of every member from the [midpoint](Self::midpoint).
    pub fn radius(&self) -> E {
        let middle = self.midpoint();
        let up = self.hi.add_toward(&-middle.clone(), Toward::Up);
        let down = middle.add_toward(&-self.lo.clone(), Toward::Up);
        E::larger(up, down)
    }

    /// The lower of the two, member by member: contains min(x, y).
    pub fn smaller(a: Self, b: Self) -> Self {
        if a.is_none() || b.is_none() {
            return Self::none();
        }
        let lo = if a.lo <= b.lo { a.lo } else { b.lo };
        let hi = if a.hi <= b.hi { a.hi } else { b.hi };
        Self::of(lo, hi)
    }

    /// The same numbers in intervals of other endpoints.
    pub fn convert<F: Endpoint>(&self) -> Interval<F> {
        if self.is_none() {
            return Interval::none();
        }
        Interval::of(
            F::from_float_toward(&self.lo.to_float(), Toward::Down),
            F::from_float_toward(&self.hi.to_float(), Toward::Up),
        )
    }
}

impl<E: fmt::Display> fmt::Display for Interval<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}, {}]", self.lo, self.hi)
    }
}

impl<E: fmt::Debug> fmt::Debug for Interval<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{:?}, {:?}]", self.lo, self.hi)
    }
}

/// a < b if every member of a is below every member of b; equal only as the same point.
impl<E: Endpoint> PartialOrd for Interval<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        if self.hi < other.lo {
            Some(Ordering::Less)
        } else if self.lo > other.hi {
            Some(Ordering::Greater)
        } else if self.is_point() && self == other {
            Some(Ordering::Equal)
        } else {
            None
        }
    }
}
