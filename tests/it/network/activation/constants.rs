//! The constants of the gains: suprema that are reached and not exceeded.

use super::*;

/// ρ at which the gains are sampled densely: 0 to 50 in equal steps, then out to 1e6.
fn radii() -> impl Iterator<Item = f64> {
    let near = (0..=200_000).map(|k| f64::from(k) * 2.5e-4);
    near.chain((0..=2000).map(|k| 50.0 * 10f64.powf(f64::from(k) * 4.3 / 2000.0)))
}

/// σ', dγ/dρ, dg/dr and ‖(h, γ)‖ at ρ, from derivatives of the formula worked out by hand, in `S`.
struct Local<S> {
    sigma_slope: S,
    gamma_slope: S,
    gain_slope: S,
    reach: S,
}

fn local<S: Ends>(gain: &Gain<S>, rho: &S) -> Local<S> {
    let one = S::one();
    let r = rho.clone() * rho;
    let int = S::from_int;
    let (gamma, gain_slope) = match gain {
        Gain::Tanh => {
            let t = rho.tanh();
            let sech = one.clone() - t.clone() * &t;
            (t.clone() / rho, (sech - t / rho) / (int(2) * &r))
        }
        Gain::Algebraic => {
            let root = (one.clone() + &r).sqrt();
            (
                one.clone() / &root,
                -(one / (int(2) * root * (S::one() + &r))),
            )
        }
        Gain::Rational => (
            one.clone() / (one.clone() + &r),
            -(one.clone() / ((one.clone() + &r) * (one + &r))),
        ),
        Gain::RationalTanh => {
            let below = int(15) + int(6) * &r;
            (
                (int(15) + &r) / &below,
                -(int(75) / (below.clone() * below)),
            )
        }
        Gain::SoftThreshold { t } if rho > t => {
            (one - t.clone() / rho, t.clone() / (int(2) * rho * &r))
        }
        Gain::SoftThreshold { .. } => (S::zero(), S::zero()),
        Gain::Linear => (one, S::zero()),
        Gain::Log1p => {
            let (ln, w) = ((one.clone() + rho).ln(), one.clone() + rho);
            (ln.clone() / rho, (one / w - ln / rho) / (int(2) * &r))
        }
        unknown => panic!("no formula for {}", unknown.name()),
    };
    let gamma_slope = int(2) * rho * &gain_slope;
    Local {
        sigma_slope: gamma.clone() + rho.clone() * &gamma_slope,
        gamma_slope,
        gain_slope,
        reach: ((r + S::one()).sqrt()) * gamma,
    }
}

/// The constants that `claimed` documents against the derivatives of the formula of `gain`: K, G, D, P
/// and the reach are never exceeded by more than `slack` (the rounding of this test's own
/// formulas), and attained to 1e-6.
fn constants<S: Ends>(
    claimed: &Gain<S>,
    gain: &Gain<S>,
    radii: impl Iterator<Item = S>,
    slack: &S,
) -> Result<(), String> {
    let mut worst = [(); 5].map(|()| S::zero());
    let reach = claimed.reach();
    let bounded = reach.is_some();
    if bounded != matches!(gain, Gain::Tanh | Gain::Algebraic | Gain::Rational) {
        return Err(format!(
            "{}: ‖(h, γ)‖ claimed bounded: {bounded}",
            gain.name()
        ));
    }
    let constants = [
        claimed.k(),
        claimed.g(),
        claimed.d().expect("finite"),
        claimed.p(),
        reach.unwrap_or_else(S::zero),
    ];
    let names = ["K", "G", "D", "P", "reach"];
    for rho in radii.filter(|rho| !rho.is_zero()) {
        let Local {
            sigma_slope,
            gamma_slope,
            gain_slope,
            reach,
        } = local(gain, &rho);
        // P: the radial singular value of z ↦ (h, γ) and the tangential one, γ ≤ 1.
        let radial =
            (sigma_slope.clone() * &sigma_slope + gamma_slope.clone() * &gamma_slope).sqrt();
        let reach = if bounded { reach } else { S::zero() };
        let found = [
            sigma_slope.abs(),
            gamma_slope.abs(),
            gain_slope.abs(),
            radial,
            reach,
        ];
        for (k, found) in found.into_iter().enumerate() {
            if found > constants[k].clone() * (S::one() + slack) {
                let (gain, name, claimed) = (gain.name(), names[k], &constants[k]);
                return Err(format!(
                    "{gain} at ρ = {rho}: {name} is {found}, claimed {claimed}"
                ));
            }
            worst[k] = S::larger(found, worst[k].clone());
        }
    }
    for (k, (worst, claimed)) in worst.into_iter().zip(&constants).enumerate() {
        let attained = worst >= claimed.clone() * (S::one() - S::from_f64(1e-6));
        if !attained {
            return Err(format!(
                "{}: {} is at most {worst}, claimed {claimed}",
                gain.name(),
                names[k]
            ));
        }
    }
    Ok(())
}

/// ρ within a relative 2^-10 of `rho`, in steps of 2^-20: 1e-6 of the extremum needs no more.
fn around<S: Ends>(rho: f64) -> Vec<S> {
    (-1024..=1024)
        .map(|k| S::from_f64(rho) * (S::one() + S::from_int(k).scale_by_power_of_two(-20)))
        .collect()
}

// dg/dr of tanh, (sech²ρ - tanh ρ/ρ)/2r, cancels: its relative error near 0 is about ε/r, and the suprema
// at 0 are approached to 3r. This first radius makes the one 4e-9 and the other 2e-7.
const FIRST: f64 = 2.5e-4;

const SLACK: f64 = f64::EPSILON / (FIRST * FIRST);

fn smooth_radii() -> impl Iterator<Item = f64> {
    radii().filter(|rho| *rho >= FIRST)
}

#[test]
fn constants_are_suprema() {
    for gain in [
        Gain::Tanh,
        Gain::Algebraic,
        Gain::Rational,
        Gain::RationalTanh,
    ] {
        constants(&gain, &gain, smooth_radii(), &SLACK).unwrap();
    }
    for t in [0.25, 1.0, 3.0] {
        let (gain, above) = (
            Gain::SoftThreshold { t },
            [1e-9, 1e-7].map(|step| t * (1.0 + step)),
        );
        constants(&gain, &gain, radii().chain(above), &(8.0 * f64::EPSILON)).unwrap();
    }
    constants(&Gain::Linear, &Gain::Linear, radii(), &0.0).unwrap();
}

#[test]
fn constants_at_the_extrema_in_mp256() {
    let u = Mp::<256>::unit_roundoff();
    // K, D and P are approached at 0, to 3e-8 at ρ = 1e-4; the reach at 0, ∞ or in between, near 1.4.
    let ends = || [1e-4, 1e-5, 1e-6, 1e7].map(Field::from_f64).into_iter();
    let middle = || (200..400).map(|k| Field::from_f64(f64::from(k) / 200.0));
    // Cancellation at ρ = 1e-6 costs r² = 2^-80.
    let slack = u.scale_by_power_of_two(90);
    let tops: [(Gain<Mp<256>>, f64); 4] = [
        (Gain::Tanh, 0.919938),
        (Gain::Algebraic, 0.5_f64.sqrt()),
        (Gain::Rational, 3f64.sqrt() / 3.0),
        (Gain::RationalTanh, (5.0_f64 / 6.0).sqrt()),
    ];
    for (gain, top) in tops {
        constants(
            &gain,
            &gain,
            ends().chain(around(top)).chain(middle()),
            &slack,
        )
        .unwrap();
    }
    for t in [0.25, 1.0, 3.0] {
        let t: Mp<256> = Field::from_f64(t);
        let just_above = t.clone() * (Mp::one() + Mp::one().scale_by_power_of_two(-200));
        let gain = Gain::SoftThreshold { t };
        let sampled = [just_above, Field::from_f64(1e7)].into_iter();
        constants(&gain, &gain, sampled, &u.scale_by_power_of_two(4)).unwrap();
    }
}

/// One gain's constants are not another's, and a threshold's not those of its neighbour.
#[test]
fn wrong_constants_are_refused() {
    let smooth = [
        Gain::Tanh,
        Gain::Algebraic,
        Gain::Rational,
        Gain::RationalTanh,
    ];
    for claimed in &smooth {
        for gain in smooth.iter().filter(|gain| *gain != claimed) {
            assert!(
                constants(claimed, gain, smooth_radii(), &SLACK).is_err(),
                "{} for {}",
                claimed.name(),
                gain.name()
            );
        }
    }
    for t in [0.999, 1.001] {
        let (claimed, gain) = (Gain::SoftThreshold { t }, Gain::SoftThreshold { t: 1.0 });
        assert!(constants(&claimed, &gain, radii().chain([1.0 + 1e-9]), &SLACK).is_err());
    }
    assert!(
        constants(&Gain::<f64>::Tanh, &Gain::Tanh, std::iter::empty(), &SLACK).is_err(),
        "no sample at all"
    );
}

/// `slope` against central differences of `value` at 256 bits with step 2^-80: the differences are
/// good to h² = 2^-160 and 256 - 80 bits of rounding, `slope` promises a few digits.
#[test]
fn slope_is_the_derivative_of_the_gain() {
    type S = Mp<256>;
    let step = S::one().scale_by_power_of_two(-80);
    let mut compared = 0;
    for gain in gains::<S>() {
        for rho in [
            1e-6, 1e-3, 0.03, 0.0624, 0.0626, 0.3, 1.0, 2.5, 30.0, 999.0, 1001.0, 1e6,
        ] {
            let rho: S = Field::from_f64(rho);
            if gain.threshold().is_some_and(|t| *t == rho) {
                continue;
            }
            let at = |rho: S| gain.value(&(rho.clone() * &rho));
            let difference =
                (at(rho.clone() + &step) - at(rho.clone() - &step)) / (step.clone() + &step);
            let slope = gain.slope(&rho);
            let error = (slope.clone() - &difference).abs();
            // A slope that is 0 may show as rounding of the differences, u/h.
            let rounding = S::one().scale_by_power_of_two(-170);
            let allowed = S::from_f64(1e-6) * difference.abs() + rounding;
            assert!(
                error <= allowed,
                "{} at {rho:.3}: {slope:.9} against {difference:.9}",
                gain.name()
            );
            compared += 1;
        }
    }
    assert!(compared > 80, "{compared} slopes only");
    // In f64 the two branches of tanh agree where they meet.
    let (below, above) = (
        Gain::Tanh.slope(&0.0625_f64.next_down()),
        Gain::Tanh.slope(&0.0625),
    );
    assert!(
        (below - above).abs() <= 2e-6 * above.abs(),
        "{below} {above}"
    );
}

#[test]
fn names_and_thresholds() {
    for name in Gain::<f64>::NAMES {
        let threshold = (name == "soft-threshold").then_some(0.5);
        let gain = Gain::from_name(name, threshold).unwrap();
        assert_eq!((gain.name(), gain.threshold().copied()), (name, threshold));
        assert_eq!(gain.is_rational(), gain.rational_value(&0.5).is_ok());
        let unwanted = if threshold.is_some() { None } else { Some(0.5) };
        assert!(
            Gain::from_name(name, unwanted).is_err(),
            "{name} with {unwanted:?}"
        );
        if gain.is_rational() {
            assert_eq!(gain.rational_value(&0.5), Ok(gain.value(&0.5)));
        }
    }
    for t in [0.0, -0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(
            Gain::from_name("soft-threshold", Some(t)).is_err(),
            "t = {t}"
        );
    }
    assert!(
        Gain::<f64>::from_name("Tanh", None).is_err() && Gain::<f64>::from_name("", None).is_err()
    );
}

/// `lipschitz` bounds both eigenvalues of the Jacobian, γ and γ + 2 g'(r) ‖z‖², for the o given.
#[test]
fn lipschitz_constants_hold_and_are_attained() {
    for gain in [
        Gain::Tanh,
        Gain::Algebraic,
        Gain::Rational,
        Gain::RationalTanh,
        Gain::Linear,
    ] {
        for o in [0.0, 1e-3, 0.1, 1.0, 2.9, 3.1, 10.0, 1e4] {
            let claimed = gain.lipschitz(&o);
            let mut largest = 0.0_f64;
            for norm in radii().step_by(20) {
                let r = norm * norm + o;
                let gamma = gain.value(&r);
                let radial = if r > 1e-4 {
                    gamma + 2.0 * local(&gain, &r.sqrt()).gain_slope * norm * norm
                } else {
                    gamma
                };
                largest = largest.max(gamma).max(radial.abs());
            }
            // The hand-made derivative is good to u/r ≤ 1e-11 here.
            assert!(
                largest <= claimed * (1.0 + 1e-11),
                "{} o = {o}: {largest} exceeds {claimed}",
                gain.name()
            );
            assert!(
                largest >= claimed * (1.0 - 1e-6),
                "{} o = {o}: {largest} falls short of {claimed}",
                gain.name()
            );
        }
    }
}
