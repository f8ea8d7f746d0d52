//! A singular value decomposition in hardware floats by way of the eigenvectors of AᵀA.
//!
//! They are V to half of the digits where σ is small, so the columns of A V are turned against each other until they are
//! orthogonal beside their own lengths, all pairs at once: with G the Gram matrix of the columns, a rotation I + E + E²/2 with
//! E_ij = G_ij / (G_jj - G_ii) leaves what is of second order in E (the one-sided form of Ogita and Aishima 2018). All of it is
//! products. As accurate as rotations where rows and columns are of even size, u σ₁; others are not started here.

use super::{Matrix, norm2, product, product::lower_gram, refine::Start, symmetric};
use crate::scalar::View;

/// Rounds of turning; one or two are typical.
const ROUNDS: usize = 4;
/// Angles above this are left to rotations: the third order would be seen.
const LARGEST: f64 = 1.0 / (1u64 << 20) as f64;
/// Turns of this Frobenius norm change lengths by less than u.
const SMALL: f64 = 1.0 / (1u64 << 27) as f64;

/// A V with orthogonal columns, or nearly so, for an m × n matrix, m ≥ n, of order one and evenly sized; `None` where the
/// columns of A V hold nothing but rounding.
pub(super) fn start(a: &Matrix<f64>, tolerance: f64) -> Option<Start<f64>> {
    let n = a.ncols();
    // Largest first.
    let (_, ascending) = symmetric::eigen(gram(a))?;
    let mut v = Matrix::from_fn(n, n, |i, j| ascending[(i, n - 1 - j)]);
    let mut image = product(a, &v);
    for _ in 0..ROUNDS {
        let gram = gram(&image);
        let squares: Vec<f64> = (0..n).map(|i| gram[(i, i)]).collect();
        let largest = squares.iter().fold(0.0, |a: f64, b| a.max(*b));
        let least = squares.iter().fold(largest, |a, b| a.min(*b));
        // Columns of which nothing but rounding is left may all be parallel: these take a pivoted QR.
        if least <= largest * f64::EPSILON / 2.0 {
            return None;
        }
        let lengths: Vec<f64> = squares.iter().map(|x| x.sqrt()).collect();
        // All pairs that can be are turned, not only those that must be, so that one round suffices.
        let (mut orthogonal, mut left_out) = (true, false);
        let mut turn = Matrix::from_element(n, n, 0.0);
        for j in 0..n {
            // Only what is below the diagonal has been formed.
            for i in j + 1..n {
                let (inner, gap) = (gram[(i, j)], squares[j] - squares[i]);
                let fits = inner.abs() <= tolerance * lengths[i] * lengths[j];
                orthogonal &= fits;
                if inner.abs() <= LARGEST * gap.abs() && gap != 0.0 {
                    turn[(i, j)] = inner / gap;
                    turn[(j, i)] = -inner / gap;
                } else {
                    left_out |= !fits;
                }
            }
        }
        if orthogonal {
            let done = true;
            return Some(Start { image, v, done });
        }
        let size = norm2(turn.as_slice());
        // Below this the second order is less than rounding.
        if size > SMALL {
            let half = product(&turn, &turn) * 0.5;
            turn += half;
        }
        if seen_in_singles(&turn, &lengths, tolerance) {
            add_in_singles(&mut image, &turn);
            add_in_singles(&mut v, &turn);
        } else {
            image += product(&image, &turn);
            v += product(&v, &turn);
        }
        // What is left of the inner products is at most ‖E‖² times the largest square.
        if !left_out && size * size * largest < 0.5 * tolerance * least {
            let done = true;
            return Some(Start { image, v, done });
        }
    }
    let done = false;
    Some(Start { image, v, done })
}

/// Whether a turn is so small that single precision, half as long, gives all that is seen of it: rounding errors of 2⁻²⁴
/// in the terms Σ_i x_i E_ij of columns with these lengths stay below a quarter of the tolerance.
fn seen_in_singles(turn: &Matrix<f64>, lengths: &[f64], tolerance: f64) -> bool {
    let unit = f64::from(f32::EPSILON) / 2.0;
    turn.column_iter().zip(lengths).all(|(turn, length)| {
        let terms = turn.iter().zip(lengths);
        let (plain, weighted) = terms.fold((0.0, 0.0), |(plain, weighted), (e, length)| {
            (plain + e.abs(), weighted + e.abs() * length)
        });
        unit * plain.max(weighted / length) < 0.25 * tolerance
    })
}

/// X ← X + X E, the product in single precision.
fn add_in_singles(x: &mut Matrix<f64>, turn: &Matrix<f64>) {
    let change = product(&x.map(|x| x as f32), &turn.map(|x| x as f32));
    for (x, change) in x.iter_mut().zip(&change) {
        *x += f64::from(*change);
    }
}

/// XᵀX on and below the diagonal.
fn gram(x: &Matrix<f64>) -> Matrix<f64> {
    lower_gram(View::new(x.as_slice(), x.nrows(), x.ncols()))
}

#[cfg(test)]
mod tests {
    use super::{Matrix, start};
    use crate::linalg::product_tn;

    fn noise(k: usize) -> f64 {
        let x = (k as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((x ^ (x >> 31)) % 2001) as f64 / 1000.0 - 1.0
    }

    /// 2√n u, as the decomposition asks for.
    fn tolerance(n: usize) -> f64 {
        (n as f64).sqrt() * f64::EPSILON
    }

    /// The way through products ends by itself, without rotations, and what it says is done is.
    #[test]
    fn columns_are_orthogonal_beside_their_lengths() {
        for (m, n) in [(40, 40), (90, 64), (130, 130)] {
            let tolerance = tolerance(n);
            // The cosine itself comes of three sums of m products.
            let seen = tolerance + 3.0 * m as f64 * f64::EPSILON / 2.0;
            let a = Matrix::from_fn(m, n, |i, j| noise(i * 331 + j * 7919) / n as f64);
            let found = start(&a, tolerance).unwrap();
            assert!(found.done);
            let gram = product_tn(&found.image, &found.image);
            for j in 0..n {
                for i in 0..j {
                    let cosine = gram[(i, j)] / (gram[(i, i)] * gram[(j, j)]).sqrt();
                    assert!(cosine.abs() <= seen, "{m}×{n}: {cosine:e}");
                }
            }
        }
    }

    /// A deficient rank leaves columns of rounding alone.
    #[test]
    fn columns_of_rounding_are_refused() {
        let a = Matrix::from_fn(50, 50, |i, j| noise(i.min(48) * 331 + j * 7919) / 50.0);
        assert!(start(&a, tolerance(50)).is_none());
    }
}
