//! C2: neurogenesis with a bias, taken back out of o and ψ.

use rand_chacha::ChaCha8Rng;

use super::{Case, Measurement, Statement, Variant, case::sizeable, support::*};
use crate::{
    error::Error,
    linalg::Matrix,
    network::{Network, Scalar},
    resize::grow_with_bias,
    scalar::{Rational, Real},
};

pub(super) struct C2;

controls! {
    PsiForgotten = "psi-forgotten",
    LengthForgotten = "length-forgotten",
    LengthNotSquared = "length-not-squared",
    Clipped = "clipped",
}

impl Statement for C2 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/C2.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(1, rng)?;
        case.ensure_lengths()?;
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
    let mut grown = network.clone();
    let mut computed = vec![0.0; network.depth()];
    for l in network.hidden() {
        let column: Vec<S> = (0..grown.layer(l + 1).width())
            .map(|_| S::from_rational(&sizeable(&mut rng)))
            .collect();
        computed[l] += 4.0;
        if variant.is(Control::Clipped) {
            grown = clipped(&grown, l, &column)?;
            continue;
        }
        let beta = fitting(&network.length_squared(l));
        let next = grow_with_bias(
            &grown,
            l,
            &beta,
            &Matrix::from_column_slice(column.len(), 1, &column),
        )?;
        grown = spoil(variant, &grown, next, l, &beta)?;
    }
    same_outputs(&network, &grown, &inputs, &computed)
}

/// A rational function of o with 0 < β² ≤ o for o > 0: β = o/(1 + o).
pub(super) fn fitting<S: Scalar>(o: &S) -> S {
    o.clone() / (S::one() + o)
}

/// The control: β = 1 + o is more than o has to give, and o stops at 0 without a word.
fn clipped<S: Scalar>(network: &Network<S>, l: usize, column: &[S]) -> Result<Network<S>, Error> {
    let beta = S::one() + network.length_squared(l);
    let row = vec![S::zero(); network.layer(l).weight.ncols()];
    let at = network.layer(l).width();
    let grown = with_neuron(network, l, at, (&row, beta.clone(), S::zero()), column)?;
    altered(&grown, |layers, _, lengths| {
        lengths[l - 1] = S::zero();
        let mut psi = layers[l].psi_or_zero();
        S::axpy(psi.as_mut_slice(), &-beta, column);
        layers[l].psi = Some(psi);
    })
}

/// Forgets one of the two updates, or takes β instead of β² out of o.
fn spoil<S: Scalar>(
    variant: Variant<Control>,
    before: &Network<S>,
    grown: Network<S>,
    l: usize,
    beta: &S,
) -> Result<Network<S>, Error> {
    let o = before.length_squared(l);
    match variant {
        Variant::Control(Control::PsiForgotten) => altered(&grown, |layers, _, _| {
            layers[l].psi.clone_from(&before.layer(l + 1).psi)
        }),
        Variant::Control(Control::LengthForgotten) => {
            altered(&grown, |_, _, lengths| lengths[l - 1] = o)
        }
        Variant::Control(Control::LengthNotSquared) => {
            altered(&grown, |_, _, lengths| lengths[l - 1] = o - beta)
        }
        _ => Ok(grown),
    }
}
