//! Multiple-precision floating point with the precision in the type.

use std::fmt;

use num_traits::{FromPrimitive, Num, One, Signed, ToPrimitive, Zero};
use rug::{Assign, Float, float::ParseFloatError};

use super::{
    Field, Rational, Real, View, in_order, limbs,
    operators::field_operators,
    slices::{self, Accuracy},
};

/// An MPFR float of `BITS` bits of precision, rounded to nearest.
///
/// The precision is part of the type, so `zero()` and `one()` are defined, no thread-local setting
/// can change a result, and mixing two precisions does not compile. MPFR's exponent range is so wide
/// that neither overflow nor underflow occurs in practice.
#[derive(Clone, PartialEq, PartialOrd)]
pub struct Mp<const BITS: u32>(pub(super) Float);

field_operators!([const BITS: u32] Mp<BITS>);

impl<const BITS: u32> std::ops::RemAssign<&Mp<BITS>> for Mp<BITS> {
    fn rem_assign(&mut self, rhs: &Mp<BITS>) {
        self.0 %= &rhs.0;
    }
}

impl<const BITS: u32> Mp<BITS> {
    /// `x` rounded to `BITS` bits.
    pub fn from_float(x: &Float) -> Self {
        Mp(Float::with_val(BITS, x))
    }

    /// The MPFR number.
    pub fn as_float(&self) -> &Float {
        &self.0
    }
}

impl<const BITS: u32> fmt::Display for Mp<BITS> {
    /// With a precision (`{:.3}`) that many digits after the point in scientific notation; without
    /// one, as many digits as a round trip needs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match f.precision() {
            Some(digits) => f.pad_integral(
                !self.0.is_sign_negative(),
                "",
                &format!("{:.*e}", digits + 1, self.0.clone().abs()),
            ),
            None => f.write_str(&super::text::decimal(&self.0)),
        }
    }
}

impl<const BITS: u32> fmt::Debug for Mp<BITS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<const BITS: u32> Zero for Mp<BITS> {
    fn zero() -> Self {
        Mp(Float::new(BITS))
    }

    fn is_zero(&self) -> bool {
        self.0.is_zero()
    }
}

impl<const BITS: u32> One for Mp<BITS> {
    fn one() -> Self {
        Mp(Float::with_val(BITS, 1))
    }
}

impl<const BITS: u32> Num for Mp<BITS> {
    type FromStrRadixErr = ParseFloatError;

    /// A numeral in the given radix (2 to 36), rounded once.
    fn from_str_radix(text: &str, radix: u32) -> Result<Self, ParseFloatError> {
        let radix = i32::try_from(radix).unwrap_or(i32::MAX).clamp(2, 36);
        Ok(Mp(Float::with_val(BITS, Float::parse_radix(text, radix)?)))
    }
}

impl<const BITS: u32> Signed for Mp<BITS> {
    fn abs(&self) -> Self {
        Mp(self.0.clone().abs())
    }

    fn abs_sub(&self, other: &Self) -> Self {
        if self <= other {
            Self::zero()
        } else {
            self.clone() - other
        }
    }

    fn signum(&self) -> Self {
        Mp(self.0.clone().signum())
    }

    fn is_positive(&self) -> bool {
        self.0 > 0
    }

    fn is_negative(&self) -> bool {
        self.0 < 0
    }
}

impl<const BITS: u32> FromPrimitive for Mp<BITS> {
    fn from_i64(n: i64) -> Option<Self> {
        Some(Mp(Float::with_val(BITS, n)))
    }

    fn from_u64(n: u64) -> Option<Self> {
        Some(Mp(Float::with_val(BITS, n)))
    }

    fn from_f64(x: f64) -> Option<Self> {
        Some(Field::from_f64(x))
    }
}

impl<const BITS: u32> ToPrimitive for Mp<BITS> {
    fn to_i64(&self) -> Option<i64> {
        self.0.clone().trunc().to_integer()?.to_i64()
    }

    fn to_u64(&self) -> Option<u64> {
        self.0.clone().trunc().to_integer()?.to_u64()
    }

    fn to_f64(&self) -> Option<f64> {
        Some(Field::to_f64(self))
    }
}

impl<const BITS: u32> approx::AbsDiffEq for Mp<BITS> {
    type Epsilon = Self;

    /// 2^(1 - BITS), the distance from 1 to the next number, as for `f64`.
    fn default_epsilon() -> Self {
        Self::one().scale_by_power_of_two(1 - i64::from(BITS))
    }

    fn abs_diff_eq(&self, other: &Self, epsilon: Self) -> bool {
        self == other || (self.clone() - other).abs() <= epsilon
    }
}

impl<const BITS: u32> approx::RelativeEq for Mp<BITS> {
    fn default_max_relative() -> Self {
        <Self as approx::AbsDiffEq>::default_epsilon()
    }

    fn relative_eq(&self, other: &Self, epsilon: Self, max_relative: Self) -> bool {
        if self == other {
            return true;
        }
        if !self.is_finite() || !other.is_finite() {
            return false;
        }
        let difference = (self.clone() - other).abs();
        let largest = Self::larger(self.abs(), other.abs());
        difference <= epsilon || difference <= largest * max_relative
    }
}

impl<const BITS: u32> Field for Mp<BITS> {
    fn precision() -> Option<u32> {
        Some(BITS)
    }

    fn name() -> String {
        format!("mp{BITS}")
    }

    fn unit_roundoff() -> Self {
        Self::one().scale_by_power_of_two(-i64::from(BITS))
    }

    fn from_f64(x: f64) -> Self {
        Mp(Float::with_val(BITS, x))
    }

    fn from_rational(q: &Rational) -> Self {
        Mp(Float::with_val(BITS, &q.0))
    }

    fn to_rational(&self) -> Option<Rational> {
        self.0.to_rational().map(Rational)
    }

    fn to_f64(&self) -> f64 {
        self.0.to_f64()
    }

    fn is_finite(&self) -> bool {
        self.0.is_finite()
    }

    // The kernels reuse one product buffer: no allocation per operation.

    fn dot(x: &[Self], y: &[Self]) -> Self {
        let (mut sum, mut product) = (Float::new(BITS), Float::new(BITS));
        for (x, y) in x.iter().zip(y) {
            product.assign(&x.0 * &y.0);
            sum += &product;
        }
        Mp(sum)
    }

    fn axpy(y: &mut [Self], a: &Self, x: &[Self]) {
        let mut product = Float::new(BITS);
        for (y, x) in y.iter_mut().zip(x) {
            product.assign(&a.0 * &x.0);
            y.0 += &product;
        }
    }

    fn multiply_add(c: &mut [Self], a: View<Self>, b: View<Self>) {
        if !limbs::multiply_add(c, a, b, false) {
            in_order(c, a, b);
        }
    }

    fn product_in_order(c: &mut [Self], a: View<Self>, b: View<Self>) {
        if !limbs::multiply_add(c, a, b, true) {
            c.iter_mut().for_each(|c| c.0.assign(0));
            in_order(c, a, b);
        }
    }

    fn product(a: View<Self>, b: View<Self>) -> Vec<Self> {
        slices::product(a, b, Accuracy::RoundedOnce)
    }

    fn product_beside_factors(a: View<Self>, b: View<Self>) -> Vec<Self> {
        slices::product(a, b, Accuracy::BesideFactors)
    }

    fn rotate(x: &mut [Self], y: &mut [Self], c: &Self, s: &Self) {
        let (mut sx, mut sy) = (Float::new(BITS), Float::new(BITS));
        for (x, y) in x.iter_mut().zip(y) {
            sx.assign(&s.0 * &x.0);
            sy.assign(&s.0 * &y.0);
            x.0 *= &c.0;
            x.0 -= &sy;
            y.0 *= &c.0;
            y.0 += &sx;
        }
    }
}

impl<const BITS: u32> Real for Mp<BITS> {
    fn sqrt(&self) -> Self {
        Mp(self.0.clone().sqrt())
    }

    fn exp(&self) -> Self {
        Mp(self.0.clone().exp())
    }

    fn ln(&self) -> Self {
        Mp(self.0.clone().ln())
    }

    fn tanh(&self) -> Self {
        Mp(self.0.clone().tanh())
    }

    fn exponent(&self) -> Option<i64> {
        // MPFR's mantissa lies in [1/2, 1).
        self.0.get_exp().map(|e| i64::from(e) - 1)
    }

    fn scale_by_power_of_two(&self, e: i64) -> Self {
        let e = e.clamp(i64::from(i32::MIN) + 1, i64::from(i32::MAX)) as i32;
        Mp(self.0.clone() << e)
    }

    fn scale_all_by_power_of_two(x: &mut [Self], e: i64) {
        let e = e.clamp(i64::from(i32::MIN) + 1, i64::from(i32::MAX)) as i32;
        x.iter_mut().for_each(|x| x.0 <<= e);
    }

    fn sum_of_squares(x: &[Self]) -> Self {
        // 64 guard bits make the sum of up to 2^60 terms good to one final rounding.
        let guarded = BITS + 64;
        let (mut sum, mut square) = (Float::new(guarded), Float::new(guarded));
        for x in x {
            square.assign(x.0.square_ref());
            sum += &square;
        }
        Mp(Float::with_val(BITS, sum))
    }

    fn sum_of_scaled_squares(x: &[Self], e: i64) -> Self {
        // Beside the largest, nothing is near an end of the range of 2^30 exponents, and scaling commutes with rounding.
        const FAR: i64 = 1 << 27;
        if e.abs() <= FAR {
            return Self::sum_of_squares(x).scale_by_power_of_two(2 * e);
        }
        let mut scaled = x.to_vec();
        Self::scale_all_by_power_of_two(&mut scaled, e);
        Self::sum_of_squares(&scaled)
    }
}
