//! Rotating a hidden layer.

use crate::{
    error::Error,
    linalg::{Matrix, Vector, product, product_nt},
    network::{Layer, Network},
    scalar::Field,
};

/// Rotates hidden layer `l` by an orthogonal R (n_l × n_l), which leaves the function as it was
/// (THEORY B1): (W_l, b_l, ψ_l, W_{l+1}) → (R W_l, R b_l, R ψ_l, W_{l+1} Rᵀ).
///
/// R is taken at its word: a matrix that is not orthogonal gives another function.
///
/// # Errors
/// [`Error::NoSuchLayer`]; [`Error::Shape`] if R is not n_l × n_l.
pub fn rotate<S: Field>(
    network: &Network<S>,
    l: usize,
    r: &Matrix<S>,
) -> Result<Network<S>, Error> {
    network.check_hidden(l)?;
    let n = network.layer(l).width();
    if r.shape() != (n, n) {
        let found = format!("{}×{} entries", r.nrows(), r.ncols());
        return Err(Error::Shape {
            layer: l,
            what: "the rotation",
            found,
            expected: format!("{n}×{n}"),
        });
    }
    let (mut layers, gain, lengths) = network.clone().into_parts();
    carry(&mut layers, l, r);
    Network::new(layers, gain, network.has_lengths().then_some(lengths))
}

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
