//! Eigenvalues and eigenvectors of a small tridiagonal matrix by implicit QL steps (Bowdler, Martin, Reinsch and
//! Wilkinson 1968).

use crate::{
    linalg::{Matrix, two_columns},
    scalar::Field,
};

/// Steps for each eigenvalue; two are typical.
const STEPS: usize = 60;

/// `diagonal` and `beside` become eigenvalues, in no order, and nothing; columns of the result are the eigenvectors. An entry
/// beside the diagonal that is at most `negligible` is taken for 0. `None` if an eigenvalue did not come.
pub(super) fn eigen(diagonal: &mut [f64], beside: &[f64], negligible: f64) -> Option<Matrix<f64>> {
    let n = diagonal.len();
    let d = diagonal;
    let mut e = beside.to_vec();
    e.resize(n, 0.0);
    let mut vectors = Matrix::identity(n, n);
    for first in 0..n {
        for step in 0.. {
            let small = |m: &usize| {
                e[*m].abs()
                    <= (f64::EPSILON / 2.0 * (d[*m].abs() + d[*m + 1].abs())).max(negligible)
            };
            let last = (first..n - 1).find(small).unwrap_or(n - 1);
            if last == first {
                break;
            }
            if step == STEPS {
                return None;
            }
            // Wilkinson's shift, the eigenvalue of the first two rows that is nearer to the first entry.
            let half = (d[first + 1] - d[first]) / (2.0 * e[first]);
            let root = (half * half + 1.0).sqrt();
            let root = if half < 0.0 { half - root } else { half + root };
            let mut bulge = d[last] - d[first] + e[first] / root;
            let (mut c, mut s, mut shift) = (1.0, 1.0, 0.0);
            let mut whole = true;
            for i in (first..last).rev() {
                let (far, near) = (s * e[i], c * e[i]);
                let length = (far * far + bulge * bulge).sqrt();
                e[i + 1] = length;
                if length == 0.0 {
                    // The rotation is no rotation: the matrix has fallen apart here.
                    d[i + 1] -= shift;
                    e[last] = 0.0;
                    whole = false;
                    break;
                }
                (s, c) = (far / length, bulge / length);
                let moved = d[i + 1] - shift;
                let turned = (d[i] - moved) * s + 2.0 * c * near;
                shift = s * turned;
                d[i + 1] = moved + shift;
                bulge = c * turned - near;
                let (x, y) = two_columns(&mut vectors, i, i + 1);
                f64::rotate(x, y, &c, &s);
            }
            if whole {
                d[first] -= shift;
                e[first] = bulge;
                e[last] = 0.0;
            }
        }
    }
    Some(vectors)
}
