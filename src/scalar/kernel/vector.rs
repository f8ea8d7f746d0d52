//! Sums, products and rotations of whole vectors.

use pulp::{Simd, WithSimd};

use super::{Element, dispatch};

/// Running sums of [`dot`]: a whole number of vectors of every width, and enough of them to keep the
/// adders busy.
pub(super) const SUMS: usize = 32;

/// Σ x_k y_k over the common length: 32 running sums, term k in sum k mod 32, added pairwise at the end.
pub(in crate::scalar) fn dot<T: Element>(x: &[T], y: &[T]) -> T {
    let n = x.len().min(y.len());
    dispatch(Dot(&x[..n], &y[..n]))
}

pub(super) struct Dot<'a, T>(pub(super) &'a [T], pub(super) &'a [T]);

impl<T: Element> WithSimd for Dot<'_, T> {
    type Output = T;

    #[inline(always)]
    fn with_simd<D: Simd>(self, simd: D) -> T {
        let mut sums = [T::ZERO; SUMS];
        let whole = self.0.len() / SUMS * SUMS;
        let ((x, x_rest), (y, y_rest)) = (self.0.split_at(whole), self.1.split_at(whole));
        let registers = SUMS / T::lanes::<D>();
        // 16 vectors of two lanes at most.
        let mut running = [T::splat(simd, T::ZERO); SUMS / 2];
        let (x, y) = (T::split::<D>(x).0, T::split::<D>(y).0);
        for (x, y) in x.chunks_exact(registers).zip(y.chunks_exact(registers)) {
            for k in 0..registers {
                running[k] = T::add(simd, running[k], T::mul(simd, x[k], y[k]));
            }
        }
        T::split_mut::<D>(&mut sums)
            .0
            .copy_from_slice(&running[..registers]);
        for ((sum, x), y) in sums.iter_mut().zip(x_rest).zip(y_rest) {
            *sum = T::plus_product(*sum, *x, *y);
        }
        let mut width = SUMS;
        while width > 1 {
            width /= 2;
            for k in 0..width {
                sums[k] = T::plus(sums[k], sums[k + width]);
            }
        }
        sums[0]
    }
}

/// y ← y + a x over the common length, each product and each sum rounded.
pub(in crate::scalar) fn axpy<T: Element>(y: &mut [T], a: T, x: &[T]) {
    let n = x.len().min(y.len());
    dispatch(Axpy(&mut y[..n], a, &x[..n]));
}

pub(super) struct Axpy<'a, T>(pub(super) &'a mut [T], pub(super) T, pub(super) &'a [T]);

impl<T: Element> WithSimd for Axpy<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<D: Simd>(self, simd: D) {
        let ((y, y_rest), (x, x_rest)) = (T::split_mut::<D>(self.0), T::split::<D>(self.2));
        let a = T::splat(simd, self.1);
        for (y, x) in y.iter_mut().zip(x) {
            *y = T::add(simd, *y, T::mul(simd, a, *x));
        }
        for (y, x) in y_rest.iter_mut().zip(x_rest) {
            *y = T::plus_product(*y, self.1, *x);
        }
    }
}

/// y ← y + a (b x) over the common length, each product and each sum rounded; whether every y is finite then.
pub(in crate::scalar) fn descend<T: Element>(y: &mut [T], a: T, b: T, x: &[T]) -> bool {
    let n = x.len().min(y.len());
    dispatch(Descend(&mut y[..n], a, b, &x[..n]))
}

pub(super) struct Descend<'a, T>(
    pub(super) &'a mut [T],
    pub(super) T,
    pub(super) T,
    pub(super) &'a [T],
);

impl<T: Element> WithSimd for Descend<'_, T> {
    type Output = bool;

    #[inline(always)]
    fn with_simd<D: Simd>(self, simd: D) -> bool {
        let Descend(y, a, b, x) = self;
        let ((y, y_rest), (x, x_rest)) = (T::split_mut::<D>(y), T::split::<D>(x));
        let (wide_a, wide_b) = (T::splat(simd, a), T::splat(simd, b));
        // y - y is 0 where y is finite and NaN elsewhere, which no sum loses.
        let mut lost = T::splat(simd, T::ZERO);
        for (y, x) in y.iter_mut().zip(x) {
            let step = T::mul(simd, wide_a, T::mul(simd, *x, wide_b));
            *y = T::add(simd, *y, step);
            lost = T::add(simd, lost, T::sub(simd, *y, *y));
        }
        let mut lanes = [T::ZERO; SUMS];
        T::split_mut::<D>(&mut lanes).0[0] = lost;
        for (y, x) in y_rest.iter_mut().zip(x_rest) {
            *y = T::plus_product(*y, a, T::times(*x, b));
            lanes[0] = T::plus(lanes[0], T::minus(*y, *y));
        }
        lanes.iter().all(|lost| *lost == T::ZERO)
    }
}

/// x ← a x.
pub(in crate::scalar) fn scale<T: Element + std::ops::MulAssign>(x: &mut [T], a: T) {
    dispatch(Scale(x, a));
}

struct Scale<'a, T>(&'a mut [T], T);

impl<T: Element + std::ops::MulAssign> WithSimd for Scale<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<D: Simd>(self, simd: D) {
        let (x, rest) = T::split_mut::<D>(self.0);
        let a = T::splat(simd, self.1);
        for x in x {
            *x = T::mul(simd, *x, a);
        }
        for x in rest {
            *x *= self.1;
        }
    }
}

/// (x, y) ← (c x - s y, s x + c y) over the common length.
pub(in crate::scalar) fn rotate<T: Element>(x: &mut [T], y: &mut [T], c: T, s: T) {
    let n = x.len().min(y.len());
    dispatch(Rotate(&mut x[..n], &mut y[..n], c, s));
}

pub(super) struct Rotate<'a, T>(
    pub(super) &'a mut [T],
    pub(super) &'a mut [T],
    pub(super) T,
    pub(super) T,
);

impl<T: Element> WithSimd for Rotate<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<D: Simd>(self, simd: D) {
        let Rotate(x, y, c, s) = self;
        let ((x, x_rest), (y, y_rest)) = (T::split_mut::<D>(x), T::split_mut::<D>(y));
        let (cs, ss) = (T::splat(simd, c), T::splat(simd, s));
        for (x, y) in x.iter_mut().zip(y) {
            let (a, b) = (*x, *y);
            *x = T::sub(simd, T::mul(simd, cs, a), T::mul(simd, ss, b));
            *y = T::add(simd, T::mul(simd, ss, a), T::mul(simd, cs, b));
        }
        for (x, y) in x_rest.iter_mut().zip(y_rest) {
            (*x, *y) = T::rotated(*x, *y, c, s);
        }
    }
}
