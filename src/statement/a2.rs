//! A2: whatever commutes with every orthogonal matrix is radial.
//!
//! For any map f the mean of Rᵀ f(R z) over Haar R is a multiple of z. With X = Rᵀ f(Rz) - z ⟨f(Rz), Rz⟩/‖z‖²,
//! the part across z, E X = 0 and ‖X‖ ≤ ‖f(Rz)‖ ≤ M, so the mean of N draws is beyond
//! M √(2 ln(2/p)/N) with probability p at most, in any dimension (Pinelis 1994, Theorem 3.5).
//! Over ℚ the group is finite: the reflections that fix z.

use num_traits::{One, Zero};
use rand::{RngExt, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

use super::{
    Case, Magnitude, Measurement, Statement, Variant, case::sizeable, magnitude, support::*,
};
use crate::{
    error::Error,
    linalg::{Matrix, accumulate, haar, product, product_nt},
    network::{Gain, Scalar},
    scalar::{Field, Rational, Real},
};

pub(super) struct A2;

controls! {
    RotationsOnly = "rotations-only",
    SignedPermutations = "signed-permutations",
}

/// Entries of an input that are taken for z: those of largest size.
const DIMENSION: usize = 4;

/// Inputs of a case that are measured.
const POINTS: usize = 2;

/// ln(2/p) for p = 2^-40.
const LOG_CONFIDENCE: f64 = 41.0 * std::f64::consts::LN_2;

impl Statement for A2 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/A2.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_curved()?;
        for x in case.inputs.iter_mut().filter(|x| x.len() < 2) {
            x.push(sizeable(rng));
        }
        Ok(())
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let (network, _) = case.cast::<S>()?;
        let (gain, o) = (network.gain(), network.length_squared(1));
        let mut rng = case.rng();
        // The radius shrinks with √N, whatever the precision.
        let draws = if S::precision() <= Some(53) { 512 } else { 128 };
        let mut measurement = Measurement::default();
        for z in points(case) {
            let n = match variant.is(Control::RotationsOnly) {
                true => z.len().min(2),
                false => z.len(),
            };
            let z: Vec<S> = z[..n].iter().map(S::from_rational).collect();
            let map = Map::new(variant, gain, &o, n, &mut rng);
            let squared = S::dot(&z, &z);
            let mut sum = vec![S::zero(); n];
            for _ in 0..draws {
                let r = draw(variant, n, &mut rng).map(S::from_f64);
                let turned = image(&r, &z);
                let value = map.at(&turned)?;
                let back = image(&r.transpose(), &value);
                S::axpy(&mut sum, &S::one(), &back);
                if !squared.is_zero() {
                    let along = -(S::dot(&value, &turned) / &squared);
                    S::axpy(&mut sum, &along, &z);
                }
            }
            let mean = size(&sum) / Magnitude::from_int(draws);
            let most = map.most(&size(&z));
            let radius = Magnitude::from_f64((2.0 * LOG_CONFIDENCE / draws as f64).sqrt());
            // R is drawn in f64; sums of N terms are rounded N times.
            let rounding = roundings::<S>((draws + 100 * n as i64) as f64)
                + Magnitude::from_f64(16.0 * n as f64 * f64::EPSILON);
            measurement.push(mean, (radius + rounding) * &most, most);
        }
        Ok(Some(measurement))
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let (network, _) = case.cast::<Rational>()?;
        let (gain, o) = (network.gain(), network.length_squared(1));
        let mut rng = case.rng();
        let mut measurement = Measurement::default();
        for z in points(case) {
            // z = a q with a unit vector q, the first of an orthonormal basis.
            let n = z.len();
            let q = exact_orthogonal(n, &mut rng);
            let z: Vec<Rational> = q.column(0).iter().map(|q| q.clone() * &z[0]).collect();
            let squared = Rational::dot(&z, &z);
            let map = Map::new(Variant::Faithful, gain, &o, n, &mut rng);
            // All reflections of the basis but those that move z. The subgroups of the controls hold none that
            // fixes a general z but the identity.
            let fixed = usize::from(!squared.is_zero());
            let signs = match variant {
                Variant::Faithful => 1u32 << (n - fixed),
                Variant::Control(_) => 1,
            };
            let mut sum = vec![Rational::zero(); n];
            for bits in 0..signs {
                let flips = Matrix::from_fn(n, n, |i, j| match (i == j, i >= fixed) {
                    (false, _) => Rational::zero(),
                    (true, true) if bits >> (i - fixed) & 1 == 1 => -Rational::one(),
                    (true, _) => Rational::one(),
                });
                let r = product_nt(&product(&q, &flips), &q);
                let back = image(&r.transpose(), &map.at(&image(&r, &z))?);
                Rational::axpy(&mut sum, &Rational::one(), &back);
            }
            let along = if fixed == 1 {
                Rational::dot(&map.at(&z)?, &z) / squared * Rational::from(i64::from(signs))
            } else {
                Rational::zero()
            };
            let expected = z.iter().map(|z| z.clone() * &along);
            measurement.push_count(sum.iter().zip(expected).filter(|(a, b)| **a != *b).count());
        }
        Ok(Some(measurement))
    }
}

/// The largest entries of the first few inputs.
fn points(case: &Case) -> Vec<Vec<Rational>> {
    let largest = |x: &Vec<Rational>| {
        let mut x = x.clone();
        x.sort_by_key(|x| std::cmp::Reverse(num_traits::Signed::abs(x)));
        x.truncate(DIMENSION);
        x
    };
    case.inputs.iter().take(POINTS).map(largest).collect()
}

fn image<S: Field>(r: &Matrix<S>, z: &[S]) -> Vec<S> {
    let mut image = vec![S::zero(); r.nrows()];
    accumulate(&mut image, r, z);
    image
}

/// A map that commutes with little.
enum Map<'a, S> {
    /// Each entry of z + c with a gain of its own: with nothing.
    Elementwise {
        gain: &'a Gain<S>,
        o: &'a S,
        shift: Vec<S>,
    },
    /// (-z_2, z_1): with SO(2).
    QuarterTurn,
    /// ± the axis of the largest entry: with signed permutations.
    Sign,
}

impl<'a, S: Scalar> Map<'a, S> {
    fn new(
        variant: Variant<Control>,
        gain: &'a Gain<S>,
        o: &'a S,
        n: usize,
        rng: &mut ChaCha8Rng,
    ) -> Self {
        match variant {
            Variant::Control(Control::RotationsOnly) => Map::QuarterTurn,
            Variant::Control(Control::SignedPermutations) => Map::Sign,
            _ => Map::Elementwise {
                gain,
                o,
                shift: (0..n).map(|_| S::from_rational(&sizeable(rng))).collect(),
            },
        }
    }

    fn at(&self, z: &[S]) -> Result<Vec<S>, Error> {
        let mut value = z.to_vec();
        match self {
            Map::Elementwise { gain, o, shift } => {
                S::axpy(&mut value, &S::one(), shift);
                for value in &mut value {
                    S::activate(gain, o, std::slice::from_mut(value))?;
                }
            }
            Map::QuarterTurn => {
                if let [first, second] = &mut value[..] {
                    std::mem::swap(first, second);
                    *first = -first.clone();
                }
            }
            Map::Sign => {
                let largest =
                    (1..z.len()).fold(
                        0,
                        |best, i| {
                            if z[i].abs() > z[best].abs() { i } else { best }
                        },
                    );
                for (i, value) in value.iter_mut().enumerate() {
                    *value = match (i == largest, value.below_zero()) {
                        (false, _) => S::zero(),
                        (true, true) => -S::one(),
                        (true, false) => S::one(),
                    };
                }
            }
        }
        Ok(value)
    }

    /// M: a bound on ‖f‖ over the sphere through z, by γ ≤ 1.
    fn most(&self, z: &Magnitude) -> Magnitude {
        match self {
            Map::Elementwise { shift, .. } => {
                let shift: Vec<Magnitude> = shift.iter().map(magnitude).collect();
                z.clone() + size(&shift)
            }
            Map::QuarterTurn => z.clone(),
            Map::Sign => Magnitude::one(),
        }
    }
}

/// A random element of the group, in f64.
fn draw(variant: Variant<Control>, n: usize, rng: &mut ChaCha8Rng) -> Matrix<f64> {
    if variant.is(Control::SignedPermutations) {
        let mut order: Vec<usize> = (0..n).collect();
        order.shuffle(rng);
        let signs: Vec<f64> = (0..n)
            .map(|_| if rng.random() { 1.0 } else { -1.0 })
            .collect();
        return Matrix::from_fn(n, n, |i, j| if order[i] == j { signs[i] } else { 0.0 });
    }
    let mut r = haar::<f64>(n, rng);
    if variant.is(Control::RotationsOnly) && r.determinant() < 0.0 {
        r.row_mut(0).neg_mut();
    }
    r
}
