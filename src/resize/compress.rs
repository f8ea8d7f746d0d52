//! The width ceiling (THEORY D5): every layer reduces exactly to rank [W_l ψ_l] neurons.

use super::{Resized, truncate::truncate_with};
use crate::{
    error::Error,
    linalg::{numerical_rank, svd},
    network::Network,
    scalar::Real,
};

/// The numerical rank of a layer's [W_l ψ_l].
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

/// The rank of [W_l ψ_l] for hidden layer `l`, with the singular values on both sides of the cut.
///
/// # Errors
/// [`Error::NoSuchLayer`]; those of [`svd`](crate::linalg::svd()).
pub fn layer_rank<S: Real>(network: &Network<S>, l: usize) -> Result<LayerRank<S>, Error> {
    network.check_hidden(l)?;
    let augmented = network.layer(l).augmented();
    Ok(LayerRank::of(
        &crate::linalg::singular_values(&augmented)?,
        augmented.shape(),
    ))
}

/// D5: brings every hidden layer, 1 to L-1 and each after its predecessor, to rank [W_l ψ_l] neurons
/// (at least 1). A layer that is at its ceiling already is left bit for bit.
///
/// # Errors
/// Those of [`svd`](crate::linalg::svd()).
pub fn compress<S: Real>(network: &Network<S>) -> Result<Resized<S>, Error> {
    let mut result = Resized::unchanged(network);
    for l in network.hidden() {
        let augmented = result.network.layer(l).augmented();
        let svd = svd(&augmented)?;
        let width = LayerRank::of(&svd.sigma, augmented.shape()).width();
        if width < result.network.layer(l).width() {
            let (next, removal) = truncate_with(&result.network, l, width, &svd)?;
            result.network = next;
            result.removals.push(removal);
        }
    }
    Ok(result)
}
