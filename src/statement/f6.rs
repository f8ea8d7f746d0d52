//! F6: the angular momentum of a layer decays by μ a step, whatever the loss.
//!
//! 𝒜_l = skew(M_W W_lᵀ + M_b b_lᵀ + M_ψ ψ_lᵀ - W_{l+1}ᵀ M_{W_{l+1}}) with M the step taken and W before it. Rotations leave the
//! loss as it is, so that the gradient has none of it, and coupled decay is symmetric.

use rand_chacha::ChaCha8Rng;

use super::{Case, Measurement, Statement, Variant, learning::*};
use crate::{
    bound::Running,
    error::Error,
    learning::LengthMode,
    linalg::{Matrix, product_nt, product_tn},
    network::{
        Network,
        gradient::{Tangent, Trainable},
    },
    scalar::{Field, Rational, Real, Residue},
};

pub(super) struct F6;

/// Steps in floating point and over ℚ.
const STEPS: usize = 2;

impl Statement for F6 {
    const DECLARATION: &'static str = include_str!("../../proofs/F6.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(2, rng)?;
        case.ensure_width(1, 2, rng)?;
        case.ensure_width(2, 2, rng)?;
        case.ensure_psi(rng)?;
        case.ensure_curved()
    }

    fn real<S: Real>(variant: Variant, case: &Case) -> Result<Option<Measurement>, Error> {
        let Some(exact) = Problem::of(case, false)? else {
            return Ok(None);
        };
        let mut rng = case.rng();
        let momentum = drawn_momentum(&exact.network, &mut rng);
        let problem: Problem<S> = exact.labelled(&mut rng).cast()?;
        let running = problem.running()?;
        let rate = running.rate()?;
        let momentum = cast_momentum(&momentum, S::from_rational);
        let of_momentum = cast_momentum(&momentum, |x: &S| Running::with_error(x.to_f64(), 0.0));
        let (found, expected) = angular(variant, &problem, rate, momentum, STEPS)?;
        let (of_found, of_expected) = angular(variant, &running, rate, of_momentum, STEPS)?;
        let mut measurement = Measurement::default();
        compare(
            &mut measurement,
            &found,
            &expected,
            Some((&of_found, &of_expected)),
        );
        Ok(Some(measurement))
    }

    fn exact(variant: Variant, case: &Case) -> Result<Option<Measurement>, Error> {
        let Some(problem) = Problem::of(case, true)? else {
            return Ok(None);
        };
        let mut measurement = Measurement::default();
        hold(&mut measurement, variant, case, &problem, &problem, STEPS)?;
        if variant == Variant::Faithful {
            let whole = Problem::of(case, false)?.unwrap_or(problem);
            let modular = whole.cast::<Residue>()?;
            hold(
                &mut measurement,
                variant,
                case,
                &modular,
                &whole,
                modular_steps(case),
            )?;
        }
        Ok(Some(measurement))
    }
}

fn hold<S: Trainable>(
    measurement: &mut Measurement,
    variant: Variant,
    case: &Case,
    problem: &Problem<S>,
    source: &Problem<Rational>,
    steps: usize,
) -> Result<(), Error> {
    let momentum = drawn_momentum(&source.network, &mut case.rng());
    let momentum = cast_momentum(&momentum, S::from_rational);
    let (found, expected) = angular(variant, problem, problem.rate()?, momentum, steps)?;
    let differ = |(a, b): (&Vec<S>, &Vec<S>)| a.iter().zip(b).filter(|(a, b)| a != b).count();
    if found.iter().any(|entries| !entries.is_empty()) {
        measurement.push_count(found.iter().zip(&expected).map(differ).sum());
    }
    Ok(())
}

/// For each step and layer 𝒜 as found, and μ times the one before.
#[allow(clippy::type_complexity)]
fn angular<S: Trainable>(
    variant: Variant,
    problem: &Problem<S>,
    rate: i32,
    momentum: Tangent<S>,
    steps: usize,
) -> Result<(Vec<Vec<S>>, Vec<Vec<S>>), Error> {
    let manner = Manner {
        rule: match variant {
            Variant::Control("nesterov") => Rule::Nesterov,
            Variant::Control("muon") => Rule::Muon,
            Variant::Faithful | Variant::Control(_) => Rule::HeavyBall,
        },
        mode: LengthMode::Direct,
        rate,
    };
    let descent = manner.rule.descent();
    let mut trainee = manner.start(problem)?;
    let of = |network: &Network<S>, step: &Tangent<S>| -> Vec<Vec<S>> {
        network
            .hidden()
            .map(|l| of_layer(variant, network, step, l))
            .collect()
    };
    let mut before = of(trainee.network(), &momentum);
    trainee.state_mut().first = momentum;
    let (mut found, mut expected) = (vec![], vec![]);
    for _ in 0..steps {
        let network = trainee.network().clone();
        let mut gradient = trainee
            .gradient(&problem.x, &problem.targets, problem.loss)?
            .parameters;
        if variant.is("sign-descent") {
            for tensor in gradient.tensors_mut() {
                tensor.iter_mut().for_each(|g| *g = g.signum());
            }
        }
        let step = trainee.step(&descent, gradient, &power(rate))?;
        let now = of(&network, &step);
        let half: S = power(1);
        expected.extend(before.into_iter().map(|mut a| {
            S::scale(&mut a, &half);
            a
        }));
        found.extend(now.iter().cloned());
        before = now;
    }
    Ok((found, expected))
}

/// The entries of 𝒜_l below the diagonal.
fn of_layer<S: Field>(
    variant: Variant,
    network: &Network<S>,
    step: &Tangent<S>,
    l: usize,
) -> Vec<S> {
    let (layer, moved) = (network.layer(l), &step.layers[l - 1]);
    let n = layer.width();
    let column = |v: &crate::linalg::Vector<S>| Matrix::from_column_slice(n, 1, v.as_slice());
    let mut sum = product_nt(&moved.weight, &layer.weight);
    let mut add = |term: Matrix<S>, factor: S| {
        S::axpy(sum.as_mut_slice(), &factor, term.as_slice());
    };
    add(
        product_nt(&column(&moved.bias), &column(&layer.bias)),
        S::one(),
    );
    if let (Some(m), Some(psi)) = (&moved.psi, &layer.psi) {
        add(product_nt(&column(m), &column(psi)), S::one());
    }
    let outgoing = product_tn(&network.layer(l + 1).weight, &step.layers[l].weight);
    add(
        outgoing,
        if variant.is("plus") {
            S::one()
        } else {
            -S::one()
        },
    );
    let below = (0..n).flat_map(|i| (0..i).map(move |j| (i, j)));
    below
        .map(|(i, j)| sum[(i, j)].clone() - &sum[(j, i)])
        .collect()
}
