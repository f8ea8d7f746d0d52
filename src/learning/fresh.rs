//! Networks to start from.

use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

use crate::{
    Error, Gain, Layer, Network,
    linalg::{Matrix, Vector},
    scalar::Field,
};

/// A network of these widths: weights normal with variance 1/n_{l-1}, biases and ψ zero, every o as given.
///
/// # Errors
/// Those of [`Network::new`], for widths of 0, fewer than two widths, and o that is not allowed.
pub fn fresh<S: Field>(
    widths: &[usize],
    gain: Gain<S>,
    length_squared: &S,
    rng: &mut impl Rng,
) -> Result<Network<S>, Error> {
    let pairs = widths.windows(2).enumerate();
    let layers = pairs.map(|(below, pair)| {
        let spread = 1.0 / (pair[0] as f64).sqrt();
        let zeros = || Vector::from_element(pair[1], S::zero());
        Layer {
            weight: Matrix::from_fn(pair[1], pair[0], |_, _| {
                S::from_f64(spread * rng.sample::<f64, _>(StandardNormal))
            }),
            bias: zeros(),
            psi: (below > 0).then(zeros),
        }
    });
    let hidden = widths.len().saturating_sub(2);
    Network::new(
        layers.collect(),
        gain,
        Some(vec![length_squared.clone(); hidden]),
    )
}
