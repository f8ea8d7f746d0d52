//! Tridiagonal matrices that part, that do not, and whose eigenvalues crowd.

use super::{divide, eigen};
use crate::linalg::{Matrix, product, product_tn};

const SIZES: [usize; 7] = [0, 1, 2, 33, 64, 97, 200];

/// Largest entries of T X - X Λ and XᵀX - I in n u, for entries of T of order one.
fn errors(t: &Matrix<f64>, values: &[f64], vectors: &Matrix<f64>) -> (f64, f64) {
    let n = t.nrows();
    let scaled = Matrix::from_fn(n, n, |i, j| vectors[(i, j)] * values[j]);
    let unit = n.max(1) as f64 * f64::EPSILON / 2.0;
    let largest = |m: Matrix<f64>| m.iter().fold(0.0, |a: f64, x| a.max(x.abs())) / unit;
    let lack = product_tn(vectors, vectors) - Matrix::identity(n, n);
    (largest(product(t, vectors) - scaled), largest(lack))
}

fn noise(k: usize) -> f64 {
    let x = (k as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((x ^ (x >> 29)) % 2001) as f64 / 1000.0 - 1.0
}

#[test]
fn tridiagonal_matrices() {
    type Entries = fn(usize, usize) -> f64;
    let families: [(&str, Entries, Entries); 8] = [
        ("zero", |_, _| 0.0, |_, _| 0.0),
        ("identity", |_, _| 1.0, |_, _| 0.0),
        ("second differences", |_, _| 1.0, |_, _| -0.5),
        ("random", |k, _| noise(k), |k, _| noise(k + 5000)),
        (
            "parts",
            |k, _| noise(k),
            |k, _| if k % 7 == 3 { 0.0 } else { noise(k) },
        ),
        // Pairs of eigenvalues that agree to the last digit.
        (
            "Wilkinson",
            |k, n| (k as f64 - n as f64 / 2.0).abs() / n as f64,
            |_, n| 1.0 / n as f64,
        ),
        (
            "glued",
            |k, _| (k % 21).abs_diff(10) as f64 / 10.0,
            |k, _| if k % 21 == 20 { 1e-9 } else { 0.1 },
        ),
        (
            "graded",
            |k, _| 0.5f64.powi(k as i32),
            |k, _| 0.5f64.powi(k as i32 + 1),
        ),
    ];
    for (name, diagonal, beside) in families {
        for n in SIZES {
            let d: Vec<f64> = (0..n).map(|k| diagonal(k, n)).collect();
            let e: Vec<f64> = (1..n).map(|k| beside(k - 1, n)).collect();
            let t = Matrix::from_fn(n, n, |i, j| match i.abs_diff(j) {
                0 => d[i],
                1 => e[i.min(j)],
                _ => 0.0,
            });
            let (values, vectors) = divide::eigen(&d, &e).unwrap();
            assert!(values.is_sorted());
            let (residual, lack) = errors(&t, &values, &vectors);
            assert!(
                residual < 30.0 && lack < 30.0,
                "{name} {n}: {residual} {lack}"
            );
            // Seen to fail: a wrong eigenvalue, and vectors of another matrix.
            if n > 2 && name == "random" {
                let mut wrong = values.clone();
                wrong[1] += 1e-9;
                assert!(errors(&t, &wrong, &vectors).0 > 30.0);
                assert!(errors(&t, &values, &(&vectors * 1.0001)).1 > 30.0);
            }
        }
    }
}

#[test]
fn symmetric_matrices() {
    for n in SIZES {
        for rank in [n, n.div_ceil(3), 1] {
            let x = Matrix::from_fn(n, rank, |i, j| noise(i * 31 + j * 1009));
            let gram = product(&x, &x.transpose()) / (n.max(1) as f64);
            let (values, vectors) = eigen(gram.clone()).unwrap();
            let (residual, lack) = errors(&gram, &values, &vectors);
            assert!(
                residual < 30.0 && lack < 30.0,
                "{n} {rank}: {residual} {lack}"
            );
        }
    }
}
