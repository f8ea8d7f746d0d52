//! Neurogenesis: adding neurons without changing the function.

use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

use crate::{
    error::Error,
    linalg::Matrix,
    network::{
        Network,
        edit::{append, appended},
    },
    scalar::Field,
};

/// What the outgoing columns of new neurons hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outgoing {
    /// Independent normal entries of variance 1/n_l (n_l the new width): the neuron can learn.
    Random,
    /// Zeros: with a zero row this is a saddle of the loss (THEORY C3).
    Zero,
}

impl Outgoing {
    /// An m × q matrix of columns for a layer that will have `width` neurons.
    pub(crate) fn draw<S: Field>(
        self,
        m: usize,
        q: usize,
        width: usize,
        rng: &mut impl Rng,
    ) -> Matrix<S> {
        let spread = 1.0 / (width as f64).sqrt();
        Matrix::from_fn(m, q, |_, _| match self {
            Outgoing::Random => S::from_f64(spread * rng.sample::<f64, _>(StandardNormal)),
            Outgoing::Zero => S::zero(),
        })
    }
}

/// C1: appends q neurons to hidden layer `l`, with zero rows, zero biases and zero ψ_l entries, and
/// the given finite outgoing columns (n_{l+1} × q). The output is the same bit for bit.
///
/// # Errors
/// [`Error::NoSuchLayer`]; [`Error::Shape`] for columns of the wrong length; [`Error::Value`] for
/// entries that are not finite.
pub fn grow<S: Field>(
    network: &Network<S>,
    l: usize,
    columns: &Matrix<S>,
) -> Result<Network<S>, Error> {
    appended(network, l, columns, &S::zero())
}

/// [`grow`] of a network that is not needed any more: no second copy is made.
///
/// # Errors
/// As [`grow`].
pub fn grown<S: Field>(
    network: Network<S>,
    l: usize,
    columns: &Matrix<S>,
) -> Result<Network<S>, Error> {
    append(network, l, columns, &S::zero())
}

/// C2: appends one neuron of constant pre-activation β and outgoing column w (n_{l+1} × 1) to hidden
/// layer `l`, and takes it back out of the intrinsic length and ψ: o_l → o_l - β²,
/// ψ_{l+1} → ψ_{l+1} - w β. The inverse of [`remove`](super::remove).
///
/// # Errors
/// As [`grow`]; [`Error::LengthExhausted`] if β² > o_l.
pub fn grow_with_bias<S: Field>(
    network: &Network<S>,
    l: usize,
    beta: &S,
    column: &Matrix<S>,
) -> Result<Network<S>, Error> {
    network.check_hidden(l)?;
    if column.ncols() != 1 {
        let found = format!("{} columns", column.ncols());
        return Err(Error::Shape {
            layer: l,
            what: "the outgoing weight",
            found,
            expected: "1 column".into(),
        });
    }
    let o = network.length_squared(l);
    let rest = o.clone() - beta.clone() * beta;
    if rest.below_zero() || !rest.is_finite() {
        let (beta, length_squared) = (beta.to_string(), o.to_string());
        return Err(Error::LengthExhausted {
            layer: l,
            beta,
            length_squared,
        });
    }
    let grown = appended(network, l, column, beta)?;
    let (mut layers, gain, mut lengths) = grown.into_parts();
    lengths[l - 1] = rest;
    let mut psi = layers[l].psi_or_zero();
    S::axpy(psi.as_mut_slice(), &-beta.clone(), column.as_slice());
    layers[l].psi = Some(psi);
    Network::new(layers, gain, Some(lengths))
}
