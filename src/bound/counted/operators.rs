//! The field operations: what a sum, a product or a quotient is charged.

use std::{
    cmp::Ordering,
    fmt,
    ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign},
};

use num_traits::{Num, One, Signed, Zero};

use super::Counted;
use crate::scalar::{Field, Rational, Real};

fn add<B: Real>(a: Counted<B>, b: &Counted<B>) -> Counted<B> {
    // x + 0 is not rounded.
    if a.is_exactly_zero() {
        return b.clone();
    }
    if b.is_exactly_zero() {
        return a;
    }
    Counted {
        value: a.value + &b.value,
        of_terms: a.of_terms.plus(&b.of_terms),
        mass: a.mass + &b.mass,
        terms: a.terms + b.terms,
    }
}

fn multiply<B: Real>(a: Counted<B>, b: &Counted<B>) -> Counted<B> {
    // Neither is a product with ±1, and a sum stays open through it.
    let unit = |x: &Counted<B>| x.is_exact() && x.value.abs() == B::one();
    if unit(&a) || unit(b) {
        let (sign, other) = if unit(&a) {
            (a.value, b.clone())
        } else {
            (b.value.clone(), a)
        };
        return if sign.above_zero() { other } else { -other };
    }
    if a.is_exactly_zero() || b.is_exactly_zero() {
        return Counted::zero();
    }
    let (of_a, of_b) = (a.units(), b.units());
    let value = a.value.clone() * &b.value;
    let carried = |of_a: B, of_b: B| of_a * b.value.abs() + of_b * a.value.abs();
    let rounding = carried(of_a.rounding, of_b.rounding) + value.abs();
    let underflow = carried(of_a.underflow, of_b.underflow) + B::one();
    Counted::with_units(value, rounding, underflow)
}

fn divide<B: Real>(a: Counted<B>, b: &Counted<B>) -> Counted<B> {
    if a.is_exactly_zero() {
        return a;
    }
    let (of_a, of_b) = (a.units(), b.units());
    let (value, size) = (a.value / &b.value, b.value.abs());
    let carried = |of_a: B, of_b: B| (of_a + of_b * value.abs()) / &size;
    let rounding = carried(of_a.rounding, of_b.rounding) + value.abs();
    let underflow = carried(of_a.underflow, of_b.underflow) + B::one();
    Counted::with_units(value, rounding, underflow)
}

/// An operator in its four forms, from the one between a value and a reference.
macro_rules! operator {
    ($op:ident $method:ident $assign:ident $assign_method:ident, $body:expr) => {
        impl<B: Real> $op<&Counted<B>> for Counted<B> {
            type Output = Self;
            fn $method(self, rhs: &Counted<B>) -> Self {
                let apply: fn(Counted<B>, &Counted<B>) -> Counted<B> = $body;
                apply(self, rhs)
            }
        }
        impl<B: Real> $op for Counted<B> {
            type Output = Self;
            fn $method(self, rhs: Counted<B>) -> Self {
                $op::$method(self, &rhs)
            }
        }
        impl<B: Real> $assign<&Counted<B>> for Counted<B> {
            fn $assign_method(&mut self, rhs: &Counted<B>) {
                let taken = std::mem::replace(self, Counted::zero());
                *self = $op::$method(taken, rhs);
            }
        }
        impl<B: Real> $assign for Counted<B> {
            fn $assign_method(&mut self, rhs: Counted<B>) {
                $assign::$assign_method(self, &rhs);
            }
        }
    };
}

operator!(Add add AddAssign add_assign, add);
operator!(Sub sub SubAssign sub_assign, |a, b| add(a, &-b.clone()));
operator!(Mul mul MulAssign mul_assign, multiply);
operator!(Div div DivAssign div_assign, divide);
// The quotient's integer part is taken for exact.
operator!(Rem rem RemAssign rem_assign, |a, b| {
    let rest = a.value.clone() % &b.value;
    let whole = (a.value.clone() - &rest) / &b.value;
    let of = a.units().rounding + b.units().rounding * whole.abs() + rest.abs();
    Counted::with_units(rest, of, B::one())
});

impl<B: Real> Neg for Counted<B> {
    type Output = Self;
    fn neg(self) -> Self {
        Counted {
            value: -self.value,
            ..self
        }
    }
}

impl<B: Real> PartialEq for Counted<B> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<B: Real> PartialOrd for Counted<B> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
}

impl<B: Real> fmt::Display for Counted<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = self.units();
        write!(
            f,
            "{} ± {} u ± {} η",
            self.value, units.rounding, units.underflow
        )
    }
}

impl<B: Real> Zero for Counted<B> {
    fn zero() -> Self {
        Counted::exact(B::zero())
    }
    fn is_zero(&self) -> bool {
        self.value.is_zero()
    }
}

impl<B: Real> One for Counted<B> {
    fn one() -> Self {
        Counted::exact(B::one())
    }
}

impl<B: Real> Num for Counted<B> {
    type FromStrRadixErr = <Rational as Num>::FromStrRadixErr;

    /// `p` or `p/q` in the given radix (2 to 36), rounded once.
    fn from_str_radix(text: &str, radix: u32) -> Result<Self, Self::FromStrRadixErr> {
        Ok(Self::from_rational(&Rational::from_str_radix(text, radix)?))
    }
}

impl<B: Real> Signed for Counted<B> {
    fn abs(&self) -> Self {
        if self.value.below_zero() {
            -self.clone()
        } else {
            self.clone()
        }
    }
    fn abs_sub(&self, other: &Self) -> Self {
        if self <= other {
            Self::zero()
        } else {
            self.clone() - other
        }
    }
    fn signum(&self) -> Self {
        Counted::exact(self.value.signum())
    }
    fn is_positive(&self) -> bool {
        self.value.is_positive()
    }
    fn is_negative(&self) -> bool {
        self.value.is_negative()
    }
}

impl<B: Real> Field for Counted<B> {
    fn precision() -> Option<u32> {
        B::precision()
    }

    fn name() -> String {
        format!("counted {}", B::name())
    }

    fn unit_roundoff() -> Self {
        Counted::exact(B::unit_roundoff())
    }

    fn from_f64(x: f64) -> Self {
        Counted::exact(B::from_f64(x))
    }

    /// Rounded once, unless it needs no rounding at 24 bits.
    fn from_rational(q: &Rational) -> Self {
        let value = B::from_rational(q);
        let exact = f32::from_rational(q).to_rational().as_ref() == Some(q);
        let own = if exact { B::zero() } else { value.abs() };
        Counted::with_units(value, own, B::zero())
    }

    /// Of the value.
    fn to_rational(&self) -> Option<Rational> {
        self.value.to_rational()
    }

    fn to_f64(&self) -> f64 {
        self.value.to_f64()
    }

    fn is_finite(&self) -> bool {
        self.value.is_finite()
    }

    fn dot(x: &[Self], y: &[Self]) -> Self {
        let terms = x.iter().zip(y).map(|(x, y)| x.clone() * y);
        terms.fold(Self::zero(), |sum, term| sum + term)
    }

    fn axpy(y: &mut [Self], a: &Self, x: &[Self]) {
        for (y, x) in y.iter_mut().zip(x) {
            *y += a.clone() * x;
        }
    }

    fn rotate(x: &mut [Self], y: &mut [Self], c: &Self, s: &Self) {
        for (x, y) in x.iter_mut().zip(y) {
            let turned = c.clone() * &*x - s.clone() * &*y;
            *y = s.clone() * &*x + c.clone() * &*y;
            *x = turned;
        }
    }
}
