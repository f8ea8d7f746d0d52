//! The slope of the tanh gain, enclosed: its plain formula cancels near zero and is all but a floating-point
//! number far out, and the enclosure is outward and as tight as its endpoints allow all the same.

use isotropic::{
    Gain,
    scalar::{Field, Interval, Mp, Rational, interval::Endpoint},
};
use num_traits::{Signed, Zero};

type M = Mp<256>;
type Wide = Interval<M>;
/// The oracle's intervals: what is lost to cancellation below leaves more than 600 bits.
type Sharp = Interval<Mp<1024>>;

fn ratio(p: i64, q: i64) -> Rational {
    Rational::ratio(p, q).expect("not over 0")
}

fn power<E: Endpoint>(e: i64) -> E {
    E::one().scale_by_power_of_two(e)
}

/// g' of tanh by its plain formula, (ρ sech²ρ - tanh ρ)/(2ρ³).
fn tanh_slope(r: &Sharp) -> Sharp {
    let rho = r.sqrt();
    (rho.clone() * rho.sech_squared() - rho.tanh()) / (Sharp::from_int(2) * r * &rho)
}

/// From 2^(-p-8) on the quotient is known to 2^(-p-30) of itself: rounded outward, it is the tightest
/// enclosure that the endpoints have.
fn tanh_slope_is_tightest<E: Endpoint>() {
    let bits = i64::from(E::precision().expect("a float"));
    let exponents = (-bits - 8..40)
        .step_by(7)
        .chain([-bits - 7, -1, 0, 1, 2, 3]);
    for e in exponents {
        let r = Interval::point(E::from_rational(&ratio(7, 5)).scale_by_power_of_two(e));
        let found = Gain::Tanh.enclose_derivative(&r);
        let expected: Interval<E> = tanh_slope(&r.convert()).convert();
        assert_eq!(found, expected, "p = {bits}, r = 7/5 · 2^{e}");
    }
}

#[test]
fn the_slope_of_tanh_is_as_tight_as_the_endpoints_allow() {
    tanh_slope_is_tightest::<f64>();
    tanh_slope_is_tightest::<M>();
}

/// Where a number lies nearer to g' than any computation to nearest can tell, on either side of it.
///
/// For large ρ = 2^k, -g'(r) = N/(2ρ³) with N = tanh ρ - ρ sech²ρ < 1 by less than any rounding: just below
/// 2^(-3k-1) at r = 4^k, and at r = 4^k (1 + x) just above 2^(-3k-1) (1 - 3x/2), by 15x²/8 of itself. With
/// x² ≤ 2^(-p-37) that is less than 2^(-p-30), by which the quotient is widened.
fn tanh_slope_is_outward<E: Endpoint>() {
    let bits = i64::from(E::precision().expect("a float"));
    for k in [7, 8] {
        for nudge in [E::zero(), power((-bits - 38) / 2)] {
            let r = Interval::point(power::<E>(2 * k) * (E::one() + nudge));
            let found = Gain::Tanh.enclose_derivative(&r);
            let expected = tanh_slope(&r.convert());
            assert!(
                found.convert().contains_interval(&expected),
                "r = {r}: {found}"
            );
            // To nearest it is a number: one of its neighbours is all that may be added on each side.
            let width = found.hi().clone() - found.lo();
            assert!(width <= power(-3 * k - bits + 1), "r = {r}: {found}");
        }
    }
}

#[test]
fn the_slope_of_tanh_is_outward_where_a_number_is_all_but_hit() {
    tanh_slope_is_outward::<f64>();
    tanh_slope_is_outward::<M>();
}

#[test]
fn the_slope_of_tanh_next_to_zero_is_no_less_than_minus_a_third() {
    let third = Wide::enclosing(&ratio(-1, 3));
    assert_eq!(Gain::Tanh.enclose_derivative(&Wide::zero()), third);
    // An ulp of 1/3 is 2^-257.
    let ulp = power::<M>(-257);
    for e in [-265, -266, -300, -3000, -1_000_000] {
        let found = Gain::Tanh.enclose_derivative(&Wide::point(power(e)));
        assert_eq!(found.lo(), third.lo(), "r = 2^{e}");
        let above = found.hi().clone() - third.hi();
        assert!(!above.is_negative() && above <= ulp, "r = 2^{e}: {found}");
        if e > -400 {
            let slope = tanh_slope(&Sharp::point(power(e)));
            assert!(found.convert().contains_interval(&slope), "r = 2^{e}");
        }
    }
}
