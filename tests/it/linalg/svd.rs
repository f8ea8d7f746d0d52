//! The singular value decomposition against LAPACK-style test ratios, on the families that break
//! SVDs: all below 30, in f32, f64 and Mp<256>.
//!
//! By default each family has 300 cases of sizes 0×0 to 20×20 in f32 and f64, and 300 of sizes 0×0 to
//! 8×8 in Mp<256> with 12 of up to 20×20 (MPFR is a hundred times slower). `ISOTROPIC_CAMPAIGN=1`
//! makes it 3000, up to 20×20 in every arithmetic.

mod controls;
mod graded;

use crate::support::ratios;
use isotropic::{
    Error,
    linalg::{Matrix, Svd, haar, norm2, operator_norm, product, singular_values, svd},
    scalar::{Field, Mp, Rational, Real},
};
use num_traits::Signed;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use ratios::{
    Measured, Ratios, Verdict, holds, lift, lift_one, orthogonality, reconstruction, spectra,
};

/// How far a scalar's exponents let the families go.
trait Range: Measured {
    /// Gradings and spectra span this many decades.
    const DECADES: i64;
    /// Whole matrices are scaled by 10^±this.
    const SCALE: i64;
}

impl Range for f32 {
    const DECADES: i64 = 20;
    const SCALE: i64 = 30;
}

impl Range for f64 {
    const DECADES: i64 = 60;
    const SCALE: i64 = 300;
}

impl Range for Mp<256> {
    const DECADES: i64 = 60;
    const SCALE: i64 = 300;
}

fn ten_to<S: Field>(decades: i64) -> S {
    let ten = rug::Rational::from(10);
    let power = rug::ops::Pow::pow(ten, i32::try_from(decades).unwrap());
    S::from_rational(&Rational(power))
}

fn gaussian<S: Field>(m: usize, n: usize, rng: &mut impl Rng) -> Matrix<S> {
    Matrix::from_fn(m, n, |_, _| S::from_f64(rng.sample(StandardNormal)))
}

/// `decades` spread at random over 0 … -DECADES, both ends included where there is room.
fn gradation<S: Range>(n: usize, rng: &mut impl Rng) -> Vec<S> {
    let mut decades: Vec<i64> = (0..n).map(|_| -rng.random_range(0..=S::DECADES)).collect();
    if n >= 2 {
        let first = rng.random_range(0..n);
        decades[first] = 0;
        decades[(first + rng.random_range(1..n)) % n] = -S::DECADES;
    }
    decades
        .into_iter()
        .map(|d| ten_to::<S>(d) * S::from_f64(1.0 + rng.random::<f64>()))
        .collect()
}

fn descending<S: Field>(mut sigma: Vec<S>) -> Vec<S> {
    sigma.sort_by(|a, b| b.partial_cmp(a).unwrap());
    sigma
}

/// Q₁ diag(σ) Q₂ᵀ with Haar-random Q.
fn with_spectrum<S: Real>(m: usize, n: usize, sigma: &[S], rng: &mut impl Rng) -> Matrix<S> {
    let mut left = haar::<S>(m, rng).columns(0, sigma.len()).into_owned();
    for (mut column, sigma) in left.column_iter_mut().zip(sigma) {
        column.iter_mut().for_each(|x| *x *= sigma);
    }
    product(
        &left,
        &haar::<S>(n, rng).columns(0, sigma.len()).transpose(),
    )
}

/// A matrix, and its singular values where they are known to rounding.
type Drawn<S> = (Matrix<S>, Option<Vec<S>>);

type Family<S, R> = fn(usize, usize, &mut R) -> Drawn<S>;

fn families<S: Range>() -> Vec<(&'static str, Family<S, ChaCha8Rng>)> {
    vec![
        ("random", |m, n, rng| (gaussian(m, n, rng), None)),
        ("rank one", |m, n, rng| {
            let (x, y) = (gaussian::<S>(m, 1, rng), gaussian::<S>(1, n, rng));
            (product(&x, &y), None)
        }),
        ("all ones", |m, n, _| {
            let mut sigma = vec![S::zero(); m.min(n)];
            sigma
                .iter_mut()
                .take(1)
                .for_each(|s| *s = S::from_int((m * n) as i64).sqrt());
            (Matrix::from_element(m, n, S::one()), Some(sigma))
        }),
        ("integer", |m, n, rng| {
            (
                Matrix::from_fn(m, n, |_, _| S::from_int(rng.random_range(-2..=2))),
                None,
            )
        }),
        ("graded rows", |m, n, rng| {
            let scale = gradation::<S>(m, rng);
            let a = gaussian::<S>(m, n, rng);
            (
                Matrix::from_fn(m, n, |i, j| a[(i, j)].clone() * &scale[i]),
                None,
            )
        }),
        ("graded columns", |m, n, rng| {
            let scale = gradation::<S>(n, rng);
            let a = gaussian::<S>(m, n, rng);
            (
                Matrix::from_fn(m, n, |i, j| a[(i, j)].clone() * &scale[j]),
                None,
            )
        }),
        ("known spectrum", |m, n, rng| {
            let sigma = descending(gradation::<S>(m.min(n), rng));
            (with_spectrum(m, n, &sigma, rng), Some(sigma))
        }),
        ("repeated σ", |m, n, rng| {
            let steps = [
                S::from_int(3),
                S::from_int(3),
                S::one(),
                S::unit_roundoff(),
                S::zero(),
            ];
            let sigma = (0..m.min(n))
                .map(|_| steps[rng.random_range(0..steps.len())].clone())
                .collect();
            let sigma = descending(sigma);
            (with_spectrum(m, n, &sigma, rng), Some(sigma))
        }),
        ("zero rows and columns", |m, n, rng| {
            let rows: Vec<bool> = (0..m).map(|_| rng.random_bool(0.4)).collect();
            let columns: Vec<bool> = (0..n).map(|_| rng.random_bool(0.4)).collect();
            let a = gaussian::<S>(m, n, rng);
            let keep = |i: usize, j: usize| {
                if rows[i] || columns[j] {
                    S::zero()
                } else {
                    a[(i, j)].clone()
                }
            };
            (Matrix::from_fn(m, n, keep), None)
        }),
        ("large and small scale", |m, n, rng| {
            let scale: S = ten_to(if rng.random() { S::SCALE } else { -S::SCALE });
            (gaussian::<S>(m, n, rng).map(|x| x * &scale), None)
        }),
        ("mixed magnitudes", |m, n, rng| {
            let a = gaussian::<S>(m, n, rng);
            (
                a.map(|x| x * ten_to::<S>(rng.random_range(-S::SCALE..=S::SCALE))),
                None,
            )
        }),
        // Columns whose squares have lost bits to underflow, in the formats where they do.
        ("on the brink of underflow", |m, n, rng| {
            let a = gaussian::<S>(m, n, rng);
            let column: Vec<i64> = (0..n).map(|_| -rng.random_range(0..=S::SCALE)).collect();
            (
                Matrix::from_fn(m, n, |i, j| a[(i, j)].clone() * ten_to::<S>(column[j])),
                None,
            )
        }),
    ]
}

/// Every ratio of one decomposition of `a`.
fn measure<S: Measured>(
    ratios: &mut Ratios,
    a: &Matrix<S>,
    svd: &Svd<S>,
    known: Option<&[S]>,
    case: &str,
) {
    let (m, n) = a.shape();
    let (k, large) = (m.min(n), m.max(n));
    let shapes = svd.u.shape() == (m, k) && svd.sigma.len() == k && svd.v.shape() == (n, k);
    ratios.record("shape", holds(shapes), case);
    ratios.record(
        "A - UΣVᵀ",
        reconstruction(a, &svd.u, &svd.sigma, &svd.v),
        case,
    );
    ratios.record("UᵀU", orthogonality(&svd.u), case);
    ratios.record("VᵀV", orthogonality(&svd.v), case);

    let falling = svd.sigma.windows(2).all(|pair| pair[0] >= pair[1]);
    let none_negative = svd.sigma.iter().all(|s| *s >= S::zero());
    ratios.record("order", holds(falling && none_negative), case);
    // The first of the entries of largest magnitude in each u_j is positive.
    let signs = svd.u.column_iter().all(|u| {
        let largest = u
            .iter()
            .fold(S::zero(), |largest, x| S::larger(x.abs(), largest));
        u.iter()
            .find(|x| x.abs() == largest)
            .is_some_and(|x| *x > S::zero())
    });
    ratios.record("signs", holds(signs), case);

    // Complete: the thin factors as they are, and orthonormal columns after them.
    for (name, thin, complete, size) in [
        ("complete U", &svd.u, svd.u_complete(), m),
        ("complete V", &svd.v, svd.v_complete(), n),
    ] {
        let square = complete.shape() == (size, size);
        let kept = square && complete.columns(0, k) == thin.columns(0, k);
        ratios.record(
            name,
            if kept {
                orthogonality(&complete)
            } else {
                f64::INFINITY
            },
            case,
        );
    }

    let full: Vec<S::Ruler> = svd.sigma.iter().map(lift_one).collect();
    let alone = singular_values(a).map_or(f64::NAN, |sigma| spectra::<S>(&sigma, &full, large));
    ratios.record("σ alone", alone, case);
    if let Some(known) = known {
        let known: Vec<S::Ruler> = known.iter().map(lift_one).collect();
        ratios.record("σ known", spectra::<S>(&svd.sigma, &known, large), case);
    }
}

fn campaign() -> bool {
    std::env::var_os("ISOTROPIC_CAMPAIGN").is_some_and(|value| value == "1")
}

/// `count` cases of every family with sides of 0 to `side`, each from its own seed.
fn run<S: Range>(count: usize, side: usize) {
    for (f, (name, draw)) in (0..).zip(families::<S>()) {
        let mut ratios = Ratios::default();
        for i in 0..count {
            let seed = 1_000_000 * f + i as u64;
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            // The first cases are the sizes at the edges.
            let (m, n) = match i {
                0 => (0, 0),
                1 => (0, side),
                2 => (side, 0),
                3 => (1, 1),
                4 => (1, side),
                5 => (side, 1),
                6 => (side, side),
                _ => (rng.random_range(0..=side), rng.random_range(0..=side)),
            };
            let (a, known) = draw(m, n, &mut rng);
            assert_eq!(a.shape(), (m, n));
            let case = format!("{} {name} {m}×{n}, seed {seed}", S::name());
            match svd(&a) {
                Ok(svd) => measure(&mut ratios, &a, &svd, known.as_deref(), &case),
                Err(error) => ratios.record("error", f64::INFINITY, &format!("{case}: {error}")),
            }
            ratios.cases += 1;
        }
        println!("{} {name}: {ratios}", S::name());
        ratios.verified(count);
    }
}

#[test]
fn f32_ratios() {
    run::<f32>(if campaign() { 3000 } else { 300 }, 20);
}

#[test]
fn f64_ratios() {
    run::<f64>(if campaign() { 3000 } else { 300 }, 20);
}

#[test]
fn mp256_ratios() {
    if campaign() {
        run::<Mp<256>>(3000, 20);
    } else {
        run::<Mp<256>>(300, 8);
        run::<Mp<256>>(12, 20);
    }
}

/// Large enough for eigenvectors of AᵀA, blocks of reflectors and halves of a tridiagonal matrix: every family, where most are
/// left to rotations, and evenly sized matrices with clusters, multiple σ and deficient rank, which are not.
#[test]
fn large_matrices_hold_their_ratios() {
    let count = if campaign() { 20 } else { 1 };
    for (f, (name, draw)) in (0..).zip(families::<f64>()) {
        large::<f64>(count, name, 20_000 + 100 * f, draw);
    }
    type Spectrum = fn(usize) -> f64;
    let spectra: [(&str, Spectrum); 6] = [
        ("gaps", |k| 1.0 / (1.0 + k as f64)),
        ("two clusters", |k| {
            if k % 2 == 0 {
                1.0
            } else {
                1.0 + 1e-13 * k as f64
            }
        }),
        ("threefold σ", |k| 1.0 + (k / 3) as f64),
        ("orthogonal", |_| 1.0),
        ("down to 1e-12", |k| {
            10f64.powf(-(k as f64) / 4.0).max(1e-12)
        }),
        ("half the rank", |k| {
            if k % 2 == 0 { 1.0 + k as f64 } else { 0.0 }
        }),
    ];
    for (f, (name, spectrum)) in (0..).zip(spectra) {
        let drawn = |m: usize, n: usize, rng: &mut ChaCha8Rng| {
            let sigma = descending((0..m.min(n)).map(spectrum).collect());
            (with_spectrum(m, n, &sigma, rng), Some(sigma))
        };
        large::<f64>(count, name, 30_000 + 100 * f, drawn);
    }
    large::<f32>(count, "random", 40_000, |m, n, rng| {
        (gaussian(m, n, rng), None)
    });
}

/// `count` cases of sides from 33 to 80, and a square one.
fn large<S: Range>(
    count: u64,
    name: &str,
    first: u64,
    draw: impl Fn(usize, usize, &mut ChaCha8Rng) -> Drawn<S>,
) {
    let mut ratios = Ratios::default();
    for seed in first..=first + count {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let (m, n) = match seed - first {
            0 => (70, 70),
            _ => (rng.random_range(33..=80), rng.random_range(33..=80)),
        };
        let (a, known) = draw(m, n, &mut rng);
        let case = format!("{} {name} {m}×{n}, seed {seed}", S::name());
        match svd(&a) {
            Ok(svd) => measure(&mut ratios, &a, &svd, known.as_deref(), &case),
            Err(error) => ratios.record("error", f64::INFINITY, &format!("{case}: {error}")),
        }
        ratios.cases += 1;
    }
    println!("{} {name}: {ratios}", S::name());
    ratios.verified(count as usize + 1);
}

#[test]
fn what_is_not_finite_is_named() {
    for (value, shown) in [
        (f64::NAN, "NaN"),
        (f64::INFINITY, "inf"),
        (f64::NEG_INFINITY, "-inf"),
    ] {
        let mut a = Matrix::from_element(3, 4, 1.0);
        a[(1, 2)] = value;
        let expected = Error::NotFinite {
            what: "matrix entry".into(),
            row: 2,
            column: 3,
            value: shown.into(),
        };
        assert_eq!(svd(&a).unwrap_err(), expected);
        assert_eq!(singular_values(&a).unwrap_err(), expected);
        assert_eq!(operator_norm(&a).unwrap_err(), expected);
        let wide: Matrix<Mp<256>> = a.map(Field::from_f64);
        assert_eq!(svd(&wide).unwrap_err(), expected);
    }
}

#[test]
fn small_exact_cases() {
    let zero = svd(&Matrix::from_element(3, 2, 0.0)).unwrap();
    assert_eq!(zero.sigma, [0.0, 0.0]);
    let diagonal = svd(&Matrix::from_row_slice(
        2,
        3,
        &[0.0, -2.0, 0.0, 0.5, 0.0, 0.0],
    ))
    .unwrap();
    assert_eq!(diagonal.sigma, [2.0, 0.5]);
    assert_eq!(diagonal.u, Matrix::identity(2, 2), "the sign goes to V");
    assert_eq!(
        diagonal.v,
        Matrix::from_row_slice(3, 2, &[0.0, 1.0, -1.0, 0.0, 0.0, 0.0])
    );
    assert_eq!(operator_norm(&Matrix::<f64>::zeros(0, 5)), Ok(0.0));
}
