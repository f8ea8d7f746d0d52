//! The activation at every finite pre-activation, and the constants of the gains.
//!
//! The oracle is the plain formula z g(‖z‖² + o) at 2048 bits, where nothing over- or underflows and
//! nothing cancels below the precision of the scalars. The error is normwise and in units of
//! u: ‖h - h_exact‖ ≤ 8 u ‖h_exact‖ and |γ - γ_exact| ≤ 8 u γ_exact, as `Scalar::activate` promises.
//!
//! Where results are subnormal an entry may be off by another η, the smallest positive number: half
//! of it each for rounding the scaled entry and the product (h), or twice a power of two (γ).

use isotropic::{
    Gain, Scalar,
    scalar::{Field, Mp, Rational, Real},
};
use num_traits::{One, Signed, Zero};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The error the documentation allows, in units of u.
const PROMISED: f64 = 8.0;

type Wide = Mp<2048>;

fn wide<S: Field>(x: &S) -> Wide {
    Wide::from_rational(&x.to_rational().expect("a finite value"))
}

/// The formula as the papers write it.
fn formula(gain: &Gain<Wide>, r: &Wide) -> Wide {
    let (one, fifteen) = (Wide::one(), Wide::from_int(15));
    match gain {
        Gain::Tanh if r.is_zero() => one,
        Gain::Tanh => r.sqrt().tanh() / r.sqrt(),
        Gain::Algebraic => one.clone() / (one + r).sqrt(),
        Gain::Rational => one.clone() / (one + r),
        Gain::RationalTanh => (fifteen.clone() + r) / (fifteen + Wide::from_int(6) * r),
        Gain::SoftThreshold { t } if *r > t.clone() * t => one - t.clone() / r.sqrt(),
        Gain::SoftThreshold { .. } => Wide::zero(),
        Gain::Linear => one,
        Gain::Log1p if r.is_zero() => one,
        Gain::Log1p => (one + r.sqrt()).ln() / r.sqrt(),
        unknown => panic!("no formula for {}", unknown.name()),
    }
}

// ---------------------------------------------------------------- the cases

/// The ends of a scalar's range.
trait Ends: Scalar + Real {
    /// The smallest positive number, where there is one.
    fn least() -> Self;
    fn largest() -> Self;
    /// Exponents of ten from the bottom to the top of the range.
    fn decades() -> Vec<i32>;
}

impl Ends for f32 {
    fn least() -> Self {
        f32::from_bits(1)
    }
    fn largest() -> Self {
        f32::MAX
    }
    fn decades() -> Vec<i32> {
        vec![
            -45, -40, -38, -30, -23, -20, -10, -4, -1, 0, 1, 4, 10, 18, 19, 20, 30, 38,
        ]
    }
}

impl Ends for f64 {
    fn least() -> Self {
        f64::from_bits(1)
    }
    fn largest() -> Self {
        f64::MAX
    }
    fn decades() -> Vec<i32> {
        vec![
            -323, -315, -308, -300, -200, -162, -160, -154, -100, -20, -9, -3, -1, 0, 1, 2, 9, 20,
            100, 153, 154, 155, 200, 300, 308,
        ]
    }
}

macro_rules! wide_ends {
    ($($bits:literal)*) => {
        $(impl Ends for Mp<$bits> {
            fn least() -> Self {
                Self::zero()
            }
            fn largest() -> Self {
                Self::one().scale_by_power_of_two(1023)
            }
            fn decades() -> Vec<i32> {
                f64::decades()
            }
        })*
    };
}

wide_ends!(64 256);

fn ten_to<S: Field>(e: i32) -> S {
    let power = rug::ops::Pow::pow(rug::Rational::from(10), e);
    S::from_rational(&Rational(power))
}

/// A pre-activation and o.
type Input<S> = (Vec<S>, S);

fn inputs<S: Ends>() -> Vec<Input<S>> {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let (zero, one, least, largest) = (S::zero(), S::one(), S::least(), S::largest());
    let of = |d: i32, rng: &mut ChaCha8Rng| {
        let sign = if rng.random() { 1.0 } else { -1.0 };
        // 0.1 to 1: every decade stays finite.
        ten_to::<S>(d) * S::from_f64(sign * rng.random_range(0.1..1.0))
    };
    let decades = S::decades();
    let mut o: Vec<S> = decades
        .iter()
        .step_by(3)
        .map(|&d| of(d, &mut rng).abs())
        .collect();
    o.extend([
        zero.clone(),
        least.clone(),
        S::from_f64(0.7),
        largest.clone(),
    ]);
    let mut z: Vec<Vec<S>> = vec![
        vec![zero.clone()],
        vec![zero.clone(), -zero.clone()],
        vec![],
        vec![least.clone()],
        vec![least.clone(), least.clone() * S::from_int(3), zero.clone()],
        vec![largest.clone()],
        vec![largest.clone(), -largest.clone()],
        vec![largest.clone(); 40],
        vec![largest.clone(), least.clone()],
        vec![largest * S::from_f64(0.94), one],
    ];
    for &d in &decades {
        for n in [1, 2, 5, 17] {
            z.push((0..n).map(|_| of(d, &mut rng)).collect());
        }
    }
    for _ in 0..60 {
        let n = rng.random_range(2..=20);
        z.push(
            (0..n)
                .map(|_| of(decades[rng.random_range(0..decades.len())], &mut rng))
                .collect(),
        );
    }
    for _ in 0..40 {
        let n = rng.random_range(1..=20);
        z.push(
            (0..n)
                .map(|_| of(rng.random_range(-2..=1), &mut rng))
                .collect(),
        );
    }
    let all: Vec<Input<S>> = z
        .iter()
        .flat_map(|z| o.iter().map(move |o| (z.clone(), o.clone())))
        .collect();
    assert!(all.len() > 1000, "the cases promised");
    all
}

/// Inputs whose ρ lies around the threshold: just above, where 1 - t/ρ cancels, just below, equal.
fn near_threshold<S: Ends>(t: &S) -> Vec<Input<S>> {
    let mut rng = ChaCha8Rng::seed_from_u64(12);
    let mut all = vec![
        (vec![t.clone()], S::zero()),
        (vec![-t.clone(), S::zero()], S::zero()),
    ];
    let bits = i64::from(S::precision().unwrap_or(0));
    for _ in 0..400 {
        let n = rng.random_range(1..=8);
        let direction: Vec<S> = (0..n)
            .map(|_| S::from_f64(rng.random_range(-1.0..1.0)))
            .collect();
        let with_length = rng.random_bool(0.5);
        let o = if with_length {
            t.clone() * t * S::from_f64(rng.random_range(0.0..1.0))
        } else {
            S::zero()
        };
        let norm = isotropic::linalg::norm2(&direction);
        let target = (t.clone() * t - &o).sqrt();
        // 1 ± 2^-k for k up to past the precision.
        let nudge = S::one().scale_by_power_of_two(-rng.random_range(1..=bits + 2));
        let nudge = if rng.random() { nudge } else { -nudge };
        let scale = target / norm * (S::one() + nudge);
        let z: Vec<S> = direction.iter().map(|x| x.clone() * &scale).collect();
        if z.iter().all(S::is_finite) {
            all.push((z, o));
        }
    }
    all
}

// ---------------------------------------------------------------- measuring

/// The errors of h and γ in units of u, less what subnormal results may add. NaN stays NaN.
fn errors<S: Ends>(gain: &Gain<S>, (z, o): &Input<S>, h: &[S], gamma: &S) -> [f64; 2] {
    let wide_gain = match gain {
        Gain::SoftThreshold { t } => Gain::SoftThreshold { t: wide(t) },
        Gain::Tanh => Gain::Tanh,
        Gain::Algebraic => Gain::Algebraic,
        Gain::Rational => Gain::Rational,
        Gain::RationalTanh => Gain::RationalTanh,
        Gain::Linear => Gain::Linear,
        Gain::Log1p => Gain::Log1p,
        unknown => panic!("no copy of {}", unknown.name()),
    };
    if h.iter().chain([gamma]).any(|x| !x.is_finite()) {
        return [f64::NAN; 2];
    }
    let z: Vec<Wide> = z.iter().map(wide).collect();
    let r = Wide::dot(&z, &z) + wide(o);
    let exact = formula(&wide_gain, &r);
    let eta = wide(&S::least());
    let u = wide(&S::unit_roundoff());
    let relative = |error: Wide, size: Wide| {
        if error.is_zero() {
            0.0
        } else {
            (error / (size * &u)).to_f64()
        }
    };
    // An entry's error beyond its η.
    let beyond = |found: &S, exact: Wide| {
        let error = (wide(found) - exact).abs();
        if error > eta {
            error - &eta
        } else {
            Wide::zero()
        }
    };
    let difference: Vec<Wide> = h
        .iter()
        .zip(&z)
        .map(|(h, z)| beyond(h, exact.clone() * z))
        .collect();
    let norm = |x: &[Wide]| Wide::dot(x, x).sqrt();
    let of_h = relative(norm(&difference), norm(&z) * &exact);
    let of_gamma = relative(beyond(gamma, exact.clone()), exact);
    [of_h, of_gamma]
}

/// The largest errors of an activation over the inputs, in u; an error above what is promised, a
/// NaN, or no inputs at all is an `Err` with the case.
fn judge<S: Ends>(
    gain: &Gain<S>,
    inputs: &[Input<S>],
    activate: impl Fn(&S, &mut [S]) -> S,
) -> Result<[f64; 2], String> {
    let mut worst: Option<[f64; 2]> = None;
    for input in inputs {
        let mut h = input.0.clone();
        let gamma = activate(&input.1, &mut h);
        let found = errors(gain, input, &h, &gamma);
        if found
            .iter()
            .any(|error| error.is_nan() || *error > PROMISED)
        {
            return Err(format!(
                "{} {}: {found:?} u at {input:?}, h = {h:?}, γ = {gamma}",
                S::name(),
                gain.name()
            ));
        }
        let so_far = worst.unwrap_or([0.0; 2]);
        worst = Some([so_far[0].max(found[0]), so_far[1].max(found[1])]);
    }
    worst.ok_or_else(|| "no inputs".into())
}

fn ours<S: Ends>(gain: &Gain<S>) -> impl Fn(&S, &mut [S]) -> S {
    |o, z| S::activate(gain, o, z).expect("a real scalar has every gain")
}

fn gains<S: Ends>() -> Vec<Gain<S>> {
    let mut all = vec![
        Gain::Tanh,
        Gain::Algebraic,
        Gain::Rational,
        Gain::RationalTanh,
        Gain::Linear,
        Gain::Log1p,
    ];
    let thresholds = [
        S::one(),
        S::from_f64(0.3),
        S::from_int(1000),
        ten_to(-30),
        ten_to(30),
    ];
    all.extend(thresholds.map(|t| Gain::SoftThreshold { t }));
    all
}

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

// ---------------------------------------------------------------- the tests

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

// ---------------------------------------------------------------- the constants

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
