//! Resizing to a list of widths.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::{Outgoing, Removal, grown, truncate_reached};
use crate::{
    bound::Embedding,
    error::Error,
    network::{Network, PARAMETER_LIMIT},
    scalar::Real,
};

/// A resized network and what the removals may have changed.
#[derive(Clone, Debug)]
pub struct Resized<S> {
    /// The result.
    pub network: Network<S>,
    /// The removals, in the order they were made.
    pub removals: Vec<Removal<S>>,
}

impl<S: Real> Resized<S> {
    pub(super) fn unchanged(network: &Network<S>) -> Self {
        Resized {
            network: network.clone(),
            removals: vec![],
        }
    }

    /// A bound on ‖y - y'‖ for every input of norm at most `input_norm`: the bounds of the removals
    /// add, each taken on the network as it stood before that removal. Growing changes nothing.
    pub fn bound(&self, input_norm: &S) -> S {
        self.removals
            .iter()
            .fold(S::zero(), |sum, removal| sum + removal.bound(input_norm))
    }

    /// How the states of the network before, of the widths `before`, are had from those after, for the bounds of
    /// [`crate::bound`].
    pub fn embedding(&self, before: &[usize]) -> Embedding {
        let cuts = self.removals.iter();
        Embedding::of_cuts(
            before,
            cuts.map(|cut| (cut.layer, &cut.basis, cut.absorbed.as_slice())),
        )
    }

    /// What [`Resized::bound`] may lack because singular values are rounded: see [`Removal::rounding`].
    pub fn rounding(&self, input_norm: &S) -> S {
        self.removals
            .iter()
            .fold(S::zero(), |sum, removal| sum + removal.rounding(input_norm))
    }
}

/// Brings the hidden widths to `widths` = n₀ … n_L: first shrinks by truncation ([`truncate_reached`]), layers 1 to L-1;
/// then grows. Layers whose width stays are not touched beyond the columns and ψ
/// that their neighbours' change brings.
///
/// # Errors
/// [`Error::Widths`] if n₀, n_L or the number of layers would change, or a width is 0 or beyond
/// reason; those of [`svd`](crate::linalg::svd()).
pub fn resize<S: Real>(
    network: &Network<S>,
    widths: &[usize],
    outgoing: Outgoing,
    seed: u64,
) -> Result<Resized<S>, Error> {
    resized(network.clone(), widths, outgoing, seed)
}

/// [`resize`] of a network that is not needed any more: no second copy is made.
///
/// # Errors
/// As [`resize`].
pub fn resized<S: Real>(
    network: Network<S>,
    widths: &[usize],
    outgoing: Outgoing,
    seed: u64,
) -> Result<Resized<S>, Error> {
    let mut removals = vec![];
    let network = by(network, widths, outgoing, seed, |network, l, width| {
        let (next, removal) = truncate_reached(network, l, width)?;
        removals.push(removal);
        Ok(next)
    })?;
    Ok(Resized { network, removals })
}

/// Shrinks by `cut` (network, layer, width), first layer to last, then grows.
pub(super) fn by<S: Real>(
    network: Network<S>,
    widths: &[usize],
    outgoing: Outgoing,
    seed: u64,
    mut cut: impl FnMut(&Network<S>, usize, usize) -> Result<Network<S>, Error>,
) -> Result<Network<S>, Error> {
    let current = network.widths();
    if let Some(reason) = refusal(&current, widths) {
        return Err(Error::Widths {
            requested: widths.to_vec(),
            current,
            reason,
        });
    }
    let mut result = network;
    for l in result.hidden().filter(|&l| widths[l] < current[l]) {
        result = cut(&result, l, widths[l])?;
    }
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    for l in result.hidden().filter(|&l| widths[l] > current[l]) {
        let rows = result.layer(l + 1).width();
        let columns = outgoing.draw(rows, widths[l] - current[l], widths[l], &mut rng);
        result = grown(result, l, &columns)?;
    }
    Ok(result)
}

fn refusal(current: &[usize], widths: &[usize]) -> Option<&'static str> {
    if widths.len() != current.len() {
        return Some("the number of layers cannot change");
    }
    if widths.first() != current.first() || widths.last() != current.last() {
        return Some("the input and output widths cannot change");
    }
    if widths.contains(&0) {
        return Some("a layer keeps at least one neuron");
    }
    let parameters = |pair: &[usize]| {
        (pair[0] as u64)
            .saturating_add(2)
            .saturating_mul(pair[1] as u64)
    };
    let total = widths
        .windows(2)
        .map(parameters)
        .fold(0u64, u64::saturating_add);
    (total > PARAMETER_LIMIT).then_some("more than 2³¹ parameters is beyond reason")
}
