//! D12: cut what is reached.
//!
//! z_{l-1} never leaves the range of [W_{l-1} Q_{l-2}, b_{l-1}, ψ_{l-1}], so that what W_l does across it is never met. Which of
//! the two cuts errs less is not decided: that is why both are made.

use num_traits::{One, Zero};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{Case, Magnitude, Measurement, Statement, Variant, magnitude, support::*};
use crate::{
    bound::reachable,
    error::Error,
    linalg::{Matrix, column, norm2, product, product_nt, svd},
    network::{Layer, Network, Scalar, evaluate, trace},
    resize::{truncate, truncate_reached},
    scalar::{Field, Rational, Real},
};

pub(super) struct D12;

controls! {
    BiasUnreached = "bias-unreached",
    PsiUnreached = "psi-unreached",
    ConstantMoved = "constant-moved",
}

/// The most inputs at which layers are made wider than what reaches them.
const WIDENED: usize = 6;

impl Statement for D12 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/D12.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(3, rng)?;
        let n0 = case.network.layer(1).weight.ncols();
        if n0 <= WIDENED {
            // Beyond n₀ + 1 and n₀ + 3, the most that can reach them.
            case.ensure_width(1, n0 + 2, rng)?;
            case.ensure_width(2, n0 + 4, rng)?;
        }
        case.ensure_width(3, 2, rng)?;
        case.ensure_psi(rng)
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let (network, inputs) = case.cast::<S>()?;
        if network.depth() < 3 || !absorbs(&network) {
            return Ok(None);
        }
        let mut measurement = Measurement::default();
        let mut rng = case.rng();
        for l in 2..network.depth() {
            let below = network.layer(l - 1).width();
            let tolerance = S::unit_roundoff() * S::from_int(below as i64);
            let met = forgotten(variant, &network)?;
            let Some(found) = reachable(&met, l - 1, &tolerance).pop() else {
                continue;
            };
            let layer = network.layer(l);
            if variant != Variant::Control(Control::ConstantMoved) {
                // The function of W_l Q Qᵀ.
                let (weight, basis) = (&layer.weight, &found.basis);
                let projected = product_nt(&product(weight, basis), basis);
                let image = altered(&network, |layers, _, _| layers[l - 1].weight = projected)?;
                // A product with Q and one with Qᵀ, and directions below the tolerance, which is n u.
                let mut computed = vec![0.0; network.depth()];
                computed[l - 1] = 10.0 * below as f64;
                measurement.extend(same_outputs(&network, &image, &inputs, &computed)?);
            }
            if found.basis.ncols() == below && found.varying.ncols() == below {
                continue;
            }
            let (basis, psi) = match variant.is(Control::ConstantMoved) {
                true => {
                    let moved = &layer.weight * &found.constant;
                    (&found.varying, layer.psi_or_zero() + moved)
                }
                false => (&found.basis, layer.psi_or_zero()),
            };
            let mut data = product(&layer.weight, basis).as_slice().to_vec();
            data.extend_from_slice(psi.as_slice());
            let reached = Matrix::from_vec(layer.width(), basis.ncols() + 1, data);
            values(&mut measurement, &reached, &layer.augmented())?;
        }
        // The last hidden layer, cut by the better of the two.
        let l = network.depth() - 1;
        let n = network.layer(l).width();
        if variant == Variant::Faithful && n > 1 {
            let width = rng.random_range(1..n);
            cut(&mut measurement, &network, l, width, &inputs)?;
        }
        Ok(Some(measurement))
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let (network, inputs) = case.cast::<Rational>()?;
        if network.depth() < 3 {
            return Ok(None);
        }
        let mut measurement = Measurement::default();
        let met = forgotten(variant, &network)?;
        let mut arriving = None;
        for l in 2..network.depth() {
            let (all, varying) = reached(met.layer(l - 1), arriving.as_ref());
            let layer = network.layer(l);
            let bias = network.layer(l - 1).bias.as_slice();
            let (mut weight, mut psi) = (projected(&layer.weight, &all), layer.psi_or_zero());
            if variant.is(Control::ConstantMoved) {
                weight = projected(&layer.weight, &varying);
                let column = Matrix::from_column_slice(bias.len(), 1, bias);
                let onto = projected(&column.transpose(), &varying).transpose();
                psi += &layer.weight * (column - onto);
            } else {
                let image = altered(&network, |layers, _, _| {
                    layers[l - 1].weight = weight.clone()
                })?;
                measurement.extend(same_outputs(&network, &image, &inputs, &[])?);
            }
            // Σ σ², which is ‖·‖_F²; a product with Q in place of Q Qᵀ has the same.
            let square = |m: &Matrix<Rational>| Rational::dot(m.as_slice(), m.as_slice());
            let now = square(&weight) + Rational::dot(psi.as_slice(), psi.as_slice());
            let whole = layer.augmented();
            measurement.push_count(usize::from(now > square(&whole)));
            arriving = Some(all);
        }
        Ok(Some(measurement))
    }
}

/// The controls: the network of which it is asked what is reached, with something forgotten.
fn forgotten<S: Scalar>(
    variant: Variant<Control>,
    network: &Network<S>,
) -> Result<Network<S>, Error> {
    altered(network, |layers, _, _| match variant {
        Variant::Control(Control::BiasUnreached) => {
            layers
                .iter_mut()
                .for_each(|layer| layer.bias.fill(S::zero()));
        }
        Variant::Control(Control::PsiUnreached) => {
            layers.iter_mut().for_each(|layer| layer.psi = None);
        }
        Variant::Control(Control::ConstantMoved) | Variant::Faithful => {}
    })
}

/// No singular value of the first is above that of the second.
fn values<S: Real>(
    measurement: &mut Measurement,
    reached: &Matrix<S>,
    whole: &Matrix<S>,
) -> Result<(), Error> {
    let (inner, outer) = (svd(reached)?.sigma, svd(whole)?.sigma);
    let largest = magnitude(outer.first().unwrap_or(&S::zero()));
    // 8 (m + n) u of the largest each, and a product with an orthonormal basis; a magnitude is rounded once more.
    let (m, n) = whole.shape();
    let whole = Magnitude::larger(largest, size(whole.as_slice()));
    let own = Magnitude::from_int(4) * Magnitude::unit_roundoff() * &whole;
    let off = roundings::<S>(20.0 * (m + n) as f64) * &whole + own;
    let scale = match whole.is_zero() {
        true => Magnitude::one(),
        false => whole,
    };
    for (j, sigma) in inner.iter().enumerate() {
        let most = outer.get(j).map_or_else(Magnitude::zero, magnitude);
        measurement.push(magnitude(sigma), most + &off, scale.clone());
    }
    Ok(())
}

/// D4's bound with the singular values of what is reached, which are no larger.
fn cut<S: Real>(
    measurement: &mut Measurement,
    network: &Network<S>,
    l: usize,
    width: usize,
    inputs: &[Vec<S>],
) -> Result<(), Error> {
    let (image, removal) = truncate_reached(network, l, width)?;
    let plain = truncate(network, l, width)?.1;
    measurement.require(removal.dropped <= plain.dropped, || {
        let (now, before) = (&removal.dropped, &plain.dropped);
        format!("hidden layer {l}: {now} is dropped where {before} would be")
    });
    let computed = rotated(network, &[l]);
    for x in inputs {
        let found = trace(network, x)?;
        let mut arriving = found.activations[l - 2].clone();
        arriving.push(found.gains[l - 2].clone());
        let arriving = norm2(&arriving);
        let of = |sigma: &S| magnitude(&(removal.lipschitz.clone() * sigma * &arriving));
        let (bound, lost) = (of(&removal.dropped), of(&removal.uncertainty));
        let units = units(network, x, &[])? + units(&image, x, &computed)?;
        let (y, after) = (evaluate(network, x)?, evaluate(&image, x)?);
        let scale = match bound.is_zero() {
            true => Magnitude::one(),
            false => bound.clone(),
        };
        measurement.push(
            distance(y.as_slice(), after.as_slice()),
            bound + lost + times_u::<S>(&units),
            scale,
        );
    }
    Ok(())
}

/// Orthogonal bases, not normalised, of the ranges of [W Q b ψ] and [W Q ψ] over ℚ; W for the first layer.
fn reached(
    layer: &Layer<Rational>,
    below: Option<&Matrix<Rational>>,
) -> (Matrix<Rational>, Matrix<Rational>) {
    let weight = match below {
        Some(basis) => product(&layer.weight, basis),
        None => layer.weight.clone(),
    };
    let mut columns = weight.as_slice().to_vec();
    if let Some(psi) = &layer.psi {
        columns.extend_from_slice(psi.as_slice());
    }
    let n = layer.width();
    let matrix = |data: &[Rational]| Matrix::from_column_slice(n, data.len() / n, data);
    let varying = orthogonal(&matrix(&columns));
    columns.extend_from_slice(layer.bias.as_slice());
    (orthogonal(&matrix(&columns)), varying)
}

/// Gram and Schmidt without roots: orthogonal columns with the range of `a`.
fn orthogonal(a: &Matrix<Rational>) -> Matrix<Rational> {
    let mut found: Vec<Vec<Rational>> = vec![];
    for j in 0..a.ncols() {
        let mut rest = column(a, j).to_vec();
        for q in &found {
            let factor = -(Rational::dot(q, &rest) / Rational::dot(q, q));
            Rational::axpy(&mut rest, &factor, q);
        }
        if rest.iter().any(|x| !x.is_zero()) {
            found.push(rest);
        }
    }
    Matrix::from_vec(a.nrows(), found.len(), found.concat())
}

/// M P with P the projection onto the range of orthogonal columns.
fn projected(m: &Matrix<Rational>, basis: &Matrix<Rational>) -> Matrix<Rational> {
    let mut along = product(m, basis);
    for j in 0..basis.ncols() {
        let square = Rational::dot(column(basis, j), column(basis, j));
        along.column_mut(j).iter_mut().for_each(|x| *x /= &square);
    }
    product_nt(&along, basis)
}
