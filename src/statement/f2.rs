//! F2: Adam entry by entry knows its neurons apart. It commutes with signed permutations of them, its second moment
//! permuted along, and not with rotations, whatever becomes of the second moment.

use rand::{RngExt, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

use super::{Case, Measurement, Statement, Variant, learning::*, manner::power};
use crate::{
    bound::Running,
    error::Error,
    learning::{AdamRotation, Descent, LengthMode, Optimiser, Trainee, train},
    linalg::Matrix,
    network::{Scalar, gradient::Trainable},
    scalar::{Field, Real},
};

pub(super) struct F2;

controls! {
    DiagonalTransform = "diagonal-transform",
    RotatedAndKept = "rotated-and-kept",
    SecondMomentKept = "second-moment-kept",
}

impl Statement for F2 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/F2.yaml");

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
        let network = &problem.network;
        let permuted = matches!(
            variant,
            Variant::Faithful | Variant::Control(Control::SecondMomentKept)
        );
        let turns: Vec<Matrix<S>> = network
            .hidden()
            .map(|l| match permuted {
                true => signed_permutation(network.layer(l).width(), &mut rng),
                false => S::orthogonal(network.layer(l).width(), &mut rng),
            })
            .collect();
        let exact = |r: &Matrix<S>| r.map(|x| Running::with_error(x.to_f64(), 0.0));
        let of_turns: Vec<Matrix<Running>> = turns.iter().map(exact).collect();
        let (a, b) = sides(variant, &problem, &turns)?;
        let (of_a, of_b) = sides(variant, &running, &of_turns)?;
        let mut measurement = Measurement::default();
        let errors = (numbers(&of_a), numbers(&of_b));
        compare(
            &mut measurement,
            &numbers(&a),
            &numbers(&b),
            (&errors.0, &errors.1),
        );
        Ok(Some(measurement))
    }

    fn exact(_: Variant<Control>, _: &Case) -> Result<Option<Measurement>, Error> {
        // √v has no place in a field.
        Ok(None)
    }
}

/// One ±1 in each row and column.
fn signed_permutation<S: Field>(n: usize, rng: &mut ChaCha8Rng) -> Matrix<S> {
    let mut places: Vec<usize> = (0..n).collect();
    places.shuffle(rng);
    let signs: Vec<bool> = (0..n).map(|_| rng.random()).collect();
    Matrix::from_fn(n, n, |i, j| match (places[i] == j, signs[i]) {
        (true, true) => S::one(),
        (true, false) => -S::one(),
        (false, _) => S::zero(),
    })
}

/// Turned between two steps, and turned after both.
fn sides<S: Trainable>(
    variant: Variant<Control>,
    problem: &Problem<S>,
    turns: &[Matrix<S>],
) -> Result<(Trainee<S>, Trainee<S>), Error> {
    let descent = Descent::plain(Optimiser::AdamW {
        betas: (power(1), S::one() - power::<S>(2)),
        epsilon: power(3),
        rotation: match variant {
            Variant::Control(Control::SecondMomentKept | Control::RotatedAndKept) => {
                AdamRotation::Keep
            }
            Variant::Faithful | Variant::Control(_) => AdamRotation::Diagonal,
        },
    });
    let rate = [power::<S>(6)];
    let step = |trainee: &mut Trainee<S>| {
        train(
            trainee,
            &descent,
            &problem.x,
            &problem.targets,
            problem.loss,
            &rate,
        )
        .map(|_| ())
    };
    let mut a = Trainee::new(problem.network.clone(), LengthMode::Log, &descent.optimiser)?;
    step(&mut a)?;
    let mut b = a.clone();
    for (l, r) in (1..).zip(turns) {
        a.rotate(l, r, &descent.optimiser)?;
    }
    step(&mut a)?;
    step(&mut b)?;
    for (l, r) in (1..).zip(turns) {
        b.rotate(l, r, &descent.optimiser)?;
    }
    Ok((a, b))
}
