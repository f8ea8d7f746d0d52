//! From sums of products of slices to a rounded number.

use rug::{Assign, Float, Integer, integer::Order};

use super::{Accuracy, Mp, Shape};

/// Buffers for one entry after the other.
pub(super) struct Combine {
    shape: Shape,
    /// The bound on what was left out, in the unit of the last sum kept.
    error: Integer,
    digits: Vec<u64>,
    sum: Integer,
    end: Integer,
}

impl Combine {
    pub fn new(shape: Shape) -> Self {
        let lost = shape.inner as u64 * (u64::from(shape.slices) + 6);
        Combine {
            shape,
            error: Integer::from(lost) << (shape.width - 2),
            digits: vec![],
            sum: Integer::new(),
            end: Integer::new(),
        }
    }

    /// 2^exponent Σ_d 2^(2 - w(d+2)) sums_d, d from 0, rounded once; `None` if what was left out might
    /// change the rounding where that matters.
    pub fn round<const BITS: u32>(
        &mut self,
        sums: impl DoubleEndedIterator<Item = i64> + Clone,
        exponent: i64,
        accuracy: Accuracy,
    ) -> Option<Mp<BITS>> {
        let negative = self.carry(sums.clone().rev()) < 0;
        if negative {
            self.carry(sums.rev().map(|sum| -sum));
        }
        self.sum.assign_digits(&self.digits, Order::Lsf);
        let found = match accuracy {
            Accuracy::BesideFactors => Float::with_val(BITS, &self.sum),
            Accuracy::RoundedOnce => {
                self.end.assign(&self.sum - &self.error);
                let low = Float::with_val(BITS, &self.end);
                self.end.assign(&self.sum + &self.error);
                let high = Float::with_val(BITS, &self.end);
                if low != high || low.is_zero() {
                    return None;
                }
                low
            }
        };
        let (width, slices) = (i64::from(self.shape.width), i64::from(self.shape.slices));
        let result = found << (exponent + 2 - width * (slices + 1)) as i32;
        Some(Mp(if negative { -result } else { result }))
    }

    /// Writes Σ_d 2^(w d) sums_d, d from 0, as digits to the base 2^64 and returns what is carried beyond:
    /// negative if the sum is.
    fn carry(&mut self, sums: impl Iterator<Item = i64>) -> i128 {
        let width = self.shape.width;
        let (mut carry, mut pending, mut have) = (0i128, 0u128, 0);
        self.digits.clear();
        let mut put = |low: u64, bits: u32| {
            pending |= u128::from(low) << have;
            have += bits;
            if have >= 64 {
                self.digits.push(pending as u64);
                pending >>= 64;
                have -= 64;
            }
        };
        for sum in sums {
            let total = carry + i128::from(sum);
            put((total & ((1 << width) - 1)) as u64, width);
            carry = total >> width;
        }
        // What is left above the last sum is below 2^64.
        if carry >= 0 {
            put(carry as u64 & u64::from(u32::MAX), 32);
            put((carry as u64) >> 32, 32);
            put(0, 63);
        }
        carry
    }
}
