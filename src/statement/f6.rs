//! F6: the angular momentum of a layer decays by μ a step, whatever the loss.
//!
//! 𝒜_l = skew(M_W W_lᵀ + M_b b_lᵀ + M_ψ ψ_lᵀ - W_{l+1}ᵀ M_{W_{l+1}}) with M the step taken and W before it. Rotations leave the
//! loss as it is, so that the gradient has none of it, and coupled decay is symmetric. Nesterov's step looks ahead: from M = 0 it
//! keeps 𝒜 = 0 for two steps and loses it in the third.

use rand_chacha::ChaCha8Rng;

use super::{Case, Measurement, Statement, Variant, learning::*, manner::*};
use crate::{
    bound::Running,
    error::Error,
    learning::{LengthMode, angular_momenta},
    linalg::Matrix,
    network::{
        Network,
        gradient::{Tangent, Trainable},
    },
    scalar::{Field, Rational, Real, Residue},
};

pub(super) struct F6;

controls! {
    Nesterov = "nesterov",
    Muon = "muon",
    SignDescent = "sign-descent",
    Plus = "plus",
}

/// Steps in floating point and over ℚ.
const STEPS: usize = 2;

impl Statement for F6 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/F6.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(2, rng)?;
        case.ensure_width(1, 2, rng)?;
        case.ensure_width(2, 2, rng)?;
        case.ensure_psi(rng)?;
        case.ensure_curved()
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let Some(exact) = Problem::of(case, &FLOATS)? else {
            return Ok(None);
        };
        let mut rng = case.rng();
        let momentum = drawn_momentum(&exact.network, &FLOATS, &mut rng);
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
            (&of_found, &of_expected),
        );
        Ok(Some(measurement))
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let mut measurement = Measurement::default();
        // Three steps of Nesterov, and Muon's cubes, are too long over ℚ.
        let long = variant.is(Control::Nesterov) || variant.is(Control::Muon);
        let short = over_rationals(case) && !long;
        // Modulo a prime numbers have no signs.
        let modular = !variant.is(Control::SignDescent);
        if let Some(problem) = Problem::of(case, &RESIDUES)?.filter(|_| modular) {
            let (modular, steps) = (problem.cast::<Residue>()?, modular_steps(case));
            let source = (&problem, &RESIDUES);
            hold(&mut measurement, variant, case, &modular, source, steps)?;
        }
        if let Some(problem) = Problem::of(case, &RATIONALS)?.filter(|_| short) {
            let source = (&problem, &RATIONALS);
            hold(&mut measurement, variant, case, &problem, source, STEPS)?;
        }
        Ok(Some(measurement))
    }
}

fn hold<S: Trainable>(
    measurement: &mut Measurement,
    variant: Variant<Control>,
    case: &Case,
    problem: &Problem<S>,
    source: (&Problem<Rational>, &Limits),
    steps: usize,
) -> Result<(), Error> {
    let momentum = drawn_momentum(&source.0.network, source.1, &mut case.rng());
    let momentum = cast_momentum(&momentum, S::from_rational);
    let (found, expected) = angular(variant, problem, problem.rate()?, momentum, steps)?;
    if found.iter().any(|entries| !entries.is_empty()) {
        measurement.push_count(unequal(&found, &expected));
    }
    Ok(())
}

/// 𝒜 as lists of entries, one for each step and layer.
type Entries<S> = Vec<Vec<S>>;

/// For each step and layer 𝒜 as found, and μ times the one before.
fn angular<S: Trainable>(
    variant: Variant<Control>,
    problem: &Problem<S>,
    rate: i32,
    momentum: Tangent<S>,
    steps: usize,
) -> Result<(Entries<S>, Entries<S>), Error> {
    let manner = Manner {
        rule: match variant {
            Variant::Control(Control::Nesterov) => Rule::Nesterov,
            Variant::Control(Control::Muon) => Rule::Muon,
            Variant::Control(Control::SignDescent) => Rule::Signs,
            Variant::Faithful | Variant::Control(_) => Rule::HeavyBall,
        },
        mode: LengthMode::Direct,
        rate,
    };
    let mut trainee = manner.start(problem)?;
    // From M = 0 Nesterov's steps are at fault in the third and not before.
    let (momentum, steps) = match variant.is(Control::Nesterov) {
        true => (Tangent::zeros(trainee.network()), steps + 1),
        false => (momentum, steps),
    };
    let mut before = of_layers(variant, trainee.network(), &momentum);
    trainee.state_mut().first = momentum;
    let (mut found, mut expected) = (vec![], vec![]);
    for _ in 0..steps {
        let network = trainee.network().clone();
        let taken = manner.step(&mut trainee, problem)?;
        let now = of_layers(variant, &network, &taken);
        let half: S = power(1);
        for a in &mut before {
            S::scale(a, &half);
        }
        expected.append(&mut before);
        found.extend(now.iter().cloned());
        before = now;
    }
    Ok((found, expected))
}

/// The entries of each 𝒜_l below the diagonal.
fn of_layers<S: Field>(
    variant: Variant<Control>,
    network: &Network<S>,
    step: &Tangent<S>,
) -> Vec<Vec<S>> {
    let below = |a: &Matrix<S>| -> Vec<S> {
        let places = (0..a.nrows()).flat_map(|i| (0..i).map(move |j| (i, j)));
        places.map(|place| a[place].clone()).collect()
    };
    let momenta = match variant.is(Control::Plus) {
        false => angular_momenta(network, step),
        true => network
            .hidden()
            .map(|l| with_plus(network, step, l))
            .collect(),
    };
    momenta.iter().map(below).collect()
}

/// 𝒜_l with + for the last term.
fn with_plus<S: Field>(network: &Network<S>, step: &Tangent<S>, l: usize) -> Matrix<S> {
    let mut turned = step.clone();
    S::scale(turned.layers[l].weight.as_mut_slice(), &-S::one());
    angular_momenta(network, &turned).swap_remove(l - 1)
}
