//! Singular values and operator norms, enclosed.

use isotropic::{
    bound::{certify_svd, norm_above},
    linalg::{Matrix, cayley, product, product_nt, svd},
    scalar::{Enclosure, Field, Interval, Mp, Rational, Real},
};
use num_traits::Zero;

use crate::support;

type Narrow = Interval<f64>;

/// A = U S Vᵀ over ℚ with known singular values 3, 2, 1/7 … and its factors.
fn known(m: usize, n: usize, seed: u64) -> (Matrix<Rational>, Vec<Rational>) {
    let mut rng = support::rng(seed);
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

/// H S H' over ℚ with reflections H and H', and the singular values.
fn reflected(m: usize, n: usize, seed: i64) -> (Matrix<Rational>, Vec<Rational>) {
    let k = m.min(n) as i64;
    let sigma: Vec<Rational> = (0..k)
        .map(|i| Rational::ratio(1 + 3 * (k - i), 7).expect("a ratio"))
        .collect();
    let reflection = |n: usize| {
        let v: Vec<i64> = (0..n as i64).map(|i| (seed + 3 * i) % 7 - 3).collect();
        let squared: i64 = v.iter().map(|x| x * x).sum();
        Matrix::from_fn(n, n, |i, j| {
            let identity = if i == j { squared } else { 0 };
            Rational::ratio(identity - 2 * v[i] * v[j], squared).expect("not over 0")
        })
    };
    let (left, right) = (reflection(m), reflection(n));
    let mut a = left.columns(0, sigma.len()).into_owned();
    for (mut column, sigma) in a.column_iter_mut().zip(&sigma) {
        column.iter_mut().for_each(|x| *x *= sigma);
    }
    let right = right.columns(0, sigma.len()).into_owned();
    (product_nt(&a, &right), sigma)
}

/// How much of itself a norm by the Gram matrix may be too large by. s exceeds the guess by 2⁻³⁸, rounding adds
/// (k+1) u tr(s I - M) ≤ (k+1) k u s, and the radii of the Gram matrix of sums of l terms are at most (l+2) u ‖|A| |A|ᵀ‖ ≤ (l+2) k u λ:
/// half of all that for the root.
fn slack(m: usize, n: usize) -> f64 {
    let (k, l) = (m.min(n) as f64, m.max(n) as f64);
    0.5 * ((-38f64).exp2() + 1.01 * (k + l + 3.0) * k * f64::EPSILON / 2.0)
}

/// Where both sides are long the Gram matrix proves the norm: every bound holds, and is as sharp as its derivation says.
#[test]
fn long_matrices_have_norms_by_their_gram_matrix() {
    for (m, n, seed) in [(48, 48, 1), (50, 64, 2), (70, 49, 3)] {
        let (a, sigma) = reflected(m, n, seed);
        let largest = norm_above(&a.map(|q| Enclosure::enclosing(&q)));
        assert!(largest.contains_rational(&sigma[0]), "{m}×{n}: {largest}");
        let most = sigma[0].to_f64() * (1.0 + slack(m, n));
        assert!(largest.hi().to_f64() <= most, "{m}×{n}: {largest} {most}");
        // Another way to bound it was not what answered: that one is within a few ulps.
        let ulps = (largest.hi().to_f64() / sigma[0].to_f64() - 1.0) / f64::EPSILON;
        assert!(ulps > 64.0, "{m}×{n}: {ulps} ulps");
    }
}

/// One row repeated, one entry, zeros beside one row, entries of 300 decades, intervals about 0: no start suits all of them.
#[test]
fn long_matrices_of_every_kind_have_true_norms() {
    let n = 60;
    let all =
        |f: &dyn Fn(usize, usize) -> f64| Matrix::from_fn(n, n, |i, j| Narrow::point(f(i, j)));
    let power = |i: usize| (-(16 * i as i32) as f64).exp2();
    let cases = [
        ("ones", all(&|_, _| 1.0), 60.0),
        (
            "one entry",
            all(&|i, j| f64::from(u8::from((i, j) == (7, 9)))),
            1.0,
        ),
        (
            "one row",
            all(&|i, _| if i == 3 { 2.0 } else { 0.0 }),
            2.0 * 60f64.sqrt(),
        ),
        (
            "alternating",
            all(&|i, j| if (i + j) % 2 == 0 { 1.0 } else { -1.0 }),
            60.0,
        ),
        ("identity", all(&|i, j| f64::from(u8::from(i == j))), 1.0),
        (
            "graded",
            all(&|i, j| if i == j { power(i) } else { 0.0 }),
            1.0,
        ),
        (
            "about 0",
            Matrix::from_element(n, n, Narrow::new(-1.0, 1.0).expect("an interval")),
            60.0,
        ),
    ];
    for (name, a, norm) in cases {
        let above = *norm_above(&a).hi();
        let excess = above / norm - 1.0;
        assert!(
            (0.0..slack(n, n)).contains(&excess),
            "{name}: {above} for {norm}"
        );
    }
}
