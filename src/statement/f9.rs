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
        let rules = [Rule::Descent, Rule::HeavyBall, Rule::AdamTensor, Rule::Muon];
        let rule = match variant.is(Control::MomentumForgotten) {
            true => Rule::HeavyBall,
            false => rules[(case.seed / 4 % 4) as usize],
        };
        let coupled_ball = rule == Rule::HeavyBall;
        Waiting {
            rule,
            rate: rate.max(RATE),
            // Well below (1 - √μ)² for μ = 1/2.
            strength: if coupled_ball { 7 } else { 3 },
            schedule: match (case.seed / 16).is_multiple_of(2) && !coupled_ball {
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
    /// a step multiplies it by 1 - ηλ; for heavy ball within what its two modes, ρ² - (1 + μ - ηλ) ρ + μ = 0, differ from one.
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
            velocity = match self.rule {
                Rule::HeavyBall => mu * velocity + now * left,
                _ => now * left,
            };
            left -= velocity;
            steps += 1;
        }
        if self.rule != Rule::HeavyBall {
            return steps == foretold;
        }
        let estimate = strength / (1.0 - mu);
        let sum: f64 = 1.0 + mu - strength;
        let root = (sum * sum - 4.0 * mu).sqrt();
        let (slow, fast) = ((sum + root) / 2.0, (sum - root) / 2.0);
        // It starts late, as though it were larger, and falls a little faster than 1 - ηλ/(1-μ).
        let late = ((1.0 - strength - fast) / root).ln() / estimate;
        let faster = foretold as f64 * (1.0 - (-estimate).ln_1p() / slow.ln());
        let off = steps as f64 - foretold as f64;
        -(1.0 + faster) <= off && off <= 1.0 + late
    }
}
