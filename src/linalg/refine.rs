//! A singular value decomposition from that of the matrix rounded to f64, by products alone.
//!
//! Let V be nearly orthogonal and B = A V with nearly orthogonal columns. With G = BᵀB and S = I - VᵀV the
//! matrix V (I + E) is orthogonal and diagonalises AᵀA up to second order if (Ogita and Aishima 2018, of which
//! this is the one-sided form: AᵀA is never formed)
//!
//! ```text
//! E_ij = (G_ij + λ_j S_ij) / (λ_j - λ_i)   i ≠ j        E_ii = S_ii / 2        λ_i = G_ii (1 + S_ii)
//! ```
//!
//! Every round doubles the number of bits that are right. Products in MPFR are rounded once and fast, so
//! this is several times as fast as rotations. It is accurate to u σ₁, where rotations after a pivoted QR are
//! accurate to u σ_i on graded matrices: those are not started here ([`evenly_sized`]).

use super::{Matrix, column, product};
use crate::{
    error::Error,
    scalar::{Real, View},
};

/// Fewer columns than this are rotated as fast.
const FEWEST: usize = 8;

/// Rows and columns whose largest entries lie within 2^6 of each other lose at most 6 bits of relative
/// accuracy beside rotations.
const GRADING: i64 = 6;

/// A V with nearly orthogonal columns, and V orthogonal to about √n u.
pub(super) struct Start<S> {
    pub image: Matrix<S>,
    pub v: Matrix<S>,
    /// Whether the columns of the image are orthogonal to the tolerance asked for.
    pub done: bool,
}

/// The start for an m × n matrix, m ≥ n, of order one; `None` where rotations alone are as good or better.
/// `right_factor` gives V of a matrix of f64.
///
/// # Errors
/// Those of `right_factor`.
pub(super) fn refined<S: Real>(
    a: &Matrix<S>,
    tolerance: &S,
    right_factor: impl Fn(&Matrix<f64>) -> Result<Matrix<f64>, Error>,
) -> Result<Option<Start<S>>, Error> {
    let bits = S::precision().unwrap_or(0);
    if bits <= 53 || a.ncols() < FEWEST || !evenly_sized(a) {
        return Ok(None);
    }
    let mut v = right_factor(&a.map(|x| x.to_f64()))?.map(S::from_f64);
    let rounds = (1..)
        .find(|k| 48u64 << k >= u64::from(bits) + 8)
        .unwrap_or(1);
    for _ in 0..rounds {
        let image = product(a, &v);
        let gram = gram(&image);
        let step = step(&gram, &lack(&v), 20);
        v += product(&v, &step);
    }
    let mut v = polished(v, tolerance, rounds + 2).0;
    // V has been rounded, so columns of A V are orthogonal beside σ₁ only. The same step on the columns
    // themselves makes them so beside their own lengths.
    let mut image = product(a, &v);
    let second_order = i64::from(bits / 2) + 4;
    let none = Matrix::from_element(v.ncols(), v.ncols(), S::zero());
    for _ in 0..2 {
        let gram = gram(&image);
        if orthogonal(&gram, tolerance) {
            let done = true;
            return Ok(Some(Start { image, v, done }));
        }
        let step = step(&gram, &none, second_order);
        image += product(&image, &step);
        v += product(&v, &step);
    }
    // Columns of which nothing but rounding is left may all be parallel: these take a pivoted QR.
    let squares = (0..image.ncols()).map(|j| S::dot(column(&image, j), column(&image, j)));
    let (least, largest) = squares.fold((None, S::zero()), |(least, largest), square| {
        let least = match least {
            Some(least) if least < square => least,
            _ => square.clone(),
        };
        (Some(least), S::larger(largest, square))
    });
    let whole = least.is_some_and(|least| least > largest * S::unit_roundoff());
    Ok(whole.then_some(Start {
        image,
        v,
        done: false,
    }))
}

/// V (I + (I - VᵀV)/2), and so on: the lack of orthogonality is squared each time, the range of V stays. Whether it came
/// to be within the tolerance.
fn polished<S: Real>(mut v: Matrix<S>, tolerance: &S, rounds: u32) -> (Matrix<S>, bool) {
    for _ in 0..rounds {
        let lack = lack(&v);
        if small(&lack, tolerance) {
            return (v, true);
        }
        v += product(&v, &lack.map(|x| x * S::from_f64(0.5)));
    }
    (v, false)
}

/// Columns that are orthonormal to 2⁻⁸ or so made orthonormal to 2√n u, by products that keep their range; `None`
/// if they were too far from it.
pub(crate) fn orthonormalised<S: Real>(v: Matrix<S>) -> Option<Matrix<S>> {
    let bits = S::precision()?;
    let tolerance = S::from_f64(2.0 * (v.ncols() as f64).sqrt()) * S::unit_roundoff();
    // 3 bits double to as many as there are, and one round to see it.
    let (v, done) = polished(v, &tolerance, bits.ilog2() + 2);
    done.then_some(v)
}

/// Whether the largest entries of the rows, and of the columns, that are not zero lie within 2^6.
pub(super) fn evenly_sized<S: Real>(a: &Matrix<S>) -> bool {
    let mut rows = vec![S::zero(); a.nrows()];
    let mut columns = vec![S::zero(); a.ncols()];
    for (j, of_column) in columns.iter_mut().enumerate() {
        for (x, of_row) in column(a, j).iter().zip(&mut rows) {
            let size = x.abs();
            if size > *of_row {
                *of_row = size.clone();
            }
            if size > *of_column {
                *of_column = size;
            }
        }
    }
    let even = |sizes: &[S]| {
        let sizes = || sizes.iter().filter_map(S::exponent);
        match (sizes().min(), sizes().max()) {
            (Some(least), Some(largest)) => largest - least <= GRADING,
            _ => false,
        }
    };
    even(&rows) && even(&columns)
}

/// XᵀX, accurate beside the lengths of its columns: what cancels in it is not needed to its last bits.
fn gram<S: Real>(x: &Matrix<S>) -> Matrix<S> {
    let view = View::new(x.as_slice(), x.nrows(), x.ncols());
    let gram = S::product_beside_factors(view.transpose(), view);
    Matrix::from_vec(x.ncols(), x.ncols(), gram)
}

/// I - VᵀV.
fn lack<S: Real>(v: &Matrix<S>) -> Matrix<S> {
    let mut gram = -gram(v);
    for i in 0..gram.nrows() {
        gram[(i, i)] += S::one();
    }
    gram
}

fn small<S: Real>(lack: &Matrix<S>, tolerance: &S) -> bool {
    lack.iter().all(|x| x.abs() <= *tolerance)
}

/// |G_ij| ≤ tolerance √(G_ii G_jj) for all i ≠ j.
fn orthogonal<S: Real>(gram: &Matrix<S>, tolerance: &S) -> bool {
    let norms: Vec<S> = (0..gram.nrows()).map(|i| gram[(i, i)].sqrt()).collect();
    let fits = |i: usize, j: usize| gram[(i, j)].abs() <= tolerance.clone() * &norms[i] * &norms[j];
    (0..norms.len()).all(|j| (0..j).all(|i| fits(i, j)))
}

/// E. Where two σ lie so close that an entry would exceed 2^-bits / n, the pair is left to rotations.
fn step<S: Real>(gram: &Matrix<S>, lack: &Matrix<S>, bits: i64) -> Matrix<S> {
    let n = gram.nrows();
    let half = S::from_f64(0.5);
    let largest = S::one().scale_by_power_of_two(-bits) / S::from_int(n as i64);
    let lambda: Vec<S> = (0..n)
        .map(|i| gram[(i, i)].clone() * (S::one() + &lack[(i, i)]))
        .collect();
    let mut step = lack.map(|x| x * &half);
    for j in 0..n {
        for i in 0..j {
            let gap = lambda[j].clone() - &lambda[i];
            let above = gram[(i, j)].clone() + lambda[j].clone() * &lack[(i, j)];
            if gap.is_zero() || above.abs() > gap.abs() * &largest {
                continue;
            }
            let e = above / gap;
            step[(j, i)] = lack[(i, j)].clone() - &e;
            step[(i, j)] = e;
        }
    }
    step
}
