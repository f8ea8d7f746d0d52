//! Directions in the space of parameters: gradients, momenta, second moments.

use crate::{
    linalg::{Matrix, Vector},
    network::{Layer, Network},
    scalar::Field,
};

/// One number for every parameter of a network: a gradient, a momentum, a step.
///
/// ψ is there exactly where the network has one, and o_1 … o_{L-1} always, whether or not the network stores
/// them.
#[derive(Clone, Debug, PartialEq)]
pub struct Tangent<S> {
    /// The shapes of W_l, b_l and ψ_l.
    pub layers: Vec<Layer<S>>,
    /// L-1 entries.
    pub lengths: Vec<S>,
}

impl<S: Field> Tangent<S> {
    /// Zeros in the shape of `network`.
    pub fn zeros(network: &Network<S>) -> Self {
        let zeros = |n: usize| Vector::from_element(n, S::zero());
        let layers = network.layers().iter().map(|layer| {
            let (rows, columns) = layer.weight.shape();
            Layer {
                weight: Matrix::from_element(rows, columns, S::zero()),
                bias: zeros(rows),
                psi: layer.psi.as_ref().map(|psi| zeros(psi.len())),
            }
        });
        Tangent {
            layers: layers.collect(),
            lengths: vec![S::zero(); network.hidden().len()],
        }
    }

    /// Whether this has the shapes of `network`.
    pub(super) fn fits(&self, network: &Network<S>) -> bool {
        let shape = |layer: &Layer<S>| {
            let psi = layer.psi.as_ref().map(|psi| psi.len());
            (layer.weight.shape(), layer.bias.len(), psi)
        };
        let shapes = self.layers.iter().zip(network.layers());
        self.layers.len() == network.depth()
            && shapes.into_iter().all(|(a, b)| shape(a) == shape(b))
    }

    /// The tensors in a fixed order: W_1, b_1, ψ_1, W_2, … and then each o_l by itself; a ψ that is not there is
    /// empty. 3 L + (L-1) of them.
    pub fn tensors(&self) -> Vec<&[S]> {
        let mut tensors = vec![];
        for layer in &self.layers {
            tensors.push(layer.weight.as_slice());
            tensors.push(layer.bias.as_slice());
            tensors.push(layer.psi.as_ref().map_or(&[][..], |psi| psi.as_slice()));
        }
        tensors.extend(self.lengths.chunks(1));
        tensors
    }

    /// [`Tangent::tensors`], to be changed.
    pub fn tensors_mut(&mut self) -> Vec<&mut [S]> {
        tensors_mut(&mut self.layers, &mut self.lengths)
    }

    /// Σ of the squares of all entries, tensor after tensor, each in order of its entries.
    pub fn norm_squared(&self) -> S {
        let squares = self.tensors().into_iter().map(sum_of_squares);
        squares.fold(S::zero(), |sum, square| sum + square)
    }

    /// Every entry times `factor`.
    pub fn scale(&mut self, factor: &S) {
        for tensor in self.tensors_mut() {
            S::scale(tensor, factor);
        }
    }

    /// self ← self + `factor` · `other`, both of one shape.
    pub fn add_scaled(&mut self, factor: &S, other: &Self) {
        for (to, from) in self.tensors_mut().into_iter().zip(other.tensors()) {
            S::axpy(to, factor, from);
        }
    }
}

/// The tensors of layers and lengths in the order of [`Tangent::tensors`].
pub(crate) fn tensors_mut<'a, S: Field>(
    layers: &'a mut [Layer<S>],
    lengths: &'a mut [S],
) -> Vec<&'a mut [S]> {
    let mut tensors: Vec<&mut [S]> = vec![];
    for layer in layers {
        tensors.push(layer.weight.as_mut_slice());
        tensors.push(layer.bias.as_mut_slice());
        tensors.push(match &mut layer.psi {
            Some(psi) => psi.as_mut_slice(),
            None => &mut [],
        });
    }
    tensors.extend(lengths.chunks_mut(1));
    tensors
}

/// Σ x_i² in order from +0: zeros in between leave every bit as it was.
pub(crate) fn sum_of_squares<S: Field>(x: &[S]) -> S {
    ordered_dot(x, x)
}

/// Σ x_i y_i in order from +0. [`Field::dot`] is faster, but its order depends on the length, and neurons that
/// are zero must not change a bit (THEORY F3).
pub(crate) fn ordered_dot<S: Field>(x: &[S], y: &[S]) -> S {
    let mut sum = S::zero();
    for (x, y) in x.iter().zip(y) {
        sum += x.clone() * y;
    }
    sum
}
