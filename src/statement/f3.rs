//! F3: the state of an optimiser follows growth. Grown neurons with a zero outgoing column change no bit of training.

use num_traits::Zero;
use rand_chacha::ChaCha8Rng;

use super::{Case, Measurement, Statement, Variant, learning::*, manner::*};
use crate::{
    error::Error,
    learning::{LengthMode, Second, Trainee},
    linalg::Matrix,
    network::gradient::Trainable,
    scalar::{Rational, Real, Residue},
};

pub(super) struct F3;

controls! {
    StateForgotten = "state-forgotten",
    LengthMomentumReset = "length-momentum-reset",
    CurrentSize = "current-size",
}

/// Neurons that are grown.
const GROWN: usize = 2;

impl Statement for F3 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/F3.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(2, rng)?;
        case.ensure_psi(rng)?;
        case.ensure_curved()
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        measure::<S>(variant, case, &FLOATS)
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let modular = measure::<Residue>(variant, case, &RESIDUES)?;
        let short = over_rationals(case) && !variant.is(Control::CurrentSize);
        let rational = match short {
            true => measure::<Rational>(variant, case, &RATIONALS)?,
            false => None,
        };
        let both = modular.into_iter().chain(rational);
        Ok(both.reduce(|mut all, found| {
            all.extend(found);
            all
        }))
    }
}

fn measure<S: Trainable>(
    variant: Variant<Control>,
    case: &Case,
    limits: &Limits,
) -> Result<Option<Measurement>, Error> {
    let Some(problem) = Problem::of(case, limits)? else {
        return Ok(None);
    };
    let problem: Problem<S> = problem.cast()?;
    let rules = [
        Rule::Descent,
        Rule::HeavyBall,
        Rule::Nesterov,
        Rule::AdamTensor,
    ];
    let manner = Manner {
        rule: match variant {
            Variant::Faithful => rules[(case.seed / 4 % 4) as usize],
            Variant::Control(Control::CurrentSize) => Rule::AdamTensor,
            Variant::Control(_) => Rule::HeavyBall,
        },
        mode: match S::precision() {
            None => LengthMode::Direct,
            Some(_) => LengthMode::Log,
        },
        rate: problem.rate()?,
    };
    if !manner.rule.is_short::<S>() {
        return Ok(None);
    }
    let mut a = manner.start(&problem)?;
    manner.advance(&mut a, &problem, 1)?;
    let mut b = a.clone();
    grow(&mut a)?;
    match variant {
        Variant::Control(Control::StateForgotten) => a.state_mut().first.scale(&S::zero()),
        Variant::Control(Control::LengthMomentumReset) => {
            a.state_mut()
                .first
                .lengths
                .iter_mut()
                .for_each(|v| *v = S::zero());
        }
        Variant::Control(Control::CurrentSize) => resize(&mut a),
        Variant::Faithful => {}
    }
    manner.advance(&mut a, &problem, 1)?;
    manner.advance(&mut b, &problem, 1)?;
    grow(&mut b)?;
    let (a, b) = (numbers(&a), numbers(&b));
    let mut measurement = Measurement::default();
    measurement.push_count(unequal(&a, &b));
    Ok(Some(measurement))
}

/// Neurons with nothing at all in every hidden layer.
fn grow<S: Trainable>(trainee: &mut Trainee<S>) -> Result<(), Error> {
    for l in trainee.network().hidden() {
        let rows = trainee.network().layer(l + 1).width();
        trainee.grow(l, &Matrix::from_element(rows, GROWN, S::zero()))?;
    }
    Ok(())
}

/// The second moments count the entries that the tensors have now.
fn resize<S: Trainable>(trainee: &mut Trainee<S>) {
    let now: Vec<usize> = trainee
        .state()
        .first
        .tensors()
        .iter()
        .map(|t| t.len())
        .collect();
    if let Second::Tensors { sizes, .. } = &mut trainee.state_mut().second {
        for (size, now) in sizes.iter_mut().zip(now).filter(|(_, now)| !now.is_zero()) {
            *size = now;
        }
    }
}
