//! The invariants by their recursion, in any field.

use crate::{
    linalg::{Matrix, product, product_tn},
    network::Network,
    scalar::Field,
};

/// N_1 … N_{L-1} and V_L.
#[derive(Clone, Debug, PartialEq)]
pub struct Invariants<S> {
    /// N_l, (n₀ + l) × (n₀ + l), for l = 1 … L-1. Columns: the n₀ inputs, then c_{l,1} … c_{l,l}.
    pub gram: Vec<Matrix<S>>,
    /// V_L, n_L × (n₀ + L).
    pub output: Matrix<S>,
}

/// The invariants of a network (B9): V_1 = [W_1 b_1], V_l = [W_l V_{l-1} + ψ_l eᵀ, b_l], N_l = V_lᵀV_l + o_l e eᵀ.
///
/// In floating point they square the condition of the network: take twice the bits.
///
/// ```
/// use isotropic::{Gain, Layer, Network, identity::invariants, linalg::{Matrix, Vector}};
/// let layer = |w: f64, b: f64, psi| Layer {
///     weight: Matrix::from_element(1, 1, w),
///     bias: Vector::from_element(1, b),
///     psi,
/// };
/// let psi = Some(Vector::from_element(1, 7.0));
/// let network = Network::new(vec![layer(2.0, 3.0, None), layer(5.0, 11.0, psi)], Gain::Tanh, Some(vec![1.0]))?;
/// let invariants = invariants(&network);
/// assert_eq!(invariants.gram[0].as_slice(), [4.0, 6.0, 6.0, 10.0]);
/// assert_eq!(invariants.output.as_slice(), [10.0, 22.0, 11.0]);
/// # Ok::<(), isotropic::Error>(())
/// ```
pub fn invariants<S: Field>(network: &Network<S>) -> Invariants<S> {
    let mut gram = vec![];
    let first = network.layer(1);
    let mut v = with_column(&first.weight, first.bias.as_slice());
    for l in network.hidden() {
        let mut n = product_tn(&v, &v);
        let last = n.ncols() - 1;
        n[(last, last)] += &network.length_squared(l);
        gram.push(n);
        let next = network.layer(l + 1);
        let mut b = product(&next.weight, &v);
        if let Some(psi) = &next.psi {
            for (entry, psi) in b.column_mut(last).iter_mut().zip(psi.iter()) {
                *entry += psi;
            }
        }
        v = with_column(&b, next.bias.as_slice());
    }
    Invariants { gram, output: v }
}

/// [M v].
fn with_column<S: Field>(m: &Matrix<S>, v: &[S]) -> Matrix<S> {
    let mut data = m.as_slice().to_vec();
    data.extend_from_slice(v);
    Matrix::from_vec(m.nrows(), m.ncols() + 1, data)
}
