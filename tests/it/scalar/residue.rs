//! Integers modulo a prime: the image of ℚ under a homomorphism, and ranks.

use isotropic::{
    linalg::{Matrix, independent_columns},
    scalar::{Field, Rational, Residue},
};
use num_traits::{One, Signed, Zero};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// 2⁶¹ - 1.
const P: i64 = 2_305_843_009_213_693_951;

fn numbers() -> Vec<Rational> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let edges = [0, 1, -1, 2, P - 1, P - 2, P / 2, i64::MAX, i64::MIN + 1];
    let mut all: Vec<Rational> = edges.into_iter().map(Rational::from).collect();
    for _ in 0..30 {
        let (n, d) = (
            rng.random_range(-1_000_000..=1_000_000),
            rng.random_range(1..=999),
        );
        all.push(Rational::ratio(n, d).expect("not over 0"));
    }
    all
}

#[test]
fn every_operation_is_the_image_of_the_one_over_the_rationals() {
    let image = Residue::from_rational;
    let all = numbers();
    for a in &all {
        assert_eq!(image(&-a.clone()), -image(a));
        assert_eq!(
            Residue::from_rational(&image(a).to_rational().unwrap()),
            image(a)
        );
        for b in &all {
            assert_eq!(image(&(a.clone() + b)), image(a) + image(b), "{a} + {b}");
            assert_eq!(image(&(a.clone() - b)), image(a) - image(b), "{a} - {b}");
            assert_eq!(image(&(a.clone() * b)), image(a) * image(b), "{a} · {b}");
            if !image(b).is_zero() {
                assert_eq!(image(&(a.clone() / b)), image(a) / image(b), "{a} / {b}");
                assert!((image(a) % image(b)).is_zero());
            }
            let mut assigned = image(a);
            assigned += image(b);
            assigned -= &image(a);
            assert_eq!(assigned, image(b));
        }
    }
    let images: Vec<Residue> = all.iter().map(image).collect();
    assert_eq!(
        image(&Rational::dot(&all, &all)),
        Residue::dot(&images, &images)
    );
    let (mut y, mut y_image) = (all.clone(), images.clone());
    Rational::axpy(&mut y, &all[12], &all);
    Residue::axpy(&mut y_image, &images[12], &images);
    let (mut x, mut x_image) = (all.clone(), images.clone());
    Rational::rotate(&mut x, &mut y, &all[10], &all[11]);
    Residue::rotate(&mut x_image, &mut y_image, &images[10], &images[11]);
    assert_eq!(x.iter().map(image).collect::<Vec<_>>(), x_image);
    assert_eq!(y.iter().map(image).collect::<Vec<_>>(), y_image);
}

#[test]
fn a_division_by_zero_is_not_finite_and_stays_so() {
    let undefined = Residue::one() / Residue::zero();
    assert!(!undefined.is_finite() && undefined.to_rational().is_none());
    for result in [
        undefined + Residue::one(),
        Residue::one() - undefined,
        undefined * Residue::zero(),
        -undefined,
        Residue::one() / undefined,
    ] {
        assert!(!result.is_finite() && result != result);
    }
    assert!(undefined.partial_cmp(&undefined).is_none());
    assert_eq!(undefined.to_string(), "NaN");
    // P itself is 0.
    assert!(Residue::new(P).is_zero() && !(Residue::one() / Residue::new(P)).is_finite());
    assert_eq!(Residue::new(-1), -Residue::one());
    assert_eq!(Residue::new(7).abs(), Residue::new(7));
}

#[test]
fn the_rank_is_the_rank() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    for _ in 0..20 {
        let (m, n) = (rng.random_range(1..=7), rng.random_range(1..=7));
        let rank = rng.random_range(0..=m.min(n));
        let mut draw = |m, n| Matrix::from_fn(m, n, |_, _| Residue::new(rng.random_range(-9..=9)));
        // Unit lower and upper triangles around an identity of that rank.
        let (mut left, mut right) = (draw(m, m), draw(n, n));
        let unit = |a: &mut Matrix<Residue>, below: bool| {
            for i in 0..a.nrows() {
                for j in 0..a.ncols() {
                    if i == j {
                        a[(i, j)] = Residue::one();
                    } else if (i < j) == below {
                        a[(i, j)] = Residue::zero();
                    }
                }
            }
        };
        unit(&mut left, true);
        unit(&mut right, false);
        let middle = Matrix::from_fn(m, n, |i, j| {
            if i == j && i < rank {
                Residue::new(5)
            } else {
                Residue::zero()
            }
        });
        let product = left * middle * right;
        assert_eq!(independent_columns(&product).len(), rank);
    }
    // The leftmost independent columns are the ones named.
    let int = |rows: [[i64; 4]; 2]| Matrix::from_fn(2, 4, |i, j| Rational::from(rows[i][j]));
    assert_eq!(
        independent_columns(&int([[0, 2, 4, 1], [0, 1, 2, 1]])),
        [1, 3]
    );
}
