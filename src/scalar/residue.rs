//! Integers modulo a prime: ranks without a tolerance.

use std::{
    cmp::Ordering,
    fmt,
    ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign},
};

use num_traits::{Num, One, Signed, Zero};
use rug::ops::RemRounding;

use super::{Field, Rational};

/// An integer modulo p = 2⁶¹ - 1, a Mersenne prime.
///
/// A field like the others as far as + - · / go, so that a network with a rational gain, its Jacobian and
/// Gaussian elimination run in it as they stand. Reduction from ℚ is a ring homomorphism on the rationals
/// whose denominator p does not divide, so every identity over ℚ holds here; a rank can only fall, and
/// falls for about one matrix in 2⁵⁰. What a field without an order cannot have is nominal: `<` compares
/// representatives 0 … p-1, `abs` is the identity, and nothing is negative.
///
/// 1/0 gives a value that is not finite and stays so, as in floating point; it equals nothing.
#[derive(Clone, Copy)]
pub struct Residue(u64);

/// p.
const P: u64 = (1 << 61) - 1;

/// What a division by zero gives.
const UNDEFINED: u64 = u64::MAX;

impl Residue {
    /// The residue of an integer.
    pub fn new(n: i64) -> Self {
        let representative = i128::from(n).rem_euclid(i128::from(P));
        Residue(u64::try_from(representative).unwrap_or(UNDEFINED))
    }

    /// The representative 0 … p-1; `None` for the result of a division by zero.
    pub fn representative(self) -> Option<u64> {
        (self.0 != UNDEFINED).then_some(self.0)
    }

    /// Both representatives through a function on 128 bits, reduced; undefined if either is.
    fn combine(self, rhs: Self, f: impl Fn(u128, u128) -> u128) -> Self {
        if self.0 == UNDEFINED || rhs.0 == UNDEFINED {
            return Residue(UNDEFINED);
        }
        let value = f(u128::from(self.0), u128::from(rhs.0));
        // 2⁶¹ = 1: the high part is added to the low one, twice for a product of two residues.
        let fold = |x: u128| (x >> 61) + (x & u128::from(P));
        let folded = fold(fold(value));
        let reduced = if folded >= u128::from(P) {
            folded - u128::from(P)
        } else {
            folded
        };
        Residue(reduced as u64)
    }

    /// a^(p-2) = 1/a (Fermat).
    fn inverse(self) -> Self {
        if self.is_zero() {
            return Residue(UNDEFINED);
        }
        let (mut result, mut base, mut exponent) = (Residue(1), self, P - 2);
        while exponent > 0 {
            if exponent & 1 == 1 {
                result *= base;
            }
            base *= base;
            exponent >>= 1;
        }
        result
    }
}

impl PartialEq for Residue {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0 && self.0 != UNDEFINED
    }
}

impl PartialOrd for Residue {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.representative()?.partial_cmp(&other.representative()?)
    }
}

/// An operator in its four forms, from the one between values.
macro_rules! operator {
    ($op:ident $method:ident $assign:ident $assign_method:ident, $($body:tt)*) => {
        impl $op for Residue {
            type Output = Self;
            fn $method(self, rhs: Self) -> Self {
                let apply: fn(Residue, Residue) -> Residue = $($body)*;
                apply(self, rhs)
            }
        }
        impl $op<&Residue> for Residue {
            type Output = Self;
            fn $method(self, rhs: &Self) -> Self {
                $op::$method(self, *rhs)
            }
        }
        impl $assign for Residue {
            fn $assign_method(&mut self, rhs: Self) {
                *self = $op::$method(*self, rhs);
            }
        }
        impl $assign<&Residue> for Residue {
            fn $assign_method(&mut self, rhs: &Self) {
                *self = $op::$method(*self, *rhs);
            }
        }
    };
}

operator!(Add add AddAssign add_assign, |a, b| a.combine(b, |a, b| a + b));
operator!(Sub sub SubAssign sub_assign, |a, b| a.combine(b, |a, b| a + u128::from(P) - b));
operator!(Mul mul MulAssign mul_assign, |a, b| a.combine(b, |a, b| a * b));
operator!(Div div DivAssign div_assign, |a, b| a * b.inverse());
// Every division comes out even.
operator!(Rem rem RemAssign rem_assign, |a, b| a - a / b * b);

impl Neg for Residue {
    type Output = Self;
    fn neg(self) -> Self {
        Residue(0) - self
    }
}

impl Zero for Residue {
    fn zero() -> Self {
        Residue(0)
    }
    fn is_zero(&self) -> bool {
        self.0 == 0
    }
}

impl One for Residue {
    fn one() -> Self {
        Residue(1)
    }
}

impl Num for Residue {
    type FromStrRadixErr = <Rational as Num>::FromStrRadixErr;

    /// `n` or `p/q` in the given radix (2 to 36), reduced.
    fn from_str_radix(text: &str, radix: u32) -> Result<Self, Self::FromStrRadixErr> {
        Ok(Residue::from_rational(&Rational::from_str_radix(
            text, radix,
        )?))
    }
}

/// Nominal: there is no order that + and · respect.
impl Signed for Residue {
    fn abs(&self) -> Self {
        *self
    }
    fn abs_sub(&self, other: &Self) -> Self {
        if self <= other {
            Self::zero()
        } else {
            *self - *other
        }
    }
    fn signum(&self) -> Self {
        if self.is_zero() { *self } else { Self::one() }
    }
    fn is_positive(&self) -> bool {
        !self.is_zero()
    }
    fn is_negative(&self) -> bool {
        false
    }
}

impl fmt::Display for Residue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.representative() {
            Some(n) => write!(f, "{n}"),
            None => f.write_str("NaN"),
        }
    }
}

impl fmt::Debug for Residue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Field for Residue {
    fn precision() -> Option<u32> {
        None
    }

    fn name() -> String {
        "residue".into()
    }

    fn unit_roundoff() -> Self {
        Self::zero()
    }

    fn from_f64(x: f64) -> Self {
        Rational::try_from_f64(x).map_or(Residue(UNDEFINED), |q| Self::from_rational(&q))
    }

    fn from_rational(q: &Rational) -> Self {
        let p = rug::Integer::from(P);
        let reduce =
            |n: &rug::Integer| Residue(n.clone().rem_euc(&p).to_u64().unwrap_or(UNDEFINED));
        reduce(q.0.numer()) / reduce(q.0.denom())
    }

    fn to_rational(&self) -> Option<Rational> {
        self.representative()
            .map(|n| Rational(rug::Rational::from(n)))
    }

    fn to_f64(&self) -> f64 {
        self.representative().map_or(f64::NAN, |n| n as f64)
    }

    fn is_finite(&self) -> bool {
        self.0 != UNDEFINED
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
