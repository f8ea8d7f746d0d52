//! Edits that gauges, resizing and statements share: a layer carried through a matrix, neurons appended, a copy with
//! some parameters changed. Whether the function survives is the caller's business.

use super::{Gain, Layer, Network};
use crate::{
    error::Error,
    linalg::{Matrix, Vector, product, product_nt},
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
    network.check_hidden(l)?;
    let q = columns.ncols();
    let expected = network.layer(l + 1).width();
    if columns.nrows() != expected {
        let found = format!("{} entries", columns.nrows());
        let expected = format!("{expected}, the width of layer {}", l + 1);
        return Err(Error::Shape {
            layer: l,
            what: "an outgoing column",
            found,
            expected,
        });
    }
    let has_lengths = network.has_lengths();
    let (mut layers, gain, lengths) = network.into_parts();
    let layer = &mut layers[l - 1];
    let (rows, inputs) = layer.weight.shape();
    let zero = S::zero();
    layer.weight = Matrix::from_fn(rows + q, inputs, |i, j| {
        if i < rows {
            &layer.weight[(i, j)]
        } else {
            &zero
        }
        .clone()
    });
    let extended = |v: &Vector<S>, with: &S| {
        Vector::from_iterator(
            rows + q,
            v.iter()
                .cloned()
                .chain(std::iter::repeat_n(with.clone(), q)),
        )
    };
    layer.bias = extended(&layer.bias, beta);
    layer.psi = layer.psi.as_ref().map(|psi| extended(psi, &S::zero()));
    let next = &mut layers[l].weight;
    let mut data = next.as_slice().to_vec();
    data.extend_from_slice(columns.as_slice());
    *next = Matrix::from_vec(next.nrows(), next.ncols() + q, data);
    Network::new(layers, gain, has_lengths.then_some(lengths))
}

/// A copy of a network with some parameters changed.
pub(crate) fn altered<S: Field>(
    network: &Network<S>,
    edit: impl FnOnce(&mut Vec<Layer<S>>, &mut Gain<S>, &mut Vec<S>),
) -> Result<Network<S>, Error> {
    let (mut layers, mut gain, mut lengths) = network.clone().into_parts();
    edit(&mut layers, &mut gain, &mut lengths);
    Network::new(layers, gain, Some(lengths))
}

/// Layers 1 to `depth`: the network whose output is the pre-activation of that layer.
pub(crate) fn head<S: Field>(network: &Network<S>, depth: usize) -> Result<Network<S>, Error> {
    let (mut layers, gain, mut lengths) = network.clone().into_parts();
    layers.truncate(depth);
    lengths.truncate(depth - 1);
    Network::new(layers, gain, Some(lengths))
}
