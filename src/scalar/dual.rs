//! Dual numbers: a value and its derivative along one direction.

use std::{
    cmp::Ordering,
    fmt,
    ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign},
};

use num_traits::{Num, One, Signed, Zero};

use super::{Field, Rational};

/// a + b ε with ε² = 0: field operations on duals carry derivatives along, exactly where the field is exact.
///
/// Anything written over [`Field`] gives its directional derivative when it runs on duals: a gradient gives a
/// Hessian–vector product. Where a = 0 and b ≠ 0 there is no inverse; division gives what a/0 gives. Order is that of
/// the values, and of the derivatives where values are equal.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub struct Dual<S> {
    /// a.
    pub value: S,
    /// b.
    pub tangent: S,
}

impl<S: Field> Dual<S> {
    /// a + b ε.
    pub fn new(value: S, tangent: S) -> Self {
        Dual { value, tangent }
    }

    /// a + 0 ε.
    pub fn constant(value: S) -> Self {
        Dual::new(value, S::zero())
    }
}

/// An operator in its four forms, from the one between a value and a reference.
macro_rules! operator {
    ($op:ident $method:ident $assign:ident $assign_method:ident, $body:expr) => {
        impl<S: Field> $op<&Dual<S>> for Dual<S> {
            type Output = Self;
            fn $method(self, rhs: &Dual<S>) -> Self {
                let apply: fn(Dual<S>, &Dual<S>) -> Dual<S> = $body;
                apply(self, rhs)
            }
        }
        impl<S: Field> $op for Dual<S> {
            type Output = Self;
            fn $method(self, rhs: Dual<S>) -> Self {
                $op::$method(self, &rhs)
            }
        }
        impl<S: Field> $assign<&Dual<S>> for Dual<S> {
            fn $assign_method(&mut self, rhs: &Dual<S>) {
                let taken = std::mem::replace(self, Dual::zero());
                *self = $op::$method(taken, rhs);
            }
        }
        impl<S: Field> $assign for Dual<S> {
            fn $assign_method(&mut self, rhs: Dual<S>) {
                $assign::$assign_method(self, &rhs);
            }
        }
    };
}

operator!(Add add AddAssign add_assign, |a, b| Dual::new(a.value + &b.value, a.tangent + &b.tangent));
operator!(Sub sub SubAssign sub_assign, |a, b| Dual::new(a.value - &b.value, a.tangent - &b.tangent));
operator!(Mul mul MulAssign mul_assign, |a, b| {
    let tangent = a.tangent * &b.value + a.value.clone() * &b.tangent;
    Dual::new(a.value * &b.value, tangent)
});
operator!(Div div DivAssign div_assign, |a, b| {
    let quotient = a.value / &b.value;
    let tangent = (a.tangent - quotient.clone() * &b.tangent) / &b.value;
    Dual::new(quotient, tangent)
});
// The remainder of the values: a - b ⌊a/b⌋ with the quotient constant.
operator!(Rem rem RemAssign rem_assign, |a, b| {
    let rest = a.value.clone() % &b.value;
    let whole = (a.value - &rest) / &b.value;
    Dual::new(rest, a.tangent - whole * &b.tangent)
});

impl<S: Field> Neg for Dual<S> {
    type Output = Self;
    fn neg(self) -> Self {
        Dual::new(-self.value, -self.tangent)
    }
}

impl<S: Field> Zero for Dual<S> {
    fn zero() -> Self {
        Dual::new(S::zero(), S::zero())
    }
    fn is_zero(&self) -> bool {
        self.value.is_zero() && self.tangent.is_zero()
    }
}

impl<S: Field> One for Dual<S> {
    fn one() -> Self {
        Dual::new(S::one(), S::zero())
    }
}

impl<S: Field> Num for Dual<S> {
    type FromStrRadixErr = S::FromStrRadixErr;

    /// A constant.
    fn from_str_radix(text: &str, radix: u32) -> Result<Self, Self::FromStrRadixErr> {
        S::from_str_radix(text, radix).map(Dual::constant)
    }
}

impl<S: Field> Signed for Dual<S> {
    fn abs(&self) -> Self {
        if *self < Dual::zero() {
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
        match self.partial_cmp(&Dual::zero()) {
            Some(Ordering::Less) => -Self::one(),
            Some(Ordering::Greater) => Self::one(),
            Some(Ordering::Equal) | None => self.clone(),
        }
    }
    fn is_positive(&self) -> bool {
        *self > Dual::zero()
    }
    fn is_negative(&self) -> bool {
        *self < Dual::zero()
    }
}

impl<S: Field> fmt::Display for Dual<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} + {} ε", self.value, self.tangent)
    }
}

impl<S: Field> Field for Dual<S> {
    fn precision() -> Option<u32> {
        S::precision()
    }

    fn name() -> String {
        format!("dual {}", S::name())
    }

    fn unit_roundoff() -> Self {
        Dual::constant(S::unit_roundoff())
    }

    fn from_f64(x: f64) -> Self {
        Dual::constant(S::from_f64(x))
    }

    fn from_rational(q: &Rational) -> Self {
        Dual::constant(S::from_rational(q))
    }

    /// Of the value; the derivative is lost.
    fn to_rational(&self) -> Option<Rational> {
        self.value.to_rational()
    }

    fn to_f64(&self) -> f64 {
        self.value.to_f64()
    }

    fn is_finite(&self) -> bool {
        self.value.is_finite() && self.tangent.is_finite()
    }

    fn dot(x: &[Self], y: &[Self]) -> Self {
        let mut sum = Self::zero();
        for (x, y) in x.iter().zip(y) {
            sum += x.clone() * y;
        }
        sum
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
