//! Running a network.
//!
//! Every pre-activation accumulates in one order, in every scalar:
//!
//! ```text
//! z_i = (((0 + W_i1 h_1) + W_i2 h_2 + …) + b_i) + γ ψ_i
//! ```
//!
//! with one rounding for each product and each sum. A neuron whose activation is ±0 therefore leaves
//! every bit downstream as it was, which makes growth (THEORY C1) exact bit for bit.

use super::{Network, Scalar};
use crate::{
    error::Error,
    linalg::{Matrix, Vector, accumulate, column_mut, product_in_order},
};

/// Everything a forward pass computes.
#[derive(Clone, Debug)]
pub struct Trace<S> {
    /// z_1 … z_L.
    pub pre_activations: Vec<Vec<S>>,
    /// h_1 … h_{L-1}.
    pub activations: Vec<Vec<S>>,
    /// γ_1 … γ_{L-1}.
    pub gains: Vec<S>,
}

impl<S> Trace<S> {
    /// y = z_L.
    pub fn output(&self) -> &[S] {
        self.pre_activations.last().map_or(&[], Vec::as_slice)
    }

    /// h_{l-1}, or the input for l = 1.
    pub fn input_of<'a>(&'a self, l: usize, x: &'a [S]) -> &'a [S] {
        if l == 1 { x } else { &self.activations[l - 2] }
    }
}

/// y for one input x of n₀ entries: n_L entries.
///
/// # Errors
/// [`Error::InputLength`]; [`Error::Overflow`] with layer and row where W x + b overflows;
/// [`Error::NotRational`] in exact arithmetic.
pub fn evaluate<S: Scalar>(network: &Network<S>, x: &[S]) -> Result<Vector<S>, Error> {
    let (z, _) = run(network, x, |_, _, _| ())?;
    Ok(Vector::from_vec(z))
}

/// Y for a batch, one input in each column: n₀ × N in, n_L × N out; the same bits as [`evaluate`] of
/// each column. In intervals both enclose the same outputs, and the ends differ by roundings.
///
/// # Errors
/// As [`evaluate`], of the first layer in which one occurs, and there of the first input.
pub fn evaluate_batch<S: Scalar>(network: &Network<S>, x: &Matrix<S>) -> Result<Matrix<S>, Error> {
    check_length(network, x.nrows())?;
    let inputs = x.ncols();
    let mut gamma = vec![S::one(); inputs];
    let mut h = Matrix::from_element(0, 0, S::zero());
    for l in 1..=network.depth() {
        let layer = network.layer(l);
        let mut z = product_in_order(&layer.weight, if l == 1 { x } else { &h });
        for (j, gamma) in gamma.iter_mut().enumerate() {
            let z = column_mut(&mut z, j);
            complete(network, l, gamma, z)?;
            if l < network.depth() {
                *gamma = S::activate(network.gain(), &network.length_squared(l), z)?;
            }
        }
        h = z;
    }
    Ok(h)
}

/// Everything a forward pass of a batch computes, one input in each column.
#[derive(Clone, Debug)]
pub struct BatchTrace<S> {
    /// z_1, z_2, …, n_l × N each.
    pub pre_activations: Vec<Matrix<S>>,
    /// h_1, h_2, …, n_l × N each.
    pub activations: Vec<Matrix<S>>,
    /// γ_1, γ_2, …, N entries each.
    pub gains: Vec<Vec<S>>,
}

/// [`trace`] of a batch (n₀ × N), up to z of layer `last`: the same bits as a trace of each column, but for the ends of
/// intervals (see [`evaluate_batch`]).
///
/// # Errors
/// As [`evaluate_batch`].
pub fn trace_batch<S: Scalar>(
    network: &Network<S>,
    x: &Matrix<S>,
    last: usize,
) -> Result<BatchTrace<S>, Error> {
    check_length(network, x.nrows())?;
    let mut trace = BatchTrace {
        pre_activations: vec![],
        activations: vec![],
        gains: vec![],
    };
    let mut gamma = vec![S::one(); x.ncols()];
    for l in 1..=last.min(network.depth()) {
        let below = trace.activations.last().unwrap_or(x);
        let mut z = product_in_order(&network.layer(l).weight, below);
        for (j, gamma) in gamma.iter().enumerate() {
            complete(network, l, gamma, column_mut(&mut z, j))?;
        }
        if l < last.min(network.depth()) {
            let mut h = z.clone();
            for (j, gamma) in gamma.iter_mut().enumerate() {
                let h = column_mut(&mut h, j);
                *gamma = S::activate(network.gain(), &network.length_squared(l), h)?;
            }
            trace.activations.push(h);
            trace.gains.push(gamma.clone());
        }
        trace.pre_activations.push(z);
    }
    Ok(trace)
}

/// A forward pass that keeps every z, h and γ.
///
/// # Errors
/// As [`evaluate`].
pub fn trace<S: Scalar>(network: &Network<S>, x: &[S]) -> Result<Trace<S>, Error> {
    let mut trace = Trace {
        pre_activations: vec![],
        activations: vec![],
        gains: vec![],
    };
    let (y, _) = run(network, x, |z, h, gamma| {
        trace.pre_activations.push(z.to_vec());
        trace.activations.push(h.to_vec());
        trace.gains.push(gamma.clone());
    })?;
    trace.pre_activations.push(y);
    Ok(trace)
}

/// The forward pass; `keep` sees (z, h, γ) of each hidden layer. Returns y and the last γ.
fn run<S: Scalar>(
    network: &Network<S>,
    x: &[S],
    mut keep: impl FnMut(&[S], &[S], &S),
) -> Result<(Vec<S>, S), Error> {
    check_length(network, x.len())?;
    let mut h = x.to_vec();
    let mut gamma = S::one();
    for (l, layer) in (1..).zip(network.layers()) {
        let mut z = vec![S::zero(); layer.width()];
        accumulate(&mut z, &layer.weight, &h);
        complete(network, l, &gamma, &mut z)?;
        if l == network.depth() {
            return Ok((z, gamma));
        }
        h.clone_from(&z);
        gamma = S::activate(network.gain(), &network.length_squared(l), &mut h)?;
        keep(&z, &h, &gamma);
    }
    Ok((h, gamma))
}

/// Whether the network takes `found` numbers.
fn check_length<S: Scalar>(network: &Network<S>, found: usize) -> Result<(), Error> {
    let expected = network.layer(1).weight.ncols();
    if found == expected {
        return Ok(());
    }
    Err(Error::InputLength { found, expected })
}

/// z ← (z + b_l) + γ ψ_l, checked for overflow.
fn complete<S: Scalar>(
    network: &Network<S>,
    l: usize,
    gamma: &S,
    z: &mut [S],
) -> Result<(), Error> {
    let layer = network.layer(l);
    for (z, b) in z.iter_mut().zip(layer.bias.iter()) {
        *z += b;
    }
    if let Some(psi) = &layer.psi {
        S::axpy(z, gamma, psi.as_slice());
    }
    match z.iter().position(|z| !z.is_finite()) {
        Some(row) => Err(Error::Overflow {
            layer: l,
            row: row + 1,
            scalar: S::name(),
        }),
        None => Ok(()),
    }
}
