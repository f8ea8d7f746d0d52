//! The laws of `src/scalar/interval/mod.rs`: outward everywhere, and no wider than need be.
//!
//! Each law takes the operation as a closure and returns the first case it fails on; at the end plausible
//! wrong operations must be refused by the same functions.

mod controls;
mod gains;
mod networks;

use isotropic::{
    Gain,
    io::shipped,
    network::evaluate,
    scalar::{
        Field, Interval, Mp, Rational, Real,
        interval::{Endpoint, IntervalError, Toward},
    },
};
use num_traits::{Num, One, Signed, Zero};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rug::Rational as Q;

type Wide = Interval<Mp<256>>;

type Twice = Interval<Mp<512>>;

type Narrow = Interval<f64>;

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn power(e: i32) -> Q {
    Q::from(1) << e
}

/// Random rationals of both signs with exponents within ±span, and zero now and then.
fn rational(rng: &mut ChaCha8Rng, span: i32) -> Q {
    if rng.random_range(0..12) == 0 {
        return Q::new();
    }
    let size = Q::from((rng.random::<u64>(), u64::MAX)) * power(rng.random_range(-span..=span));
    if rng.random() { size } else { -size }
}

/// Intervals of every kind: points, narrow, wide, on either side of zero and across it.
fn intervals<E: Endpoint>(seed: u64, count: usize, span: i32) -> Vec<Interval<E>> {
    let mut rng = rng(seed);
    let one = |_| {
        let a = rational(&mut rng, span);
        let b = match rng.random_range(0..4) {
            0 => a.clone(),
            1 => a.clone() + a.clone().abs() * power(-20),
            2 => -a.clone(),
            _ => rational(&mut rng, span),
        };
        let (lo, hi) = if a <= b { (a, b) } else { (b, a) };
        Interval::enclosing(&Rational(lo)).hull(&Interval::enclosing(&Rational(hi)))
    };
    (0..count).map(one).collect()
}

fn exact<E: Endpoint>(x: &E) -> Q {
    x.to_rational().expect("a bounded interval").0
}

/// The ends, the middle, zero where it is a member, and random members.
fn members<E: Endpoint>(x: &Interval<E>, rng: &mut ChaCha8Rng) -> Vec<Q> {
    let (lo, hi) = (exact(x.lo()), exact(x.hi()));
    let mut all = vec![lo.clone(), hi.clone(), (lo.clone() + &hi) / 2u32];
    let part = Q::from((rng.random::<u32>(), u32::MAX));
    all.push(lo.clone() + (hi.clone() - &lo) * part);
    if lo <= 0 && hi >= 0 {
        all.push(Q::new());
    }
    all
}

/// f(x, y) ∈ F(X, Y) for all members tried.
fn law_contains<E: Endpoint>(
    op: impl Fn(&Interval<E>, &Interval<E>) -> Interval<E>,
    oracle: impl Fn(&Q, &Q) -> Option<Q>,
) -> Result<usize, String> {
    let mut rng = rng(7);
    let (xs, ys) = (intervals::<E>(1, 300, 40), intervals::<E>(2, 300, 40));
    let mut checked = 0;
    for (x, y) in xs.iter().zip(&ys) {
        let result = op(x, y);
        for p in members(x, &mut rng) {
            for q in members(y, &mut rng) {
                let Some(value) = oracle(&p, &q) else {
                    continue;
                };
                checked += 1;
                if !result.contains_rational(&Rational(value.clone())) {
                    return Err(format!("{x} and {y}: {result} lacks {value} of {p}, {q}"));
                }
            }
        }
    }
    Ok(checked)
}

fn arithmetic<E: Endpoint>() {
    type I<E> = Interval<E>;
    let enough = |checked: Result<usize, String>| assert!(checked.expect("contained") > 3000);
    enough(law_contains::<E>(
        |x, y| x.clone() + y,
        |p, q| Some(p.clone() + q),
    ));
    enough(law_contains::<E>(
        |x, y| x.clone() - y,
        |p, q| Some(p.clone() - q),
    ));
    enough(law_contains::<E>(
        |x, y| x.clone() * y,
        |p, q| Some(p.clone() * q),
    ));
    enough(law_contains::<E>(
        |x, y| x.clone() / y,
        |p, q| (*q != 0).then(|| p.clone() / q),
    ));
    enough(law_contains::<E>(
        |x, y| x.clone() % y,
        |p, q| (*q != 0).then(|| p.clone() - Q::from(p / q).trunc() * q),
    ));
    enough(law_contains::<E>(
        |x, _| x.square(),
        |p, _| Some(p.clone() * p),
    ));
    enough(law_contains::<E>(
        |x, _| x.abs(),
        |p, _| Some(p.clone().abs()),
    ));
    enough(law_contains::<E>(
        |x, _| -x.clone(),
        |p, _| Some(-p.clone()),
    ));
    enough(law_contains::<E>(
        |x, y| x.abs_sub(y),
        |p, q| Some((p.clone() - q).max(Q::new())),
    ));
    enough(law_contains::<E>(
        |x, _| x.signum(),
        |p, _| Some(p.clone().signum()),
    ));
    enough(law_contains::<E>(
        |x, y| I::larger(x.clone(), y.clone()),
        |p, q| Some(p.clone().max(q.clone())),
    ));
    enough(law_contains::<E>(
        |x, y| I::smaller(x.clone(), y.clone()),
        |p, q| Some(p.clone().min(q.clone())),
    ));
    enough(law_contains::<E>(
        |x, y| I::dot(&[x.clone(), y.clone()], &[y.clone(), x.clone()]),
        |p, q| Some(p.clone() * q * 2u32),
    ));
    enough(law_contains::<E>(
        |x, y| {
            let mut sum = [y.clone()];
            I::axpy(&mut sum, x, std::slice::from_ref(y));
            sum[0].clone()
        },
        |p, q| Some(p.clone() * q + q),
    ));
    enough(law_contains::<E>(
        |x, y| {
            let (mut a, mut b) = ([x.clone()], [y.clone()]);
            I::rotate(&mut a, &mut b, x, y);
            a[0].clone()
        },
        |p, q| Some(p.clone() * p - q.clone() * q),
    ));
}

#[test]
fn arithmetic_contains_every_exact_result() {
    arithmetic::<f64>();
    arithmetic::<Mp<256>>();
}

/// The names, the function on intervals of either precision, and whether r < 0 is in its domain.
type Function<E> = (&'static str, Box<dyn Fn(&Interval<E>) -> Interval<E>>);

fn gains<E: Endpoint>() -> Vec<Gain<Interval<E>>> {
    let t = Interval::from_rational(&Rational::ratio(3, 8).expect("a ratio"));
    let names = [
        "tanh",
        "algebraic",
        "rational",
        "rational-tanh",
        "linear",
        "log1p",
    ];
    let mut all: Vec<_> = names
        .iter()
        .map(|name| Gain::from_name(name, None).expect("a gain"))
        .collect();
    all.push(Gain::SoftThreshold { t });
    all
}

fn functions<E: Endpoint>() -> Vec<Function<E>> {
    let mut all: Vec<Function<E>> = vec![
        ("sqrt", Box::new(Interval::sqrt)),
        ("exp", Box::new(Interval::exp)),
        ("ln", Box::new(Interval::ln)),
        ("ln_1p", Box::new(Interval::ln_1p)),
        ("tanh", Box::new(Interval::tanh)),
        ("sech²", Box::new(Interval::sech_squared)),
    ];
    for gain in gains::<E>() {
        let (name, derivative) = (gain.name(), gain.clone());
        all.push((name, Box::new(move |r| gain.enclose(r))));
        all.push((name, Box::new(move |r| derivative.enclose_derivative(r))));
    }
    all
}

/// F in precision p contains F in precision 2p, of the same interval.
fn law_doubled<E: Endpoint, D: Endpoint>(
    f: impl Fn(&Interval<E>) -> Interval<E>,
    doubled: impl Fn(&Interval<D>) -> Interval<D>,
    span: i32,
) -> Result<usize, String> {
    let mut checked = 0;
    for x in intervals::<E>(3, 250, span) {
        // Small and non-negative more often than not: the gains live there.
        for x in [
            x.clone(),
            x.abs(),
            x.square() * Interval::from_f64(2f64.powi(-30)),
        ] {
            let (here, there) = (f(&x), doubled(&x.convert()));
            if here.is_none() && there.is_none() {
                continue;
            }
            checked += 1;
            if !here.convert::<D>().contains_interval(&there) {
                return Err(format!("of {x}: {here} lacks a part of {there}"));
            }
        }
    }
    Ok(checked)
}

#[test]
fn functions_contain_themselves_at_doubled_precision() {
    for ((name, f), (_, doubled)) in functions::<f64>().into_iter().zip(functions::<Mp<256>>()) {
        let checked = law_doubled(f, doubled, 8).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert!(checked > 300, "{name}: {checked}");
    }
    for ((name, f), (_, doubled)) in functions::<Mp<256>>()
        .into_iter()
        .zip(functions::<Mp<512>>())
    {
        let checked = law_doubled(f, doubled, 12).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert!(checked > 300, "{name}: {checked}");
    }
}

#[test]
fn points_give_results_of_a_few_ulps() {
    fn tight<E: Endpoint>(exponents: std::ops::Range<i32>) {
        let bits = E::precision().expect("a float") as i32;
        for gain in gains::<E>() {
            for e in exponents.clone() {
                let q = Rational(Q::from((7, 5)) * power(e));
                let r = Interval::point(E::from_rational(&q));
                for enclosure in [gain.enclose(&r), gain.enclose_derivative(&r)] {
                    let size = exact(&enclosure.magnitude());
                    let radius = exact(&enclosure.radius());
                    // Close to its kink the soft threshold is small beside its operands.
                    let allowed = size.clone().max(if gain.name() == "soft-threshold" {
                        power(-4)
                    } else {
                        Q::new()
                    });
                    assert!(
                        radius <= allowed * power(5 - bits),
                        "{} at {r}: {enclosure}",
                        gain.name()
                    );
                    assert!(size == 0 || enclosure.lo().is_zero() == enclosure.hi().is_zero());
                }
            }
        }
    }
    tight::<f64>(-300..300);
    tight::<Mp<256>>(-700..700);
}

/// (g(b) - g(a)) / (b - a) ∈ g'([a, b]): what the certificates use the derivative for.
fn law_mean_value(derivative: impl Fn(&Gain<Wide>, &Wide) -> Wide) -> Result<(), String> {
    let mut rng = rng(11);
    for gain in gains::<Mp<256>>() {
        for _ in 0..300 {
            let a = rational(&mut rng, 4).abs();
            let b = a.clone() + rational(&mut rng, 4).abs() + power(-9);
            let (a, b) = (Wide::enclosing(&Rational(a)), Wide::enclosing(&Rational(b)));
            let quotient = (gain.enclose(&b) - gain.enclose(&a)) / (b.clone() - &a);
            let slopes = derivative(&gain, &a.hull(&b));
            // Room for the rounding of the quotient itself.
            let room = Wide::from_f64(2f64.powi(-200)) * Wide::from_f64(-1.0).hull(&Wide::one());
            if !(slopes.clone() + room).contains_interval(&quotient) {
                return Err(format!(
                    "{} on [{a}, {b}]: {slopes} lacks {quotient}",
                    gain.name()
                ));
            }
        }
    }
    Ok(())
}

#[test]
fn smaller_operands_give_smaller_results() {
    for (name, f) in functions::<f64>() {
        for x in intervals::<f64>(5, 200, 6) {
            let middle = Narrow::point(x.midpoint());
            let (all, part) = (f(&x), f(&middle));
            assert!(
                part.is_none() || all.contains_interval(&part),
                "{name} of {x}: {all}, {part}"
            );
        }
    }
}

/// Both ends are within the radius of the midpoint, wherever that was rounded to.
#[test]
fn both_ends_are_shown() {
    let x = Interval::new(-0.5, 2.0).expect("in order");
    assert_eq!(x.to_string(), "[-0.5, 2]");
}

#[test]
fn a_radius_reaches_both_ends() {
    for x in intervals::<f64>(5, 2000, 60) {
        let (middle, radius) = (exact(&x.midpoint()), exact(&x.radius()));
        let (lo, hi) = (exact(x.lo()), exact(x.hi()));
        assert!(hi - &middle <= radius && middle - lo <= radius, "{x}");
    }
    let next = Narrow::new(1.0, 1.0f64.next_up()).expect("in order");
    // Rounded up, by one ulp at the most.
    assert!((f64::EPSILON..=f64::EPSILON.next_up()).contains(&next.radius()));
}

/// A number beyond the range is somewhere between 0 and the end that it overflowed to.
#[test]
fn a_point_that_overflowed_is_a_half_line_from_zero() {
    let (above, below) = (
        Narrow::point(f64::INFINITY),
        Narrow::point(f64::NEG_INFINITY),
    );
    assert_eq!((*above.lo(), *above.hi()), (0.0, f64::INFINITY));
    assert_eq!((*below.lo(), *below.hi()), (f64::NEG_INFINITY, 0.0));
}

#[test]
fn endpoints_have_one_meaning() {
    let (nan, infinity) = (f64::NAN, f64::INFINITY);
    assert!(matches!(
        Interval::new(1.0, 0.0),
        Err(IntervalError::Inverted { .. })
    ));
    for (lo, hi) in [
        (nan, 0.0),
        (0.0, nan),
        (nan, nan),
        (infinity, infinity),
        (-infinity, -infinity),
    ] {
        assert!(
            matches!(Interval::new(lo, hi), Err(IntervalError::Empty { .. })),
            "{lo}, {hi}"
        );
    }
    let error = Interval::new(2.0, 1.0).expect_err("inverted").to_string();
    assert!(error.contains("[2.0, 1.0] is inverted"), "{error}");
    // Zero width is a point, and fine.
    assert!(Interval::new(1.5, 1.5).expect("a point").is_point());
    let (none, whole) = (Narrow::none(), Narrow::whole());
    assert!(none.is_none() && !none.is_finite() && !whole.is_finite() && !whole.is_none());
    assert!(!none.contains(&0.0) && whole.contains(&1e300) && !whole.contains(&infinity));
    // No interval spreads through everything and compares with nothing.
    let x = Narrow::from_f64(2.0);
    let results = [
        none.clone() + &x,
        x.clone() - &none,
        x.clone() * &none,
        none.clone() / &x,
        x.clone() % &none,
        none.sqrt(),
        none.exp(),
        none.tanh(),
        none.square(),
        none.abs(),
        none.signum(),
        none.hull(&x),
        Interval::larger(none.clone(), x.clone()),
        Interval::smaller(x.clone(), none.clone()),
        Narrow::dot(&[x.clone(), none.clone()], &[x.clone(), x.clone()]),
    ];
    for (at, result) in results.iter().enumerate() {
        assert!(
            result.is_none() && result.partial_cmp(&x).is_none() && result != result,
            "{at}: {result}"
        );
    }
    assert!(none.intersection(&x).is_none());
    assert!((x.clone() / Narrow::zero()).is_none(), "defined nowhere");
    assert_eq!(
        x.clone() / Interval::new(-1.0, 1.0).expect("an interval"),
        whole
    );
    assert!(
        Interval::new(-2.0, -1.0)
            .expect("an interval")
            .sqrt()
            .is_none()
    );
    assert_eq!(
        Interval::new(-1.0, 4.0).expect("an interval").sqrt().lo(),
        &0.0
    );
    assert!(Narrow::zero().ln().is_none());
    assert_eq!(
        (Narrow::zero() * &whole),
        Narrow::zero(),
        "0 times every real is 0"
    );
    // Overflow is unbounded, not infinite, and bounded below by the largest number.
    let huge = Narrow::point(f64::MAX) * Narrow::from_int(2);
    assert!(huge.lo() == &f64::MAX && huge.hi() == &infinity);
    assert!(Narrow::from_f64(nan).is_none() && !Narrow::from_f64(infinity).is_finite());
    assert!(Narrow::new(1.0, 2.0).expect("an interval") < Narrow::from_f64(2.5));
    assert!(
        Narrow::new(1.0, 2.0)
            .expect("an interval")
            .partial_cmp(&Narrow::from_f64(2.0))
            .is_none()
    );
    assert!(
        Narrow::from_str_radix("1/3", 10)
            .expect("a ratio")
            .contains_rational(&Rational::ratio(1, 3).expect("a ratio"))
    );
}

#[test]
fn quotients_by_half_lines_begin_at_zero() {
    let half_line = Interval::<f64>::new(2.0, f64::INFINITY).unwrap();
    let quotient = Interval::point(3.0) / half_line;
    assert_eq!((*quotient.lo(), *quotient.hi()), (0.0, 1.5f64.next_up()));
}

#[test]
fn remainders_keep_the_sign_of_what_is_divided() {
    let divisor = Interval::point(3.0);
    let negative = Interval::<f64>::new(-5.0, 0.0).unwrap() % divisor.clone();
    assert_eq!((*negative.lo(), *negative.hi()), (-3.0, 0.0));
    let positive = Interval::<f64>::new(0.0, 5.0).unwrap() % divisor;
    assert_eq!((*positive.lo(), *positive.hi()), (0.0, 3.0));
}

#[test]
fn a_rotation_contains_both_images() {
    let mut x = vec![Interval::point(1.0)];
    let mut y = vec![Interval::point(2.0)];
    Interval::rotate(
        &mut x,
        &mut y,
        &Interval::point(0.75),
        &Interval::point(0.5),
    );
    // (c x - s y, s x + c y), exact in binary.
    assert!(
        x[0].contains(&-0.25) && y[0].contains(&2.0),
        "{} {}",
        x[0],
        y[0]
    );
}
