//! How a case is trained: rules for steps that exact arithmetic has too, and the plain loop.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::learning::Problem;
use crate::{
    error::Error,
    learning::{Denominator, Descent, LengthMode, Optimiser, Orthogonaliser, Trainee},
    network::gradient::{Tangent, Trainable},
    scalar::{Field, Rational},
};

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
    /// Entry by entry: does not commute.
    Elementwise,
    /// Along the signs of the gradient: does not commute either.
    Signs,
}

impl Rule {
    /// Those that commute with rotations; clipping needs roots.
    pub(super) fn drawn<S: Trainable>(rng: &mut ChaCha8Rng) -> Self {
        let rules = [
            Rule::HeavyBall,
            Rule::Descent,
            Rule::Nesterov,
            Rule::AdamTensor,
            Rule::Muon,
            Rule::Clipped,
        ];
        let roots = S::one().root().is_some();
        let known: Vec<Rule> = rules
            .into_iter()
            .filter(|rule| rule.is_short::<S>() && (roots || *rule != Rule::Clipped))
            .collect();
        known[rng.random_range(0..known.len())]
    }

    /// Whether numbers stay short enough for two steps: over ℚ not for Adam and Muon, which divide by and multiply with squares
    /// and cubes of everything.
    pub(super) fn is_short<S: Trainable>(self) -> bool {
        S::name() != Rational::name() || !matches!(self, Rule::AdamTensor | Rule::Muon)
    }

    pub(super) fn descent<S: Trainable>(self) -> Descent<S> {
        let quarter = || power::<S>(2);
        // Not 1/2: 2^61 is 1 modulo the prime, and 1 - β^t is divided by.
        let betas = || (S::from_int(2) / S::from_int(3), S::one() - quarter());
        let exact = S::one().root().is_none();
        let optimiser = match self {
            Rule::Descent | Rule::Signs => Optimiser::Sgd,
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
        for _ in 0..steps {
            self.step(trainee, problem)?;
        }
        Ok(())
    }

    /// One step; the direction it took.
    pub(super) fn step<S: Trainable>(
        &self,
        trainee: &mut Trainee<S>,
        problem: &Problem<S>,
    ) -> Result<Tangent<S>, Error> {
        self.step_along(trainee, problem, |_| Ok(()))
    }

    /// One step down what `change` makes of the gradient; the direction it took.
    pub(super) fn step_along<S: Trainable>(
        &self,
        trainee: &mut Trainee<S>,
        problem: &Problem<S>,
        change: impl FnOnce(&mut Tangent<S>) -> Result<(), Error>,
    ) -> Result<Tangent<S>, Error> {
        let found = trainee.gradient(&problem.x, &problem.targets, problem.loss)?;
        let mut gradient = found.parameters;
        if self.rule == Rule::Signs {
            for tensor in gradient.tensors_mut() {
                tensor.iter_mut().for_each(|g| *g = g.signum());
            }
        }
        change(&mut gradient)?;
        trainee.step(&self.rule.descent(), gradient, &power(self.rate))
    }
}
