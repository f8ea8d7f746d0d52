//! Finding the embedding: any will do for a true bound, the best for a small one.
//!
//! Layer by layer, with E_{k-1} and β_{k-1} known and X a weighted basis of the h'_{k-1} that can occur,
//!
//! ```text
//! N = [W_k E_{k-1} X, ψ_k + W_k β_{k-1}, b_k],   N' = [W'_k X, ψ'_k, b'_k]
//! ```
//!
//! E_k is the matrix with orthonormal columns that minimises ‖N - E_k N'‖_F (Procrustes), and β_k is what of
//! b_k - E_k b'_k lies across its range. If N' = UᵀN, as after a truncation, this is U and the absorbed bias; if N' = RN
//! it is Rᵀ. The product N N'ᵀ squares condition numbers, which 256 bits have room for.

use num_traits::{One, Zero};

use super::embedding::{Embedding, Map};
use crate::{
    error::Error,
    linalg::{Matrix, Vector, column, norm2, product, product_nt, product_tn, qr, svd},
    network::Network,
    scalar::Mp,
};

type S = Mp<256>;

/// The embedding of `b` in `a`, whose hidden layers are at least as wide.
///
/// # Errors
/// Those of [`svd`].
pub(super) fn align(a: &Network<S>, b: &Network<S>) -> Result<Embedding, Error> {
    let inputs = a.layer(1).weight.ncols();
    let mut maps: Vec<Map> = vec![];
    let mut reach = Matrix::<S>::identity(inputs, inputs);
    for k in a.hidden() {
        let (la, lb) = (a.layer(k), b.layer(k));
        let (mut carried, mut psi) = (la.weight.clone(), la.psi_or_zero());
        if let Some(Map { matrix, shift }) = maps.last() {
            psi += &la.weight * shift;
            if let Some(matrix) = matrix {
                carried = product(&carried, matrix);
            }
        }
        let n = beside(&product(&carried, &reach), &psi, &la.bias);
        let image = beside(&product(&lb.weight, &reach), &lb.psi_or_zero(), &lb.bias);
        let factors = svd(&product_nt(&n, &image))?;
        let matrix = product_nt(&factors.u, &factors.v);
        let shift = across(&matrix, &la.bias, &lb.bias);
        maps.push(Map {
            matrix: Some(matrix),
            shift,
        });
        reach = weighted_basis(&image);
    }
    Ok(Embedding { maps })
}

/// [M, v, w].
fn beside(m: &Matrix<S>, v: &Vector<S>, w: &Vector<S>) -> Matrix<S> {
    let mut data = m.as_slice().to_vec();
    data.extend(v.iter().chain(w.iter()).cloned());
    Matrix::from_vec(m.nrows(), m.ncols() + 2, data)
}

/// (I - E Eᵀ)(b - E b'), twice for orthogonality to the last digit; nothing where E is square.
fn across(e: &Matrix<S>, bias: &Vector<S>, image: &Vector<S>) -> Vector<S> {
    if e.nrows() == e.ncols() {
        return Vector::from_element(e.nrows(), S::zero());
    }
    let mut rest = bias - e * image;
    for _ in 0..2 {
        let as_column = Matrix::from_column_slice(rest.len(), 1, rest.as_slice());
        let along = product(e, &product_tn(e, &as_column));
        rest -= Vector::from_column_slice(along.as_slice());
    }
    rest
}

/// The columns of N' in as few columns as rows, with the same Gram matrix, of size 1.
fn weighted_basis(n: &Matrix<S>) -> Matrix<S> {
    let mut lower = qr(&n.transpose()).r().transpose();
    let largest = (0..lower.ncols())
        .map(|j| norm2(column(&lower, j)))
        .fold(S::zero(), |a, b| if b > a { b } else { a });
    let size = if largest.is_zero() { S::one() } else { largest };
    lower.iter_mut().for_each(|x| *x /= &size);
    lower
}
