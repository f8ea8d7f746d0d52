//! Forward and backward passes over a batch, as matrix products.

use super::{Tangent, Trainable, tangent::ordered_dot};
use crate::{
    error::Error,
    linalg::{Matrix, Vector, accumulate, column, column_mut, product, product_nt, product_tn},
    network::{Derivative, Layer, Network, Scalar},
    scalar::Field,
};

/// What a forward pass keeps of a batch of N inputs.
pub(super) struct Pass<S> {
    /// z_1 … z_{L-1}, n_l × N.
    pre_activations: Vec<Matrix<S>>,
    /// h_1 … h_{L-1}, n_l × N.
    activations: Vec<Matrix<S>>,
    /// γ_1 … γ_{L-1}, N entries each.
    gains: Vec<Vec<S>>,
    /// y = z_L, n_L × N.
    pub(super) output: Matrix<S>,
}

/// A forward pass, of the same bits as [`evaluate`](crate::network::evaluate) in each column.
pub(super) fn forward<S: Scalar>(network: &Network<S>, x: &Matrix<S>) -> Result<Pass<S>, Error> {
    let expected = network.layer(1).weight.ncols();
    if x.nrows() != expected {
        let found = x.nrows();
        return Err(Error::InputLength { found, expected });
    }
    let (mut pre_activations, mut activations) = (vec![], vec![]);
    let mut gains: Vec<Vec<S>> = vec![];
    for (l, layer) in (1..).zip(network.layers()) {
        let mut z = product(&layer.weight, activations.last().unwrap_or(x));
        for j in 0..z.ncols() {
            let z = column_mut(&mut z, j);
            for (z, b) in z.iter_mut().zip(layer.bias.iter()) {
                *z += b;
            }
            if let (Some(psi), Some(gains)) = (&layer.psi, gains.last()) {
                S::axpy(z, &gains[j], psi.as_slice());
            }
        }
        if let Some(at) = z.iter().position(|z| !z.is_finite()) {
            return Err(Error::Overflow {
                layer: l,
                row: at % z.nrows() + 1,
                scalar: S::name(),
            });
        }
        if l == network.depth() {
            let output = z;
            return Ok(Pass {
                pre_activations,
                activations,
                gains,
                output,
            });
        }
        let mut h = z.clone();
        let length = network.length_squared(l);
        let gamma = (0..h.ncols())
            .map(|j| S::activate(network.gain(), &length, column_mut(&mut h, j)))
            .collect::<Result<_, _>>()?;
        pre_activations.push(z);
        activations.push(h);
        gains.push(gamma);
    }
    // A network has at least one layer.
    Err(Error::NoData)
}

impl<S: Trainable> Pass<S> {
    /// From ∂L/∂y (n_L × N) to the parameters and, if asked, the inputs. Sums over rows and over neurons are in order from +0.
    pub(super) fn backward(
        &self,
        network: &Network<S>,
        x: &Matrix<S>,
        of_output: Matrix<S>,
        with_input: bool,
    ) -> Result<(Tangent<S>, Option<Matrix<S>>), Error> {
        let ones = vec![S::one(); x.ncols()];
        let mut of_z = of_output;
        let (mut layers, mut lengths) = (vec![], vec![]);
        for l in (2..=network.depth()).rev() {
            let (layer, gains) = (network.layer(l), &self.gains[l - 2]);
            layers.push(Layer {
                weight: product_nt(&of_z, &self.activations[l - 2]),
                bias: weighted_sum(&of_z, &ones),
                psi: layer.psi.as_ref().map(|_| weighted_sum(&of_z, gains)),
            });
            let (below, of_length) = self.through(network, l - 1, &of_z)?;
            of_z = below;
            lengths.push(of_length);
        }
        layers.push(Layer {
            weight: product_nt(&of_z, x),
            bias: weighted_sum(&of_z, &ones),
            psi: None,
        });
        layers.reverse();
        lengths.reverse();
        let input = with_input.then(|| product_tn(&network.layer(1).weight, &of_z));
        Ok((Tangent { layers, lengths }, input))
    }

    /// Back through W_{l+1}, ψ_{l+1} and the activation of hidden layer `l`: from ∂L/∂z_{l+1} to ∂L/∂z_l and ∂L/∂o_l.
    fn through(
        &self,
        network: &Network<S>,
        l: usize,
        of_z: &Matrix<S>,
    ) -> Result<(Matrix<S>, S), Error> {
        let next = network.layer(l + 1);
        let mut below = product_tn(&next.weight, of_z);
        let length = network.length_squared(l);
        let mut of_length = S::zero();
        for j in 0..below.ncols() {
            let z = column(&self.pre_activations[l - 1], j);
            let local = S::derivative(network.gain(), &length, z)?;
            let of_gain = next
                .psi
                .as_ref()
                .map(|psi| ordered_dot(psi.as_slice(), column(of_z, j)));
            of_length += back(&local, column_mut(&mut below, j), of_gain);
        }
        Ok((below, of_length))
    }
}

/// v ← (∂h/∂z)ᵀ v + (∂L/∂γ) ∂γ/∂z, and ∂L/∂o.
fn back<S: Field>(local: &Derivative<S>, v: &mut [S], of_gain: Option<S>) -> S {
    let along = ordered_dot(&local.direction, v);
    // ∂h/∂o is half of ∂γ/∂z.
    let mut of_length = ordered_dot(&local.gradient, v) / S::from_int(2);
    S::scale(v, &local.gamma);
    S::axpy(v, &along, &local.stretch);
    if let Some(of_gain) = of_gain {
        S::axpy(v, &of_gain, &local.gradient);
        of_length += of_gain * &local.of_length;
    }
    of_length
}

/// Σ_j a_j · (column j), in order from +0.
fn weighted_sum<S: Field>(columns: &Matrix<S>, a: &[S]) -> Vector<S> {
    let mut sum = vec![S::zero(); columns.nrows()];
    accumulate(&mut sum, columns, a);
    Vector::from_vec(sum)
}
