//! The tests, seen to fail.

use super::*;

/// The verdict of [`measure`] on a decomposition made by somebody else.
fn judge(a: &Matrix<f64>, svd: &Svd<f64>) -> Verdict {
    let mut ratios = Ratios {
        cases: 1,
        ..Ratios::default()
    };
    measure(&mut ratios, a, svd, None, "a control");
    ratios.verdict()
}

fn refuted_by(name: &str, a: &Matrix<f64>, svd: &Svd<f64>) {
    match judge(a, svd) {
        Verdict::Refuted(why) if why.starts_with(name) => {}
        other => panic!("{name} should have caught it: {other:?}"),
    }
}

/// nalgebra's factors are wrong, silently, on the simplest rank-deficient matrices (its issue
/// #1172): the ratios see it, orthogonality alone would not.
#[test]
fn nalgebra_is_caught() {
    let ones = Matrix::from_element(3, 5, 1.0);
    let integers = Matrix::from_row_slice(3, 3, &[1.0, 2.0, 2.0, 2.0, -1.0, -1.0, 2.0, 1.0, -1.0]);
    for a in [ones, integers] {
        let theirs = a.clone().svd(true, true);
        let mut u = theirs.u.unwrap();
        let mut v = theirs.v_t.unwrap().transpose();
        // Our sign convention is none of its business.
        for j in 0..u.ncols() {
            if u.column(j).iter().fold(
                0.0_f64,
                |best: f64, x: &f64| if x.abs() > best.abs() { *x } else { best },
            ) < 0.0
            {
                u.column_mut(j).neg_mut();
                v.column_mut(j).neg_mut();
            }
        }
        let theirs = Svd {
            u,
            sigma: theirs.singular_values.as_slice().to_vec(),
            v,
        };
        refuted_by("A - UΣVᵀ", &a, &theirs);
        assert!(
            orthogonality(&theirs.u) < ratios::THRESHOLD
                && orthogonality(&theirs.v) < ratios::THRESHOLD
        );
        assert_eq!(judge(&a, &svd(&a).unwrap()), Verdict::Verified);
    }
    let sigma = singular_values(&Matrix::from_element(3, 5, 1.0)).unwrap();
    assert!(
        spectra::<f64>(
            &sigma,
            &[Mp::from_int(15).sqrt(), Mp::from_int(0), Mp::from_int(0)],
            5
        ) < ratios::THRESHOLD
    );
}

/// Each ratio refuses a decomposition spoilt in its own way.
#[test]
fn spoilt_decompositions_are_refuted() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let a = gaussian::<f64>(6, 4, &mut rng);
    let good = svd(&a).unwrap();
    assert_eq!(judge(&a, &good), Verdict::Verified);
    let spoilt = |spoil: &dyn Fn(&mut Svd<f64>)| {
        let mut svd = good.clone();
        spoil(&mut svd);
        svd
    };
    refuted_by("A - UΣVᵀ", &a, &spoilt(&|svd| svd.sigma[0] *= 1.0 + 1e-12));
    refuted_by(
        "UᵀU",
        &a,
        &spoilt(&|svd| svd.u.column_mut(3).scale_mut(1.0 + 1e-13)),
    );
    refuted_by(
        "VᵀV",
        &a,
        &spoilt(&|svd| svd.v.column_mut(3).scale_mut(1.0 + 1e-13)),
    );
    refuted_by("A - UΣVᵀ", &a, &spoilt(&|svd| svd.u[(2, 1)] = f64::NAN));
    refuted_by(
        "order",
        &a,
        &spoilt(&|svd| {
            svd.sigma.swap(1, 2);
            svd.u.swap_columns(1, 2);
            svd.v.swap_columns(1, 2);
        }),
    );
    refuted_by(
        "order",
        &a,
        &spoilt(&|svd| {
            svd.sigma[3] = -svd.sigma[3];
            svd.v.column_mut(3).neg_mut();
        }),
    );
    refuted_by(
        "signs",
        &a,
        &spoilt(&|svd| {
            svd.u.column_mut(0).neg_mut();
            svd.v.column_mut(0).neg_mut();
        }),
    );
    let mut ratios = Ratios {
        cases: 1,
        ..Ratios::default()
    };
    measure(
        &mut ratios,
        &a,
        &good,
        Some(&[9.0, 3.0, 2.0, 1.0]),
        "σ that are not those of A",
    );
    assert!(matches!(ratios.verdict(), Verdict::Refuted(why) if why.starts_with("σ known")));
}

/// No cases, or a ratio that is no number, is not a pass.
#[test]
fn verdicts_start_from_unknown() {
    let mut ratios = Ratios::default();
    assert_eq!(ratios.verdict(), Verdict::Unknown);
    ratios.cases = 1;
    assert_eq!(ratios.verdict(), Verdict::Unknown);
    ratios.record("a", f64::NAN, "first");
    ratios.record("a", 1.0, "second");
    assert!(matches!(ratios.verdict(), Verdict::Refuted(_)));
    let mut ratios = Ratios {
        cases: 1,
        ..Ratios::default()
    };
    ratios.record("a", 29.9, "below");
    assert_eq!(ratios.verdict(), Verdict::Verified);
    ratios.record("a", 30.0, "at the threshold");
    assert!(matches!(ratios.verdict(), Verdict::Refuted(_)));
}
