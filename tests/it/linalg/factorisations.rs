//! QR, orthogonal matrices, Procrustes, ranks, norms and products. The SVD has a file of its own.

mod norms;
mod orthogonal;
mod procrustes;
mod products;
mod qr;

use crate::support::ratios;
use isotropic::{
    linalg::{
        Matrix, accumulate, cayley, complete_basis, haar, householder, norm2, numerical_rank,
        operator_norm, procrustes, product, product_nt, product_tn, qr, qr_pivoted,
        singular_values, svd,
    },
    scalar::{Field, Mp, Rational, Real},
};
use num_traits::{One, Signed, Zero};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use ratios::{
    Measured, Ratios, THRESHOLD, Verdict, factors, holds, lift, lift_one, orthogonality, ratio,
};
use rug::Rational as Q;

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn gaussian<S: Field>(m: usize, n: usize, rng: &mut impl Rng) -> Matrix<S> {
    Matrix::from_fn(m, n, |_, _| S::from_f64(rng.sample(StandardNormal)))
}

#[test]
fn an_empty_list_is_not_a_pass() {
    assert_eq!(Ratios::default().verdict(), Verdict::Unknown);
}
