//! A number that knows how far rounding may have moved it, to first order.
//!
//! Generic code that is run in [`Running`] instead of a floating-point scalar bounds the rounding errors of everything it
//! computes, gradients and steps of training included: each operation passes on the errors of its operands through its
//! derivative, in absolute value, and adds its own. Errors are in units of u, so that one run serves every precision; a
//! parameter that was itself computed comes with an error of its own ([`Running::with_error`]).
//!
//! ```text
//! e(a ± b) = e_a + e_b + |a ± b|             e(√a) = e_a/(2√a) + √a
//! e(a b)   = |a| e_b + |b| e_a + |a b|       e(exp a) = exp(a) (e_a + 2)
//! e(a / b) = (e_a + |a/b| e_b)/|b| + |a/b|   e(ln a) = e_a/|a| + 2 |ln a|,   e(tanh a) = (1 - tanh² a) e_a + 4 |tanh a|
//! ```
//!
//! What is of second order is (e u)² and left out: whoever uses the bound doubles it, and does not use it where e u
//! is not small. √a for a = 0 with an error has no derivative: its error is infinite.

use std::{
    cmp::Ordering,
    fmt,
    ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign},
};

use num_traits::{Num, One, Signed, Zero};

use crate::scalar::{Field, Rational, Real};

/// A value with a bound on its rounding error in units of u.
#[derive(Clone, Copy, Debug)]
pub struct Running {
    value: f64,
    error: f64,
}

impl Running {
    /// A value that is off by at most `error` units of u.
    pub fn with_error(value: f64, error: f64) -> Self {
        Running { value, error }
    }

    /// The bound, in units of u.
    pub fn error(self) -> f64 {
        self.error
    }

    /// The result of an operation: what the operands' errors make of it, and `own` roundings.
    fn rounded(value: f64, inherited: f64, own: f64) -> Self {
        Running {
            value,
            error: inherited + own * value.abs(),
        }
    }
}

/// 0 · ∞ = 0: what does not depend on a number does not mind its error.
fn times(a: f64, b: f64) -> f64 {
    if a == 0.0 || b == 0.0 { 0.0 } else { a * b }
}

/// An operator in its four forms, from the one between values.
macro_rules! operator {
    ($op:ident $method:ident $assign:ident $assign_method:ident, $body:expr) => {
        impl $op for Running {
            type Output = Self;
            fn $method(self, rhs: Self) -> Self {
                let apply: fn(Running, Running) -> Running = $body;
                apply(self, rhs)
            }
        }
        impl $op<&Running> for Running {
            type Output = Self;
            fn $method(self, rhs: &Self) -> Self {
                $op::$method(self, *rhs)
            }
        }
        impl $assign for Running {
            fn $assign_method(&mut self, rhs: Self) {
                *self = $op::$method(*self, rhs);
            }
        }
        impl $assign<&Running> for Running {
            fn $assign_method(&mut self, rhs: &Self) {
                *self = $op::$method(*self, *rhs);
            }
        }
    };
}

operator!(Add add AddAssign add_assign, |a, b| {
    // x + 0 is not rounded.
    let own = f64::from(u8::from(a.value != 0.0 && b.value != 0.0));
    Running::rounded(a.value + b.value, a.error + b.error, own)
});
operator!(Sub sub SubAssign sub_assign, |a, b| a + -b);
operator!(Mul mul MulAssign mul_assign, |a, b| {
    let inherited = times(a.value.abs(), b.error) + times(b.value.abs(), a.error);
    Running::rounded(a.value * b.value, inherited, 1.0)
});
operator!(Div div DivAssign div_assign, |a, b| {
    let value = a.value / b.value;
    let inherited = (a.error + times(value.abs(), b.error)) / b.value.abs();
    Running::rounded(value, inherited, 1.0)
});
// The quotient's integer part is taken for exact.
operator!(Rem rem RemAssign rem_assign, |a, b| {
    let whole = (a.value / b.value).trunc();
    Running::rounded(a.value % b.value, a.error + times(whole.abs(), b.error), 1.0)
});

impl Neg for Running {
    type Output = Self;
    fn neg(self) -> Self {
        Running {
            value: -self.value,
            error: self.error,
        }
    }
}

impl PartialEq for Running {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl PartialOrd for Running {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
}

impl fmt::Display for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ± {} u", self.value, self.error)
    }
}

impl Zero for Running {
    fn zero() -> Self {
        Running::with_error(0.0, 0.0)
    }
    fn is_zero(&self) -> bool {
        self.value == 0.0
    }
}

impl One for Running {
    fn one() -> Self {
        Running::with_error(1.0, 0.0)
    }
}

impl Num for Running {
    type FromStrRadixErr = <Rational as Num>::FromStrRadixErr;

    /// `p` or `p/q` in the given radix (2 to 36), rounded once.
    fn from_str_radix(text: &str, radix: u32) -> Result<Self, Self::FromStrRadixErr> {
        Ok(Running::from_rational(&Rational::from_str_radix(
            text, radix,
        )?))
    }
}

impl Signed for Running {
    fn abs(&self) -> Self {
        Running::with_error(self.value.abs(), self.error)
    }
    fn abs_sub(&self, other: &Self) -> Self {
        let difference = *self - *other;
        if difference.value > 0.0 {
            difference
        } else {
            Self::zero()
        }
    }
    fn signum(&self) -> Self {
        Running::with_error(self.value.signum(), 0.0)
    }
    fn is_positive(&self) -> bool {
        self.value.is_sign_positive()
    }
    fn is_negative(&self) -> bool {
        self.value.is_sign_negative()
    }
}

impl Field for Running {
    fn precision() -> Option<u32> {
        Some(53)
    }

    fn name() -> String {
        "running".into()
    }

    fn unit_roundoff() -> Self {
        Running::with_error(f64::unit_roundoff(), 0.0)
    }

    /// Without an error: numbers are given in double.
    fn from_f64(x: f64) -> Self {
        Running::with_error(x, 0.0)
    }

    /// Rounded once, unless it needs no rounding at 24 bits.
    fn from_rational(q: &Rational) -> Self {
        let value = f64::from_rational(q);
        let exact = f32::from_rational(q).to_rational().as_ref() == Some(q);
        Running::rounded(value, 0.0, if exact { 0.0 } else { 1.0 })
    }

    fn to_rational(&self) -> Option<Rational> {
        self.value.to_rational()
    }

    fn to_f64(&self) -> f64 {
        self.value
    }

    fn is_finite(&self) -> bool {
        self.value.is_finite()
    }

    fn dot(x: &[Self], y: &[Self]) -> Self {
        let terms = x.iter().zip(y).map(|(x, y)| *x * *y);
        terms.fold(Self::zero(), |sum, term| sum + term)
    }

    fn axpy(y: &mut [Self], a: &Self, x: &[Self]) {
        for (y, x) in y.iter_mut().zip(x) {
            *y += *a * *x;
        }
    }

    fn rotate(x: &mut [Self], y: &mut [Self], c: &Self, s: &Self) {
        for (x, y) in x.iter_mut().zip(y) {
            (*x, *y) = (*c * *x - *s * *y, *s * *x + *c * *y);
        }
    }
}

impl Real for Running {
    fn sqrt(&self) -> Self {
        let value = self.value.sqrt();
        let inherited = if self.error == 0.0 {
            0.0
        } else {
            self.error / (2.0 * value)
        };
        Running::rounded(value, inherited, 1.0)
    }

    fn exp(&self) -> Self {
        let value = self.value.exp();
        Running::rounded(value, times(value, self.error), 2.0)
    }

    fn ln(&self) -> Self {
        Running::rounded(self.value.ln(), self.error / self.value.abs(), 2.0)
    }

    fn tanh(&self) -> Self {
        let value = self.value.tanh();
        Running::rounded(value, times(1.0 - value * value, self.error), 4.0)
    }

    fn exponent(&self) -> Option<i64> {
        self.value.exponent()
    }

    fn scale_by_power_of_two(&self, e: i64) -> Self {
        Running {
            value: self.value.scale_by_power_of_two(e),
            error: self.error.scale_by_power_of_two(e),
        }
    }

    fn sum_of_squares(x: &[Self]) -> Self {
        Self::dot(x, x)
    }
}
