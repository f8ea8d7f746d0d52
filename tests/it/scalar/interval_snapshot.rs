//! Every operation on intervals with ends where arithmetic changes its ways, as it is kept.

use isotropic::linalg::{Matrix, product, product_nt, product_tn};
use isotropic::scalar::{
    Field, Interval, Mp, Rational,
    interval::{Endpoint, Toward, norm, sum_of_squares},
    text::hex,
};
use num_traits::Signed;

use crate::support::{self, snapshot::compare};

fn end<E: Endpoint>(x: &E) -> String {
    hex(x).unwrap_or_else(|| format!("{}", x.to_f64()))
}

fn show<E: Endpoint>(x: &Interval<E>) -> String {
    if x.is_none() {
        return "none".into();
    }
    format!("[{}, {}]", end(x.lo()), end(x.hi()))
}

/// Points, intervals on each side of 0, across it and touching it, half lines, all numbers, none.
fn operands<E: Endpoint>() -> Vec<Interval<E>> {
    let ends = [
        (0.0, 0.0),
        (1.0, 1.0),
        (0.1, 0.3),
        (-3.0, -0.7),
        (-0.3, 5.0),
        (0.0, 7.0),
        (-9.0, 0.0),
        (1e-30, 1e30),
        (f64::MIN_POSITIVE / 4.0, f64::MIN_POSITIVE),
        (-f64::MAX, f64::MAX / 3.0),
    ];
    let mut all: Vec<Interval<E>> = ends
        .iter()
        .map(|(lo, hi)| Interval::new(E::from_f64(*lo), E::from_f64(*hi)).expect("in order"))
        .collect();
    let infinity = || E::from_f64(f64::INFINITY);
    all.push(Interval::new(E::from_f64(2.0), infinity()).expect("in order"));
    all.push(Interval::new(-infinity(), E::from_f64(-0.5)).expect("in order"));
    all.push(Interval::whole());
    all.push(Interval::none());
    all
}

fn operations<E: Endpoint>() -> Vec<String> {
    type I<E> = Interval<E>;
    type Unary<E> = (&'static str, fn(&I<E>) -> I<E>);
    type Binary<E> = (&'static str, fn(&I<E>, &I<E>) -> I<E>);
    let unary: [Unary<E>; 11] = [
        ("-", |x| -x.clone()),
        ("abs", |x| x.abs()),
        ("signum", |x| x.signum()),
        ("square", |x| x.square()),
        ("sqrt", |x| x.sqrt()),
        ("exp", |x| x.exp()),
        ("ln", |x| x.ln()),
        ("ln_1p", |x| x.ln_1p()),
        ("tanh", |x| x.tanh()),
        ("sech²", |x| x.sech_squared()),
        ("±", |x| I::symmetric(x)),
    ];
    let binary: [Binary<E>; 9] = [
        ("+", |x, y| x.clone() + y),
        ("-", |x, y| x.clone() - y),
        ("*", |x, y| x.clone() * y),
        ("/", |x, y| x.clone() / y),
        ("%", |x, y| x.clone() % y),
        ("larger", |x, y| I::larger(x.clone(), y.clone())),
        ("smaller", |x, y| I::smaller(x.clone(), y.clone())),
        ("hull", |x, y| x.hull(y)),
        ("abs_sub", |x, y| x.abs_sub(y)),
    ];
    let mut lines = vec![];
    let all = operands::<E>();
    for (name, of) in unary {
        let shown: Vec<String> = all.iter().map(|x| show(&of(x))).collect();
        lines.push(format!("{name}: {}", shown.join(" ")));
    }
    for (name, of) in binary {
        for x in &all {
            let shown: Vec<String> = all.iter().map(|y| show(&of(x, y))).collect();
            lines.push(format!("{} {name}: {}", show(x), shown.join(" ")));
        }
    }
    for x in &all {
        let digits = |x: E| end(&x);
        lines.push(format!(
            "{}: magnitude {} midpoint {} radius {} point {} finite {} signs {} {} as a rational {:?}",
            show(x),
            digits(x.magnitude()),
            digits(x.midpoint()),
            digits(x.radius()),
            x.is_point(),
            x.is_finite(),
            x.is_positive(),
            x.is_negative(),
            x.to_rational().map(|q| q.to_string()),
        ));
        let of_others: Vec<String> = all
            .iter()
            .map(|y| {
                let both = x.intersection(y).as_ref().map_or("empty".into(), show);
                let order = x.partial_cmp(y);
                format!("{both} {} {order:?}", x.contains_interval(y))
            })
            .collect();
        lines.push(format!("{} with: {}", show(x), of_others.join("; ")));
    }
    lines
}

/// Directed rounding of the ends themselves.
fn of_ends<E: Endpoint>() -> Vec<String> {
    let values = [0.0, 1.0, -0.1, 3e200, 1e-310, -f64::MAX, f64::INFINITY];
    let mut lines = vec![];
    for toward in [Toward::Down, Toward::Up] {
        for a in values.map(E::from_f64) {
            let shown: Vec<String> = values
                .map(E::from_f64)
                .iter()
                .map(|b| {
                    let sum = match a.is_finite() || b.is_finite() {
                        true => end(&a.add_toward(b, toward)),
                        false => "-".into(),
                    };
                    let quotient = match !b.is_zero() && (a.is_finite() || b.is_finite()) {
                        true => end(&a.divide_toward(b, toward)),
                        false => "-".into(),
                    };
                    format!("{sum} {} {quotient}", end(&a.multiply_toward(b, toward)))
                })
                .collect();
            lines.push(format!("{} {toward:?}: {}", end(&a), shown.join("; ")));
        }
        for (p, q) in [(1, 3), (-2, 7), (i64::MAX, 3), (5, 1)] {
            let q = Rational::ratio(p, q).expect("a ratio");
            lines.push(format!(
                "{q} {toward:?}: {}",
                end(&E::from_rational_toward(&q, toward))
            ));
        }
    }
    for (x, e) in [(1.0, 0), (3.1, 60), (1e-300, -900), (0.0, 5), (7e-9, 1000)] {
        let x = E::from_f64(x);
        let scaled = x.scaled_above(e);
        lines.push(format!(
            "{} 2^-{e}: {scaled:e} {}",
            end(&x),
            end(&E::scaled_back(scaled.min(1e300), e))
        ));
    }
    lines
}

/// Matrices as wide as the rounded products of midpoints and radii take over, and narrower.
fn products<E: Endpoint>() -> Vec<String> {
    let mut lines = vec![];
    for (m, inner, n) in [(2, 3, 2), (12, 12, 12), (14, 40, 13), (17, 12, 9)] {
        for (kind, width) in [
            ("points", 0.0),
            ("narrow", 1e-12),
            ("wide", 0.5),
            ("graded", 1e-9),
        ] {
            let factor = |rows: usize, columns: usize, seed: u64| {
                let mut middles = support::input::<f64>(rows * columns, seed).into_iter();
                Matrix::from_fn(rows, columns, |i, _| {
                    let grade = if kind == "graded" {
                        0.01f64.powi(i as i32)
                    } else {
                        1.0
                    };
                    let x = middles.next().unwrap_or_default() * grade;
                    let radius = width * x.abs();
                    Interval::new(E::from_f64(x - radius), E::from_f64(x + radius))
                        .expect("in order")
                })
            };
            let (a, b) = (factor(m, inner, 5), factor(inner, n, 6));
            let by_hand = [
                product(&a, &b),
                product_nt(&a, &b.transpose()),
                product_tn(&a.transpose(), &b),
            ];
            for c in &by_hand {
                let (first, last) = (&c[(0, 0)], &c[(m - 1, n - 1)]);
                let all = norm(c.as_slice());
                lines.push(format!(
                    "{m} {inner} {n} {kind}: {} {} norm {} squares {}",
                    show(first),
                    show(last),
                    show(&all),
                    show(&sum_of_squares(c.as_slice()))
                ));
            }
        }
    }
    lines
}

#[test]
fn results_are_as_kept() {
    let mut lines = operations::<f64>();
    lines.extend(operations::<Mp<24>>());
    lines.extend(of_ends::<f64>());
    lines.extend(of_ends::<Mp<24>>());
    lines.extend(products::<f64>());
    lines.extend(products::<Mp<64>>());
    for x in operands::<f64>() {
        lines.push(format!(
            "{} wider: {} narrower: {}",
            show(&x),
            show(&x.convert::<Mp<64>>()),
            show(&x.convert::<Mp<24>>())
        ));
    }
    compare("intervals", &lines);
}
