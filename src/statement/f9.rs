//! F9: how long decay takes to bring a direction that the loss does not look at below a threshold.
//!
//! The direction is a neuron that reads an input which is always 0 and that nothing reads: its gradient vanishes exactly, whatever
//! the rest of the network learns. Its row is a singular direction of W_1 of the size of its one weight.

use rand_chacha::ChaCha8Rng;

use super::{
    Case, Measurement, Statement, Variant, case::sizeable, learning::*, manner::*, support::*,
};
use crate::{
    error::Error,
    learning::{Descent, LengthMode, Optimiser, Plan, Schedule, Trainee, epochs_to_fall, train},
    linalg::{Matrix, insert_column},
    network::gradient::{Loss, Trainable},
    scalar::{Field, Rational, Real, Residue},
};

pub(super) struct F9;

controls! {
    LookedAt = "looked-at",
    MomentumForgotten = "momentum-forgotten",
}

/// Steps of training in floating point and over ℚ.
const STEPS: usize = 8;
const EXACT_STEPS: usize = 2;
/// The rate is 2^-RATE.
const RATE: i32 = 6;

impl Statement for F9 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/F9.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(1, rng)?;
        case.ensure_curved()
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let Some(problem) = Problem::of(case, &FLOATS)? else {
            return Ok(None);
        };
        let mut rng = case.rng();
        let (problem, row) = unread(variant, problem.labelled(&mut rng), &mut rng)?;
        let problem: Problem<S> = problem.cast()?;
        let running = problem.running()?;
        let manner = Waiting::of(variant, case, running.rate()?);
        let (found, expected) = manner.fall(variant, &problem, row, STEPS)?;
        let (of_found, of_expected) = manner.fall(variant, &running, row, STEPS)?;
        let mut measurement = Measurement::default();
        compare(
            &mut measurement,
            &[found],
            &[expected],
            (&[of_found], &[of_expected]),
        );
        if !variant.is(Control::LookedAt) {
            let size = sizeable(&mut rng).to_f64().abs();
            measurement.push_count(usize::from(!manner.is_foretold(variant, size)));
        }
        Ok(Some(measurement))
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let Some(problem) = Problem::of(case, &RATIONALS)? else {
            return Ok(None);
        };
        let mut measurement = Measurement::default();
        let mut rng = case.rng();
        let (problem, row) = unread(variant, problem, &mut rng)?;
        let manner = Waiting::of(variant, case, problem.rate()?);
        if over_rationals(case) && manner.rule.is_short::<Rational>() {
            let (found, expected) = manner.fall(variant, &problem, row, EXACT_STEPS)?;
            measurement.push_count(unequal(&[found], &[expected]));
        }
        let problem = problem.cast::<Residue>()?;
        let (found, expected) = manner.fall(variant, &problem, row, modular_steps(case))?;
        measurement.push_count(unequal(&[found], &[expected]));
        if !variant.is(Control::LookedAt) {
            let size = sizeable(&mut rng).to_f64().abs();
            measurement.push_count(usize::from(!manner.is_foretold(variant, size)));
        }
        Ok(Some(measurement))
    }
}

/// The problem with one input more, which is 0 (1 for a control), and one neuron more, which alone reads it and which nothing
/// reads; and the number of that neuron, counting from 0.
fn unread(
    variant: Variant<Control>,
    mut problem: Problem<Rational>,
    rng: &mut ChaCha8Rng,
) -> Result<(Problem<Rational>, usize), Error> {
    let zero = || Rational::from(0);
    let (n, inputs) = problem.network.layer(1).weight.shape();
    let widened = altered(&problem.network, |layers, _, _| {
        layers[0].weight = insert_column(&layers[0].weight, inputs, &vec![zero(); n]);
    })?;
    let mut row = vec![zero(); inputs + 1];
    row[inputs] = sizeable(rng);
    let outgoing = vec![zero(); widened.layer(2).width()];
    problem.network = with_neuron(&widened, 1, n, (&row, zero(), zero()), &outgoing)?;
    let looked_at = Rational::from(i64::from(variant.is(Control::LookedAt)));
    problem.x = Matrix::from_fn(inputs + 1, problem.x.ncols(), |i, j| {
        problem.x.get((i, j)).unwrap_or(&looked_at).clone()
    });
    Ok((problem, n))
}

/// Whether decay goes through a momentum.
fn has_momentum(rule: Rule) -> bool {
    matches!(rule, Rule::HeavyBall | Rule::Nesterov)
}

/// A rule with decay that is strong enough to be seen in a few steps.
struct Waiting {
    rule: Rule,
    /// The rate is 2^-rate.
    rate: i32,
    /// ηλ is 2^-strength.
    strength: i32,
    schedule: Schedule,
    /// θ over the size at the start.
    threshold: f64,
}

impl Waiting {
    fn of(variant: Variant<Control>, case: &Case, rate: i32) -> Self {
        let rules = [
            Rule::Descent,
            Rule::HeavyBall,
            Rule::Nesterov,
            Rule::AdamTensor,
            Rule::Muon,
        ];
        let rule = match variant.is(Control::MomentumForgotten) {
            true => Rule::HeavyBall,
            false => rules[(case.seed / 4 % 5) as usize],
        };
        let ball = has_momentum(rule);
        Waiting {
            rule,
            rate: rate.max(RATE),
            // Well below (1 - √μ)² and ((1-μ)/(1+μ))² for μ = 1/2.
            strength: if ball { 7 } else { 3 },
            schedule: match (case.seed / 16).is_multiple_of(2) && !ball {
                true => Schedule::Cosine,
                false => Schedule::Constant,
            },
            threshold: 0.15 + 0.3 * ((case.seed >> 8) % 97) as f64 / 97.0,
        }
    }

    fn descent<S: Trainable>(&self) -> Descent<S> {
        Descent {
            weight_decay: power(self.strength - self.rate),
            clip: None,
            ..self.rule.descent()
        }
    }

    /// Row, bias and outgoing column of the neuron after each step, and what decay alone makes of them.
    fn fall<S: Trainable>(
        &self,
        variant: Variant<Control>,
        problem: &Problem<S>,
        row: usize,
        steps: usize,
    ) -> Result<(Vec<S>, Vec<S>), Error> {
        let descent = self.descent::<S>();
        let mut trainee = Trainee::new(
            problem.network.clone(),
            LengthMode::Direct,
            &descent.optimiser,
        )?;
        let last = problem.x.nrows() - 1;
        let mut size = problem.network.layer(1).weight[(row, last)].clone();
        let mut momentum = S::zero();
        let (mut found, mut expected) = (vec![], vec![]);
        for step in 0..steps as u64 {
            let rate = self.schedule.rate(&power(self.rate), step, steps as u64);
            train(
                &mut trainee,
                &descent,
                &problem.x,
                &problem.targets,
                problem.loss,
                std::slice::from_ref(&rate),
            )?;
            size = match (self.rule, variant.is(Control::MomentumForgotten)) {
                (Rule::HeavyBall, false) => {
                    momentum = momentum * power::<S>(1) + descent.weight_decay.clone() * &size;
                    size - rate * &momentum
                }
                (Rule::Nesterov, false) => {
                    let of_decay = descent.weight_decay.clone() * &size;
                    momentum = momentum * power::<S>(1) + &of_decay;
                    size - rate * (of_decay + power::<S>(1) * &momentum)
                }
                _ => size.clone() - rate * &descent.weight_decay * size,
            };
            let (layer, next) = (trainee.network().layer(1), trainee.network().layer(2));
            found.extend(layer.weight.row(row).iter().cloned());
            found.push(layer.bias[row].clone());
            found.extend(next.weight.column(row).iter().cloned());
            expected.extend((0..last).map(|_| S::zero()));
            expected.push(size.clone());
            expected.extend((0..=next.width()).map(|_| S::zero()));
        }
        Ok((found, expected))
    }

    /// Whether the step at which a direction of this size falls below the threshold is the one that is foretold: exactly where
    /// a step multiplies it by 1 - ηλ; with momentum within what its two modes differ from one: with a = ηλ those of
    /// ρ² - (1 + μ - a) ρ + μ = 0 for heavy ball, of ρ² - (1+μ)(1-a) ρ + μ(1-a) = 0 for Nesterov's momentum, which are both
    /// 1 - a/(1-μ) to first order.
    fn is_foretold(&self, variant: Variant<Control>, size: f64) -> bool {
        let threshold = size * self.threshold;
        let descent = self.descent::<f64>();
        let told = match variant.is(Control::MomentumForgotten) {
            true => Descent {
                optimiser: Optimiser::Sgd,
                ..descent.clone()
            },
            false => descent.clone(),
        };
        // Under a schedule it must fall before the rate has: 64 steps of 2^-3 on the average of half.
        let plan = Plan {
            schedule: self.schedule,
            ..Plan::new(Loss::Squared, told, power(self.rate), 64)
        };
        let Some(foretold) = epochs_to_fall(&plan, 1, size, threshold) else {
            return false;
        };
        let (strength, mu) = (power::<f64>(self.strength), 0.5);
        let (mut left, mut velocity, mut steps) = (size, 0.0, 0u64);
        while left > threshold && steps < 10_000 {
            let now = strength * self.schedule.factor(steps, plan.epochs);
            velocity = if has_momentum(self.rule) {
                mu * velocity + now * left
            } else {
                now * left
            };
            left -= match self.rule {
                Rule::Nesterov => now * left + mu * velocity,
                _ => velocity,
            };
            steps += 1;
        }
        if !has_momentum(self.rule) {
            return steps == foretold;
        }
        let estimate = strength / (1.0 - mu);
        // Sum and product of the modes, and what the first step leaves.
        let (sum, product, once): (f64, f64, f64) = match self.rule {
            Rule::Nesterov => (
                (1.0 + mu) * (1.0 - strength),
                mu * (1.0 - strength),
                1.0 - strength * (1.0 + mu),
            ),
            _ => (1.0 + mu - strength, mu, 1.0 - strength),
        };
        let root = (sum * sum - 4.0 * product).sqrt();
        let (slow, fast) = ((sum + root) / 2.0, (sum - root) / 2.0);
        // It starts late, as though it were larger, and falls a little faster than 1 - ηλ/(1-μ).
        let late = ((once - fast) / root).ln() / estimate;
        let faster = foretold as f64 * (1.0 - (-estimate).ln_1p() / slow.ln());
        let off = steps as f64 - foretold as f64;
        -(1.0 + faster) <= off && off <= 1.0 + late
    }
}
