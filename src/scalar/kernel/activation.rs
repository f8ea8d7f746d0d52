//! What a layer's activation passes over its pre-activations for.

use pulp::{Simd, WithSimd};

use super::{Element, dispatch, vector::SUMS};

/// z ← (z + b) + a y over the common length, or z + b without y, each product and each sum rounded; whether every z of them is
/// finite then.
pub(in crate::scalar) fn add_terms<T: Element>(
    z: &mut [T],
    b: &[T],
    a: T,
    y: Option<&[T]>,
) -> bool {
    let n = z.len().min(b.len());
    let n = y.map_or(n, |y| n.min(y.len()));
    let (z, b, y) = (&mut z[..n], &b[..n], y.map(|y| &y[..n]));
    dispatch(AddTerms { z, b, a, y })
}

pub(super) struct AddTerms<'a, T> {
    pub(super) z: &'a mut [T],
    pub(super) b: &'a [T],
    pub(super) a: T,
    pub(super) y: Option<&'a [T]>,
}

impl<T: Element> WithSimd for AddTerms<'_, T> {
    type Output = bool;

    #[inline(always)]
    fn with_simd<D: Simd>(self, simd: D) -> bool {
        let AddTerms { z, b, a, y } = self;
        // z - z is 0 where z is finite and NaN elsewhere, which no sum loses.
        let mut lost = T::splat(simd, T::ZERO);
        let mut lanes = [T::ZERO; SUMS];
        let ((z, z_rest), (b, b_rest)) = (T::split_mut::<D>(z), T::split::<D>(b));
        if let Some(y) = y {
            let (y, y_rest) = T::split::<D>(y);
            let wide = T::splat(simd, a);
            for ((z, b), y) in z.iter_mut().zip(b).zip(y) {
                *z = T::add(simd, T::add(simd, *z, *b), T::mul(simd, wide, *y));
                lost = T::add(simd, lost, T::sub(simd, *z, *z));
            }
            for ((z, b), y) in z_rest.iter_mut().zip(b_rest).zip(y_rest) {
                *z = T::plus_product(T::plus(*z, *b), a, *y);
                lanes[SUMS - 1] = T::plus(lanes[SUMS - 1], T::minus(*z, *z));
            }
        } else {
            for (z, b) in z.iter_mut().zip(b) {
                *z = T::add(simd, *z, *b);
                lost = T::add(simd, lost, T::sub(simd, *z, *z));
            }
            for (z, b) in z_rest.iter_mut().zip(b_rest) {
                *z = T::plus(*z, *b);
                lanes[SUMS - 1] = T::plus(lanes[SUMS - 1], T::minus(*z, *z));
            }
        }
        T::split_mut::<D>(&mut lanes[..SUMS - 1]).0[0] = lost;
        lanes.iter().all(|lost| *lost == T::ZERO)
    }
}

/// The largest |x| that is finite; 0 if there is none.
pub(in crate::scalar) fn largest_finite<T: Element>(x: &[T]) -> T {
    dispatch(Largest(x))
}

pub(super) struct Largest<'a, T>(pub(super) &'a [T]);

impl<T: Element> WithSimd for Largest<'_, T> {
    type Output = T;

    #[inline(always)]
    fn with_simd<D: Simd>(self, _: D) -> T {
        // Maxima beside each other: the compiler makes vectors of them.
        let mut largest = [T::ZERO; SUMS];
        let (blocks, rest) = self.0.as_chunks::<SUMS>();
        for block in blocks {
            for lane in 0..SUMS {
                largest[lane] = larger(largest[lane], block[lane]);
            }
        }
        for (largest, x) in largest.iter_mut().zip(rest) {
            *largest = larger(*largest, *x);
        }
        let mut width = SUMS;
        while width > 1 {
            width /= 2;
            for k in 0..width {
                largest[k] = larger(largest[k], largest[k + width]);
            }
        }
        largest[0]
    }
}

#[inline(always)]
fn larger<T: Element>(largest: T, x: T) -> T {
    let x = T::size(x);
    let x = if x <= T::LARGEST { x } else { T::ZERO };
    if x > largest { x } else { largest }
}

/// x ← b (a x), each product rounded.
pub(in crate::scalar) fn scale_twice<T: Element>(x: &mut [T], a: T, b: T) {
    dispatch(ScaleTwice(x, a, b));
}

pub(super) struct ScaleTwice<'a, T>(pub(super) &'a mut [T], pub(super) T, pub(super) T);

impl<T: Element> WithSimd for ScaleTwice<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<D: Simd>(self, simd: D) {
        let ScaleTwice(x, a, b) = self;
        let (x, rest) = T::split_mut::<D>(x);
        let (wide_a, wide_b) = (T::splat(simd, a), T::splat(simd, b));
        for x in x {
            *x = T::mul(simd, T::mul(simd, *x, wide_a), wide_b);
        }
        for x in rest {
            *x = T::times(T::times(*x, a), b);
        }
    }
}

/// Σ (a x_k)² in double precision, where squares of singles are exact, for a power of two a: 8 sums, term k in sum k mod 8, added
/// in order.
pub(in crate::scalar) fn sum_of_squares_in_doubles(x: &[f32], a: f32) -> f32 {
    dispatch(SquaresOfSingles(x, a))
}

pub(super) struct SquaresOfSingles<'a>(pub(super) &'a [f32], pub(super) f32);

impl WithSimd for SquaresOfSingles<'_> {
    type Output = f32;

    #[inline(always)]
    fn with_simd<D: Simd>(self, _: D) -> f32 {
        let SquaresOfSingles(x, a) = self;
        // The compiler makes vectors of these.
        let mut sums = [0.0; LANES];
        let (blocks, rest) = x.as_chunks::<LANES>();
        for block in blocks {
            for lane in 0..LANES {
                let x = f64::from(a * block[lane]);
                sums[lane] += x * x;
            }
        }
        for (sum, x) in sums.iter_mut().zip(rest) {
            let x = f64::from(a * x);
            *sum += x * x;
        }
        sums.iter().sum::<f64>() as f32
    }
}

/// Lanes of [`sum_of_squares`].
const LANES: usize = 8;

/// Σ (a x_k)², for a power of two a, with the rounding errors of every square and every sum added at the end: 8 such sums, term k in
/// sum k mod 8, so that zeros appended to x change nothing.
pub(in crate::scalar) fn sum_of_squares(x: &[f64], a: f64) -> f64 {
    dispatch(Squares(x, a))
}

pub(super) struct Squares<'a>(pub(super) &'a [f64], pub(super) f64);

impl WithSimd for Squares<'_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<D: Simd>(self, simd: D) -> f64 {
        let registers = LANES / D::F64_LANES;
        let mut sums = [simd.splat_f64s(0.0); LANES / 2];
        let mut errors = sums;
        let (blocks, rest) = self.0.as_chunks::<LANES>();
        let a = simd.splat_f64s(self.1);
        for block in blocks {
            add_squares(simd, &mut sums, &mut errors, block, a);
        }
        let mut last = [0.0; LANES];
        last[..rest.len()].copy_from_slice(rest);
        add_squares(simd, &mut sums, &mut errors, &last, a);
        let (mut sum, mut error) = ([0.0; LANES], [0.0; LANES]);
        D::as_mut_simd_f64s(&mut sum)
            .0
            .copy_from_slice(&sums[..registers]);
        D::as_mut_simd_f64s(&mut error)
            .0
            .copy_from_slice(&errors[..registers]);
        // The eight totals, compensated once more.
        let (mut total, mut lost) = (0.0, 0.0);
        for (sum, error) in sum.into_iter().zip(error) {
            let next = total + sum;
            let back = next - total;
            lost += ((total - (next - back)) + (sum - back)) + error;
            total = next;
        }
        total + lost
    }
}

/// Adds the squares of a block to the running sums, and what rounding took from them to the errors.
#[inline(always)]
fn add_squares<D: Simd>(
    simd: D,
    sums: &mut [D::f64s],
    errors: &mut [D::f64s],
    block: &[f64; LANES],
    a: D::f64s,
) {
    for ((sum, error), x) in sums.iter_mut().zip(errors).zip(D::as_simd_f64s(block).0) {
        let x = simd.mul_f64s(*x, a);
        // The rounding errors of a square and of a sum are floats (Knuth 1998, 4.2.2).
        let square = simd.mul_f64s(x, x);
        let total = simd.add_f64s(*sum, square);
        let back = simd.sub_f64s(total, *sum);
        let of_sum = simd.add_f64s(
            simd.sub_f64s(*sum, simd.sub_f64s(total, back)),
            simd.sub_f64s(square, back),
        );
        let of_square = simd.mul_add_f64s(x, x, simd.neg_f64s(square));
        *error = simd.add_f64s(*error, simd.add_f64s(of_sum, of_square));
        *sum = total;
    }
}
