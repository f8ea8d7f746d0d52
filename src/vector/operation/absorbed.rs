//! What an absorbed constant, or one that was taken back, may be off by.

use super::{
    allow::{Allowances, whole},
    draft::{Allow, Wide},
    question::Edited,
};
use crate::{
    bound::{ParameterError, any_order_units},
    network::Network,
};

/// A network whose o_l and ψ_{l+1} were computed, with errors of one such unit and a rounding of their own.
pub(super) fn absorbed(network: Network<Wide>, l: usize, of_length: Wide, of_psi: Wide) -> Edited {
    let mut errors = ParameterError::none_for(&network);
    errors[l - 1].length = of_length * whole(2);
    errors[l].psi = of_psi * whole(2);
    (network, errors)
}

/// Widths, o, ψ_{l+1} and y of such a network.
pub(super) fn after_absorption((network, errors): &Edited, l: usize, x: &[Wide]) -> Allowances {
    let of_y = any_order_units(network, x, errors)?;
    Ok(vec![
        ("widths", Allow::Exact),
        ("o", Allow::Units(errors[l - 1].length.clone())),
        ("next_psi", Allow::Units(errors[l].psi.clone())),
        ("y", Allow::Carried(of_y)),
    ])
}

/// o of every hidden layer.
pub(super) fn lengths<S: crate::scalar::Field>(network: &Network<S>) -> Vec<S> {
    network
        .hidden()
        .map(|l| network.length_squared(l))
        .collect()
}
