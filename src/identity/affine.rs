//! Networks that are affine maps: one layer, or the linear gain. Then y = A x + c with V_L = [A c_1 … c_L], c = Σ c_k.

use super::{
    bits::{Sizes, sizes},
    constant::{usable, vanishes},
    decision::{Decision, Difference, Entry, Equality, Place},
    entry::column,
    image::Image,
    modulus::{BITS, Modulus},
    network::ExactNetwork,
};
use crate::{network::Gain, scalar::Rational};

/// Whether the network is affine whatever its numbers are.
pub(super) fn is_affine(network: &ExactNetwork) -> bool {
    network.depth() == 1 || *network.gain() == Gain::Linear
}

/// Whether A = 0.
pub(super) fn is_constant(network: &ExactNetwork) -> bool {
    let inputs = network.widths().first().copied().unwrap_or(0);
    vanishes(network, network.depth(), &(0..inputs))
}

/// Two affine networks.
pub(super) fn decide(a: &ExactNetwork, b: &ExactNetwork) -> Decision {
    let (of_a, of_b) = (sizes(a), sizes(b));
    let size = |sizes: &Sizes, n: &ExactNetwork| {
        let last = sizes.v.last().cloned();
        last.map(|size| size.summed(n.depth()))
    };
    let bits = size(&of_a, a)
        .zip(size(&of_b, b))
        .map_or(0, |(a, b)| a.apart(&b));
    let primes = usize::try_from(bits / BITS + 1).unwrap_or(usize::MAX);
    for modulus in usable(&[&of_a, &of_b]).take(primes) {
        let (left, right) = (map(a, &modulus), map(b, &modulus));
        if let Some(at) = left.iter().zip(&right).position(|(x, y)| x != y) {
            let rows = a.widths().last().copied().unwrap_or(1);
            let (i, j) = (at % rows, at / rows);
            return Decision::Different(Difference::Entry(Box::new(Entry {
                place: Place::Affine,
                row: i + 1,
                column: j + 1,
                a: (value(a, i, j), None),
                b: (value(b, i, j), None),
            })));
        }
    }
    Decision::Equal(Equality::Affine)
}

/// [A c] modulo a prime, by columns.
fn map(network: &ExactNetwork, modulus: &Modulus) -> Vec<u64> {
    let mut image = Image::first(network, modulus);
    while image.level() < network.depth() {
        image.advance();
    }
    let widths = network.widths();
    let (inputs, rows) = (widths[0], widths[network.depth()]);
    let (a, constants) = image.entries().split_at(inputs * rows);
    let mut c = vec![0; rows];
    for column in constants.chunks_exact(rows) {
        for (sum, x) in c.iter_mut().zip(column) {
            *sum = modulus.sum(*sum, *x);
        }
    }
    [a, &c].concat()
}

/// One entry of [A c].
fn value(network: &ExactNetwork, i: usize, j: usize) -> Rational {
    let inputs = network.widths().first().copied().unwrap_or(0);
    let depth = network.depth();
    if j < inputs {
        return column(network, depth, j)[i].clone();
    }
    let constants = (inputs..inputs + depth).map(|j| column(network, depth, j)[i].clone());
    constants.fold(Rational::from(0), |sum, x| sum + x)
}
