//! Matrices whose rows or columns are graded, and squares that underflow.

use super::*;

/// σ of a column-graded matrix B D to high relative accuracy: D spans 60 decades and spoils nothing,
/// only the condition of B counts (Demmel and Veselić 1992). For B of order 20 with κ(B) ≤ 50 their
/// bound, n κ u with a constant near 1, is about 1e-13.
#[test]
fn graded_columns_have_accurate_small_singular_values() {
    let mut worst: Option<f64> = None;
    let mut tried = 0;
    while tried < 40 {
        let mut rng = ChaCha8Rng::seed_from_u64(7_000 + tried);
        tried += 1;
        let m = 20 + 10 * (tried as usize % 2);
        let b = with_spectrum::<f64>(
            m,
            20,
            &(0..20)
                .map(|k| 1.0 + 2.0 * f64::from(k))
                .collect::<Vec<_>>(),
            &mut rng,
        );
        let scale = gradation::<f64>(20, &mut rng);
        let a = Matrix::from_fn(m, 20, |i, j| b[(i, j)] * scale[j]);
        let found = svd(&a).unwrap().sigma;
        let truth = singular_values::<Mp<512>>(&lift(&a)).unwrap();
        assert!(
            truth[0].to_f64() / truth[19].to_f64() > 1e55,
            "the grading is there"
        );
        for (found, truth) in found.iter().zip(&truth) {
            let error = ((lift_one::<f64, Mp<512>>(found) - truth) / truth)
                .abs()
                .to_f64();
            assert!(
                error < 1e-13,
                "relative error {error} at σ = {found}, seed {}",
                7_000 + tried - 1
            );
            worst = Some(worst.map_or(error, |worst| worst.max(error)));
        }
    }
    println!(
        "largest relative error of σ: {:.2e}",
        worst.expect("σ were compared")
    );
}

/// The same for rows in any order: rows of A are put in order of size before the pivoted QR (thin neurons are
/// rows of a weight). D B and D B D' with gradings of 60 decades over rows and columns.
#[test]
fn graded_rows_in_any_order_have_accurate_small_singular_values() {
    let spectrum: Vec<f64> = (0..12).map(|k| 1.0 + 2.0 * f64::from(k)).collect();
    for seed in 0..30 {
        let mut rng = ChaCha8Rng::seed_from_u64(8_000 + seed);
        let b = with_spectrum::<f64>(12, 12, &spectrum, &mut rng);
        let rows = gradation::<f64>(12, &mut rng);
        let a = Matrix::from_fn(12, 12, |i, j| b[(i, j)] * rows[i]);
        let truth = singular_values::<Mp<512>>(&lift(&a)).unwrap();
        assert!(truth[0].to_f64() / truth[11].to_f64() > 1e50);
        for (what, found) in [
            ("whole", svd(&a).unwrap().sigma),
            ("alone", singular_values(&a).unwrap()),
            ("turned", svd(&a.transpose()).unwrap().sigma),
        ] {
            for (found, truth) in found.iter().zip(&truth) {
                let error = ((lift_one::<f64, Mp<512>>(found) - truth) / truth)
                    .abs()
                    .to_f64();
                assert!(error < 1e-13, "{what}, seed {seed}: {error} at {found}");
            }
        }
    }
}

/// Läuchli's matrix has σ = √(n + ε²) and ε, n - 1 times, for ε whose square is no float.
#[test]
fn singular_values_whose_squares_underflow() {
    for epsilon in [1e-150, 1e-170, 1e-290, 5e-324] {
        let a = Matrix::from_fn(4, 3, |i, j| match i {
            0 => 1.0,
            _ if i == j + 1 => epsilon,
            _ => 0.0,
        });
        for a in [a.clone(), a.transpose()] {
            let whole = svd(&a).unwrap();
            let mut ratios = Ratios::default();
            let known = [3f64.sqrt(), epsilon, epsilon];
            measure(&mut ratios, &a, &whole, Some(&known), "Läuchli");
            ratios.cases = 1;
            ratios.verified(1);
            for sigma in [&whole.sigma, &singular_values(&a).unwrap()] {
                assert_eq!(sigma.len(), 3);
                for (found, known) in sigma.iter().zip(known) {
                    assert!(
                        (found - known).abs() <= 8.0 * f64::EPSILON * known,
                        "{sigma:?}"
                    );
                }
            }
        }
    }
    let a = Matrix::from_fn(2, 2, |i, j| if i == j { [1f32, 1e-30][i] } else { 0.0 });
    assert_eq!(svd(&a).unwrap().sigma, [1.0, 1e-30]);
}

/// Large enough to be refined from f64: spectra with gaps, with clusters, with multiple σ, of deficient rank.
#[test]
fn refined_decompositions_hold_their_ratios() {
    let mut ratios = Ratios::default();
    let count = if campaign() { 40 } else { 2 };
    for seed in 0..count {
        let mut rng = ChaCha8Rng::seed_from_u64(12_000 + seed);
        for (m, n) in [(9, 8), (24, 24), (13, 30)] {
            let k = m.min(n);
            let spectrum = |f: &dyn Fn(usize) -> f64| -> Vec<Mp<256>> {
                descending((0..k).map(|j| Mp::from_f64(f(j))).collect())
            };
            let spectra = [
                spectrum(&|j| 1.0 + j as f64),
                spectrum(&|j| 1.0 + 1e-13 * j as f64),
                spectrum(&|j| 1.0 + (j / 3) as f64),
                spectrum(&|_| 1.0),
                spectrum(&|j| if j < k / 2 { 1.0 + j as f64 } else { 0.0 }),
                spectrum(&|j| f64::powi(0.5, 4 * j as i32)),
            ];
            for (which, sigma) in spectra.iter().enumerate() {
                let a = with_spectrum::<Mp<256>>(m, n, sigma, &mut rng);
                let case = format!("{m}×{n}, spectrum {which}, seed {seed}");
                measure(&mut ratios, &a, &svd(&a).unwrap(), Some(sigma), &case);
                ratios.cases += 1;
            }
        }
    }
    ratios.verified(18 * count as usize);
}

/// The singular values alone are as accurate as the decomposition's: columns of a tall or square matrix, rows
/// of a wide one may be graded. Both err by 1e-13 at most, as above.
#[test]
fn graded_singular_values_alone_are_as_accurate() {
    let spectrum: Vec<f64> = (0..20).map(|k| 1.0 + 2.0 * f64::from(k)).collect();
    for seed in 0..10 {
        for (m, wide) in [(20, false), (30, false), (30, true)] {
            let mut rng = ChaCha8Rng::seed_from_u64(9_000 + seed);
            let b = with_spectrum::<f64>(m, 20, &spectrum, &mut rng);
            let scale = gradation::<f64>(20, &mut rng);
            let graded = Matrix::from_fn(m, 20, |i, j| b[(i, j)] * scale[j]);
            let a = if wide { graded.transpose() } else { graded };
            let (whole, alone) = (svd(&a).unwrap().sigma, singular_values(&a).unwrap());
            assert_eq!(whole.len(), alone.len());
            for (whole, alone) in whole.iter().zip(&alone) {
                let error = ((alone - whole) / whole).abs();
                assert!(
                    error < 2e-13,
                    "{:?}, seed {seed}: {alone} is not {whole}",
                    a.shape()
                );
            }
        }
    }
}

/// Rotations must not stretch: each column goes through about 10 n of them, and a rotation whose c² + s²
/// is rounded up more often than down lengthens all columns by u each time (n u at n = 128, before the
/// cosine was computed as 1 - …). Without a bias the lengths walk at random, √(10 n) steps of 1.5 u,
/// and their mean over the n columns errs by √(10 n) 1.5 u/√n = 4.8 u: five times that is refused.
#[test]
fn rotations_do_not_stretch() {
    let n = 128;
    let a = gaussian::<f64>(n, n, &mut ChaCha8Rng::seed_from_u64(1));
    let svd = svd(&a).unwrap();
    let drift = |q: &Matrix<f64>| {
        let excess = |x: &[f64]| {
            let wide: Vec<Mp<128>> = x.iter().map(lift_one).collect();
            (norm2(&wide) - Mp::from_int(1)).to_f64() / f64::unit_roundoff()
        };
        q.as_slice().chunks(n).map(excess).sum::<f64>() / n as f64
    };
    let allowed = 5.0 * 1.5 * 10f64.sqrt();
    assert!(
        drift(&svd.u).abs() < allowed,
        "U is stretched by {} u",
        drift(&svd.u)
    );
    assert!(
        drift(&svd.v).abs() < allowed,
        "V is stretched by {} u",
        drift(&svd.v)
    );
    assert!(
        drift(&(svd.u * (1.0 + 128.0 * f64::unit_roundoff()))).abs() > allowed,
        "seen to fail"
    );
}
