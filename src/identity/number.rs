//! One exact number, small where a float would do.

use rug::Integer;

use crate::scalar::Rational;

/// An exact number. The form is unique: `Dyadic` wherever it fits, with an odd mantissa (0 · 2⁰ for zero).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Number {
    /// mantissa · 2^exponent.
    Dyadic {
        /// Odd, or 0.
        mantissa: i64,
        /// Of either sign.
        exponent: i32,
    },
    /// Any other one.
    Ratio(Box<Rational>),
}

impl Number {
    /// 0.
    pub(super) const ZERO: Number = Number::Dyadic {
        mantissa: 0,
        exponent: 0,
    };

    /// The same number.
    pub(super) fn of(q: &Rational) -> Self {
        let (p, d) = (q.0.numer(), q.0.denom());
        if p.is_zero() {
            return Self::ZERO;
        }
        let down = p.find_one(0).unwrap_or(0);
        let up = d.find_one(0).unwrap_or(0);
        let odd = Integer::from(p >> down).to_i64();
        match (odd, i32::try_from(i64::from(down) - i64::from(up))) {
            (Some(mantissa), Ok(exponent)) if d.is_power_of_two() => {
                Number::Dyadic { mantissa, exponent }
            }
            _ => Number::Ratio(Box::new(q.clone())),
        }
    }

    /// The same number.
    pub(super) fn to_rational(&self) -> Rational {
        match self {
            Number::Dyadic { mantissa, exponent } => {
                Rational(rug::Rational::from(*mantissa) << *exponent)
            }
            Number::Ratio(q) => (**q).clone(),
        }
    }

    /// Whether this is 0.
    pub(super) fn is_zero(&self) -> bool {
        *self == Self::ZERO
    }

    /// An e with |x| < 2^e; `None` for 0.
    pub(super) fn magnitude(&self) -> Option<i64> {
        match self {
            Number::Dyadic { mantissa: 0, .. } => None,
            Number::Dyadic { mantissa, exponent } => {
                let bits = u64::BITS - mantissa.unsigned_abs().leading_zeros();
                Some(i64::from(bits) + i64::from(*exponent))
            }
            // p < 2^bits(p) and q ≥ 2^(bits(q) - 1).
            Number::Ratio(q) => {
                let (p, d) = (q.0.numer(), q.0.denom());
                Some(i64::from(p.significant_bits()) - i64::from(d.significant_bits()) + 1)
            }
        }
    }
}
