//! The scaffold-buffer rule (THEORY F4), without training.

use rand::Rng;

use super::{Outgoing, Resized, grow, truncate::truncate_with};
use crate::{error::Error, linalg::svd, network::Network, scalar::Real};

/// Brings every hidden layer, in forward order, to exactly `buffer` singular values of [W_l ψ_l] at or
/// below `threshold`, counting n_l of them (zero-padded): grows where there are fewer, removes the
/// smallest where there are more. A layer keeps at least one neuron.
///
/// Growth changes nothing; the removals are bounded as in [`truncate`](super::truncate()). Counting
/// min(m, n) values instead of n_l would grow a layer wider than its input for ever.
///
/// # Errors
/// Those of [`svd`](crate::linalg::svd()); [`Error::Value`] for a threshold that is negative or not
/// finite.
pub fn adapt<S: Real>(
    network: &Network<S>,
    threshold: &S,
    buffer: usize,
    outgoing: Outgoing,
    rng: &mut impl Rng,
) -> Result<Resized<S>, Error> {
    if threshold.below_zero() || !threshold.is_finite() {
        let (what, value) = ("the scaffold threshold".into(), threshold.to_string());
        return Err(Error::Value {
            layer: 1,
            what,
            value,
            expected: "it must be finite and not negative",
        });
    }
    let mut result = Resized::unchanged(network);
    for l in network.hidden() {
        let layer = result.network.layer(l);
        let (width, next_width) = (layer.width(), result.network.layer(l + 1).width());
        let svd = svd(&layer.augmented())?;
        let large = svd.sigma.iter().filter(|sigma| *sigma > threshold).count();
        let target = (large + buffer).max(1);
        if target > width {
            let columns = outgoing.draw(next_width, target - width, target, rng);
            result.network = grow(&result.network, l, &columns)?;
        } else if target < width {
            let (next, removal) = truncate_with(&result.network, l, target, &svd)?;
            result.network = next;
            result.removals.push(removal);
        }
    }
    Ok(result)
}
