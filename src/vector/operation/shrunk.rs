//! What removals have in common: cuts that are clear, and what a port may be off by after them.

use super::{
    allow::{Allowances, factorised, size, whole, zero},
    draft::{Allow, Wide, ratio},
    question::Edited,
};
use crate::{
    Error,
    bound::{ParameterError, any_order_units},
    linalg::{frobenius, singular_values},
    network::Network,
    resize::Resized,
    scalar::{Field, Rational, Real},
    vector::{draw::Stream, input::Input},
};

/// The share of ‖A‖_F that a singular value, or a gap at a cut, has in a drawn case at least.
pub(super) fn clear() -> Wide {
    Wide::from_rational(&ratio(1, 16))
}

/// What 512 bits leave of a singular value that is 0.
pub(super) fn tiny() -> Wide {
    Wide::from_int(1).scale_by_power_of_two(-400)
}

/// A network with a clear gap after the p leading singular values of layer l.
pub(super) fn cut_clearly(
    stream: &mut Stream,
    widths: &[usize],
    gain: &crate::Gain<Rational>,
    (l, p): (usize, usize),
) -> Result<Network<Rational>, Error> {
    loop {
        let network = stream.network(widths, gain, (true, true))?;
        let sigma = padded(&network.cast::<Wide>()?, l)?;
        let least = clear() * frobenius(&network.cast::<Wide>()?.layer(l).augmented());
        if sigma[p - 1].clone() - &sigma[p] > least {
            return Ok(network);
        }
    }
}

/// The singular values of [W_l ψ_l], n_l of them.
pub(super) fn padded<S: Real>(network: &Network<S>, l: usize) -> Result<Vec<S>, Error> {
    let mut sigma = singular_values(&network.layer(l).augmented())?;
    sigma.resize(network.layer(l).width(), S::zero());
    Ok(sigma)
}

/// What a port may be off by after removals, parameter by parameter and in y.
///
/// A computed subspace of A = [W_l ψ_l] is off by an angle of at most θ = 2 ‖E‖/gap (Wedin 1972), E the
/// backward error of the factorisation together with what an earlier layer's θ brought in. W, b and ψ of the
/// layer, and W of the next, move by θ of their norms; b_⊥ by θ ‖b‖, hence o_l by 2 ‖b_⊥‖ θ ‖b‖ and ψ_{l+1}
/// by ‖W_{l+1}‖ θ ‖b‖. Where the dropped singular values are 0 no gap is needed for y: whatever directions are
/// dropped, they are constant to within E, and o and ψ fit them.
pub(super) fn of_shrunk(
    before: &Network<Wide>,
    after: &Resized<Wide>,
) -> Vec<ParameterError<Wide>> {
    let network = &after.network;
    let mut errors = ParameterError::none_for(network);
    let mut incoming = zero();
    for removal in &after.removals {
        let l = removal.layer;
        let (layer, next) = (before.layer(l), before.layer(l + 1));
        let a = layer.augmented();
        let bias = size(layer.bias.as_slice());
        let length = network.length_squared(l);
        let dropped = size(&[length.clone().sqrt()]);
        let e = frobenius(&a) * factorised(a.nrows() + 1, a.ncols() + 1) + &incoming;
        let gap = match removal.dropped < tiny() {
            true if removal.kept < tiny() => frobenius(&a),
            true => removal.kept.clone(),
            false => removal.gap(),
        };
        // A weight that is 0 has every basis.
        let theta = match gap.above_zero() {
            true => whole(2) * e / gap,
            false => zero(),
        };
        let w = frobenius(&layer.weight);
        let psi = size(layer.psi_or_zero().as_slice());
        let (into, out) = (&mut errors[l - 1], theta.clone() + whole(4 * a.nrows() + 8));
        into.weight += w * &out;
        into.bias += bias.clone() * &out;
        into.psi += psi * &out;
        into.length += whole(2) * dropped * &out * &bias + length * whole(a.nrows() + 4);
        let w_next = frobenius(&next.weight);
        let of_psi =
            w_next.clone() * &out * &bias + size(network.layer(l + 1).psi_or_zero().as_slice());
        errors[l].weight += w_next.clone() * &out;
        errors[l].psi += of_psi;
        incoming = w_next * &out * (whole(1) + bias);
    }
    for l in 1..=network.depth() {
        // The forward pass in a basis that is the port's own.
        let n = network.layer(l).weight.ncols();
        errors[l - 1].relative(network, l, &whole(n + 8));
    }
    errors
}

/// The allowances for widths and y of a network whose parameters are off by so much.
pub(super) fn of_image(input: &Input, (network, errors): &Edited) -> Allowances {
    let of_y = any_order_units(network, &input.vector::<Wide>("x")?, errors)?;
    Ok(vec![("widths", Allow::Exact), ("y", Allow::Carried(of_y))])
}
