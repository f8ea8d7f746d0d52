//! C3: a neuron that has just been grown learns only through an outgoing column that is not zero.
//!
//! Both the Jacobian and central differences see it, and both without rounding: a zero activation adds ±0
//! whatever the column, and where the column is zero the output depends on the square of what is
//! moved alone.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{Case, Measurement, Statement, Variant, case::sizeable, support::*};
use crate::{
    error::Error,
    linalg::{Matrix, product},
    network::{Layer, Network, Scalar, evaluate, jacobian},
    scalar::{Field, Rational, Real},
};

pub(super) struct C3;

controls! {
    AnyColumn = "any-column",
    AnyBias = "any-bias",
    ForwardDifference = "forward-difference",
}

/// Entries of the row and of the column that are moved, at most.
const MOVED: usize = 2;

/// Inputs at which they are.
const INPUTS: usize = 2;

impl Statement for C3 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/C3.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(1, rng)?;
        case.ensure_psi(rng)?;
        case.ensure_curved()
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        measure::<S>(variant, case).map(Some)
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        measure::<Rational>(variant, case).map(Some)
    }
}

/// A parameter of the new neuron, by what it is and its index.
#[derive(Clone, Copy)]
enum Parameter {
    Row(usize),
    Bias,
    Psi,
    Outgoing(usize),
}

impl Parameter {
    /// Where it is, the neuron being the last of layer l.
    fn of<S: Field>(self, layers: &mut [Layer<S>], l: usize) -> Option<&mut S> {
        let neuron = layers[l - 1].width() - 1;
        match self {
            Parameter::Row(j) => layers[l - 1].weight.get_mut((neuron, j)),
            Parameter::Bias => layers[l - 1].bias.get_mut(neuron),
            Parameter::Psi => layers[l - 1].psi.as_mut()?.get_mut(neuron),
            Parameter::Outgoing(i) => layers[l].weight.get_mut((i, neuron)),
        }
    }
}

fn measure<S: Scalar>(variant: Variant<Control>, case: &Case) -> Result<Measurement, Error> {
    let (network, inputs) = case.cast::<S>()?;
    let mut rng = case.rng();
    let mut measurement = Measurement::default();
    for l in network.hidden() {
        let inputs_of = network.layer(l).weight.ncols();
        let (row, outputs) = (vec![S::zero(); inputs_of], network.layer(l + 1).width());
        let column: Vec<S> = (0..outputs)
            .map(|_| S::from_rational(&sizeable(&mut rng)))
            .collect();
        let beta = match variant.is(Control::AnyBias) {
            true => S::from_rational(&sizeable(&mut rng)),
            false => S::zero(),
        };
        let at = network.layer(l).width();
        let grown =
            |column: &[S]| with_neuron(&network, l, at, (&row, beta.clone(), S::zero()), column);
        let incoming: Vec<Parameter> = some(inputs_of, &mut rng)
            .map(Parameter::Row)
            .chain([Parameter::Bias, Parameter::Psi])
            .collect();
        let outgoing: Vec<Parameter> = some(outputs, &mut rng).map(Parameter::Outgoing).collect();
        let learning = grown(&column)?;
        let saddle = match variant.is(Control::AnyColumn) {
            true => learning.clone(),
            false => grown(&vec![S::zero(); outputs])?,
        };
        for x in inputs.iter().take(INPUTS) {
            still(&mut measurement, variant, &learning, l, &outgoing, x)?;
            if !variant.is(Control::AnyBias) {
                still(&mut measurement, variant, &saddle, l, &outgoing, x)?;
                still(&mut measurement, variant, &saddle, l, &incoming, x)?;
            }
            if variant == Variant::Faithful {
                learns(&mut measurement, &learning, l, &column, x)?;
            }
        }
    }
    Ok(measurement)
}

/// A few of 0 … n-1.
fn some(n: usize, rng: &mut ChaCha8Rng) -> impl Iterator<Item = usize> + use<> {
    let first = rng.random_range(0..n);
    (0..n.min(MOVED)).map(move |k| (first + k) % n)
}

/// The gradients of these parameters are zero: in the Jacobian, and by differences.
fn still<S: Scalar>(
    measurement: &mut Measurement,
    variant: Variant<Control>,
    network: &Network<S>,
    l: usize,
    parameters: &[Parameter],
    x: &[S],
) -> Result<(), Error> {
    let found = jacobian(network, x)?;
    let (mut layers, _, mut lengths) = network.clone().into_parts();
    for layer in &mut layers {
        layer.weight.fill(S::zero());
        layer.bias.fill(S::zero());
        layer.psi.iter_mut().for_each(|psi| psi.fill(S::zero()));
    }
    lengths.fill(S::zero());
    // A power of two, so that it and its double are exact in every float.
    let step = S::from_f64((-8f64).exp2());
    for parameter in parameters {
        let mut direction = layers.clone();
        let Some(entry) = parameter.of(&mut direction, l) else {
            continue;
        };
        *entry = S::one();
        let gradient = found.along(x, &direction, &lengths);
        measurement.push_count(gradient.iter().filter(|g| !g.is_zero()).count());
        let moved = |by: S| {
            let network = altered(network, |layers, _, _| {
                if let Some(entry) = parameter.of(layers, l) {
                    *entry += by;
                }
            })?;
            evaluate(&network, x)
        };
        let behind = match variant.is(Control::ForwardDifference) {
            true => S::zero(),
            false => -step.clone(),
        };
        let (y, y_behind) = (moved(step.clone())?, moved(behind)?);
        measurement.push_count(
            y.iter()
                .zip(y_behind.iter())
                .filter(|(a, b)| a != b)
                .count(),
        );
    }
    Ok(())
}

/// ∂y/∂b = γ_l (∂y/∂z_{l+1}) w for the new neuron: the Jacobian's own product with one column, rounded in the same
/// places, so that no bit differs.
fn learns<S: Scalar>(
    measurement: &mut Measurement,
    network: &Network<S>,
    l: usize,
    column: &[S],
    x: &[S],
) -> Result<(), Error> {
    let found = jacobian(network, x)?;
    let above = &found.pre_activations[l];
    let column = Matrix::from_column_slice(column.len(), 1, column);
    let mut expected = product(above, &column);
    S::scale(expected.as_mut_slice(), &found.trace.gains[l - 1]);
    let here = &found.pre_activations[l - 1];
    let gradient = here.column(here.ncols() - 1);
    measurement.push_count(
        gradient
            .iter()
            .zip(&expected)
            .filter(|(a, b)| a != b)
            .count(),
    );
    Ok(())
}
