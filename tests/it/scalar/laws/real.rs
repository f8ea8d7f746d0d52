//! What every scalar with roots must do besides.

use super::*;

/// Law 7, √: y = fl(√a) exactly when a lies between the squares of the midpoints around y. No
/// midpoint is a root of a float, so a tie cannot occur.
pub(super) fn law_sqrt<S: Case + Real>(sqrt: impl Fn(&S) -> S) -> Result<(), String> {
    let digits = S::format().map_or(0, |format| format.digits);
    for a in values::<S>().into_iter().filter(|a| *a >= S::zero()) {
        let root = exact(&sqrt(&a));
        let a = exact(&a);
        if a == 0 || root == 0 {
            if a != root {
                return Err(format!("√{a} gave {root}"));
            }
            continue;
        }
        let e = floor_log2(&root);
        let half = power(e - digits);
        // Below a power of two the neighbours are twice as dense.
        let below = if root == power(e) {
            half.clone() / 2u32
        } else {
            half.clone()
        };
        let (low, high) = (root.clone() - below, root.clone() + half);
        if Q::from(low.square_ref()) >= a || Q::from(high.square_ref()) <= a {
            return Err(format!(
                "{}: √{} gave {}",
                S::name(),
                a.to_f64(),
                root.to_f64()
            ));
        }
    }
    Ok(())
}

/// Law 7, scaling by powers of two: rounded once, whatever the exponents.
pub(super) fn law_power_of_two<S: Case + Real>(scale: impl Fn(&S, i64) -> S) -> Result<(), String> {
    let mut exponents = vec![
        0, 1, -1, 24, -24, 53, -53, 126, 127, 128, -125, -126, -127, -149, -150, -151, 276, 277,
    ];
    exponents.extend([
        1022, 1023, 1024, -1021, -1022, -1023, -1024, -1074, -1075, -1076, 2046, 2047, 2097, 2098,
    ]);
    exponents.extend([-2045, -2046, -2097, -2098, -2099, 3000, -3000]);
    // Random exponents that land among the subnormals, where a second rounding would show.
    let mut rng = ChaCha8Rng::seed_from_u64(6);
    let landing = S::format()
        .and_then(|format| format.range)
        .map_or(0, |(bottom, _)| bottom);
    for a in values::<S>() {
        let here = if a.is_zero() {
            0
        } else {
            floor_log2(&exact(&a).abs())
        };
        let aimed = (0..8)
            .map(|_| landing - here - rng.random_range(0..60))
            .collect::<Vec<_>>();
        for e in exponents.iter().copied().chain(aimed) {
            is_rounded(&scale(&a, e), &(exact(&a) * power(e)))
                .map_err(|text| format!("{a} · 2^{e}: {text}"))?;
        }
    }
    Ok(())
}

/// Law 7, exponents.
pub(super) fn law_exponent<S: Case + Real>(
    exponent: impl Fn(&S) -> Option<i64>,
) -> Result<(), String> {
    for a in values::<S>() {
        let expected = (!a.is_zero()).then(|| floor_log2(&exact(&a).abs()));
        if exponent(&a) != expected {
            return Err(format!(
                "{}: exponent of {a} is {expected:?}, not {:?}",
                S::name(),
                exponent(&a)
            ));
        }
    }
    Ok(())
}

/// The sum of squares: relative error ≤ 1.01 u up to 10⁴ terms, and deaf to appended zeros.
///
/// f64: compensated summation errs by u + (n u)²(1 + …) relative, all terms being positive (Ogita,
/// Rump, Oishi 2005, Prop. 5.5), and (10⁴ u)² < 0.01 u. f32: squares are exact in double precision,
/// whose n sums err by n 2⁻⁵³ < 0.01 · 2⁻²⁴. Mp: 2n roundings at 64 guard bits, 2·10⁴ 2⁻⁶⁴ < 0.01.
pub(super) fn law_sum_of_squares<S: Case + Real>(sum: impl Fn(&[S]) -> S) -> Result<(), String> {
    for n in (0..=17).chain([100, 1000, 10_000]) {
        // Entries between 1 and 2 after one large one: plain summation drifts.
        let mut x: Vec<S> = randoms::<S>(n as u64, n, 0)
            .iter()
            .map(|x| x.abs() + S::from_f64(0.5))
            .collect();
        x.iter_mut()
            .skip(1)
            .step_by(3)
            .for_each(|x| *x = x.scale_by_power_of_two(-20));
        let found = sum(&x);
        let truth = x.iter().fold(Q::new(), |sum, x| sum + exact(x).square());
        let error = (exact(&found) - &truth).abs();
        if error > u::<S>() * &truth * Q::from((101, 100)) {
            let ratio = if truth == 0 {
                f64::INFINITY
            } else {
                (error / (truth * u::<S>())).to_f64()
            };
            return Err(format!("{}: {n} squares are off by {ratio} u", S::name()));
        }
        for zeros in [1, 5, 8, 16] {
            let mut longer = x.clone();
            longer.extend(std::iter::repeat_n(S::zero(), zeros));
            if sum(&longer) != found {
                return Err(format!(
                    "{}: {zeros} zeros after {n} entries change the sum",
                    S::name()
                ));
            }
        }
    }
    Ok(())
}

/// The exact dot product: fl(2^e Σ a b), under total cancellation too.
pub(super) fn law_exact_dot<S: Case + Real>(
    dot: impl Fn(&[(S, S)], i64) -> S,
) -> Result<(), String> {
    for n in 0..=17 {
        let x = randoms::<S>(n, n as usize, 40);
        let y = randoms::<S>(n + 100, n as usize, 40);
        let terms: Vec<(S, S)> = x.into_iter().zip(y).collect();
        let negated = terms.iter().rev().map(|(a, b)| (-b.clone(), a.clone()));
        let mut cancelling = terms.clone();
        cancelling.extend(negated);
        let mut nearly = cancelling.clone();
        nearly.push((S::unit_roundoff(), S::unit_roundoff() / S::from_int(3)));
        for (pairs, e) in [
            (&terms, 0),
            (&terms, -30),
            (&cancelling, 3),
            (&nearly, 0),
            (&nearly, 40),
        ] {
            let truth = pairs
                .iter()
                .fold(Q::new(), |sum, (a, b)| sum + exact(a) * exact(b));
            is_rounded(&dot(pairs, e), &(truth * power(e)))
                .map_err(|text| format!("{n} terms: {text}"))?;
        }
    }
    Ok(())
}

/// exp, ln and tanh against MPFR with 64 spare bits, to `ulps` units in the last place of 2 u each.
/// MPFR is correctly rounded and f32 goes through f64; for f64 the manual of glibc ("Known Maximum
/// Errors in Math Functions") gives 1 for exp and ln and 2 for tanh, and other platforms no more.
pub(super) fn law_transcendental<S: Case + Real>(
    name: &str,
    function: impl Fn(&S) -> S,
    oracle: impl Fn(rug::Float) -> rug::Float,
    domain: impl Fn(&S) -> bool,
    ulps: u32,
) -> Result<(), String> {
    let precision = S::precision().unwrap_or(0) + 64;
    let mut cases = 0;
    for a in randoms::<S>(8, 300, 6).into_iter().filter(domain) {
        let truth = oracle(rug::Float::with_val(precision, exact(&a)));
        let truth = truth.to_rational().unwrap();
        let error = (exact(&function(&a)) - &truth).abs();
        if error > u::<S>() * truth.abs() * (2 * ulps) {
            return Err(format!("{}: {name} {a}", S::name()));
        }
        cases += 1;
    }
    if cases < 50 {
        Err(format!("{name}: {cases} cases only"))
    } else {
        Ok(())
    }
}
