//! Exact rationals.

use std::fmt;

use num_traits::{FromPrimitive, Num, One, Signed, ToPrimitive, Zero};

use super::{Field, operators::field_operators};

/// An exact rational number over GMP: the scalar in which identities are equalities.
///
/// Conversions from floats take finite values only ([`Rational::try_from_f64`]); where a trait leaves
/// no room for an error, as [`Field::from_f64`] does, a value that is not finite becomes 0, and no
/// code of this crate passes one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Rational(pub rug::Rational);

field_operators!([] Rational);

impl std::ops::RemAssign<&Rational> for Rational {
    /// a - trunc(a / b) b, with the sign of the dividend.
    fn rem_assign(&mut self, rhs: &Rational) {
        let quotient = rug::Rational::from(&self.0 / &rhs.0).trunc();
        self.0 -= quotient * &rhs.0;
    }
}

impl Rational {
    /// The exact value of `x`, or `None` for NaN and infinities.
    pub fn try_from_f64(x: f64) -> Option<Self> {
        rug::Rational::from_f64(x).map(Rational)
    }

    /// p/q in lowest terms, or `None` for q = 0.
    pub fn ratio(p: i64, q: i64) -> Option<Self> {
        (q != 0).then(|| Rational(rug::Rational::from((p, q))))
    }
}

impl From<i64> for Rational {
    fn from(n: i64) -> Self {
        Rational(rug::Rational::from(n))
    }
}

impl fmt::Display for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Zero for Rational {
    fn zero() -> Self {
        Rational(rug::Rational::new())
    }

    fn is_zero(&self) -> bool {
        self.0.is_zero()
    }
}

impl One for Rational {
    fn one() -> Self {
        Rational::from(1)
    }
}

impl Num for Rational {
    type FromStrRadixErr = rug::rational::ParseRationalError;

    /// `p` or `p/q` in the given radix (2 to 36).
    fn from_str_radix(text: &str, radix: u32) -> Result<Self, Self::FromStrRadixErr> {
        let radix = i32::try_from(radix).unwrap_or(i32::MAX).clamp(2, 36);
        Ok(Rational(rug::Rational::from_str_radix(text, radix)?))
    }
}

impl Signed for Rational {
    fn abs(&self) -> Self {
        Rational(self.0.clone().abs())
    }

    fn abs_sub(&self, other: &Self) -> Self {
        if self <= other {
            Self::zero()
        } else {
            self.clone() - other
        }
    }

    fn signum(&self) -> Self {
        Rational(self.0.clone().signum())
    }

    fn is_positive(&self) -> bool {
        self.0 > 0
    }

    fn is_negative(&self) -> bool {
        self.0 < 0
    }
}

impl FromPrimitive for Rational {
    fn from_i64(n: i64) -> Option<Self> {
        Some(Rational::from(n))
    }

    fn from_u64(n: u64) -> Option<Self> {
        Some(Rational(rug::Rational::from(n)))
    }

    fn from_f64(x: f64) -> Option<Self> {
        Rational::try_from_f64(x)
    }
}

impl ToPrimitive for Rational {
    fn to_i64(&self) -> Option<i64> {
        self.0.clone().trunc().numer().to_i64()
    }

    fn to_u64(&self) -> Option<u64> {
        self.0.clone().trunc().numer().to_u64()
    }

    fn to_f64(&self) -> Option<f64> {
        Some(Field::to_f64(self))
    }
}

impl approx::AbsDiffEq for Rational {
    type Epsilon = Self;

    /// 0: exact numbers are equal or they are not.
    fn default_epsilon() -> Self {
        Self::zero()
    }

    fn abs_diff_eq(&self, other: &Self, epsilon: Self::Epsilon) -> bool {
        (self.clone() - other).abs() <= epsilon
    }
}

impl Field for Rational {
    fn precision() -> Option<u32> {
        None
    }

    fn name() -> String {
        "rational".into()
    }

    fn unit_roundoff() -> Self {
        Self::zero()
    }

    fn from_f64(x: f64) -> Self {
        Rational::try_from_f64(x).unwrap_or_default()
    }

    fn from_rational(q: &Rational) -> Self {
        q.clone()
    }

    fn to_rational(&self) -> Option<Rational> {
        Some(self.clone())
    }

    fn to_f64(&self) -> f64 {
        <f64 as Field>::from_rational(self)
    }

    fn is_finite(&self) -> bool {
        true
    }

    fn dot(x: &[Self], y: &[Self]) -> Self {
        let mut sum = rug::Rational::new();
        for (x, y) in x.iter().zip(y) {
            sum += rug::Rational::from(&x.0 * &y.0);
        }
        Rational(sum)
    }

    fn axpy(y: &mut [Self], a: &Self, x: &[Self]) {
        for (y, x) in y.iter_mut().zip(x) {
            y.0 += rug::Rational::from(&a.0 * &x.0);
        }
    }

    fn rotate(x: &mut [Self], y: &mut [Self], c: &Self, s: &Self) {
        for (x, y) in x.iter_mut().zip(y) {
            let turned = x.clone() * c - y.clone() * s;
            *y = x.clone() * s + y.clone() * c;
            *x = turned;
        }
    }
}
