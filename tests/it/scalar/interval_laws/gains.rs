//! Gains, their derivatives and their constants.

use super::*;

#[test]
fn the_derivative_of_tanh_is_enclosed_down_to_zero() {
    let gain: Gain<Wide> = Gain::Tanh;
    let third = Wide::from_rational(&Rational::ratio(-1, 3).expect("a ratio"));
    let at_zero = gain.enclose_derivative(&Wide::zero());
    assert!(at_zero.contains_interval(&third));
    for e in [-5000, -1000, -300, -265, -264, -263, -200, -30, -3] {
        let r = Wide::point(Mp::from_int(1).scale_by_power_of_two(e));
        let (here, across) = (
            gain.enclose_derivative(&r),
            gain.enclose_derivative(&(-r.clone()).hull(&r)),
        );
        assert!(
            across.contains_interval(&here) && across.contains_interval(&third),
            "{e}"
        );
        // -1/3 < g'(r) < -1/3 + 4r/15, to rounding.
        let slope = Wide::from_int(4) / Wide::from_int(15);
        assert!(
            third
                .hull(&(third.clone() + slope * &r))
                .contains_interval(&here)
                || e < -250,
            "{e}: {here}"
        );
    }
}

#[test]
fn derivatives_hold_the_mean_value_theorem() {
    law_mean_value(|gain, r| gain.enclose_derivative(r)).expect("held");
}

#[test]
fn rational_gains_contain_their_exact_values() {
    let mut rng = rng(13);
    for name in ["rational", "rational-tanh", "linear"] {
        let exactly: Gain<Rational> = Gain::from_name(name, None).expect("a gain");
        let (narrow, wide): (Gain<Narrow>, Gain<Wide>) = (
            Gain::from_name(name, None).expect("a gain"),
            Gain::from_name(name, None).expect("a gain"),
        );
        for _ in 0..300 {
            let r = Rational(rational(&mut rng, 60).abs());
            let value = exactly.rational_value(&r).expect("a rational gain");
            assert!(
                narrow
                    .enclose(&Interval::enclosing(&r))
                    .contains_rational(&value)
            );
            assert!(
                wide.enclose(&Interval::enclosing(&r))
                    .contains_rational(&value)
            );
        }
    }
}

#[test]
fn gains_across_zero_and_to_infinity() {
    for gain in gains::<f64>() {
        let across = gain.enclose(&Interval::new(-1.0, 4.0).expect("an interval"));
        let from_zero = gain.enclose(&Interval::new(0.0, 4.0).expect("an interval"));
        assert_eq!(across, from_zero, "{}", gain.name());
        for r in [0.0, 0.1, 1.0, 4.0] {
            assert!(across.contains_interval(&gain.enclose(&Interval::point(r))));
        }
        let all = gain.enclose(&Narrow::whole());
        assert!(
            all.lo() >= &0.0 && all.hi() <= &(1.0 + 1e-15),
            "{}: {all}",
            gain.name()
        );
        assert_eq!(
            gain.enclose_derivative(&Narrow::whole()).is_finite(),
            gain.properties().d.is_some(),
            "{}",
            gain.name()
        );
        let below = Interval::new(-2.0, -1.0).expect("an interval");
        assert!(gain.enclose(&below).is_none() && gain.enclose_derivative(&below).is_none());
        assert!(gain.enclose(&Narrow::none()).is_none());
    }
    // The kink: every slope between 0 and 1/(2t²) = 32/9.
    let soft: Gain<Narrow> = Gain::SoftThreshold {
        t: Interval::point(0.375),
    };
    let kink = soft.enclose_derivative(&Interval::new(0.1, 0.2).expect("an interval"));
    assert!(
        kink.contains(&0.0) && kink.contains(&3.55) && kink.hi() < &3.56,
        "{kink}"
    );
    assert!(
        soft.enclose_derivative(&Interval::new(0.0, 0.1).expect("an interval"))
            .is_zero()
    );
}

/// The constants that the bounds use, over all ρ ≥ 0: the range is split until every piece obeys, and pieces
/// beyond 2⁸ obey by 1/ρ.
#[test]
fn the_constants_of_the_gains_are_upper_bounds() {
    fn below(f: &dyn Fn(&Narrow) -> Narrow, limit: f64, what: &str) {
        let mut pieces = vec![Interval::new(0.0, 256.0).expect("an interval")];
        let mut split = 0;
        while let Some(piece) = pieces.pop() {
            if f(&piece).hi() <= &limit {
                continue;
            }
            split += 1;
            let middle = piece.midpoint();
            assert!(
                split < 400_000 && middle > *piece.lo(),
                "{what}: {} at {piece}",
                f(&piece)
            );
            pieces.push(Interval::new(*piece.lo(), middle).expect("a half"));
            pieces.push(Interval::new(middle, *piece.hi()).expect("a half"));
        }
    }
    let two = Narrow::from_int(2);
    for gain in gains::<f64>() {
        if gain == Gain::Log1p {
            // Its constants are come to at ρ → 0, where a product of intervals is wide at every width: tests/it/network/gain_laws.rs
            // searches there.
            continue;
        }
        let slope =
            |rho: &Narrow| (two.clone() * rho * gain.enclose_derivative(&rho.square())).abs();
        // The closed forms are attained, so that pieces around the maximum obey only to their own width;
        // tanh's constant is rounded up and leaves room of its own.
        let room = if gain.name() == "tanh" {
            1.0
        } else {
            1.0 + (-20f64).exp2()
        };
        below(&slope, gain.steepness().hi() * room, gain.name());
        if gain.name() == "tanh" {
            let joint = |rho: &Narrow| {
                let gamma = gain.enclose(&rho.square());
                (rho.tanh().square() + gamma.square()).sqrt()
            };
            below(&joint, 1.088_060_6, "reach of tanh");
        }
    }
}
