//! B6: rotations are the only continuous redundancy, so that no generic exact sparsification beats B5.
//!
//! Two things are measured. At the network of the case, in every arithmetic: the directions of the
//! rotations are in the kernel of the Jacobian. And at generic parameters of its widths: the rank is the
//! formula's, exactly modulo a prime for (15+r)/(15+6r), and by singular values at 256 bits for tanh.
//!
//! The first needs no bound on second derivatives. Whatever z, h and γ a forward pass has computed, with
//! B_l = A' ∂h/∂z + c ∂γ/∂z, A' = B_{l+1} W_{l+1}, the residual is
//! B_l A z - A' A h = A' (∂h/∂z A z - A h) + c ∂γ/∂z A z, where A z is across z: a sum of local roundings.

use num_traits::Zero;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{
    Case, Magnitude, Measurement, Statement, Variant, magnitude,
    ranks::{GAP, generic},
    support::*,
};
use crate::{
    error::Error,
    linalg::{Matrix, Vector, accumulate, independent_columns, product, singular_values},
    network::{
        Gain, Jacobian, Layer, Network, Parameters, Scalar, generic_dimension, inputs_for_rank,
        jacobian, stacked_jacobian,
    },
    scalar::{Field, Rational, Real, Residue},
};

pub(super) struct B6;

controls! {
    PsiNotTurned = "psi-not-turned",
    OutgoingNotTurnedBack = "outgoing-not-turned-back",
    ScalingToo = "scaling-too",
}

/// Singular values at 256 bits take a second at 60 parameters: only so many here, and of one case in
/// eight; `tests/it/statement/dimension.rs` has the rest.
const NUMERICAL_PARAMETERS: usize = 40;

/// Modulo a prime a rank takes a hundredth of a second at 100 parameters.
const MODULAR_PARAMETERS: usize = 300;

/// Inputs at which the kernel is looked at.
const INPUTS: usize = 2;

/// The widest layer that is turned in all of its planes at once.
const DENSE: usize = 8;

impl Statement for B6 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/B6.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(2, rng)?;
        case.ensure_width(1, 2, rng)?;
        case.ensure_width(2, 2, rng)?;
        case.ensure_psi(rng)?;
        case.ensure_curved()
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let (network, inputs) = case.cast::<S>()?;
        let mut rng = case.rng();
        let mut measurement = Measurement::default();
        if S::precision() == Some(53) {
            // For suites without ℚ; the modulus is of no arithmetic under test.
            modular(&mut measurement, variant, case, &mut rng)?;
        }
        kernel(&mut measurement, variant, &network, &inputs, &mut rng)?;
        let sampled = S::precision() == Some(256) && case.seed.is_multiple_of(8);
        if variant == Variant::Faithful && sampled {
            let generic = generic::<S>(&case.network.widths(), Gain::Tanh, &mut rng, |rng| {
                S::from_f64(rng.random_range(-1.5..1.5))
            })?;
            if generic.parameter_count() <= NUMERICAL_PARAMETERS {
                numerical(&mut measurement, &generic, &mut rng)?;
            }
        }
        Ok(Some(measurement))
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let (network, inputs) = case.cast::<Rational>()?;
        let mut rng = case.rng();
        let mut measurement = Measurement::default();
        modular(&mut measurement, variant, case, &mut rng)?;
        kernel(&mut measurement, variant, &network, &inputs, &mut rng)?;
        Ok(Some(measurement))
    }
}

/// The rank modulo a prime, at generic parameters and at those of the case.
fn modular(
    measurement: &mut Measurement,
    variant: Variant<Control>,
    case: &Case,
    rng: &mut ChaCha8Rng,
) -> Result<(), Error> {
    let widths = case.network.widths();
    let redundant = match variant {
        Variant::Control(Control::ScalingToo) => case.network.hidden().count(),
        Variant::Control(_) => return Ok(()),
        Variant::Faithful => 0,
    };
    let expected = generic_dimension(&widths, Parameters::All) - redundant;
    let draw = |rng: &mut ChaCha8Rng| Residue::new(rng.random());
    let generic = generic(&widths, Gain::RationalTanh, rng, draw)?;
    if generic.parameter_count() > MODULAR_PARAMETERS {
        return Ok(());
    }
    let mut rank = |network: &Network<Residue>| -> Result<usize, Error> {
        // Enough inputs are as many as parameters; far fewer mostly do, and a rank can only grow with them.
        let enough = inputs_for_rank(network);
        let mut found = 0;
        for count in [enough.div_ceil(2), enough] {
            let inputs: Vec<Vec<Residue>> = (0..count)
                .map(|_| (0..widths[0]).map(|_| draw(rng)).collect())
                .collect();
            found = independent_columns(&stacked_jacobian(network, &inputs)?).len();
            if found >= expected {
                break;
            }
        }
        Ok(found)
    };
    let found = rank(&generic)?;
    measurement.push_count(found.abs_diff(expected));
    measurement.require(found == expected, || {
        format!("{widths:?}: the generic rank is {found}, expected {expected}")
    });
    if variant == Variant::Faithful && case.network.gain().is_rational() {
        // At parameters that are not generic the rank can only be lower.
        let here = every_parameter(&case.network)?.map(&Residue::from_rational)?;
        let found = rank(&here)?;
        measurement.require(found <= expected, || {
            format!("{widths:?}: rank {found} where at most {expected} is promised")
        });
    }
    Ok(())
}

/// The same network with every ψ and o stored.
fn every_parameter<S: Field>(network: &Network<S>) -> Result<Network<S>, Error> {
    altered(network, |layers, _, _| {
        for layer in layers.iter_mut().skip(1) {
            layer.psi = Some(layer.psi_or_zero());
        }
    })
}

/// The rank by singular values, and the gap below it.
fn numerical<S: Real>(
    measurement: &mut Measurement,
    network: &Network<S>,
    rng: &mut ChaCha8Rng,
) -> Result<(), Error> {
    let widths = network.widths();
    let inputs: Vec<Vec<S>> = (0..inputs_for_rank(network))
        .map(|_| {
            (0..widths[0])
                .map(|_| S::from_f64(rng.random_range(-2.0..2.0)))
                .collect()
        })
        .collect();
    let stacked = stacked_jacobian(network, &inputs)?;
    let sigma = singular_values(&stacked)?;
    let expected = generic_dimension(&widths, Parameters::All);
    let floor = sigma[0].clone() * S::unit_roundoff() * S::from_int(stacked.nrows() as i64);
    let below = S::larger(
        sigma.get(expected).cloned().unwrap_or_else(S::zero),
        floor.clone(),
    );
    let gap = (sigma[expected - 1].clone() / below.clone()).to_f64();
    measurement.require(below <= floor.clone() && gap > GAP, || {
        format!(
            "{widths:?}: σ_{expected}/σ_{} = {gap:e} where the rank should be {expected}",
            expected + 1
        )
    });
    Ok(())
}

/// The rotation's direction in hidden layer `l` as a change of the parameters.
fn direction<S: Scalar>(
    variant: Variant<Control>,
    network: &Network<S>,
    l: usize,
    skew: &Matrix<S>,
) -> Vec<Layer<S>> {
    let turn = |v: &Vector<S>| {
        let mut image = vec![S::zero(); v.len()];
        accumulate(&mut image, skew, v.as_slice());
        Vector::from_vec(image)
    };
    let mut layers = network.layers().to_vec();
    for layer in &mut layers {
        layer.weight.fill(S::zero());
        layer.bias.fill(S::zero());
        layer.psi = None;
    }
    let layer = network.layer(l);
    layers[l - 1] = Layer {
        weight: product(skew, &layer.weight),
        bias: turn(&layer.bias),
        psi: match variant.is(Control::PsiNotTurned) {
            true => None,
            false => layer.psi.as_ref().map(turn),
        },
    };
    let outgoing = product(&network.layer(l + 1).weight, skew);
    layers[l].weight = match variant.is(Control::OutgoingNotTurnedBack) {
        true => outgoing,
        false => -outgoing,
    };
    layers
}

/// The directions of rotations are in the kernel.
fn kernel<S: Scalar>(
    measurement: &mut Measurement,
    variant: Variant<Control>,
    network: &Network<S>,
    inputs: &[Vec<S>],
    rng: &mut ChaCha8Rng,
) -> Result<(), Error> {
    if variant.is(Control::ScalingToo) {
        return Ok(());
    }
    let lengths = vec![S::zero(); network.hidden().count()];
    for l in network.hidden().filter(|&l| network.layer(l).width() > 1) {
        let n = network.layer(l).width();
        let skew = skew(n, rng);
        let layers = direction(variant, network, l, &skew);
        for x in inputs.iter().take(INPUTS) {
            let found = jacobian(network, x)?;
            let moved = found.along(x, &layers, &lengths);
            let (allowance, scale) = kernel_roundings(network, &found, l, &skew, x)?;
            measurement.push(size(&moved), allowance, scale);
        }
    }
    Ok(())
}

/// A random skew matrix with entries k/8: dense for a narrow layer, in one plane for a wide one, where
/// absolute values of a dense one would bound nothing closely.
fn skew<S: Scalar>(n: usize, rng: &mut ChaCha8Rng) -> Matrix<S> {
    let mut skew = Matrix::from_element(n, n, S::zero());
    let mut set = |i: usize, j: usize, rng: &mut ChaCha8Rng| {
        let entry = S::from_int(rng.random_range(1..=8)) / S::from_int(8);
        skew[(i, j)] = entry.clone();
        skew[(j, i)] = -entry;
    };
    if n > DENSE {
        let i = rng.random_range(1..n);
        set(i, rng.random_range(0..i), rng);
        return skew;
    }
    for i in 0..n {
        for j in 0..i {
            set(i, j, rng);
        }
    }
    skew
}

/// What rounding can make of the residual, and the size of what cancels in it. With absolute values
/// throughout, m = |W_l||h_{l-1}| + |b_l| + γ_{l-1}|ψ_l|, M' = |B_{l+1}||W_{l+1}| and J the same for ∂h/∂z,
///
/// ```text
/// N ( |B_l||A|m + M' J |A|m + |c||∂γ/∂z||A|m + M'|A||h_l| ),   N = 2 n_{l-1} + 3 n_l + n_{l+1} + 80:
/// ```
///
/// the lengths of the sums that a term goes through, and 80 for the activation (8), its derivative (60: a
/// few ulps, and a few products) and the rest. Where hardware numbers underflow, every entry of B_l, M', ∂h/∂z
/// and h may be off by the smallest number as well.
fn kernel_roundings<S: Scalar>(
    network: &Network<S>,
    found: &Jacobian<S>,
    l: usize,
    skew: &Matrix<S>,
    x: &[S],
) -> Result<(Magnitude, Magnitude), Error> {
    let (layer, next) = (network.layer(l), network.layer(l + 1));
    let of = |a: &Matrix<S>| a.map(|x| magnitude(&x));
    let sizes = |x: &[S]| -> Vec<Magnitude> { x.iter().map(magnitude).collect() };
    let apply = |a: &Matrix<Magnitude>, x: &[Magnitude]| {
        let mut image = vec![Magnitude::zero(); a.nrows()];
        accumulate(&mut image, a, x);
        image
    };
    let dot = |a: &[Magnitude], b: &[Magnitude]| Magnitude::dot(a, b);

    let one = Magnitude::from_int(1);
    let mut reached = apply(&of(&layer.weight), &sizes(found.trace.input_of(l, x)));
    Magnitude::axpy(
        &mut reached,
        &Magnitude::from_int(1),
        &sizes(layer.bias.as_slice()),
    );
    if l > 1 {
        let gamma = magnitude(&found.trace.gains[l - 2]);
        let psi = layer.psi_or_zero();
        Magnitude::axpy(&mut reached, &gamma, &sizes(psi.as_slice()));
    }
    let turn = of(skew);
    let turned = apply(&turn, &reached);

    let z = &found.trace.pre_activations[l - 1];
    let local = S::derivative(network.gain(), &network.length_squared(l), z)?;
    let along = dot(&sizes(&local.direction), &turned);
    let mut image: Vec<Magnitude> = turned
        .iter()
        .map(|t| t.clone() * magnitude(&local.gamma))
        .collect();
    Magnitude::axpy(&mut image, &along, &sizes(&local.stretch));
    let h = apply(&turn, &sizes(&found.trace.activations[l - 1]));
    Magnitude::axpy(&mut image, &one, &h);

    let above = of(&found.pre_activations[l]);
    let through = product(&above, &of(&next.weight));
    let mut sum = apply(&through, &image);
    let of_gain = apply(&above, &sizes(next.psi_or_zero().as_slice()));
    Magnitude::axpy(&mut sum, &dot(&sizes(&local.gradient), &turned), &of_gain);
    let here = apply(&of(&found.pre_activations[l - 1]), &turned);
    Magnitude::axpy(&mut sum, &one, &here);

    let (n, below, after) = (layer.width(), layer.weight.ncols(), next.width());
    let scale = size(&sum);
    let count = (2 * below + 3 * n + after + 80) as f64;
    let total = |x: &[Magnitude]| x.iter().fold(one.clone(), |sum, x| sum + x);
    let of_gain = total(&of_gain);
    let underflow = smallest::<S>()
        * Magnitude::from_f64(count)
        * (total(through.as_slice()) + of_gain)
        * (total(&turned) + total(turn.as_slice()));
    let roundings = roundings::<S>(count) * &scale + underflow;
    Ok((roundings, scale))
}
