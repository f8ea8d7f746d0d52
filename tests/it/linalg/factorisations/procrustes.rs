//! The rotation that brings one matrix nearest to another.

use super::*;

/// R is recovered from B = R A to 30 · max(m, n) u κ(A)²: B Aᵀ squares the condition.
fn procrustes_recovers<S: Measured>(cases: u64) -> f64 {
    let mut worst = f64::NEG_INFINITY;
    for seed in 0..cases {
        let mut rng = rng(seed);
        let m = rng.random_range(1..=10);
        let n = m + rng.random_range(0..=5);
        let (a, r) = (gaussian::<S>(m, n, &mut rng), haar::<S>(m, &mut rng));
        let found = procrustes(&a, &product(&r, &a)).unwrap();
        assert!(orthogonality(&found) < THRESHOLD, "orthogonal, seed {seed}");
        let sigma = singular_values(&a).unwrap();
        let condition: S::Ruler = lift_one(&(sigma[0].clone() / &sigma[m - 1]));
        let residual = isotropic::linalg::frobenius(&(lift::<S, S::Ruler>(&found) - lift(&r)));
        let ratio = ratio::<S>(&residual, n, &(condition.clone() * &condition));
        assert!(
            ratio < THRESHOLD,
            "ratio {ratio}, {} {m}×{n}, seed {seed}",
            S::name()
        );
        worst = worst.max(ratio);
    }
    worst
}

#[test]
fn procrustes_recovers_the_rotation() {
    println!("Procrustes: f32 {:.2}", procrustes_recovers::<f32>(100));
    println!("Procrustes: f64 {:.2}", procrustes_recovers::<f64>(100));
    println!(
        "Procrustes: mp256 {:.2}",
        procrustes_recovers::<Mp<256>>(20)
    );
}

/// Where A has rank k < m, R is not unique, but R A = B and R is orthogonal all the same.
#[test]
fn procrustes_of_rank_deficient_matrices() {
    for seed in 0..50 {
        let mut rng = rng(seed);
        let (m, n) = (rng.random_range(2..=8), rng.random_range(2..=8));
        let k = rng.random_range(0..m.min(n));
        let left = haar::<f64>(m, &mut rng).columns(0, k).into_owned();
        let a = product(&left, &haar::<f64>(n, &mut rng).columns(0, k).transpose());
        let r = haar::<f64>(m, &mut rng);
        let b = product(&r, &a);
        let found = procrustes(&a, &b).unwrap();
        assert!(orthogonality(&found) < THRESHOLD, "orthogonal, seed {seed}");
        assert!(
            factors(&b, &found, &lift(&a)) < THRESHOLD,
            "R A = B, {m}×{n} of rank {k}, seed {seed}"
        );
    }
}
