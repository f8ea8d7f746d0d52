//! LAPACK's way of testing: a residual divided by what rounding may cause, a number of order one
//! whatever the size, the scale and the arithmetic, and one threshold for all (LAPACK's own, 30).
//!
//! Measuring is done in a wider arithmetic, so that its own rounding is not seen and squares of
//! 1e±300 do not leave the range; judging is a separate step that starts from "unknown".

use std::collections::BTreeMap;

use isotropic::{
    linalg::{Matrix, frobenius, product, product_nt, product_tn},
    scalar::{Field, Mp, Real},
};
use num_traits::{One, Signed, Zero};

/// Reference LAPACK's `svd.in` and `dqrt`-tests use the same.
pub const THRESHOLD: f64 = 30.0;

/// A scalar and the one its residuals are measured in: more than twice as precise, so that products
/// of two are exact.
pub trait Measured: Real {
    type Ruler: Real;
}

impl Measured for f32 {
    type Ruler = Mp<128>;
}

impl Measured for f64 {
    type Ruler = Mp<128>;
}

impl Measured for Mp<256> {
    type Ruler = Mp<576>;
}

/// One number in another arithmetic; what is not finite becomes NaN.
pub fn lift_one<S: Field, T: Field>(x: &S) -> T {
    x.to_rational()
        .map_or_else(|| T::from_f64(f64::NAN), |q| T::from_rational(&q))
}

pub fn lift<S: Field, T: Field>(a: &Matrix<S>) -> Matrix<T> {
    a.map(|x| lift_one(&x))
}

/// `residual / (n · size · u)`; 0 if the residual is 0, whatever the size; NaN stays NaN.
pub fn ratio<S: Measured>(residual: &S::Ruler, n: usize, size: &S::Ruler) -> f64 {
    if residual.is_zero() {
        return 0.0;
    }
    let u: S::Ruler = lift_one(&S::unit_roundoff());
    (residual.clone() / (S::Ruler::from_int(n.max(1) as i64) * size * u)).to_f64()
}

/// ‖A - B C‖ / (max(m, n) ‖A‖ u) in the Frobenius norm, for A of m × n.
pub fn factors<S: Measured>(a: &Matrix<S>, b: &Matrix<S>, c: &Matrix<S::Ruler>) -> f64 {
    let a: Matrix<S::Ruler> = lift(a);
    let residual = frobenius(&(&a - product(&lift(b), c)));
    ratio::<S>(&residual, a.nrows().max(a.ncols()), &frobenius(&a))
}

/// ‖A - U diag(σ) Vᵀ‖ / (max(m, n) ‖A‖ u).
pub fn reconstruction<S: Measured>(
    a: &Matrix<S>,
    u: &Matrix<S>,
    sigma: &[S],
    v: &Matrix<S>,
) -> f64 {
    let a: Matrix<S::Ruler> = lift(a);
    let mut scaled: Matrix<S::Ruler> = lift(u);
    for (mut column, sigma) in scaled.column_iter_mut().zip(sigma) {
        let sigma: S::Ruler = lift_one(sigma);
        column.iter_mut().for_each(|x| *x *= &sigma);
    }
    let residual = frobenius(&(&a - product_nt(&scaled, &lift(v))));
    ratio::<S>(&residual, a.nrows().max(a.ncols()), &frobenius(&a))
}

/// ‖QᵀQ - I‖ / (m u) for Q of m × k.
pub fn orthogonality<S: Measured>(q: &Matrix<S>) -> f64 {
    let q: Matrix<S::Ruler> = lift(q);
    let gram = product_tn(&q, &q);
    let residual = frobenius(&(&gram - Matrix::identity(q.ncols(), q.ncols())));
    ratio::<S>(&residual, q.nrows(), &S::Ruler::one())
}

/// The largest difference of two lists of singular values over max(m, n) u σ₁.
pub fn spectra<S: Measured>(found: &[S], expected: &[S::Ruler], n: usize) -> f64 {
    if found.len() != expected.len() {
        return f64::NAN;
    }
    let mut worst = S::Ruler::zero();
    for (found, expected) in found.iter().zip(expected) {
        let found: S::Ruler = lift_one(found);
        worst = S::Ruler::larger((found - expected).abs(), worst);
    }
    ratio::<S>(&worst, n, expected.first().unwrap_or(&S::Ruler::one()))
}

/// 0 for a property that holds, ∞ for one that does not: yes-or-no tests among the ratios.
pub fn holds(property: bool) -> f64 {
    if property { 0.0 } else { f64::INFINITY }
}

/// The largest ratio of each name, and the case it came from.
#[derive(Default)]
pub struct Ratios {
    pub worst: BTreeMap<&'static str, (f64, String)>,
    pub cases: usize,
}

#[derive(Debug, PartialEq)]
pub enum Verdict {
    /// Nothing was measured.
    Unknown,
    Verified,
    /// Which ratio, its value and its case.
    Refuted(String),
}

impl Ratios {
    pub fn record(&mut self, name: &'static str, ratio: f64, case: &str) {
        let worst = self.worst.entry(name).or_insert((ratio, case.into()));
        // A NaN replaces everything and nothing replaces it.
        if !worst.0.is_nan() && (ratio.is_nan() || ratio > worst.0) {
            *worst = (ratio, case.into());
        }
    }

    pub fn verdict(&self) -> Verdict {
        if self.cases == 0 || self.worst.is_empty() {
            return Verdict::Unknown;
        }
        let refuted = self
            .worst
            .iter()
            .find(|(_, (ratio, _))| ratio.is_nan() || *ratio >= THRESHOLD);
        refuted.map_or(Verdict::Verified, |(name, (ratio, case))| {
            Verdict::Refuted(format!("{name}: ratio {ratio:.3e}, {case}"))
        })
    }

    /// Fails the test unless exactly `expected` cases ran and all ratios are below the threshold.
    pub fn verified(&self, expected: usize) {
        assert_eq!(self.cases, expected, "the cases promised");
        assert_eq!(self.verdict(), Verdict::Verified);
    }
}

impl std::fmt::Display for Ratios {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} cases:", self.cases)?;
        self.worst
            .iter()
            .try_for_each(|(name, (ratio, _))| write!(f, " {name} {ratio:.2}"))
    }
}
