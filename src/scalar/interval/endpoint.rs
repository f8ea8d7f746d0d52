//! What an endpoint must do beyond a [`Real`]: every operation rounded down or up.

use std::cmp::Ordering;

use rug::{Float, float::Round, ops::AddAssignRound, ops::AssignRound, ops::DivAssignRound};

use crate::scalar::{Mp, Rational, Real};

/// A direction of rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toward {
    /// Towards -∞.
    Down,
    /// Towards +∞.
    Up,
}

impl Toward {
    fn round(self) -> Round {
        match self {
            Toward::Down => Round::Down,
            Toward::Up => Round::Up,
        }
    }
}

/// Floats with directed rounding: the endpoints of an [`Interval`](super::Interval).
///
/// Every result is a bound on the exact one in the direction asked for: the next number at most for
/// [`Mp`], the next but one for `f64`, whose hardware rounds to nearest here. Operands are not NaN.
/// 0 times anything is 0, ∞ included, as products of sets of reals want it.
pub trait Endpoint: Real {
    /// Whether [`Field::product`](crate::scalar::Field::product) rounds every entry once; otherwise it rounds every product and every sum.
    const ROUNDS_PRODUCTS_ONCE: bool;

    /// The exponent of the smallest positive number, or of one that is larger than any underflow.
    const SMALLEST_EXPONENT: i64;

    /// 2^-e self for self ≥ 0, rounded up to an f64; anything where that is below the smallest normal one.
    fn scaled_above(&self, e: i64) -> f64;

    /// 2^e t for a finite t ≥ 0, rounded up.
    fn scaled_back(t: f64, e: i64) -> Self;

    /// self + b.
    fn add_toward(&self, b: &Self, toward: Toward) -> Self;

    /// self ← self + b.
    fn add_to(&mut self, b: &Self, toward: Toward);

    /// into ← self · b. The buffer spares an allocation.
    fn multiply_into(&self, b: &Self, toward: Toward, into: &mut Self);

    /// self / b for b ≠ 0.
    fn divide_toward(&self, b: &Self, toward: Toward) -> Self;

    /// The exact value as an MPFR float.
    fn to_float(&self) -> Float;

    /// An MPFR float rounded.
    fn from_float_toward(x: &Float, toward: Toward) -> Self;

    /// A rational rounded.
    fn from_rational_toward(q: &Rational, toward: Toward) -> Self;

    /// f(self) for one of MPFR's correctly rounded functions.
    fn function_toward(&self, toward: Toward, f: impl Fn(&mut Float, Round) -> Ordering) -> Self {
        let bits = Self::precision().unwrap_or(53);
        let mut x = self.to_float();
        x.set_prec_round(bits.max(x.prec()), Round::Nearest);
        f(&mut x, toward.round());
        Self::from_float_toward(&x, toward)
    }

    /// The product in a new number.
    fn multiply_toward(&self, b: &Self, toward: Toward) -> Self {
        let mut product = Self::zero();
        self.multiply_into(b, toward, &mut product);
        product
    }
}

impl<const BITS: u32> Endpoint for Mp<BITS> {
    const ROUNDS_PRODUCTS_ONCE: bool = true;
    const SMALLEST_EXPONENT: i64 = -(1 << 29);

    fn scaled_above(&self, e: i64) -> f64 {
        self.scale_by_power_of_two(-e).0.to_f64_round(Round::Up)
    }

    fn scaled_back(t: f64, e: i64) -> Self {
        Mp(Float::with_val_round(BITS, t, Round::Up).0).scale_by_power_of_two(e)
    }

    fn add_toward(&self, b: &Self, toward: Toward) -> Self {
        Mp(Float::with_val_round(BITS, &self.0 + &b.0, toward.round()).0)
    }

    fn add_to(&mut self, b: &Self, toward: Toward) {
        self.0.add_assign_round(&b.0, toward.round());
    }

    fn multiply_into(&self, b: &Self, toward: Toward, into: &mut Self) {
        if self.0.is_zero() || b.0.is_zero() {
            into.0.assign_round(0, Round::Nearest);
        } else {
            into.0.assign_round(&self.0 * &b.0, toward.round());
        }
    }

    fn divide_toward(&self, b: &Self, toward: Toward) -> Self {
        let mut quotient = self.0.clone();
        quotient.div_assign_round(&b.0, toward.round());
        Mp(quotient)
    }

    fn to_float(&self) -> Float {
        self.0.clone()
    }

    fn from_float_toward(x: &Float, toward: Toward) -> Self {
        Mp(Float::with_val_round(BITS, x, toward.round()).0)
    }

    fn from_rational_toward(q: &Rational, toward: Toward) -> Self {
        Mp(Float::with_val_round(BITS, &q.0, toward.round()).0)
    }
}

/// The neighbour of a result that was rounded to nearest. ∞ from an overflow stays on its own side:
/// the neighbour of ∞ downwards is the largest number.
fn neighbour(x: f64, toward: Toward) -> f64 {
    match toward {
        Toward::Down => x.next_down(),
        Toward::Up => x.next_up(),
    }
}

impl Endpoint for f64 {
    const ROUNDS_PRODUCTS_ONCE: bool = false;
    const SMALLEST_EXPONENT: i64 = -1074;

    fn scaled_above(&self, e: i64) -> f64 {
        self.scale_by_power_of_two(-e)
    }

    fn scaled_back(t: f64, e: i64) -> Self {
        let x = t.scale_by_power_of_two(e);
        // Scaling is exact but for underflow.
        if t > 0.0 && x < f64::MIN_POSITIVE {
            x.next_up()
        } else {
            x
        }
    }

    fn add_toward(&self, b: &Self, toward: Toward) -> Self {
        // Exact sums stay exact where it matters most: a zero term changes nothing.
        if *self == 0.0 {
            *b
        } else if *b == 0.0 || self.is_infinite() {
            *self
        } else if b.is_infinite() {
            *b
        } else {
            neighbour(self + b, toward)
        }
    }

    fn add_to(&mut self, b: &Self, toward: Toward) {
        *self = self.add_toward(b, toward);
    }

    fn multiply_into(&self, b: &Self, toward: Toward, into: &mut Self) {
        *into = if *self == 0.0 || *b == 0.0 {
            0.0
        } else if self.is_infinite() || b.is_infinite() {
            self * b
        } else {
            neighbour(self * b, toward)
        };
    }

    fn divide_toward(&self, b: &Self, toward: Toward) -> Self {
        if *self == 0.0 || self.is_infinite() || b.is_infinite() {
            self / b
        } else {
            neighbour(self / b, toward)
        }
    }

    fn to_float(&self) -> Float {
        Float::with_val(53, *self)
    }

    fn from_float_toward(x: &Float, toward: Toward) -> Self {
        x.to_f64_round(toward.round())
    }

    fn from_rational_toward(q: &Rational, toward: Toward) -> Self {
        // Two roundings in one direction are one.
        Float::with_val_round(64, &q.0, toward.round())
            .0
            .to_f64_round(toward.round())
    }
}
