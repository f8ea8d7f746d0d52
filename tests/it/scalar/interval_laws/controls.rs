//! Wrong intervals are refused by the same laws.

use super::*;

/// Endpoints rounded to nearest instead of outward.
fn nearest<E: Endpoint>(x: &Interval<E>, y: &Interval<E>, op: impl Fn(&E, &E) -> E) -> Interval<E> {
    let (lo, hi) = (op(x.lo(), y.lo()), op(x.hi(), y.hi()));
    Interval::new(lo, hi).unwrap_or_else(|_| Interval::none())
}

#[test]
fn controls_rounding_to_nearest_and_inward_are_refused() {
    for refused in [
        law_contains::<f64>(
            |x, y| nearest(x, y, |a, b| a + b),
            |p, q| Some(p.clone() + q),
        ),
        law_contains::<Mp<256>>(
            |x, y| nearest(x, y, |a, b| a.clone() + b),
            |p, q| Some(p.clone() + q),
        ),
        // The upper endpoint rounded down.
        law_contains::<Mp<256>>(
            |x, y| {
                let hi = x.hi().add_toward(y.hi(), Toward::Down);
                Interval::new((x.clone() + y).lo().clone(), hi).expect("in order")
            },
            |p, q| Some(p.clone() + q),
        ),
        // A product of the lower and of the upper endpoints alone: wrong below zero.
        law_contains::<f64>(
            |x, y| {
                let (a, b) = (x.lo() * y.lo(), x.hi() * y.hi());
                Interval::new(a.min(b), a.max(b)).expect("in order")
            },
            |p, q| Some(p.clone() * q),
        ),
        // A square as if x were positive.
        law_contains::<f64>(
            |x, _| {
                let (a, b) = (x.lo() * x.lo(), x.hi() * x.hi());
                Interval::new(a.min(b), a.max(b)).expect("in order")
            },
            |p, _| Some(p.clone() * p),
        ),
    ] {
        refused.expect_err("an interval that is not outward");
    }
}

#[test]
fn controls_wrong_functions_are_refused() {
    // tanh rounded to nearest.
    law_doubled::<Mp<256>, Mp<512>>(
        |x| {
            if x.is_none() {
                return Interval::none();
            }
            Interval::new(x.lo().tanh(), x.hi().tanh()).expect("increasing")
        },
        Twice::tanh,
        6,
    )
    .expect_err("not outward");
    // tanh ρ / ρ at the lower end alone.
    law_doubled::<f64, Mp<256>>(
        |r| Gain::Tanh.enclose(&Narrow::point(r.lo().max(0.0))),
        |r| Gain::Tanh.enclose(r),
        6,
    )
    .expect_err("half of an enclosure");
    // The derivative by its cancelling formula in working precision, midpoint only.
    law_doubled::<Mp<256>, Mp<512>>(
        |r| {
            if r.is_none() || r.hi() <= &Mp::zero() {
                return Interval::none();
            }
            let slope =
                |r: &Mp<256>| Gain::<Mp<256>>::Tanh.slope(&r.sqrt()) / r.sqrt() / Mp::from_int(2);
            Interval::point(slope(r.hi()))
        },
        |r| Gain::Tanh.enclose_derivative(r),
        6,
    )
    .expect_err("an approximation is no enclosure");
    // The soft threshold's derivative without the kink.
    law_mean_value(|gain, r| {
        if gain.name() == "soft-threshold" {
            gain.enclose_derivative(&Wide::point(r.hi().clone()))
        } else {
            gain.enclose_derivative(r)
        }
    })
    .expect_err("slopes below the kink are missing");
}
