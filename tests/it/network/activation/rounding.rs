//! Activations within the promised roundings, at kinks, at ends of the range and in random bit patterns.

use super::*;

fn activations<S: Ends>() {
    for gain in gains::<S>() {
        let mut all = inputs::<S>();
        if let Gain::SoftThreshold { t } = &gain {
            all.extend(near_threshold(t));
        }
        let [h, gamma] = judge(&gain, &all, ours(&gain)).unwrap();
        let threshold = gain
            .threshold()
            .map_or(String::new(), |t| format!(" t = {:.0e}", t.to_f64()));
        println!(
            "{} {}{threshold}: h {h:.2} u, γ {gamma:.2} u",
            S::name(),
            gain.name()
        );

        // Zeros appended, of either sign, change no bit.
        for (z, o) in all.iter().step_by(5) {
            let mut plain = z.clone();
            let gamma = ours(&gain)(o, &mut plain);
            for zeros in [1, 7, 16] {
                let mut longer = z.clone();
                longer.extend((0..zeros).map(|k| if k % 2 == 0 { S::zero() } else { -S::zero() }));
                let longer_gamma = ours(&gain)(o, &mut longer);
                assert!(
                    longer_gamma == gamma && longer[..z.len()] == plain,
                    "{}: {z:?}",
                    gain.name()
                );
                assert!(longer[z.len()..].iter().all(S::is_zero));
            }
        }
        // `value` is the same computation without z.
        for o in inputs::<S>().into_iter().map(|(_, o)| o).take(12) {
            assert!(gain.value(&o) == ours(&gain)(&o, &mut []));
        }
    }
}

#[test]
fn activations_in_f32() {
    activations::<f32>();
}

#[test]
fn activations_in_f64() {
    activations::<f64>();
}

#[test]
fn activations_in_mp64() {
    activations::<Mp<64>>();
}

#[test]
fn activations_in_mp256() {
    activations::<Mp<256>>();
}

/// z = (δ, t) with δ far below t, or z = (t) with o = δ²: ρ² - t² = δ² may be below the smallest number where t, z and h
/// are not.
fn at_the_kink<S: Ends>() -> Vec<(Gain<S>, Input<S>)> {
    let mut rng = ChaCha8Rng::seed_from_u64(14);
    let mut all = vec![];
    // Beyond this ratio the oracle's 2048 bits no longer tell ρ from t.
    let deepest = 800.min(i64::from(S::precision().unwrap_or(0)) * 20);
    for d in S::decades() {
        let t = ten_to::<S>(d) * S::from_f64(rng.random_range(1.0..3.0));
        if !t.is_finite() || t.is_zero() {
            continue;
        }
        for _ in 0..24 {
            let delta = t.scale_by_power_of_two(-rng.random_range(0..deepest));
            let delta = delta * S::from_f64(rng.random_range(1.0..2.0));
            let gain = Gain::SoftThreshold { t: t.clone() };
            let beside = (vec![-delta.clone(), t.clone()], S::zero());
            all.push((gain.clone(), beside));
            let length = delta.clone() * delta;
            if length.is_finite() {
                all.push((gain, (vec![t.clone()], length)));
            }
        }
    }
    all
}

fn kinks<S: Ends>() {
    for (gain, input) in at_the_kink::<S>() {
        judge(&gain, &[input], ours(&gain)).unwrap();
    }
}

#[test]
fn at_the_kink_no_digit_of_the_difference_is_lost() {
    kinks::<f32>();
    kinks::<f64>();
    kinks::<Mp<64>>();
    // The case it was found by: 1.54e-202, not 0.
    let (t, small) = (2f64.powi(450), 1.23 * 2f64.powi(-110));
    let mut z = [small, t];
    let gamma = f64::activate(&Gain::SoftThreshold { t }, &0.0, &mut z).unwrap();
    assert!(z[1] > 1.53e-202 && z[1] < 1.55e-202, "{z:?} {gamma}");
}

#[test]
fn what_is_known_exactly() {
    let huge = 1.7e308;
    let mut z = [huge, huge];
    let gamma = f64::activate(&Gain::Tanh, &0.0, &mut z).unwrap();
    let expected = 0.5_f64.sqrt();
    assert!(
        z.iter()
            .all(|h| (h - expected).abs() <= 2.0 * f64::EPSILON * expected),
        "{z:?}"
    );
    assert!(gamma > 0.0 && gamma < 1e-308);
    let mut z = [f64::from_bits(1), -0.0];
    assert_eq!(f64::activate(&Gain::Tanh, &0.0, &mut z), Ok(1.0));
    assert!(z[0].to_bits() == 1 && z[1].to_bits() == (-0.0_f64).to_bits());
    let mut zero = [0.0, 0.0];
    for gain in [
        Gain::Tanh,
        Gain::Algebraic,
        Gain::Rational,
        Gain::RationalTanh,
        Gain::Linear,
    ] {
        assert_eq!(
            f64::activate(&gain, &0.0, &mut zero),
            Ok(1.0),
            "{}",
            gain.name()
        );
        assert_eq!(zero, [0.0, 0.0]);
    }
    assert_eq!(
        f64::activate(&Gain::SoftThreshold { t: 1.0 }, &0.0, &mut zero),
        Ok(0.0)
    );
    // At the threshold itself, 3-4-5, the answer is 0; with o, 3² + 16 = 5².
    for (mut z, o) in [(vec![3.0, 4.0], 0.0), (vec![3.0], 16.0)] {
        assert_eq!(
            f64::activate(&Gain::SoftThreshold { t: 5.0 }, &o, &mut z),
            Ok(0.0)
        );
        assert!(z.iter().all(|h| *h == 0.0));
    }
    // Over ℚ: exact, or refused.
    let q = |p, q| Rational::ratio(p, q).unwrap();
    let mut z = [q(1, 2), q(-1, 3)];
    let gamma = Rational::activate(&Gain::Rational, &q(1, 4), &mut z).unwrap();
    assert_eq!(gamma, q(36, 58));
    assert_eq!(z, [q(18, 58), q(-12, 58)]);
    assert!(Rational::activate(&Gain::Tanh, &q(1, 4), &mut z).is_err());
    assert_eq!(z, [q(18, 58), q(-12, 58)], "refused and left alone");
}

/// The shortcuts that implementations take, refused by the same check.
/// Of entries so small that ‖z‖ itself has few digits: h = z and γ = 1 for tanh, bit for bit.
#[test]
fn subnormal_pre_activations_are_returned_as_they_are() {
    let least = f64::from_bits(1);
    for k in 1..40 {
        let mut z = [f64::from(k) * least, f64::from(k + 1) * least];
        let before = z;
        let gamma = f64::activate(&Gain::Tanh, &0.0, &mut z).expect("finite");
        assert_eq!((gamma, z), (1.0, before));
    }
}

#[test]
fn shortcuts_are_refused() {
    let all = inputs::<f64>();
    let naive = |gain: &Gain<f64>, o: &f64, z: &mut [f64]| {
        let r = f64::dot(z, z) + o;
        let gamma = match gain {
            Gain::Tanh if r == 0.0 => 1.0,
            Gain::Tanh => r.sqrt().tanh() / r.sqrt(),
            Gain::Algebraic => 1.0 / (1.0 + r).sqrt(),
            Gain::Rational => 1.0 / (1.0 + r),
            Gain::RationalTanh => (15.0 + r) / (15.0 + 6.0 * r),
            Gain::SoftThreshold { t } => (1.0 - t / r.sqrt()).max(0.0),
            Gain::Linear => 1.0,
            Gain::Log1p if r == 0.0 => 1.0,
            Gain::Log1p => (1.0 + r.sqrt()).ln() / r.sqrt(),
            unknown => panic!("no formula for {}", unknown.name()),
        };
        z.iter_mut().for_each(|z| *z *= gamma);
        gamma
    };
    // r overflows at 1e200 and the answer is 0 or NaN instead of a unit vector.
    let large: Vec<Input<f64>> = vec![(vec![1e200, -1e200], 0.0)];
    for gain in [Gain::Tanh, Gain::Algebraic, Gain::RationalTanh] {
        assert!(
            judge(&gain, &large, |o, z| naive(&gain, o, z)).is_err(),
            "{}",
            gain.name()
        );
        assert!(judge(&gain, &large, ours(&gain)).is_ok());
    }
    // γ z where γ is subnormal loses bits of h.
    let edge: Vec<Input<f64>> = (30..60).map(|n| (vec![1.7e308; n], 0.0)).collect();
    let through_gamma = |o: &f64, z: &mut [f64]| {
        let mut scaled = z.to_vec();
        let gamma = f64::activate(&Gain::Tanh, o, &mut scaled).unwrap();
        z.iter_mut().for_each(|z| *z *= gamma);
        gamma
    };
    assert!(judge(&Gain::Tanh, &edge, through_gamma).is_err());
    assert!(judge(&Gain::Tanh, &edge, ours(&Gain::Tanh)).is_ok());
    // Underflow of r: tanh ρ/ρ is harmless there, 1 - t/ρ is not.
    let small: Vec<Input<f64>> = vec![(vec![3e-170, 4e-170], 0.0)];
    let soft = Gain::SoftThreshold { t: 1e-170 };
    assert!(judge(&soft, &small, |o, z| naive(&soft, o, z)).is_err());
    // Cancellation just above the threshold.
    let soft = Gain::SoftThreshold { t: 1.0 };
    assert!(judge(&soft, &near_threshold(&1.0), |o, z| naive(&soft, o, z)).is_err());
    // The ε-ball of radius 1e-3 with the gain of its rim.
    let ball = |o: &f64, z: &mut [f64]| {
        if isotropic::linalg::norm2(z) > 1e-3 {
            return ours(&Gain::Tanh)(o, z);
        }
        let gamma = Gain::Tanh.value(&(1e-6 + o));
        z.iter_mut().for_each(|z| *z *= gamma);
        gamma
    };
    assert!(judge(&Gain::Tanh, &all, ball).is_err());
    // o as a length instead of a squared length; o forgotten.
    assert!(
        judge(&Gain::Algebraic, &all, |o, z| ours(&Gain::Algebraic)(
            &(o * o).min(f64::MAX),
            z
        ))
        .is_err()
    );
    assert!(
        judge(&Gain::Algebraic, &all, |_, z| ours(&Gain::Algebraic)(
            &0.0, z
        ))
        .is_err()
    );
    // No inputs is not a pass.
    assert!(judge::<f64>(&Gain::Tanh, &[], ours(&Gain::Tanh)).is_err());
}

/// A few random inputs more, from the whole range of exponents, in the scalars with a hardware range.
#[test]
fn random_bit_patterns() {
    let mut rng = ChaCha8Rng::seed_from_u64(13);
    let finite = |rng: &mut ChaCha8Rng| loop {
        let x = f64::from_bits(rng.random());
        if x.is_finite() {
            return x;
        }
    };
    for gain in gains::<f64>() {
        let all: Vec<Input<f64>> = (0..300)
            .map(|_| {
                let n = rng.random_range(1..6);
                (
                    (0..n).map(|_| finite(&mut rng)).collect(),
                    finite(&mut rng).abs(),
                )
            })
            .collect();
        judge(&gain, &all, ours(&gain)).unwrap();
    }
}
