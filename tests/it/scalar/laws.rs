//! The laws of `src/scalar/mod.rs`, one suite over every scalar, judged by exact rationals.
//!
//! Each law is a function that takes the operation as a closure and returns the first case it fails
//! on. The real operation must pass; at the end of the file plausible wrong ones must be refused by
//! the same function, so every law has been seen to fail.

use crate::support::scalars;

use approx::{AbsDiffEq, RelativeEq};
use isotropic::scalar::{Field, Mp, Rational, Real};
use num_traits::{FromPrimitive, Signed, ToPrimitive};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rug::Rational as Q;
use scalars::{
    Case, Value, exact, floor_log2, is_rounded, pairs, power, random, randoms, scalar, u, values,
};

// ---------------------------------------------------------------- the laws

/// Law 1.
fn law_binary<S: Case>(
    name: &str,
    op: impl Fn(&S, &S) -> S,
    oracle: impl Fn(&Q, &Q) -> Q,
) -> Result<(), String> {
    for (a, b) in pairs::<S>() {
        if name == "/" && b.is_zero() {
            continue;
        }
        is_rounded(&op(&a, &b), &oracle(&exact(&a), &exact(&b)))
            .map_err(|e| format!("{a} {name} {b}: {e}"))?;
    }
    Ok(())
}

/// The remainder has the sign of the dividend and is exact in every arithmetic.
fn law_remainder<S: Case>(op: impl Fn(&S, &S) -> S) -> Result<(), String> {
    for (a, b) in pairs::<S>().into_iter().filter(|(_, b)| !b.is_zero()) {
        let (p, q) = (exact(&a), exact(&b));
        let remainder = p.clone() - Q::from(&p / &q).trunc() * &q;
        is_rounded(&op(&a, &b), &remainder).map_err(|e| format!("{a} % {b}: {e}"))?;
    }
    Ok(())
}

/// Law 2.
fn law_identities<S: Case>() {
    let (zero, one) = (S::zero(), S::one());
    assert!(zero.is_zero() && !one.is_zero() && one.is_one() && !zero.is_one());
    for (a, b) in pairs::<S>() {
        assert!(zero.clone() + &a == a && one.clone() * &a == a, "{a}");
        assert!(
            (a.clone() - &a).is_zero() && (a.clone() + -a.clone()).is_zero(),
            "{a}"
        );
        assert!(
            a.clone() + &b == b.clone() + &a && a.clone() * &b == b.clone() * &a,
            "{a}, {b}"
        );
    }
}

/// Law 3, first half: rationals near every edge of the format and random ones.
fn law_from_rational<S: Case>(from: impl Fn(&Rational) -> S) -> Result<(), String> {
    let mut cases: Vec<Q> = Vec::new();
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    for x in values::<S>().iter().map(exact) {
        // The value, halfway to its neighbours, and a hair to each side of halfway.
        let Some(format) = S::format() else {
            cases.push(x);
            continue;
        };
        let magnitude = x.clone().abs();
        let bottom = format.range.map_or(i64::MIN / 2, |(bottom, _)| bottom);
        let e = if magnitude == 0 {
            bottom.max(-3000)
        } else {
            floor_log2(&magnitude).max(bottom)
        };
        let half = power(e - format.digits);
        let hair = half.clone() * power(-format.digits - 10);
        for k in [-3, -1, 1, 3] {
            let halfway: Q = x.clone() + half.clone() * k;
            cases.extend([halfway.clone() - &hair, halfway.clone() + &hair, halfway]);
        }
        cases.extend([x.clone() / 2, x.clone() * 2, x]);
    }
    if let Some((bottom, top)) = S::format().and_then(|format| format.range) {
        let digits = S::format().map_or(0, |format| format.digits);
        // The overflow boundary (2 - u) 2^top, and ties among the subnormals of every size.
        let boundary = power(top + 1) - power(top - digits);
        let hair = power(top - 3 * digits);
        cases.extend([
            boundary.clone() - &hair,
            boundary.clone() + &hair,
            boundary,
            power(top + 1),
            power(top + 9),
        ]);
        let least = bottom - digits + 1;
        for k in 0..digits {
            for odd in [1, 3, 5, 7] {
                cases.push(power(least - 1) * odd + power(least + k));
                cases.push(power(least - 1) * odd + power(least + k) - power(least - 2 * digits));
            }
        }
        cases.extend([
            power(least - 1),
            power(least - 2),
            power(least - 1) + power(least - 90),
            power(least - 900),
        ]);
    }
    for _ in 0..500 {
        let ratio = Q::from((rng.random::<i64>(), rng.random::<u64>() | 1));
        cases.push(ratio * power(rng.random_range(-1100..1100)));
    }
    assert!(cases.len() > 600, "the cases promised");
    for q in cases.into_iter().flat_map(|q| [-q.clone(), q]) {
        is_rounded(&from(&Rational(q.clone())), &q)?;
    }
    Ok(())
}

/// Law 3, second half, and the other conversions.
fn law_conversions<S: Case>() {
    for a in values::<S>() {
        let q = a.to_rational().unwrap();
        assert!(S::from_rational(&q) == a, "{a}");
        // To the nearest f64, subnormals and overflow included.
        is_rounded::<f64>(&a.to_f64(), &q.0).unwrap();
        assert!(a.is_finite());
    }
    for x in values::<f64>() {
        is_rounded(&S::from_f64(x), &exact(&x)).unwrap();
    }
    for n in [
        0,
        1,
        -1,
        3,
        1 << 24,
        (1 << 24) + 1,
        (1 << 53) + 1,
        i64::MAX,
        i64::MIN,
    ] {
        is_rounded(&S::from_int(n), &Q::from(n)).unwrap();
    }
    let u = S::format().map_or_else(Q::new, |format| power(-format.digits));
    assert_eq!(exact(&S::unit_roundoff()), u);
    assert_eq!(
        S::precision().map(i64::from),
        S::format().map(|format| format.digits)
    );
    assert!(S::larger(S::from_int(2), S::from_int(3)) == S::from_int(3));
    assert!(S::larger(S::from_int(3), S::from_int(-4)) == S::from_int(3));
}

/// Law 4, for lengths 0 to 17, equal and unequal.
fn law_axpy<S: Case>(axpy: impl Fn(&mut [S], &S, &[S])) -> Result<(), String> {
    for (n, m) in lengths() {
        let (y, x) = (
            randoms::<S>(n as u64, n, 3),
            randoms::<S>(50 + m as u64, m, 3),
        );
        let a = random::<S>(&mut ChaCha8Rng::seed_from_u64(99), 2);
        let mut result = y.clone();
        axpy(&mut result, &a, &x);
        for (i, found) in result.iter().enumerate() {
            let Some(x) = x.get(i) else {
                if *found == y[i] {
                    continue;
                }
                return Err(format!("axpy wrote past the common length at {i}"));
            };
            let product = round_to::<S>(&(exact(&a) * exact(x)));
            is_rounded(found, &(exact(&y[i]) + product))?;
        }
    }
    Ok(())
}

fn round_to<S: Case>(q: &Q) -> Q {
    match S::format().map_or_else(|| Value::Finite(q.clone()), |format| format.round(q)) {
        Value::Finite(q) => q,
        Value::Infinite { .. } => panic!("{q} overflows {}", S::name()),
    }
}

fn lengths() -> Vec<(usize, usize)> {
    let mut all: Vec<_> = (0..=17).map(|n| (n, n)).collect();
    all.extend([(0, 3), (9, 16), (16, 9), (17, 8), (1, 17), (25, 31)]);
    all
}

/// Law 5, with the bound of the law itself: n u Σ|x_i y_i| (1 + n u); equality where u = 0.
fn law_dot<S: Case>(dot: impl Fn(&[S], &[S]) -> S) -> Result<(), String> {
    for (n, m) in lengths() {
        let (x, y) = (
            randoms::<S>(n as u64, n, 3),
            randoms::<S>(70 + m as u64, m, 3),
        );
        let terms = || x.iter().zip(&y).map(|(x, y)| exact(x) * exact(y));
        let sum: Q = terms().fold(Q::new(), |sum, t| sum + t);
        let size: Q = terms().fold(Q::new(), |sum, t| sum + t.abs());
        let nu = u::<S>() * n.min(m) as u32;
        let allowance = nu.clone() * size * (nu + 1u32);
        let error = (exact(&dot(&x, &y)) - sum).abs();
        if error > allowance {
            return Err(format!(
                "{}: dot of {n} and {m} is off by {}",
                S::name(),
                error.to_f64()
            ));
        }
    }
    Ok(())
}

/// Law 6, rotation. Two products and a sum: |error| ≤ (u(1+u) + u)(|c x| + |s y|).
fn law_rotate<S: Case>(rotate: impl Fn(&mut [S], &mut [S], &S, &S)) -> Result<(), String> {
    let (c, s) = (
        S::from_int(3) / S::from_int(5),
        S::from_int(4) / S::from_int(5),
    );
    for (n, m) in lengths() {
        let (x, y) = (
            randoms::<S>(n as u64, n, 3),
            randoms::<S>(30 + m as u64, m, 3),
        );
        let (mut turned_x, mut turned_y) = (x.clone(), y.clone());
        rotate(&mut turned_x, &mut turned_y, &c, &s);
        for i in 0..n.max(m) {
            let (Some(x), Some(y)) = (x.get(i), y.get(i)) else {
                if turned_x.get(i) == x.get(i) && turned_y.get(i) == y.get(i) {
                    continue;
                }
                return Err(format!("rotate wrote past the common length at {i}"));
            };
            let (c, s, x, y) = (exact(&c), exact(&s), exact(x), exact(y));
            let (cx, sy) = (Q::from(&c * &x), Q::from(&s * &y));
            let (sx, cy) = (Q::from(&s * &x), Q::from(&c * &y));
            let relative = u::<S>() * (u::<S>() + 2u32);
            let allowance = |a: &Q, b: &Q| relative.clone() * (a.clone().abs() + b.clone().abs());
            let errors = [
                (
                    exact(&turned_x[i]) - (cx.clone() - &sy),
                    allowance(&cx, &sy),
                ),
                (
                    exact(&turned_y[i]) - (sx.clone() + &cy),
                    allowance(&sx, &cy),
                ),
            ];
            if errors
                .iter()
                .any(|(error, allowed)| error.clone().abs() > *allowed)
            {
                return Err(format!("{}: rotation of ({x}, {y})", S::name()));
            }
        }
    }
    Ok(())
}

/// Law 6, scaling: each product rounded once.
fn law_scale<S: Case>(scale: impl Fn(&mut [S], &S)) -> Result<(), String> {
    for n in 0..=17 {
        let (x, a) = (
            randoms::<S>(n, n as usize, 3),
            S::from_int(7) / S::from_int(3),
        );
        let mut scaled = x.clone();
        scale(&mut scaled, &a);
        for (scaled, x) in scaled.iter().zip(&x) {
            is_rounded(scaled, &(exact(&a) * exact(x)))?;
        }
    }
    Ok(())
}

/// Law 7, √: y = fl(√a) exactly when a lies between the squares of the midpoints around y. No
/// midpoint is a root of a float, so a tie cannot occur.
fn law_sqrt<S: Case + Real>(sqrt: impl Fn(&S) -> S) -> Result<(), String> {
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
fn law_power_of_two<S: Case + Real>(scale: impl Fn(&S, i64) -> S) -> Result<(), String> {
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
fn law_exponent<S: Case + Real>(exponent: impl Fn(&S) -> Option<i64>) -> Result<(), String> {
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
fn law_sum_of_squares<S: Case + Real>(sum: impl Fn(&[S]) -> S) -> Result<(), String> {
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
fn law_exact_dot<S: Case + Real>(dot: impl Fn(&[(S, S)], i64) -> S) -> Result<(), String> {
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
fn law_transcendental<S: Case + Real>(
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

// ---------------------------------------------------------------- num_traits and approx

fn law_signed<S: Case>() {
    let one = S::one();
    for a in values::<S>().into_iter().filter(|a| !a.is_zero()) {
        let negative = a < S::zero();
        assert_eq!(
            (a.is_negative(), a.is_positive()),
            (negative, !negative),
            "{a}"
        );
        assert!(
            a.signum() == if negative { -one.clone() } else { one.clone() },
            "{a}"
        );
        assert!(a.signum() * a.abs() == a && a.abs() > S::zero(), "{a}");
        assert!(a.abs_sub(&a).is_zero());
    }
    assert!(S::from_int(5).abs_sub(&S::from_int(3)) == S::from_int(2));
    assert!(S::from_int(3).abs_sub(&S::from_int(5)).is_zero());
}

fn law_primitive<S: Case + FromPrimitive + ToPrimitive>() {
    for n in [0i64, 1, -1, 127, -4096, 1 << 24] {
        let x = <S as FromPrimitive>::from_i64(n).unwrap();
        assert!(x == <S as Field>::from_int(n));
        assert_eq!(x.to_i64(), Some(n));
        assert_eq!(x.to_u64(), u64::try_from(n).ok());
        assert_eq!(ToPrimitive::to_f64(&x), Some(n as f64));
        assert!(<S as FromPrimitive>::from_f64(n as f64 + 0.5).unwrap() == x + scalar::<S>(0.5));
    }
    // Conversions to integers truncate towards zero and refuse what does not fit.
    assert_eq!(scalar::<S>(-2.75).to_i64(), Some(-2));
    assert_eq!(scalar::<S>(2.75).to_u64(), Some(2));
    assert_eq!(scalar::<S>(1e30).to_i64(), None);
    assert!(<S as FromPrimitive>::from_u64(1 << 63).unwrap() == scalar::<S>(2f64.powi(63)));
}

fn law_radix<S: Case>() {
    for (text, radix, value) in [
        ("1011", 2, 11),
        ("-ff", 16, -255),
        ("42", 10, 42),
        ("-zz", 36, -1295),
        ("0", 7, 0),
    ] {
        let Ok(x) = S::from_str_radix(text, radix) else {
            panic!("{}: {text} in radix {radix} is refused", S::name());
        };
        assert!(x == S::from_int(value), "{text} in radix {radix} gives {x}");
    }
    for (text, radix) in [("", 10), ("12", 2), ("x", 10)] {
        assert!(
            S::from_str_radix(text, radix).is_err(),
            "{}: {text:?} in radix {radix}",
            S::name()
        );
    }
}

/// Reflexive, symmetric, tighter than the tolerance asked for, and false for NaN.
fn law_absolute<S: Case + AbsDiffEq<Epsilon = S>>(
    equal: impl Fn(&S, &S, S) -> bool,
    nan: Option<S>,
) -> Result<(), String> {
    let check = |holds: bool, what: &str| {
        if holds {
            Ok(())
        } else {
            Err(format!("{}: {what}", S::name()))
        }
    };
    for (a, b) in pairs::<S>() {
        check(equal(&a, &a, S::default_epsilon()), "reflexive")?;
        for epsilon in [S::default_epsilon(), S::from_int(1)] {
            let expected = a == b || (exact(&a) - exact(&b)).abs() <= exact(&epsilon);
            // In floating point the difference is rounded: a hair around the tolerance is left open.
            let distance = (exact(&a) - exact(&b)).abs();
            let open = (distance - exact(&epsilon)).abs() <= u::<S>() * exact(&epsilon) * 2u32;
            let found = equal(&a, &b, epsilon.clone());
            check(
                found == expected || open && S::precision().is_some(),
                "|a - b| ≤ ε",
            )?;
            check(found == equal(&b, &a, epsilon), "symmetric")?;
        }
    }
    if let Some(nan) = nan {
        for x in [nan.clone(), S::one(), S::zero()] {
            check(
                !equal(&nan, &x, S::one()) && !equal(&x, &nan, S::one()),
                "NaN equals nothing",
            )?;
        }
    }
    Ok(())
}

fn law_relative<S: Case + RelativeEq<Epsilon = S>>(nan: &S) {
    let (one, two) = (S::one(), S::from_int(2));
    let u = S::unit_roundoff();
    for a in values::<S>() {
        assert!(a.relative_eq(&a, S::zero(), S::zero()), "reflexive");
        let near = a.clone() * (one.clone() + u.clone() * &two);
        let (forth, back) = (
            a.relative_eq(&near, S::zero(), u.clone() * S::from_int(5)),
            near.relative_eq(&a, S::zero(), u.clone() * S::from_int(5)),
        );
        assert_eq!(forth, back, "symmetric at {a}");
        // Subnormal products move by more than an ulp; above them 2u is within 5u.
        if near.is_finite() && a.abs() > u {
            assert!(forth, "{a} against {near}");
            assert!(
                !a.relative_eq(&(a.clone() * S::from_f64(1.5)), S::zero(), u.clone()),
                "{a}"
            );
        }
        assert!(
            !a.relative_eq(nan, one.clone(), one.clone())
                && !nan.relative_eq(&a, one.clone(), one.clone())
        );
    }
    let infinite = S::from_f64(f64::INFINITY);
    assert!(infinite.relative_eq(&infinite, S::zero(), S::zero()));
    assert!(!infinite.relative_eq(&one, S::zero(), one.clone()));
    assert!(!nan.relative_eq(nan, one.clone(), one));
}

// ---------------------------------------------------------------- the suite

fn laws<S: Case + FromPrimitive + ToPrimitive>() {
    law_binary::<S>("+", |a, b| a.clone() + b, |a, b| Q::from(a + b)).unwrap();
    law_binary::<S>("-", |a, b| a.clone() - b, |a, b| Q::from(a - b)).unwrap();
    law_binary::<S>("*", |a, b| a.clone() * b, |a, b| Q::from(a * b)).unwrap();
    law_binary::<S>("/", |a, b| a.clone() / b, |a, b| Q::from(a / b)).unwrap();
    // By value, by reference and assigning are one operation.
    let assigned = |a: &S, b: &S| {
        let mut a = a.clone();
        a -= b;
        a += b.clone();
        a *= b;
        a
    };
    for (a, b) in pairs::<S>().into_iter().take(50) {
        let plain = ((a.clone() - b.clone()) + &b) * b.clone();
        assert!(assigned(&a, &b) == plain || plain.partial_cmp(&plain).is_none());
    }
    law_remainder::<S>(|a, b| a.clone() % b).unwrap();
    law_identities::<S>();
    law_from_rational(S::from_rational).unwrap();
    law_conversions::<S>();
    law_axpy(S::axpy).unwrap();
    law_dot(S::dot).unwrap();
    law_rotate(S::rotate).unwrap();
    law_scale(S::scale).unwrap();
    law_signed::<S>();
    law_primitive::<S>();
    law_radix::<S>();
}

fn real_laws<S: Case + Real>() {
    law_sqrt(S::sqrt).unwrap();
    law_power_of_two(S::scale_by_power_of_two).unwrap();
    law_exponent(S::exponent).unwrap();
    law_sum_of_squares(S::sum_of_squares).unwrap();
    law_exact_dot(S::exact_dot).unwrap();
    law_transcendental("exp", S::exp, rug::Float::exp, |_| true, 1).unwrap();
    law_transcendental("ln", S::ln, rug::Float::ln, |a| *a > S::zero(), 1).unwrap();
    law_transcendental("tanh", S::tanh, rug::Float::tanh, |_| true, 2).unwrap();

    // The values that are not finite.
    let (zero, one) = (S::zero(), S::one());
    let (infinite, nan) = (one.clone() / &zero, zero.clone() / &zero);
    let is_nan = |x: &S| x.partial_cmp(x).is_none();
    assert!(!infinite.is_finite() && infinite > one && is_nan(&nan) && !nan.is_finite());
    assert!(infinite.to_rational().is_none() && nan.to_rational().is_none());
    assert!(infinite.to_f64() == f64::INFINITY && nan.to_f64().is_nan());
    assert!(
        [&zero, &infinite, &nan]
            .iter()
            .all(|x| x.exponent().is_none())
    );
    assert!(
        infinite.scale_by_power_of_two(-5000) == infinite
            && is_nan(&nan.scale_by_power_of_two(2000))
    );
    assert!(
        is_nan(&(-one.clone()).sqrt())
            && is_nan(&(-one.clone()).ln())
            && zero.ln() == -infinite.clone()
    );
    assert!(infinite.tanh() == one && (-infinite.clone()).tanh() == -one.clone());
    assert!((-infinite.clone()).exp().is_zero() && zero.exp() == one && zero.tanh().is_zero());
    assert!(
        is_nan(&S::larger(nan.clone(), one.clone()))
            && is_nan(&S::larger(one.clone(), nan.clone()))
    );
    assert!(
        is_nan(&S::exact_dot(&[(nan, one.clone())], 0))
            && is_nan(&S::exact_dot(&[(one, infinite)], 0))
    );
    assert!(S::exact_dot(&[], 5).is_zero() && S::sum_of_squares(&[]).is_zero());
}

#[test]
fn laws_of_f32() {
    laws::<f32>();
    real_laws::<f32>();
}

#[test]
fn laws_of_f64() {
    laws::<f64>();
    real_laws::<f64>();
}

#[test]
fn laws_of_mp64() {
    laws::<Mp<64>>();
    real_laws::<Mp<64>>();
}

#[test]
fn laws_of_mp256() {
    laws::<Mp<256>>();
    real_laws::<Mp<256>>();
}

#[test]
fn laws_of_mp1024() {
    laws::<Mp<1024>>();
    real_laws::<Mp<1024>>();
}

#[test]
fn laws_of_rational() {
    laws::<Rational>();
    assert_eq!(<Rational as Field>::name(), "rational");
    assert!(Rational::try_from_f64(f64::NAN).is_none() && Rational::ratio(1, 0).is_none());
    assert_eq!(
        <Rational as FromPrimitive>::from_f64(f64::INFINITY),
        None,
        "FromPrimitive refuses what is not finite"
    );
}

#[test]
fn approximate_equality() {
    let nan = |x: f64| Mp::<64>::from_float(&rug::Float::with_val(64, x));
    law_absolute::<Mp<64>>(Mp::abs_diff_eq, Some(nan(f64::NAN))).unwrap();
    law_absolute::<Mp<256>>(Mp::abs_diff_eq, Some(Field::from_f64(f64::NAN))).unwrap();
    law_absolute::<Rational>(Rational::abs_diff_eq, None).unwrap();
    law_absolute::<f64>(f64::abs_diff_eq, Some(f64::NAN)).unwrap();
    law_relative(&nan(f64::NAN));
    law_relative::<Mp<256>>(&Field::from_f64(f64::NAN));
    law_relative(&f64::NAN);
}

// ---------------------------------------------------------------- the laws, seen to fail

/// Each wrong operation is one that somebody could write; the law that must refuse it does.
#[test]
fn wrong_operations_are_refused() {
    let refused = |law: &str, outcome: Result<(), String>| {
        assert!(outcome.is_err(), "{law}: the wrong operation passed");
    };
    refused(
        "+ through single precision",
        law_binary::<f64>(
            "+",
            |a, b| f64::from(*a as f32 + *b as f32),
            |a, b| Q::from(a + b),
        ),
    );
    refused(
        "/ as a · (1/b)",
        law_binary::<f64>("/", |a, b| a * (1.0 / b), |a, b| Q::from(a / b)),
    );
    refused(
        "/ as a · (1/b)",
        law_binary::<Mp<256>>(
            "/",
            |a, b| a.clone() * (Mp::from_int(1) / b),
            |a, b| Q::from(a / b),
        ),
    );
    refused(
        "the remainder of Euclid",
        law_remainder::<f64>(|a, b| a.rem_euclid(*b)),
    );
    refused(
        "rug's to_f64, which truncates",
        law_from_rational::<f64>(|q| q.0.to_f64()),
    );
    refused(
        "two roundings of subnormals",
        law_from_rational::<f64>(|q| rug::Float::with_val(53, &q.0).to_f64()),
    );
    refused(
        "two roundings of subnormals",
        law_from_rational::<f32>(|q| rug::Float::with_val(24, &q.0).to_f32()),
    );
    refused(
        "f32 by way of f64",
        law_from_rational::<f32>(|q| f64::from_rational(q) as f32),
    );
    refused(
        "a fused axpy",
        law_axpy::<f64>(|y, a, x| {
            y.iter_mut()
                .zip(x)
                .for_each(|(y, x)| *y = a.mul_add(*x, *y))
        }),
    );
    refused(
        "dot without its remainder",
        law_dot::<f64>(|x, y| f64::dot(&x[..x.len() / 8 * 8], y)),
    );
    refused(
        "dot in single precision",
        law_dot::<f64>(|x, y| {
            x.iter()
                .zip(y)
                .map(|(x, y)| *x as f32 * *y as f32)
                .sum::<f32>()
                .into()
        }),
    );
    refused(
        "dot of misaligned remainders",
        law_dot::<f64>(|x, y| {
            let (xs, ys) = (x.chunks_exact(8), y.chunks_exact(8));
            let tail: f64 = xs
                .remainder()
                .iter()
                .zip(ys.remainder())
                .map(|(x, y)| x * y)
                .sum();
            xs.zip(ys).map(|(x, y)| f64::dot(x, y)).sum::<f64>() + tail
        }),
    );
    refused(
        "a rotation the other way",
        law_rotate::<Mp<64>>(|x, y, c, s| Mp::rotate(x, y, c, &-s.clone())),
    );
    refused(
        "a rotation that reads what it wrote",
        law_rotate::<Rational>(|x, y, c, s| {
            for (x, y) in x.iter_mut().zip(y) {
                *x = x.clone() * c - y.clone() * s;
                *y = x.clone() * s + y.clone() * c;
            }
        }),
    );
    refused(
        "scale that forgets the last",
        law_scale::<f64>(|x, a| x.iter_mut().skip(1).for_each(|x| *x *= a)),
    );
    refused(
        "a root by exp and ln",
        law_sqrt::<f64>(|x| (x.ln() / 2.0).exp()),
    );
    refused(
        "a root through f64",
        law_sqrt::<Mp<64>>(|x| Field::from_f64(Field::to_f64(x).sqrt())),
    );
    refused(
        "2^e in two equal steps",
        law_power_of_two::<f64>(|x, e| {
            let half = (e / 2) as i32;
            x * 2f64.powi(half) * 2f64.powi(e as i32 - half)
        }),
    );
    refused(
        "2^e by powi alone",
        law_power_of_two::<f64>(|x, e| x * 2f64.powi(e as i32)),
    );
    refused(
        "the exponent by log2",
        law_exponent::<f64>(|x| (*x != 0.0).then(|| x.abs().log2().floor() as i64)),
    );
    refused(
        "MPFR's own exponent",
        law_exponent::<Mp<64>>(|x| x.as_float().get_exp().map(i64::from)),
    );
    refused(
        "plain sum of squares",
        law_sum_of_squares::<f64>(|x| x.iter().map(|x| x * x).sum()),
    );
    refused(
        "plain sum of squares",
        law_sum_of_squares::<Mp<64>>(|x| Mp::dot(x, x)),
    );
    refused(
        "pairwise sum of squares, whose order depends on the length",
        law_sum_of_squares::<f64>(|x| {
            fn pairwise(x: &[f64]) -> f64 {
                if x.len() < 2 {
                    x.iter().map(|x| x * x).sum()
                } else {
                    pairwise(&x[..x.len() / 2]) + pairwise(&x[x.len() / 2..])
                }
            }
            pairwise(x)
        }),
    );
    refused(
        "a plain dot for the exact one",
        law_exact_dot::<f64>(|pairs, e| {
            pairs.iter().map(|(a, b)| a * b).sum::<f64>() * 2f64.powi(e as i32)
        }),
    );
    refused(
        "tanh by its definition",
        law_transcendental::<f64>(
            "tanh",
            |x| ((2.0 * x).exp() - 1.0) / ((2.0 * x).exp() + 1.0),
            rug::Float::tanh,
            |_| true,
            2,
        ),
    );
    refused(
        "NaN equal to itself",
        law_absolute::<f64>(
            |a, b, e| {
                (a - b)
                    .abs()
                    .partial_cmp(&e)
                    .is_none_or(std::cmp::Ordering::is_le)
            },
            Some(f64::NAN),
        ),
    );
}
