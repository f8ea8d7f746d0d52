//! Factorisations where something is decided: which column goes first, equal ones, and angles near underflow.

use isotropic::{
    linalg::{Matrix, cayley, qr_pivoted, svd},
    scalar::{Mp, Rational, Real},
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

fn of_equal_columns_the_first<S: Real>() {
    for n in 1..6 {
        let identity = Matrix::<S>::identity(n, n);
        assert!(qr_pivoted(&identity).permutation().iter().copied().eq(0..n));
        // Also where squares have been lost and norms decide.
        let mut graded = identity.map(|x| x.scale_by_power_of_two(-74));
        graded[(0, 0)] = S::one();
        assert!(qr_pivoted(&graded).permutation().iter().copied().eq(0..n));
    }
}

#[test]
fn of_columns_of_one_norm_the_first_is_the_pivot() {
    of_equal_columns_the_first::<f32>();
    of_equal_columns_the_first::<f64>();
    of_equal_columns_the_first::<Mp<256>>();
}

/// The squared norms 1 and 1 + 2^-52 are neighbours in double precision, and the norms, 1 and nearly 1 + 2^-53,
/// round to the same number: the longer column is the pivot.
#[test]
fn a_column_longer_by_less_than_a_rounding_of_its_norm_is_the_pivot() {
    let a = Matrix::from_row_slice(2, 2, &[1.0, 1.0, 0.0, 2f64.powi(-26)]);
    assert_eq!(qr_pivoted(&a).permutation(), [1, 0]);
}

/// In single precision 2^-148 is the square of 2^-74 and, rounded, of 1.1 times as much: the norms tell.
#[test]
fn a_column_whose_square_has_lost_its_bits_is_still_the_longer_one() {
    let small = 2f32.powi(-74);
    assert_eq!(small * small, (1.1 * small) * (1.1 * small), "lost");
    let mut a = Matrix::<f32>::identity(3, 3);
    a[(1, 1)] = small;
    a[(2, 2)] = 1.1 * small;
    assert_eq!(qr_pivoted(&a).permutation(), [0, 2, 1]);
}

/// A diagonal matrix in descending order is decomposed already: no column moves, equal σ included.
#[test]
fn what_is_diagonal_and_in_order_is_left_as_it_is() {
    for sigma in [
        vec![1.0; 4],
        vec![2.0, 2.0, 1.0],
        vec![3.0, 2.0, 2.0, 2.0, 0.5],
    ] {
        let n = sigma.len();
        let a = Matrix::from_fn(n, n, |i, j| if i == j { sigma[i] } else { 0.0 });
        let svd = svd(&a).expect("converges");
        assert_eq!(svd.u, Matrix::identity(n, n), "{sigma:?}");
        assert_eq!(svd.v, Matrix::identity(n, n), "{sigma:?}");
        assert_eq!(svd.sigma, sigma);
    }
}

/// [1 a; 0 b] for b far below a far below 1: the tangent of the rotation is about a b, and its cotangent's square
/// overflows in f32 and f64. As σ₁² + σ₂² = 1 + a² + b², a² < u, and σ₁ σ₂ = b, both round to σ = (1, b), which the
/// relative accuracy of graded matrices promises (2 columns and a scaled condition of 1: a few roundings).
fn small_angles<S: Real>(a: i64, b: i64) {
    let (a, b) = (
        S::one().scale_by_power_of_two(a),
        S::one().scale_by_power_of_two(b),
    );
    let matrix = Matrix::from_row_slice(2, 2, &[S::one(), a, S::zero(), b.clone()]);
    let svd = svd(&matrix).expect("converges");
    let allowed = S::from_int(16) * S::unit_roundoff();
    assert!((svd.sigma[0].clone() - S::one()).abs() <= allowed);
    assert!((svd.sigma[1].clone() / &b - S::one()).abs() <= allowed);
}

#[test]
fn rotations_by_the_smallest_angles_converge() {
    small_angles::<f64>(-46, -472);
    small_angles::<f32>(-18, -50);
    small_angles::<Mp<256>>(-140, -472);
}

/// The skew matrix behind a draw has entries of either sign and more than one size: of 200 rotations of the plane
/// some turn to the left, some to the right, and each by several angles.
#[test]
fn cayley_turns_both_ways_by_different_angles() {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for seed in 0..200 {
        let q = cayley(2, &mut ChaCha8Rng::seed_from_u64(seed));
        // A reflection is a rotation with its first row negated: the second row tells the angle of both.
        let sine = q[(1, 0)].clone();
        if sine > Rational::from(0) {
            left.push(sine);
        } else if sine < Rational::from(0) {
            right.push(sine);
        }
    }
    for (sense, sines) in [("left", left), ("right", right)] {
        let several = sines.iter().any(|sine| *sine != sines[0]);
        assert!(several, "to the {sense}: {sines:?}");
    }
}
