//! Derivatives are those of the values.

use super::*;

fn radii(gain: &Gain<M>) -> Vec<M> {
    let all = [
        1e-9, 1e-3, 0.02, 0.24, 0.26, 0.7, 0.999, 1.0, 1.001, 1.7, 2.9, 3.1, 20.0, 1e3, 1e9,
    ];
    let away = |rho: &M| {
        gain.threshold()
            .is_none_or(|t| (rho.clone() - t).abs() > M::from_f64(1e-3))
    };
    all.map(Field::from_f64).into_iter().filter(away).collect()
}

/// Central differences with the step h = 2^-80 ρ err by h² times third derivatives, and by roundings over h: 2^-150 of
/// the sizes involved leaves room for both.
#[test]
fn derivatives_are_those_of_the_values() {
    let mut compared = 0;
    for gain in gains() {
        for rho in radii(&gain) {
            let step = rho.clone() * power(-80);
            let ahead = rho.clone() + &step;
            let behind = rho.clone() - &step;
            let difference =
                |f: &dyn Fn(&M) -> M| (f(&ahead) - f(&behind)) / (int(2) * &step) * &rho;
            let value = |rho: &M| gain.value(&(rho.clone() * rho));
            let stretch = difference(&value);
            // ρ dT/dρ = 2T + 4 r² g'' for T = 2 r g'.
            let bend = difference(&|rho| gain.stretch(rho)) - int(2) * gain.stretch(&rho);
            let allowed = power(-150) * M::larger(value(&rho), M::one());
            for (name, found, expected) in [
                ("2 r g'", gain.stretch(&rho), stretch),
                ("4 r² g''", gain.bend(&rho), bend),
            ] {
                let error = (found.clone() - &expected).abs();
                assert!(
                    error <= allowed,
                    "{} at {rho:.4}: {name} is {found:.20}, not {expected:.20}",
                    gain.name()
                );
                compared += 1;
            }
        }
    }
    assert!(compared > 150, "{compared}");
}

/// In f64, against 256 bits, from the least to the largest ρ: the error of 2 r g' and 4 r² g'' is a few u of γ at most,
/// that of g' and g'' a few u of themselves for the smooth gains near 0, where differences would cancel.
#[test]
fn derivatives_are_safe_in_floating_point() {
    let u = power(-53);
    let wide = |x: f64| <M as Field>::from_f64(x);
    for (narrow, gain) in Gain::all(&3.0).iter().zip(Gain::all(&int(3))) {
        for k in -1000..=1000 {
            let rho = 2f64.powf(f64::from(k) + 0.3);
            if (rho - 3.0).abs() < 1e-6 {
                continue;
            }
            let at = wide(rho);
            let value = gain.value(&(at.clone() * &at));
            // What 1/ρ² loses where it is subnormal, times the constants of the formulas.
            let eta = int(32) * power(-1074);
            for (name, found, expected) in [
                ("2 r g'", narrow.stretch(&rho), gain.stretch(&at)),
                ("4 r² g''", narrow.bend(&rho), gain.bend(&at)),
            ] {
                let error = (wide(found) - &expected).abs();
                let allowed = int(24) * &u * (value.clone() + expected.abs()) + &eta;
                assert!(
                    found.is_finite() && error <= allowed,
                    "{} at 2^{k}.3: {name} is {found}, not {expected:.20}",
                    gain.name()
                );
            }
            if rho > 1.0 {
                continue;
            }
            for (name, found, expected) in [
                ("g'", narrow.derivative(&rho), gain.derivative(&at)),
                (
                    "g''",
                    narrow.second_derivative(&rho),
                    gain.second_derivative(&at),
                ),
            ] {
                if expected.abs() >= power(1023) {
                    // g'' of a gain with an infinite slope leaves the range before ρ does.
                    continue;
                }
                let error = (wide(found) - &expected).abs();
                let allowed = int(24) * &u * expected.abs() + &eta;
                assert!(
                    found.is_finite() && error <= allowed,
                    "{} at 2^{k}.3: {name} is {found}, not {expected:.20}",
                    gain.name()
                );
            }
        }
    }
}

/// g = p/q with p and q of degree 1 at most: g(s) - g(r) = g'(r) (s - r) q(r)/q(s), and g'' q = -2 g' q'. Over ℚ.
#[test]
fn exact_derivatives_are_those_of_the_exact_values() {
    let q = |a: i64, b: i64| Rational::ratio(a, b).expect("not over 0");
    let mut exact = 0;
    for gain in Gain::all(&q(1, 2)) {
        if !gain.is_rational() {
            assert!(gain.rational_value(&q(1, 3)).is_err());
            assert!(gain.rational_derivative(&q(1, 3)).is_err());
            assert!(gain.rational_second_derivative(&q(1, 3)).is_err());
            continue;
        }
        exact += 1;
        for (r, s) in [
            (q(0, 1), q(2, 3)),
            (q(1, 7), q(9, 2)),
            (q(100, 1), q(5, 11)),
        ] {
            let value = |r: &Rational| gain.rational_value(r).expect("rational");
            let below = |r: &Rational| gain.denominator(r).expect("rational");
            let first = gain.rational_derivative(&r).expect("rational");
            let second = gain.rational_second_derivative(&r).expect("rational");
            let rise = value(&s) - value(&r);
            assert_eq!(
                rise,
                first.clone() * (s.clone() - &r) * below(&r) / below(&s)
            );
            let of_denominator = below(&(r.clone() + q(1, 1))) - below(&r);
            assert_eq!(second * below(&r), q(-2, 1) * first * of_denominator);
        }
    }
    assert_eq!(exact, 3);
}

/// The third derivative along lines, from third differences with the step 2^-40 at 256 bits: never above the bound,
/// and within a factor 500 of it somewhere.
#[test]
fn third_derivatives_stay_below_their_bound() {
    let step = power(-40);
    let directions = [(1.0, 0.0), (0.0, 1.0), (0.6, 0.8)];
    for gain in gains().into_iter().filter(|gain| *gain != Gain::Linear) {
        let mut largest = 0f64;
        for o in lengths() {
            for rho in radii(&gain) {
                for (along, across) in directions {
                    let at = |k: i64| {
                        let t = step.clone() * int(k);
                        let x = rho.clone() + t.clone() * M::from_f64(along);
                        let y = t * M::from_f64(across);
                        let gamma = gain.value(&(x.clone() * &x + y.clone() * &y + &o));
                        [x * &gamma, y * gamma]
                    };
                    let points = [at(-2), at(-1), at(1), at(2)];
                    let third = |i: usize| {
                        let [b2, b1, a1, a2] = &points;
                        let twice = int(2) * (a1[i].clone() - &b1[i]);
                        (a2[i].clone() - &b2[i] - twice) / (int(2) * &step * &step * &step)
                    };
                    let found = (third(0) * third(0) + third(1) * third(1)).sqrt();
                    let radius = (rho.clone() * &rho + &o).sqrt() - int(2) * &step;
                    let nearly = gain
                        .threshold()
                        .is_some_and(|t| (radius.clone() - t).abs() <= M::from_f64(1e-6));
                    if nearly || radius.below_zero() {
                        continue;
                    }
                    let bound = gain.third(&radius);
                    // Third differences err by 5/12 h² of the fifth derivative, here below 2^-50.
                    assert!(
                        found <= bound.clone() + power(-50),
                        "{} at ρ = {rho:.4}, o = {o:.4}: {found:.6} above {bound:.6}",
                        gain.name()
                    );
                    if bound.above_zero() {
                        largest = largest.max((found / bound).to_f64());
                    }
                }
            }
        }
        assert!(largest > 0.002, "{}: {largest}", gain.name());
    }
}
