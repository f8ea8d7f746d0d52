//! The traits of `num_traits` and `approx`.

use super::*;

pub(super) fn law_signed<S: Case>() {
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

pub(super) fn law_primitive<S: Case + FromPrimitive + ToPrimitive>() {
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

pub(super) fn law_radix<S: Case>() {
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
pub(super) fn law_absolute<S: Case + AbsDiffEq<Epsilon = S>>(
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

pub(super) fn law_relative<S: Case + RelativeEq<Epsilon = S>>(nan: &S) {
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
