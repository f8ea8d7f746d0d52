//! C ← C + A B in order: a register-blocked product that rounds as three plain loops do.
//!
//! Entry (i, j) accumulates A_i1 B_1j, A_i2 B_2j, … from what C holds, one rounding for each product and
//! each sum. A tile of C stays in registers while k runs, so blocking changes which entries are worked
//! on together and never the order within one. Between blocks of k the tile rests in C itself.

use pulp::{Simd, WithSimd};

use super::{Element, dispatch, element::Room};
use crate::scalar::View;

/// Columns of A and rows of B that are packed at a time: a panel of B then stays in the first cache.
const DEPTH: usize = 256;
/// Columns of B that are packed at a time where they are [`DEPTH`] long, and more where they are shorter: they stay in the
/// second cache.
const COLUMNS: usize = 256;
/// Tiles above each other whose rows of A are packed in one pass: of each column a few cache lines in a row, where one tile
/// alone would fetch single ones from far apart.
const ABOVE: usize = 8;
/// Below this many columns of B one pass over A a column is as fast as packing it.
const FEW: usize = 3;
/// Columns of A that are added to a column of C in one pass.
const ABREAST: usize = 8;
/// Columns that are turned into rows at a time.
const AT_ONCE: usize = 8;
/// Tiles start on a cache line.
const LINE: usize = 64;

/// C ← C + A B in order of k, for C of m × n whose columns begin `apart` entries from each other.
pub(in crate::scalar) fn multiply_add<T: Element>(
    c: &mut [T],
    apart: usize,
    a: View<T>,
    b: View<T>,
) {
    debug_assert_eq!(a.ncols(), b.nrows());
    debug_assert!(a.nrows() <= apart);
    if a.nrows() > 0 && a.ncols() > 0 && b.ncols() > 0 {
        let fresh = false;
        in_room(|room| {
            dispatch(Product::<T, false> {
                c,
                apart,
                a,
                b,
                fresh,
                room,
            });
        });
    }
}

/// C ← A B: [`multiply_add`] from +0, whatever C held.
pub(in crate::scalar) fn product<T: Element>(c: &mut [T], a: View<T>, b: View<T>) {
    debug_assert_eq!(a.ncols(), b.nrows());
    debug_assert_eq!(c.len(), a.nrows() * b.ncols());
    if a.ncols() == 0 {
        c.fill(T::ZERO);
    } else if !c.is_empty() {
        let (apart, fresh) = (a.nrows(), true);
        in_room(|room| {
            dispatch(Product::<T, false> {
                c,
                apart,
                a,
                b,
                fresh,
                room,
            });
        });
    }
}

/// [`multiply_add`] for integers small enough for every sum to be exact: fused where that is faster.
pub(in crate::scalar) fn multiply_add_exact(c: &mut [f64], a: View<f64>, b: View<f64>) {
    debug_assert_eq!(a.ncols(), b.nrows());
    debug_assert_eq!(c.len(), a.nrows() * b.ncols());
    if !c.is_empty() && a.ncols() > 0 {
        let (apart, fresh) = (a.nrows(), false);
        in_room(|room| {
            dispatch(Product::<f64, true> {
                c,
                apart,
                a,
                b,
                fresh,
                room,
            });
        });
    }
}

fn in_room<T: Element>(work: impl FnOnce(&mut Room<T>)) {
    let mut room = T::take_room();
    work(&mut room);
    T::put_room(room);
}

/// EXACT: every product and sum is, so that they may be fused.
pub(super) struct Product<'a, T, const EXACT: bool> {
    pub(super) c: &'a mut [T],
    /// From one column of C to the next.
    pub(super) apart: usize,
    pub(super) a: View<'a, T>,
    pub(super) b: View<'a, T>,
    /// Whether sums start from +0 instead of what C holds.
    pub(super) fresh: bool,
    pub(super) room: &'a mut Room<T>,
}

impl<T: Element, const EXACT: bool> WithSimd for Product<'_, T, EXACT> {
    type Output = ();

    #[inline(always)]
    fn with_simd<D: Simd>(self, simd: D) {
        let columns = if self.b.ncols() <= FEW {
            (0..self.b.ncols())
                .map(|j| self.b.column(j))
                .collect::<Option<Vec<_>>>()
        } else {
            None
        };
        match (self.a.whole(), columns) {
            (Some(a), Some(columns)) => {
                let rows = self.a.nrows();
                for (c, b) in self.c.chunks_mut(self.apart).zip(columns) {
                    let c = &mut c[..rows];
                    if self.fresh {
                        c.fill(T::ZERO);
                    }
                    by_columns::<T, D>(simd, c, a, b);
                }
            }
            // 16 registers hold a tile of 2 vectors by 6 beside the operands, 32 one of 1 by 16: lower tiles read each entry
            // of B from memory as part of its one multiplication, which on Zen 4 is half as fast again as 2 by 8.
            _ if D::REGISTER_COUNT >= 32 => self.blocked::<D, 1, 16, 8>(simd),
            _ => self.blocked::<D, 2, 6, 6>(simd),
        }
    }
}

/// c ← c + A b, several columns of A in one pass over c.
#[inline(always)]
fn by_columns<T: Element, D: Simd>(simd: D, c: &mut [T], a: &[T], b: &[T]) {
    let rows = c.len();
    let wide = b.len() / ABREAST * ABREAST;
    let mut blocks = a.chunks_exact(rows * ABREAST);
    for (a, b) in (&mut blocks).zip(b[..wide].chunks_exact(ABREAST)) {
        let (head, tail) = T::split_mut::<D>(c);
        let mut columns = [a; ABREAST];
        let mut vectors = [&[] as &[T::Vector<D>]; ABREAST];
        let mut factors = [T::splat(simd, T::ZERO); ABREAST];
        for k in 0..ABREAST {
            columns[k] = &a[k * rows..(k + 1) * rows];
            vectors[k] = &T::split::<D>(columns[k]).0[..head.len()];
            factors[k] = T::splat(simd, b[k]);
        }
        for (i, c) in head.iter_mut().enumerate() {
            let mut sum = *c;
            for k in 0..ABREAST {
                sum = T::add(simd, sum, T::mul(simd, vectors[k][i], factors[k]));
            }
            *c = sum;
        }
        let from = rows - tail.len();
        for (i, c) in tail.iter_mut().enumerate() {
            for k in 0..ABREAST {
                *c = T::plus_product(*c, columns[k][from + i], b[k]);
            }
        }
    }
    for (a, b) in blocks.remainder().chunks_exact(rows).zip(&b[wide..]) {
        let (head, tail) = T::split_mut::<D>(c);
        let (a_head, a_tail) = T::split::<D>(a);
        let factor = T::splat(simd, *b);
        for (c, a) in head.iter_mut().zip(a_head) {
            *c = T::add(simd, *c, T::mul(simd, *a, factor));
        }
        for (c, a) in tail.iter_mut().zip(a_tail) {
            *c = T::plus_product(*c, *a, *b);
        }
    }
}

impl<T: Element, const EXACT: bool> Product<'_, T, EXACT> {
    /// Tiles of M vectors by N columns; the last one has H columns if no more are left.
    #[inline(always)]
    fn blocked<D: Simd, const M: usize, const N: usize, const H: usize>(self, simd: D) {
        let Product {
            c,
            apart,
            a,
            b,
            fresh,
            room,
        } = self;
        let (m, inner, n) = (a.nrows(), a.ncols(), b.ncols());
        let lanes = T::lanes::<D>();
        let (depth, high) = (inner.min(DEPTH), M * lanes);
        let of_a = ABOVE.min(m.div_ceil(high)) * high * depth;
        let abreast = COLUMNS * DEPTH / depth / N * N;
        let of_b = depth * n.min(abreast).next_multiple_of(N);
        // What an earlier product has left is packed over, or takes part in sums that are never stored.
        for (store, size) in [(&mut room.a, of_a + LINE), (&mut room.b, of_b)] {
            if store.len() < size {
                store.resize(size, T::ZERO);
            }
        }
        let (a_store, b_store) = (&mut room.a[..], &mut room.b[..]);
        let a_start = a_store.as_ptr().align_offset(LINE).min(LINE);
        for j0 in (0..n).step_by(abreast) {
            let columns = abreast.min(n - j0);
            for k0 in (0..inner).step_by(DEPTH) {
                let depth = DEPTH.min(inner - k0);
                for group in (0..columns).step_by(ABOVE * N) {
                    let whole = ((columns - group) / N).min(ABOVE);
                    let to = &mut b_store[group * depth..][..whole * N * depth];
                    pack_above(to, N, b.transpose(), j0 + group, k0, depth);
                }
                let rest = columns % N;
                if rest > 0 {
                    let wide = if rest > H { N } else { H };
                    let j = columns - rest;
                    let to = &mut b_store[j * depth..][..wide * depth];
                    pack(to, wide, b.transpose(), j0 + j, k0, rest);
                }
                for i0 in (0..m).step_by(high) {
                    let rows = high.min(m - i0);
                    let height = if rows > lanes { high } else { lanes };
                    // Which of the tiles that are packed together this is.
                    let above = i0 / high % ABOVE;
                    if above == 0 {
                        let whole = ((m - i0) / high).min(ABOVE);
                        let to = &mut a_store[a_start..][..whole * high * depth];
                        pack_above(to, high, a, i0, k0, depth);
                    }
                    let packed = &mut a_store[a_start + above * high * depth..][..height * depth];
                    if rows < high {
                        pack(packed, height, a, i0, k0, rows);
                    }
                    let packed = T::split::<D>(packed).0;
                    for (panel, j) in (0..columns).step_by(N).enumerate() {
                        let left = columns - j;
                        let at = Place {
                            stride: apart,
                            row: i0,
                            rows,
                            column: j0 + j,
                            columns: N.min(left),
                            fresh: fresh && k0 == 0,
                        };
                        let b = &b_store[panel * N * depth..];
                        match (rows > lanes, left > H) {
                            (true, true) => {
                                tile::<T, D, EXACT, M, N>(simd, c, at, packed, &b[..N * depth])
                            }
                            (true, false) => {
                                tile::<T, D, EXACT, M, H>(simd, c, at, packed, &b[..H * depth])
                            }
                            (false, true) => {
                                tile::<T, D, EXACT, 1, N>(simd, c, at, packed, &b[..N * depth])
                            }
                            (false, false) => {
                                tile::<T, D, EXACT, 1, H>(simd, c, at, packed, &b[..H * depth])
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Rows i0 … of `a`, `height` of them beside each other for each column from k0 on. Rows from `rows` on
/// keep what is there: their sums are never stored.
#[inline(always)]
fn pack<T: Element>(to: &mut [T], height: usize, a: View<T>, i0: usize, k0: usize, rows: usize) {
    let rows = rows.min(height);
    let (of_row, of_column) = a.strides();
    let data = a.data();
    if of_row == 1 {
        for (k, to) in to.chunks_exact_mut(height).enumerate() {
            let from = &data[(k0 + k) * of_column + i0..][..rows];
            // Whole vectors are moved as such: a call to copy 16 numbers takes longer than copying them.
            if rows == height {
                let (to, to_rest) = to.as_chunks_mut::<8>();
                let (from, from_rest) = from.as_chunks::<8>();
                for (to, from) in to.iter_mut().zip(from) {
                    *to = *from;
                }
                for (to, from) in to_rest.iter_mut().zip(from_rest) {
                    *to = *from;
                }
            } else {
                to[..rows].copy_from_slice(from);
            }
        }
    } else {
        // A few columns at a time, so that what is written stays in the first cache until each line of it is whole.
        for (block, to) in to.chunks_mut(AT_ONCE * height).enumerate() {
            let depth = to.len() / height;
            for i in 0..rows {
                let from = &data[(i0 + i) * of_row + k0 + block * AT_ONCE..][..depth];
                if let Some(from) = from.first_chunk::<AT_ONCE>() {
                    for (k, x) in from.iter().enumerate() {
                        to[k * height + i] = *x;
                    }
                } else {
                    for (k, x) in from.iter().enumerate() {
                        to[k * height + i] = *x;
                    }
                }
            }
        }
    }
}

/// Several times `height` rows from i0 on, as [`pack`] does for each, on one way through the columns.
#[inline(always)]
fn pack_above<T: Element>(
    to: &mut [T],
    height: usize,
    a: View<T>,
    i0: usize,
    k0: usize,
    depth: usize,
) {
    let (of_row, of_column) = a.strides();
    if of_row != 1 {
        for (above, to) in to.chunks_exact_mut(height * depth).enumerate() {
            pack(to, height, a, i0 + above * height, k0, height);
        }
        return;
    }
    let tall = to.len() / depth;
    for k in 0..depth {
        let from = &a.data()[(k0 + k) * of_column + i0..][..tall];
        for (above, from) in from.chunks_exact(height).enumerate() {
            let to = &mut to[(above * depth + k) * height..][..height];
            let (to, to_rest) = to.as_chunks_mut::<8>();
            let (from, from_rest) = from.as_chunks::<8>();
            for (to, from) in to.iter_mut().zip(from) {
                *to = *from;
            }
            for (to, from) in to_rest.iter_mut().zip(from_rest) {
                *to = *from;
            }
        }
    }
}

/// Where a tile lies in C.
#[derive(Clone, Copy)]
struct Place {
    stride: usize,
    row: usize,
    rows: usize,
    column: usize,
    columns: usize,
    /// Whether its sums start from +0.
    fresh: bool,
}

impl Place {
    #[inline(always)]
    fn column(self, j: usize) -> std::ops::Range<usize> {
        let start = (self.column + j) * self.stride + self.row;
        start..start + self.rows
    }
}

/// One tile, M vectors high and N columns wide.
#[inline(always)]
fn tile<T: Element, D: Simd, const EXACT: bool, const M: usize, const N: usize>(
    simd: D,
    c: &mut [T],
    at: Place,
    a: &[T::Vector<D>],
    b: &[T],
) {
    let zero = T::splat(simd, T::ZERO);
    let whole = at.rows == M * T::lanes::<D>();
    let mut sums = [[zero; M]; N];
    if whole && at.columns == N {
        // Most tiles: counts that are known here leave the sums in registers from the first to the last.
        if !at.fresh {
            for (j, sums) in sums.iter_mut().enumerate() {
                let from = T::split::<D>(&c[at.column(j)]).0;
                sums.copy_from_slice(&from[..M]);
            }
        }
        let sums = accumulated::<T, D, EXACT, M, N>(simd, sums, a, b);
        for (j, sums) in sums.iter().enumerate() {
            let to = T::split_mut::<D>(&mut c[at.column(j)]).0;
            to[..M].copy_from_slice(sums);
        }
        return;
    }
    // A column of an incomplete tile passes through this: 128 bytes and more hold two vectors.
    let mut buffer = [T::ZERO; 32];
    let held = if at.fresh { 0 } else { at.columns };
    for (j, sums) in sums.iter_mut().enumerate().take(held) {
        let from = &c[at.column(j)];
        if whole {
            sums.copy_from_slice(&T::split::<D>(from).0[..M]);
        } else {
            buffer[..at.rows].copy_from_slice(from);
            sums.copy_from_slice(&T::split::<D>(&buffer).0[..M]);
        }
    }
    let sums = accumulated::<T, D, EXACT, M, N>(simd, sums, a, b);
    for (j, sums) in sums.iter().enumerate().take(at.columns) {
        let to = &mut c[at.column(j)];
        if whole {
            T::split_mut::<D>(to).0[..M].copy_from_slice(sums);
        } else {
            T::split_mut::<D>(&mut buffer).0[..M].copy_from_slice(sums);
            to.copy_from_slice(&buffer[..at.rows]);
        }
    }
}

/// The sums of a tile with all products added.
#[inline(always)]
fn accumulated<T: Element, D: Simd, const EXACT: bool, const M: usize, const N: usize>(
    simd: D,
    mut sums: [[T::Vector<D>; M]; N],
    a: &[T::Vector<D>],
    b: &[T],
) -> [[T::Vector<D>; M]; N] {
    for (a, b) in a.chunks_exact(M).zip(b.chunks_exact(N)) {
        for j in 0..N {
            let b = T::splat(simd, b[j]);
            for i in 0..M {
                sums[j][i] = if EXACT {
                    T::exact_mul_add(simd, a[i], b, sums[j][i])
                } else {
                    T::add(simd, sums[j][i], T::mul(simd, a[i], b))
                };
            }
        }
    }
    sums
}
