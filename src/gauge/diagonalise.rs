//! Gauges in which weights vanish. Zeros that the theory promises are stored as exact zeros.

use crate::{
    error::Error,
    linalg::{Matrix, product_tn, qr, svd},
    network::{
        Layer, Network,
        edit::{carry_to, turn_vectors, turn_vectors_by},
    },
    scalar::Real,
};

/// Which gauge to bring a network to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gauge {
    /// Rows of W_l orthogonal and ordered by norm (B2).
    Left,
    /// One W_l diagonal, l ≥ 2 (B3).
    Full,
    /// W_2, W_4, … diagonal (B4).
    Alternate,
    /// Every hidden W_l upper trapezoidal (B5).
    Triangular,
}

/// Brings a network to a gauge; the function stays the same.
///
/// `hidden` names the hidden layers, counting from 1: any for `Left` (none named: all), one l ≥ 2 for
/// `Full` (default 2); `Alternate` and `Triangular` act on all and take none.
///
/// # Errors
/// [`Error::NoSuchLayer`] for layers that do not exist, for `Full` and `Alternate` on fewer than two
/// hidden layers, and for layers named where none are taken; those of [`svd`](crate::linalg::svd()).
pub fn diagonalise<S: Real>(
    network: &Network<S>,
    gauge: Gauge,
    hidden: &[usize],
) -> Result<Network<S>, Error> {
    diagonalised(network.clone(), gauge, hidden)
}

/// [`diagonalise`] of a network that is not needed any more: no second copy is made.
///
/// # Errors
/// As [`diagonalise`].
pub fn diagonalised<S: Real>(
    network: Network<S>,
    gauge: Gauge,
    hidden: &[usize],
) -> Result<Network<S>, Error> {
    let depth = network.depth();
    match gauge {
        Gauge::Left => {
            let layers: Vec<usize> = if hidden.is_empty() {
                network.hidden().collect()
            } else {
                hidden.to_vec()
            };
            layers
                .iter()
                .try_fold(network, |network, &l| to_left(network, l))
        }
        Gauge::Full => match hidden {
            [] => to_full(network, 2),
            [l] => to_full(network, *l),
            [_, second, ..] => {
                let remedy =
                    "the full gauge takes one layer; alternate diagonalises every second one"
                        .into();
                Err(Error::NoSuchLayer {
                    layer: *second,
                    remedy,
                })
            }
        },
        Gauge::Alternate | Gauge::Triangular if !hidden.is_empty() => {
            let remedy = "this gauge acts on all hidden layers: name none of them".into();
            Err(Error::NoSuchLayer {
                layer: hidden[0],
                remedy,
            })
        }
        Gauge::Alternate => {
            check_second(&network, 2)?;
            (2..depth).step_by(2).try_fold(network, to_full)
        }
        Gauge::Triangular => network.hidden().try_fold(network, to_triangular),
    }
}

/// B2: W_l = U S Vᵀ, R = Uᵀ. W_l becomes S Vᵀ: orthogonal rows of norms σ_1 ≥ σ_2 ≥ …, exact zero
/// rows beyond min(n_l, n_{l-1}).
///
/// # Errors
/// [`Error::NoSuchLayer`]; those of [`svd`](crate::linalg::svd()).
pub fn left<S: Real>(network: &Network<S>, l: usize) -> Result<Network<S>, Error> {
    to_left(network.clone(), l)
}

fn to_left<S: Real>(network: Network<S>, l: usize) -> Result<Network<S>, Error> {
    network.check_hidden(l)?;
    let svd = svd(&network.layer(l).weight)?;
    let (rows, columns) = network.layer(l).weight.shape();
    let weight = Matrix::from_fn(rows, columns, |i, j| match svd.sigma.get(i) {
        Some(sigma) => svd.v[(j, i)].clone() * sigma,
        None => S::zero(),
    });
    rebuild(network, |layers| {
        carry_to(layers, l, &svd.u_complete(), weight);
    })
}

/// B3: W_l = U S Vᵀ; hidden layer l is rotated by Uᵀ and hidden layer l - 1 by Vᵀ. W_l becomes S.
///
/// # Errors
/// [`Error::NoSuchLayer`] unless 2 ≤ l ≤ L-1; those of [`svd`](crate::linalg::svd()).
pub fn full<S: Real>(network: &Network<S>, l: usize) -> Result<Network<S>, Error> {
    to_full(network.clone(), l)
}

fn to_full<S: Real>(network: Network<S>, l: usize) -> Result<Network<S>, Error> {
    check_second(&network, l)?;
    let svd = svd(&network.layer(l).weight)?;
    let (rows, columns) = network.layer(l).weight.shape();
    let weight = Matrix::from_fn(rows, columns, |i, j| match svd.sigma.get(i) {
        Some(sigma) if i == j => sigma.clone(),
        _ => S::zero(),
    });
    rebuild(network, |layers| {
        carry_to(layers, l, &svd.u_complete(), weight);
        let (below, basis) = (&mut layers[l - 2], svd.v_complete());
        below.weight = product_tn(&basis, &below.weight);
        turn_vectors(below, &basis);
    })
}

/// B5, one layer: W_l = Q T, R = Qᵀ. W_l becomes T, upper trapezoidal with a non-negative diagonal.
///
/// # Errors
/// [`Error::NoSuchLayer`].
pub fn triangular<S: Real>(network: &Network<S>, l: usize) -> Result<Network<S>, Error> {
    to_triangular(network.clone(), l)
}

fn to_triangular<S: Real>(network: Network<S>, l: usize) -> Result<Network<S>, Error> {
    network.check_hidden(l)?;
    let qr = qr(&network.layer(l).weight);
    let rows = network.layer(l).width();
    let weight = qr.r().resize_vertically(rows, S::zero());
    rebuild(network, |layers| {
        if !qr.is_blocked() {
            return carry_to(layers, l, &qr.q(rows), weight);
        }
        // Reflectors that work on many columns at once are applied as they are: Q is not formed.
        let layer = &mut layers[l - 1];
        layer.weight = weight;
        turn_vectors_by(layer, |column| qr.apply_q_transposed(column));
        let above = layers[l].weight.transpose();
        layers[l].weight = qr.apply_q_transposed(above).transpose();
    })
}

fn check_second<S: Real>(network: &Network<S>, l: usize) -> Result<(), Error> {
    if network.depth() < 3 {
        let remedy = "full and alternate need two hidden layers; left and triangular do not".into();
        return Err(Error::NoSuchLayer { layer: l, remedy });
    }
    if l == 1 {
        let remedy = "the input cannot be rotated, so full starts at layer 2; left and triangular take layer 1".into();
        return Err(Error::NoSuchLayer { layer: l, remedy });
    }
    network.check_hidden(l)
}

fn rebuild<S: Real>(
    network: Network<S>,
    edit: impl FnOnce(&mut [Layer<S>]),
) -> Result<Network<S>, Error> {
    let has_lengths = network.has_lengths();
    let (mut layers, gain, lengths) = network.into_parts();
    edit(&mut layers);
    Network::new(layers, gain, has_lengths.then_some(lengths))
}
