//! Sizes of numbers, with an exponent range that no number of any scalar leaves.

use super::{Field, Mp};

/// A non-negative size. 64 bits of precision are plenty; what matters is the exponent range, since
/// residuals at 1024 bits lie below the smallest f64.
pub type Magnitude = Mp<64>;

/// |x| as a magnitude; NaN and ∞ stay what they are, and no non-zero number becomes zero.
pub fn magnitude<S: Field>(x: &S) -> Magnitude {
    match x.to_rational() {
        Some(q) => num_traits::Signed::abs(&Magnitude::from_rational(&q)),
        None => Magnitude::from_f64(x.to_f64().abs()),
    }
}
