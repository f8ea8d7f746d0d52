//! Mistakes in the step of an optimiser.

use super::{
    super::{
        Known,
        evidence::{Prediction, weigh},
    },
    Predicted,
    adam::{Adam, adam},
    of_changed,
    optimiser::{rows, word},
    planted,
};
use crate::{
    linalg::Matrix,
    scalar::{Field, Rational},
    vector::{
        input::{Input, Refusal},
        operation::Operation,
    },
};

const OUTPUTS: [&str; 4] = ["parameter", "momentum", "second", "second_moments"];

pub(super) fn of_step() -> Vec<Known> {
    vec![
        planted(
            "DecayDecoupled",
            vec![|seen| weigh(seen, decoupled(seen.input()))],
        ),
        planted(
            "DecayCoupled",
            vec![|seen| weigh(seen, coupled(seen.input()))],
        ),
        planted(
            "BiasCorrectionLost",
            vec![
                |seen| {
                    weigh(
                        seen,
                        adam(seen.input(), |step| Adam {
                            first: 1.0,
                            second: 1.0,
                            ..step
                        }),
                    )
                },
                |seen| weigh(seen, adam(seen.input(), |step| Adam { first: 1.0, ..step })),
                |seen| {
                    weigh(
                        seen,
                        adam(seen.input(), |step| Adam {
                            second: 1.0,
                            ..step
                        }),
                    )
                },
            ],
        ),
        planted(
            "EpsilonInsideRoot",
            vec![|seen| {
                weigh(
                    seen,
                    adam(seen.input(), |step| Adam {
                        inside: true,
                        ..step
                    }),
                )
            }],
        ),
        planted(
            "CountOfNow",
            vec![|seen| weigh(seen, with_count(seen.input()))],
        ),
        planted(
            "MomentumBefore",
            vec![|seen| {
                weigh(
                    seen,
                    along(seen.input(), "momentum", |step| step.before.clone()),
                )
            }],
        ),
        planted(
            "NesterovIsHeavyBall",
            vec![|seen| {
                weigh(
                    seen,
                    along(seen.input(), "nesterov", |step| step.after.clone()),
                )
            }],
        ),
        planted(
            "MomentumDamped",
            vec![|seen| weigh(seen, damped(seen.input()))],
        ),
        planted(
            "MuonFactorLost",
            vec![|seen| weigh(seen, without_factor(seen.input()))],
        ),
    ]
}

/// What this program answers to another input.
fn of(input: &Input) -> Predicted {
    of_changed(Operation::OptimiserStep, input, &OUTPUTS)
}

fn couples(input: &Input) -> Result<bool, Refusal> {
    Ok(["sgd", "momentum", "nesterov"].contains(&word(input)?.as_str()))
}

/// The input with another matrix, its numbers as they are in doubles.
fn with_matrix(input: &Input, name: &str, a: &Matrix<f64>) -> Input {
    let exact = |x: f64| x.to_rational().unwrap_or_default();
    input.clone().with_matrix(name, &a.map(exact))
}

fn without_decay(input: &Input) -> Input {
    input.clone().with_number("decay", &Rational::from(0))
}

/// Coupled decay taken from the parameter.
fn decoupled(input: &Input) -> Predicted {
    if !couples(input)? {
        return Ok(Prediction::default());
    }
    let theta: Matrix<f64> = input.matrix("parameter")?;
    let keep = 1.0 - input.number::<f64>("rate")? * input.number::<f64>("decay")?;
    of(&with_matrix(&without_decay(input), "parameter", &theta)).and_then(|prediction| {
        let lost = rows(&theta).into_iter().map(|x| x * (1.0 - keep));
        shifted(prediction, lost.map(|x| -x).collect())
    })
}

/// The predicted parameter moved by so much.
fn shifted(mut prediction: Prediction, by: Vec<f64>) -> Predicted {
    for (name, values) in &mut prediction.outputs {
        if *name == "parameter" {
            for (value, by) in values.iter_mut().zip(&by) {
                *value += by;
            }
        }
    }
    Ok(prediction)
}

/// Decoupled decay put into the gradient.
fn coupled(input: &Input) -> Predicted {
    if couples(input)? {
        return Ok(Prediction::default());
    }
    let (theta, g): (Matrix<f64>, Matrix<f64>) =
        (input.matrix("parameter")?, input.matrix("gradient")?);
    let g = g + theta * input.number::<f64>("decay")?;
    of(&with_matrix(&without_decay(input), "gradient", &g))
}

/// A heavy ball, before and after it took the gradient in.
struct Ball {
    before: Matrix<f64>,
    after: Matrix<f64>,
}

/// θ - η times another direction.
fn along(input: &Input, optimiser: &str, direction: impl Fn(&Ball) -> Matrix<f64>) -> Predicted {
    if word(input)? != optimiser {
        return Ok(Prediction::default());
    }
    let (theta, g): (Matrix<f64>, Matrix<f64>) =
        (input.matrix("parameter")?, input.matrix("gradient")?);
    let before: Matrix<f64> = input.matrix("momentum")?;
    let g = g + &theta * input.number::<f64>("decay")?;
    let after = &before * input.number::<f64>("friction")? + g;
    let ball = Ball { before, after };
    let moved = theta - direction(&ball) * input.number::<f64>("rate")?;
    Ok(Prediction::of([
        ("parameter", rows(&moved)),
        ("momentum", rows(&ball.after)),
    ]))
}

/// v → μ v + (1 - μ) g.
fn damped(input: &Input) -> Predicted {
    if !["momentum", "nesterov", "muon"].contains(&word(input)?.as_str()) {
        return Ok(Prediction::default());
    }
    let (g, theta): (Matrix<f64>, Matrix<f64>) =
        (input.matrix("gradient")?, input.matrix("parameter")?);
    let rest = 1.0 - input.number::<f64>("friction")?;
    if word(input)? != "momentum" {
        // The momentum is what shows; where it is looked ahead to, it depends on the port which of the two is damped.
        let (mu, v): (f64, Matrix<f64>) = (input.number("friction")?, input.matrix("momentum")?);
        let decay = if couples(input)? {
            input.number::<f64>("decay")?
        } else {
            0.0
        };
        let g = g + theta * decay;
        return Ok(
            Prediction::of([("momentum", rows(&(v * mu + g * rest)))]).moving(&["parameter"])
        );
    }
    let g = (g + theta * input.number::<f64>("decay")?) * rest;
    of(&with_matrix(&without_decay(input), "gradient", &g))
}

/// N of the tensor as it is now.
fn with_count(input: &Input) -> Predicted {
    if word(input)? != "adam-tensor" {
        return Ok(Prediction::default());
    }
    let now = input.matrix::<f64>("parameter")?.len();
    of(&input.clone().with("count", now))
}

/// Muon without √max(1, m/n).
fn without_factor(input: &Input) -> Predicted {
    if word(input)? != "muon" {
        return Ok(Prediction::default());
    }
    let theta: Matrix<f64> = input.matrix("parameter")?;
    let (m, n) = theta.shape();
    let keep = 1.0 - input.number::<f64>("rate")? * input.number::<f64>("decay")?;
    let factor = (m.max(n) as f64 / n as f64).sqrt();
    let mut prediction = of(input)?;
    for (name, values) in &mut prediction.outputs {
        if *name == "parameter" {
            for (value, theta) in values.iter_mut().zip(rows(&theta)) {
                *value = theta * keep + (*value - theta * keep) / factor;
            }
        }
    }
    Ok(prediction)
}
