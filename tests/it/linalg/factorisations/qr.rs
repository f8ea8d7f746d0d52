//! QR factorisations, and bases completed by them.

use super::*;

/// Matrices for QR: plain, graded in columns or rows over 12 decades, of rank one, with zeros, and at
/// the ends of the exponent range of f32.
fn matrix<S: Real>(kind: usize, m: usize, n: usize, rng: &mut impl Rng) -> Matrix<S> {
    let a = gaussian::<S>(m, n, rng);
    let decades = |rng: &mut dyn FnMut() -> i32| S::from_f64(10f64.powi(rng()));
    let mut draw = || -rng.random_range(0..=12);
    match kind {
        0 => a,
        1 => {
            let scale: Vec<S> = (0..n).map(|_| decades(&mut draw)).collect();
            Matrix::from_fn(m, n, |i, j| a[(i, j)].clone() * &scale[j])
        }
        2 => {
            let scale: Vec<S> = (0..m).map(|_| decades(&mut draw)).collect();
            Matrix::from_fn(m, n, |i, j| a[(i, j)].clone() * &scale[i])
        }
        3 => Matrix::from_element(m, n, S::one()),
        4 => Matrix::from_fn(m, n, |i, j| {
            if i % 3 == 1 || j % 2 == 0 {
                S::zero()
            } else {
                a[(i, j)].clone()
            }
        }),
        5 => Matrix::from_element(m, n, S::zero()),
        6 => a.map(|x| x * S::from_f64(1e30)),
        _ => a.map(|x| x * S::from_f64(1e-30)),
    }
}

fn qr_ratios<S: Measured>(cases: usize) {
    for pivot in [false, true] {
        let mut ratios = Ratios::default();
        for i in 0..cases {
            let mut rng = rng(i as u64);
            let (m, n) = match i {
                0..8 => (0, i),
                8..16 => (i - 8, 0),
                _ => (rng.random_range(0..=16), rng.random_range(0..=16)),
            };
            let a = matrix::<S>(i % 8, m, n, &mut rng);
            let case = format!("{} {m}×{n}, pivot {pivot}, seed {i}", S::name());
            let factorised = if pivot { qr_pivoted(&a) } else { qr(&a) };
            let (k, r) = (m.min(n), factorised.r());
            let order = factorised.permutation();

            let mut sorted = order.to_vec();
            sorted.sort_unstable();
            let permutes = sorted.iter().copied().eq(0..n) && (pivot || order == sorted);
            ratios.record("P", holds(permutes), &case);
            let permuted = Matrix::from_fn(m, n, |i, j| a[(i, order[j])].clone());
            let q = factorised.q(k);
            ratios.record(
                "shapes",
                holds(q.shape() == (m, k) && r.shape() == (k, n)),
                &case,
            );
            ratios.record("A P - Q R", factors(&permuted, &q, &lift(&r)), &case);
            ratios.record("QᵀQ", orthogonality(&q), &case);
            let complete = factorised.q(m);
            let same = complete.columns(0, k) == q.columns(0, k);
            ratios.record(
                "complete Q",
                if same {
                    orthogonality(&complete)
                } else {
                    f64::NAN
                },
                &case,
            );

            let zeros = (0..k).all(|i| (0..i.min(n)).all(|j| r[(i, j)].is_zero()));
            let diagonal = (0..k).all(|i| r[(i, i)] >= S::zero());
            ratios.record("R", holds(zeros && diagonal), &case);
            if pivot {
                // |R_jj| ≥ |R_kk| in exact arithmetic; each entry carries an error of the size of
                // the ratio of A P - Q R.
                let rise = (1..k)
                    .map(|i| r[(i, i)].clone() - &r[(i - 1, i - 1)])
                    .fold(S::zero(), S::larger);
                let largest = a.iter().map(S::abs).fold(S::zero(), S::larger);
                let scale = if largest.is_zero() { S::one() } else { largest };
                ratios.record(
                    "falling",
                    ratio::<S>(&lift_one(&rise), m.max(n), &lift_one(&scale)),
                    &case,
                );
            }
            ratios.cases += 1;
        }
        println!("{} QR, pivot {pivot}: {ratios}", S::name());
        ratios.verified(cases);
    }
}

#[test]
fn qr_in_f32() {
    qr_ratios::<f32>(400);
}

#[test]
fn qr_in_f64() {
    qr_ratios::<f64>(400);
}

#[test]
fn qr_in_mp256() {
    qr_ratios::<Mp<256>>(200);
}

/// Blocks of reflectors: tall, wide, square, with a last block that is not full, columns of zeros, thin and whole Q.
#[test]
fn reflectors_in_blocks_hold_their_ratios() {
    let mut ratios = Ratios::default();
    for (seed, (m, n)) in (0..).zip([(64, 64), (70, 70), (100, 65), (75, 130), (90, 64), (97, 97)])
    {
        let mut rng = ChaCha8Rng::seed_from_u64(50_000 + seed);
        let a = Matrix::<f64>::from_fn(m, n, |_, j| match j % 9 {
            4 => 0.0,
            _ => rng.random_range(-1.0..1.0),
        });
        let factors = qr(&a);
        let (r, thin, whole) = (factors.r(), factors.q(m.min(n)), factors.q(m));
        let case = format!("{m}×{n}");
        let upper = (0..r.ncols()).all(|j| (j + 1..r.nrows()).all(|i| r[(i, j)] == 0.0));
        let diagonal = (0..r.nrows()).all(|i| r[(i, i)] >= 0.0);
        ratios.record("R", holds(upper && diagonal), &case);
        ratios.record("QᵀQ", orthogonality(&whole), &case);
        ratios.record("thin Q", orthogonality(&thin), &case);
        let unit = m.max(n) as f64 * f64::EPSILON / 2.0;
        let residual = isotropic::linalg::frobenius(&(&a - product(&thin, &r)))
            / isotropic::linalg::frobenius(&a)
            / unit;
        ratios.record("A - Q R", residual, &case);
        let apart = isotropic::linalg::frobenius(&(&thin - whole.columns(0, thin.ncols()))) / unit;
        ratios.record("thin and whole Q", apart, &case);
        ratios.cases += 1;
    }
    println!("{ratios}");
    ratios.verified(6);
}

/// R is unique once its diagonal is positive, so nalgebra's R is ours up to the signs of its rows. Both
/// are exact for a matrix within c n u ‖A‖ of A, and R moves by √2 κ(A) as much (Higham, Accuracy
/// and Stability, §19.9): twice √2 · 30 n u κ ‖A‖, with the 30 of all ratios.
#[test]
fn qr_agrees_with_nalgebra() {
    for seed in 0..100 {
        let mut rng = rng(seed);
        let n = rng.random_range(1..=12);
        let m = n + rng.random_range(0..=8);
        let a = gaussian::<f64>(m, n, &mut rng);
        let (ours, theirs) = (qr(&a).r(), a.clone().qr().r());
        let sigma = singular_values(&a).unwrap();
        let condition = sigma[0] / sigma[n - 1];
        let allowance =
            2.0 * 2f64.sqrt() * THRESHOLD * m as f64 * f64::unit_roundoff() * condition * sigma[0];
        for i in 0..n {
            let sign = theirs[(i, i)].signum();
            for j in 0..n {
                let difference = (ours[(i, j)] - sign * theirs[(i, j)]).abs();
                assert!(
                    difference <= allowance,
                    "R[{i},{j}] differs by {difference}, seed {seed}"
                );
            }
        }
    }
}

#[test]
fn qr_of_what_is_not_finite_is_not_finite() {
    for bad in [f64::NAN, f64::INFINITY] {
        for at in [(0, 0), (2, 0), (1, 2), (3, 3)] {
            let mut a = gaussian::<f64>(4, 4, &mut rng(1));
            a[at] = bad;
            assert!(
                qr(&a).r().iter().any(|x| !x.is_finite()),
                "{bad} at {at:?} has vanished"
            );
            // In a column of zeros nothing else can carry it on.
            let mut a = Matrix::<f64>::zeros(4, 4);
            a[at] = bad;
            let factorised = qr(&a);
            let all = factorised
                .r()
                .iter()
                .chain(factorised.q(4).iter())
                .any(|x| !x.is_finite());
            assert!(all, "{bad} at {at:?} has vanished among zeros");
        }
    }
}

#[test]
fn bases_are_completed() {
    let mut ratios = Ratios::default();
    for seed in 0..100 {
        let mut rng = rng(seed);
        let m = rng.random_range(0..=12);
        let k = rng.random_range(0..=m);
        let u = haar::<f64>(m, &mut rng).columns(0, k).into_owned();
        let columns = rng.random_range(0..=m + 2);
        let basis = complete_basis(&u, columns);
        let case = format!("{k} of {m} columns to {columns}, seed {seed}");
        ratios.record(
            "shape",
            holds(basis.shape() == (m, columns.clamp(k, m))),
            &case,
        );
        ratios.record("kept", holds(basis.columns(0, k) == u), &case);
        ratios.record("orthogonal", orthogonality(&basis), &case);
        ratios.cases += 1;
    }
    ratios.verified(100);
}
