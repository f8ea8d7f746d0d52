//! Ranks and norms.

use super::*;

/// The rank over ℚ, column by column.
fn exact_rank(a: &Matrix<Rational>) -> usize {
    let mut a = a.clone();
    let mut rank = 0;
    for j in 0..a.ncols() {
        let Some(pivot) = (rank..a.nrows()).find(|&i| !a[(i, j)].is_zero()) else {
            continue;
        };
        a.swap_rows(rank, pivot);
        for i in rank + 1..a.nrows() {
            let factor = a[(i, j)].clone() / &a[(rank, j)];
            for l in j..a.ncols() {
                let change = a[(rank, l)].clone() * &factor;
                a[(i, l)] -= change;
            }
        }
        rank += 1;
    }
    rank
}

/// Products of small integer matrices have exact entries and an exact rank: the numerical one agrees.
#[test]
fn numerical_rank_is_the_exact_rank() {
    let mut deficient = 0;
    for seed in 0..200 {
        let mut rng = rng(seed);
        let (m, n) = (rng.random_range(1..=12), rng.random_range(1..=12));
        let k = rng.random_range(0..=m.min(n));
        let mut small =
            |m, n| Matrix::from_fn(m, n, |_, _| Rational::from(rng.random_range(-3..=3)));
        let exact = product(&small(m, k), &small(k, n));
        let rank = exact_rank(&exact);
        deficient += usize::from(rank < m.min(n));
        let single = singular_values::<f32>(&lift(&exact)).unwrap();
        let double = svd::<f64>(&lift(&exact)).unwrap().sigma;
        let multiple = singular_values::<Mp<128>>(&lift(&exact)).unwrap();
        let found = [
            numerical_rank(&single, m, n),
            numerical_rank(&double, m, n),
            numerical_rank(&multiple, m, n),
        ];
        assert_eq!(found, [rank; 3], "{m}×{n} of rank {rank}, seed {seed}");
    }
    assert!(deficient > 100, "only {deficient} rank-deficient cases");
}

#[test]
fn rank_counts_what_lies_strictly_above_the_threshold() {
    let threshold = 7.0 * f64::unit_roundoff() * 3.0;
    assert_eq!(
        numerical_rank(&[3.0, threshold.next_up(), threshold, 0.0], 7, 4),
        2
    );
    assert_eq!(
        numerical_rank(&[3.0, threshold.next_up(), threshold, 0.0], 4, 7),
        2
    );
    assert_eq!(numerical_rank(&[0.0, 0.0], 2, 2), 0);
    assert_eq!(numerical_rank::<f64>(&[], 0, 5), 0);
    assert_eq!(numerical_rank(&[f64::from_bits(1)], 1, 1), 1);
}

/// ‖x‖ to 1.51 u: half of the 1.01 u of the sum of squares, and the rounding of the root. Powers of
/// two are exact unless the result is subnormal, which only a subnormal x gives.
fn norm_is_accurate<S: Real>(norm: impl Fn(&[S]) -> S, scales: &[i64]) -> Result<(), String> {
    let mut rng = rng(3);
    for &e in scales {
        for n in [1, 2, 3, 7, 50] {
            let x: Vec<S> = (0..n)
                .map(|_| S::from_f64(rng.random_range(-1.0..1.0)).scale_by_power_of_two(e))
                .collect();
            let wide: Vec<Mp<4096>> = x.iter().map(lift_one).collect();
            let truth = Mp::dot(&wide, &wide).sqrt();
            let error = (lift_one::<S, Mp<4096>>(&norm(&x)) - &truth).abs();
            let allowance =
                truth * lift_one::<S, Mp<4096>>(&S::unit_roundoff()) * Mp::from_int(151)
                    / Mp::from_int(100);
            // A NaN is not within any allowance.
            if error
                .partial_cmp(&allowance)
                .is_none_or(std::cmp::Ordering::is_gt)
            {
                return Err(format!(
                    "{}: the norm of {n} entries near 2^{e} is off by {error:.2}",
                    S::name()
                ));
            }
        }
    }
    Ok(())
}

#[test]
fn norms_at_every_scale() {
    let double = [
        0, 1, 500, 511, 512, 1000, 1019, -400, -511, -540, -900, -1000,
    ];
    norm_is_accurate::<f64>(norm2, &double).unwrap();
    norm_is_accurate::<f32>(norm2, &[0, 60, 64, 100, 123, -30, -60, -74, -90, -100]).unwrap();
    norm_is_accurate::<Mp<256>>(norm2, &[0, 5000, -5000]).unwrap();
    assert!(
        norm_is_accurate::<f64>(|x| f64::dot(x, x).sqrt(), &double).is_err(),
        "overflow is seen"
    );
    assert!(
        norm_is_accurate::<f64>(|x| f64::dot(x, x).sqrt(), &[-540]).is_err(),
        "underflow is seen"
    );

    let least = f64::from_bits(1);
    assert_eq!(norm2(&[3.0 * least, -4.0 * least]), 5.0 * least);
    assert_eq!(norm2::<f64>(&[]), 0.0);
    assert_eq!(norm2(&[0.0, -0.0]), 0.0);
    assert_eq!(norm2(&[f64::MAX, f64::MAX]), f64::INFINITY);
    assert_eq!(norm2(&[1.0, f64::NEG_INFINITY]), f64::INFINITY);
    assert!(norm2(&[1.0, f64::NAN]).is_nan());
    let ones = operator_norm(&Matrix::<f64>::from_element(3, 5, 1.0)).unwrap();
    assert!((ones - 15f64.sqrt()).abs() <= 5.0 * THRESHOLD * f64::unit_roundoff() * ones);
}
