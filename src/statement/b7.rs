//! B7: equality up to gauge is decidable, layer by layer, on what reaches each layer.

use rand_chacha::ChaCha8Rng;

use super::{
    Case, Magnitude, Measurement, Statement, Variant,
    case::{size_of, sizeable, vector},
    magnitude,
    support::*,
};
use crate::{
    error::Error,
    gauge::{Blur, Leeway, compare_blurred, rotate},
    linalg::{Matrix, append_columns, procrustes, product, product_nt},
    network::{Layer, Network, Scalar},
    scalar::{Field, Mp, Rational, Real},
};

pub(super) struct B7;

controls! {
    Perturbed = "perturbed",
    Greedy = "greedy",
}

impl Statement for B7 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/B7.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        // Layer 1 is wider than [W_1 b_1] has columns: part of it is out of reach.
        case.ensure_hidden(2, rng)?;
        let reach = case.network.layer(1).weight.ncols() + 1;
        if reach <= 8 {
            case.ensure_width(1, reach + 2, rng)?;
        }
        case.ensure_width(2, 3, rng)?;
        // Weights on what nothing reaches must differ between directions to be able to mislead.
        let size = size_of(case.network.layer(2));
        let outgoing = vector(case.network.layer(2).width(), rng).map(|x| x * &size);
        case.edit(|layers, _, _| layers[1].weight.set_column(0, &outgoing))
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let (network, _) = case.cast::<S>()?;
        let mut rng = case.rng();
        let mut image = network.clone();
        for l in network.hidden() {
            image = rotate(
                &image,
                l,
                &S::orthogonal(network.layer(l).width(), &mut rng),
            )?;
        }
        // The second layer, where there is one.
        let second = network.depth().min(2) - 1;
        if variant.is(Control::Perturbed) {
            let change = S::from_rational(&sizeable(&mut rng)).scale_by_power_of_two(-12);
            image = altered(&image, |layers, _, _| layers[second].bias[0] += change)?;
        }
        // At least twice the precision of what is compared, and at least 256 bits.
        let u = magnitude(&S::unit_roundoff());
        match S::precision() {
            Some(0..=128) => held::<Mp<256>, S>(variant, &network, &image, &u),
            Some(129..=256) => held::<Mp<512>, S>(variant, &network, &image, &u),
            _ => held::<Mp<2112>, S>(variant, &network, &image, &u),
        }
        .map(Some)
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        if variant.is(Control::Greedy) {
            return Ok(None);
        }
        // With R known: W' R_{l-1} = R_l W, b' = R_l b, ψ' = R_l ψ, o' = o, on everything that arrives.
        let (network, _) = case.cast::<Rational>()?;
        let mut rng = case.rng();
        let mut rotations = vec![];
        let mut image = network.clone();
        for l in network.hidden() {
            let r = exact_orthogonal(network.layer(l).width(), &mut rng);
            image = rotate(&image, l, &r)?;
            rotations.push(r);
        }
        let second = network.depth().min(2) - 1;
        if variant.is(Control::Perturbed) {
            image = altered(&image, |layers, _, _| {
                layers[second].bias[0] += sizeable(&mut rng)
            })?;
        }
        let n0 = network.layer(1).weight.ncols();
        let last = network.layer(network.depth()).width();
        rotations.push(Matrix::identity(last, last));
        let mut before = Matrix::identity(n0, n0);
        let mut measurement = Measurement::default();
        for ((a, b), r) in network.layers().iter().zip(image.layers()).zip(rotations) {
            let (n, n_image) = (
                joined(a, &a.weight),
                joined(b, &product(&b.weight, &before)),
            );
            let turned = product(&r, &n);
            measurement.push_count(
                turned
                    .iter()
                    .zip(n_image.iter())
                    .filter(|(x, y)| x != y)
                    .count(),
            );
            let (gram, gram_image) = (
                product_nt(&n.transpose(), &n.transpose()),
                product_nt(&n_image.transpose(), &n_image.transpose()),
            );
            measurement.push_count(
                gram.iter()
                    .zip(gram_image.iter())
                    .filter(|(x, y)| x != y)
                    .count(),
            );
            before = r;
        }
        Ok(Some(measurement))
    }
}

/// The comparison in the wide arithmetic `W`, judged at the roundoff of what is compared.
fn held<W: Real, S: Real>(
    variant: Variant<Control>,
    network: &Network<S>,
    image: &Network<S>,
    u: &Magnitude,
) -> Result<Measurement, Error> {
    let (a, b) = (network.cast::<W>()?, image.cast::<W>()?);
    let mut measurement = Measurement::default();
    if variant.is(Control::Greedy) {
        return greedy(&a, &b, u);
    }
    // Where numbers underflow they err by more than u of themselves; twice, as either network may be the rotated one.
    let entry = smallest::<S>() * Magnitude::from_int(2) / u;
    let floor = entry
        .to_rational()
        .map_or_else(W::zero, |q| W::from_rational(&q));
    let comparison = compare_blurred(&a, &b, Leeway::Certain, Blur::in_entries(floor))?;
    measurement.require(comparison.structure.is_none(), || {
        "the networks have different shapes".into()
    });
    let underflow = underflow::<S>(network);
    for part in &comparison.parts {
        let scale = magnitude(&part.scale);
        let one = Magnitude::from_int(1);
        let allowed = scale.clone() * u + &underflow;
        measurement.push(magnitude(&part.residual), allowed, one + scale);
    }
    Ok(measurement)
}

/// What underflow leaves in a rotated block where its numbers are near the smallest one η: n products of η for an entry,
/// and what arrives at the block as a factor.
fn underflow<S: Field>(network: &Network<S>) -> Magnitude {
    let widest = network.widths().into_iter().max().unwrap_or(0) as i64;
    let arriving = (network.layers().iter())
        .map(|layer| size(joined(layer, &layer.weight).as_slice()))
        .fold(Magnitude::from_int(1), Magnitude::larger);
    smallest::<S>() * arriving * Magnitude::from_int((widest + 2) * (widest + 2))
}

/// The control: Procrustes on [W R_{l-1}ᵀ, b, ψ] and the whole next weight judged, reachable or not.
fn greedy<W: Real>(a: &Network<W>, b: &Network<W>, u: &Magnitude) -> Result<Measurement, Error> {
    let n0 = a.layer(1).weight.ncols();
    let mut before = Matrix::<W>::identity(n0, n0);
    let mut measurement = Measurement::default();
    for l in 1..=a.depth() {
        let n = joined(a.layer(l), &product_nt(&a.layer(l).weight, &before));
        let n_image = joined(b.layer(l), &b.layer(l).weight);
        let width = a.layer(l).width();
        let r = if l == a.depth() {
            Matrix::identity(width, width)
        } else {
            procrustes(&n, &n_image)?
        };
        let residual = product(&r, &n) - &n_image;
        let scale = size(n.as_slice()) * Magnitude::from_int(8 * (n.nrows() + n.ncols()) as i64);
        measurement.push(size(residual.as_slice()), scale.clone() * u, scale);
        before = r;
    }
    Ok(measurement)
}

/// [M, b, ψ].
fn joined<S: Field>(layer: &Layer<S>, m: &Matrix<S>) -> Matrix<S> {
    append_columns(
        &append_columns(m, layer.bias.as_slice()),
        layer.psi_or_zero().as_slice(),
    )
}
