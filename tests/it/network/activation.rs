//! The activation at every finite pre-activation, and the constants of the gains.
//!
//! The oracle is the plain formula z g(‖z‖² + o) at 2048 bits, where nothing over- or underflows and
//! nothing cancels below the precision of the scalars. The error is normwise and in units of
//! u: ‖h - h_exact‖ ≤ 8 u ‖h_exact‖ and |γ - γ_exact| ≤ 8 u γ_exact, as `Scalar::activate` promises.
//!
//! Where results are subnormal an entry may be off by another η, the smallest positive number: half
//! of it each for rounding the scaled entry and the product (h), or twice a power of two (γ).

mod constants;
mod rounding;

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
