//! Rotating a hidden layer.

use crate::{
    error::Error,
    linalg::Matrix,
    network::{Network, edit::carry},
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
    rotated(network.clone(), l, r)
}

/// [`rotate`] of a network that is not needed any more: no second copy is made.
///
/// # Errors
/// As [`rotate`].
pub fn rotated<S: Field>(
    network: Network<S>,
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
    let has_lengths = network.has_lengths();
    let (mut layers, gain, lengths) = network.into_parts();
    carry(&mut layers, l, r);
    Network::new(layers, gain, has_lengths.then_some(lengths))
}
