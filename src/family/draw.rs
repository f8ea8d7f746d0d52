//! What a network is built from: dimensions, and a pool with a place for every possible entry.
//!
//! An entry keeps its place, and so its value, while the dimensions around it shrink. The same draw
//! builds a network of every family.

use rand::{Rng, RngExt};

use crate::{
    linalg::{Matrix, cayley_transform},
    network::Gain,
    scalar::Rational,
};

/// What to draw.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The most layers, at least 1; families that need hidden layers go beyond it.
    pub depth: usize,
    /// The largest width, at least 1; families that need room go beyond it.
    pub width: usize,
    /// The gains to choose from; a failure shrinks towards the first.
    pub gains: Vec<Gain<Rational>>,
}

impl Spec {
    /// Small networks with rational gains: exact over ℚ.
    pub fn exact() -> Self {
        Spec {
            depth: 3,
            width: 4,
            gains: gains().into_iter().filter(Gain::is_rational).collect(),
        }
    }

    /// Networks with every gain, for floating point.
    pub fn real() -> Self {
        Spec {
            depth: 4,
            width: 6,
            gains: gains(),
        }
    }

    /// The depth the pool has places for: every family can have two hidden layers.
    pub(crate) fn deepest(&self) -> usize {
        self.depth.max(3)
    }

    /// The width the pool has places for: a widening network needs room to widen.
    pub(crate) fn widest(&self) -> usize {
        self.width.max(3) + self.deepest()
    }

    /// The number of places of the pool.
    pub(crate) fn places(&self) -> usize {
        let (depth, width) = (self.deepest(), self.widest());
        // For each layer a weight, a bias, a ψ and a rotation; then lengths and an input.
        depth * (2 * width * width + 2 * width) + depth + width
    }
}

/// The gains with a finite D, the soft threshold at ½.
fn gains() -> Vec<Gain<Rational>> {
    let mut gains = Gain::all(&Rational(rug::Rational::from((1, 2))));
    gains.retain(|gain| *gain != Gain::Log1p);
    gains
}

/// Numerators of the pool lie within ± this.
pub(crate) const LARGEST: i16 = 145;
/// The common denominator: a full mantissa in every binary float.
const DENOMINATOR: i16 = 97;

/// k/97.
pub(crate) fn number(numerator: i16) -> Rational {
    Rational(rug::Rational::from((numerator, DENOMINATOR)))
}

/// Dimensions, choices and a pool of numerators.
#[derive(Clone, Debug)]
pub struct Draw {
    /// L, before the family has its say.
    pub depth: usize,
    /// n₀ … n_L and beyond, before the family has its say.
    pub widths: Vec<usize>,
    /// Whether the layers from the second on have a ψ.
    pub psi: bool,
    /// Whether the network has intrinsic lengths.
    pub lengths: bool,
    /// Which of the gains.
    pub gain: usize,
    /// Numerators, [`Spec`] says how many.
    pub pool: Vec<i16>,
}

impl Draw {
    /// A random draw with the gain of that index (taken modulo the number of gains).
    pub fn random(spec: &Spec, gain: usize, rng: &mut impl Rng) -> Self {
        let depth = spec.deepest();
        Draw {
            depth: rng.random_range(1..=spec.depth.max(1)),
            widths: (0..=depth)
                .map(|_| rng.random_range(1..=spec.width.max(1)))
                .collect(),
            psi: rng.random_bool(0.7),
            lengths: rng.random_bool(0.7),
            gain: gain % spec.gains.len().max(1),
            pool: (0..spec.places())
                .map(|_| rng.random_range(-LARGEST..=LARGEST))
                .collect(),
        }
    }
}

/// Where an entry stands in the pool: its place depends on nothing but its indices.
pub(super) struct Places<'a> {
    pool: &'a [i16],
    width: usize,
    depth: usize,
}

impl<'a> Places<'a> {
    pub(super) fn new(draw: &'a Draw, spec: &Spec) -> Self {
        Places {
            pool: &draw.pool,
            width: spec.widest(),
            depth: spec.deepest(),
        }
    }

    /// The numerator at a place; 0 beyond the pool.
    fn at(&self, place: usize) -> i16 {
        self.pool.get(place).copied().unwrap_or(0)
    }

    fn layer(&self, l: usize, offset: usize) -> i16 {
        let w = self.width;
        self.at(l * (2 * w * w + 2 * w) + offset)
    }

    pub(super) fn weight(&self, l: usize, i: usize, j: usize) -> Rational {
        number(self.layer(l, i * self.width + j))
    }

    pub(super) fn bias(&self, l: usize, i: usize) -> Rational {
        number(self.layer(l, self.width * self.width + i))
    }

    pub(super) fn psi(&self, l: usize, i: usize) -> Rational {
        number(self.layer(l, self.width * (self.width + 1) + i))
    }

    fn tail(&self, offset: usize) -> i16 {
        let w = self.width;
        self.at(self.depth * (2 * w * w + 2 * w) + offset)
    }

    pub(super) fn length(&self, l: usize) -> Rational {
        number(self.tail(l).abs())
    }

    pub(super) fn input(&self, j: usize) -> Rational {
        number(self.tail(self.depth + j))
    }

    /// A whole number from -3 to 3, from the place of a weight.
    pub(super) fn whole(&self, l: usize, i: usize, j: usize) -> Rational {
        Rational::from(i64::from(self.layer(l, i * self.width + j) % 4))
    }

    /// A Cayley transform: the identity if the places hold zeros.
    pub(super) fn rotation(&self, l: usize, n: usize) -> Matrix<Rational> {
        let w = self.width;
        let skew = |i: usize, j: usize| number(self.layer(l, w * w + 2 * w + i * w + j));
        cayley_transform(&Matrix::from_fn(n, n, |i, j| match i.cmp(&j) {
            std::cmp::Ordering::Less => -skew(j, i),
            std::cmp::Ordering::Equal => Rational::from(0),
            std::cmp::Ordering::Greater => skew(i, j),
        }))
    }
}
