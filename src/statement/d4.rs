//! D4: the truncation bound.

use num_traits::{One, Zero};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{Case, Magnitude, Measurement, Statement, Variant, magnitude, support::*};
use crate::{
    bound::lipschitz_above,
    error::Error,
    linalg::{Matrix, norm2, svd},
    network::{Network, evaluate, trace},
    resize::{project, resize, truncate},
    scalar::Real,
};

pub(super) struct D4;

controls! {
    NextSingularValue = "next-singular-value",
    PsiIgnored = "psi-ignored",
    BiasesDropped = "biases-dropped",
}

impl Statement for D4 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/D4.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(2, rng)?;
        case.ensure_width(1, 2, rng)?;
        case.ensure_width(2, 3, rng)?;
        case.ensure_psi(rng)
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        if case.network.depth() < 3 || case.network.layer(2).width() < 2 {
            return Ok(None);
        }
        let (network, inputs) = case.cast::<S>()?;
        if !absorbs(&network) {
            return Ok(None);
        }
        let mut rng = case.rng();
        let mut measurement = Measurement::default();
        // Layer 2, where [W ψ] is more than W, cut at a random width.
        let width = rng.random_range(1..network.layer(2).width());
        let (truncated, factor, uncertain) = cut(variant, &network, width)?;
        let computed = rotated(&network, &[2]);
        for x in &inputs {
            let trace = trace(&network, x)?;
            let mut arriving = trace.activations[0].clone();
            arriving.push(trace.gains[0].clone());
            let arriving = norm2(&arriving);
            let bound = magnitude(&(factor.clone() * &arriving));
            let lost = magnitude(&(uncertain.clone() * &arriving));
            hold(
                &mut measurement,
                (&network, &truncated),
                x,
                (bound, lost),
                &computed,
            )?;
        }
        if variant == Variant::Faithful {
            // Every hidden layer at once, down to half: the bounds add, and hold for ‖x‖ alone.
            let widths: Vec<usize> = network.widths();
            let halved = widths.iter().enumerate().map(|(l, n)| {
                if l == 0 || l == network.depth() {
                    *n
                } else {
                    n.div_ceil(2)
                }
            });
            let resized = resize(
                &network,
                &halved.collect::<Vec<_>>(),
                crate::resize::Outgoing::Zero,
                0,
            )?;
            let computed = rotated(&network, &hidden(&network));
            for x in &inputs {
                let size = norm2(x);
                let bound = magnitude(&resized.bound(&size));
                let lost = magnitude(&resized.rounding(&size));
                let kept = |l: usize| computed.get(l).copied().unwrap_or(0.0);
                let computed: Vec<f64> = (0..network.depth()).map(kept).collect();
                let pair = (&network, &resized.network);
                hold(&mut measurement, pair, x, (bound, lost), &computed)?;
            }
        }
        Ok(Some(measurement))
    }

    fn exact(_: Variant<Control>, _: &Case) -> Result<Option<Measurement>, Error> {
        // Operator norms are not rational.
        Ok(None)
    }
}

/// ‖y - y'‖ against the bound, with what rounding took from the singular values in it and with the rounding of
/// both evaluations.
fn hold<S: Real>(
    measurement: &mut Measurement,
    (network, truncated): (&Network<S>, &Network<S>),
    x: &[S],
    (bound, lost): (Magnitude, Magnitude),
    computed: &[f64],
) -> Result<(), Error> {
    let (y, y_image) = (evaluate(network, x)?, evaluate(truncated, x)?);
    let apart = distance(y.as_slice(), y_image.as_slice());
    let units = units(network, x, &[])? + units(truncated, x, computed)?;
    let size = if bound.is_zero() {
        Magnitude::one()
    } else {
        bound.clone()
    };
    measurement.push(apart, bound + lost + times_u::<S>(&units), size);
    measurement.compared((network, truncated), x, [y.as_slice(), y_image.as_slice()]);
    Ok(())
}

/// Layer 2 cut to `width`, Λ_2 s_{p+1} and how far rounding may have moved it; or one of the wrong ways.
fn cut<S: Real>(
    variant: Variant<Control>,
    network: &Network<S>,
    width: usize,
) -> Result<(Network<S>, S, S), Error> {
    let (truncated, removal) = truncate(network, 2, width)?;
    let factor = removal.lipschitz.clone() * &removal.dropped;
    let uncertain = removal.lipschitz.clone() * &removal.uncertainty;
    let (network, factor) = match variant {
        Variant::Control(Control::NextSingularValue) => {
            let sigma = svd(&network.layer(2).augmented())?.sigma;
            let next = sigma.get(width + 1).cloned().unwrap_or_else(S::zero);
            (truncated, removal.lipschitz * next)
        }
        Variant::Control(Control::PsiIgnored) => {
            // D6: the basis and the bound of W_2 alone.
            let svd = svd(&network.layer(2).weight)?;
            let basis: Matrix<S> = svd.u_complete().columns(0, width).into_owned();
            let dropped = svd.sigma.get(width).cloned().unwrap_or_else(S::zero);
            (
                project(network, 2, &basis)?,
                lipschitz_above(network, 2)? * dropped,
            )
        }
        Variant::Control(Control::BiasesDropped) => {
            let kept = altered(&truncated, |layers, _, lengths| {
                layers[2].psi.clone_from(&network.layer(3).psi);
                lengths[1] = network.length_squared(2);
            })?;
            (kept, factor)
        }
        _ => (truncated, factor),
    };
    Ok((network, factor, uncertain))
}
