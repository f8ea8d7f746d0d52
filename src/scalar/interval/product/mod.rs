//! Products of matrices of intervals by way of products of their endpoints' matrices (Rump 1999).
//!
//! With midpoints m and radii r, and |X| for the largest magnitude of every entry, every a ∈ A and b ∈ B give
//!
//! ```text
//! |Σ a_k b_k - fl(Σ mA_k mB_k)| ≤ ε + Σ rA_k |B|_k + Σ |A|_k rB_k
//! ```
//!
//! as ab - mA mB = (a - mA) b + mA (b - mB). ε is what the product of the midpoints is off by:
//!
//! * [`Mp`](crate::scalar::Mp) is right to K u times the largest magnitudes in row and column, and to a rounding, so that
//!   ε ≤ 2 K u times these; and ε = 0 where every sum is a multiple of the product of the lowest bits of row and column and
//!   no longer than a number, as it is for files of hardware floats.
//! * f64 sums blocks of eight terms, and the blocks two by two, so that a term is rounded d = 8 + 1 + log₂ K/8 times at
//!   most, and ε ≤ (d + 1) u Σ |A|_k |B|_k + K η with η the smallest positive number.
//!
//! The sums of magnitudes are formed in f64 with rows and columns scaled to a largest entry below 1; entries that
//! are smaller than 2⁻⁴⁰⁰ beside it count as 2⁻⁴⁰⁰, so nothing underflows, and [`SLACK`] covers their roundings. The
//! time is that of one to four products of endpoints, where a loop over intervals rounds four times a term and branches
//! on signs.

use super::{Endpoint, Interval, Toward};
use crate::scalar::{Field, View};

/// What sums of up to 2²⁰ magnitudes, scaled and multiplied once more, are too small by, as a factor: 2²² roundings fit.
const SLACK: f64 = 1.0 + 1.0 / (1u32 << 30) as f64;

/// Inner sizes beyond this are left to the loop.
const LARGEST_INNER: usize = 1 << 20;

/// Entries below this part of the largest in their row or column count as this.
const SMALLEST: f64 = 1.0
    / (1u128 << 100) as f64
    / (1u128 << 100) as f64
    / (1u128 << 100) as f64
    / (1u128 << 100) as f64;

/// Terms that f64 sums one after the other.
const BLOCK: usize = 8;

/// Exponents that leave room for products in every endpoint but f64, whose overflows are seen.
const RANGE: i64 = 1 << 27;

/// Whether the work on entries is small beside that on products: 1/m + 1/k + 1/n ≤ 1/4.
fn pays(m: usize, inner: usize, n: usize) -> bool {
    let entries = m * inner + inner * n + m * n;
    (1..=LARGEST_INNER).contains(&inner) && 4 * entries <= m * inner * n
}

/// Contains A B for all members; `None` where the loop over intervals is as good, or needed: entries that are not
/// bounded, numbers at the end of the range.
pub(super) fn product<E: Endpoint>(
    a: View<Interval<E>>,
    b: View<Interval<E>>,
) -> Option<Vec<Interval<E>>> {
    let (m, inner, n) = (a.nrows(), a.ncols(), b.ncols());
    if !pays(m, inner, n) {
        return None;
    }
    let (left, right) = (Factor::of_rows(a)?, Factor::of_rows(b.transpose())?);
    let (middle, mut error) = middle_and_error(&left, &right);
    for (x, y) in [
        (&left.radius, &right.magnitude),
        (&left.magnitude, &right.radius),
    ] {
        if !x.is_zero() && !y.is_zero() {
            let of_radii = x.sums(y);
            for (at, (error, t)) in error.iter_mut().zip(of_radii).enumerate() {
                error.add_to(&x.unscaled(y, at, t, 0), Toward::Up);
            }
        }
    }
    (middle.into_iter().zip(error))
        .map(|(middle, error)| {
            let entry = Interval {
                lo: middle.add_toward(&-error.clone(), Toward::Down),
                hi: middle.add_toward(&error, Toward::Up),
            };
            (middle.is_finite() && error.is_finite()).then_some(entry)
        })
        .collect()
}

/// Rows of a factor (columns of the right one), as midpoints and as magnitudes.
struct Factor<E> {
    inner: usize,
    /// rows × inner, by columns.
    middle: Vec<E>,
    magnitude: Scaled,
    radius: Scaled,
}

impl<E: Endpoint> Factor<E> {
    fn of_rows(x: View<Interval<E>>) -> Option<Self> {
        let (rows, inner) = (x.nrows(), x.ncols());
        let entries = || (0..inner).flat_map(|k| (0..rows).map(move |i| x.get(i, k)));
        let fits = |x: &Interval<E>| {
            let fits = |x: &E| x.exponent().is_none_or(|e| e.abs() < RANGE);
            x.is_finite() && fits(&x.lo) && fits(&x.hi)
        };
        if !entries().all(fits) {
            return None;
        }
        let middle = |x: &Interval<E>| {
            if x.is_point() {
                x.lo.clone()
            } else {
                x.midpoint()
            }
        };
        let radius = |x: &Interval<E>| {
            if x.is_point() { E::zero() } else { x.radius() }
        };
        let radii: Vec<E> = entries().map(radius).collect();
        Some(Factor {
            inner,
            middle: entries().map(middle).collect(),
            magnitude: Scaled::of(rows, entries().map(Interval::magnitude).collect()),
            radius: Scaled::of(rows, radii),
        })
    }

    /// For each row the exponent of the lowest bit that is set in a midpoint; `None` for a row of zeros.
    fn lowest_bits(&self, rows: usize) -> Vec<Option<i64>> {
        let mut lowest = vec![None; rows];
        for (at, x) in self.middle.iter().enumerate() {
            if let Some((digits, e)) = x.to_float().to_integer_exp()
                && let Some(zeros) = digits.find_one(0)
            {
                let here = i64::from(e) + i64::from(zeros);
                let lowest = &mut lowest[at % rows];
                *lowest = Some(lowest.map_or(here, |lowest: i64| lowest.min(here)));
            }
        }
        lowest
    }
}

/// Numbers ≥ 0 as f64 times a power of two for each row, rounded up: entry (i, k) is at most 2^(e_i) x_ik.
struct Scaled {
    rows: usize,
    /// rows × inner, by columns.
    entries: Vec<f64>,
    /// e_i, `None` for a row of zeros.
    exponents: Vec<Option<i64>>,
}

impl Scaled {
    fn of<E: Endpoint>(rows: usize, x: Vec<E>) -> Self {
        let mut exponents = vec![None; rows];
        for (at, x) in x.iter().enumerate() {
            exponents[at % rows] = exponents[at % rows].max(x.exponent().map(|e| e + 1));
        }
        let scaled = |(at, x): (usize, E)| match exponents[at % rows] {
            Some(e) if !x.is_zero() => f64::larger(x.scaled_above(e), SMALLEST),
            _ => 0.0,
        };
        Scaled {
            rows,
            entries: x.into_iter().enumerate().map(scaled).collect(),
            exponents,
        }
    }

    fn is_zero(&self) -> bool {
        self.exponents.iter().all(Option::is_none)
    }

    fn view(&self) -> View<'_, f64> {
        let inner = self.entries.len().checked_div(self.rows).unwrap_or(0);
        View::new(&self.entries, self.rows, inner)
    }

    /// At least Σ_k x_ik y_jk, scaled, by columns.
    fn sums(&self, other: &Self) -> Vec<f64> {
        let mut sums = f64::product(self.view(), other.view().transpose());
        sums.iter_mut().for_each(|x| *x *= SLACK);
        sums
    }

    /// At least 2^e t in the unit of entry `at`.
    fn unscaled<E: Endpoint>(&self, other: &Self, at: usize, t: f64, e: i64) -> E {
        match (
            self.exponents[at % self.rows],
            other.exponents[at / self.rows],
        ) {
            (Some(of_row), Some(of_column)) => E::scaled_back(t, e + of_row + of_column),
            _ => E::zero(),
        }
    }
}

/// Two sums of as many blocks, one level up.
fn added<E: Endpoint>(earlier: Option<(u32, Vec<E>)>, later: (u32, Vec<E>)) -> (u32, Vec<E>) {
    let Some((level, mut sum)) = earlier else {
        return later;
    };
    sum.iter_mut().zip(later.1).for_each(|(sum, x)| *sum += x);
    (level + 1, sum)
}

/// The product of the midpoints, by columns, and a bound on what each entry of it is off by.
fn middle_and_error<E: Endpoint>(left: &Factor<E>, right: &Factor<E>) -> (Vec<E>, Vec<E>) {
    let (m, n, inner) = (left.magnitude.rows, right.magnitude.rows, left.inner);
    if E::ROUNDS_PRODUCTS_ONCE {
        let a = View::new(&left.middle, m, inner);
        let b = View::new(&right.middle, n, inner).transpose();
        if is_exact(left, right) {
            return (E::product(a, b), vec![E::zero(); m * n]);
        }
        let bits = E::precision().map_or(0, i64::from);
        let of_entry = |at| {
            left.magnitude
                .unscaled(&right.magnitude, at, 2.0 * inner as f64, -bits)
        };
        let error = (0..m * n).map(of_entry).collect();
        return (E::product_beside_factors(a, b), error);
    }
    // Sums of 1, 2, 4, … blocks that wait for another of their size.
    let mut waiting: Vec<(u32, Vec<E>)> = vec![];
    for from in (0..inner).step_by(BLOCK) {
        let to = inner.min(from + BLOCK);
        let a = View::new(&left.middle[from * m..to * m], m, to - from);
        let b = View::new(&right.middle[from * n..to * n], n, to - from).transpose();
        let mut sum = (0, E::product(a, b));
        while let Some((level, _)) = waiting.last()
            && *level == sum.0
        {
            sum = added(waiting.pop(), sum);
        }
        waiting.push(sum);
    }
    let mut middle = (0, vec![]);
    while let Some(sum) = waiting.pop() {
        middle = if middle.1.is_empty() {
            sum
        } else {
            added(Some(sum), middle)
        };
    }
    let middle = middle.1;
    let blocks = inner.div_ceil(BLOCK);
    let times = BLOCK + (usize::BITS - blocks.leading_zeros()) as usize;
    let lost = E::scaled_back(inner as f64, E::SMALLEST_EXPONENT);
    let bits = E::precision().map_or(0, i64::from);
    let sums = left.magnitude.sums(&right.magnitude);
    let of_entry = |(at, t): (usize, f64)| {
        let t = t * (times + 1) as f64 * SLACK;
        let mut error: E = left.magnitude.unscaled(&right.magnitude, at, t, -bits);
        if !error.is_zero() {
            error.add_to(&lost, Toward::Up);
        }
        error
    };
    let error = sums.into_iter().enumerate().map(of_entry).collect();
    (middle, error)
}

/// Whether every sum is a number for certain: a multiple of the product of the lowest bits of its row and column, and no
/// longer than the endpoints are.
fn is_exact<E: Endpoint>(left: &Factor<E>, right: &Factor<E>) -> bool {
    let longest = |factor: &Factor<E>| {
        let lowest = factor.lowest_bits(factor.magnitude.rows);
        let pairs = factor.magnitude.exponents.iter().zip(lowest);
        pairs.filter_map(|(e, lowest)| Some((*e)? - lowest?)).max()
    };
    let of_sum = i64::from(left.inner.next_power_of_two().trailing_zeros());
    let bits = E::precision().map_or(0, i64::from);
    match (longest(left), longest(right)) {
        (Some(of_rows), Some(of_columns)) => of_rows + of_columns + of_sum <= bits,
        // One of them is zero.
        _ => true,
    }
}

#[cfg(test)]
mod tests;
