//! F7: what gradient flow conserves for the gains that can be scaled, and what one step of descent does to it.

use rand_chacha::ChaCha8Rng;

use super::{Case, Measurement, Statement, Variant, learning::*, manner::*};
use crate::{
    error::Error,
    learning::{Descent, LengthMode, Optimiser, Trainee},
    linalg::Vector,
    network::{Gain, Layer, gradient::Trainable},
    scalar::{Field, Rational, Real},
};

pub(super) struct F7;

controls! {
    OtherGain = "other-gain",
    PsiMiscounted = "psi-miscounted",
    StepForgotten = "step-forgotten",
    RootTwice = "root-twice",
}

impl Statement for F7 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/F7.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(2, rng)?;
        case.ensure_psi(rng)
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let Some(problem) = Problem::of(case, &FLOATS)? else {
            return Ok(None);
        };
        let mut rng = case.rng();
        let problem: Problem<S> = with_gain(variant, problem.labelled(&mut rng))?.cast()?;
        let running = problem.running()?;
        let rate = running.rate()?;
        let mut measurement = Measurement::default();
        if changes(variant) {
            let (found, expected) = change(variant, &problem, rate)?;
            let (of_found, of_expected) = change(variant, &running, rate)?;
            compare(
                &mut measurement,
                &found,
                &expected,
                (&of_found, &of_expected),
            );
        }
        if flows(variant) {
            let modes = [LengthMode::Log, LengthMode::Root];
            for mode in modes.into_iter().filter(|mode| flows_in(variant, *mode)) {
                let (along, nothing) = flow(variant, &problem, mode)?;
                let (of_along, of_nothing) = flow(variant, &running, mode)?;
                compare(&mut measurement, &along, &nothing, (&of_along, &of_nothing));
            }
        }
        Ok(Some(measurement))
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let Some(problem) = Problem::of(case, &RATIONALS)? else {
            return Ok(None);
        };
        let problem = with_gain(variant, problem)?;
        let mut measurement = Measurement::default();
        if changes(variant) {
            let (found, expected) = change::<Rational>(variant, &problem, problem.rate()?)?;
            measurement.push_count(unequal(&found, &expected));
        }
        // One step, and numbers that are short: over ℚ throughout.
        if flows(variant) {
            let (along, nothing) = flow(variant, &problem, LengthMode::Root)?;
            measurement.push_count(unequal(&along, &nothing));
        }
        Ok(Some(measurement))
    }
}

/// Whether a variant speaks of one step, of the flow, and of the flow with o trained so.
fn changes(variant: Variant<Control>) -> bool {
    !variant.is(Control::RootTwice)
}

fn flows(variant: Variant<Control>) -> bool {
    !variant.is(Control::StepForgotten)
}

fn flows_in(variant: Variant<Control>, mode: LengthMode) -> bool {
    mode == LengthMode::Root || !variant.is(Control::RootTwice)
}

/// 1/(1+r), or 1/√(1+r) where the case has it; for the control a gain that scales differently.
fn with_gain(
    variant: Variant<Control>,
    mut problem: Problem<Rational>,
) -> Result<Problem<Rational>, Error> {
    let gain = match (variant, problem.network.gain()) {
        (Variant::Control(Control::OtherGain), _) => Gain::RationalTanh,
        (_, Gain::Algebraic) => Gain::Algebraic,
        _ => Gain::Rational,
    };
    problem.network = problem.network.with_gain(gain)?;
    Ok(problem)
}

/// What is found and what is expected, a list for each hidden layer.
type Sides<S> = (Vec<Vec<S>>, Vec<Vec<S>>);

/// C_l(θ - η g) of each hidden layer, and C_l(θ) + η² C°_l(g).
fn change<S: Trainable>(
    variant: Variant<Control>,
    problem: &Problem<S>,
    rate: i32,
) -> Result<Sides<S>, Error> {
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
        expected.push(vec![match variant.is(Control::StepForgotten) {
            true => start,
            false => start + squared * of_gradient,
        }]);
        found.push(vec![end]);
    }
    Ok((found, expected))
}

/// Half of what flow makes of C_l, and 0: the gradient of C_l along that of the loss, with o trained as λ or as ln o.
fn flow<S: Trainable>(
    variant: Variant<Control>,
    problem: &Problem<S>,
    mode: LengthMode,
) -> Result<Sides<S>, Error> {
    let manner = Manner {
        rule: Rule::Descent,
        mode,
        rate: 0,
    };
    let trainee = manner.start(problem)?;
    let network = trainee.network();
    let gradient = trainee
        .gradient(&problem.x, &problem.targets, problem.loss)?
        .parameters;
    let algebraic = *network.gain() == Gain::Algebraic;
    let along = |l: usize| {
        let o = network.length_squared(l);
        let one_more = o.clone() + S::one();
        // Half the derivative of o + ln o by λ, and of 4 (ℓ - e^-ℓ) by ℓ.
        let of_length = match mode {
            LengthMode::Root if variant.is(Control::RootTwice) => {
                S::from_int(2) * one_more / &trainee.trained_lengths()[l - 1]
            }
            LengthMode::Root => one_more / &trainee.trained_lengths()[l - 1],
            LengthMode::Log => S::from_int(2) * one_more / o,
            LengthMode::Fixed | LengthMode::Direct => S::from_int(2) * one_more,
        };
        let of_length = of_length * &gradient.lengths[l - 1];
        let (at, by) = (&network.layers()[l - 1..=l], &gradient.layers[l - 1..=l]);
        vec![weighed(variant, algebraic, at, by) + of_length]
    };
    let along: Vec<Vec<S>> = network.hidden().map(along).collect();
    let nothing = along.iter().map(|_| vec![S::zero()]).collect();
    Ok((along, nothing))
}

/// ‖W_l‖² + ‖b_l‖² + ‖ψ_l‖² + 2 s² + ‖W_{l+1}‖² + 2 ‖ψ_{l+1}‖², s being 1 + o_l or the gradient of o_l; for 1/√(1+r) without
/// ‖W_{l+1}‖² and with ‖ψ_{l+1}‖² once.
fn conserved<S: Field>(variant: Variant<Control>, algebraic: bool, layers: &[Layer<S>], s: S) -> S {
    weighed(variant, algebraic, layers, layers) + S::from_int(2) * s.clone() * s
}

/// The bilinear form of C_l in everything but o_l, of two sets of layers l and l+1.
fn weighed<S: Field>(
    variant: Variant<Control>,
    algebraic: bool,
    a: &[Layer<S>],
    b: &[Layer<S>],
) -> S {
    let dot = |x: &[S], y: &[S]| {
        let pairs = x.iter().zip(y);
        pairs.fold(S::zero(), |sum, (x, y)| sum + x.clone() * y)
    };
    let psi = |k: usize| {
        let (x, y): (Vector<S>, Vector<S>) = (a[k].psi_or_zero(), b[k].psi_or_zero());
        dot(x.as_slice(), y.as_slice())
    };
    let mut sum = dot(a[0].weight.as_slice(), b[0].weight.as_slice());
    sum += dot(a[0].bias.as_slice(), b[0].bias.as_slice()) + psi(0);
    if !algebraic {
        sum += dot(a[1].weight.as_slice(), b[1].weight.as_slice());
    }
    let once = algebraic != variant.is(Control::PsiMiscounted);
    sum + S::from_int(if once { 1 } else { 2 }) * psi(1)
}
