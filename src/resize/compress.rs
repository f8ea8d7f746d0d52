//! The width ceiling (THEORY D5): every layer reduces exactly to rank [W_l ψ_l] neurons.

use super::{Resized, truncate::truncate_with};
use crate::{
    error::Error,
    linalg::{Matrix, column_mut, numerical_rank, singular_values, svd},
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
pub(crate) fn balanced<S: Real>(network: &Network<S>, l: usize) -> Matrix<S> {
    let layer = network.layer(l);
    let mut balanced = layer.augmented();
    if layer.psi.is_some() {
        // The largest gain is the Lipschitz constant of the activation, too.
        let gamma = network.gain().lipschitz(&network.length_squared(l - 1));
        let last = balanced.ncols() - 1;
        S::scale(column_mut(&mut balanced, last), &gamma);
    }
    balanced
}

/// D5: brings every hidden layer, 1 to L-1 and each after its predecessor, to rank [W_l ψ_l] neurons
/// (at least 1). The rank is numerical: the change is bounded by the removals' own bounds, in which
/// s_{p+1} ≤ max(m, n) u s_1. A layer that is at its ceiling already is left bit for bit.
///
/// # Errors
/// Those of [`svd`](crate::linalg::svd()).
pub fn compress<S: Real>(network: &Network<S>) -> Result<Resized<S>, Error> {
    compress_where(network, |sigma, (m, n)| numerical_rank(sigma, m, n))
}

/// [`compress`] with a rank of the caller's own: from σ, descending, and the shape of the matrix.
pub(crate) fn compress_where<S: Real>(
    network: &Network<S>,
    rank: impl Fn(&[S], (usize, usize)) -> usize,
) -> Result<Resized<S>, Error> {
    let mut result = Resized::unchanged(network);
    for l in network.hidden() {
        let balanced = balanced(&result.network, l);
        let svd = svd(&balanced)?;
        let width = rank(&svd.sigma, balanced.shape()).max(1);
        if width < result.network.layer(l).width() {
            let (next, mut removal) = truncate_with(&result.network, l, width, &svd)?;
            // The factor of s_{p+1} is ‖(h, γ / sup γ)‖ ≤ ‖h‖ + 1 here.
            if let Some(uniform) = &mut removal.reach.uniform {
                *uniform += S::one();
            }
            result.network = next;
            result.removals.push(removal);
        }
    }
    Ok(result)
}
