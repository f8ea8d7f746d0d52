//! One-sided Jacobi rotations: columns are turned against each other, pair by pair, until all are orthogonal.

use super::{Matrix, column, two_columns};
use crate::{error::Error, scalar::Real};

/// Sweeps after which the iteration gives up; ten are typical at 1024 bits.
const SWEEP_LIMIT: usize = 60;

/// The largest cosine of two columns that counts as orthogonal, 2√n u.
pub(super) fn tolerance<S: Real>(n: usize) -> S {
    S::from_f64(2.0 * (n as f64).sqrt()) * S::unit_roundoff()
}

/// Rotates pairs of columns of `x` until all are orthogonal to 2√n u, relative to their own norms;
/// applies the same rotations to `w`. De Rijk's order: the largest remaining column goes first. False if
/// the square of a column that is not zero has lost bits to underflow: nothing is known then.
pub(super) fn orthogonalise<S: Real>(
    x: &mut Matrix<S>,
    mut w: Option<&mut Matrix<S>>,
) -> Result<bool, Error> {
    let n = x.ncols();
    let tolerance = tolerance::<S>(n);
    let half = S::from_f64(0.5);
    let mut worst = S::zero();
    for _ in 0..SWEEP_LIMIT {
        worst = S::zero();
        let Some(mut squared) = (0..n)
            .map(|j| whole_square(column(x, j)))
            .collect::<Option<Vec<S>>>()
        else {
            return Ok(false);
        };
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
                    if updated > squared[at].clone() * &half {
                        squared[at] = updated;
                    } else if let Some(square) = whole_square(column(x, at)) {
                        squared[at] = square;
                    } else {
                        return Ok(false);
                    }
                }
            }
        }
        if worst <= tolerance {
            return Ok(true);
        }
    }
    Err(Error::NoConvergence {
        sweeps: SWEEP_LIMIT,
        residual: worst.to_string(),
    })
}

/// ‖x‖²; `None` where the square has come so near the bottom of the format's range that it has lost bits
/// and x is not zero.
fn whole_square<S: Real>(x: &[S]) -> Option<S> {
    let square = S::dot(x, x);
    let bits = i64::from(S::precision().unwrap_or(0));
    let lost = || {
        square
            .scale_by_power_of_two(-bits)
            .scale_by_power_of_two(bits)
            != square
    };
    let underflows = if square.is_zero() {
        !x.iter().all(S::is_zero)
    } else {
        square.is_finite() && lost()
    };
    (!underflows).then_some(square)
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
