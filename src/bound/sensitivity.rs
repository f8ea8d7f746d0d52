//! Lipschitz constants and reaches of a network, rigorously bounded from above (THEORY D4).

use num_traits::{One, Zero};

use super::norm::norm_above;
use crate::{
    linalg::Matrix,
    network::{Gain, Layer, Network, Reached},
    scalar::{
        Field,
        interval::{Endpoint, Interval, norm},
    },
};

/// The norms of one layer that the bounds are made of; upper endpoints bound.
#[derive(Clone, Debug)]
pub(crate) struct LayerNorms<E> {
    /// ‖W‖.
    pub weight: Interval<E>,
    /// ‖ψ‖, 0 where there is none.
    pub psi: Interval<E>,
    /// ‖[W ψ]‖.
    pub joint: Interval<E>,
    /// ‖b‖.
    pub bias: Interval<E>,
}

impl<E: Endpoint> LayerNorms<E> {
    pub fn of(layer: &Layer<Interval<E>>) -> Self {
        let weight = norm_above(&layer.weight);
        let psi = norm(layer.psi_or_zero().as_slice());
        let joint = if psi.is_zero() {
            weight.clone()
        } else {
            norm_above(&layer.augmented())
        };
        let bias = norm(layer.bias.as_slice());
        LayerNorms {
            weight,
            psi,
            joint,
            bias,
        }
    }
}

/// An upper bound on the Lipschitz constant of z_{j-1} ↦ z_j: the least of
///
/// ```text
/// g(o)‖W‖ + G‖ψ‖,   P‖[W ψ]‖,   g(o)‖[W ψ/τ]‖,   K‖[W ψ/√o]‖
/// ```
///
/// with o = o_{j-1}, and W, ψ of layer j; the third where τ is proved (`proofs/tau.md`), the last for o > 0.
pub(crate) fn transfer<E: Endpoint>(
    layer: &Layer<Interval<E>>,
    norms: &LayerNorms<E>,
    gain: &Gain<Interval<E>>,
    o: &Interval<E>,
) -> Interval<E> {
    let lipschitz = gain.lipschitz_at(o);
    let plain = lipschitz.clone() * &norms.weight;
    if norms.psi.is_zero() {
        return plain;
    }
    let mut least = plain + gain.steepness() * &norms.psi;
    least = Interval::smaller(least, gain.joint_lipschitz() * &norms.joint);
    if let Some(tau_squared) = gain.tau_squared() {
        let scaled = scaled_psi(layer, &(Interval::one() / tau_squared.sqrt()));
        least = Interval::smaller(least, lipschitz * norm_above(&scaled));
    }
    if o.above_zero() {
        least = Interval::smaller(
            least,
            norm_above(&scaled_psi(layer, &(Interval::one() / o.sqrt()))),
        );
    }
    least
}

/// [W cψ].
fn scaled_psi<E: Endpoint>(layer: &Layer<Interval<E>>, c: &Interval<E>) -> Matrix<Interval<E>> {
    let mut joined = layer.augmented();
    let last = joined.ncols() - 1;
    joined.column_mut(last).iter_mut().for_each(|x| *x *= c);
    joined
}

/// Everything about one network that does not depend on the other.
#[derive(Clone, Debug)]
pub(crate) struct Sensitivity<E> {
    /// The norms of layers 1 … L.
    pub norms: Vec<LayerNorms<E>>,
    /// Λ_1 … Λ_L, of z_l ↦ y; Λ_L = 1.
    pub lipschitz: Vec<Interval<E>>,
}

impl<E: Endpoint> Sensitivity<E> {
    pub fn of(network: &Network<Interval<E>>) -> Self {
        let norms: Vec<_> = network.layers().iter().map(LayerNorms::of).collect();
        let mut lipschitz = vec![Interval::one(); network.depth()];
        for j in (2..=network.depth()).rev() {
            let factor = transfer(
                network.layer(j),
                &norms[j - 1],
                network.gain(),
                &network.length_squared(j - 1),
            );
            lipschitz[j - 2] = lipschitz[j - 1].clone() * factor;
        }
        Sensitivity { norms, lipschitz }
    }

    /// A Lipschitz constant of x ↦ y.
    pub fn of_input(&self) -> Interval<E> {
        self.lipschitz[0].clone() * &self.norms[0].weight
    }

    /// Upper bounds on ‖z_l‖ (l = 1 … L), and on what leaves hidden layers 1 … L-1, for ‖x‖ ≤ `radius`.
    pub fn reach(
        &self,
        network: &Network<Interval<E>>,
        radius: &Interval<E>,
    ) -> (Vec<Interval<E>>, Vec<Reached<E>>) {
        let mut sizes = vec![];
        let mut reached: Vec<Reached<E>> = vec![];
        for (l, norms) in (1..).zip(&self.norms) {
            let moved = match reached.last() {
                None => norms.weight.clone() * radius,
                Some(below) => Interval::smaller(
                    norms.joint.clone() * &below.joint,
                    norms.weight.clone() * &below.activation + norms.psi.clone() * &below.gain,
                ),
            };
            let size = moved + &norms.bias;
            if l < network.depth() {
                reached.push(network.gain().reach_at(&network.length_squared(l), &size));
            }
            sizes.push(size);
        }
        (sizes, reached)
    }
}
