//! The laws of `src/scalar/mod.rs`, one suite over every scalar, judged by exact rationals.
//!
//! Each law is a function that takes the operation as a closure and returns the first case it fails
//! on. The real operation must pass; at the end of the file plausible wrong ones must be refused by
//! the same function, so every law has been seen to fail.

mod field;
mod real;
mod traits;

use crate::support::scalars;
use approx::{AbsDiffEq, RelativeEq};
use field::*;
use isotropic::scalar::{Field, Mp, Rational, Real};
use num_traits::{FromPrimitive, Signed, ToPrimitive};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use real::*;
use rug::Rational as Q;
use scalars::{
    Case, Value, exact, floor_log2, is_rounded, pairs, power, random, randoms, scalar, u, values,
};
use traits::*;

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
