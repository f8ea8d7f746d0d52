//! The matrix sign of a momentum, for Muon.

use crate::{
    error::Error,
    linalg::{Matrix, product, product_nt},
    network::gradient::{Trainable, sum_of_squares},
    scalar::Field,
};

/// How Muon brings the singular values of a momentum M to 1: odd polynomials in M, which commute with every rotation of
/// rows and of columns, and leave null directions null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Orthogonaliser {
    /// From M/‖M‖_F, steps X ← a X + b (X Xᵀ) X + c (X Xᵀ)² X with (a, b, c) = (3.4445, -4.7750, 2.0315): singular values
    /// come between 0.68 and 1.13, small ones quickly. Five steps are usual.
    Quintic {
        /// Number of steps.
        steps: usize,
    },
    /// From M/(1 + ‖M‖_F²), steps X ← (3 X - X Xᵀ X)/2: field operations alone, a stand-in for exact arithmetic that
    /// is not the sign for small M (THEORY F1).
    Cubic {
        /// Number of steps.
        steps: usize,
    },
}

impl Orthogonaliser {
    /// About U Vᵀ for M = U S Vᵀ (m × n); 0 for M = 0.
    pub(super) fn apply<S: Trainable>(self, m: &Matrix<S>) -> Result<Matrix<S>, Error> {
        // The smaller Gram matrix.
        if m.nrows() > m.ncols() {
            return Ok(self.wide(m.transpose())?.transpose());
        }
        self.wide(m.clone())
    }

    fn wide<S: Trainable>(self, mut x: Matrix<S>) -> Result<Matrix<S>, Error> {
        let square = sum_of_squares(x.as_slice());
        if square.is_zero() {
            return Ok(x);
        }
        let scale = match self {
            Orthogonaliser::Cubic { .. } => S::one() / (S::one() + square),
            Orthogonaliser::Quintic { .. } => {
                let norm = square.root().ok_or_else(|| Error::NeedsReal {
                    what: "Muon's quintic iteration needs roots",
                    scalar: S::name(),
                    instead: "its cubic one is exact",
                })?;
                S::one() / norm
            }
        };
        S::scale(x.as_mut_slice(), &scale);
        match self {
            Orthogonaliser::Cubic { steps } => {
                let (a, b) = (S::from_int(3) / S::from_int(2), -S::one() / S::from_int(2));
                for _ in 0..steps {
                    let gram = product_nt(&x, &x);
                    x = polynomial(&a, &x, &b, &product(&gram, &x));
                }
            }
            Orthogonaliser::Quintic { steps } => {
                let [a, b, c] =
                    [34445, -47750, 20315].map(|n| S::from_int(n) / S::from_int(10_000));
                for _ in 0..steps {
                    let gram = product_nt(&x, &x);
                    let inner = polynomial(&b, &gram, &c, &product(&gram, &gram));
                    x = polynomial(&a, &x, &S::one(), &product(&inner, &x));
                }
            }
        }
        Ok(x)
    }
}

/// a X + b Y.
fn polynomial<S: Field>(a: &S, x: &Matrix<S>, b: &S, y: &Matrix<S>) -> Matrix<S> {
    let mut sum = x.clone();
    S::scale(sum.as_mut_slice(), a);
    S::axpy(sum.as_mut_slice(), b, y.as_slice());
    sum
}
