//! Proptest strategies for networks, inputs and gauges (feature `proptest`).
//!
//! Values are exact ([`Rational`]), so that one case serves every arithmetic: cast it with
//! [`Network::cast`]. Shrinking reduces dimensions before entries: depth, then widths, then the
//! structure (ψ, lengths), and only then numbers, towards 0. All numbers come from one pool with a
//! place for every possible entry, so that an entry keeps its value while the dimensions around it
//! shrink.
//!
//! ```
//! use isotropic::{gauge::rotate, network::evaluate, strategy};
//! use proptest::prelude::*;
//!
//! strategy::check("rotation_changes_nothing", 16, strategy::cases(strategy::Spec::exact()), |case| {
//!     for (l, r) in (1..).zip(&case.rotations) {
//!         let image = rotate(&case.network, l, r)?;
//!         prop_assert_eq!(evaluate(&case.network, &case.input)?, evaluate(&image, &case.input)?);
//!     }
//!     Ok(())
//! });
//! ```

mod replay;

use proptest::prelude::*;

pub use replay::check;

use crate::{
    linalg::{Matrix, Vector, cayley_transform},
    network::{Gain, Layer, Network},
    scalar::Rational,
};

/// What to draw.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The most layers, at least 1.
    pub depth: usize,
    /// The largest width, at least 1.
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
            gains: vec![Gain::Rational, Gain::RationalTanh, Gain::Linear],
        }
    }

    /// Networks with every gain, for floating point.
    pub fn real() -> Self {
        let t = Rational(rug::Rational::from((1, 2)));
        let gains = vec![
            Gain::Tanh,
            Gain::Algebraic,
            Gain::Rational,
            Gain::RationalTanh,
            Gain::SoftThreshold { t },
            Gain::Linear,
        ];
        Spec {
            depth: 4,
            width: 6,
            gains,
        }
    }
}

/// A network, an input for it, and a rotation for each of its hidden layers.
#[derive(Clone, Debug)]
pub struct Case {
    /// The network.
    pub network: Network<Rational>,
    /// n₀ entries.
    pub input: Vec<Rational>,
    /// Exactly orthogonal, n_l × n_l, for l = 1 … L-1; the identity when fully shrunk.
    pub rotations: Vec<Matrix<Rational>>,
}

/// Numerators of the pool; the denominator is fixed.
const LARGEST: i16 = 145;
const DENOMINATOR: i16 = 97;

fn number(numerator: i16) -> Rational {
    Rational(rug::Rational::from((numerator, DENOMINATOR)))
}

/// What is drawn, in the order in which it shrinks.
type Draw = (usize, Vec<usize>, (bool, bool, usize), Vec<i16>);

fn draws(spec: &Spec) -> impl Strategy<Value = Draw> + use<> {
    let (depth, width) = (spec.depth.max(1), spec.width.max(1));
    // For each layer: a weight, a bias, a ψ, a rotation; then lengths and an input.
    let places = depth * (2 * width * width + 2 * width) + depth + width;
    (
        1..=depth,
        proptest::collection::vec(1..=width, depth + 1),
        (any::<bool>(), any::<bool>(), 0..spec.gains.len().max(1)),
        proptest::collection::vec(-LARGEST..=LARGEST, places),
    )
}

fn build(
    spec: &Spec,
    (depth, widths, (with_psi, with_lengths, gain), pool): Draw,
) -> Result<Case, crate::Error> {
    let w = spec.width.max(1);
    let stride = 2 * w * w + 2 * w;
    // The place of an entry depends on where it stands, not on the dimensions.
    let weight = |l: usize, i: usize, j: usize| number(pool[l * stride + i * w + j]);
    let bias = |l: usize, i: usize| number(pool[l * stride + w * w + i]);
    let psi = |l: usize, i: usize| number(pool[l * stride + w * w + w + i]);
    let skew = |l: usize, i: usize, j: usize| number(pool[l * stride + w * w + 2 * w + i * w + j]);
    let rest = spec.depth.max(1) * stride;
    let layers = (0..depth).map(|l| Layer {
        weight: Matrix::from_fn(widths[l + 1], widths[l], |i, j| weight(l, i, j)),
        bias: Vector::from_fn(widths[l + 1], |i, _| bias(l, i)),
        psi: (with_psi && l > 0).then(|| Vector::from_fn(widths[l + 1], |i, _| psi(l, i))),
    });
    let length = |l: usize| number(pool[rest + l].abs());
    let lengths = with_lengths.then(|| (0..depth - 1).map(length).collect());
    let gain = spec.gains.get(gain).cloned().unwrap_or(Gain::Rational);
    let rotation = |l: usize| {
        let n = widths[l + 1];
        cayley_transform(&Matrix::from_fn(n, n, |i, j| match i.cmp(&j) {
            std::cmp::Ordering::Less => -skew(l, j, i),
            std::cmp::Ordering::Equal => Rational::from(0),
            std::cmp::Ordering::Greater => skew(l, i, j),
        }))
    };
    Ok(Case {
        network: Network::new(layers.collect(), gain, lengths)?,
        input: (0..widths[0])
            .map(|j| number(pool[rest + spec.depth.max(1) + j]))
            .collect(),
        rotations: (0..depth - 1).map(rotation).collect(),
    })
}

/// Networks with an input and rotations.
pub fn cases(spec: Spec) -> impl Strategy<Value = Case> {
    draws(&spec).prop_filter_map("a valid network", move |draw| build(&spec, draw).ok())
}

/// Networks alone.
pub fn networks(spec: Spec) -> impl Strategy<Value = Network<Rational>> {
    cases(spec).prop_map(|case| case.network)
}

/// Inputs of `n` entries.
pub fn inputs(n: usize) -> impl Strategy<Value = Vec<Rational>> {
    proptest::collection::vec((-LARGEST..=LARGEST).prop_map(number), n)
}

/// Exactly orthogonal n × n matrices, by Cayley transforms; the identity when fully shrunk.
pub fn rotations(n: usize) -> impl Strategy<Value = Matrix<Rational>> {
    proptest::collection::vec(-LARGEST..=LARGEST, n * n).prop_map(move |pool| {
        cayley_transform(&Matrix::from_fn(n, n, |i, j| match i.cmp(&j) {
            std::cmp::Ordering::Less => -number(pool[j * n + i]),
            std::cmp::Ordering::Equal => Rational::from(0),
            std::cmp::Ordering::Greater => number(pool[i * n + j]),
        }))
    })
}
