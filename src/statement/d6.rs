//! D6: the ψ trap. The range of W_l alone is not where z_l lives.

use rand_chacha::ChaCha8Rng;

use super::{
    Case, Magnitude, Measurement, Statement, Variant, case::vector, magnitude, support::*,
};
use crate::{
    error::Error,
    linalg::{
        Matrix, Vector, accumulate, norm2, numerical_rank, product, product_tn, singular_values,
        svd,
    },
    network::{Network, Scalar, evaluate, trace},
    resize::{project, truncate},
    scalar::{Field, Rational, Real},
};

pub(super) struct D6;

controls! {
    TakenForExact = "taken-for-exact",
    GainUnchanged = "gain-unchanged",
    GainBelowForgotten = "gain-below-forgotten",
}

/// The widest layer that is cut to the range of [W ψ] as well: D5 does so to all.
const CUT_EXACTLY: usize = 16;

impl Statement for D6 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/D6.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        // Layer 2 is wider than W_2 ψ_2 can fill, unless it would be large: there is something to cut both ways.
        case.ensure_hidden(2, rng)?;
        case.ensure_psi(rng)?;
        case.ensure_curved()?;
        let inputs = case.network.layer(2).weight.ncols();
        case.ensure_width(2, if inputs <= 8 { inputs + 2 } else { 2 }, rng)?;
        // A ψ outside the range of W_2, and one of the next layer to feel the gain.
        let (n, next) = (case.network.layer(2).width(), case.network.layer(3).width());
        let (psi, psi_next) = (vector(n, rng), vector(next, rng));
        case.edit(|layers, _, _| {
            layers[1].psi = Some(psi);
            layers[2].psi = Some(psi_next);
        })
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let (network, inputs) = case.cast::<S>()?;
        if !absorbs(&network) {
            return Ok(None);
        }
        let mut measurement = Measurement::default();
        for l in network.hidden().skip(1) {
            let n = network.layer(l).width();
            if n < 2 {
                continue;
            }
            let head = head(&network, l + 1)?;
            let of_weight = svd(&network.layer(l).weight)?;
            let (rows, columns) = network.layer(l).weight.shape();
            let rank = numerical_rank(&of_weight.sigma, rows, columns);
            let kept = rank.clamp(1, n - 1);
            let basis = of_weight.u_complete().columns(0, kept).into_owned();
            measurement.extend(trap::<S, Reference>(variant, &head, l, &basis, &inputs)?);
            if variant != Variant::Faithful || n > CUT_EXACTLY {
                continue;
            }
            let augmented = network.layer(l).augmented();
            let sigma = singular_values(&augmented)?;
            let rank = numerical_rank(&sigma, n, augmented.ncols()).max(1);
            if rank < n {
                let (cut, removal) = truncate(&head, l, rank)?;
                let mut none = same_outputs(&head, &cut, &inputs, &rotated(&head, &[l]))?;
                // A numerical rank drops what lies below rounding: by D4 no more than this.
                for (sample, x) in none.samples.iter_mut().zip(&inputs) {
                    sample.allowance += magnitude(&removal.bound(&norm2(x)));
                }
                measurement.extend(none);
            }
        }
        Ok(Some(measurement))
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let (network, inputs) = case.cast::<Rational>()?;
        let mut rng = case.rng();
        let mut measurement = Measurement::default();
        for l in network.hidden().skip(1) {
            let n = network.layer(l).width();
            if n < 2 {
                continue;
            }
            // W_l and ψ_l are given exact ranges: W_l the first p columns of an orthogonal matrix, ψ_l one more.
            let q = exact_orthogonal(n, &mut rng);
            let p = network.layer(l).weight.ncols().min(n - 1);
            let onto = |columns: usize, m: &Matrix<Rational>| {
                let basis: Matrix<Rational> = q.columns(0, columns).into_owned();
                product(&basis, &product_tn(&basis, m))
            };
            let head = head(&network, l + 1)?;
            let head = altered(&head, |layers, _, _| {
                let layer = &mut layers[l - 1];
                layer.weight = onto(p, &layer.weight);
                let psi = layer.psi_or_zero();
                let psi = onto(p + 1, &Matrix::from_column_slice(n, 1, psi.as_slice()));
                layer.psi = Some(Vector::from_column_slice(psi.as_slice()));
            })?;
            let basis = q.columns(0, p).into_owned();
            measurement.extend(trap::<_, Rational>(variant, &head, l, &basis, &inputs)?);
            if variant == Variant::Faithful && p + 1 < n {
                let cut = project(&head, l, &q.columns(0, p + 1).into_owned())?;
                measurement.extend(same_outputs(&head, &cut, &inputs, &[])?);
            }
        }
        Ok(Some(measurement))
    }
}

/// z_{l+1}, the output of `head`, before and after a cut of layer l to `basis`, against the prediction.
fn trap<S: Scalar, W: Scalar>(
    variant: Variant<Control>,
    head: &Network<S>,
    l: usize,
    basis: &Matrix<S>,
    inputs: &[Vec<S>],
) -> Result<Measurement, Error> {
    let cut = project(head, l, basis)?;
    let computed = rotated(head, &[l]);
    let (wide, wide_basis) = (head.cast::<W>()?, basis.map(|x| lift::<S, W>(&x)));
    let mut measurement = Measurement::default();
    for x in inputs {
        let (y, y_cut) = (evaluate(head, x)?, evaluate(&cut, x)?);
        let predicted = change(variant, &wide, l, &wide_basis, &lifted(x))?;
        let allowed = units(head, x, &[])? + units(&cut, x, &computed)?;
        measurement.push(
            misprediction(y.as_slice(), y_cut.as_slice(), &predicted),
            times_u::<S>(&allowed),
            Magnitude::from_int(1) + size(y.as_slice()),
        );
        measurement.compared((head, &cut), x, [y.as_slice(), y_cut.as_slice()]);
    }
    Ok(measurement)
}

/// The exact form: γ W_{l+1} δ + (γ - γ')(W_{l+1}(z - δ) + ψ_{l+1}), l being the last hidden layer.
fn change<W: Scalar>(
    variant: Variant<Control>,
    network: &Network<W>,
    l: usize,
    basis: &Matrix<W>,
    x: &[W],
) -> Result<Vec<W>, Error> {
    let next = network.layer(l + 1);
    if variant.is(Control::TakenForExact) {
        return Ok(vec![W::zero(); next.width()]);
    }
    let trace = trace(network, x)?;
    let (layer, z) = (network.layer(l), &trace.pre_activations[l - 1]);
    // The part of v that the basis does not hold.
    let dropped = |v: &[W]| {
        let v = Matrix::from_column_slice(v.len(), 1, v);
        let rest = v.clone() - product(basis, &product_tn(basis, &v));
        rest.as_slice().to_vec()
    };
    let beta = dropped(layer.bias.as_slice());
    // δ is what varies of z: W_l h + γ_{l-1} ψ_l.
    let mut varying = vec![W::zero(); layer.width()];
    accumulate(&mut varying, &layer.weight, &trace.activations[l - 2]);
    let below = if variant.is(Control::GainBelowForgotten) {
        W::one()
    } else {
        trace.gains[l - 2].clone()
    };
    W::axpy(&mut varying, &below, layer.psi_or_zero().as_slice());
    let delta = dropped(&varying);
    // γ' sees the kept coordinates, and β through o.
    let mut kept = product_tn(basis, &Matrix::from_column_slice(z.len(), 1, z));
    let length = network.length_squared(l) + W::dot(&beta, &beta);
    let cut_gamma = W::activate(network.gain(), &length, kept.as_mut_slice())?;
    let gamma = trace.gains[l - 1].clone();
    let mut change = vec![W::zero(); next.width()];
    accumulate(&mut change, &next.weight, &delta);
    W::scale(&mut change, &gamma);
    if !variant.is(Control::GainUnchanged) {
        let mut rest = next.psi_or_zero().as_slice().to_vec();
        let remaining: Vec<W> = z.iter().zip(&delta).map(|(z, d)| z.clone() - d).collect();
        accumulate(&mut rest, &next.weight, &remaining);
        W::axpy(&mut change, &(gamma - cut_gamma), &rest);
    }
    Ok(change)
}
