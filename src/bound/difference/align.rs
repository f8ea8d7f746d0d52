//! Finding the embedding: any will do for a true bound, the best for a small one.
//!
//! Layer by layer, with E_{k-1} and β_{k-1} known and X a basis of the h'_{k-1} that can occur,
//!
//! ```text
//! N = [W_k E_{k-1} X, ψ_k + W_k β_{k-1}, ω b_k],   N' = [W'_k X, ψ'_k, ω b'_k]
//! ```
//!
//! E_k is the matrix with orthonormal columns that minimises ‖N - E_k N'‖_F (Procrustes), and β_k is what of
//! b_k - E_k b'_k lies across its range. Nothing singles out one X and ω ([`Choice`]):
//!
//! * After a truncation N' = UᵀN but for the bias, whose part across U was absorbed. With ω = 1 the bias turns E_k away
//!   from U; with ω = 2⁻⁴⁰ it decides only what nothing else does. Then N N'ᵀ = N Nᵀ U, of which U is the polar factor if
//!   it is the singular basis of N: X must be orthonormal, as it was when the basis was chosen. That is THEORY D4's own map.
//! * After a rotation N' = RN, and E_k = Rᵀ whatever X and ω are. Where N determines E_k badly, an X that weighs
//!   every direction by what arrives in it makes what is badly determined matter little, and the bias helps.
//!
//! The product N N'ᵀ squares condition numbers, which 256 bits have room for.

use num_traits::{One, Zero};

use super::embedding::{Embedding, Map};
use crate::{
    bound::reached::Reachable,
    error::Error,
    linalg::{Matrix, Vector, column, column_mut, norm2, product, product_nt, product_tn, qr, svd},
    network::Network,
    scalar::{Mp, Real},
};

type S = Mp<256>;

/// X: how the inputs of a layer are weighed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weighing {
    /// The identity.
    Everything,
    /// An orthonormal basis of what can arrive.
    Reached,
    /// A basis of what can arrive, each direction as long as what arrives in it.
    AsItArrives,
}

/// One way to find the maps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    pub weighing: Weighing,
    /// ω is 2 to this power.
    pub bias: i64,
}

/// A weight that leaves 216 of 256 bits to what it weighs, and next to no say to it.
const NO_SAY: i64 = -40;

/// The ways worth trying.
pub(super) const CHOICES: [Choice; 4] = [
    Choice {
        weighing: Weighing::Reached,
        bias: NO_SAY,
    },
    Choice {
        weighing: Weighing::AsItArrives,
        bias: 0,
    },
    Choice {
        weighing: Weighing::AsItArrives,
        bias: NO_SAY,
    },
    Choice {
        weighing: Weighing::Everything,
        bias: NO_SAY,
    },
];

/// The embedding of `b` in `a`, whose hidden layers are at least as wide; `reached` is what `b` can reach.
///
/// # Errors
/// Those of [`svd`].
pub(super) fn align(
    a: &Network<S>,
    b: &Network<S>,
    reached: &[Reachable<S>],
    choice: Choice,
) -> Result<Embedding, Error> {
    let mut maps: Vec<Map> = vec![];
    // X; `None` for the identity.
    let mut arriving: Option<Matrix<S>> = None;
    for k in a.hidden() {
        let (la, lb) = (a.layer(k), b.layer(k));
        let (mut carried, mut psi) = (la.weight.clone(), la.psi_or_zero());
        if let Some(Map { matrix, shift }) = maps.last() {
            psi += &la.weight * shift;
            if let Some(matrix) = matrix {
                carried = product(&carried, matrix);
            }
        }
        let weighed = |m: &Matrix<S>| match &arriving {
            Some(x) => product(m, x),
            None => m.clone(),
        };
        let n = beside(&weighed(&carried), &psi, &la.bias);
        let image = beside(&weighed(&lb.weight), &lb.psi_or_zero(), &lb.bias);
        let matrix = procrustes(&n, &image, choice.bias)?;
        let shift = across(&matrix, &la.bias, &lb.bias);
        maps.push(Map {
            matrix: Some(matrix),
            shift,
        });
        arriving = match choice.weighing {
            Weighing::Everything => None,
            Weighing::Reached => reached.get(k - 1).map(|reached| reached.basis.clone()),
            Weighing::AsItArrives => Some(weighted_basis(&image)),
        };
    }
    Ok(Embedding { maps })
}

/// The E with orthonormal columns that minimises ‖N - E N'‖ with the last column weighed by 2^`bias`.
///
/// With fewer columns than rows, N = Q T and N' = Q' T', and E = Q diag(Y, I) Q'ᵀ with the best Y for T and T', which
/// are small: what is beyond their ranges is any isometry.
fn procrustes(n: &Matrix<S>, image: &Matrix<S>, bias: i64) -> Result<Matrix<S>, Error> {
    let weighed = |m: &Matrix<S>| {
        let mut m = m.clone();
        let last = m.ncols() - 1;
        for x in column_mut(&mut m, last) {
            *x = x.scale_by_power_of_two(bias);
        }
        m
    };
    let (n, image) = (weighed(n), weighed(image));
    let rows = image.nrows();
    if n.ncols() >= rows {
        let factors = svd(&product_nt(&n, &image))?;
        return Ok(product_nt(&factors.u, &factors.v));
    }
    let (here, there) = (qr(&n), qr(&image));
    let factors = svd(&product_nt(&here.r(), &there.r()))?;
    let small = product_nt(&factors.u, &factors.v);
    let (q, mut image) = (here.q(rows), there.q(rows));
    // Q' diag(Yᵀ, I).
    let turned = product_nt(&image.columns(0, small.nrows()).into_owned(), &small);
    image.columns_mut(0, small.nrows()).copy_from(&turned);
    Ok(product_nt(&q, &image))
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
