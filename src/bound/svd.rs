//! Rigorous enclosures of singular values from an approximate decomposition.
//!
//! Let A ≈ Û Σ̂ V̂ᵀ be any factors (m × k, k × k diagonal, n × k), and
//!
//! ```text
//! ε_U ≥ ‖ÛᵀÛ - I‖,   ε_V ≥ ‖V̂ᵀV̂ - I‖,   η ≥ ‖A - ÛΣ̂V̂ᵀ‖.
//! ```
//!
//! The singular values of Û lie in [√(1-ε_U), √(1+ε_U)], likewise those of V̂, and multiplying by Û changes every
//! singular value of Σ̂V̂ᵀ by a factor in that range (as σ_min(Û) σ_i(X) ≤ σ_i(ÛX) ≤ ‖Û‖ σ_i(X)). Weyl's
//! inequality adds η:
//!
//! ```text
//! σ̂_i √((1-ε_U)(1-ε_V)) - η ≤ σ_i(A) ≤ σ̂_i √((1+ε_U)(1+ε_V)) + η.
//! ```
//!
//! The polar factor U of Û has orthonormal columns and ‖Û - U‖ = max |σ(Û) - 1| ≤ ε_U / (1 + √(1-ε_U)): the distance
//! to exact orthogonality. Everything on the right is computed in interval arithmetic; how the factors were
//! found does not matter.

use num_traits::{One, Signed, Zero};

use crate::{
    linalg::{Matrix, column, product_nt, product_tn},
    scalar::{
        Field,
        interval::{Endpoint, Interval, norm},
    },
};

/// What is certain about the singular values of a matrix and about the factors offered for it.
#[derive(Clone, Debug)]
pub struct SvdCertificate<E> {
    /// σ_1 ≥ … ≥ σ_k.
    pub sigma: Vec<Interval<E>>,
    /// Bound on the distance of Û from the nearest matrix with orthonormal columns; ∞ if ε_U ≥ 1.
    pub left: E,
    /// The same for V̂.
    pub right: E,
    /// η, a bound on ‖A - ÛΣ̂V̂ᵀ‖.
    pub residual: E,
}

/// Certifies the factors `u` (m × k), `sigma` (k, falling) and `v` (n × k) of `a` (m × n), k = min(m, n).
/// `None` where the shapes do not fit or a σ̂ is negative or out of order; bounds are infinite where
/// numbers overflow.
pub fn certify_svd<E: Endpoint>(
    a: &Matrix<Interval<E>>,
    u: &Matrix<E>,
    sigma: &[E],
    v: &Matrix<E>,
) -> Option<SvdCertificate<E>> {
    let (m, n) = a.shape();
    let k = m.min(n);
    let fits = u.shape() == (m, k) && v.shape() == (n, k) && sigma.len() == k;
    let ordered = sigma.windows(2).all(|pair| pair[0] >= pair[1]);
    if !fits || !ordered || sigma.iter().any(|s| *s < E::zero() || !s.is_finite()) {
        return None;
    }
    let point = |x: &Matrix<E>| x.map(|x| Interval::point(x));
    let (u, v) = (point(u), point(v));
    let (of_u, of_v) = (departure(&u), departure(&v));
    // A - (ÛΣ̂) V̂ᵀ.
    let mut weighed = u.clone();
    for (mut column, sigma) in weighed.column_iter_mut().zip(sigma) {
        let sigma = Interval::point(sigma.clone());
        column.iter_mut().for_each(|x| *x *= &sigma);
    }
    let rest = a - product_nt(&weighed, &v);
    let residual = simple_norm(&rest);
    let one = Interval::<E>::one();
    let above = ((one.clone() + &of_u) * (one.clone() + &of_v)).sqrt();
    let rest = |epsilon: &Interval<E>| Interval::larger(one.clone() - epsilon, Interval::zero());
    let below = (rest(&of_u) * rest(&of_v)).sqrt();
    let enclosures = sigma.iter().map(|sigma| {
        let sigma = Interval::point(sigma.clone());
        let most = sigma.clone() * &above + &residual;
        let least = Interval::larger(sigma * &below - &residual, Interval::zero());
        least.hull(&most)
    });
    let distance = |epsilon: &Interval<E>| {
        if epsilon.hi() < &E::one() {
            (epsilon.clone() / (one.clone() + rest(epsilon).sqrt()))
                .hi()
                .clone()
        } else {
            Interval::<E>::whole().hi().clone()
        }
    };
    Some(SvdCertificate {
        sigma: enclosures.collect(),
        left: distance(&of_u),
        right: distance(&of_v),
        residual: residual.hi().clone(),
    })
}

/// A bound on the distance of `q` from the nearest matrix with orthonormal columns; ∞ if it is far.
pub(crate) fn orthogonality<E: Endpoint>(q: &Matrix<Interval<E>>) -> Interval<E> {
    let epsilon = departure(q);
    if epsilon.hi() < &E::one() {
        let rest = Interval::larger(Interval::one() - &epsilon, Interval::zero());
        epsilon / (Interval::one() + rest.sqrt())
    } else {
        Interval::whole()
    }
}

/// ε ≥ ‖QᵀQ - I‖.
fn departure<E: Endpoint>(q: &Matrix<Interval<E>>) -> Interval<E> {
    let mut gram = product_tn(q, q);
    for i in 0..gram.nrows() {
        gram[(i, i)] -= Interval::one();
    }
    simple_norm(&gram)
}

/// An upper bound on ‖A‖₂ without a factorisation: the lesser of ‖A‖_F and √(‖A‖₁ ‖A‖_∞).
pub(super) fn simple_norm<E: Endpoint>(a: &Matrix<Interval<E>>) -> Interval<E> {
    let mut rows = vec![Interval::<E>::zero(); a.nrows()];
    let mut most = Interval::zero();
    for j in 0..a.ncols() {
        let mut sum = Interval::zero();
        for (row, x) in rows.iter_mut().zip(column(a, j)) {
            let size = x.abs();
            sum += &size;
            *row += size;
        }
        most = Interval::larger(most, sum);
    }
    let widest = rows.into_iter().fold(Interval::zero(), Interval::larger);
    Interval::smaller((most * widest).sqrt(), norm(a.as_slice()))
}
