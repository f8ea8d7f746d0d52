//! Products: their order, and their rounding.

use super::*;

/// The order the documentation promises, written out: entry by entry, terms in the order of k.
fn in_order<S: Field>(a: &Matrix<S>, b: &Matrix<S>) -> Matrix<S> {
    Matrix::from_fn(a.nrows(), b.ncols(), |i, j| {
        (0..a.ncols()).fold(S::zero(), |sum, k| sum + a[(i, k)].clone() * &b[(k, j)])
    })
}

/// The exact sum of every entry, rounded once: what MPFR floats promise.
fn rounded_once<S: Field>(a: &Matrix<S>, b: &Matrix<S>) -> Matrix<S> {
    Matrix::from_fn(a.nrows(), b.ncols(), |i, j| {
        let terms = (0..a.ncols())
            .map(|k| lift_one::<S, Rational>(&a[(i, k)]) * lift_one::<S, Rational>(&b[(k, j)]));
        S::from_rational(&terms.fold(Rational::from(0), |sum, x| sum + x))
    })
}

fn products<S: Field>(of: impl Fn(&Matrix<S>, &Matrix<S>) -> Matrix<S>) {
    for seed in 0..60 {
        let mut rng = rng(seed);
        let (m, k, n) = (
            rng.random_range(0..=9),
            rng.random_range(0..=9),
            rng.random_range(0..=9),
        );
        let (a, b) = (gaussian::<S>(m, k, &mut rng), gaussian::<S>(k, n, &mut rng));
        let expected = of(&a, &b);
        assert_eq!(product(&a, &b), expected, "bit for bit");
        assert_eq!(product_nt(&a, &b.transpose()), expected, "bit for bit");
        assert_eq!(product_tn(&a.transpose(), &b), expected, "bit for bit");
    }
}

#[test]
fn products_accumulate_in_order() {
    products::<f32>(in_order);
    products::<f64>(in_order);
    products::<Mp<64>>(rounded_once);
    products::<Mp<256>>(rounded_once);
    products::<Rational>(in_order);
    // Seen to fail: another order gives other bits.
    let mut rng = rng(2);
    let (a, b) = (
        gaussian::<f64>(8, 20, &mut rng),
        gaussian::<f64>(20, 8, &mut rng),
    );
    let backwards = Matrix::from_fn(8, 8, |i, j| {
        (0..20)
            .rev()
            .fold(0.0, |sum, k| sum + a[(i, k)] * b[(k, j)])
    });
    assert_ne!(backwards, in_order(&a, &b));
    let dots = Matrix::from_fn(8, 8, |i, j| {
        f64::dot(a.transpose().column(i).as_slice(), b.column(j).as_slice())
    });
    assert_ne!(dots, in_order(&a, &b));
    // Larger than the blocks that the product works in, and no multiple of them.
    for (m, k, n) in [(33, 300, 5), (70, 600, 13), (129, 257, 250)] {
        let (a, b) = (gaussian::<f64>(m, k, &mut rng), gaussian(k, n, &mut rng));
        let expected = in_order(&a, &b);
        assert_eq!(product(&a, &b), expected);
        assert_eq!(product_nt(&a, &b.transpose()), expected);
        assert_eq!(product_tn(&a.transpose(), &b), expected);
    }
}

/// Entries of full mantissas, zeros among them, whose rows and columns are graded by up to 2^±`spread`.
fn graded<const B: u32>(m: usize, n: usize, spread: i64, rng: &mut impl Rng) -> Matrix<Mp<B>> {
    let mut exponents = |count: usize| -> Vec<i64> {
        (0..count)
            .map(|_| rng.random_range(-spread..=spread))
            .collect()
    };
    let (rows, columns) = (exponents(m), exponents(n));
    Matrix::from_fn(m, n, |i, j| {
        let mut x = Mp::<B>::zero();
        for word in 0..B.div_ceil(32) {
            let digit = Mp::from_f64(f64::from(rng.random::<u32>()));
            x += digit.scale_by_power_of_two(-32 * i64::from(word + 1));
        }
        match rng.random_range(0..8) {
            0 => Mp::zero(),
            1 => -x.scale_by_power_of_two(rows[i]),
            2 => x.scale_by_power_of_two(rows[i] + columns[j] + 40),
            _ => (x - Mp::from_f64(0.5)).scale_by_power_of_two(rows[i] + columns[j]),
        }
    })
}

fn slices<const B: u32>(spreads: &[i64]) {
    let mut rng = rng(u64::from(B));
    for &spread in spreads {
        for (m, k, n) in [(6, 8, 90), (17, 33, 16), (40, 129, 12)] {
            let a = graded::<B>(m, k, spread, &mut rng);
            let mut b = graded::<B>(k, n, spread, &mut rng);
            // One column that cancels to the last bits, and one that cancels altogether in the first row.
            for q in 0..k / 2 {
                b[(2 * q, 0)] = a[(0, 2 * q + 1)].clone();
                b[(2 * q + 1, 0)] = -a[(0, 2 * q)].clone();
            }
            if k % 2 == 1 {
                b[(k - 1, 0)] = Mp::zero();
            }
            let expected = rounded_once(&a, &b);
            assert!(expected[(0, 0)].is_zero());
            assert_eq!(product(&a, &b), expected, "{B} bits, 2^{spread}");
            assert_eq!(product_tn(&a.transpose(), &b), expected);
            assert_eq!(product_nt(&a, &b.transpose()), expected);
        }
    }
}

/// Large enough for the way through f64, graded up to where the exponents of f64 would end and the slices
/// hold nothing of small entries.
#[test]
fn mpfr_products_are_rounded_once() {
    slices::<64>(&[0, 30, 2000]);
    slices::<128>(&[0, 60]);
    slices::<512>(&[0, 300]);
    // Seen to fail: sums in order are rounded at every step.
    let mut rng = rng(3);
    let a = graded::<128>(9, 40, 5, &mut rng);
    let b = graded::<128>(40, 9, 5, &mut rng);
    assert_ne!(in_order(&a, &b), rounded_once(&a, &b));
}

/// What growth rests on (C1): a column met by ±0 changes no bit, not even the sign of a zero that
/// started as +0.
#[test]
fn a_zero_entry_leaves_no_trace() {
    let mut rng = rng(4);
    for zero in [0.0, -0.0] {
        let a = gaussian::<f64>(5, 4, &mut rng);
        let x = [0.3, zero, -1.7, zero];
        let (mut y, mut without) = (vec![0.0; 5], vec![0.0; 5]);
        accumulate(&mut y, &a, &x);
        accumulate(
            &mut without,
            &a.clone().remove_column(3).remove_column(1),
            &[0.3, -1.7],
        );
        assert!(
            y.iter()
                .zip(&without)
                .all(|(a, b)| a.to_bits() == b.to_bits())
        );
        let mut nothing = vec![0.0_f64; 5];
        accumulate(&mut nothing, &a, &[zero; 4]);
        assert!(nothing.iter().all(|y| y.to_bits() == 0));
    }
}
