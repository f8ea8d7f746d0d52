//! The activation where its branches meet, its derivative at the kink, and the gains that are refused.

use crate::support;
use isotropic::{
    Gain, Scalar,
    network::Derivative,
    scalar::{Field, Mp, Rational, Real},
};
use num_traits::{One, Zero};
use rand::RngExt;

fn ratio(p: i64, q: i64) -> Rational {
    Rational::ratio(p, q).expect("not over 0")
}

/// At z = 15/8 · 2^-k, whose square is exact: whether γ is 1, and whether tanh ρ/ρ rounds to 1.
fn tanh_near_one<S: Real + Scalar>(k: i64) -> (bool, bool) {
    let z = S::from_f64(1.875).scale_by_power_of_two(-k);
    let exact: Mp<2048> = Field::from_rational(&z.to_rational().expect("finite"));
    let quotient = (exact.tanh() / exact).to_rational().expect("finite");
    let gamma = S::activate(&Gain::Tanh, &S::zero(), &mut [z]).expect("real");
    (gamma == S::one(), S::from_rational(&quotient) == S::one())
}

#[test]
fn tanh_is_one_exactly_where_it_rounds_to_one() {
    // ρ²/3 passes half an ulp below 1 where 2k is about the precision, odd and even alike.
    for k in 20..=34 {
        let (found, expected) = tanh_near_one::<Mp<53>>(k);
        assert_eq!(found, expected, "mp53 at 15/8 · 2^-{k}");
    }
    for k in 120..=136 {
        let (found, expected) = tanh_near_one::<Mp<256>>(k);
        assert_eq!(found, expected, "mp256 at 15/8 · 2^-{k}");
    }
    // Both answers were among them.
    assert!(!tanh_near_one::<Mp<53>>(27).1 && tanh_near_one::<Mp<53>>(28).1);
}

#[test]
fn tanh_leaves_small_pre_activations_as_they_are() {
    // ρ < 2^-27: tanh ρ/ρ rounds to 1, and h is z bit for bit.
    let mut rng = support::rng(17);
    for e in 30..140 {
        for n in [1, 2, 3, 7] {
            let z: Vec<f64> = (0..n)
                .map(|_| rng.random_range(-1.0..1.0) * (-f64::from(e)).exp2())
                .collect();
            let mut h = z.clone();
            let gamma = f64::activate(&Gain::Tanh, &0.0, &mut h);
            assert_eq!((gamma, &h), (Ok(1.0), &z), "2^-{e}, {n} entries");
        }
    }
}

#[test]
fn far_above_the_threshold_nothing_is_taken_off() {
    // t/ρ is below half an ulp of 1, so that 1 - t/ρ rounds to 1.
    let mut rng = support::rng(18);
    let gain = Gain::SoftThreshold { t: 1.0 };
    for _ in 0..200 {
        let n = rng.random_range(1..6);
        let z: Vec<f64> = (0..n)
            .map(|_| rng.random_range(1.0..2.0) * 56f64.exp2())
            .collect();
        for o in [0.0, rng.random_range(0.0..1.0) * 112f64.exp2()] {
            let mut h = z.clone();
            let gamma = f64::activate(&gain, &o, &mut h);
            assert_eq!((gamma, &h), (Ok(1.0), &z), "o = {o}");
        }
    }
}

#[test]
fn below_the_threshold_nothing_is_left_however_far() {
    for (z, t) in [
        (vec![3.0, 4.0], 10.0),
        (vec![3.0, 4.0], 10.5),
        (vec![3.0, 4.0], 1e300),
        (vec![3e-320, 4e-320], 1e300),
        (vec![3e-170, 4e-170], 1e-169),
    ] {
        let mut h = z.clone();
        let gamma = f64::activate(&Gain::SoftThreshold { t }, &0.0, &mut h);
        assert_eq!(gamma, Ok(0.0), "{z:?}, t = {t}");
        assert!(h.iter().all(|h| *h == 0.0), "{z:?}, t = {t}: {h:?}");
    }
}

#[test]
fn at_the_kink_the_derivative_is_the_one_from_inside() {
    let gain = Gain::SoftThreshold { t: 5.0 };
    for (z, o) in [(vec![3.0, 4.0], 0.0), (vec![3.0], 16.0), (vec![-5.0], 0.0)] {
        let found = f64::derivative(&gain, &o, &z).expect("real");
        assert_eq!((found.gamma, found.of_length), (0.0, 0.0), "{z:?}");
        assert!(found.gradient.iter().all(|x| *x == 0.0), "{z:?}");
        assert!(found.matrix().iter().all(|x| *x == 0.0), "{z:?}");
    }
    assert_eq!(gain.slope(&5.0), 0.0);
    // dγ/dρ = t/ρ² just above it.
    let above = 5f64.next_up();
    assert!((gain.slope(&above) - 0.2).abs() <= 4.0 * f64::EPSILON * 0.2);
}

#[test]
fn the_derivative_as_a_matrix_is_gamma_and_a_multiple_of_z_times_z() {
    let z = [ratio(1, 2), ratio(-3, 1), ratio(2, 7)];
    let o = ratio(1, 3);
    let found: Derivative<Rational> =
        Rational::derivative(&Gain::Rational, &o, &z).expect("rational");
    // γ = 1/(1+r) and 2g' = -2/(1+r)².
    let r = Rational::dot(&z, &z) + &o;
    let gamma = Rational::one() / (Rational::one() + r);
    let twice = -(Rational::from(2) * gamma.clone() * &gamma);
    let matrix = found.matrix();
    assert_eq!(matrix.shape(), (3, 3));
    for i in 0..3 {
        for j in 0..3 {
            let diagonal = if i == j {
                gamma.clone()
            } else {
                Rational::zero()
            };
            let expected = twice.clone() * &z[i] * &z[j] + diagonal;
            assert_eq!(matrix[(i, j)], expected, "{i}, {j}");
        }
    }
}

#[test]
fn where_a_gain_does_not_fall_a_length_does_not_contract() {
    for o in [0.0, 0.1, 3.0] {
        let soft = Gain::SoftThreshold { t: 1.0 };
        assert_eq!((soft.lipschitz(&o), Gain::Linear.lipschitz(&o)), (1.0, 1.0));
    }
}

#[test]
fn a_refused_gain_says_what_would_be_taken() {
    let unknown = "unknown; the gains are tanh, algebraic, rational, rational-tanh, soft-threshold, linear, log1p";
    let unwanted = "it takes no threshold; only soft-threshold does";
    let unheld = "HELDit must be finite and positive, as this scalar holds it: choose another threshold, or a wider scalar";
    for (name, threshold, reason) in [
        ("soft-threshold", None, "it needs a threshold t > 0"),
        ("soft-threshold", Some(-1.0), unheld),
        ("soft-threshold", Some(f64::INFINITY), unheld),
        ("tanh", Some(1.0), unwanted),
        ("linear", Some(1.0), unwanted),
        ("relu", Some(1.0), unknown),
        ("relu", None, unknown),
    ] {
        let error = Gain::from_name(name, threshold)
            .expect_err("refused")
            .to_string();
        let held = threshold.map_or_else(String::new, |t| format!("the threshold is {t} in f64; "));
        let reason = reason.replace("HELD", &held);
        assert_eq!(error, format!("gain {name}: {reason}"), "{threshold:?}");
    }
}
