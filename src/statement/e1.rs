//! E1: the collapsed form, in which only scalars are sequential.

use rand_chacha::ChaCha8Rng;

use super::{Case, Magnitude, Measurement, Statement, Variant, support::*};
use crate::{
    bound::rounding_units,
    error::Error,
    linalg::{accumulate, norm2},
    network::{Network, Scalar, evaluate},
    scalar::{Field, Rational, Real},
};

pub(super) struct E1;

impl Statement for E1 {
    const DECLARATION: &'static str = include_str!("../../proofs/E1.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(2, rng)?;
        case.ensure_psi(rng)?;
        case.ensure_curved()
    }

    fn real<S: Real>(variant: Variant, case: &Case) -> Result<Option<Measurement>, Error> {
        measure::<S>(variant, case).map(Some)
    }

    fn exact(variant: Variant, case: &Case) -> Result<Option<Measurement>, Error> {
        measure::<Rational>(variant, case).map(Some)
    }
}

fn measure<S: Scalar>(variant: Variant, case: &Case) -> Result<Measurement, Error> {
    let (network, inputs) = case.cast::<S>()?;
    let mut measurement = Measurement::default();
    for x in &inputs {
        let y = evaluate(&network, x)?;
        let collapsed = collapse(variant, &network, x)?;
        let units = match S::precision() {
            Some(_) => rounding_units(&network, x, &vec![])? + collapsed_units(&network, x)?,
            None => 0.0,
        };
        let scale = Magnitude::from_int(1) + size(y.as_slice());
        measurement.push(
            distance(y.as_slice(), &collapsed),
            roundings::<S>(units),
            scale,
        );
    }
    Ok(measurement)
}

/// y = Γ_1 A x + Σ_k Γ_k c_k. The vectors are products of weights alone; every r_l comes from the same
/// form cut at layer l.
fn collapse<S: Scalar>(variant: Variant, network: &Network<S>, x: &[S]) -> Result<Vec<S>, Error> {
    let mut vectors: Vec<Vec<S>> = vec![];
    let mut gains: Vec<S> = vec![];
    let mut z = vec![];
    for (l, layer) in (1..).zip(network.layers()) {
        // Each vector so far is carried through W_l; ψ_l belongs with the scalar Γ_{l-1}.
        let carry = |v: &[S]| {
            let mut image = vec![S::zero(); layer.width()];
            accumulate(&mut image, &layer.weight, v);
            image
        };
        vectors = if l == 1 {
            vec![carry(x)]
        } else {
            vectors.iter().map(|v| carry(v)).collect()
        };
        let with_psi = match variant {
            // The control gives ψ_l the scalar of the bias before it, Γ_{l-2} for Γ_{l-1}.
            Variant::Control("psi-one-early") if l > 2 => l - 2,
            _ => l - 1,
        };
        if let (Some(psi), true) = (&layer.psi, l > 1) {
            S::axpy(&mut vectors[with_psi], &S::one(), psi.as_slice());
        }
        vectors.push(layer.bias.iter().cloned().collect());
        z = combine(variant, &vectors, &gains);
        if l < network.depth() {
            let mut h = z.clone();
            gains.push(S::activate(
                network.gain(),
                &network.length_squared(l),
                &mut h,
            )?);
        }
    }
    Ok(z)
}

/// Σ_k Γ_k v_k with Γ_k = γ_k ⋯ γ_{l-1}; v_0 = A x and v_1 share Γ_1.
fn combine<S: Scalar>(variant: Variant, vectors: &[Vec<S>], gains: &[S]) -> Vec<S> {
    let mut sum = vec![S::zero(); vectors[0].len()];
    for (k, v) in vectors.iter().enumerate() {
        let first = k.saturating_sub(1) + usize::from(variant.is("gain-missing") && k == 1);
        let gamma = gains
            .iter()
            .skip(first)
            .fold(S::one(), |product, gamma| product * gamma);
        S::axpy(&mut sum, &gamma, v);
    }
    sum
}

/// A running bound for the collapsed form, in units of u: the products of absolute values, each term
/// meeting as many roundings as there are columns on its way, and the errors of the gains.
fn collapsed_units<S: Scalar>(network: &Network<S>, x: &[S]) -> Result<f64, Error> {
    let network = network.map(&|x: &S| x.to_f64())?;
    let mut sizes: Vec<Vec<f64>> = vec![];
    let (mut gains, mut gain_errors): (Vec<f64>, Vec<f64>) = (vec![], vec![]);
    let mut vectors: Vec<Vec<f64>> = vec![];
    let mut roundings = 4.0;
    for (l, layer) in (1..).zip(network.layers()) {
        roundings += layer.weight.ncols() as f64 + 4.0;
        let input: Vec<f64> = x.iter().map(Field::to_f64).collect();
        let carry = |v: &[f64], absolute: bool| {
            let mut image = vec![0.0; layer.width()];
            let weight = if absolute {
                layer.weight.abs()
            } else {
                layer.weight.clone()
            };
            accumulate(&mut image, &weight, v);
            image
        };
        if l == 1 {
            vectors = vec![carry(&input, false)];
            sizes = vec![carry(
                &input.iter().map(|x| x.abs()).collect::<Vec<_>>(),
                true,
            )];
        } else {
            vectors = vectors.iter().map(|v| carry(v, false)).collect();
            sizes = sizes.iter().map(|v| carry(v, true)).collect();
        }
        for (i, psi) in layer.psi_or_zero().iter().enumerate() {
            if l > 1 {
                vectors[l - 1][i] += psi;
                sizes[l - 1][i] += psi.abs();
            }
        }
        vectors.push(layer.bias.iter().copied().collect());
        sizes.push(layer.bias.iter().map(|b| b.abs()).collect());

        // |δz| ≤ roundings Σ Γ_k |v_k| + Σ_j δγ_j |∂z/∂γ_j|, Γ_k a product of the gains from k on.
        let mut error = vec![0.0; layer.width()];
        let mut z = vec![0.0; layer.width()];
        for (k, (v, size)) in vectors.iter().zip(&sizes).enumerate() {
            let tail = &gains[k.saturating_sub(1).min(gains.len())..];
            let gamma: f64 = tail.iter().product();
            for i in 0..z.len() {
                z[i] += gamma * v[i];
                error[i] += roundings * gamma * size[i];
            }
        }
        for j in 0..gains.len() {
            let mut derivative = vec![0.0; z.len()];
            for (k, v) in vectors.iter().enumerate().take(j + 2) {
                let others = (k.saturating_sub(1)..gains.len()).filter(|i| *i != j);
                let gamma: f64 = others.map(|i| gains[i]).product();
                derivative
                    .iter_mut()
                    .zip(v)
                    .for_each(|(d, v)| *d += gamma * v);
            }
            error
                .iter_mut()
                .zip(derivative)
                .for_each(|(e, d)| *e += gain_errors[j] * d.abs());
        }
        if l == network.depth() {
            return Ok(norm2(&error));
        }
        let o = network.length_squared(l);
        let rho = norm2(&[norm2(&z), o.sqrt()]);
        let gamma = network.gain().value(&(rho * rho));
        gains.push(gamma);
        // dγ = (dγ/dρ) (z·δz)/ρ, and |z| ≤ ρ; the activation's own error is 8 u.
        gain_errors.push(network.gain().slope(&rho).abs() * norm2(&error) + 8.0 * gamma);
    }
    Ok(0.0)
}
