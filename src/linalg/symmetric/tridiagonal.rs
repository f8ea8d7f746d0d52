//! A symmetric matrix made tridiagonal by reflectors, of which a block changes the rest of the matrix at once
//! (Dongarra, Sorensen and Hammarling 1989).

use pulp::Arch;

use crate::{
    linalg::{
        Matrix, column, column_mut,
        reflectors::{BLOCK, Block},
    },
    scalar::{Field, View},
};

/// Columns of the rest of the matrix that are changed together: only the part below the diagonal is needed.
const STRIPE: usize = 64;
/// Sums beside each other, a whole number of vectors.
const LANES: usize = 8;

/// G = Q T Qᵀ with Q = H_1 H_2 …, where H_k leaves the first k coordinates alone.
pub(super) struct Tridiagonal {
    pub diagonal: Vec<f64>,
    /// Entry k stands in row k + 1 and column k.
    pub beside: Vec<f64>,
    /// The vector of H_k in column k - 1, from row k on, which holds the 1; what is above means nothing.
    reflectors: Matrix<f64>,
    tau: Vec<f64>,
}

impl Tridiagonal {
    /// Of a symmetric matrix with entries of order one; what is above the diagonal is not read.
    pub(super) fn of(mut g: Matrix<f64>) -> Self {
        let n = g.nrows();
        let steps = n.saturating_sub(1);
        let (mut diagonal, mut beside) = (Vec::with_capacity(n), Vec::with_capacity(steps));
        let mut tau = Vec::with_capacity(steps);
        for start in (0..steps).step_by(BLOCK) {
            let end = (start + BLOCK).min(steps);
            // G - V Wᵀ - W Vᵀ is the matrix that the reflectors of this block have made.
            let width = end - start;
            let mut v = Matrix::from_element(n, width, 0.0);
            let mut w = Matrix::from_element(n, width, 0.0);
            for k in start..end {
                let at = k - start;
                let of_column = &mut column_mut(&mut g, k)[k..];
                for j in 0..at {
                    let (from_v, from_w) = (-w[(k, j)], -v[(k, j)]);
                    f64::axpy(of_column, &from_v, &column(&v, j)[k..]);
                    f64::axpy(of_column, &from_w, &column(&w, j)[k..]);
                }
                diagonal.push(of_column[0]);
                let (next, t) = reflector(&mut of_column[1..]);
                beside.push(next);
                tau.push(t);
                let below = k + 1;
                column_mut(&mut v, at)[below..].copy_from_slice(&column(&g, k)[below..]);
                let x = &column(&v, at)[below..];
                let mut y = vec![0.0; n - below];
                symmetric_times(&g.as_slice()[below * n + below..], n, x, &mut y);
                for j in 0..at {
                    let (of_v, of_w) = (&column(&v, j)[below..], &column(&w, j)[below..]);
                    let (from_v, from_w) = (-f64::dot(of_w, x), -f64::dot(of_v, x));
                    f64::axpy(&mut y, &from_v, of_v);
                    f64::axpy(&mut y, &from_w, of_w);
                }
                f64::scale(&mut y, &t);
                let along = -0.5 * t * f64::dot(&y, x);
                f64::axpy(&mut y, &along, x);
                column_mut(&mut w, at)[below..].copy_from_slice(&y);
            }
            subtract(&mut g, &v, &w, end);
        }
        diagonal.extend((n > 0).then(|| g[(n - 1, n - 1)]));
        Tridiagonal {
            diagonal,
            beside,
            reflectors: g,
            tau,
        }
    }

    /// X ← Q X.
    pub(super) fn carry_back(&self, x: &mut Matrix<f64>) {
        let (n, columns) = x.shape();
        let starts: Vec<usize> = (0..self.tau.len()).step_by(BLOCK).collect();
        for &start in starts.iter().rev() {
            let end = (start + BLOCK).min(self.tau.len());
            let below = start + 1;
            let packed = &self.reflectors.as_slice()[start * n + below..];
            let packed = View::apart(packed, n - below, end - start, n);
            let block = Block::new(packed, &self.tau[start..end]);
            block.apply(&mut x.as_mut_slice()[below..], n, columns);
        }
    }
}

/// Replaces x by v, v₁ = 1, with (I - τ v vᵀ) x = β e₁; β and τ.
fn reflector(x: &mut [f64]) -> (f64, f64) {
    let Some((first, rest)) = x.split_first_mut() else {
        return (0.0, 0.0);
    };
    let tail = f64::dot(rest, rest);
    let value = std::mem::replace(first, 1.0);
    // Below this, squares may have lost bits to underflow (the least normal number is 2·10⁻³⁰⁸), and the entries are below 10⁻¹⁴⁰:
    // nothing beside those of order one. Above it, what underflow takes is less than n 10⁻⁴⁰ of the sum.
    if tail < 1e-280 {
        rest.fill(0.0);
        return (value, 0.0);
    }
    let norm = (value * value + tail).sqrt();
    let beta = if value < 0.0 { norm } else { -norm };
    let pivot = value - beta;
    for x in rest {
        *x /= pivot;
    }
    (beta, -(pivot / beta))
}

/// G ← G - V Wᵀ - W Vᵀ below and on the diagonal, from row and column `from` on.
fn subtract(g: &mut Matrix<f64>, v: &Matrix<f64>, w: &Matrix<f64>, from: usize) {
    let (n, width) = v.shape();
    let rows = n - from;
    let joined = |a: &Matrix<f64>, b: &Matrix<f64>| {
        let columns = (0..width).flat_map(|j| column(a, j)[from..].iter());
        let more = (0..width).flat_map(|j| column(b, j)[from..].iter());
        columns.chain(more).copied().collect::<Vec<f64>>()
    };
    let left = joined(v, w);
    let right: Vec<f64> = joined(w, v).iter().map(|x| -x).collect();
    for start in (0..rows).step_by(STRIPE) {
        let stripe = STRIPE.min(rows - start);
        let left = View::apart(&left[start..], rows - start, 2 * width, rows);
        let right = View::apart(&right[start..], stripe, 2 * width, rows).transpose();
        let at = (from + start) * n + from + start;
        f64::multiply_add_apart(&mut g.as_mut_slice()[at..], n, left, right);
    }
}

/// y ← A x for a symmetric A of which the part below the diagonal is read, once; columns begin `apart` entries from
/// each other.
pub(crate) fn symmetric_times(a: &[f64], apart: usize, x: &[f64], y: &mut [f64]) {
    Arch::new().dispatch(|| four_columns_at_a_time(a, apart, x, y));
}

#[inline(always)]
fn four_columns_at_a_time(a: &[f64], apart: usize, x: &[f64], y: &mut [f64]) {
    let n = x.len();
    y.fill(0.0);
    let whole = n / 4 * 4;
    for j in (0..whole).step_by(4) {
        let below = n - (j + 4);
        let columns: [&[f64]; 4] = std::array::from_fn(|p| &a[(j + p) * apart + j + 4..][..below]);
        let factors: [f64; 4] = std::array::from_fn(|p| x[j + p]);
        for p in 0..4 {
            for q in 0..4 {
                y[j + p] += a[(j + p.min(q)) * apart + j + p.max(q)] * factors[q];
            }
        }
        let mut sums = [[0.0; LANES]; 4];
        let [a0, a1, a2, a3] = columns.map(|column| column.as_chunks::<LANES>());
        let (of_x, x_rest) = x[j + 4..].as_chunks::<LANES>();
        let (of_y, y_rest) = y[j + 4..].as_chunks_mut::<LANES>();
        let blocks = a0.0.iter().zip(a1.0).zip(a2.0).zip(a3.0);
        for (((((a0, a1), a2), a3), x), y) in blocks.zip(of_x).zip(of_y) {
            for lane in 0..LANES {
                sums[0][lane] += a0[lane] * x[lane];
                sums[1][lane] += a1[lane] * x[lane];
                sums[2][lane] += a2[lane] * x[lane];
                sums[3][lane] += a3[lane] * x[lane];
                y[lane] = y[lane]
                    + a0[lane] * factors[0]
                    + a1[lane] * factors[1]
                    + a2[lane] * factors[2]
                    + a3[lane] * factors[3];
            }
        }
        for lane in 0..x_rest.len() {
            for (p, rest) in [a0.1, a1.1, a2.1, a3.1].into_iter().enumerate() {
                sums[p][lane] += rest[lane] * x_rest[lane];
                y_rest[lane] += rest[lane] * factors[p];
            }
        }
        for (y, sums) in y[j..].iter_mut().zip(sums) {
            let [a, b, c, d, e, f, g, h] = sums;
            *y += ((a + e) + (c + g)) + ((b + f) + (d + h));
        }
    }
    for j in whole..n {
        for i in j..n {
            let entry = a[j * apart + i];
            y[i] += entry * x[j];
            if i > j {
                y[j] += entry * x[i];
            }
        }
    }
}
