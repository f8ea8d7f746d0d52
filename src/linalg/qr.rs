//! Householder QR, plain and with column pivoting.

use super::{
    Matrix, column, column_mut,
    norm::norm2,
    reflectors::{BLOCK, Block},
    two_columns,
};
use crate::scalar::{Field, Real, View};

/// A P = Q R with Q orthogonal, R upper trapezoidal with a non-negative diagonal and exact zeros
/// below it, P a permutation (the identity for [`qr`]).
#[derive(Clone, Debug)]
pub struct Qr<S> {
    /// Reflector k in column k below the diagonal (leading 1 implied); R on and above it.
    packed: Matrix<S>,
    tau: Vec<S>,
    /// ±1 for each row of R, so that its diagonal is non-negative.
    flipped: Vec<bool>,
    permutation: Vec<usize>,
}

/// Sums of squares above 2^this are accurate in every format: f32, the narrowest, is normal from
/// 2^-126 and has 24 bits.
const SMALL_SQUARE: i64 = -100;

/// Householder QR of an m × n matrix. Entries of any finite size; non-finite entries give a
/// non-finite result.
pub fn qr<S: Real>(a: &Matrix<S>) -> Qr<S> {
    factorise(a, false)
}

/// Householder QR with column pivoting: at each step the remaining column of largest norm comes
/// next, so |R_kk| falls and the R of a column-graded matrix is row-graded.
pub fn qr_pivoted<S: Real>(a: &Matrix<S>) -> Qr<S> {
    factorise(a, true)
}

fn factorise<S: Real>(a: &Matrix<S>, pivot: bool) -> Qr<S> {
    let (m, n) = a.shape();
    let steps = m.min(n);
    // A power of two brings the largest entry to [1, 2): squares cannot overflow.
    let scale = S::largest_exponent(a.as_slice()).unwrap_or(0);
    let mut work = a.map(|x| x.scale_by_power_of_two(-scale));
    let mut permutation: Vec<usize> = (0..n).collect();
    let mut tau = Vec::with_capacity(steps);
    // Reflectors work on the columns before `open` one by one, and on the others a block at a time.
    let blocked = !pivot && in_blocks::<S>(m.min(n));
    let mut open = if blocked { BLOCK.min(n) } else { n };
    for k in 0..steps {
        if k == open {
            let block = block(&work, &tau, k - BLOCK).transpose();
            let from = k * m + k - BLOCK;
            block.apply(&mut work.as_mut_slice()[from..], m, n - k);
            open = (k + BLOCK).min(n);
        }
        if pivot {
            let next = longest_tail(&work, k);
            work.swap_columns(k, next);
            permutation.swap(k, next);
        }
        let t = reflector(&mut column_mut(&mut work, k)[k..]);
        for j in k + 1..open {
            let (v, x) = two_columns(&mut work, k, j);
            reflect(&v[k..], &t, &mut x[k..]);
        }
        tau.push(t);
    }
    if open < n {
        let start = (steps - 1) / BLOCK * BLOCK;
        let block = block(&work, &tau, start).transpose();
        let from = open * m + start;
        block.apply(&mut work.as_mut_slice()[from..], m, n - open);
    }
    let flipped = (0..steps).map(|k| work[(k, k)].below_zero()).collect();
    for j in 0..n {
        for x in &mut column_mut(&mut work, j)[..(j + 1).min(m)] {
            *x = x.scale_by_power_of_two(scale);
        }
    }
    Qr {
        packed: work,
        tau,
        flipped,
        permutation,
    }
}

/// Whether so many reflectors pay as blocks: in hardware floats, whose products are many times as fast as their sums.
fn in_blocks<S: Real>(steps: usize) -> bool {
    steps >= 2 * BLOCK && S::precision().is_some_and(|bits| bits <= 53)
}

/// The reflectors from `start` on, as many as a block takes.
fn block<S: Real>(packed: &Matrix<S>, tau: &[S], start: usize) -> Block<S> {
    let m = packed.nrows();
    let end = (start + BLOCK).min(tau.len());
    let columns = &packed.as_slice()[start * m + start..];
    Block::new(
        View::apart(columns, m - start, end - start, m),
        &tau[start..end],
    )
}

/// The column from k on whose rows from k on have the largest norm, the first of equals. Norms are
/// computed afresh at each step: downdating them loses accuracy on graded columns.
fn longest_tail<S: Real>(work: &Matrix<S>, k: usize) -> usize {
    let longest = |length: &dyn Fn(&[S]) -> S| {
        let mut best = (k, length(&column(work, k)[k..]));
        for j in k + 1..work.ncols() {
            let candidate = length(&column(work, j)[k..]);
            if candidate > best.1 {
                best = (j, candidate);
            }
        }
        best
    };
    let (next, square) = longest(&|x| S::dot(x, x));
    // Squares near the bottom of the format's range have lost bits; norms have not.
    if square.exponent().is_some_and(|e| e > SMALL_SQUARE) {
        next
    } else {
        longest(&norm2).0
    }
}

/// Replaces x by (β, v₂, v₃, …) with H x = β e₁, H = I - τ v vᵀ, v₁ = 1; returns τ.
fn reflector<S: Real>(x: &mut [S]) -> S {
    if x.iter().skip(1).all(S::is_zero) {
        return S::zero();
    }
    // v and τ do not depend on the scale of x, but squares that underflow would leave H not
    // orthogonal: x is brought to order one first.
    let e = S::largest_exponent(x).unwrap_or(0);
    S::scale_all_by_power_of_two(x, -e);
    let Some((first, rest)) = x.split_first_mut() else {
        return S::zero();
    };
    let norm = (first.clone() * &*first + S::dot(rest, rest)).sqrt();
    let beta = if first.below_zero() { norm } else { -norm };
    let pivot = first.clone() - &beta;
    for x in rest {
        *x /= &pivot;
    }
    let tau = -(pivot / &beta);
    *first = beta.scale_by_power_of_two(e);
    tau
}

/// x ← H x for the reflector stored in v (whose first entry stands for 1).
fn reflect<S: Field>(v: &[S], tau: &S, x: &mut [S]) {
    if tau.is_zero() {
        return;
    }
    let (Some((first, rest)), Some((_, v))) = (x.split_first_mut(), v.split_first()) else {
        return;
    };
    let weight = -((S::dot(v, rest) + &*first) * tau);
    *first += &weight;
    S::axpy(rest, &weight, v);
}

impl<S: Real> Qr<S> {
    /// The first `columns` columns of the m × m orthogonal factor Q.
    pub fn q(&self, columns: usize) -> Matrix<S> {
        let m = self.packed.nrows();
        let mut q = Matrix::identity(m, columns.min(m));
        self.reflect_all(&mut q, true);
        for (k, _) in self
            .flipped
            .iter()
            .enumerate()
            .filter(|(k, flip)| **flip && *k < columns)
        {
            column_mut(&mut q, k)
                .iter_mut()
                .for_each(|x| *x = -x.clone());
        }
        q
    }

    /// Whether reflectors are applied a block at a time, at the speed of products.
    pub(crate) fn is_blocked(&self) -> bool {
        in_blocks::<S>(self.tau.len())
    }

    /// Whether blocks of reflectors pay for so many columns.
    fn in_blocks(&self, c: &Matrix<S>) -> bool {
        c.ncols() >= BLOCK / 2 && self.is_blocked()
    }

    /// C ← H₁ H₂ … C for all reflectors. Those from k on leave the first k columns of an identity alone.
    fn reflect_all(&self, c: &mut Matrix<S>, identity: bool) {
        let (m, columns) = c.shape();
        if self.in_blocks(c) {
            for start in (0..self.tau.len()).step_by(BLOCK).rev() {
                let first = if identity { start.min(columns) } else { 0 };
                if first < columns {
                    let from = &mut c.as_mut_slice()[first * m + start..];
                    block(&self.packed, &self.tau, start).apply(from, m, columns - first);
                }
            }
            return;
        }
        for j in 0..columns {
            for k in (0..self.tau.len()).rev() {
                // Reflector k leaves e_j alone until a later one has touched its tail.
                reflect(
                    &column(&self.packed, k)[k..],
                    &self.tau[k],
                    &mut column_mut(c, j)[k..],
                );
            }
        }
    }

    /// Q C, for C of m rows.
    pub(super) fn apply_q(&self, mut c: Matrix<S>) -> Matrix<S> {
        for (k, flip) in self.flipped.iter().enumerate() {
            if *flip {
                for j in 0..c.ncols() {
                    let x = &mut c[(k, j)];
                    *x = -x.clone();
                }
            }
        }
        self.reflect_all(&mut c, false);
        c
    }

    /// Qᵀ C, for C of m rows.
    pub(crate) fn apply_q_transposed(&self, mut c: Matrix<S>) -> Matrix<S> {
        if self.in_blocks(&c) {
            let (m, columns) = c.shape();
            for start in (0..self.tau.len()).step_by(BLOCK) {
                let block = block(&self.packed, &self.tau, start).transpose();
                block.apply(&mut c.as_mut_slice()[start..], m, columns);
            }
        } else {
            for j in 0..c.ncols() {
                for k in 0..self.tau.len() {
                    reflect(
                        &column(&self.packed, k)[k..],
                        &self.tau[k],
                        &mut column_mut(&mut c, j)[k..],
                    );
                }
            }
        }
        for (k, _) in self.flipped.iter().enumerate().filter(|(_, flip)| **flip) {
            for j in 0..c.ncols() {
                let x = &mut c[(k, j)];
                *x = -x.clone();
            }
        }
        c
    }

    /// R, min(m, n) × n.
    pub fn r(&self) -> Matrix<S> {
        Matrix::from_fn(self.tau.len(), self.packed.ncols(), |i, j| {
            match (i <= j, self.flipped[i]) {
                (false, _) => S::zero(),
                (true, true) => -self.packed[(i, j)].clone(),
                (true, false) => self.packed[(i, j)].clone(),
            }
        })
    }

    /// Column k of A P is column `permutation()[k]` of A.
    pub fn permutation(&self) -> &[usize] {
        &self.permutation
    }
}
