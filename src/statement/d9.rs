//! D9: neurons removed one at a time, with a factorisation each, or all at once, with one.

use rand_chacha::ChaCha8Rng;

use super::{Case, Measurement, Statement, Variant, case::vector, support::*};
use crate::{
    error::Error,
    linalg::{Matrix, product, product_nt, singular_values, svd},
    network::{Network, Scalar},
    resize::{project, truncate},
    scalar::{Rational, Real},
};

pub(super) struct D9;

controls! {
    Unsorted = "unsorted",
    BiasDropped = "bias-dropped",
}

/// Neurons removed.
const REMOVED: usize = 2;

/// The layer they are removed from.
const LAYER: usize = 2;

impl Statement for D9 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/D9.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(2, rng)?;
        case.ensure_width(1, 4, rng)?;
        case.ensure_width(LAYER, 4, rng)?;
        case.ensure_psi(rng)?;
        // Full rank by a heavy diagonal, so that the singular values at the cut are apart.
        let heavy = vector(8, rng);
        case.edit(|layers, _, _| {
            let weight = &mut layers[LAYER - 1].weight;
            for k in 0..weight.nrows().min(weight.ncols()).min(8) {
                weight[(k, k)] += heavy[k].clone() + Rational::from(k as i64 + 2);
            }
        })
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        if !fits(case) {
            return Ok(None);
        }
        let (network, inputs) = case.cast::<S>()?;
        let width = network.layer(LAYER).width() - REMOVED;
        let sigma = singular_values(&network.layer(LAYER).augmented())?;
        // A layer wider than what reaches it has fewer singular values than neurons: the rest are 0.
        let sigma_at = |k: usize| sigma.get(k).cloned().unwrap_or_else(S::zero);
        let (kept, dropped) = (sigma_at(width - 1), sigma_at(width));
        let (m, n) = network.layer(LAYER).weight.shape();
        let roundings = 8 * (m + n) as i64;
        let rounding = |sigma: S| sigma * S::unit_roundoff() * S::from_int(roundings);
        let gap = kept.clone() - &dropped;
        let (condition, lost) = if dropped <= rounding(sigma_at(0)) {
            // Whichever directions of no weight are dropped, what they carried is rounding.
            (1.0, roundings as f64)
        } else if gap <= rounding(kept.clone()) {
            // A tie across the cut is undetermined.
            return Ok(None);
        } else {
            // A backward error of n u σ₁ turns kept direction k towards dropped j by n u σ₁/(σ_k - σ_j),
            // which carries σ_k of the weight with it: at most n u σ₁ s_p/(s_p - s_{p+1}) in all.
            ((kept / gap).to_f64(), 0.0)
        };
        let (batch, _) = truncate(&network, LAYER, width)?;
        let mut one_by_one = network.clone();
        for _ in 0..REMOVED {
            one_by_one = step(variant, &one_by_one)?;
        }
        let n = m as f64;
        let mut computed = vec![0.0; network.depth()];
        computed[LAYER - 1] = 4.0 * n * (1.0 + condition) + lost;
        computed[LAYER] = 4.0 * n;
        same_outputs(&batch, &one_by_one, &inputs, &computed).map(Some)
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        if !fits(case) {
            return Ok(None);
        }
        let (network, inputs) = case.cast::<Rational>()?;
        let mut rng = case.rng();
        let (m, n) = network.layer(LAYER).weight.shape();
        // [W ψ] = U S Vᵀ with U, V rational; after a step the basis of what is left is the identity.
        let factors = ExactFactors::draw(m, n + 1, m.min(n + 1), &mut rng);
        let joined = product_nt(&product(&factors.u, &factors.s), &factors.v);
        let network = altered(&network, |layers, _, _| {
            layers[LAYER - 1].weight = joined.columns(0, n).into_owned();
            layers[LAYER - 1].psi = Some(joined.column(n).into_owned());
        })?;
        let batch = project(
            &network,
            LAYER,
            &factors.u.columns(0, m - REMOVED).into_owned(),
        )?;
        let mut one_by_one = network.clone();
        let mut basis = factors.u.clone();
        for k in 1..=REMOVED {
            let kept = if variant.is(Control::Unsorted) {
                basis.columns(1, m - k)
            } else {
                basis.columns(0, m - k)
            };
            let next = project(&one_by_one, LAYER, &kept.into_owned())?;
            one_by_one = if variant.is(Control::BiasDropped) {
                forget(&one_by_one, &next)?
            } else {
                next
            };
            basis = Matrix::identity(m - k, m - k);
        }
        let mut measurement = same_outputs(&batch, &one_by_one, &inputs, &[])?;
        measurement.extend(same_parameters(&batch, &one_by_one, 0.0));
        Ok(Some(measurement))
    }
}

/// Whether the layer can lose that many neurons.
fn fits(case: &Case) -> bool {
    case.network.hidden().contains(&LAYER) && case.network.layer(LAYER).width() > REMOVED
}

fn step<S: Real>(variant: Variant<Control>, network: &Network<S>) -> Result<Network<S>, Error> {
    let width = network.layer(LAYER).width();
    match variant {
        Variant::Control(Control::Unsorted) => {
            // The first direction goes instead of the last.
            let u = svd(&network.layer(LAYER).augmented())?.u_complete();
            project(network, LAYER, &u.columns(1, width - 1).into_owned())
        }
        Variant::Control(Control::BiasDropped) => {
            forget(network, &truncate(network, LAYER, width - 1)?.0)
        }
        _ => Ok(truncate(network, LAYER, width - 1)?.0),
    }
}

/// Undoes the absorption of the dropped biases.
fn forget<S: Scalar>(before: &Network<S>, after: &Network<S>) -> Result<Network<S>, Error> {
    altered(after, |layers, _, lengths| {
        layers[LAYER].psi.clone_from(&before.layer(LAYER + 1).psi);
        lengths[LAYER - 1] = before.length_squared(LAYER);
    })
}
