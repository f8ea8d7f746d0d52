//! Hardware floating point: `f32` and `f64`.

use super::{Field, Rational, Real, View, kernel};

/// What the two formats share word for word; what differs is passed in or written out below.
macro_rules! hardware_field {
    ($float:ty, $bits:expr, $name:expr) => {
        fn precision() -> Option<u32> {
            Some($bits)
        }

        fn name() -> String {
            $name.into()
        }

        fn unit_roundoff() -> Self {
            <$float>::EPSILON / 2.0
        }

        fn from_f64(x: f64) -> Self {
            x as $float
        }

        fn from_decimal(text: &str) -> Option<Self> {
            text.parse().ok()
        }

        fn to_rational(&self) -> Option<Rational> {
            rug::Rational::try_from(*self).ok().map(Rational)
        }

        fn to_f64(&self) -> f64 {
            f64::from(*self)
        }

        fn is_finite(&self) -> bool {
            <$float>::is_finite(*self)
        }

        fn dot(x: &[Self], y: &[Self]) -> Self {
            kernel::dot(x, y)
        }

        fn axpy(y: &mut [Self], a: &Self, x: &[Self]) {
            kernel::axpy(y, *a, x);
        }

        fn descend(y: &mut [Self], a: &Self, b: &Self, x: &[Self]) -> bool {
            kernel::descend(y, *a, *b, x)
        }

        fn add_terms(z: &mut [Self], b: &[Self], a: &Self, y: Option<&[Self]>) -> bool {
            kernel::add_terms(z, b, *a, y)
        }

        fn scale(x: &mut [Self], a: &Self) {
            kernel::scale(x, *a);
        }

        fn rotate(x: &mut [Self], y: &mut [Self], c: &Self, s: &Self) {
            kernel::rotate(x, y, *c, *s);
        }

        fn multiply_add(c: &mut [Self], a: View<Self>, b: View<Self>) {
            kernel::multiply_add(c, a.nrows(), a, b);
        }

        fn multiply_add_apart(c: &mut [Self], apart: usize, a: View<Self>, b: View<Self>) {
            kernel::multiply_add(c, apart, a, b);
        }

        fn product(a: View<Self>, b: View<Self>) -> Vec<Self> {
            let mut c = vec![0.0; a.nrows() * b.ncols()];
            kernel::product(&mut c, a, b);
            c
        }

        fn product_in_order(c: &mut [Self], a: View<Self>, b: View<Self>) {
            kernel::product(c, a, b);
        }

        fn product_into(c: &mut [Self], a: View<Self>, b: View<Self>) {
            kernel::product(c, a, b);
        }
    };
}

impl Field for f64 {
    hardware_field!(f64, 53, "f64");

    fn from_rational(q: &Rational) -> Self {
        round_once(q, f64::MIN_EXP, f64::MANTISSA_DIGITS).to_f64()
    }
}

impl Field for f32 {
    hardware_field!(f32, 24, "f32");

    fn from_rational(q: &Rational) -> Self {
        round_once(q, f32::MIN_EXP, f32::MANTISSA_DIGITS).to_f32()
    }
}

/// `q` rounded to nearest in the format with these parameters, subnormals included: rug's own
/// `Rational::to_f64` truncates, and rounding to p bits first would round subnormals twice.
fn round_once(q: &Rational, min_exp: i32, digits: u32) -> rug::Float {
    let rounded = rug::Float::with_val(digits, &q.0);
    let lost = match rounded.get_exp() {
        Some(e) if e < min_exp => (min_exp - e) as u32,
        _ => return rounded,
    };
    if lost < digits {
        return rug::Float::with_val(digits - lost, &q.0);
    }
    // At most one bit is left: scale so that the smallest subnormal becomes 1 and round to integer.
    let unit = min_exp - digits as i32;
    let scaled = rug::Rational::from(&q.0 << -unit);
    let doubled = rug::Integer::from(scaled.numer() * 2u32);
    let magnitude = doubled.clone().abs();
    let nearest = i32::from(magnitude > *scaled.denom());
    let sign = if doubled < 0 { -1 } else { 1 };
    rug::Float::with_val(digits, sign * nearest) << unit
}

impl Real for f64 {
    fn sqrt(&self) -> Self {
        f64::sqrt(*self)
    }

    fn exp(&self) -> Self {
        f64::exp(*self)
    }

    fn ln(&self) -> Self {
        f64::ln(*self)
    }

    fn tanh(&self) -> Self {
        f64::tanh(*self)
    }

    fn exponent(&self) -> Option<i64> {
        if *self == 0.0 || !self.is_finite() {
            return None;
        }
        // A subnormal is first lifted into the normal range, exactly.
        let (x, lift) = if self.is_subnormal() {
            (self * power_of_two(64), 64)
        } else {
            (*self, 0)
        };
        Some(((x.to_bits() >> 52) & 0x7ff) as i64 - 1023 - lift)
    }

    fn scale_by_power_of_two(&self, e: i64) -> Self {
        if (-1022..=1023).contains(&e) {
            return self * power_of_two(e);
        }
        let Some(have) = self.exponent() else {
            return *self;
        };
        let e = e.clamp(-2200, 2200);
        if e > 0 {
            return self
                * power_of_two(1023)
                * power_of_two((e - 1023).min(1023))
                * power_of_two((e - 2046).max(0));
        }
        // Down to the bottom of the normal range first (exact), then the rest in one rounding.
        let first = (-1022 - have).clamp(-2044, 0);
        let rest = (e - first).max(-1022);
        self * power_of_two(first / 2) * power_of_two(first - first / 2) * power_of_two(rest)
    }

    fn sum_of_squares(x: &[Self]) -> Self {
        kernel::sum_of_squares(x, 1.0)
    }

    fn sum_of_scaled_squares(x: &[Self], e: i64) -> Self {
        if (-1022..=1023).contains(&e) {
            return kernel::sum_of_squares(x, power_of_two(e));
        }
        let mut scaled = x.to_vec();
        Self::scale_all_by_power_of_two(&mut scaled, e);
        Self::sum_of_squares(&scaled)
    }

    fn scale_after_power_of_two(x: &mut [Self], e: i64, a: &Self) {
        if (-1022..=1023).contains(&e) {
            return kernel::scale_twice(x, power_of_two(e), *a);
        }
        Self::scale_all_by_power_of_two(x, e);
        Self::scale(x, a);
    }

    fn largest_exponent(x: &[Self]) -> Option<i64> {
        kernel::largest_finite(x).exponent()
    }

    fn scale_all_by_power_of_two(x: &mut [Self], e: i64) {
        if (-1022..=1023).contains(&e) {
            return kernel::scale(x, power_of_two(e));
        }
        x.iter_mut().for_each(|x| *x = x.scale_by_power_of_two(e));
    }
}

/// 2^e for -1022 ≤ e ≤ 1023.
fn power_of_two(e: i64) -> f64 {
    f64::from_bits(((e + 1023) as u64) << 52)
}

impl Real for f32 {
    // Every function is the double-precision one, rounded: the double has 29 bits to spare.
    fn sqrt(&self) -> Self {
        f32::sqrt(*self)
    }

    fn exp(&self) -> Self {
        f64::from(*self).exp() as f32
    }

    fn ln(&self) -> Self {
        f64::from(*self).ln() as f32
    }

    fn tanh(&self) -> Self {
        f64::from(*self).tanh() as f32
    }

    fn exponent(&self) -> Option<i64> {
        f64::from(*self).exponent()
    }

    fn scale_by_power_of_two(&self, e: i64) -> Self {
        // Any float times 2^±400 is a normal double or rounds to 0 or ∞ in single anyway.
        (f64::from(*self) * power_of_two(e.clamp(-400, 400))) as f32
    }

    fn sum_of_squares(x: &[Self]) -> Self {
        kernel::sum_of_squares_in_doubles(x, 1.0)
    }

    fn sum_of_scaled_squares(x: &[Self], e: i64) -> Self {
        if (-126..=127).contains(&e) {
            return kernel::sum_of_squares_in_doubles(x, power_of_two(e) as f32);
        }
        let mut scaled = x.to_vec();
        Self::scale_all_by_power_of_two(&mut scaled, e);
        Self::sum_of_squares(&scaled)
    }

    fn scale_after_power_of_two(x: &mut [Self], e: i64, a: &Self) {
        if (-126..=127).contains(&e) {
            return kernel::scale_twice(x, power_of_two(e) as f32, *a);
        }
        Self::scale_all_by_power_of_two(x, e);
        Self::scale(x, a);
    }

    fn largest_exponent(x: &[Self]) -> Option<i64> {
        kernel::largest_finite(x).exponent()
    }

    fn scale_all_by_power_of_two(x: &mut [Self], e: i64) {
        if (-126..=127).contains(&e) {
            return kernel::scale(x, power_of_two(e) as f32);
        }
        x.iter_mut().for_each(|x| *x = x.scale_by_power_of_two(e));
    }
}
