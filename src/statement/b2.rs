//! B2: left diagonalisation makes the rows of W_l orthogonal and ordered.

use num_traits::Zero;
use rand_chacha::ChaCha8Rng;

use super::{Case, Magnitude, Measurement, Statement, Variant, support::*};
use crate::{
    error::Error,
    gauge::{left, rotate},
    linalg::{Matrix, column, complete_basis, product_nt, svd},
    network::Network,
    scalar::{Field, Rational, Real},
};

pub(super) struct B2;

controls! {
    NotTransposed = "not-transposed",
    Unsorted = "unsorted",
    ThinBasis = "thin-basis",
    NalgebraSvd = "nalgebra-svd",
}

impl Statement for B2 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/B2.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(2, rng)?;
        case.ensure_width(1, 2, rng)?;
        case.ensure_width(2, 2, rng)
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        if !shows(variant, case, S::precision()) {
            return Ok(None);
        }
        let (network, inputs) = case.cast::<S>()?;
        let mut image = network.clone();
        for l in network.hidden() {
            image = match variant {
                Variant::Control(Control::NotTransposed) => {
                    let u = svd(&image.layer(l).weight)?.u_complete();
                    rotate(&image, l, &u)?
                }
                Variant::Control(Control::ThinBasis) => {
                    let u = svd(&image.layer(l).weight)?.u;
                    rotate(&image, l, &padded(&u).transpose())?
                }
                Variant::Control(Control::NalgebraSvd) => nalgebras(&image, l)?,
                _ => left(&image, l)?,
            };
        }
        finish(variant, &network, &image, &inputs).map(Some)
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        if !shows(variant, case, None) {
            return Ok(None);
        }
        let (mut network, inputs) = case.cast::<Rational>()?;
        let mut rng = case.rng();
        let mut bases = vec![];
        for l in network.hidden() {
            // W_l (here in the coordinates before the rotation of layer l - 1) gets known factors.
            let (m, n) = network.layer(l).weight.shape();
            let factors = ExactFactors::draw(m, n, m.min(n), &mut rng);
            network = altered(&network, |layers, _, _| {
                layers[l - 1].weight = factors.product()
            })?;
            bases.push(match variant {
                Variant::Control(Control::ThinBasis) => {
                    padded(&factors.u.columns(0, m.min(n)).into_owned())
                }
                _ => factors.u,
            });
        }
        let mut image = network.clone();
        for (l, u) in (1..).zip(&bases) {
            let r = if variant.is(Control::NotTransposed) {
                u.clone()
            } else {
                u.transpose()
            };
            image = rotate(&image, l, &r)?;
        }
        finish(variant, &network, &image, &inputs).map(Some)
    }
}

/// Two controls need something to show on: a thin basis that is not complete, doubles.
fn shows(variant: Variant<Control>, case: &Case, precision: Option<u32>) -> bool {
    let widens = |l: usize| {
        let (m, n) = case.network.layer(l).weight.shape();
        m > n
    };
    match variant {
        Variant::Control(Control::ThinBasis) => case.network.hidden().any(widens),
        Variant::Control(Control::NalgebraSvd) => precision == Some(53),
        _ => true,
    }
}

fn row<S: Field>(a: &Matrix<S>, i: usize) -> Vec<S> {
    a.row(i).iter().cloned().collect()
}

/// The columns of a thin basis, and columns of zeros where the rest of a complete one belongs.
fn padded<S: Field>(thin: &Matrix<S>) -> Matrix<S> {
    let n = thin.nrows();
    Matrix::from_fn(n, n, |i, j| {
        thin.get((i, j)).cloned().unwrap_or_else(S::zero)
    })
}

/// The control: `left` with nalgebra's factors in place of ours.
fn nalgebras<S: Real>(network: &Network<S>, l: usize) -> Result<Network<S>, Error> {
    let weight = network.layer(l).weight.map(|x| x.to_f64());
    let sweeps = 1000;
    let factors = nalgebra::SVD::try_new(weight, true, true, f64::EPSILON, sweeps);
    let Some((u, v_t, sigma)) = factors.and_then(|f| Some((f.u?, f.v_t?, f.singular_values)))
    else {
        // No factors, no change: the statement then holds.
        return left(network, l);
    };
    let lift = |x: f64| S::from_f64(x);
    let complete = complete_basis(&u.map(lift), u.nrows());
    let image = rotate(network, l, &complete.transpose())?;
    altered(&image, |layers, _, _| {
        let (rows, columns) = layers[l - 1].weight.shape();
        layers[l - 1].weight = Matrix::from_fn(rows, columns, |i, j| {
            let entry = sigma.get(i).map(|sigma| sigma * v_t[(i, j)]);
            lift(entry.unwrap_or(0.0))
        });
    })
}

fn finish<S: crate::network::Scalar>(
    variant: Variant<Control>,
    network: &Network<S>,
    image: &Network<S>,
    inputs: &[Vec<S>],
) -> Result<Measurement, Error> {
    let mut image = image.clone();
    if variant.is(Control::Unsorted) {
        for l in network.hidden() {
            let n = network.layer(l).width();
            let reversal = Matrix::from_fn(
                n,
                n,
                |i, j| if i + j + 1 == n { S::one() } else { S::zero() },
            );
            image = rotate(&image, l, &reversal)?;
        }
    }
    let mut measurement =
        same_outputs(network, &image, inputs, &rotated(network, &hidden(network)))?;
    for l in network.hidden() {
        orthogonal_rows(&mut measurement, &image, l);
    }
    Ok(measurement)
}

/// Rows of W_l against each other, relative to their norms, and their order.
///
/// Two things are no matter of relative size: the smallest number for each of the m + n products that an entry of a
/// rotated row is made of, and the same again for each of the n products here.
fn orthogonal_rows<S: Field>(measurement: &mut Measurement, network: &Network<S>, l: usize) {
    let weight = &network.layer(l).weight;
    let (m, n) = weight.shape();
    let scaled = Matrix::from_vec(m, n, unit_sized(weight.as_slice()));
    let gram = product_nt(&scaled, &scaled);
    let units = 4.0 * (weight.nrows() + weight.ncols()) as f64;
    let squared = |i: usize| super::magnitude(&gram[(i, i)]);
    // Not by the diagonal of the Gram matrix: the square of a short row underflows before the row does.
    let norms: Vec<Magnitude> = (0..m).map(|i| size(&row(&scaled, i))).collect();
    let largest = |x: &[S]| {
        x.iter()
            .map(super::magnitude)
            .fold(Magnitude::zero(), Magnitude::larger)
    };
    let (terms, products) = (
        Magnitude::from_int(n as i64),
        Magnitude::from_int((m + n) as i64),
    );
    let stored = match largest(weight.as_slice()) {
        size if size.is_zero() => Magnitude::zero(),
        size => smallest::<S>() * largest(scaled.as_slice()) / size,
    };
    let underflow = |i: usize, j: usize| {
        let of_rows = largest(&row(&scaled, i)) + largest(&row(&scaled, j));
        (stored.clone() * of_rows * &products + smallest::<S>()) * &terms
    };
    for j in 1..gram.ncols() {
        for (i, inner) in column(&gram, j).iter().enumerate().take(j) {
            let lengths = norms[i].clone() * &norms[j];
            let scale = if lengths.is_zero() {
                num_traits::One::one()
            } else {
                lengths.clone()
            };
            measurement.push(
                super::magnitude(inner),
                roundings::<S>(units) * lengths + underflow(i, j),
                scale,
            );
        }
        // The squared norms fall, up to rounding.
        let slack = squared(0) * roundings::<S>(units);
        let ordered = squared(j) <= squared(j - 1) + &slack;
        measurement.require(ordered, || {
            format!("W_{l}: row {} is longer than row {j}", j + 1)
        });
    }
    measurement.require(squared(0) >= Magnitude::zero(), || {
        format!("W_{l}: row 1 has no length")
    });
}
