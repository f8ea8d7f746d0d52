//! The constants and bounds that certificates take from a gain, at kinks and limits included:
//! against closed forms over ℚ and plain formulas at four times the precision, from both sides.

use isotropic::{
    Gain, Scalar,
    network::Reached,
    scalar::{Field, Interval, Mp, Rational, interval::Endpoint},
};
use num_traits::{One, Zero};
use rug::Rational as Q;

type M = Mp<256>;
type Wide = Interval<M>;
/// The intervals of the oracle.
type Sharp = Interval<Mp<1024>>;

fn ratio(p: i64, q: i64) -> Rational {
    Rational::ratio(p, q).expect("not over 0")
}

fn wide(p: i64, q: i64) -> Wide {
    Wide::enclosing(&ratio(p, q))
}

fn power<E: Endpoint>(e: i64) -> E {
    E::one().scale_by_power_of_two(e)
}

fn soft<E: Endpoint>(p: i64, q: i64) -> Gain<Interval<E>> {
    let t = Interval::enclosing(&ratio(p, q));
    Gain::SoftThreshold { t }
}

/// All seven, the soft threshold at t = 3/4.
fn gains<E: Endpoint>() -> [Gain<Interval<E>>; 7] {
    [
        Gain::Tanh,
        Gain::Algebraic,
        Gain::Rational,
        Gain::RationalTanh,
        soft(3, 4),
        Gain::Linear,
        Gain::Log1p,
    ]
}

/// Whether x is within `roundings` directed roundings of q on either side: each moves an endpoint by
/// less than 2^-255 of itself.
fn is_within(x: &Wide, q: &Rational, roundings: i64) -> bool {
    let slack = Wide::from_int(roundings) * Wide::point(power(-255));
    let room = Wide::one() + Wide::symmetric(&slack);
    x.contains_rational(q) && (Wide::enclosing(q) * room).contains_interval(x)
}

#[test]
fn the_steepness_is_the_closed_form() {
    // G² = 4/27, 27/64 and 30/256; squaring doubles the three roundings of G and adds one.
    let [
        tanh,
        algebraic,
        rational,
        rational_tanh,
        soft,
        linear,
        log1p,
    ] = gains::<M>();
    for (gain, squared) in [
        (algebraic, ratio(4, 27)),
        (rational, ratio(27, 64)),
        (rational_tanh, ratio(30, 256)),
    ] {
        let found = gain.steepness().square();
        assert!(is_within(&found, &squared, 8), "{}: {found}", gain.name());
    }
    assert!(is_within(&soft.steepness(), &ratio(4, 3), 1));
    assert!(linear.steepness().is_zero());
    assert!(is_within(&log1p.steepness(), &ratio(1, 2), 1));
    // For tanh the next multiple of 1e-8 above 0.34341955….
    let rounded_up = ratio(34_341_956, 100_000_000);
    assert!(is_within(&tanh.steepness(), &rounded_up, 1));
}

#[test]
fn the_joint_lipschitz_constant_is_the_root_of_one_and_the_inverse_square_of_the_threshold() {
    for gain in gains::<M>() {
        let found = gain.joint_lipschitz();
        if gain.threshold().is_some() {
            // √(1 + 16/9) = 5/3, in four roundings.
            assert!(is_within(&found, &ratio(5, 3), 4), "{found}");
        } else if gain == Gain::Log1p {
            assert!(is_within(&found.square(), &ratio(5, 4), 8), "{found}");
        } else {
            assert_eq!(found, Wide::one(), "{}", gain.name());
        }
    }
}

#[test]
fn tau_squared_is_three_halves_over_d_for_the_gains_that_fall() {
    // D = 1/3, 1/2, 1 and 1/3: halves of integers, hence points.
    let expected = [(9, 2), (3, 1), (3, 2), (9, 2)];
    for (k, gain) in gains::<M>().iter().enumerate() {
        let expected = expected.get(k).map(|(p, q)| wide(*p, *q));
        assert_eq!(gain.tau_squared(), expected, "{}", gain.name());
    }
}

#[test]
fn at_a_length_the_falling_gains_contract_by_their_value_and_the_others_do_not() {
    let [
        tanh,
        algebraic,
        rational,
        rational_tanh,
        soft,
        linear,
        log1p,
    ] = gains::<M>();
    for o in [Wide::zero(), wide(3, 1), wide(1, 16)] {
        assert_eq!(soft.lipschitz_at(&o), Wide::one(), "{o}");
        assert_eq!(linear.lipschitz_at(&o), Wide::one(), "{o}");
    }
    // 1/√4, 1/4 and 18/33.
    let three = wide(3, 1);
    assert!(is_within(&algebraic.lipschitz_at(&three), &ratio(1, 2), 3));
    assert!(is_within(&rational.lipschitz_at(&three), &ratio(1, 4), 2));
    assert!(is_within(
        &rational_tanh.lipschitz_at(&three),
        &ratio(6, 11),
        6
    ));
    // ln(1+√3)/√3.
    assert!(is_ln_of_one_and_root_three(&log1p.lipschitz_at(&three)));
    let value = value(&gains()[0], &three.convert());
    assert!(
        tanh.lipschitz_at(&three)
            .convert()
            .contains_interval(&value)
    );
}

fn is_ln_of_one_and_root_three(found: &Wide) -> bool {
    let value = value(&Gain::Log1p, &Sharp::from_int(3));
    found.convert().contains_interval(&value)
}

/// g as the papers write it, at points r > 0.
fn value(gain: &Gain<Sharp>, r: &Sharp) -> Sharp {
    let one = Sharp::one();
    match gain {
        Gain::Tanh if r.is_zero() => one,
        Gain::Tanh => r.sqrt().tanh() / r.sqrt(),
        Gain::Algebraic => one.clone() / (one + r).sqrt(),
        Gain::Rational => one.clone() / (one + r),
        Gain::RationalTanh => {
            (Sharp::from_int(15) + r) / (Sharp::from_int(15) + Sharp::from_int(6) * r)
        }
        Gain::SoftThreshold { t } if *r > t.square() => one - t.clone() / r.sqrt(),
        Gain::SoftThreshold { .. } => Sharp::zero(),
        Gain::Linear => one,
        Gain::Log1p if r.is_zero() => one,
        Gain::Log1p => (one + r.sqrt()).ln() / r.sqrt(),
        unknown => panic!("no formula for {}", unknown.name()),
    }
}

/// What `reach_at` promises of gain, activation and joint norm: all upper bounds on each.
fn caps(gain: &Gain<Sharp>, o: &Sharp, s: &Sharp) -> [Vec<Sharp>; 3] {
    let r = s.square() + o;
    let falls = !matches!(gain, Gain::SoftThreshold { .. } | Gain::Linear);
    let gamma = value(gain, if falls { o } else { &r });
    let mut h = vec![value(gain, &r) * s];
    let mut uniform = vec![];
    match gain {
        Gain::Tanh => uniform.push(Sharp::enclosing(&ratio(10_880_606, 10_000_000))),
        Gain::Algebraic | Gain::Rational => uniform.push(Sharp::one()),
        _ => {}
    }
    match gain {
        Gain::Tanh | Gain::Algebraic => h.push(Sharp::one()),
        // s g(s² + o) is largest at s² = 1 + o; γ ≤ g(o) bounds it too.
        Gain::Rational => {
            let crest = Sharp::one() / (Sharp::from_int(2) * (Sharp::one() + o).sqrt());
            h = vec![s.clone() * &gamma, crest];
        }
        _ => {}
    }
    let smallest = h.iter().cloned().reduce(Interval::smaller).expect("one");
    let mut joint = vec![(smallest.square() + gamma.square()).sqrt()];
    joint.extend(uniform);
    [vec![gamma], h, joint]
}

#[test]
fn what_leaves_a_layer_is_bounded_and_no_more_loosely_than_promised() {
    // At most sixteen directed roundings of 2^-255 each.
    let room = Sharp::one() + Sharp::point(power(-251));
    for (gain, sharp) in gains::<M>().into_iter().zip(gains::<Mp<1024>>()) {
        for o in [(0, 1), (1, 4), (3, 1), (50, 1)] {
            for s in [(1, 8), (1, 1), (5, 2), (1000, 1)] {
                let case = format!("{} at o = {o:?}, ‖z‖ ≤ {s:?}", gain.name());
                let Reached {
                    gain: gamma,
                    activation,
                    joint,
                } = gain.reach_at(&wide(o.0, o.1), &wide(s.0, s.1));
                let found = [&gamma, &activation, &joint]
                    .map(|x| Sharp::point(x.convert::<Mp<1024>>().hi().clone()));
                let (o, s) = (
                    Sharp::enclosing(&ratio(o.0, o.1)),
                    Sharp::enclosing(&ratio(s.0, s.1)),
                );
                for (found, caps) in found.iter().zip(caps(&sharp, &o, &s)) {
                    for cap in caps {
                        assert!(found.hi() <= (cap * &room).hi(), "{case}: {found}");
                    }
                }
                for k in 0..=16 {
                    let norm = s.clone() * Sharp::from_int(k) / Sharp::from_int(16);
                    let gamma = value(&sharp, &(norm.square() + &o));
                    let h = norm * &gamma;
                    let joint = (h.square() + gamma.square()).sqrt();
                    for (found, reached) in found.iter().zip([gamma, h, joint]) {
                        assert!(found.hi() >= reached.lo(), "{case}: {found}, {reached}");
                    }
                }
            }
        }
    }
}

#[test]
fn in_the_unit_ball_means_no_rounding_above_one() {
    let far = wide(1000, 1);
    for gain in [Gain::Tanh, Gain::Algebraic] {
        let reached = gain.reach_at(&Wide::zero(), &far);
        assert!(reached.activation.hi() <= &M::one(), "{}", gain.name());
        // However large the pre-activation may be.
        let reached = gain.reach_at(&Wide::zero(), &Wide::whole());
        assert_eq!(reached.activation.hi(), &M::one(), "{}", gain.name());
    }
    for gain in [Gain::Algebraic, Gain::Rational] {
        let reached = gain.reach_at(&Wide::zero(), &far);
        assert!(reached.joint.hi() <= &M::one(), "{}", gain.name());
    }
}

#[test]
fn beyond_every_bound_a_gain_ends_at_its_limit() {
    let beyond = wide(15, 1).hull(&Wide::whole());
    let beyond = Interval::new(M::from_int(15), beyond.hi().clone()).expect("in order");
    for gain in gains::<M>() {
        let found = gain.enclose(&beyond);
        let at = gain.enclose(&wide(15, 1));
        let limit = match gain {
            Gain::RationalTanh => wide(1, 6),
            Gain::SoftThreshold { .. } | Gain::Linear => Wide::one(),
            _ => Wide::zero(),
        };
        // Monotone: nothing but what lies between.
        assert_eq!(found, at.hull(&limit), "{}", gain.name());
    }
}

#[test]
fn at_the_kink_itself_the_slopes_of_both_sides_count() {
    // t = 2 and r = 4: t² is exact, so that r is neither below nor above it.
    let at = soft::<M>(2, 1).enclose_derivative(&wide(4, 1));
    assert_eq!(at, Wide::zero().hull(&wide(1, 8)));
    assert!(soft::<M>(2, 1).enclose(&wide(4, 1)).is_zero());
}

#[test]
fn at_zero_the_soft_threshold_is_flat() {
    assert!(soft::<M>(2, 1).enclose_derivative(&Wide::zero()).is_zero());
}

#[test]
fn derivatives_of_intervals_contain_the_exact_ones() {
    let (z, o) = ([ratio(1, 2), ratio(-3, 7), ratio(5, 3)], ratio(5, 4));
    for name in ["rational", "rational-tanh", "linear"] {
        let exact = Rational::derivative(&Gain::from_name(name, None).expect("a gain"), &o, &z)
            .expect("a rational gain");
        let gain: Gain<Wide> = Gain::from_name(name, None).expect("a gain");
        let enclosed: Vec<Wide> = z.iter().map(Wide::enclosing).collect();
        let found = Wide::derivative(&gain, &Wide::enclosing(&o), &enclosed).expect("enclosed");
        let pairs = [
            (&found.gamma, &exact.gamma),
            (&found.of_length, &exact.of_length),
        ];
        let matrices = (found.matrix(), exact.matrix());
        let pairs = pairs
            .into_iter()
            .chain(found.gradient.iter().zip(&exact.gradient))
            .chain(matrices.0.iter().zip(matrices.1.iter()));
        for (found, exact) in pairs {
            assert!(
                found.contains_rational(exact),
                "{name}: {found} lacks {exact}"
            );
            // 2^-240: a few tens of roundings of numbers of order one.
            let radius = found.radius().to_rational().expect("bounded").0;
            assert!(radius < Q::from(1) >> 240u32, "{name}: {found}");
        }
    }
}
