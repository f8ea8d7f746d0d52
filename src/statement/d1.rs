//! D1: a dead neuron can go, and no bit changes.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{Case, Measurement, Statement, Variant, case::sizeable, support::*};
use crate::{
    error::Error,
    network::{Scalar, evaluate},
    resize::remove,
    scalar::{Rational, Real},
};

pub(super) struct D1;

controls! {
    BiasIgnored = "bias-ignored",
    PsiEntryIgnored = "psi-entry-ignored",
}

impl Statement for D1 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/D1.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(2, rng)?;
        case.ensure_psi(rng)?;
        case.ensure_curved()
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        measure::<S>(variant, case).map(Some)
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        measure::<Rational>(variant, case).map(Some)
    }
}

fn measure<S: Scalar>(variant: Variant<Control>, case: &Case) -> Result<Measurement, Error> {
    let (network, inputs) = case.cast::<S>()?;
    let mut rng = case.rng();
    let mut measurement = Measurement::default();
    for l in network.hidden() {
        let at = rng.random_range(0..=network.layer(l).width());
        let mut draw = || S::from_rational(&sizeable(&mut rng));
        let outgoing: Vec<S> = (0..network.layer(l + 1).width()).map(|_| draw()).collect();
        let row = vec![S::zero(); network.layer(l).weight.ncols()];
        // The controls take a neuron for dead that is not: its bias or its ψ entry is ignored.
        let bias = if variant.is(Control::BiasIgnored) {
            draw()
        } else {
            S::zero()
        };
        let psi = if variant.is(Control::PsiEntryIgnored) {
            draw()
        } else {
            S::zero()
        };
        let alive = with_neuron(&network, l, at, (&row, bias, psi), &outgoing)?;
        let dead = with_neuron(&network, l, at, (&row, S::zero(), S::zero()), &outgoing)?;
        let removed = remove(&dead, l, at + 1)?;
        for x in &inputs {
            let (y, y_removed) = (evaluate(&alive, x)?, evaluate(&removed, x)?);
            let same = |a: &S, b: &S| a == b && a.signum() == b.signum();
            measurement.push_count(
                y.iter()
                    .zip(y_removed.iter())
                    .filter(|(a, b)| !same(a, b))
                    .count(),
            );
        }
    }
    Ok(measurement)
}
