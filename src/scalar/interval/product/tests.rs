//! Products of intervals against the loop over entries.

use super::*;
use crate::scalar::{Mp, Rational};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// How entries are drawn: exponents within ±`spread`, intervals of a relative radius near 2^`radius`, or points.
struct Kind {
    spread: i64,
    radius: Option<i64>,
    zeros: f64,
}

fn draw<E: Endpoint>(rng: &mut ChaCha8Rng, kind: &Kind) -> Interval<E> {
    if rng.random_bool(kind.zeros) {
        return Interval::point(E::zero());
    }
    let e = rng.random_range(-kind.spread..=kind.spread);
    let x = E::from_f64(rng.random_range(-1.0..1.0)).scale_by_power_of_two(e);
    match kind.radius {
        Some(radius) if rng.random_bool(0.8) => {
            let r = E::from_f64(rng.random_range(0.0..1.0)).scale_by_power_of_two(e + radius);
            let lo = x.add_toward(&-r.clone(), Toward::Down);
            Interval::new(lo, x.add_toward(&r, Toward::Up)).expect("an interval")
        }
        _ => Interval::point(x),
    }
}

/// The exact least or largest value of an entry, which an enclosure must contain.
fn end<E: Endpoint>(pairs: &[(&Interval<E>, &Interval<E>)], upper: bool) -> Rational {
    let mut sum = rug::Rational::new();
    for (a, b) in pairs {
        let products = [
            (&a.lo, &b.lo),
            (&a.lo, &b.hi),
            (&a.hi, &b.lo),
            (&a.hi, &b.hi),
        ]
        .map(|(x, y)| x.to_rational().expect("finite").0 * y.to_rational().expect("finite").0);
        let best = products
            .into_iter()
            .reduce(|x, y| if upper == (x > y) { x } else { y });
        sum += best.expect("four products");
    }
    Rational(sum)
}

type Product<E> = fn(View<Interval<E>>, View<Interval<E>>) -> Option<Vec<Interval<E>>>;

/// Entries that miss a value, of how many; and the widest beside the loop over intervals.
fn failures<E: Endpoint>(product: Product<E>, seed: u64) -> (usize, usize, f64) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let (mut missed, mut all, mut widest) = (0, 0, 0.0);
    for spread in [0, 30, 400] {
        for radius in [None, Some(-60), Some(-40), Some(-3)] {
            for (m, inner, n) in [(12, 12, 12), (9, 30, 11)] {
                let kind = Kind {
                    spread,
                    radius,
                    zeros: 0.1,
                };
                let a: Vec<Interval<E>> = (0..m * inner).map(|_| draw(&mut rng, &kind)).collect();
                let b: Vec<Interval<E>> = (0..inner * n).map(|_| draw(&mut rng, &kind)).collect();
                // The left factor as the transpose of what is stored, too.
                let left = if rng.random_bool(0.5) {
                    View::new(&a, m, inner)
                } else {
                    View::new(&a, inner, m).transpose()
                };
                let right = View::new(&b, inner, n);
                let mut plain = vec![Interval::point(E::zero()); m * n];
                crate::scalar::in_order(&mut plain, left, right);
                for (at, c) in product(left, right).expect("entries").iter().enumerate() {
                    let pairs: Vec<_> = (0..inner)
                        .map(|k| (left.get(at % m, k), right.get(k, at / m)))
                        .collect();
                    let (lo, hi) = (end(&pairs, false), end(&pairs, true));
                    missed += usize::from(!c.contains_rational(&lo) || !c.contains_rational(&hi));
                    all += 1;
                    let width = |x: &Interval<E>| x.hi.add_toward(&-x.lo.clone(), Toward::Up);
                    if spread == 0 && !width(&plain[at]).is_zero() {
                        widest = f64::larger(widest, (width(c) / width(&plain[at])).to_f64());
                    }
                }
            }
        }
    }
    (missed, all, widest)
}

/// Midpoints without what they are off by: the control.
fn midpoints<E: Endpoint>(a: View<Interval<E>>, b: View<Interval<E>>) -> Option<Vec<Interval<E>>> {
    let (left, right) = (Factor::of_rows(a)?, Factor::of_rows(b.transpose())?);
    let middle = middle_and_error(&left, &right).0;
    Some(middle.into_iter().map(Interval::point).collect())
}

/// Radii alone, as if the product of midpoints were exact: the other control.
fn exact_midpoints(a: View<Interval<f64>>, b: View<Interval<f64>>) -> Option<Vec<Interval<f64>>> {
    let error = |x: &Interval<f64>| Interval::symmetric(&Interval::point(x.radius()));
    let radii =
        |x: View<Interval<f64>>| -> Vec<Interval<f64>> { x.data().iter().map(error).collect() };
    let (left, right) = (Factor::of_rows(a)?, Factor::of_rows(b.transpose())?);
    let middle = middle_and_error(&left, &right).0;
    let around = radii(a);
    let mut c: Vec<_> = middle.into_iter().map(Interval::point).collect();
    let shaped = if a.column(0).is_some() {
        View::new(&around, a.nrows(), a.ncols())
    } else {
        View::new(&around, a.ncols(), a.nrows()).transpose()
    };
    crate::scalar::in_order(&mut c, shaped, b);
    Some(c)
}

#[test]
fn every_value_of_a_product_is_contained() {
    let (missed, all, widest) = failures::<f64>(product, 1);
    assert_eq!(missed, 0, "of {all}");
    // A term is rounded some dozen times where the loop widens it K times at most.
    assert!(widest < 8.0, "{widest} times as wide as the loop");
    let (missed, all, widest) = failures::<Mp<128>>(product, 2);
    assert_eq!(missed, 0, "of {all}");
    assert!(widest < 4.0, "{widest} times as wide as the loop");
}

#[test]
fn without_a_part_of_the_error_values_are_missed() {
    for (missed, all, _) in [
        failures::<f64>(midpoints, 3),
        failures::<Mp<128>>(midpoints, 4),
        failures::<f64>(exact_midpoints, 5),
    ] {
        assert!(10 * missed > all, "{missed} of {all}");
    }
}

#[test]
fn products_of_short_numbers_are_exact() {
    let mut rng = ChaCha8Rng::seed_from_u64(6);
    let kind = Kind {
        spread: 20,
        radius: None,
        zeros: 0.2,
    };
    let mut short = |count| -> Vec<Interval<Mp<256>>> {
        let one =
            |x: Interval<f64>| Interval::point(Mp::from_float_toward(&x.lo.to_float(), Toward::Up));
        (0..count)
            .map(|_| one(draw::<f64>(&mut rng, &kind)))
            .collect()
    };
    let (a, b) = (short(15 * 15), short(15 * 15));
    let c = product(View::new(&a, 15, 15), View::new(&b, 15, 15)).expect("entries");
    assert!(c.iter().all(Interval::is_point));
}

#[test]
fn numbers_at_the_ends_of_the_range() {
    let entries = |x: f64| vec![Interval::point(x); 144];
    let (tiny, huge) = (entries(f64::from_bits(3)), entries(1e200));
    let square = |x| View::new(x, 12, 12);
    let of_tiny = product(square(&tiny), square(&tiny)).expect("entries");
    assert!(of_tiny.iter().all(|x| x.lo <= 0.0 && x.hi > 0.0));
    // Left to the loop, which knows half-lines.
    assert!(product(square(&huge), square(&huge)).is_none());
    let whole = vec![Interval::<f64>::whole(); 144];
    assert!(product(square(&whole), square(&tiny)).is_none());
}
