//! The width ceiling (THEORY D5): every layer reduces exactly to rank [W_l ψ_l] neurons.

use super::{Resized, truncate::truncate_with};
use crate::{
    error::Error,
    linalg::{Matrix, column, column_mut, norm2, numerical_rank, singular_values, svd},
    network::Network,
    scalar::Real,
};

/// The numerical rank of a layer's [W_l ψ_l], ψ_l scaled by the largest gain that multiplies it.
#[derive(Clone, Debug)]
pub struct LayerRank<S> {
    /// The number of σ > max(m, n) · u · σ₁.
    pub rank: usize,
    /// The smallest σ that counts; 0 if none does.
    pub kept: S,
    /// The largest σ that does not count; 0 if there is none.
    pub dropped: S,
}

impl<S: Real> LayerRank<S> {
    fn of(sigma: &[S], (m, n): (usize, usize)) -> Self {
        let rank = numerical_rank(sigma, m, n);
        let at = |i: Option<usize>| {
            i.and_then(|i| sigma.get(i))
                .cloned()
                .unwrap_or_else(S::zero)
        };
        LayerRank {
            rank,
            kept: at(rank.checked_sub(1)),
            dropped: at(Some(rank)),
        }
    }

    /// The width the layer can be brought to exactly: its rank, and at least 1.
    pub fn width(&self) -> usize {
        self.rank.max(1)
    }
}

/// The rank of [W_l ψ_l], ψ_l scaled by sup γ_{l-1}, for hidden layer `l`, with the singular values on both sides of the cut.
///
/// # Errors
/// [`Error::NoSuchLayer`]; those of [`svd`](crate::linalg::svd()).
pub fn layer_rank<S: Real>(network: &Network<S>, l: usize) -> Result<LayerRank<S>, Error> {
    network.check_hidden(l)?;
    let balanced = balanced(network, l);
    Ok(LayerRank::of(
        &singular_values(&balanced)?,
        balanced.shape(),
    ))
}

/// [W_l, ψ_l sup γ_{l-1}], of the same rank and range as [W_l ψ_l] (W_1 for l = 1). What arrives is (h, γ),
/// and γ ≤ g(o) is tiny after a large bias has been absorbed into o: beside its ψ, which is large then,
/// W would look like nothing but rounding.
///
/// Inputs come in units of their own, so that a column of W_1 that is small beside others is no less known: columns below
/// 2⁻¹⁰ of the largest are raised to it, by powers of two. A bound on what is dropped here holds for W_1 all the more.
pub(crate) fn balanced<S: Real>(network: &Network<S>, l: usize) -> Matrix<S> {
    let layer = network.layer(l);
    let mut balanced = layer.augmented();
    if l == 1 {
        raise(&mut balanced);
    }
    if layer.psi.is_some() {
        // The largest gain is the Lipschitz constant of the activation, too.
        let gamma = network.gain().lipschitz(&network.length_squared(l - 1));
        let last = balanced.ncols() - 1;
        S::scale(column_mut(&mut balanced, last), &gamma);
    }
    balanced
}

/// Binary orders of magnitude among the columns of W_1 that are left as they are.
const ALIKE: i64 = 10;

/// Brings columns that are small beside the largest to its size.
fn raise<S: Real>(m: &mut Matrix<S>) {
    let exponent = |m: &Matrix<S>, j: usize| norm2(column(m, j)).exponent();
    let Some(largest) = (0..m.ncols()).filter_map(|j| exponent(m, j)).max() else {
        return;
    };
    for j in 0..m.ncols() {
        if let Some(e) = exponent(m, j).filter(|e| largest - e > ALIKE) {
            for x in column_mut(m, j) {
                *x = x.scale_by_power_of_two(largest - e);
            }
        }
    }
}

/// D5: brings every hidden layer, 1 to L-1 and each after its predecessor, to rank [W_l ψ_l] neurons
/// (at least 1). The rank is numerical: the change is bounded by the removals' own bounds, in which
/// s_{p+1} ≤ max(m, n) u s_1. A layer that is at its ceiling already is left bit for bit.
///
/// # Errors
/// Those of [`svd`](crate::linalg::svd()).
pub fn compress<S: Real>(network: &Network<S>) -> Result<Resized<S>, Error> {
    let mut removals = vec![];
    // None as long as nothing has changed: a copy would stand beside the factorisations in memory.
    let mut smaller: Option<Network<S>> = None;
    for l in network.hidden() {
        let current = smaller.as_ref().unwrap_or(network);
        let balanced = balanced(current, l);
        let svd = svd(&balanced)?;
        let (m, n) = balanced.shape();
        drop(balanced);
        let width = numerical_rank(&svd.sigma, m, n).max(1);
        if width < current.layer(l).width() {
            let (next, mut removal) = truncate_with(current, l, width, &svd)?;
            // The factor of s_{p+1} is ‖(h, γ / sup γ)‖ ≤ ‖h‖ + 1 here.
            if let Some(uniform) = &mut removal.reach.uniform {
                *uniform += S::one();
            }
            smaller = Some(next);
            removals.push(removal);
        }
    }
    Ok(Resized {
        network: smaller.unwrap_or_else(|| network.clone()),
        removals,
    })
}
