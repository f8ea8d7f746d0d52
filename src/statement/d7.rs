//! D7: growing with a bias and absorbing undo each other.

use rand_chacha::ChaCha8Rng;

use super::{Case, Measurement, Statement, Variant, c2::fitting, case::sizeable, support::*};
use crate::{
    error::Error,
    linalg::Matrix,
    network::{Network, Scalar},
    resize::{grow_with_bias, remove},
    scalar::{Rational, Real},
};

pub(super) struct D7;

controls! {
    PsiForgotten = "psi-forgotten",
    LengthAdditive = "length-additive",
}

impl Statement for D7 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/D7.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(1, rng)?;
        case.ensure_psi(rng)?;
        case.ensure_lengths()
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        measure::<S>(variant, case).map(Some)
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        measure::<Rational>(variant, case).map(Some)
    }
}

fn measure<S: Scalar>(variant: Variant<Control>, case: &Case) -> Result<Measurement, Error> {
    let (network, _) = case.cast::<S>()?;
    let mut rng = case.rng();
    let mut measurement = Measurement::default();
    for l in network.hidden() {
        let mut draw = || S::from_rational(&sizeable(&mut rng));
        let column: Vec<S> = (0..network.layer(l + 1).width()).map(|_| draw()).collect();
        let as_matrix = Matrix::from_column_slice(column.len(), 1, &column);

        // C2, then D2 on the neuron just grown. o - β² + β² and ψ - wβ + wβ meet four roundings of
        // numbers no larger than 1 + |o| and ‖ψ‖ + ‖w β‖; |β| < 2, so 2 (1 + ‖w‖₁) covers wβ.
        let units = 8.0 * (1.0 + column.iter().map(|x| x.to_f64().abs()).sum::<f64>());
        let beta = fitting(&network.length_squared(l));
        let grown = grow_with_bias(&network, l, &beta, &as_matrix)?;
        let last = grown.layer(l).width();
        let back = spoil(variant, &grown, remove(&grown, l, last)?, l)?;
        measurement.extend(same_parameters(&network, &back, units));

        // D2, then C2 with the same β and w: the neuron returns to the last place.
        let (beta, row) = (draw(), vec![S::zero(); network.layer(l).weight.ncols()]);
        let at = network.layer(l).width();
        let before = with_neuron(&network, l, at, (&row, beta.clone(), S::zero()), &column)?;
        let removed = spoil(variant, &before, remove(&before, l, at + 1)?, l)?;
        let back = grow_with_bias(&removed, l, &beta, &as_matrix)?;
        measurement.extend(same_parameters(&before, &back, units));
    }
    Ok(measurement)
}

/// ψ is forgotten, or o takes β² + |β| instead of β² (so that the growth which follows stays possible).
fn spoil<S: Scalar>(
    variant: Variant<Control>,
    before: &Network<S>,
    removed: Network<S>,
    l: usize,
) -> Result<Network<S>, Error> {
    match variant {
        Variant::Control(Control::PsiForgotten) => altered(&removed, |layers, _, _| {
            layers[l].psi.clone_from(&before.layer(l + 1).psi)
        }),
        Variant::Control(Control::LengthAdditive) => altered(&removed, |_, _, lengths| {
            let last = before.layer(l).width() - 1;
            let beta = num_traits::Signed::abs(&before.layer(l).bias[last]);
            lengths[l - 1] += beta;
        }),
        _ => Ok(removed),
    }
}
