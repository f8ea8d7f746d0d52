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

use super::{Network, Scalar, spare};
use crate::{
    error::Error,
    linalg::{Matrix, Vector, accumulate, column_mut, product_in_order},
    scalar::View,
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
    let (mut z, mut h) = spare::take::<S>();
    for l in 1..network.depth() {
        let below = if l == 1 { x.as_slice() } else { &h };
        let rows = network.layer(l).width();
        if z.len() < rows * inputs {
            z.resize(rows * inputs, S::zero());
        }
        forward(network, l, below, &gamma, &mut z[..rows * inputs])?;
        for (z, gamma) in z.chunks_exact_mut(rows).zip(&mut gamma) {
            *gamma = S::activate(network.gain(), &network.length_squared(l), z)?;
        }
        std::mem::swap(&mut z, &mut h);
    }
    let last = network.depth();
    let below = if last == 1 { x.as_slice() } else { &h };
    let rows = network.layer(last).width();
    let mut y = vec![S::zero(); rows * inputs];
    forward(network, last, below, &gamma, &mut y)?;
    spare::keep((z, h));
    Ok(Matrix::from_vec(rows, inputs, y))
}

/// z_l of a batch from h_{l-1}, which begins with its columns, and γ_{l-1}.
fn forward<S: Scalar>(
    network: &Network<S>,
    l: usize,
    below: &[S],
    gamma: &[S],
    z: &mut [S],
) -> Result<(), Error> {
    let weight = &network.layer(l).weight;
    let (rows, inner, inputs) = (weight.nrows(), weight.ncols(), gamma.len());
    let weight = View::new(weight.as_slice(), rows, inner);
    let below = View::new(&below[..inner * inputs], inner, inputs);
    S::product_in_order(z, weight, below);
    for (z, gamma) in z.chunks_exact_mut(rows).zip(gamma) {
        complete(network, l, gamma, z)?;
    }
    Ok(())
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
    let psi = layer.psi.as_ref().map(|psi| psi.as_slice());
    if S::add_terms(z, layer.bias.as_slice(), gamma, psi) {
        return Ok(());
    }
    let row = z.iter().position(|z| !z.is_finite()).unwrap_or(0);
    Err(Error::Overflow {
        layer: l,
        row: row + 1,
        scalar: S::name(),
    })
}
