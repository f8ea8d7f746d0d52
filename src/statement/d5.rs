//! D5: the width ceiling.

use rand_chacha::ChaCha8Rng;

use super::{
    Case, Magnitude, Measurement, Statement, Variant, case::matrix, magnitude, ranks::ceiling,
    support::*,
};
use crate::{
    error::Error,
    linalg::{Matrix, Vector, norm2, numerical_rank, product, singular_values, svd},
    network::{Network, Scalar},
    resize::{balanced, compress, project},
    scalar::{Field, Mp, Rational, Real},
};

pub(super) struct D5;

controls! {
    MinCount = "min-count",
    PsiIgnored = "psi-ignored",
    BiasDropped = "bias-dropped",
}

impl Statement for D5 {
    type Control = Control;
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

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let (network, inputs) = case.cast::<S>()?;
        if !absorbs(&network) {
            return Ok(None);
        }
        let (compressed, bound) = match variant {
            Variant::Faithful => {
                let resized = compress(&network)?;
                // A numerical rank drops what lies below rounding: by D4 no more than this.
                let bound = |x: &Vec<S>| magnitude(&resized.bound(&norm2(x)));
                (resized.network.clone(), inputs.iter().map(bound).collect())
            }
            Variant::Control(_) => (wrongly(variant, &network)?, vec![]),
        };
        let computed = rotated(&network, &hidden(&network));
        let mut measurement = same_outputs(&network, &compressed, &inputs, &computed)?;
        for (sample, bound) in measurement.samples.iter_mut().zip::<Vec<Magnitude>>(bound) {
            sample.allowance += bound;
        }
        let (found, ceiling) = (compressed.widths(), ceiling(&case.network));
        // Singular values below the rounding of the largest cannot be told from zero: a rank that rounding decided is no
        // counterexample, and no evidence either.
        let hidden_by_rounding = found != ceiling
            && found.iter().zip(&ceiling).all(|(n, most)| n <= most)
            && !decidable(case, &ceiling, &magnitude(&S::unit_roundoff()))?;
        measurement.require(found == ceiling || hidden_by_rounding, || {
            format!("compressed to {found:?}, the ranks over ℚ are {ceiling:?}")
        });
        if hidden_by_rounding {
            let bits = S::precision().unwrap_or_default();
            measurement.leave_undecided(format!(
                "ranks at {bits} bits are not the exact ones: widths {found:?} where {ceiling:?} are exact"
            ));
        }
        Ok(Some(measurement))
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        if !matches!(
            variant,
            Variant::Faithful | Variant::Control(Control::BiasDropped)
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

/// Whether in every layer of the sweep the smallest singular value that is not zero stands out from what rounding at unit
/// roundoff u makes. Where numbers spread so far that the widest rung cannot tell either, its widths are not those over ℚ.
///
/// Rounding moves [W_l ψ_l] by n u of its norm, and more: where nothing of b_{l-1} lies outside of the basis that is kept, n u ‖b_{l-1}‖ does
/// by rounding. That is absorbed: ψ_l is off by ‖W_l‖ as much, and o_{l-1} by its square, which takes from the gain that ψ_l is
/// weighed by.
fn decidable(case: &Case, ceiling: &[usize], u: &Magnitude) -> Result<bool, Error> {
    // Twice the widest rung.
    type Wide = Mp<2112>;
    let mut met = case.network.cast::<Wide>()?;
    let before = met.clone();
    let u = Wide::from_rational(&u.to_rational().unwrap_or_default());
    for l in met.hidden() {
        let mut blurred = met.clone();
        let mut moved = Wide::from_int(0);
        if let Some(below) = l.checked_sub(1).filter(|below| *below > 0) {
            let layer = before.layer(below);
            let lost = norm2(layer.bias.as_slice()) * &u * Wide::from_int(8 * layer.width() as i64);
            blurred = altered(&met, |_, _, lengths| {
                lengths[below - 1] += lost.clone() * &lost;
            })?;
            let gain = blurred.gain().lipschitz(&blurred.length_squared(below));
            moved = lost * norm2(before.layer(l).weight.as_slice()) * gain;
        }
        let balanced = balanced(&blurred, l);
        let (m, n) = balanced.shape();
        let svd = svd(&balanced)?;
        let rank = numerical_rank(&svd.sigma, m, n);
        let Some(smallest) = rank.checked_sub(1) else {
            continue;
        };
        let floor = svd.sigma[0].clone() * &u * Wide::from_int(8 * m.max(n) as i64) + moved;
        if svd.sigma[smallest] <= floor {
            return Ok(false);
        }
        if rank < m {
            met = project(&met, l, &svd.u_complete().columns(0, rank).into_owned())?;
        }
    }
    Ok(met.widths() == ceiling)
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
fn wrongly<S: Real>(variant: Variant<Control>, network: &Network<S>) -> Result<Network<S>, Error> {
    network.hidden().try_fold(network.clone(), |met, l| {
        let layer = met.layer(l);
        let (m, n) = layer.weight.shape();
        let rank = |matrix: &Matrix<S>| -> Result<usize, Error> {
            Ok(numerical_rank(&singular_values(matrix)?, m, matrix.ncols()).max(1))
        };
        let width = match variant {
            Variant::Control(Control::MinCount) => m.min(n),
            Variant::Control(Control::PsiIgnored) => rank(&layer.weight)?,
            _ => rank(&layer.augmented())?,
        };
        if width >= m {
            return Ok(met);
        }
        let matrix = if variant.is(Control::PsiIgnored) {
            layer.weight.clone()
        } else {
            layer.augmented()
        };
        let basis = svd(&matrix)?.u_complete().columns(0, width).into_owned();
        let kept = project(&met, l, &basis)?;
        if variant.is(Control::BiasDropped) {
            forget(&met, &kept, l)
        } else {
            Ok(kept)
        }
    })
}
