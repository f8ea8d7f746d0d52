//! Products of matrices of MPFR floats, every entry rounded once, by way of products of f64.
//!
//! Ozaki, Ogita, Oishi and Rump (2012). Row i of A is written as 2^(e_i) Σ_q 2^(1 - w(q+1)) A_q with
//! matrices A_q of integers, |A_q| ≤ 2^(w-1), q = 0 … s-1; so is every column of B. w is small enough for
//! sums of products of slices to be exact in f64, in any order. Kept are the products A_q B_r with
//! q + r < s, and the exact sum Σ A_ik B_kj lies within
//!
//! ```text
//! K (s + 6) 2^(e_i + f_j - w s)      K the inner size
//! ```
//!
//! of theirs: an entry cut to its s slices is off by less than 2^(1 - w s) in its unit, which makes
//! 4 K 2^(-w s) and a little more; |slice q| ≤ 2^(-w q), so that the products left out make at most
//! K s 2^(-w s) (1 + 2^(1-w)). Where both ends of this interval round to the same number, that is the sum
//! rounded once. Elsewhere the entry is summed exactly. So results depend on the numbers alone: not on the
//! number of slices, the size at which this pays, or what other rows and columns hold.

mod combine;
mod cut;

use combine::Combine;
use cut::{Cut, cut};
use rug::Float;

use super::{Mp, View, kernel};

/// Bits beyond those of the result and of the bound: one entry in about 2^10 of well-scaled matrices is
/// summed exactly.
const SPARE: u32 = 14;

/// Inner sizes beyond this leave too few bits a slice.
const LARGEST_INNER: usize = 1 << 20;

/// Whether slices are faster than sums one by one, as measured on squares of 8 to 128: from 12 × 12 on up to
/// 256 bits, from 16 × 16 on beyond.
fn pays(bits: u32, m: usize, inner: usize, n: usize) -> bool {
    let least = if bits <= 256 {
        12 * 12 * 12
    } else {
        16 * 16 * 16
    };
    m.min(n) >= 6 && (8..=LARGEST_INNER).contains(&inner) && m * inner * n >= least
}

/// How far an entry may be from the exact sum.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Accuracy {
    /// It is the exact sum rounded once.
    RoundedOnce,
    /// K u max|A_iq| max|B_qj|: what the slices give, whatever cancels.
    BesideFactors,
}

/// A B, in general every entry the exact sum rounded once; summed in order if an entry is not finite.
pub(super) fn product<const BITS: u32>(
    a: View<Mp<BITS>>,
    b: View<Mp<BITS>>,
    accuracy: Accuracy,
) -> Vec<Mp<BITS>> {
    let (m, inner, n) = (a.nrows(), a.ncols(), b.ncols());
    let finite = |x: View<Mp<BITS>>| x.data().iter().all(|x| x.0.is_finite());
    if !finite(a) || !finite(b) {
        let mut c = vec![Mp(Float::new(BITS)); m * n];
        super::in_order(&mut c, a, b);
        return c;
    }
    if pays(BITS, m, inner, n)
        && let Some((left, right, shape)) = prepare(a, b, accuracy)
    {
        return by_slices(a, b, &left, &right, shape, accuracy);
    }
    (0..m * n).map(|at| exact(a, b, at % m, at / m)).collect()
}

/// Σ A_ik B_kj, rounded once.
fn exact<const BITS: u32>(a: View<Mp<BITS>>, b: View<Mp<BITS>>, i: usize, j: usize) -> Mp<BITS> {
    let pairs = || (0..a.ncols()).map(|k| (&a.get(i, k).0, &b.get(k, j).0));
    // In order with 64 bits to spare first; where that does not settle the rounding, exactly.
    let (mut sum, mut product) = (Float::new(BITS + 64), Float::new(BITS + 64));
    let mut largest = None;
    for (x, y) in pairs() {
        rug::Assign::assign(&mut product, x * y);
        sum += &product;
        largest = largest.max(product.get_exp()).max(sum.get_exp());
    }
    let Some(largest) = largest else {
        return Mp(Float::new(BITS));
    };
    // 2 K roundings, each of at most half a unit of the largest number met.
    let error = Float::with_val(32, a.ncols()) << (largest - BITS as i32 - 63);
    let low = Float::with_val(BITS, &sum - &error);
    if low == Float::with_val(BITS, &sum + &error) && !low.is_zero() {
        return Mp(low);
    }
    let sum = Float::with_val(BITS, Float::dot(pairs()));
    Mp(if sum.is_zero() { sum.abs() } else { sum })
}

/// w, s and K.
#[derive(Clone, Copy)]
struct Shape {
    /// w, the bits of a slice.
    width: u32,
    /// s, the number of slices.
    slices: u32,
    /// K.
    inner: usize,
}

impl Shape {
    fn of(bits: u32, inner: usize) -> Self {
        let of_sum = inner.next_power_of_two().trailing_zeros();
        // 2 (w - 1) + log₂ K ≤ 53.
        let width = (55 - of_sum) / 2;
        let slices = (bits + SPARE + of_sum + 5).div_ceil(width).max(1);
        Shape {
            width,
            slices,
            inner,
        }
    }

    /// How many products of slices may be added up before a sum could leave 53 bits.
    fn together(self) -> u32 {
        let of_sum = self.inner.next_power_of_two().trailing_zeros();
        1 << (53 - 2 * (self.width - 1) - of_sum)
    }
}

/// Both factors in slices; `None` if their exponents are too far apart to be worked with.
fn prepare<const BITS: u32>(
    a: View<Mp<BITS>>,
    b: View<Mp<BITS>>,
    accuracy: Accuracy,
) -> Option<(Cut, Cut, Shape)> {
    let shape = Shape::of(BITS, a.ncols());
    // A D and D⁻¹ B with powers of two D_k: columns of A and rows of B then are of like size, whatever
    // grading cancels between them.
    let shift: Vec<i64> = (0..shape.inner)
        .map(|k| {
            let of_a = (0..a.nrows()).filter_map(|i| a.get(i, k).0.get_exp()).max();
            let of_b = (0..b.ncols()).filter_map(|j| b.get(k, j).0.get_exp()).max();
            match (of_a, of_b) {
                (Some(a), Some(b)) if accuracy == Accuracy::RoundedOnce => {
                    (i64::from(b) - i64::from(a)).div_euclid(2)
                }
                _ => 0,
            }
        })
        .collect();
    let left = cut(a, &shift, 1, shape)?;
    let right = cut(b.transpose(), &shift, -1, shape)?;
    Some((left, right, shape))
}

fn by_slices<const BITS: u32>(
    a: View<Mp<BITS>>,
    b: View<Mp<BITS>>,
    left: &Cut,
    right: &Cut,
    shape: Shape,
    accuracy: Accuracy,
) -> Vec<Mp<BITS>> {
    let (m, n) = (a.nrows(), b.ncols());
    let slices = shape.slices as usize;
    // sums[d] = Σ_{q + r = d} A_q B_r.
    let mut sums = vec![vec![0i64; m * n]; slices];
    let mut some = vec![0.0; m * n];
    for (d, sums) in sums.iter_mut().enumerate() {
        for q in 0..=d {
            let (a, b) = (&left.slices[q], &right.slices[d - q]);
            kernel::multiply_add_exact(
                &mut some,
                View::new(a, m, shape.inner),
                View::new(b, n, shape.inner).transpose(),
            );
            if (q + 1) % shape.together() as usize == 0 || q == d {
                for (sum, some) in sums.iter_mut().zip(&mut some) {
                    *sum += *some as i64;
                    *some = 0.0;
                }
            }
        }
    }
    let mut combine = Combine::new(shape);
    let mut c = Vec::with_capacity(m * n);
    for j in 0..n {
        for i in 0..m {
            let exponent = left.exponents[i] + right.exponents[j];
            let rounded = combine.round(sums.iter().map(|sum| sum[j * m + i]), exponent, accuracy);
            c.push(rounded.unwrap_or_else(|| exact(a, b, i, j)));
        }
    }
    c
}
