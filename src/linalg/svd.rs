//! The singular value decomposition: one-sided Jacobi after a column-pivoted QR.
//!
//! A P = Q R, then plane rotations W make the columns of Rᵀ W orthogonal: Rᵀ W = U' Σ. So
//! A = (Q W) Σ (P U')ᵀ. Pivoting gathers the grading of a badly scaled A in the rows of R, that is
//! in the columns of Rᵀ, and a rotation of two columns commutes with their scaling up to rounding:
//! hence singular values to high *relative* accuracy on column-graded matrices (Demmel and Veselić
//! 1992; Drmač and Veselić 2008), which truncation by σ relies on. nalgebra's SVD is not used: it
//! returns wrong factors without a word on rank-deficient and graded matrices (its issue #1172; see
//! `tests/svd.rs`).

use super::{Matrix, column, column_mut, complete_basis, product, qr_pivoted, two_columns};
use crate::{error::Error, scalar::Real};

/// Sweeps after which the iteration gives up; ten are typical at 1024 bits.
const SWEEP_LIMIT: usize = 60;

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
/// Singular values whose squares would underflow beside σ₁² come out as 0: those below about
/// 1e-146 σ₁ in f64, 1e-15 σ₁ in f32.
///
/// # Errors
/// [`Error::NotFinite`] with row and column of the first NaN or infinity;
/// [`Error::NoConvergence`] with the number of sweeps and the largest remaining cosine.
pub fn svd<S: Real>(a: &Matrix<S>) -> Result<Svd<S>, Error> {
    check_finite(a)?;
    if a.nrows() < a.ncols() {
        let Svd { u, sigma, v } = tall(&a.transpose())?;
        return Ok(fix_signs(Svd { u: v, sigma, v: u }));
    }
    Ok(fix_signs(tall(a)?))
}

/// The singular values alone, descending.
///
/// # Errors
/// As [`svd`].
pub fn singular_values<S: Real>(a: &Matrix<S>) -> Result<Vec<S>, Error> {
    check_finite(a)?;
    let a = if a.nrows() < a.ncols() {
        a.transpose()
    } else {
        a.clone()
    };
    let scale = S::largest_exponent(a.as_slice()).unwrap_or(0);
    let mut x = qr_pivoted(&a.map(|x| x.scale_by_power_of_two(-scale)))
        .r()
        .transpose();
    orthogonalise(&mut x, None)?;
    let mut sigma: Vec<S> = (0..x.ncols())
        .map(|j| norm(&x, j).scale_by_power_of_two(scale))
        .collect();
    sigma.sort_by(|a, b| b.partial_cmp(a).unwrap_or(std::cmp::Ordering::Equal));
    Ok(sigma)
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

/// The decomposition for m ≥ n, signs not yet fixed.
fn tall<S: Real>(a: &Matrix<S>) -> Result<Svd<S>, Error> {
    let n = a.ncols();
    let scale = S::largest_exponent(a.as_slice()).unwrap_or(0);
    let qr = qr_pivoted(&a.map(|x| x.scale_by_power_of_two(-scale)));
    let mut x = qr.r().transpose();
    let mut w = Matrix::identity(n, n);
    orthogonalise(&mut x, Some(&mut w))?;

    let norms: Vec<S> = (0..n).map(|j| norm(&x, j)).collect();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| {
        norms[j]
            .partial_cmp(&norms[i])
            .unwrap_or(std::cmp::Ordering::Equal)
    });

    // Normalised columns of x for σ > 0, in order, completed where σ = 0.
    let rank = norms.iter().filter(|s| **s > S::zero()).count();
    let mut right = Matrix::from_element(n, rank, S::zero());
    for (k, &j) in order[..rank].iter().enumerate() {
        for (to, from) in column_mut(&mut right, k).iter_mut().zip(column(&x, j)) {
            *to = from.clone() / &norms[j];
        }
    }
    let right = complete_basis(&right, n);
    let mut v = Matrix::from_element(n, n, S::zero());
    for (i, &to) in qr.permutation().iter().enumerate() {
        for k in 0..n {
            v[(to, k)] = right[(i, k)].clone();
        }
    }
    let left = Matrix::from_fn(n, n, |i, k| w[(i, order[k])].clone());
    let u = product(&qr.q(n), &left);
    let sigma = order
        .iter()
        .map(|&j| norms[j].scale_by_power_of_two(scale))
        .collect();
    Ok(Svd { u, sigma, v })
}

/// Rotates pairs of columns of `x` until all are orthogonal to 2√n u, relative to their own norms;
/// applies the same rotations to `w`. De Rijk's order: the largest remaining column goes first.
fn orthogonalise<S: Real>(x: &mut Matrix<S>, mut w: Option<&mut Matrix<S>>) -> Result<(), Error> {
    let n = x.ncols();
    let tolerance = S::from_f64(2.0 * (n as f64).sqrt()) * S::unit_roundoff();
    let half = S::from_f64(0.5);
    let mut worst = S::zero();
    for _ in 0..SWEEP_LIMIT {
        worst = S::zero();
        let mut squared: Vec<S> = (0..n).map(|j| square_or_clear(column_mut(x, j))).collect();
        for p in 0..n.saturating_sub(1) {
            let largest = (p..n).fold(
                p,
                |best, j| if squared[j] > squared[best] { j } else { best },
            );
            if largest != p {
                x.swap_columns(p, largest);
                squared.swap(p, largest);
                if let Some(w) = w.as_deref_mut() {
                    w.swap_columns(p, largest);
                }
            }
            for q in p + 1..n {
                let (xp, xq) = two_columns(x, p, q);
                let inner = S::dot(xp, xq);
                if inner.is_zero() {
                    continue;
                }
                let cosine = inner.abs() / (squared[p].sqrt() * squared[q].sqrt());
                worst = S::larger(cosine.clone(), worst);
                if cosine <= tolerance {
                    continue;
                }
                let (c, s, t) = rotation(&squared[p], &squared[q], &inner);
                S::rotate(xp, xq, &c, &s);
                if let Some(w) = w.as_deref_mut() {
                    let (wp, wq) = two_columns(w, p, q);
                    S::rotate(wp, wq, &c, &s);
                }
                // ‖x_p‖² - t γ and ‖x_q‖² + t γ: as good as new squares unless one has lost half of
                // itself, and refreshed in the next sweep.
                let moved = t * &inner;
                for (at, change) in [(p, -moved.clone()), (q, moved)] {
                    let updated = squared[at].clone() + change;
                    squared[at] = if updated > squared[at].clone() * &half {
                        updated
                    } else {
                        square_or_clear(column_mut(x, at))
                    };
                }
            }
        }
        if worst <= tolerance {
            return Ok(());
        }
    }
    Err(Error::NoConvergence {
        sweeps: SWEEP_LIMIT,
        residual: worst.to_string(),
    })
}

/// ‖x‖², but where the square has come so near the bottom of the format's range that it has lost
/// bits, x is set to 0: a change of no more than u^{-1/2} times the root of the smallest normal
/// number, beside a matrix of norm ≥ 1. A σ from such a square would be wrong, and the column
/// divided by it not of unit length.
fn square_or_clear<S: Real>(x: &mut [S]) -> S {
    let square = S::dot(x, x);
    let bits = i64::from(S::precision().unwrap_or(0));
    if square
        .scale_by_power_of_two(-bits)
        .scale_by_power_of_two(bits)
        == square
        && !square.is_zero()
    {
        return square;
    }
    if square.is_finite() {
        x.fill(S::zero());
        return S::zero();
    }
    square
}

/// Cosine, sine and tangent that make columns with squared norms α, β and inner product γ orthogonal.
fn rotation<S: Real>(alpha: &S, beta: &S, gamma: &S) -> (S, S, S) {
    let one = S::one();
    let zeta = (beta.clone() - alpha) / (gamma.clone() + gamma);
    // Where ζ² swamps the 1 the root is |ζ|, and ζ² might overflow.
    let root = if zeta.abs() * S::unit_roundoff() > one {
        zeta.abs()
    } else {
        (one.clone() + zeta.clone() * &zeta).sqrt()
    };
    let t = one.clone() / (zeta.abs() + root);
    let t = if zeta.below_zero() { -t } else { t };
    // 1/√(1 + t²) = 1 - t²/(r(1 + r)) with r = √(1 + t²). The plain formula rounds c up more often than
    // down for the small t of the last sweeps, and thousands of rotations then stretch the columns.
    let squared = t.clone() * &t;
    let r = (one.clone() + &squared).sqrt();
    let c = one.clone() - squared / (r.clone() * (one + r));
    let s = c.clone() * &t;
    (c, s, t)
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
