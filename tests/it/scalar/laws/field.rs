//! What every field must do.

use super::*;

/// Law 1.
pub(super) fn law_binary<S: Case>(
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
pub(super) fn law_remainder<S: Case>(op: impl Fn(&S, &S) -> S) -> Result<(), String> {
    for (a, b) in pairs::<S>().into_iter().filter(|(_, b)| !b.is_zero()) {
        let (p, q) = (exact(&a), exact(&b));
        let remainder = p.clone() - Q::from(&p / &q).trunc() * &q;
        is_rounded(&op(&a, &b), &remainder).map_err(|e| format!("{a} % {b}: {e}"))?;
    }
    Ok(())
}

/// Law 2.
pub(super) fn law_identities<S: Case>() {
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
pub(super) fn law_from_rational<S: Case>(from: impl Fn(&Rational) -> S) -> Result<(), String> {
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
pub(super) fn law_conversions<S: Case>() {
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
pub(super) fn law_axpy<S: Case>(axpy: impl Fn(&mut [S], &S, &[S])) -> Result<(), String> {
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

pub(super) fn round_to<S: Case>(q: &Q) -> Q {
    match S::format().map_or_else(|| Value::Finite(q.clone()), |format| format.round(q)) {
        Value::Finite(q) => q,
        Value::Infinite { .. } => panic!("{q} overflows {}", S::name()),
    }
}

pub(super) fn lengths() -> Vec<(usize, usize)> {
    let mut all: Vec<_> = (0..=17).map(|n| (n, n)).collect();
    all.extend([(0, 3), (9, 16), (16, 9), (17, 8), (1, 17), (25, 31)]);
    all
}

/// Law 5, with the bound of the law itself: n u Σ|x_i y_i| (1 + n u); equality where u = 0.
pub(super) fn law_dot<S: Case>(dot: impl Fn(&[S], &[S]) -> S) -> Result<(), String> {
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
pub(super) fn law_rotate<S: Case>(
    rotate: impl Fn(&mut [S], &mut [S], &S, &S),
) -> Result<(), String> {
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
pub(super) fn law_scale<S: Case>(scale: impl Fn(&mut [S], &S)) -> Result<(), String> {
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
