//! Orthogonal matrices: Haar distributed, and exact over the rationals.

use super::*;

fn haar_ratios<S: Measured>() {
    let mut ratios = Ratios::default();
    for n in 0..=20 {
        let q = haar::<S>(n, &mut rng(n as u64));
        ratios.record("QᵀQ", orthogonality(&q), &format!("{} n = {n}", S::name()));
        ratios.record(
            "QQᵀ",
            orthogonality(&q.transpose()),
            &format!("{} n = {n}", S::name()),
        );
        ratios.cases += 1;
    }
    println!("{} Haar: {ratios}", S::name());
    ratios.verified(21);
}

#[test]
fn haar_matrices_are_orthogonal() {
    haar_ratios::<f32>();
    haar_ratios::<f64>();
    haar_ratios::<Mp<256>>();
}

/// Whether `draw` could be Haar's: E tr Q = 0 and E (tr Q)² = 1 for every n, and E q₁₁² = 1/n. The sample
/// of N has standard deviations of at most √(1/N), √(2/N) (as E (tr Q)⁴ ≤ 3) and √(2/N)/n (as
/// E q₁₁⁴ = 3/(n(n+2))); five of them are exceeded once in a million. Determinants: both signs.
fn like_haar(n: usize, draw: impl Fn(&mut ChaCha8Rng) -> Matrix<f64>) -> Result<(), String> {
    const SAMPLES: usize = 4000;
    let mut rng = rng(31);
    let (mut trace, mut square, mut corner, mut rotations) = (0.0, 0.0, 0.0, 0usize);
    for _ in 0..SAMPLES {
        let q = draw(&mut rng);
        let t: f64 = q.trace();
        trace += t;
        square += t * t;
        corner += q[(0, 0)] * q[(0, 0)];
        rotations += usize::from(q.determinant() > 0.0);
    }
    let samples = SAMPLES as f64;
    let order = n as f64;
    let means = [
        (trace / samples, 0.0, 1.0),
        (square / samples, 1.0, 2f64.sqrt()),
        (corner / samples, 1.0 / order, 2f64.sqrt() / order),
    ];
    for (k, (found, expected, deviation)) in means.into_iter().enumerate() {
        if (found - expected).abs() > 5.0 * deviation / samples.sqrt() {
            return Err(format!(
                "n = {n}: moment {k} is {found}, expected {expected}"
            ));
        }
    }
    // A fair coin: deviation √N/2.
    if (rotations as f64 - samples / 2.0).abs() > 5.0 * samples.sqrt() / 2.0 {
        return Err(format!("n = {n}: {rotations} rotations of {SAMPLES}"));
    }
    Ok(())
}

#[test]
fn haar_matrices_are_haar_distributed() {
    for n in [1, 2, 3, 5, 8] {
        like_haar(n, |rng| haar(n, rng)).unwrap();
    }
    // Seen to fail: the first column with the sign LAPACK's QR leaves it, rotations only, ±I.
    for n in [2, 3, 5] {
        assert!(
            like_haar(n, |rng| {
                let mut q = haar::<f64>(n, rng);
                if q[(0, 0)] > 0.0 {
                    q.column_mut(0).neg_mut();
                }
                q
            })
            .is_err()
        );
        assert!(
            like_haar(n, |rng| {
                let mut q = haar::<f64>(n, rng);
                if q.determinant() < 0.0 {
                    q.row_mut(0).neg_mut();
                }
                q
            })
            .is_err()
        );
        assert!(
            like_haar(n, |rng| Matrix::from_diagonal_element(
                n,
                n,
                if rng.random() { 1.0 } else { -1.0 }
            ))
            .is_err()
        );
    }
}

/// The determinant over ℚ by elimination.
fn determinant(mut a: Matrix<Rational>) -> Rational {
    let mut determinant = Rational::one();
    for i in 0..a.nrows() {
        let Some(pivot) = (i..a.nrows()).find(|&k| !a[(k, i)].is_zero()) else {
            return Rational::zero();
        };
        if pivot != i {
            a.swap_rows(i, pivot);
            determinant = -determinant;
        }
        let lead = a[(i, i)].clone();
        determinant *= &lead;
        for k in i + 1..a.nrows() {
            let factor = a[(k, i)].clone() / &lead;
            for j in i..a.nrows() {
                let change = a[(i, j)].clone() * &factor;
                a[(k, j)] -= change;
            }
        }
    }
    determinant
}

#[test]
fn rational_orthogonal_matrices_are_exact() {
    type Draw = fn(usize, &mut ChaCha8Rng) -> Matrix<Rational>;
    let draws: [(&str, Draw); 2] = [("Cayley", cayley), ("Householder", householder)];
    for (name, draw) in draws {
        for n in 0..=7 {
            let (mut rotations, mut reflections, mut plain) = (0, 0, 0);
            for seed in 0..40 {
                let q = draw(n, &mut rng(seed));
                assert_eq!(
                    product_tn(&q, &q),
                    Matrix::identity(n, n),
                    "{name}, n = {n}, seed {seed}"
                );
                assert_eq!(
                    product_nt(&q, &q),
                    Matrix::identity(n, n),
                    "{name}, n = {n}, seed {seed}"
                );
                match determinant(q.clone()) {
                    d if d == Rational::one() => rotations += 1,
                    d if d == -Rational::one() => reflections += 1,
                    d => panic!("{name}: determinant {d}"),
                }
                // Signed permutations commute with what elementwise maps do: they test nothing.
                plain += usize::from(q.iter().all(|x| x.is_zero() || x.abs().is_one()));
            }
            // n reflections make a Householder product a rotation or not; Cayley draws both.
            let both = rotations > 0 && reflections > 0;
            assert!(
                n == 0 || name == "Householder" || both,
                "{name}: one determinant only, n = {n}"
            );
            assert!(
                n < 3 || plain < 10,
                "{name}: {plain} of 40 are signed permutations, n = {n}"
            );
        }
    }
    let mut spoilt = cayley(3, &mut rng(1));
    spoilt[(0, 0)] += Rational(Q::from((1, 1_000_000_007)));
    assert_ne!(product_tn(&spoilt, &spoilt), Matrix::identity(3, 3));
}
