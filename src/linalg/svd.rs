//! The singular value decomposition: one-sided Jacobi after a column-pivoted QR.
//!
//! A P = Q R, then plane rotations W make the columns of Rᵀ W orthogonal: Rᵀ W = U' Σ. So
//! A = (Q W) Σ (P U')ᵀ. Pivoting gathers the grading of a badly scaled A in the rows of R, that is
//! in the columns of Rᵀ, and a rotation of two columns commutes with their scaling up to rounding:
//! hence singular values to high *relative* accuracy on column-graded matrices (Demmel and Veselić
//! 1992; Drmač and Veselić 2008), which truncation by σ relies on. nalgebra's SVD is not used: it
//! returns wrong factors without a word on rank-deficient and graded matrices (its issue #1172; see
//! `tests/it/linalg/svd.rs`).

use num_traits::Zero;

use super::{
    Matrix,
    basis::completed,
    column, column_mut, complete_basis, qr_pivoted,
    refine::{evenly_sized, refined},
    rotations::{orthogonalise, tolerance},
    spectral,
};
use crate::{
    error::Error,
    scalar::{Mp, Real},
};

/// A = U diag(σ) Vᵀ, thin: for A of m × n and k = min(m, n), U is m × k, V is n × k.
///
/// σ is in descending order. The sign of each pair is fixed: the entry of u_j of largest magnitude,
/// the first of equals, is positive. Columns for σ_j = 0 complete the others orthonormally.
#[derive(Clone, Debug)]
pub struct Svd<S> {
    /// Left singular vectors, m × k.
    pub u: Matrix<S>,
    /// Singular values, descending, k of them.
    pub sigma: Vec<S>,
    /// Right singular vectors, n × k.
    pub v: Matrix<S>,
}

impl<S: Real> Svd<S> {
    /// All m left singular vectors: the basis that a layer wider than its input needs.
    pub fn u_complete(&self) -> Matrix<S> {
        complete_basis(&self.u, self.u.nrows())
    }

    /// All n right singular vectors.
    pub fn v_complete(&self) -> Matrix<S> {
        complete_basis(&self.v, self.v.nrows())
    }
}

/// The thin singular value decomposition of an m × n matrix, sizes 0 included.
///
/// High relative accuracy, of small σ too, on matrices whose rows or columns (or both) are graded, in any
/// order.
///
/// # Errors
/// [`Error::NotFinite`] with row and column of the first NaN or infinity;
/// [`Error::NoConvergence`] with the number of sweeps and the largest remaining cosine.
pub fn svd<S: Real>(a: &Matrix<S>) -> Result<Svd<S>, Error> {
    check_finite(a)?;
    let wide = a.nrows() < a.ncols();
    let found = match in_doubles(a)? {
        Some(svd) => svd,
        None if wide => in_range(&a.transpose())?,
        None => in_range(a)?,
    };
    Ok(fix_signs(if wide {
        Svd {
            u: found.v,
            sigma: found.sigma,
            v: found.u,
        }
    } else {
        found
    }))
}

/// The decomposition for m ≥ n, in a scalar in which no square of a column underflows.
fn in_range<S: Real>(a: &Matrix<S>) -> Result<Svd<S>, Error> {
    if let Some(svd) = tall(a)? {
        return Ok(svd);
    }
    let wide = tall(&a.map(|x| recast(&x)))?.unwrap_or_else(|| Svd {
        u: Matrix::from_element(a.nrows(), 0, Wide::zero()),
        sigma: vec![],
        v: Matrix::from_element(a.ncols(), 0, Wide::zero()),
    });
    Ok(Svd {
        u: wide.u.map(|x| recast(&x)),
        sigma: wide.sigma.iter().map(recast).collect(),
        v: wide.v.map(|x| recast(&x)),
    })
}

/// What stands in for a hardware float where squares underflow: MPFR has 2^30 exponents either way.
type Wide = Mp<64>;

fn recast<S: Real, T: Real>(x: &S) -> T {
    x.to_rational()
        .map_or_else(|| T::from_f64(f64::NAN), |q| T::from_rational(&q))
}

/// The singular values alone, descending.
///
/// # Errors
/// As [`svd`].
pub fn singular_values<S: Real>(a: &Matrix<S>) -> Result<Vec<S>, Error> {
    check_finite(a)?;
    if let Some(svd) = in_doubles(a)? {
        return Ok(svd.sigma);
    }
    let a = if a.nrows() < a.ncols() {
        a.transpose()
    } else {
        a.clone()
    };
    let sigma = match values(&a)? {
        Some(sigma) => sigma,
        None => values(&a.map(|x| recast::<S, Wide>(&x)))?
            .unwrap_or_default()
            .iter()
            .map(recast)
            .collect(),
    };
    Ok(sigma)
}

/// Descending singular values for m ≥ n; `None` if the square of a column underflows.
fn values<S: Real>(a: &Matrix<S>) -> Result<Option<Vec<S>>, Error> {
    let scale = S::largest_exponent(a.as_slice()).unwrap_or(0);
    let (scaled, _) = rows_by_size(a, scale);
    let mut x = qr_pivoted(&scaled).r().transpose();
    if !orthogonalise(&mut x, None)? {
        return Ok(None);
    }
    let mut sigma: Vec<S> = (0..x.ncols())
        .map(|j| norm(&x, j).scale_by_power_of_two(scale))
        .collect();
    sigma.sort_by(|a, b| b.partial_cmp(a).unwrap_or(std::cmp::Ordering::Equal));
    Ok(Some(sigma))
}

/// ‖A‖₂, the largest singular value; 0 for an empty matrix.
///
/// # Errors
/// As [`svd`].
pub fn operator_norm<S: Real>(a: &Matrix<S>) -> Result<S, Error> {
    Ok(singular_values(a)?
        .into_iter()
        .next()
        .unwrap_or_else(S::zero))
}

/// The number of σ > max(m, n) · u · σ₁, for σ in descending order of an m × n matrix.
pub fn numerical_rank<S: Real>(sigma: &[S], m: usize, n: usize) -> usize {
    let Some(largest) = sigma.first() else {
        return 0;
    };
    let threshold = S::from_int(m.max(n) as i64) * S::unit_roundoff() * largest;
    sigma.iter().take_while(|s| **s > threshold).count()
}

fn check_finite<S: Real>(a: &Matrix<S>) -> Result<(), Error> {
    match a.as_slice().iter().position(|x| !x.is_finite()) {
        Some(i) => Err(Error::NotFinite {
            what: "matrix entry".into(),
            row: i % a.nrows() + 1,
            column: i / a.nrows() + 1,
            value: a.as_slice()[i].to_string(),
        }),
        None => Ok(()),
    }
}

fn norm<S: Real>(x: &Matrix<S>, j: usize) -> S {
    S::dot(column(x, j), column(x, j)).sqrt()
}

/// 2^-scale A with its rows in order of their largest entries, and which row of A each is. Householder QR
/// with column pivoting is then accurate row by row (Cox and Higham 1998).
fn rows_by_size<S: Real>(a: &Matrix<S>, scale: i64) -> (Matrix<S>, Vec<usize>) {
    let mut sizes = vec![None; a.nrows()];
    for j in 0..a.ncols() {
        for (size, x) in sizes.iter_mut().zip(column(a, j)) {
            *size = x.exponent().max(*size);
        }
    }
    let mut order: Vec<usize> = (0..a.nrows()).collect();
    order.sort_by_key(|&i| std::cmp::Reverse(sizes[i]));
    let sorted = Matrix::from_fn(a.nrows(), a.ncols(), |i, j| {
        a[(order[i], j)].scale_by_power_of_two(-scale)
    });
    (sorted, order)
}

/// The decomposition for m ≥ n, signs not yet fixed; `None` if the square of a column underflows.
fn tall<S: Real>(a: &Matrix<S>) -> Result<Option<Svd<S>>, Error> {
    let (m, n) = a.shape();
    let scale = S::largest_exponent(a.as_slice()).unwrap_or(0);
    let (sorted, rows) = rows_by_size(a, scale);
    let right_factor = |a: &Matrix<f64>| Ok(svd(a)?.v);
    if let Some(start) = refined(&sorted, &tolerance::<S>(n), right_factor)? {
        let (mut image, mut v) = (start.image, start.v);
        if start.done || orthogonalise(&mut image, Some(&mut v))? {
            let (left, sigma, order) = normalised(image);
            let u = put_back(&left, &rows);
            let v = Matrix::from_fn(n, n, |i, k| v[(i, order[k])].clone());
            return Ok(Some(Svd::scaled(u, sigma, v, scale)));
        }
    }
    let qr = qr_pivoted(&sorted);
    let mut x = qr.r().transpose();
    let mut w = Matrix::identity(n, n);
    if !orthogonalise(&mut x, Some(&mut w))? {
        return Ok(None);
    }
    let (right, sigma, order) = normalised(x);
    let v = put_back(&right, qr.permutation());
    let left = Matrix::from_fn(n, n, |i, k| w[(i, order[k])].clone());
    let mut whole = Matrix::from_element(m, n, S::zero());
    whole.view_mut((0, 0), (n, n)).copy_from(&left);
    let u = put_back(&qr.apply_q(whole), &rows);
    Ok(Some(Svd::scaled(u, sigma, v, scale)))
}

/// Fewer columns than this are rotated as fast.
const FEWEST: usize = 32;

/// The decomposition of the matrix, or of its transpose where that is the taller one, for hardware floats and evenly sized
/// matrices, by products of doubles; signs not yet fixed.
fn in_doubles<S: Real>(a: &Matrix<S>) -> Result<Option<Svd<S>>, Error> {
    let n = a.nrows().min(a.ncols());
    if S::precision().is_none_or(|bits| bits > 53) || n < FEWEST || !evenly_sized(a) {
        return Ok(None);
    }
    let mut scaled = if a.nrows() < a.ncols() {
        Matrix::from_fn(a.ncols(), a.nrows(), |i, j| a[(j, i)].to_f64())
    } else {
        a.map(|x| x.to_f64())
    };
    let scale = f64::largest_exponent(scaled.as_slice()).unwrap_or(0);
    f64::scale_all_by_power_of_two(scaled.as_mut_slice(), -scale);
    let Some(start) = spectral::start(&scaled, tolerance(n)) else {
        return Ok(None);
    };
    // Matrices are dropped as soon as they may be: memory is asked for by the megabyte here.
    drop(scaled);
    let (mut image, mut v) = (start.image, start.v);
    if !(start.done || orthogonalise(&mut image, Some(&mut v))?) {
        return Ok(None);
    }
    let (left, sigma, order) = normalised(image);
    let v = Matrix::from_fn(n, n, |i, k| S::from_f64(v[(i, order[k])]));
    let sigma = sigma
        .into_iter()
        .map(|s| S::from_f64(s.scale_by_power_of_two(scale)))
        .collect();
    Ok(Some(Svd {
        u: left.map(S::from_f64),
        sigma,
        v,
    }))
}

impl<S: Real> Svd<S> {
    fn scaled(u: Matrix<S>, sigma: Vec<S>, v: Matrix<S>, scale: i64) -> Self {
        let sigma = sigma
            .iter()
            .map(|s| s.scale_by_power_of_two(scale))
            .collect();
        Svd { u, sigma, v }
    }
}

/// Row i of `a` as row `rows[i]`.
fn put_back<S: Real>(a: &Matrix<S>, rows: &[usize]) -> Matrix<S> {
    let mut result = Matrix::from_element(a.nrows(), a.ncols(), S::zero());
    for k in 0..a.ncols() {
        let to = column_mut(&mut result, k);
        for (x, &row) in column(a, k).iter().zip(rows) {
            to[row] = x.clone();
        }
    }
    result
}

/// For orthogonal columns: these at unit length in descending order of their norms, completed where a norm is
/// 0; the norms; and which column each was.
fn normalised<S: Real>(mut x: Matrix<S>) -> (Matrix<S>, Vec<S>, Vec<usize>) {
    let n = x.ncols();
    let norms: Vec<S> = (0..n).map(|j| norm(&x, j)).collect();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| {
        norms[j]
            .partial_cmp(&norms[i])
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    let rank = norms.iter().filter(|s| **s > S::zero()).count();
    for (k, &wanted) in order[..rank].iter().enumerate() {
        // Where the column is by now: each exchange has put another in its place.
        let mut j = wanted;
        while j < k {
            j = order[j];
        }
        if j != k {
            x.swap_columns(k, j);
        }
        let column = column_mut(&mut x, k);
        column.iter_mut().for_each(|x| *x /= &norms[wanted]);
    }
    let sigma = order.iter().map(|&j| norms[j].clone()).collect();
    let unit = if rank == n {
        x
    } else {
        x.columns(0, rank).into_owned()
    };
    (completed(unit, n), sigma, order)
}

fn fix_signs<S: Real>(mut svd: Svd<S>) -> Svd<S> {
    for j in 0..svd.sigma.len() {
        let u = column(&svd.u, j);
        let largest = (1..u.len()).fold(
            0,
            |best, i| if u[i].abs() > u[best].abs() { i } else { best },
        );
        if u[largest].below_zero() {
            let flip = |x: &mut S| *x = -x.clone();
            column_mut(&mut svd.u, j).iter_mut().for_each(flip);
            column_mut(&mut svd.v, j).iter_mut().for_each(flip);
        }
    }
    svd
}
