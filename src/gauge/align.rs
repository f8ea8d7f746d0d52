//! The rotation of one layer: the isometry that carries [W X, b, ψ] to that of the other network, found from its columns
//! in inverse proportion to their errors.

use super::{Leeway, lines::Columns};
use crate::{
    error::Error,
    linalg::{
        Matrix, column, column_mut, frobenius, norm2, product, product_nt, qr, qr_pivoted, svd,
    },
    scalar::Real,
};

/// What can arrive at a layer: a weighted basis, its image in the second network, and how far the
/// image may be off for unit roundoff 1.
pub(super) struct Reach<S> {
    pub(super) basis: Matrix<S>,
    pub(super) image: Matrix<S>,
    pub(super) error: S,
}

impl<S: Real> Reach<S> {
    /// The inputs.
    pub(super) fn of_inputs(inputs: usize) -> Self {
        Reach {
            basis: Matrix::identity(inputs, inputs),
            image: Matrix::identity(inputs, inputs),
            error: S::zero(),
        }
    }
}

/// ‖W (I - P)‖_F for the projection P onto the range of the basis.
pub(super) fn missed<S: Real>(weight: &Matrix<S>, basis: &Matrix<S>) -> S {
    let qr = qr_pivoted(basis);
    let r = qr.r();
    let floor = if r.nrows() == 0 {
        S::zero()
    } else {
        r[(0, 0)].clone() * S::unit_roundoff() * S::from_int(basis.nrows() as i64)
    };
    let rank = (0..r.nrows()).take_while(|&k| r[(k, k)] > floor).count();
    if rank == basis.nrows() {
        return S::zero();
    }
    let q = qr.q(rank);
    let seen = product_nt(&product(weight, &q), &q);
    frobenius(&(weight.clone() - seen))
}

/// What every column of N counts for.
pub(super) struct Weights<S> {
    /// Powers of two.
    pub(super) exponents: Vec<i64>,
    /// How far N times them may be off for unit roundoff 1.
    pub(super) error: S,
}

/// The powers of two that give every column of N its say in the rotation, in inverse proportion to its
/// error: that goes with the size of a column of W_1, and of a whole block behind it. What is small there is no less
/// well known.
pub(super) fn weights<S: Real>(leeway: Leeway, columns: usize, parts: &[Columns<S>]) -> Weights<S> {
    let mut exponents = vec![0; columns];
    let mut scaled = vec![];
    for part in parts {
        let exponent = -part.error.exponent().unwrap_or(0);
        exponents[part.columns.clone()].fill(exponent);
        scaled.push((part.parameter, part.error.scale_by_power_of_two(exponent)));
    }
    // The columns of W_1 err each by itself: together by a norm.
    let blocks = super::lines::PARAMETERS.map(|parameter| {
        let of = scaled.iter().filter(|(name, _)| *name == parameter);
        norm2(&of.map(|(_, error)| error.clone()).collect::<Vec<S>>())
    });
    Weights {
        exponents,
        error: leeway.together(&blocks),
    }
}

/// The columns times powers of two.
pub(super) fn weighted<S: Real>(m: &Matrix<S>, exponents: impl Iterator<Item = i64>) -> Matrix<S> {
    let mut m = m.clone();
    for (j, e) in exponents.enumerate() {
        for x in column_mut(&mut m, j) {
            *x = x.scale_by_power_of_two(e);
        }
    }
    m
}

/// Up to so many bits there is no room for squares.
const DOUBLE: u32 = 53;

/// The orthogonal factor Y of T' Tᵀ, which minimises ‖Y T - T'‖_F.
fn polar<S: Real>(t: &Matrix<S>, t_image: &Matrix<S>) -> Result<Matrix<S>, Error> {
    if S::precision().is_some_and(|bits| bits > DOUBLE) {
        let svd = svd(&product_nt(t_image, t))?;
        return Ok(product_nt(&svd.u, &svd.v));
    }
    // With T = U S Vᵀ the product is ((T' V) S) Uᵀ: its columns are scaled, which a Jacobi SVD does not mind, and
    // nothing is squared.
    let of_t = svd(t)?;
    let mut graded = product(t_image, &of_t.v);
    for (j, sigma) in of_t.sigma.iter().enumerate() {
        S::scale(column_mut(&mut graded, j), sigma);
    }
    let svd = svd(&graded)?;
    Ok(product_nt(&product_nt(&svd.u, &svd.v), &of_t.u))
}

/// The residual R N - N', R found from the weighted columns, and what reaches the next layer of so many neurons: the
/// weighted columns, so that a constant that is large beside the weights hides none of them.
pub(super) fn aligned<S: Real>(
    n: &Matrix<S>,
    n_image: &Matrix<S>,
    weights: &Weights<S>,
    leeway: Leeway,
) -> Result<(Matrix<S>, Reach<S>), Error> {
    // Reduce to the triangular factors first: N = Q T, N' = Q' T', R = Q' Y Qᵀ.
    let up = || weights.exponents.iter().copied();
    let (here, there) = (qr(&weighted(n, up())), qr(&weighted(n_image, up())));
    let (t, t_image) = (here.r(), there.r());
    let k = t.nrows();
    let (q, q_image) = (here.q(k), there.q(k));
    let y = polar(&t, &t_image)?;
    // T = Lᵀ Q₂ᵀ: the columns of Q Lᵀ have the Gram matrix of the weighted N in k columns instead of all.
    let mut lower = qr(&t.transpose()).r().transpose();
    let down = || weights.exponents.iter().map(|e| -e);
    let (t, t_image) = (weighted(&t, down()), weighted(&t_image, down()));
    let residual = product(&q_image, &(product(&y, &t) - &t_image));
    let largest = (0..lower.ncols())
        .map(|j| norm2(column(&lower, j)))
        .fold(S::zero(), |a, b| S::larger(b, a));
    let size = if largest.is_zero() { S::one() } else { largest };
    lower.iter_mut().for_each(|x| *x /= &size);
    let reach = Reach {
        basis: product(&q, &lower),
        image: product(&q_image, &product(&y, &lower)),
        error: leeway.passed_on(weights.error.clone(), &size, n.nrows()),
    };
    Ok((residual, reach))
}
