//! Singular values and operator norms, enclosed.

use isotropic::{
    bound::{certify_svd, norm_above},
    linalg::{Matrix, cayley, product, product_nt, svd},
    scalar::{Enclosure, Field, Interval, Mp, Rational, Real},
};
use num_traits::Zero;

use super::common;

type Narrow = Interval<f64>;

/// A = U S Vᵀ over ℚ with known singular values 3, 2, 1/7 … and its factors.
fn known(m: usize, n: usize, seed: u64) -> (Matrix<Rational>, Vec<Rational>) {
    let mut rng = common::rng(seed);
    let sigma: Vec<Rational> = (0..m.min(n) as i64)
        .map(|k| Rational::ratio(1 + 3 * (m.min(n) as i64 - k), 7).expect("a ratio"))
        .collect();
    let middle = Matrix::from_fn(m, n, |i, j| {
        if i == j {
            sigma[i].clone()
        } else {
            Rational::zero()
        }
    });
    let a = product_nt(
        &product(&cayley(m, &mut rng), &middle),
        &cayley(n, &mut rng),
    );
    (a, sigma)
}

#[test]
fn singular_values_are_enclosed_whatever_the_factors() {
    for (seed, (m, n)) in [(3, 3), (5, 3), (3, 5), (1, 4), (6, 6)]
        .into_iter()
        .enumerate()
    {
        let (a, sigma) = known(m, n, seed as u64);
        let enclosed = a.map(|q| Enclosure::enclosing(&q));
        let nearest = a.map(|q| Mp::<256>::from_rational(&q));
        let mut factors = svd(&nearest).expect("it converges");
        let certificate =
            certify_svd(&enclosed, &factors.u, &factors.sigma, &factors.v).expect("the shapes fit");
        for (interval, sigma) in certificate.sigma.iter().zip(&sigma) {
            assert!(
                interval.contains_rational(sigma),
                "{m}×{n}: {interval} lacks {sigma}"
            );
            assert!(
                interval.radius() < Mp::from_int(1).scale_by_power_of_two(-230),
                "{interval}"
            );
        }
        let small = Mp::from_int(1).scale_by_power_of_two(-240);
        assert!(
            certificate.left < small && certificate.right < small && certificate.residual < small
        );
        let largest = norm_above(&enclosed);
        assert!(
            largest.hi().to_rational().expect("finite") >= sigma[0]
                && largest.hi().to_f64() < sigma[0].to_f64() * (1.0 + 1e-11)
        );
        // Bad factors: the enclosures widen and still contain.
        factors.u[(0, 0)] += Mp::from_f64(1e-3);
        factors.sigma[0] *= Mp::from_f64(1.001);
        let certificate =
            certify_svd(&enclosed, &factors.u, &factors.sigma, &factors.v).expect("the shapes fit");
        for (interval, sigma) in certificate.sigma.iter().zip(&sigma) {
            assert!(
                interval.contains_rational(sigma),
                "{m}×{n}, bad factors: {interval} lacks {sigma}"
            );
        }
        assert!(certificate.left > Mp::from_f64(1e-5));
        // The control: σ̂ taken at its word is no enclosure.
        assert!(!Enclosure::point(factors.sigma[0].clone()).contains_rational(&sigma[0]));
    }
}

#[test]
fn factors_that_are_no_decomposition_are_refused_or_useless() {
    let a = Matrix::from_fn(3, 2, |i, j| Narrow::from_int((i + 2 * j) as i64));
    let (u, v) = (Matrix::<f64>::identity(3, 2), Matrix::<f64>::identity(2, 2));
    assert!(
        certify_svd(&a, &u, &[1.0, 2.0], &v).is_none(),
        "out of order"
    );
    assert!(certify_svd(&a, &u, &[2.0, -1.0], &v).is_none(), "negative");
    assert!(certify_svd(&a, &v, &[2.0, 1.0], &u).is_none(), "shapes");
    let far = certify_svd(&a, &(u * 3.0), &[2.0, 1.0], &v).expect("the shapes fit");
    assert!(far.left.is_infinite() && far.sigma[1].lo() == &0.0);
    let unbounded = Matrix::from_element(2, 2, Narrow::whole());
    assert!(!norm_above(&unbounded).is_finite());
    assert!(norm_above(&Matrix::from_element(2, 2, Narrow::zero())).is_zero());
}

#[test]
fn operator_norms_far_from_one_keep_their_digits() {
    for e in [-900, -40, 40, 900] {
        let power = Mp::from_int(1).scale_by_power_of_two(e);
        let a = Matrix::from_fn(3, 5, |_, _| Enclosure::point(power.clone()));
        let ratio = norm_above(&a).hi().clone() / power;
        assert!(
            (ratio.to_f64() - 15f64.sqrt()).abs() < 1e-12,
            "2^{e}: {ratio}"
        );
    }
}

/// For Û = (1 - δ) the certificate's formula is the distance δ itself: rounded the wrong way it is below it.
#[test]
fn the_distance_to_orthonormal_columns_is_rounded_up() {
    for k in 1..200 {
        let delta = f64::from(k) / 1024.0 / 3.0;
        let factor = 1.0 - delta;
        let one = Matrix::from_element(1, 1, 1.0);
        let a = Matrix::from_element(1, 1, Narrow::point(factor));
        let u = Matrix::from_element(1, 1, factor);
        let left = certify_svd(&a, &u, &[1.0], &one)
            .expect("the shapes fit")
            .left;
        let right = certify_svd(&a, &one, &[1.0], &u)
            .expect("the shapes fit")
            .right;
        // 1 - factor is exact.
        assert!(left >= 1.0 - factor, "{left:e} < {:e}", 1.0 - factor);
        assert!(right >= 1.0 - factor, "{right:e} < {:e}", 1.0 - factor);
        assert!(
            left <= (1.0 - factor) * (1.0 + 1e3 * f64::EPSILON),
            "{left:e}"
        );
    }
}

#[test]
fn a_norm_counts_both_ends_of_an_interval() {
    for (lo, hi) in [(-3.0, 1.0), (-1.0, 3.0), (-3.0, -2.0), (2.0, 3.0)] {
        let a = Matrix::from_element(3, 3, Narrow::new(lo, hi).expect("an interval"));
        let norm = norm_above(&a);
        // All entries at ±3.
        assert!(*norm.hi() >= 9.0, "[{lo}, {hi}]: {norm}");
    }
}

#[test]
fn a_residual_is_rounded_up() {
    for k in 1..100 {
        let entry = 1.0 + f64::from(k) / 300.0;
        let one = Matrix::from_element(1, 1, 1.0);
        let a = Matrix::from_element(1, 1, Narrow::point(entry));
        let found = certify_svd(&a, &one, &[1.0], &one).expect("the shapes fit");
        // entry - 1 is exact.
        assert!(found.residual >= entry - 1.0, "{:e}", found.residual);
        assert!(found.residual <= (entry - 1.0) * (1.0 + 1e3 * f64::EPSILON));
    }
}
