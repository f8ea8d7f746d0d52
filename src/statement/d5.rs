//! D5: the width ceiling.

use rand_chacha::ChaCha8Rng;

use super::{Case, Measurement, Statement, Variant, case::matrix, ranks::ceiling, support::*};
use crate::{
    error::Error,
    linalg::{Matrix, Vector, numerical_rank, product, singular_values, svd},
    network::{Network, Scalar},
    resize::{compress, project},
    scalar::{Rational, Real},
};

pub(super) struct D5;

impl Statement for D5 {
    const DECLARATION: &'static str = include_str!("../../proofs/D5.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(2, rng)?;
        // Wider than the ceiling n₀ + l - 1, unless the network is a large one already.
        let n0 = case.network.layer(1).weight.ncols();
        if n0 <= 8 {
            case.ensure_width(1, n0 + 1, rng)?;
            case.ensure_width(2, n0 + 3, rng)?;
        }
        case.ensure_psi(rng)?;
        case.ensure_curved()
    }

    fn real<S: Real>(variant: Variant, case: &Case) -> Result<Option<Measurement>, Error> {
        let (network, inputs) = case.cast::<S>()?;
        let compressed = match variant {
            Variant::Faithful => compress(&network)?.network,
            Variant::Control(_) => wrongly(variant, &network)?,
        };
        let mut measurement = same_outputs(
            &network,
            &compressed,
            &inputs,
            &rotated(&network, &hidden(&network)),
        )?;
        let ceiling = ceiling(&case.network);
        measurement.require(compressed.widths() == ceiling, || {
            format!(
                "compressed to {:?}, the ranks over ℚ are {ceiling:?}",
                compressed.widths()
            )
        });
        Ok(Some(measurement))
    }

    fn exact(variant: Variant, case: &Case) -> Result<Option<Measurement>, Error> {
        if !matches!(
            variant,
            Variant::Faithful | Variant::Control("bias-dropped")
        ) {
            return Ok(None);
        }
        let (mut network, inputs) = case.cast::<Rational>()?;
        let mut rng = case.rng();
        let mut bases: Vec<Matrix<Rational>> = vec![];
        for l in network.hidden() {
            // W_l and the ψ_l that the sweep will meet are given the range of `basis`.
            let (m, n) = network.layer(l).weight.shape();
            let rank = m.min(n + 1).div_ceil(2);
            let basis: Matrix<Rational> =
                exact_orthogonal(m, &mut rng).columns(0, rank).into_owned();
            let weight = product(&basis, &matrix(rank, n, &mut rng));
            network = altered(&network, |layers, _, _| layers[l - 1].weight = weight)?;
            if l > 1 {
                // What layer l - 1 pushes into ψ_l is known once W_l is.
                let pushed = sweep(&network, &bases, true)?.layer(l).psi_or_zero()
                    - network.layer(l).psi_or_zero();
                let met = product(&basis, &matrix(rank, 1, &mut rng));
                let psi = Vector::from_column_slice(met.as_slice()) - pushed;
                network = altered(&network, |layers, _, _| layers[l - 1].psi = Some(psi))?;
            }
            bases.push(basis);
        }
        let compressed = sweep(&network, &bases, variant == Variant::Faithful)?;
        same_outputs(&network, &compressed, &inputs, &[]).map(Some)
    }
}

/// D5's sweep with the bases known: layers 1, 2, … keep their basis, with or without absorbing the
/// biases of the rest.
fn sweep(
    network: &Network<Rational>,
    bases: &[Matrix<Rational>],
    absorb: bool,
) -> Result<Network<Rational>, Error> {
    (1..)
        .zip(bases)
        .try_fold(network.clone(), |met, (l, basis)| {
            let kept = project(&met, l, basis)?;
            if absorb {
                Ok(kept)
            } else {
                forget(&met, &kept, l)
            }
        })
}

/// Undoes the absorption of layer l's dropped biases.
fn forget<S: Scalar>(
    before: &Network<S>,
    after: &Network<S>,
    l: usize,
) -> Result<Network<S>, Error> {
    altered(after, |layers, _, lengths| {
        layers[l].psi.clone_from(&before.layer(l + 1).psi);
        lengths[l - 1] = before.length_squared(l);
    })
}

/// The controls: a wrong count, or biases that vanish.
fn wrongly<S: Real>(variant: Variant, network: &Network<S>) -> Result<Network<S>, Error> {
    network.hidden().try_fold(network.clone(), |met, l| {
        let layer = met.layer(l);
        let (m, n) = layer.weight.shape();
        let rank = |matrix: &Matrix<S>| -> Result<usize, Error> {
            Ok(numerical_rank(&singular_values(matrix)?, m, matrix.ncols()).max(1))
        };
        let width = match variant {
            Variant::Control("min-count") => m.min(n),
            Variant::Control("psi-ignored") => rank(&layer.weight)?,
            _ => rank(&layer.augmented())?,
        };
        if width >= m {
            return Ok(met);
        }
        let matrix = if variant.is("psi-ignored") {
            layer.weight.clone()
        } else {
            layer.augmented()
        };
        let basis = svd(&matrix)?.u_complete().columns(0, width).into_owned();
        let kept = project(&met, l, &basis)?;
        if variant.is("bias-dropped") {
            forget(&met, &kept, l)
        } else {
            Ok(kept)
        }
    })
}
