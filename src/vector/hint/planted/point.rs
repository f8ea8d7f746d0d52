//! Mistakes in the gain, the activation and its derivative.

use super::{
    super::{
        Known,
        evidence::{Prediction, weigh},
    },
    planted, somewhere,
};
use crate::{
    linalg::norm2,
    network::{Gain, Scalar},
    vector::{
        input::{Input, Refusal},
        operation::Operation,
    },
};

type Predicted = Result<Prediction, Refusal>;

pub(super) fn of_gain() -> Vec<Known> {
    vec![
        planted(
            "GainOfNorm",
            vec![|seen| {
                weigh(
                    seen,
                    at(seen.input(), |gain, r| {
                        f64::activate(gain, &r.sqrt(), &mut [])
                    }),
                )
            }],
        ),
        planted(
            "ThresholdNotClipped",
            vec![
                |seen| {
                    weigh(
                        seen,
                        at(seen.input(), |gain, r| unclipped(gain, r.sqrt(), false)),
                    )
                },
                |seen| {
                    weigh(
                        seen,
                        at(seen.input(), |gain, r| unclipped(gain, r.sqrt(), true)),
                    )
                },
            ],
        ),
        somewhere(
            "NanAtZero",
            vec![|seen| {
                weigh(
                    seen,
                    at(seen.input(), |gain, r| match r == 0.0 {
                        true => Ok(f64::NAN),
                        false => f64::activate(gain, &r, &mut []),
                    }),
                )
            }],
        ),
        somewhere(
            "EpsilonBall",
            vec![|seen| {
                weigh(
                    seen,
                    at(seen.input(), |gain, r| match r < NEAR * NEAR {
                        true => f64::activate(gain, &0.0, &mut []),
                        false => f64::activate(gain, &r, &mut []),
                    }),
                )
            }],
        ),
    ]
}

/// No ball around 0 is as large as this.
const NEAR: f64 = 0.1;

pub(super) fn of_activation() -> Vec<Known> {
    vec![
        planted(
            "OSquaredTwice",
            vec![
                |seen| weigh(seen, with_length(seen.input(), |o| o * o)),
                |seen| weigh(seen, with_length(seen.input(), |o| o * o).map(gamma_alone)),
            ],
        ),
        planted(
            "ORooted",
            vec![
                |seen| weigh(seen, with_length(seen.input(), f64::sqrt)),
                |seen| weigh(seen, with_length(seen.input(), f64::sqrt).map(gamma_alone)),
            ],
        ),
        planted(
            "OCastToSingle",
            vec![
                |seen| weigh(seen, with_length(seen.input(), |o| f64::from(o as f32))),
                |seen| {
                    weigh(
                        seen,
                        with_length(seen.input(), |o| f64::from(o as f32)).map(gamma_alone),
                    )
                },
            ],
        ),
        planted(
            "GainOfNorm",
            vec![|seen| {
                weigh(
                    seen,
                    scaled(seen.input(), |gain, rho| f64::activate(gain, &rho, &mut [])),
                )
            }],
        ),
        planted(
            "ThresholdNotClipped",
            vec![
                |seen| {
                    weigh(
                        seen,
                        scaled(seen.input(), |gain, rho| unclipped(gain, rho, false)),
                    )
                },
                |seen| {
                    weigh(
                        seen,
                        scaled(seen.input(), |gain, rho| unclipped(gain, rho, true)),
                    )
                },
            ],
        ),
        planted(
            "Elementwise",
            vec![|seen| weigh(seen, entries(seen.input(), None)), |seen| {
                weigh(seen, entries(seen.input(), Some(Gain::Tanh)))
            }],
        ),
        somewhere(
            "NanAtZero",
            vec![|seen| {
                let nan = |gain: &Gain<f64>, rho: f64| match rho == 0.0 {
                    true => Ok(f64::NAN),
                    false => f64::activate(gain, &(rho * rho), &mut []),
                };
                weigh(
                    seen,
                    scaled(seen.input(), nan).map(|all| all.moving(&["h"])),
                )
            }],
        ),
        somewhere(
            "EpsilonBall",
            vec![|seen| {
                let ball = |gain: &Gain<f64>, rho: f64| match rho < NEAR {
                    true => f64::activate(gain, &0.0, &mut []),
                    false => f64::activate(gain, &(rho * rho), &mut []),
                };
                weigh(seen, scaled(seen.input(), ball))
            }],
        ),
    ]
}

pub(super) fn of_jacobian() -> Vec<Known> {
    vec![
        planted(
            "JacobianHalf",
            vec![|seen| weigh(seen, jacobian(seen.input(), 0.5, |o| o))],
        ),
        planted(
            "OSquaredTwice",
            vec![|seen| weigh(seen, jacobian(seen.input(), 1.0, |o| o * o))],
        ),
        planted(
            "ORooted",
            vec![|seen| weigh(seen, jacobian(seen.input(), 1.0, f64::sqrt))],
        ),
        somewhere(
            "NanAtZero",
            vec![|seen| {
                let nan = || {
                    let (_, z, o) = point(seen.input())?;
                    let all = match norm2(&z) == 0.0 && o == 0.0 {
                        true => Prediction::of([("jacobian", vec![f64::NAN; z.len() * z.len()])]),
                        false => Prediction::default(),
                    };
                    Ok(all)
                };
                weigh(seen, nan())
            }],
        ),
    ]
}

fn point(input: &Input) -> Result<(Gain<f64>, Vec<f64>, f64), Refusal> {
    Ok((input.gain()?, input.vector("z")?, input.number("o")?))
}

/// γ by a rule for g(r).
fn at(input: &Input, rule: impl Fn(&Gain<f64>, f64) -> Result<f64, crate::Error>) -> Predicted {
    let gamma = rule(&input.gain()?, input.number("r")?)?;
    Ok(Prediction::of([("gamma", vec![gamma])]))
}

/// 1 - t/ρ, however small ρ is, or even where it is 0; the other gains as they are.
fn unclipped(gain: &Gain<f64>, rho: f64, at_zero: bool) -> Result<f64, crate::Error> {
    match gain {
        Gain::SoftThreshold { t } if rho > 0.0 || at_zero => Ok(1.0 - t / rho),
        other => f64::activate(other, &(rho * rho), &mut []),
    }
}

/// The activation with another o.
fn with_length(input: &Input, f: impl Fn(f64) -> f64) -> Predicted {
    let (gain, mut h, o) = point(input)?;
    let gamma = f64::activate(&gain, &f(o), &mut h)?;
    Ok(Prediction::of([("h", h), ("gamma", vec![gamma])]))
}

/// γ says it all: h may be formed in another way, which the mistake meets elsewhere.
fn gamma_alone(mut prediction: Prediction) -> Prediction {
    prediction.outputs.retain(|(name, _)| *name == "gamma");
    prediction.moving(&["h"])
}

/// h = γ z, with γ by a rule for ρ.
fn scaled(input: &Input, rule: impl Fn(&Gain<f64>, f64) -> Result<f64, crate::Error>) -> Predicted {
    let (gain, z, o) = point(input)?;
    let rho = norm2(&[norm2(&z), o.sqrt()]);
    let gamma = rule(&gain, rho)?;
    let h = z.iter().map(|x| gamma * x).collect();
    Ok(Prediction::of([("h", h), ("gamma", vec![gamma])]))
}

/// The activation entry by entry, of the case's gain or of another one.
fn entries(input: &Input, other: Option<Gain<f64>>) -> Predicted {
    let (gain, z, _) = point(input)?;
    let gain = other.unwrap_or(gain);
    let entry = |x: &f64| {
        let mut h = [*x];
        f64::activate(&gain, &0.0, &mut h).map(|_| h[0])
    };
    let h = z.iter().map(entry).collect::<Result<_, _>>()?;
    Ok(Prediction::of([("h", h)]).moving(&["gamma"]))
}

/// γ I + share · 2 g'(r) z zᵀ, with another o.
fn jacobian(input: &Input, share: f64, f: impl Fn(f64) -> f64) -> Predicted {
    let (gain, z, o) = point(input)?;
    let o = f(o);
    let gamma = f64::activate(&gain, &o, &mut z.clone())?;
    let changed = input
        .clone()
        .with("o", crate::scalar::text::hex(&o).unwrap_or_default());
    let whole = Operation::Jacobian.answer::<f64>(&changed)?;
    let whole = whole.get("jacobian").map(super::leaves);
    let n = z.len();
    let entry = |(at, x): (usize, f64)| {
        let of_identity = if at / n == at % n { gamma } else { 0.0 };
        of_identity + share * (x - of_identity)
    };
    let all = whole.unwrap_or_default().into_iter().enumerate().map(entry);
    Ok(Prediction::of([("jacobian", all.collect())]))
}
