//! Angular momentum (THEORY F6): what rotations of a hidden layer make of a step.

use crate::{
    linalg::{Matrix, product, product_nt},
    network::{
        Network,
        gradient::{Tangent, sum_of_squares},
    },
    scalar::Field,
};

/// 𝒜_l = skew(M_W W_lᵀ + M_b b_lᵀ + M_ψ ψ_lᵀ - W_{l+1}ᵀ M_{W_{l+1}}) for each hidden layer, n_l × n_l, with skew(A) = A - Aᵀ;
/// `step` is M, the direction of a step, and `network` what it was taken from.
///
/// For heavy ball with one μ, 𝒜(t+1) = μ 𝒜(t) exactly: 0 for ever from M = 0.
pub fn angular_momenta<S: Field>(network: &Network<S>, step: &Tangent<S>) -> Vec<Matrix<S>> {
    let skew = |l| {
        let [own, next] = terms(network, step, l);
        let a = own - next;
        a.clone() - a.transpose()
    };
    network.hidden().map(skew).collect()
}

/// ‖𝒜_l‖_F over the Frobenius norms of its terms, for each hidden layer, as doubles; 0 where nothing moves.
pub(super) fn shares<S: Field>(network: &Network<S>, step: &Tangent<S>) -> Vec<f64> {
    let size = |a: &Matrix<S>| sum_of_squares(a.as_slice()).to_f64().sqrt();
    let share = |l| {
        let [own, next] = terms(network, step, l);
        let all = 2.0 * (size(&own) + size(&next));
        let a = own - next;
        let of_skew = size(&(a.clone() - a.transpose()));
        if all > 0.0 { of_skew / all } else { 0.0 }
    };
    network.hidden().map(share).collect()
}

fn terms<S: Field>(network: &Network<S>, step: &Tangent<S>, l: usize) -> [Matrix<S>; 2] {
    let (layer, m) = (network.layer(l), &step.layers[l - 1]);
    let column = |v: &[S]| Matrix::from_column_slice(v.len(), 1, v);
    let mut own = product_nt(&m.weight, &layer.weight);
    own += product_nt(&column(m.bias.as_slice()), &column(layer.bias.as_slice()));
    if let (Some(m), Some(psi)) = (&m.psi, &layer.psi) {
        own += product_nt(&column(m.as_slice()), &column(psi.as_slice()));
    }
    let next = network.layer(l + 1).weight.transpose();
    [own, product(&next, &step.layers[l].weight)]
}
