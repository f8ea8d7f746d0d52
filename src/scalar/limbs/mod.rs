//! Products of matrices of MPFR floats in order: the bits of MPFR's products and sums one after the other, two to four times as fast.
//!
//! A call of MPFR takes longer than the multiplications of a few limbs. Here the number of limbs is known when the
//! program is built, and a sum stays in registers from its first term to its last.

mod number;
#[cfg(test)]
mod tests;

use number::{Number, plus, times};
use rug::{Assign, Integer, integer::Order, ops::NegAssign};

use super::{Mp, View};

/// Columns of B from which on it pays to unpack A.
const FEWEST: usize = 4;

/// Exponents beyond this are left to MPFR, whose range is 2^30.
const FAR: i32 = 1 << 28;

/// C ← C + A B, or from +0 if it is `fresh`, each product and each sum rounded; false, and nothing done, where MPFR is as
/// fast or must be asked.
pub(super) fn multiply_add<const BITS: u32>(
    c: &mut [Mp<BITS>],
    a: View<Mp<BITS>>,
    b: View<Mp<BITS>>,
    fresh: bool,
) -> bool {
    if b.ncols() < FEWEST {
        return false;
    }
    let done = match BITS {
        64 => of_limbs::<BITS, 1, 2>(c, a, b, fresh),
        128 => of_limbs::<BITS, 2, 4>(c, a, b, fresh),
        256 => of_limbs::<BITS, 4, 8>(c, a, b, fresh),
        512 => of_limbs::<BITS, 8, 16>(c, a, b, fresh),
        // From here on MPFR multiplies faster.
        _ => None,
    };
    done.is_some()
}

/// [`multiply_add`] with BITS = 64 N and M = 2 N; `None` if a number is not finite or has an exponent near the ends of the range.
fn of_limbs<const BITS: u32, const N: usize, const M: usize>(
    c: &mut [Mp<BITS>],
    a: View<Mp<BITS>>,
    b: View<Mp<BITS>>,
    fresh: bool,
) -> Option<()> {
    let (m, inner, n) = (a.nrows(), a.ncols(), b.ncols());
    // Rows of A and columns of B one after the other.
    let rows = (0..m * inner)
        .map(|at| unpacked(a.get(at / inner, at % inner)))
        .collect::<Option<Vec<Number<N>>>>()?;
    let columns = (0..n * inner)
        .map(|at| unpacked(b.get(at % inner, at / inner)))
        .collect::<Option<Vec<Number<N>>>>()?;
    let mut sums = if fresh {
        vec![Number::ZERO; c.len()]
    } else {
        (c.iter().map(unpacked)).collect::<Option<Vec<Number<N>>>>()?
    };
    if m == 0 {
        return Some(());
    }
    for (sums, column) in sums.chunks_mut(m).zip(columns.chunks(inner.max(1))) {
        for (sum, row) in sums.iter_mut().zip(rows.chunks(inner.max(1))) {
            add_products::<N, M>(sum, row, column);
        }
    }
    let mut whole = Integer::new();
    for (c, sum) in c.iter_mut().zip(&sums) {
        whole.assign_digits(&sum.limbs, Order::Lsf);
        c.0.assign(&whole);
        c.0 <<= sum.exponent - BITS as i32;
        if sum.negative {
            c.0.neg_assign();
        }
    }
    Some(())
}

fn unpacked<const BITS: u32, const N: usize>(x: &Mp<BITS>) -> Option<Number<N>> {
    let negative = x.0.is_sign_negative();
    if x.0.is_zero() {
        return Some(Number {
            negative,
            ..Number::ZERO
        });
    }
    let (mantissa, exponent) = x.0.to_integer_exp()?;
    let exponent = exponent.checked_add(BITS as i32)?;
    let limbs = mantissa.as_limbs().try_into().ok()?;
    (exponent.abs() < FAR).then_some(Number {
        limbs,
        exponent,
        negative,
    })
}

/// sum ← sum + a_1 b_1 + a_2 b_2 + …, in order.
#[inline(never)]
fn add_products<const N: usize, const M: usize>(
    sum: &mut Number<N>,
    a: &[Number<N>],
    b: &[Number<N>],
) {
    let mut running = *sum;
    for (a, b) in a.iter().zip(b) {
        let product = if a.is_zero() | b.is_zero() {
            Number {
                negative: a.negative != b.negative,
                ..Number::ZERO
            }
        } else {
            times::<N, M>(a, b)
        };
        running = plus(&running, &product);
    }
    *sum = running;
}
