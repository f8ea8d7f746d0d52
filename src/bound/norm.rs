//! Rigorous upper bounds on operator norms, by whatever proves one soonest.
//!
//! A matrix of intervals is scaled to f64, where approximate factors are found fast: those of a singular value
//! decomposition, which is then certified (module `svd`), or, where both sides are long, those of Cholesky for a
//! multiple of the identity less the Gram matrix (module `eigenvalue`), a tenth of the work.

use num_traits::Zero;
use rug::Float;

use super::{
    eigenvalue::largest_eigenvalue,
    svd::{certify_svd, simple_norm},
};
use crate::{
    linalg::{Matrix, product_nt, product_tn, svd},
    scalar::{
        Field,
        interval::{Endpoint, Interval, Toward},
    },
};

/// From this many rows and columns on the Gram matrix is asked first. Its bound is looser, by 10⁻¹⁰ of itself at 1000.
const LONG: usize = 48;

/// An upper bound on ‖A‖₂ for every A in the matrix of intervals: a few ulps of f64 too large where a side is short, and
/// n² of them where the shorter side has n ≥ 48 entries. ∞ if an entry is unbounded or no interval; 0 for a zero or empty matrix.
pub fn norm_above<E: Endpoint>(a: &Matrix<Interval<E>>) -> Interval<E> {
    if a.iter().any(|x| !x.is_finite()) {
        return Interval::zero().hull(&Interval::whole());
    }
    let simple = simple_norm(a);
    let Some(e) = a.iter().filter_map(|x| x.magnitude().exponent()).max() else {
        return Interval::zero();
    };
    let Ok(shift) = i32::try_from(e) else {
        return simple;
    };
    let shorter = a.nrows().min(a.ncols());
    if shorter == 1 {
        return simple;
    }
    let end = |x: &E, toward| f64::from_float_toward(&(x.to_float() >> shift), toward);
    let scaled = a.map(|x| {
        Interval::new(end(x.lo(), Toward::Down), end(x.hi(), Toward::Up))
            .unwrap_or_else(|_| Interval::whole())
    });
    let by_gram = if shorter >= LONG {
        by_gram(&scaled)
    } else {
        None
    };
    match by_gram.or_else(|| by_values(&scaled)) {
        Some(largest) if largest.is_finite() => {
            let back =
                |x: &f64, toward| E::from_float_toward(&(Float::with_val(53, *x) << shift), toward);
            let largest = Interval::new(
                back(largest.lo(), Toward::Down),
                back(largest.hi(), Toward::Up),
            );
            largest.map_or(simple.clone(), |largest| Interval::smaller(simple, largest))
        }
        _ => simple,
    }
}

/// σ₁, certified from an approximate decomposition.
fn by_values(a: &Matrix<Interval<f64>>) -> Option<Interval<f64>> {
    let factors = svd(&a.map(|x| x.midpoint())).ok()?;
    let certificate = certify_svd(a, &factors.u, &factors.sigma, &factors.v)?;
    certificate.sigma.into_iter().next()
}

/// √λ₁ of the smaller of A Aᵀ and AᵀA.
fn by_gram(a: &Matrix<Interval<f64>>) -> Option<Interval<f64>> {
    let gram = if a.nrows() <= a.ncols() {
        product_nt(a, a)
    } else {
        product_tn(a, a)
    };
    Some(largest_eigenvalue(&gram)?.sqrt())
}
