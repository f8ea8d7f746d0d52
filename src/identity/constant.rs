//! Which networks are constant (B9 (iii)).

use std::ops::Range;

use super::{
    bits::{Sizes, sizes},
    image::Image,
    modulus::{BITS, Modulus, moduli},
    network::ExactNetwork,
    number::Number,
};

/// Primes that divide no denominator of these networks.
pub(super) fn usable(sizes: &[&Sizes]) -> impl Iterator<Item = Modulus> {
    let odd: Vec<_> = sizes
        .iter()
        .flat_map(|sizes| sizes.v.last().into_iter().chain(&sizes.gram))
        .map(|size| size.denominator.odd.clone())
        .collect();
    moduli().filter(move |modulus| odd.iter().all(|odd| modulus.integer(odd) != 0))
}

/// Whether a tanh network is constant: W_1 = 0 or B_l = 0 for some 2 ≤ l ≤ L.
pub(super) fn is_constant(network: &ExactNetwork) -> bool {
    if network.layers()[0].weight.iter().all(Number::is_zero) {
        return true;
    }
    let sizes = sizes(network);
    let Some(modulus) = usable(&[&sizes]).next() else {
        return false;
    };
    let mut image = Image::first(network, &modulus);
    let mut suspects = vec![];
    while image.level() < network.depth() {
        image.advance();
        if image.constant() {
            suspects.push(image.level());
        }
    }
    suspects.into_iter().any(|l| vanishing(network, l))
}

/// Whether B_L = 0, so that y = b_L for every gain (W_1 = 0 for L = 1).
pub(super) fn is_bias(network: &ExactNetwork) -> bool {
    vanishing(network, network.depth())
}

/// Whether B_l = 0.
fn vanishing(network: &ExactNetwork, l: usize) -> bool {
    let inputs = network.widths().first().copied().unwrap_or(0);
    vanishes(network, l, &(0..inputs + l - 1))
}

/// Whether these columns of V_l are 0: modulo primes, up to the bound on its bits.
pub(super) fn vanishes(network: &ExactNetwork, l: usize, columns: &Range<usize>) -> bool {
    let sizes = sizes(network);
    let bits = sizes.v.get(l - 1).map_or(0, super::bits::Size::bits);
    let primes = usize::try_from(bits / BITS + 1).unwrap_or(usize::MAX);
    usable(&[&sizes]).take(primes).all(|modulus| {
        let mut image = Image::first(network, &modulus);
        while image.level() < l {
            image.advance();
        }
        image.columns(columns).iter().all(|x| *x == 0)
    })
}
