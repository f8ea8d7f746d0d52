//! F7: what gradient flow conserves for the gains that can be scaled, and what one step of descent does to it.

use num_traits::One;
use rand_chacha::ChaCha8Rng;

use super::{Case, Measurement, Statement, Variant, learning::*, support::*};
use crate::{
    error::Error,
    learning::{Descent, LengthMode, Optimiser, Trainee},
    network::{Gain, Layer, gradient::Trainable},
    scalar::{Field, Rational, Real},
};

pub(super) struct F7;

impl Statement for F7 {
    const DECLARATION: &'static str = include_str!("../../proofs/F7.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(2, rng)?;
        case.ensure_psi(rng)
    }

    fn real<S: Real>(variant: Variant, case: &Case) -> Result<Option<Measurement>, Error> {
        let Some(problem) = Problem::of(case, false)? else {
            return Ok(None);
        };
        let mut rng = case.rng();
        let problem: Problem<S> = with_gain(variant, problem.labelled(&mut rng))?.cast()?;
        let running = problem.running()?;
        let rate = running.rate()?;
        let (found, expected) = change(variant, &problem, rate)?;
        let (of_found, of_expected) = change(variant, &running, rate)?;
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
        let problem = with_gain(variant, problem)?;
        let (found, expected) = change::<Rational>(variant, &problem, problem.rate()?)?;
        let mut measurement = Measurement::default();
        measurement.push_count(found.iter().zip(&expected).filter(|(a, b)| a != b).count());
        Ok(Some(measurement))
    }
}

/// 1/(1+r), or 1/√(1+r) where the case has it; for the control a gain that scales differently.
fn with_gain(variant: Variant, mut problem: Problem<Rational>) -> Result<Problem<Rational>, Error> {
    let gain = match (variant, problem.network.gain()) {
        (Variant::Control("other-gain"), _) => Gain::RationalTanh,
        (_, Gain::Algebraic) => Gain::Algebraic,
        _ => Gain::Rational,
    };
    problem.network = problem.network.with_gain(gain)?;
    Ok(problem)
}

/// C_l(θ - η g) of each hidden layer, and C_l(θ) + η² C°_l(g).
#[allow(clippy::type_complexity)]
fn change<S: Trainable>(
    variant: Variant,
    problem: &Problem<S>,
    rate: i32,
) -> Result<(Vec<Vec<S>>, Vec<Vec<S>>), Error> {
    let descent = Descent::plain(Optimiser::Sgd);
    let mut trainee = Trainee::new(
        problem.network.clone(),
        LengthMode::Direct,
        &descent.optimiser,
    )?;
    let before = trainee.network().clone();
    let gradient = trainee
        .gradient(&problem.x, &problem.targets, problem.loss)?
        .parameters;
    trainee.step(&descent, gradient.clone(), &power(rate))?;
    let after = trainee.network();
    let algebraic = *before.gain() == Gain::Algebraic;
    let sum = |layers: &[Layer<S>], l: usize, of_length: S| {
        conserved(variant, algebraic, &layers[l - 1..=l], of_length)
    };
    let (mut found, mut expected) = (vec![], vec![]);
    for l in before.hidden() {
        let one_more = |o: S| o + S::one();
        let start = sum(before.layers(), l, one_more(before.length_squared(l)));
        let end = sum(after.layers(), l, one_more(after.length_squared(l)));
        let of_gradient = sum(&gradient.layers, l, gradient.lengths[l - 1].clone());
        let squared: S = power::<S>(2 * rate);
        expected.push(vec![match variant.is("step-forgotten") {
            true => start,
            false => start + squared * of_gradient,
        }]);
        found.push(vec![end]);
    }
    Ok((found, expected))
}

/// ‖W_l‖² + ‖b_l‖² + ‖ψ_l‖² + 2 s² + ‖W_{l+1}‖² + 2 ‖ψ_{l+1}‖², s being 1 + o_l or the gradient of o_l; for 1/√(1+r) without
/// ‖W_{l+1}‖² and with ‖ψ_{l+1}‖² once.
fn conserved<S: Field>(variant: Variant, algebraic: bool, layers: &[Layer<S>], s: S) -> S {
    let square = |x: &[S]| x.iter().fold(S::zero(), |sum, x| sum + x.clone() * x);
    let (layer, next) = (&layers[0], &layers[1]);
    let two = S::from_int(2);
    let mut sum = square(layer.weight.as_slice()) + square(layer.bias.as_slice());
    sum += square(layer.psi_or_zero().as_slice()) + two.clone() * s.clone() * s;
    let of_psi = square(next.psi_or_zero().as_slice());
    if algebraic {
        let factor = if variant.is("psi-miscounted") {
            two
        } else {
            S::one()
        };
        return sum + factor * of_psi;
    }
    let factor = if variant.is("psi-miscounted") {
        S::one()
    } else {
        two
    };
    sum + square(next.weight.as_slice()) + factor * of_psi
}
