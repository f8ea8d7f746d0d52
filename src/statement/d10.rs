//! D10: data-aware truncation. Principal axes are kept, and the mean of the rest is absorbed.

use num_traits::Zero;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{
    Case, Magnitude, Measurement, Statement, Variant, case::matrix, magnitude, support::*,
};
use crate::{
    error::Error,
    linalg::{Matrix, accumulate, column, product, product_tn, svd},
    network::{Network, Scalar, evaluate, trace},
    resize::{DataRemoval, project_to, truncate_on_data},
    scalar::{Field, Rational, Real},
};

pub(super) struct D10;

controls! {
    BiasAbsorbed = "bias-absorbed",
    MeanVanishes = "mean-vanishes",
    LeastKept = "least-kept",
}

/// Inputs of the sample.
const SAMPLE: usize = 12;

/// The widest layer whose principal axes are held against D4's directions: these need one more factorisation.
const COMPARED: usize = 16;

/// The most axes that are kept: beyond the size of the sample nothing would be dropped.
const KEPT: usize = 4;

impl Statement for D10 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/D10.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(2, rng)?;
        case.ensure_width(1, 2, rng)?;
        case.ensure_width(2, 3, rng)?;
        case.ensure_psi(rng)?;
        // Where a weight is 0 nothing varies, and nothing that is dropped can be seen.
        case.edit(|layers, _, _| {
            for layer in layers
                .iter_mut()
                .filter(|l| l.weight.iter().all(Zero::is_zero))
            {
                layer.weight = matrix(layer.weight.nrows(), layer.weight.ncols(), rng);
            }
        })
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let (network, inputs) = case.cast::<S>()?;
        let mut rng = case.rng();
        let data = sample(&inputs, &mut rng);
        let mut measurement = Measurement::default();
        for l in network.hidden().filter(|&l| network.layer(l).width() > 1) {
            let width = rng.random_range(1..network.layer(l).width().min(KEPT + 1));
            let points = pre_activations(&network, l, &data)?;
            let raw = size(points.as_slice()) / root(data.ncols());
            let squared = S::dot(points.as_slice(), points.as_slice());
            if !(squared + network.length_squared(l)).is_finite() {
                return Ok(None);
            }
            let (mut cut, removal) = truncate_on_data(&network, l, width, &data)?;
            if variant != Variant::Faithful {
                cut = wrongly(variant, &network, l, width, &points)?;
            }
            // The principal axes come from an SVD that errs by 8 (n + N) u of the largest σ, the mean from N sums.
            let n = points.nrows();
            let of_axes = roundings::<S>(9.0 * (n + SAMPLE) as f64) * &raw;
            if variant == Variant::Faithful && n <= COMPARED {
                least(&mut measurement, &network, l, &points, &removal, &of_axes)?;
            }
            let computed = rotated(&network, &[l]);
            let (mut apart, mut allowed, mut largest) =
                (Magnitude::zero(), Magnitude::zero(), Magnitude::zero());
            for j in 0..data.ncols() {
                let x = column(&data, j);
                let (y, y_cut) = (evaluate(&network, x)?, evaluate(&cut, x)?);
                let distance = distance(y.as_slice(), y_cut.as_slice());
                apart += distance.clone() * distance;
                largest = Magnitude::larger(size(y.as_slice()), largest);
                let of_both = units(&network, x, &[])? + units(&cut, x, &computed)?;
                allowed = Magnitude::larger(of_both, allowed);
            }
            let lipschitz = magnitude(&removal.lipschitz);
            let bound = lipschitz.clone() * magnitude(&removal.dropped);
            let floor = times_u::<S>(&allowed) + lipschitz * of_axes;
            measurement.push(
                apart.sqrt() / root(data.ncols()),
                bound.clone() + floor,
                if bound.is_zero() { largest } else { bound },
            );
        }
        Ok(Some(measurement))
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        if variant.is(Control::LeastKept) {
            return Ok(None);
        }
        let (network, inputs) = case.cast::<Rational>()?;
        let mut rng = case.rng();
        let data = sample(&inputs, &mut rng);
        let mut measurement = Measurement::default();
        for l in network.hidden().filter(|&l| network.layer(l).width() > 1) {
            // Any basis will do: principal axes are not rational.
            let n = network.layer(l).width();
            let width = rng.random_range(1..n);
            let basis = exact_orthogonal(n, &mut rng).columns(0, width).into_owned();
            let head = head(&network, l + 1)?;
            let mean = mean(&pre_activations(&head, l, &data)?);
            let held = match variant {
                Variant::Control(Control::BiasAbsorbed) => head.layer(l).bias.as_slice().to_vec(),
                Variant::Control(_) => vec![Rational::zero(); n],
                Variant::Faithful => mean.clone(),
            };
            let cut = project_to(&head, l, &basis, &held)?;
            for x in &inputs {
                let expected = replaced(&head, l, &basis, &mean, x)?;
                let y = evaluate(&cut, x)?;
                measurement.push_count(y.iter().zip(&expected).filter(|(a, b)| a != b).count());
            }
        }
        Ok(Some(measurement))
    }
}

/// Combinations of the inputs with coefficients k/8: zero inputs stay zero.
pub(super) fn sample<S: Field>(inputs: &[Vec<S>], rng: &mut ChaCha8Rng) -> Matrix<S> {
    let n = inputs.first().map_or(0, Vec::len);
    let mut data = Matrix::from_element(n, SAMPLE, S::zero());
    for mut point in data.column_iter_mut() {
        for x in inputs {
            let coefficient = S::from_int(rng.random_range(-8..=8)) / S::from_int(8);
            S::axpy(point.as_mut_slice(), &coefficient, x);
        }
    }
    data
}

/// √n.
fn root(n: usize) -> Magnitude {
    Magnitude::from_int(n as i64).sqrt()
}

/// z_l for every column of the data.
fn pre_activations<S: Scalar>(
    network: &Network<S>,
    l: usize,
    data: &Matrix<S>,
) -> Result<Matrix<S>, Error> {
    let mut points = vec![];
    for j in 0..data.ncols() {
        points.extend(trace(network, column(data, j))?.pre_activations[l - 1].clone());
    }
    Ok(Matrix::from_vec(
        network.layer(l).width(),
        data.ncols(),
        points,
    ))
}

fn mean<S: Field>(points: &Matrix<S>) -> Vec<S> {
    let mut sum = vec![S::zero(); points.nrows()];
    for j in 0..points.ncols() {
        S::axpy(&mut sum, &S::one(), column(points, j));
    }
    let count = S::from_int(points.ncols() as i64);
    sum.into_iter().map(|sum| sum / &count).collect()
}

/// The dropped variance is the least: D4's directions, held at the same mean, drop no less.
fn least<S: Real>(
    measurement: &mut Measurement,
    network: &Network<S>,
    l: usize,
    points: &Matrix<S>,
    removal: &DataRemoval<S>,
    of_axes: &Magnitude,
) -> Result<(), Error> {
    let basis: Matrix<S> = svd(&network.layer(l).augmented())?
        .u_complete()
        .columns(0, removal.to)
        .into_owned();
    let mean = mean(points);
    let centred = Matrix::from_fn(points.nrows(), points.ncols(), |i, j| {
        points[(i, j)].clone() - &mean[i]
    });
    let rest = &centred - product(&basis, &product_tn(&basis, &centred));
    let dropped = size(rest.as_slice()) / root(points.ncols());
    let ours = magnitude(&removal.dropped);
    measurement.require(ours <= dropped.clone() + of_axes, || {
        format!("hidden layer {l}: the principal axes drop {ours:.3}, those of [W ψ] {dropped:.3}")
    });
    Ok(())
}

/// The controls: another point to hold the rest at, or the wrong axes.
fn wrongly<S: Real>(
    variant: Variant<Control>,
    network: &Network<S>,
    l: usize,
    width: usize,
    points: &Matrix<S>,
) -> Result<Network<S>, Error> {
    let n = points.nrows();
    let mean = mean(points);
    let centred = Matrix::from_fn(n, points.ncols(), |i, j| points[(i, j)].clone() - &mean[i]);
    let axes = svd(&centred)?.u_complete();
    let first = match variant.is(Control::LeastKept) {
        true => n - width,
        false => 0,
    };
    let basis = axes.columns(first, width).into_owned();
    let held = match variant {
        Variant::Control(Control::BiasAbsorbed) => network.layer(l).bias.as_slice().to_vec(),
        Variant::Control(Control::MeanVanishes) => vec![S::zero(); n],
        _ => mean,
    };
    project_to(network, l, &basis, &held)
}

/// z_{l+1} with z_l replaced by U Uᵀ z_l + m_⊥.
fn replaced(
    head: &Network<Rational>,
    l: usize,
    basis: &Matrix<Rational>,
    mean: &[Rational],
    x: &[Rational],
) -> Result<Vec<Rational>, Error> {
    let onto = |v: &[Rational]| {
        let v = Matrix::from_column_slice(v.len(), 1, v);
        product(basis, &product_tn(basis, &v))
    };
    let trace = trace(head, x)?;
    let (kept, of_mean) = (onto(&trace.pre_activations[l - 1]), onto(mean));
    let mut h: Vec<Rational> = kept
        .iter()
        .zip(mean)
        .zip(of_mean.iter())
        .map(|((kept, mean), inside)| kept.clone() + mean - inside)
        .collect();
    let gamma = Rational::activate(head.gain(), &head.length_squared(l), &mut h)?;
    let next = head.layer(l + 1);
    let mut z = next.bias.as_slice().to_vec();
    accumulate(&mut z, &next.weight, &h);
    Rational::axpy(&mut z, &gamma, next.psi_or_zero().as_slice());
    Ok(z)
}
