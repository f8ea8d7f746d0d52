//! What can arrive at a layer (THEORY D12): the subspace that z_l, and so h_l = γ_l z_l, never leaves.
//!
//! h_{l-1} lies in a subspace with the orthonormal basis Q_{l-1} (everything for the input), and then
//!
//! ```text
//! z_l = W_l h_{l-1} + b_l + γ_{l-1} ψ_l ∈ range [W_l Q_{l-1}, b_l, ψ_l],
//! h_l = γ_l (Q₁ Q₁ᵀ z_l + b_⊥)   with Q₁ a basis of range [W_l Q_{l-1}, ψ_l] and b_⊥ what of b_l lies across it.
//! ```
//!
//! Whatever is orthogonal to it in W_{l+1} meets nothing: W_{l+1} Q Qᵀ h_l = W_{l+1} h_l. So [W_{l+1} Q, ψ_{l+1}] may be cut in
//! place of [W_{l+1} ψ_{l+1}], which never raises a singular value; or [W_{l+1} Q₁, ψ_{l+1} + W_{l+1} b_⊥], in which the constant is
//! part of ψ, which may.

use crate::{
    linalg::{Matrix, Vector, product, product_tn, qr_pivoted},
    network::Network,
    scalar::Real,
};

/// Where the pre-activations of one hidden layer of n neurons lie.
#[derive(Clone, Debug)]
pub(crate) struct Reachable<S> {
    /// Q, n × q: an orthonormal basis of range [W Q_{l-1}, b, ψ]. At least one column.
    pub basis: Matrix<S>,
    /// Q₁, n × q₁: of range [W Q_{l-1}, ψ]. At least one column.
    pub varying: Matrix<S>,
    /// b_⊥ = b - Q₁ Q₁ᵀ b.
    pub constant: Vector<S>,
}

/// For hidden layers 1 … `last`. A direction counts as reached if it is longer than `tolerance` times the longest, ψ
/// being weighed by the largest gain that can multiply it.
pub(crate) fn reachable<S: Real>(
    network: &Network<S>,
    last: usize,
    tolerance: &S,
) -> Vec<Reachable<S>> {
    let mut found: Vec<Reachable<S>> = vec![];
    for l in 1..=last.min(network.depth() - 1) {
        let layer = network.layer(l);
        let arriving = match found.last() {
            Some(below) => product(&layer.weight, &below.basis),
            None => layer.weight.clone(),
        };
        let n = layer.width();
        let mut columns = arriving.as_slice().to_vec();
        if let Some(psi) = &layer.psi {
            let most = network.gain().lipschitz(&network.length_squared(l - 1));
            columns.extend(psi.iter().map(|x| x.clone() * &most));
        }
        let varying = range(
            Matrix::from_vec(n, columns.len() / n, columns.clone()),
            tolerance,
        );
        columns.extend(layer.bias.iter().cloned());
        let basis = range(Matrix::from_vec(n, columns.len() / n, columns), tolerance);
        let bias = Matrix::from_column_slice(n, 1, layer.bias.as_slice());
        let along = product(&varying, &product_tn(&varying, &bias));
        let constant = Vector::from_iterator(
            n,
            bias.iter()
                .zip(along.iter())
                .map(|(b, along)| b.clone() - along),
        );
        found.push(Reachable {
            basis,
            varying,
            constant,
        });
    }
    found
}

/// Layers wider than this are asked in f64 first whether they reach everything: a factorisation in hundreds of bits
/// takes half a minute at 512 neurons.
const WIDE: usize = 128;

/// Whether the columns span everything for certain: their pivots in f64 stay far above rounding.
fn is_everything<S: Real>(columns: &Matrix<S>) -> bool {
    let Some(e) = S::largest_exponent(columns.as_slice()) else {
        return false;
    };
    let n = columns.nrows();
    if columns.ncols() < n {
        return false;
    }
    let r = qr_pivoted(&columns.map(|x| x.scale_by_power_of_two(-e).to_f64())).r();
    let floor = r[(0, 0)] / f64::from(1 << 30);
    (0..n).all(|k| r[(k, k)] > floor)
}

/// An orthonormal basis of the columns' range, at least one vector.
fn range<S: Real>(columns: Matrix<S>, tolerance: &S) -> Matrix<S> {
    let n = columns.nrows();
    if n > WIDE && is_everything(&columns) {
        return Matrix::identity(n, n);
    }
    let factors = qr_pivoted(&columns);
    let r = factors.r();
    let floor = r
        .iter()
        .next()
        .map_or_else(S::zero, |r| r.clone() * tolerance);
    let rank = (0..r.nrows()).take_while(|&k| r[(k, k)] > floor).count();
    factors.q(rank.max(1))
}
