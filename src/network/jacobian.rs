//! The Jacobian of the outputs with respect to everything: input, pre-activations and parameters.
//!
//! One forward pass and one sweep back, exact over ℚ. With B_l = ∂y/∂z_l, B_L = I,
//!
//! ```text
//! A = B_l W_l,   c = B_l ψ_l
//! B_{l-1} = A ∂h_{l-1}/∂z_{l-1} + c ∂γ_{l-1}/∂z_{l-1}
//! ∂y/∂(W_l)_ij = (B_l)_·i (h_{l-1})_j,   ∂y/∂b_l = B_l,   ∂y/∂ψ_l = γ_{l-1} B_l
//! ∂y/∂o_{l-1} = A ∂h_{l-1}/∂o_{l-1} + c ∂γ_{l-1}/∂o_{l-1}
//! ```

use super::{Derivative, Layer, Network, Scalar, Trace, trace};
use crate::{
    error::Error,
    linalg::{Matrix, accumulate, product},
    scalar::Field,
};

/// What the outputs of a network depend on, at one input.
#[derive(Clone, Debug)]
pub struct Jacobian<S> {
    /// The forward pass.
    pub trace: Trace<S>,
    /// ∂y/∂x, n_L × n_0.
    pub input: Matrix<S>,
    /// B_l = ∂y/∂z_l for l = 1 … L, n_L × n_l each.
    pub pre_activations: Vec<Matrix<S>>,
    /// ∂y/∂o_l for l = 1 … L-1, n_L entries each, whether or not the network stores o.
    pub lengths: Vec<Vec<S>>,
}

/// The Jacobian at the input x of n_0 entries. At the kink of the soft threshold, where there is
/// none, the derivative from inside is taken.
///
/// # Errors
/// As [`evaluate`](super::evaluate).
pub fn jacobian<S: Scalar>(network: &Network<S>, x: &[S]) -> Result<Jacobian<S>, Error> {
    let trace = trace(network, x)?;
    let depth = network.depth();
    let outputs = network.layer(depth).width();
    let mut sensitivity = Matrix::<S>::identity(outputs, outputs);
    let (mut pre_activations, mut lengths) = (vec![], vec![]);
    for l in (2..=depth).rev() {
        let layer = network.layer(l);
        let local = S::derivative(
            network.gain(),
            &network.length_squared(l - 1),
            &trace.pre_activations[l - 2],
        )?;
        let of_activation = product(&sensitivity, &layer.weight);
        let mut of_gain = vec![S::zero(); outputs];
        if let Some(psi) = &layer.psi {
            accumulate(&mut of_gain, &sensitivity, psi.as_slice());
        }
        let (below, of_length) = through(&local, &of_activation, &of_gain);
        pre_activations.push(std::mem::replace(&mut sensitivity, below));
        lengths.push(of_length);
    }
    let input = product(&sensitivity, &network.layer(1).weight);
    pre_activations.push(sensitivity);
    pre_activations.reverse();
    lengths.reverse();
    Ok(Jacobian {
        trace,
        input,
        pre_activations,
        lengths,
    })
}

/// Through one activation: from ∂y/∂h (rows of `of_activation`) and ∂y/∂γ to ∂y/∂z and ∂y/∂o.
fn through<S: Field>(
    local: &Derivative<S>,
    of_activation: &Matrix<S>,
    of_gain: &[S],
) -> (Matrix<S>, Vec<S>) {
    let (outputs, n) = of_activation.shape();
    let mut below = Matrix::from_element(outputs, n, S::zero());
    let half = S::one() / S::from_int(2);
    let mut of_length = Vec::with_capacity(outputs);
    for (k, gain) in of_gain.iter().enumerate() {
        let row: Vec<S> = of_activation.row(k).iter().cloned().collect();
        let mut image = local.times(&row);
        S::axpy(&mut image, gain, &local.gradient);
        for (to, from) in below.row_mut(k).iter_mut().zip(image) {
            *to = from;
        }
        // ∂h/∂o is half of ∂γ/∂z.
        let of_h = S::dot(&row, &local.gradient) * &half;
        of_length.push(of_h + gain.clone() * &local.of_length);
    }
    (below, of_length)
}

impl<S: Field> Jacobian<S> {
    /// ∂y/∂θ, n_L × P: one column for each stored parameter, in the order of [`Network::parameters`]
    /// (W_1 by columns, b_1, W_2, b_2, ψ_2, …, then o_1 …). `network` and `x` must be those it was taken at.
    pub fn parameters(&self, network: &Network<S>, x: &[S]) -> Matrix<S> {
        let mut data = vec![];
        for (l, layer) in (1..).zip(network.layers()) {
            let sensitivity = &self.pre_activations[l - 1];
            let mut push = |factor: &S| {
                data.extend(sensitivity.iter().map(|b| b.clone() * factor));
            };
            for h in self.trace.input_of(l, x) {
                push(h);
            }
            push(&S::one());
            if layer.psi.is_some() {
                push(&self.trace.gains[l - 2]);
            }
        }
        if network.has_lengths() {
            data.extend(self.lengths.iter().flatten().cloned());
        }
        let outputs = self.input.nrows();
        Matrix::from_vec(outputs, data.len() / outputs, data)
    }

    /// (∂y/∂θ) v for a direction v, given as changes of the layers and of o_1 …: n_L entries, without the
    /// n_L × P matrix. `x` must be the input it was taken at.
    pub fn along(&self, x: &[S], layers: &[Layer<S>], lengths: &[S]) -> Vec<S> {
        let mut sum = vec![S::zero(); self.input.nrows()];
        for (l, layer) in (1..).zip(layers) {
            // What the direction does to z_l with everything below fixed.
            let mut change = vec![S::zero(); layer.width()];
            accumulate(&mut change, &layer.weight, self.trace.input_of(l, x));
            S::axpy(&mut change, &S::one(), layer.bias.as_slice());
            if let (Some(psi), true) = (&layer.psi, l > 1) {
                S::axpy(&mut change, &self.trace.gains[l - 2], psi.as_slice());
            }
            accumulate(&mut sum, &self.pre_activations[l - 1], &change);
        }
        for (of_length, change) in self.lengths.iter().zip(lengths) {
            S::axpy(&mut sum, change, of_length);
        }
        sum
    }
}
