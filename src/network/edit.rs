//! Edits that gauges, resizing and statements share: a layer carried through a matrix, neurons appended, a copy with
//! some parameters changed. Whether the function survives is the caller's business.

use super::{Gain, Layer, Network, PARAMETER_LIMIT};
use crate::{
    error::Error,
    linalg::{Matrix, Vector, column, product, product_nt, product_tn},
    scalar::Field,
};

/// Replaces hidden layer `l` by its image under M (p × n_l, orthonormal rows):
/// (M W_l, M b_l, M ψ_l, W_{l+1} Mᵀ). For p = n_l this is a rotation, for p < n_l a projection.
pub(crate) fn carry<S: Field>(layers: &mut [Layer<S>], l: usize, m: &Matrix<S>) {
    let layer = &mut layers[l - 1];
    let image = |v: &Vector<S>| {
        let column = Matrix::from_column_slice(v.len(), 1, v.as_slice());
        Vector::from_column_slice(product(m, &column).as_slice())
    };
    layer.weight = product(m, &layer.weight);
    layer.bias = image(&layer.bias);
    layer.psi = layer.psi.as_ref().map(image);
    layers[l].weight = product_nt(&layers[l].weight, m);
}

/// [`carry`] through the transpose of `basis` (n_l × p, orthonormal columns), where its product with W_l is known: `weight`.
pub(crate) fn carry_to<S: Field>(
    layers: &mut [Layer<S>],
    l: usize,
    basis: &Matrix<S>,
    weight: Matrix<S>,
) {
    let layer = &mut layers[l - 1];
    layer.weight = weight;
    turn_vectors(layer, basis);
    layers[l].weight = product(&layers[l].weight, basis);
}

/// b_l and ψ_l by the transpose of `basis`.
pub(crate) fn turn_vectors<S: Field>(layer: &mut Layer<S>, basis: &Matrix<S>) {
    turn_vectors_by(layer, |column| product_tn(basis, &column));
}

/// b_l and ψ_l, each as a matrix of one column, by `turn`.
pub(crate) fn turn_vectors_by<S: Field>(
    layer: &mut Layer<S>,
    turn: impl Fn(Matrix<S>) -> Matrix<S>,
) {
    for v in std::iter::once(&mut layer.bias).chain(&mut layer.psi) {
        let turned = turn(Matrix::from_column_slice(v.len(), 1, v.as_slice()));
        *v = Vector::from_column_slice(turned.as_slice());
    }
}

/// Appends q neurons of constant pre-activation β to hidden layer `l`: zero rows and ψ_l entries, biases β, and the given
/// outgoing columns (n_{l+1} × q).
///
/// # Errors
/// [`Error::NoSuchLayer`]; [`Error::Shape`] for columns of the wrong length; [`Error::Value`] for entries that are
/// not finite.
pub(crate) fn append<S: Field>(
    network: Network<S>,
    l: usize,
    columns: &Matrix<S>,
    beta: &S,
) -> Result<Network<S>, Error> {
    check_columns(&network, l, columns)?;
    let has_lengths = network.has_lengths();
    let (mut layers, gain, lengths) = network.into_parts();
    layers[l - 1] = taller(&layers[l - 1], columns.ncols(), beta);
    layers[l] = wider(&layers[l], columns);
    assembled(layers, gain, has_lengths.then_some(lengths), columns, beta)
}

/// [`append`] to a copy: nothing is copied twice.
///
/// # Errors
/// As [`append`].
pub(crate) fn appended<S: Field>(
    network: &Network<S>,
    l: usize,
    columns: &Matrix<S>,
    beta: &S,
) -> Result<Network<S>, Error> {
    check_columns(network, l, columns)?;
    let layers = network.layers().iter().enumerate();
    let layers = layers
        .map(|(at, layer)| match at {
            _ if at + 1 == l => taller(layer, columns.ncols(), beta),
            _ if at == l => wider(layer, columns),
            _ => layer.clone(),
        })
        .collect();
    let lengths = network.length_squared.clone();
    assembled(layers, network.gain().clone(), lengths, columns, beta)
}

fn check_columns<S: Field>(
    network: &Network<S>,
    l: usize,
    columns: &Matrix<S>,
) -> Result<(), Error> {
    network.check_hidden(l)?;
    let expected = network.layer(l + 1).width();
    if columns.nrows() == expected {
        return Ok(());
    }
    Err(Error::Shape {
        layer: l,
        what: "an outgoing column",
        found: format!("{} entries", columns.nrows()),
        expected: format!("{expected}, the width of layer {}", l + 1),
    })
}

/// The layer with q more rows of zeros, biases β and ψ entries 0.
fn taller<S: Field>(layer: &Layer<S>, q: usize, beta: &S) -> Layer<S> {
    let rows = layer.width();
    let longer = |v: &[S], with: &S| {
        let mut data = Vec::with_capacity(v.len() + q);
        data.extend_from_slice(v);
        data.extend(std::iter::repeat_n(with.clone(), q));
        Vector::from_vec(data)
    };
    let inputs = layer.weight.ncols();
    let mut data = Vec::with_capacity((rows + q) * inputs);
    for j in 0..inputs {
        data.extend_from_slice(column(&layer.weight, j));
        data.extend(std::iter::repeat_n(S::zero(), q));
    }
    Layer {
        weight: Matrix::from_vec(rows + q, inputs, data),
        bias: longer(layer.bias.as_slice(), beta),
        psi: (layer.psi.as_ref()).map(|psi| longer(psi.as_slice(), &S::zero())),
    }
}

/// The layer with more columns of weights.
fn wider<S: Field>(layer: &Layer<S>, columns: &Matrix<S>) -> Layer<S> {
    let old = &layer.weight;
    let mut data = Vec::with_capacity(old.len() + columns.len());
    data.extend_from_slice(old.as_slice());
    data.extend_from_slice(columns.as_slice());
    Layer {
        weight: Matrix::from_vec(old.nrows(), old.ncols() + columns.ncols(), data),
        bias: layer.bias.clone(),
        psi: layer.psi.clone(),
    }
}

/// A network of layers that were valid before `columns` and β came to them: these alone are looked at.
fn assembled<S: Field>(
    layers: Vec<Layer<S>>,
    gain: Gain<S>,
    length_squared: Option<Vec<S>>,
    columns: &Matrix<S>,
    beta: &S,
) -> Result<Network<S>, Error> {
    let finite = beta.is_finite() && columns.iter().all(Field::is_finite);
    let network = Network {
        layers,
        gain,
        length_squared,
    };
    // Not above what is there: b, ψ and o of a layer are at most three times its width.
    let layers = network.layers.iter();
    let most: usize = layers.map(|l| l.weight.len() + 3 * l.bias.len()).sum();
    if finite && most as u64 <= PARAMETER_LIMIT {
        return Ok(network);
    }
    // Says what is wrong.
    Network::new(network.layers, network.gain, network.length_squared)
}

/// A copy of a network with some parameters changed.
#[cfg(feature = "verify")]
pub(crate) fn altered<S: Field>(
    network: &Network<S>,
    edit: impl FnOnce(&mut Vec<Layer<S>>, &mut Gain<S>, &mut Vec<S>),
) -> Result<Network<S>, Error> {
    let (mut layers, mut gain, mut lengths) = network.clone().into_parts();
    edit(&mut layers, &mut gain, &mut lengths);
    Network::new(layers, gain, Some(lengths))
}

/// Layers 1 to `depth`: the network whose output is the pre-activation of that layer.
#[cfg(feature = "verify")]
pub(crate) fn head<S: Field>(network: &Network<S>, depth: usize) -> Result<Network<S>, Error> {
    let (mut layers, gain, mut lengths) = network.clone().into_parts();
    layers.truncate(depth);
    lengths.truncate(depth - 1);
    Network::new(layers, gain, Some(lengths))
}
