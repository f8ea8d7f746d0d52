//! F4: the adaptation rule, counted on all n_l singular values.

use rand_chacha::ChaCha8Rng;

use super::{
    Case, Magnitude, Measurement, Statement, Variant,
    case::{sizeable, vector},
    magnitude,
    support::*,
};
use crate::{
    error::Error,
    linalg::{Matrix, norm2, singular_values, svd},
    network::{Network, evaluate},
    resize::{Outgoing, adapt, grow, project},
    scalar::{Field, Real},
};

pub(super) struct F4;

controls! {
    MinCount = "min-count",
    PsiIgnored = "psi-ignored",
    Backward = "backward",
}

/// s, the scaffold singular values a layer is to have.
const BUFFER: usize = 1;

impl Statement for F4 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/F4.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        // Both layers wider than what reaches them, and a ψ outside the range of its weight.
        case.ensure_hidden(2, rng)?;
        for l in [1, 2] {
            let reach = case.network.layer(l).weight.ncols();
            if reach <= 8 {
                case.ensure_width(l, reach + 3, rng)?;
            }
        }
        let psi = vector(case.network.layer(2).width(), rng);
        case.edit(|layers, _, _| layers[1].psi = Some(psi))
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let (network, inputs) = case.cast::<S>()?;
        if network.depth() == 1 || !absorbs(&network) {
            return Ok(None);
        }
        let mut rng = case.rng();
        // θ between 1/16 and 3/8.
        let threshold = num_traits::Signed::abs(&S::from_rational(&sizeable(&mut rng)))
            .scale_by_power_of_two(-2);
        let mut measurement = Measurement::default();
        let adapted = match variant {
            Variant::Faithful => {
                let adapted = adapt(&network, &threshold, BUFFER, Outgoing::Random, &mut rng)?;
                let grown_only = adapted.removals.is_empty();
                let computed = rotated(&network, &hidden(&network));
                for x in &inputs {
                    let (y, y_adapted) = (evaluate(&network, x)?, evaluate(&adapted.network, x)?);
                    let residual = distance(y.as_slice(), y_adapted.as_slice());
                    let allowed = if grown_only {
                        Magnitude::from_int(0)
                    } else {
                        let allowed =
                            units(&network, x, &[])? + units(&adapted.network, x, &computed)?;
                        times_u::<S>(&allowed) + magnitude(&adapted.bound(&norm2(x)))
                    };
                    let scale = Magnitude::from_int(1) + size(y.as_slice());
                    measurement.push(residual, allowed, scale);
                }
                adapted.network
            }
            Variant::Control(_) => wrongly(variant, &network, &threshold, &mut rng)?,
        };
        for l in adapted.hidden() {
            let augmented = adapted.layer(l).augmented();
            let (n, columns) = augmented.shape();
            let sigma = singular_values(&augmented)?;
            let rounding =
                sigma[0].clone() * S::unit_roundoff() * S::from_int(16 * n.max(columns) as i64);
            if sigma
                .iter()
                .any(|s| (s.clone() - &threshold).abs() <= rounding)
            {
                continue;
            }
            let scaffolds = n - sigma.iter().filter(|s| **s > threshold).count();
            measurement.push_count(scaffolds.abs_diff(BUFFER));
        }
        Ok(Some(measurement))
    }

    fn exact(_: Variant<Control>, _: &Case) -> Result<Option<Measurement>, Error> {
        // Singular values are not rational.
        Ok(None)
    }
}

/// One pass of a wrong rule.
fn wrongly<S: Real>(
    variant: Variant<Control>,
    network: &Network<S>,
    threshold: &S,
    rng: &mut ChaCha8Rng,
) -> Result<Network<S>, Error> {
    let mut layers: Vec<usize> = network.hidden().collect();
    if variant.is(Control::Backward) {
        layers.reverse();
    }
    let mut met = network.clone();
    for l in layers {
        let layer = met.layer(l);
        let (width, next) = (layer.width(), met.layer(l + 1).width());
        let matrix = match variant.is(Control::PsiIgnored) {
            true => layer.weight.clone(),
            false => layer.augmented(),
        };
        let svd = svd(&matrix)?;
        let counted = match variant.is(Control::MinCount) {
            true => svd.sigma.len(),
            false => width,
        };
        let large = svd.sigma.iter().filter(|s| *s > threshold).count();
        let target = (width + large + BUFFER).saturating_sub(counted).max(1);
        if target > width {
            let columns = Matrix::from_fn(next, target - width, |_, _| {
                S::from_rational(&sizeable(rng))
            });
            met = grow(&met, l, &columns)?;
        } else if target < width {
            met = project(&met, l, &svd.u_complete().columns(0, target).into_owned())?;
        }
    }
    Ok(met)
}
