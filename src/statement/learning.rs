//! What the statements on learning share: a problem, a way of training, and comparing what has become of two networks.
//!
//! Everything is run twice: in the arithmetic under test, and in [`Running`], which bounds the rounding errors of the same
//! steps. What is compared may then differ by twice the bounds of both sides, the 2 for what is of second order.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{Case, Magnitude, Measurement, case::entry, support::*};
use crate::{
    bound::Running,
    error::Error,
    learning::{Denominator, Descent, LengthMode, Optimiser, Orthogonaliser, Trainee, train},
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

/// A network, and rows that it is to fit.
#[derive(Clone)]
pub(super) struct Problem<S> {
    pub network: Network<S>,
    pub x: Matrix<S>,
    pub targets: Targets<S>,
    pub loss: Loss,
}

impl Problem<Rational> {
    /// From a case: o is at least 1, so that no step takes it below 0, the gain is smooth, targets are drawn. Over ℚ three
    /// layers and two rows are taken, or numbers grow beyond all use.
    pub(super) fn of(case: &Case, exact: bool) -> Result<Option<Self>, Error> {
        if case.network.depth() < 2 {
            return Ok(None);
        }
        let (depth, rows) = if exact { (3, 2) } else { (usize::MAX, 4) };
        let network = head(&case.network, case.network.depth().min(depth))?;
        let network = altered(&network, |_, gain, lengths| {
            lengths.iter_mut().for_each(|o| *o += Rational::from(1));
            if matches!(gain, Gain::SoftThreshold { .. } | Gain::Linear) {
                *gain = Gain::Rational;
            }
        })?;
        let mut rng = case.rng();
        let inputs: Vec<Rational> = case.inputs.iter().take(rows).flatten().cloned().collect();
        let count = case.inputs.len().min(rows);
        let outputs = network.layer(network.depth()).width();
        let targets = Matrix::from_fn(outputs, count, |_, _| entry(&mut rng));
        Ok(Some(Problem {
            x: Matrix::from_vec(network.layer(1).weight.ncols(), count, inputs),
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

/// 2^-k.
pub(super) fn power<S: Field>(k: i32) -> S {
    S::from_rational(&Rational(rug::Rational::from(1) >> k))
}

/// How a case is trained: the same in every arithmetic.
#[derive(Clone, Copy)]
pub(super) struct Manner {
    pub rule: Rule,
    pub mode: LengthMode,
    /// The rate is 2^-k.
    pub rate: i32,
}

/// A rule for steps, by what it needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    Descent,
    HeavyBall,
    Nesterov,
    Muon,
    AdamTensor,
    Clipped,
    Elementwise,
}

impl Rule {
    /// Those that commute with rotations; clipping needs roots.
    pub(super) fn drawn(exact: bool, rng: &mut ChaCha8Rng) -> Self {
        let rules = [
            Rule::HeavyBall,
            Rule::Descent,
            Rule::Nesterov,
            Rule::AdamTensor,
            Rule::Muon,
            Rule::Clipped,
        ];
        let count = rules.len() - usize::from(exact);
        rules[rng.random_range(0..count)]
    }

    pub(super) fn descent<S: Trainable>(self) -> Descent<S> {
        let quarter = || power::<S>(2);
        let betas = || (power::<S>(1), S::one() - quarter());
        let exact = S::one().root().is_none();
        let optimiser = match self {
            Rule::Descent => Optimiser::Sgd,
            Rule::HeavyBall | Rule::Clipped => Optimiser::Momentum { mu: power(1) },
            Rule::Nesterov => Optimiser::Nesterov { mu: power(1) },
            Rule::Muon => Optimiser::Muon {
                mu: power(1),
                orthogonaliser: match exact {
                    true => Orthogonaliser::Cubic { steps: 1 },
                    false => Orthogonaliser::Quintic { steps: 3 },
                },
            },
            Rule::AdamTensor => Optimiser::AdamTensor {
                betas: betas(),
                epsilon: power(3),
                denominator: match exact {
                    true => Denominator::Plain,
                    false => Denominator::Root,
                },
            },
            Rule::Elementwise => Optimiser::AdamW {
                betas: betas(),
                epsilon: power(3),
                rotation: crate::learning::AdamRotation::Diagonal,
            },
        };
        Descent {
            optimiser,
            weight_decay: power(4),
            clip: (self == Rule::Clipped).then(|| power(3)),
        }
    }
}

impl Manner {
    /// The network at the start.
    pub(super) fn start<S: Trainable>(&self, problem: &Problem<S>) -> Result<Trainee<S>, Error> {
        let optimiser = self.rule.descent().optimiser;
        let network = problem.network.clone();
        if self.mode == LengthMode::Root {
            // o = λ² with the numbers that the case has for o: no root is taken.
            let roots = network.hidden().map(|l| network.length_squared(l));
            return Trainee::with_roots(network.clone(), roots.collect(), &optimiser);
        }
        Trainee::new(network, self.mode, &optimiser)
    }

    /// So many steps on all rows.
    pub(super) fn advance<S: Trainable>(
        &self,
        trainee: &mut Trainee<S>,
        problem: &Problem<S>,
        steps: usize,
    ) -> Result<(), Error> {
        let rates = vec![power(self.rate); steps];
        let descent = self.rule.descent();
        train(
            trainee,
            &descent,
            &problem.x,
            &problem.targets,
            problem.loss,
            &rates,
        )
        .map(|_| ())
    }
}

/// Steps modulo a prime for this case.
pub(super) fn modular_steps(case: &Case) -> usize {
    match case.seed.is_multiple_of(4) {
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

/// Lists of numbers that should be the same, and the errors of both sides where there are any.
pub(super) fn compare<S: Field>(
    measurement: &mut Measurement,
    a: &[Vec<S>],
    b: &[Vec<S>],
    errors: Option<(&[Vec<Running>], &[Vec<Running>])>,
) {
    for (k, (a, b)) in a.iter().zip(b).enumerate() {
        if a.is_empty() {
            continue;
        }
        let mut units = 0.0;
        if let Some((of_a, of_b)) = errors {
            let squares = of_a[k].iter().zip(&of_b[k]);
            units = squares
                .map(|(a, b)| (a.error() + b.error()).powi(2))
                .sum::<f64>()
                .sqrt();
            let u = S::unit_roundoff().to_f64();
            // Not to be used where errors are not small: nothing is said.
            let values = of_a[k]
                .iter()
                .map(|a| a.to_f64().powi(2))
                .sum::<f64>()
                .sqrt();
            if !(units * u <= 0.125 * (1.0 + values)) {
                continue;
            }
        }
        measurement.push(
            distance(a, b),
            roundings::<S>(2.0 * units),
            Magnitude::from_int(1) + size(a),
        );
    }
}

/// A momentum of the shapes of a network, drawn.
pub(super) fn drawn_momentum(
    network: &Network<Rational>,
    rng: &mut ChaCha8Rng,
) -> Tangent<Rational> {
    let mut drawn = Tangent::zeros(network);
    for tensor in drawn.tensors_mut() {
        tensor.iter_mut().for_each(|x| *x = entry(rng));
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
