//! What the statements on learning share: a problem, and comparing what has become of two networks.
//!
//! Everything is run twice: in the arithmetic under test, and in [`Running`], which bounds the rounding errors of the same
//! steps. What is compared may then differ by twice the bounds of both sides, the 2 for what is of second order.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{Case, Magnitude, Measurement, case::entry, support::*};
use crate::{
    bound::Running,
    error::Error,
    learning::Trainee,
    linalg::{Matrix, Vector},
    network::{
        Gain, Layer, Network,
        gradient::{Gradient, Loss, Tangent, Targets, Trainable},
    },
    scalar::{Field, Rational, Real, Residue},
};

/// Steps modulo a prime, in one case of four; a few in the others.
const MODULAR_STEPS: usize = 100;
const FEW_STEPS: usize = 6;

/// Whether a case is worked on over ℚ too: one of four. All are modulo a prime.
pub(super) fn over_rationals(case: &Case) -> bool {
    case.seed % 4 == 1
}

/// A network, and rows that it is to fit.
#[derive(Clone)]
pub(super) struct Problem<S> {
    pub network: Network<S>,
    pub x: Matrix<S>,
    pub targets: Targets<S>,
    pub loss: Loss,
}

/// Widths and numbers that trainings have: a hundred steps take as long as the network is large, over ℚ numbers double in length
/// with each, and one of size 1e300 leaves the range of f64 in the first.
pub(super) struct Limits {
    depth: usize,
    width: usize,
    rows: usize,
    /// The largest size of a number.
    largest: i64,
    /// Numbers are multiples of 1/denominator; as they are, but for what is below 2^-16, for none.
    denominator: Option<i64>,
}

pub(super) const FLOATS: Limits = Limits {
    depth: 4,
    width: 6,
    rows: 3,
    largest: 4,
    denominator: None,
};
pub(super) const RESIDUES: Limits = Limits {
    width: 4,
    rows: 2,
    ..FLOATS
};
pub(super) const RATIONALS: Limits = Limits {
    depth: 3,
    width: 2,
    rows: 2,
    largest: 2,
    denominator: Some(2),
};

impl Limits {
    /// A number of the case as it is taken.
    pub(super) fn number(&self, x: &Rational) -> Rational {
        let largest = Rational::from(self.largest);
        let within = if *x > largest {
            largest
        } else if *x < -largest.clone() {
            -largest
        } else {
            x.clone()
        };
        match self.denominator {
            Some(d) => {
                let scaled: rug::Rational = within.0 * d;
                Rational(rug::Rational::from((
                    scaled.round().into_numer_denom().0,
                    d,
                )))
            }
            None if within.0.clone().abs() < (rug::Rational::from(1) >> 16) => Rational::from(0),
            None => within,
        }
    }

    /// The first layers, the first neurons of each and the first inputs.
    fn corner(&self, network: &Network<Rational>) -> Result<Network<Rational>, Error> {
        let network = head(network, network.depth().min(self.depth))?;
        altered(&network, |layers, gain, lengths| {
            for layer in layers.iter_mut() {
                let (rows, columns) = layer.weight.shape();
                let rows = rows.min(self.width);
                let weight = layer.weight.view((0, 0), (rows, columns.min(self.width)));
                layer.weight = weight.map(|x| self.number(&x));
                layer.bias = layer.bias.rows(0, rows).map(|x| self.number(&x));
                let psi = layer.psi.take();
                layer.psi = psi.map(|psi| psi.rows(0, rows).map(|x| self.number(&x)));
            }
            // At least 1, so that no step takes o below 0.
            for o in lengths.iter_mut() {
                *o = self.number(o) + Rational::from(1);
            }
            if matches!(gain, Gain::SoftThreshold { .. } | Gain::Linear) {
                *gain = Gain::Rational;
            }
        })
    }
}

impl Problem<Rational> {
    /// From a case: a corner of its network and of its inputs, with a smooth gain; targets are drawn. `None` without a hidden
    /// layer.
    pub(super) fn of(case: &Case, limits: &Limits) -> Result<Option<Self>, Error> {
        if case.network.depth() < 2 {
            return Ok(None);
        }
        let network = limits.corner(&case.network)?;
        let mut rng = case.rng();
        let inputs = network.layer(1).weight.ncols();
        let columns = case.inputs.iter().take(limits.rows);
        let x: Vec<Rational> = columns
            .clone()
            .flat_map(|x| x.iter().take(inputs).map(|x| limits.number(x)))
            .collect();
        let count = columns.count();
        let outputs = network.layer(network.depth()).width();
        let targets = Matrix::from_fn(outputs, count, |_, _| limits.number(&entry(&mut rng)));
        Ok(Some(Problem {
            x: Matrix::from_vec(inputs, count, x),
            network,
            targets: Targets::Values(targets),
            loss: Loss::Squared,
        }))
    }

    /// In another arithmetic, every number rounded once.
    pub(super) fn cast<S: Field>(&self) -> Result<Problem<S>, Error> {
        Ok(Problem {
            network: self.network.cast()?,
            x: self.x.map(|x| S::from_rational(&x)),
            targets: match &self.targets {
                Targets::Values(values) => Targets::Values(values.map(|x| S::from_rational(&x))),
                Targets::Labels(labels) => Targets::Labels(labels.clone()),
            },
            loss: self.loss,
        })
    }

    /// With labels and cross-entropy in place of values and squares.
    pub(super) fn labelled(mut self, rng: &mut ChaCha8Rng) -> Self {
        let outputs = self.network.layer(self.network.depth()).width();
        let labels = (0..self.x.ncols()).map(|_| rng.random_range(0..outputs));
        self.targets = Targets::Labels(labels.collect());
        self.loss = Loss::CrossEntropy;
        self
    }
}

impl<S: Real> Problem<S> {
    /// The same numbers, as if they were exact: what is rounded is what is done with them.
    pub(super) fn running(&self) -> Result<Problem<Running>, Error> {
        let exact = |x: &S| Running::with_error(x.to_f64(), 0.0);
        Ok(Problem {
            network: self.network.map(&exact)?,
            x: self.x.map(|x| exact(&x)),
            targets: match &self.targets {
                Targets::Values(values) => Targets::Values(values.map(|x| exact(&x))),
                Targets::Labels(labels) => Targets::Labels(labels.clone()),
            },
            loss: self.loss,
        })
    }
}

impl<S: Trainable> Problem<S> {
    /// The gradient at the start.
    pub(super) fn gradient(&self) -> Result<Gradient<S>, Error> {
        crate::network::gradient::gradient(&self.network, &self.x, &self.targets, self.loss)
    }

    /// A rate 2^-k, small enough that a step of plain descent is short.
    pub(super) fn rate(&self) -> Result<i32, Error> {
        let norm = self.gradient()?.parameters.norm_squared().to_f64().abs();
        // Modulo a prime sizes mean nothing, and beyond double nothing is known.
        if !norm.is_finite() || S::name() == Residue::name() {
            return Ok(6);
        }
        Ok((norm.max(1.0).log2() / 2.0).ceil() as i32 + 4)
    }
}

/// Steps modulo a prime for this case.
pub(super) fn modular_steps(case: &Case) -> usize {
    match case.seed % 4 == 2 {
        true => MODULAR_STEPS,
        false => FEW_STEPS,
    }
}

/// Every number of a network in training: its parameters, what is trained for o, and its momenta.
pub(super) fn numbers<S: Trainable>(trainee: &Trainee<S>) -> Vec<Vec<S>> {
    let mut all = vec![];
    for layer in trainee.network().layers() {
        all.push(layer.weight.as_slice().to_vec());
        all.push(layer.bias.as_slice().to_vec());
        all.push(layer.psi_or_zero().as_slice().to_vec());
    }
    all.push(trainee.trained_lengths().to_vec());
    all.extend(
        trainee
            .state()
            .first
            .tensors()
            .into_iter()
            .map(<[S]>::to_vec),
    );
    all
}

/// How many entries of two lists differ.
pub(super) fn unequal<S: PartialEq>(a: &[Vec<S>], b: &[Vec<S>]) -> usize {
    let differ = |(a, b): (&Vec<S>, &Vec<S>)| a.iter().zip(b).filter(|(a, b)| a != b).count();
    a.iter().zip(b).map(differ).sum()
}

/// The same lists in [`Running`], of both sides.
type Errors<'a> = (&'a [Vec<Running>], &'a [Vec<Running>]);

/// Lists of numbers that should be the same, to what rounding may do to both sides. Nothing is said of a list whose bound
/// is not small beside it: it is of first order.
pub(super) fn compare<S: Field>(
    measurement: &mut Measurement,
    a: &[Vec<S>],
    b: &[Vec<S>],
    (of_a, of_b): Errors,
) {
    let norm = |x: &mut dyn Iterator<Item = f64>| x.map(|x| x * x).sum::<f64>().sqrt();
    let u = S::unit_roundoff().to_f64();
    for (k, (a, b)) in a.iter().zip(b).enumerate() {
        let both = of_a[k].iter().zip(&of_b[k]);
        let units = norm(&mut both.map(|(a, b)| a.error() + b.error()));
        let values = norm(&mut of_a[k].iter().map(Running::to_f64));
        let small = units * u <= 0.125 * (1.0 + values);
        if small && !a.is_empty() {
            measurement.push(
                distance(a, b),
                roundings::<S>(2.0 * units),
                Magnitude::from_int(1) + size(a),
            );
        }
    }
}

/// A momentum of the shapes of a network, drawn.
pub(super) fn drawn_momentum(
    network: &Network<Rational>,
    limits: &Limits,
    rng: &mut ChaCha8Rng,
) -> Tangent<Rational> {
    let mut drawn = Tangent::zeros(network);
    for tensor in drawn.tensors_mut() {
        tensor
            .iter_mut()
            .for_each(|x| *x = limits.number(&entry(rng)));
    }
    drawn
}

/// A momentum in another arithmetic.
pub(super) fn cast_momentum<A: Field, B: Field>(
    momentum: &Tangent<A>,
    f: impl Fn(&A) -> B,
) -> Tangent<B> {
    let vector = |v: &Vector<A>| Vector::from_iterator(v.len(), v.iter().map(&f));
    Tangent {
        layers: momentum
            .layers
            .iter()
            .map(|layer| Layer {
                weight: layer.weight.map_with_location(|_, _, x| f(&x)),
                bias: vector(&layer.bias),
                psi: layer.psi.as_ref().map(vector),
            })
            .collect(),
        lengths: momentum.lengths.iter().map(&f).collect(),
    }
}
