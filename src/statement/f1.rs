//! F1: training commutes with the gauge.
//!
//! A network is trained for some steps, rotated with its state, and trained on; or trained throughout and rotated at the
//! end. Parameters and momenta are the same: over ℚ for two steps, modulo a prime for a hundred, and to a rounding bound
//! in floating point.

use rand_chacha::ChaCha8Rng;

use super::{Case, Measurement, Statement, Variant, learning::*, manner::*};
use crate::{
    bound::Running,
    error::Error,
    learning::{LengthMode, Trainee},
    linalg::Matrix,
    network::gradient::Trainable,
    scalar::{Real, Residue},
};

pub(super) struct F1;

controls! {
    ElementwiseAdam = "elementwise-adam",
    MomentumNotRotated = "momentum-not-rotated",
    SignDescent = "sign-descent",
}

impl Statement for F1 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/F1.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(2, rng)?;
        case.ensure_width(1, 2, rng)?;
        case.ensure_width(2, 2, rng)?;
        case.ensure_psi(rng)
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let Some(problem) = Problem::of(case, &FLOATS)? else {
            return Ok(None);
        };
        let mut rng = case.rng();
        let problem: Problem<S> = problem.labelled(&mut rng).cast()?;
        let running = problem.running()?;
        let modes = [LengthMode::Log, LengthMode::Root, LengthMode::Direct];
        let manner = Manner {
            rule: rule::<S>(variant, &mut rng),
            mode: modes[(case.seed % 3) as usize],
            rate: running.rate()?,
        };
        let rotations = rotations(&problem, &mut rng);
        let inexact = |r: &Matrix<S>| {
            let error = 4.0 * r.nrows() as f64;
            r.map(|x| Running::with_error(x.to_f64(), error))
        };
        let turned: Vec<Matrix<Running>> = rotations.iter().map(inexact).collect();
        let (a, b) = sides(variant, &manner, &problem, &rotations, 1, 1)?;
        let (of_a, of_b) = sides(variant, &manner, &running, &turned, 1, 1)?;
        let mut measurement = Measurement::default();
        compare(
            &mut measurement,
            &numbers(&a),
            &numbers(&b),
            (&numbers(&of_a), &numbers(&of_b)),
        );
        Ok(Some(measurement))
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let mut measurement = Measurement::default();
        // √v has no place in a field, and modulo a prime numbers have no signs.
        let modular = !variant.is(Control::ElementwiseAdam) && !variant.is(Control::SignDescent);
        if let Some(problem) = Problem::of(case, &RESIDUES)?.filter(|_| modular) {
            let half = modular_steps(case) / 2;
            let problem = problem.cast::<Residue>()?;
            hold(&mut measurement, variant, case, &problem, (half, half))?;
        }
        let rational = over_rationals(case) && !variant.is(Control::ElementwiseAdam);
        if let Some(problem) = Problem::of(case, &RATIONALS)?.filter(|_| rational) {
            hold(&mut measurement, variant, case, &problem, (1, 1))?;
        }
        Ok(Some(measurement))
    }
}

/// In exact arithmetic: `steps` before and after the rotation.
fn hold<S: Trainable>(
    measurement: &mut Measurement,
    variant: Variant<Control>,
    case: &Case,
    problem: &Problem<S>,
    steps: (usize, usize),
) -> Result<(), Error> {
    let mut rng = case.rng();
    let manner = Manner {
        rule: rule::<S>(variant, &mut rng),
        mode: [LengthMode::Direct, LengthMode::Root][(case.seed / 4 % 2) as usize],
        rate: problem.rate()?,
    };
    let rotations = rotations(problem, &mut rng);
    let (a, b) = sides(variant, &manner, problem, &rotations, steps.0, steps.1)?;
    let (a, b) = (numbers(&a), numbers(&b));
    measurement.push_count(unequal(&a, &b));
    Ok(())
}

fn rule<S: Trainable>(variant: Variant<Control>, rng: &mut ChaCha8Rng) -> Rule {
    match variant {
        Variant::Control(Control::ElementwiseAdam) => Rule::Elementwise,
        Variant::Control(Control::SignDescent) => Rule::Signs,
        Variant::Control(_) => Rule::HeavyBall,
        Variant::Faithful => Rule::drawn::<S>(rng),
    }
}

fn rotations<S: Trainable>(problem: &Problem<S>, rng: &mut ChaCha8Rng) -> Vec<Matrix<S>> {
    let network = &problem.network;
    let draw = |l: usize| S::orthogonal(network.layer(l).width(), rng);
    network.hidden().map(draw).collect()
}

/// Rotated on the way, and rotated at the end.
fn sides<S: Trainable>(
    variant: Variant<Control>,
    manner: &Manner,
    problem: &Problem<S>,
    rotations: &[Matrix<S>],
    before: usize,
    after: usize,
) -> Result<(Trainee<S>, Trainee<S>), Error> {
    let optimiser = manner.rule.descent().optimiser;
    let mut a = manner.start(problem)?;
    manner.advance(&mut a, problem, before)?;
    let mut b = a.clone();
    let momentum = a.state().first.clone();
    for (l, r) in (1..).zip(rotations) {
        a.rotate(l, r, &optimiser)?;
    }
    if variant.is(Control::MomentumNotRotated) {
        a.state_mut().first = momentum;
    }
    manner.advance(&mut a, problem, after)?;
    manner.advance(&mut b, problem, after)?;
    for (l, r) in (1..).zip(rotations) {
        b.rotate(l, r, &optimiser)?;
    }
    Ok((a, b))
}
