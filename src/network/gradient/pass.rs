//! Forward and backward passes over some columns of a batch.

use std::ops::Range;

use super::{Loss, Targets, Trainable, loss, tangent::ordered_dot};
use crate::{
    error::Error,
    linalg::Matrix,
    network::{Derivative, Network, Scalar},
    scalar::{Field, View},
};

/// Some columns of a batch, and what their passes leave: by layers, each stored by columns.
pub(super) struct Part<'a, S> {
    /// Which columns of the batch.
    pub columns: Range<usize>,
    /// z_1 … z_{L-1}.
    pub pre_activations: Vec<&'a mut [S]>,
    /// h_1 … h_{L-1}.
    pub activations: Vec<&'a mut [S]>,
    /// γ_1 … γ_{L-1}, one a column.
    pub gains: Vec<&'a mut [S]>,
    /// y = z_L.
    pub output: &'a mut [S],
    /// ∂L/∂z_1 … ∂L/∂z_L.
    pub of_z: Vec<&'a mut [S]>,
}

/// What the sums over a batch are made of: for each column of a part its loss, and its share in ∂L/∂o_1 ….
pub(super) struct Shares<S> {
    pub losses: Vec<S>,
    /// By layers.
    pub lengths: Vec<Vec<S>>,
}

fn weight<S: Field>(network: &Network<S>, l: usize) -> View<'_, S> {
    let w = &network.layer(l).weight;
    View::new(w.as_slice(), w.nrows(), w.ncols())
}

impl<S: Scalar> Part<'_, S> {
    /// A forward pass, of the same bits as [`evaluate`](crate::network::evaluate) in each column. An error comes with the
    /// number of its layer.
    pub(super) fn forward(
        &mut self,
        network: &Network<S>,
        x: &Matrix<S>,
    ) -> Result<(), (usize, Error)> {
        let count = self.columns.len();
        for (l, layer) in (1..).zip(network.layers()) {
            let (width, inputs) = layer.weight.shape();
            let hidden = l < network.depth();
            let below = match l {
                1 => &x.as_slice()[self.columns.start * inputs..self.columns.end * inputs],
                _ => &*self.activations[l - 2],
            };
            let z = if hidden {
                &mut *self.pre_activations[l - 1]
            } else {
                &mut *self.output
            };
            S::product_into(z, weight(network, l), View::new(below, inputs, count));
            for (j, z) in z.chunks_exact_mut(width).enumerate() {
                for (z, b) in z.iter_mut().zip(layer.bias.iter()) {
                    *z += b;
                }
                if let (Some(psi), 2..) = (&layer.psi, l) {
                    S::axpy(z, &self.gains[l - 2][j], psi.as_slice());
                }
            }
            if !z.iter().fold(true, |finite, z| finite & z.is_finite()) {
                let at = z.iter().position(|z| !z.is_finite()).unwrap_or(0);
                let (row, scalar) = (at % width + 1, S::name());
                return Err((
                    l,
                    Error::Overflow {
                        layer: l,
                        row,
                        scalar,
                    },
                ));
            }
            if !hidden {
                continue;
            }
            let h = &mut *self.activations[l - 1];
            h.clone_from_slice(z);
            let length = network.length_squared(l);
            for (h, gamma) in h.chunks_exact_mut(width).zip(&mut *self.gains[l - 1]) {
                *gamma = S::activate(network.gain(), &length, h).map_err(|why| (l, why))?;
            }
        }
        Ok(())
    }
}

impl<S: Trainable> Part<'_, S> {
    /// The losses, and back from ∂L/∂y to ∂L/∂z_1; `share` is 1/N. After [`Part::forward`].
    pub(super) fn backward(
        &mut self,
        network: &Network<S>,
        targets: &Targets<S>,
        of_loss: Loss,
        share: &S,
    ) -> Result<Shares<S>, (usize, Error)> {
        let (depth, count) = (network.depth(), self.columns.len());
        let rows = network.layer(depth).width();
        let of_output = &mut *self.of_z[depth - 1];
        of_output.clone_from_slice(self.output);
        let losses = loss::differentiate(of_loss, of_output, rows, targets, self.columns.start)
            .map_err(|why| (depth, why))?;
        S::scale(of_output, share);
        let mut lengths = vec![];
        for l in network.hidden().rev() {
            let (below, above) = self.of_z.split_at_mut(l);
            let (below, of_z) = (&mut *below[l - 1], &*above[0]);
            let (next, width) = (network.layer(l + 1), network.layer(l).width());
            let of_z = View::new(of_z, next.width(), count);
            S::product_into(below, weight(network, l + 1).transpose(), of_z);
            let length = network.length_squared(l);
            let mut of_length = vec![];
            let z = self.pre_activations[l - 1].chunks_exact(width);
            let above = above[0].chunks_exact(next.width());
            for ((v, z), of_z) in below.chunks_exact_mut(width).zip(z).zip(above) {
                let local = S::derivative(network.gain(), &length, z).map_err(|why| (l, why))?;
                let psi = next.psi.as_ref();
                let of_gain = psi.map(|psi| ordered_dot(psi.as_slice(), of_z));
                of_length.push(back(&local, v, of_gain));
            }
            lengths.push(of_length);
        }
        lengths.reverse();
        Ok(Shares { losses, lengths })
    }
}

/// v ← (∂h/∂z)ᵀ v + (∂L/∂γ) ∂γ/∂z, and ∂L/∂o.
fn back<S: Field>(local: &Derivative<S>, v: &mut [S], of_gain: Option<S>) -> S {
    // Both sums at once, each in order: neither then waits for its own additions alone.
    let (mut along, mut across) = (S::zero(), S::zero());
    for ((direction, gradient), v) in local.direction.iter().zip(&local.gradient).zip(&*v) {
        along += direction.clone() * v;
        across += gradient.clone() * v;
    }
    // ∂h/∂o is half of ∂γ/∂z.
    let mut of_length = across / S::from_int(2);
    S::scale(v, &local.gamma);
    S::axpy(v, &along, &local.stretch);
    if let Some(of_gain) = of_gain {
        S::axpy(v, &of_gain, &local.gradient);
        of_length += of_gain * &local.of_length;
    }
    of_length
}
