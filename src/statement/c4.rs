//! C4: growth commutes with every rotation of the enlarged layer.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{Case, Magnitude, Measurement, Statement, Variant, case::sizeable, support::*};
use crate::{
    error::Error,
    gauge::rotate,
    linalg::{Matrix, column},
    network::{Network, Scalar, edit::carry},
    resize::grow,
    scalar::{Field, Rational, Real},
};

pub(super) struct C4;

controls! {
    Elementwise = "elementwise",
    OldNeuronsOnly = "old-neurons-only",
    NewColumnsKept = "new-columns-kept",
}

impl Statement for C4 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/C4.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(1, rng)?;
        case.ensure_curved()
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        measure::<S>(variant, case).map(Some)
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        measure::<Rational>(variant, case).map(Some)
    }
}

fn measure<S: Scalar>(variant: Variant<Control>, case: &Case) -> Result<Measurement, Error> {
    let (network, inputs) = case.cast::<S>()?;
    if network.depth() == 1 {
        return Ok(Measurement::default());
    }
    let mut rng = case.rng();
    let mut image = network.clone();
    let mut unequal = None;
    for l in network.hidden() {
        let (n, q) = (network.layer(l).width(), rng.random_range(1..=2));
        let columns = Matrix::from_fn(network.layer(l + 1).width(), q, |_, _| {
            S::from_rational(&sizeable(&mut rng))
        });
        let r = S::orthogonal(n, &mut rng);
        let first = grow(&rotate(&network, l, &r)?, l, &columns)?;
        let then = rotate(&grow(&network, l, &columns)?, l, &beside_identity(&r, q))?;
        // Zeros change no sum: the parameters are equal in every arithmetic.
        if first != then {
            unequal.get_or_insert(l);
        }
        // The rotations of other layers meet what growing this one has left of W_{l+1}.
        let columns = Matrix::from_fn(image.layer(l + 1).width(), q, |i, j| {
            columns[(i, j)].clone()
        });
        let r = S::orthogonal(n + q, &mut rng);
        image = turn(variant, &grow(&image, l, &columns)?, l, &r, q)?;
    }
    let computed = rotated(&image, &hidden(&image));
    let mut measurement = if variant.is(Control::Elementwise) {
        elementwise(&network, &image, &inputs, &computed)?
    } else {
        same_outputs(&network, &image, &inputs, &computed)?
    };
    measurement.require(unequal.is_none(), || {
        let l = unequal.unwrap_or(0);
        format!("hidden layer {l}: growing and rotating do not commute")
    });
    Ok(measurement)
}

/// R ⊕ I.
fn beside_identity<S: Scalar>(r: &Matrix<S>, q: usize) -> Matrix<S> {
    let n = r.nrows();
    Matrix::from_fn(n + q, n + q, |i, j| match (i < n && j < n, i == j) {
        (true, _) => r[(i, j)].clone(),
        (false, true) => S::one(),
        (false, false) => S::zero(),
    })
}

/// The last q neurons of layer `l` being new: rotated by R, or in one of the wrong ways.
fn turn<S: Scalar>(
    variant: Variant<Control>,
    grown: &Network<S>,
    l: usize,
    r: &Matrix<S>,
    q: usize,
) -> Result<Network<S>, Error> {
    let old = r.nrows() - q;
    if variant.is(Control::OldNeuronsOnly) {
        let block = r.view((0, 0), (old, old)).into_owned();
        return altered(grown, |layers, _, _| {
            carry(layers, l, &beside_identity(&block, q));
        });
    }
    let turned = rotate(grown, l, r)?;
    if variant.is(Control::NewColumnsKept) {
        return altered(&turned, |layers, _, _| {
            for j in old..old + q {
                let kept = column(&grown.layer(l + 1).weight, j).to_vec();
                layers[l].weight.column_mut(j).copy_from_slice(&kept);
            }
        });
    }
    Ok(turned)
}

/// The control: both networks with a gain for each neuron, held to the same allowance.
fn elementwise<S: Scalar>(
    network: &Network<S>,
    image: &Network<S>,
    inputs: &[Vec<S>],
    computed: &[f64],
) -> Result<Measurement, Error> {
    let output = |network: &Network<S>, x: &[S]| {
        evaluate_with(network, x, |l, z| {
            let mut h = z.to_vec();
            let mut gamma = S::one();
            for h in &mut h {
                let o = network.length_squared(l);
                gamma = S::activate(network.gain(), &o, std::slice::from_mut(h))?;
            }
            Ok((h, gamma))
        })
    };
    let mut measurement = Measurement::default();
    for x in inputs {
        let (y, y_image) = (output(network, x)?, output(image, x)?);
        let allowed = units(network, x, &[])? + units(image, x, computed)?;
        let scale = Magnitude::from_int(1) + size(&y);
        measurement.push(distance(&y, &y_image), times_u::<S>(&allowed), scale);
        measurement.compared((network, image), x, [&y, &y_image]);
    }
    Ok(measurement)
}
