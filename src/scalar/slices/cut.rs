//! A matrix in slices.

use super::{Mp, Shape, View};

/// The slices of a matrix, and the exponents of its rows.
pub(super) struct Cut {
    /// A_0 … A_{s-1}, the most significant first, stored by columns.
    pub slices: Vec<Vec<f64>>,
    /// e_i: |A_ik D_k| < 2^(e_i).
    pub exponents: Vec<i64>,
}

/// Exponents beyond this are left to MPFR, whose range is 2^30.
const FAR: i64 = 1 << 28;

/// The slices of A D for D_k = 2^(`sign` · `shift[k]`).
pub(super) fn cut<const BITS: u32>(
    a: View<Mp<BITS>>,
    shift: &[i64],
    sign: i64,
    shape: Shape,
) -> Option<Cut> {
    let (m, n) = (a.nrows(), a.ncols());
    let (width, slices) = (i64::from(shape.width), shape.slices as usize);
    // The bits of an entry in the unit 2^(e_i - total).
    let total = width * slices as i64 - 1;
    let shifted = |i: usize, k: usize| {
        let e = a.get(i, k).0.get_exp()?;
        Some(i64::from(e) + sign * shift[k])
    };
    let exponents: Vec<i64> = (0..m)
        .map(|i| (0..n).filter_map(|k| shifted(i, k)).max().unwrap_or(0))
        .collect();
    let far = |e: &i64| e.abs() > FAR;
    if exponents.iter().any(far) || shift.iter().any(far) {
        return None;
    }
    let mut result = vec![vec![0.0; m * n]; slices];
    for k in 0..n {
        for (i, e) in exponents.iter().enumerate() {
            let x = &a.get(i, k).0;
            let Some((mantissa, exponent)) = x.to_integer_exp() else {
                continue;
            };
            // |A_ik D_k| = mantissa 2^up in the unit of the row.
            let up = i64::from(exponent) + sign * shift[k] + total - e;
            let negative = x.is_sign_negative();
            let mut carry = 0i64;
            for (q, slice) in result.iter_mut().rev().enumerate() {
                let digit = bits(mantissa.as_limbs(), q as i64 * width - up, width) + carry;
                // Digits from -2^(w-1) to 2^(w-1): a bit more a slice than without a sign.
                carry = i64::from(digit > 1 << (width - 1));
                let digit = (digit - (carry << width)) as f64;
                slice[k * m + i] = if negative { -digit } else { digit };
            }
        }
    }
    Some(Cut {
        slices: result,
        exponents,
    })
}

/// Bits `from` to `from + width` of the number with these 64-bit limbs, 0 where it has none.
fn bits(limbs: &[gmp_mpfr_sys::gmp::limb_t], from: i64, width: i64) -> i64 {
    if from <= -width {
        return 0;
    }
    let limb = |at: i64| match usize::try_from(at) {
        Ok(at) => limbs.get(at).copied().unwrap_or(0),
        Err(_) => 0,
    };
    let (at, shift) = (from.div_euclid(64), from.rem_euclid(64));
    let low = limb(at) >> shift;
    let high = if shift > 0 {
        limb(at + 1) << (64 - shift)
    } else {
        0
    };
    ((low | high) & ((1 << width) - 1)) as i64
}
