//! Mistakes in deciding whether two networks are one function.

use super::{
    super::{
        Known,
        evidence::{Prediction, Weight, weigh},
    },
    of_changed, planted,
};
use crate::{
    identity::{Decision, Equality, decide},
    network::{Gain, Network, evaluate},
    scalar::Rational,
    vector::{
        input::{Input, Refusal},
        operation::Operation,
    },
};

type Predicted = Result<Prediction, Refusal>;
type Pair = [Network<Rational>; 2];

pub(super) fn of_decision() -> Vec<Known> {
    vec![
        planted(
            "ParametersCompared",
            vec![|seen| {
                // Who compares parameters knows of no level.
                match seen.only(&["level"]) && seen.answered("level").is_none() {
                    true => Weight::For,
                    false => weigh(seen, said(seen.input(), |[a, b]| Ok(a == b))),
                }
            }],
        ),
        planted(
            "NumbersRounded",
            vec![|seen| weigh(seen, rounded::<f64>(seen.input())), |seen| {
                weigh(seen, rounded::<f32>(seen.input()))
            }],
        ),
        planted(
            "DecidedByTolerance",
            vec![|seen| {
                // Whatever the tolerance is, the pairs that it cannot tell apart are 2^-90 from each other.
                weigh(
                    seen,
                    said(seen.input(), |pair| Ok(right(pair) || near(pair))),
                )
            }],
        ),
        planted(
            "DecidedAtAPoint",
            vec![|seen| {
                let x: Vec<f64> = seen.input().vector("x").unwrap_or_default();
                weigh(
                    seen,
                    said(seen.input(), |[a, b]| agree_at([a, b], &x, 1e-9)),
                )
            }],
        ),
        planted(
            "ScalingMissed",
            vec![|seen| {
                weigh(
                    seen,
                    said(seen.input(), |[a, b]| {
                        let decision = decide(&a.into(), &b.into());
                        Ok(right(&[a.clone(), b.clone()])
                            && !matches!(decision, Decision::Equal(Equality::Scaled)))
                    }),
                )
            }],
        ),
        planted(
            "ConstantsCompared",
            vec![|seen| {
                weigh(
                    seen,
                    said(seen.input(), |[a, b]| {
                        let decision = decide(&a.into(), &b.into());
                        Ok(right(&[a.clone(), b.clone()])
                            && !matches!(decision, Decision::Equal(Equality::Constant)))
                    }),
                )
            }],
        ),
        planted(
            "LinearByDepth",
            vec![|seen| {
                weigh(
                    seen,
                    said(seen.input(), |pair| {
                        let [a, b] = pair;
                        let linear = *a.gain() == Gain::Linear;
                        Ok(right(pair) && !(linear && a.depth() != b.depth()))
                    }),
                )
            }],
        ),
        planted(
            "ODropped",
            vec![|seen| weigh(seen, changed(seen.input(), |_| Rational::from(0), false))],
        ),
        planted(
            "OSquaredTwice",
            vec![|seen| weigh(seen, changed(seen.input(), |o| o.clone() * o, false))],
        ),
        planted(
            "PsiDropped",
            vec![|seen| weigh(seen, changed(seen.input(), |o| o, true))],
        ),
    ]
}

/// Whether two networks are proved to be one function.
fn right([a, b]: &Pair) -> bool {
    matches!(decide(&a.into(), &b.into()), Decision::Equal(_))
}

fn pair(input: &Input) -> Result<Pair, Refusal> {
    Ok([input.network()?, input.network_named("other")?])
}

/// What a port with that criterion says; the level goes its own way.
fn said(input: &Input, equal: impl Fn(&Pair) -> Result<bool, crate::Error>) -> Predicted {
    let equal = equal(&pair(input)?)?;
    Ok(Prediction::of([("equal", vec![f64::from(u8::from(equal))])]).moving(&["level"]))
}

/// What is right of other networks, the level included.
fn of_pair(input: &Input, [a, b]: &Pair) -> Predicted {
    let changed = input.clone().with_network(a).with_network_named("other", b);
    of_changed(Operation::Decide, &changed, &["equal", "level"])
}

/// Every number rounded before it is compared.
fn rounded<S: crate::scalar::Field>(input: &Input) -> Predicted {
    let [a, b] = pair(input)?;
    let (a, b): (Network<S>, Network<S>) = (a.cast()?, b.cast()?);
    of_pair(input, &[a.cast()?, b.cast()?])
}

/// Outputs that no double tells apart.
fn near([a, b]: &Pair) -> bool {
    let inputs = a.widths().first().copied().unwrap_or(0);
    (0..3).all(|k| {
        let x: Vec<f64> = (0..inputs).map(|i| 0.3 + (i + k) as f64 * 0.7).collect();
        agree_at([a, b], &x, 1e-12).unwrap_or(false)
    })
}

/// Whether two networks agree at a point; never if they have other numbers of inputs or outputs.
fn agree_at([a, b]: [&Network<Rational>; 2], x: &[f64], within: f64) -> Result<bool, crate::Error> {
    let ends = |network: &Network<Rational>| {
        let widths = network.widths();
        (widths.first().copied(), widths.last().copied())
    };
    if ends(a) != ends(b) {
        return Ok(false);
    }
    let (a, b): (Network<f64>, Network<f64>) = (a.cast()?, b.cast()?);
    Ok((evaluate(&a, x)? - evaluate(&b, x)?).norm() < within)
}

/// The decision on networks of other lengths, or without ψ.
fn changed(input: &Input, length: impl Fn(Rational) -> Rational, without_psi: bool) -> Predicted {
    let change = |network: &Network<Rational>| -> Result<Network<Rational>, crate::Error> {
        let (mut layers, gain, o) = network.clone().into_parts();
        if without_psi {
            layers.iter_mut().for_each(|layer| layer.psi = None);
        }
        let o = o.into_iter().map(&length);
        Network::new(layers, gain, Some(o.collect()))
    };
    let [a, b] = pair(input)?;
    of_pair(input, &[change(&a)?, change(&b)?])
}
