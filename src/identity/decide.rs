//! The decision.

use std::{panic::resume_unwind, thread};

use super::{
    affine,
    bits::{Size, Sizes, sizes},
    constant::{is_bias, is_constant, usable, vanishes},
    decision::{Decision, Difference, Entry, Equality, Place, Reason, Side},
    entry,
    exact::{check_bits, exact_invariants},
    image::{Image, triangle},
    modulus::{BITS, Modulus},
    network::ExactNetwork,
    number::Number,
    scaling,
};
use crate::{network::Gain, scalar::Rational};

/// Whether two networks compute the same function, proved by B9 in the direction that holds: equal invariants make
/// equal functions for every gain, different ones make different functions for tanh and, with one hidden layer and
/// A_2 ≠ 0, for (15+r)/(15+6r).
///
/// Time: a few seconds for a million parameters in single precision, in proportion to the bits of the invariants,
/// which grow with depth and with the [spread](ExactNetwork::spread) of the numbers.
///
/// ```
/// use isotropic::{gauge, identity::{Decision, decide}, linalg::Matrix, scalar::Rational};
/// # use isotropic::{Gain, Layer, Network, linalg::Vector};
/// # let q = |p: i64| Rational::from(p);
/// # let layer = |m, n| Layer {
/// #     weight: Matrix::from_fn(m, n, |i, j| q(1 + i as i64 - 2 * j as i64)),
/// #     bias: Vector::from_fn(m, |i, _| q(i as i64)),
/// #     psi: None,
/// # };
/// # let network = Network::new(vec![layer(2, 2), layer(1, 2)], Gain::Tanh, None)?;
/// let r = |p| Rational::ratio(p, 5).unwrap_or_default();
/// let rotation = Matrix::from_row_slice(2, 2, &[r(3), r(-4), r(4), r(3)]);
/// let rotated = gauge::rotate(&network, 1, &rotation)?;
/// assert!(matches!(decide(&(&network).into(), &(&rotated).into()), Decision::Equal(_)));
/// # Ok::<(), isotropic::Error>(())
/// ```
///
/// A network of floats is no network of exact numbers:
///
/// ```compile_fail
/// # use isotropic::{Network, identity::decide};
/// fn same(a: &Network<f64>, b: &Network<f64>) {
///     decide(&a.into(), &b.into());
/// }
/// ```
pub fn decide(a: &ExactNetwork, b: &ExactNetwork) -> Decision {
    let ends = |n: &ExactNetwork| {
        let widths = n.widths();
        (widths[0], widths[n.depth()])
    };
    if ends(a) != ends(b) {
        return Decision::Different(Difference::Ends {
            a: ends(a),
            b: ends(b),
        });
    }
    if a == b {
        return Decision::Equal(Equality::Parameters);
    }
    let of = (sizes(a), sizes(b));
    if let Err(many) = check_bits(most_bits(&of.0).saturating_add(most_bits(&of.1))) {
        return Decision::Undecided(many.into());
    }
    if affine::is_affine(a) && affine::is_affine(b) {
        return affine::decide(a, b);
    }
    let mut entry = None;
    if a.gain() == b.gain() && a.depth() == b.depth() {
        match first_difference(a, b, &of) {
            Compared::Equal { bits, primes } => {
                return Decision::Equal(Equality::Invariants { bits, primes });
            }
            Compared::At { level, at } => entry = Some(at_place(a, b, level, at)),
        }
    }
    let transcends = |n: &ExactNetwork| *n.gain() == Gain::Tanh && !affine::is_affine(n);
    match (transcends(a), transcends(b)) {
        (true, true) => both_tanh(a, b, entry),
        (true, false) => one_tanh(a, b, Side::A),
        (false, true) => one_tanh(b, a, Side::B),
        (false, false) => other_gains(a, b, entry),
    }
}

/// Two tanh networks with hidden layers whose invariants or depths differ.
fn both_tanh(a: &ExactNetwork, b: &ExactNetwork, entry: Option<Entry>) -> Decision {
    match (is_constant(a), is_constant(b)) {
        (true, false) => Decision::Different(Difference::Constant { which: Side::A }),
        (false, true) => Decision::Different(Difference::Constant { which: Side::B }),
        (true, true) => constants(a, b),
        (false, false) => Decision::Different(match entry {
            Some(entry) => Difference::Entry(Box::new(entry)),
            None => Difference::Depth {
                a: a.depth(),
                b: b.depth(),
            },
        }),
    }
}

/// A tanh network with hidden layers, and one of another gain. `side` is that of the first.
fn one_tanh(tanh: &ExactNetwork, other: &ExactNetwork, side: Side) -> Decision {
    let undecided = || match side {
        Side::A => gains(tanh, other),
        Side::B => gains(other, tanh),
    };
    if !is_constant(tanh) {
        return match is_algebraic(other) {
            true => Decision::Different(Difference::Transcendental { which: side }),
            false => undecided(),
        };
    }
    if affine::is_affine(other) && !affine::is_constant(other) {
        return Decision::Different(Difference::Constant { which: side });
    }
    match side {
        Side::A => constants_or(tanh, other, undecided),
        Side::B => constants_or(other, tanh, undecided),
    }
}

/// Whether the function is known to be algebraic on the pieces of an open dense set.
fn is_algebraic(network: &ExactNetwork) -> bool {
    network.gain().is_algebraic() || affine::is_affine(network) || is_constant(network)
}

/// Neither is a tanh network with hidden layers, and not both are affine.
fn other_gains(a: &ExactNetwork, b: &ExactNetwork, entry: Option<Entry>) -> Decision {
    let undecided = || constants_or(a, b, || gains(a, b));
    let scaled = |scaling| {
        let (Ok(left), Ok(right)) = (exact_invariants(a), exact_invariants(b)) else {
            return undecided();
        };
        if scaling::normalised(&left, scaling) == scaling::normalised(&right, scaling) {
            Decision::Equal(Equality::Scaled)
        } else {
            undecided()
        }
    };
    let Some(entry) = entry else {
        return undecided();
    };
    if let Some(scaling) = scaling::of_gain(a.gain()) {
        return scaled(scaling);
    }
    // If A_2 ≠ 0 in one and 0 in the other, one function is bounded and the other is not.
    let unbounded = *a.gain() == Gain::RationalTanh && a.depth() == 2;
    if unbounded && (has_product(a) || has_product(b)) {
        Decision::Different(Difference::Entry(Box::new(entry)))
    } else {
        undecided()
    }
}

/// Whether A_2 ≠ 0.
fn has_product(network: &ExactNetwork) -> bool {
    let inputs = network.widths().first().copied().unwrap_or(0);
    !vanishes(network, 2, &(0..inputs))
}

/// By values where B_L = 0 in both, whatever the gains; else what `otherwise` says.
fn constants_or(a: &ExactNetwork, b: &ExactNetwork, otherwise: impl Fn() -> Decision) -> Decision {
    if !is_bias(a) || !is_bias(b) {
        return otherwise();
    }
    match bias(a).iter().zip(bias(b)).position(|(x, y)| x != y) {
        None => Decision::Equal(Equality::Constant),
        Some(at) => Decision::Different(Difference::Entry(Box::new(Entry {
            place: Place::Value,
            row: at + 1,
            column: 1,
            a: (bias(a)[at].to_rational(), None),
            b: (bias(b)[at].to_rational(), None),
        }))),
    }
}

/// b_L.
fn bias(network: &ExactNetwork) -> &[Number] {
    network.layers().last().map_or(&[], |layer| &layer.bias)
}

/// Two constant tanh networks.
fn constants(a: &ExactNetwork, b: &ExactNetwork) -> Decision {
    constants_or(a, b, || Decision::Undecided(Reason::Constants))
}

fn gains(a: &ExactNetwork, b: &ExactNetwork) -> Decision {
    let shown = |n: &ExactNetwork| match n.gain().threshold() {
        Some(t) => format!("{} with threshold {t}", n.gain().name()),
        None => n.gain().name().to_string(),
    };
    Decision::Undecided(if a.gain() == b.gain() {
        Reason::Gain(a.gain().name())
    } else {
        Reason::Gains {
            a: shown(a),
            b: shown(b),
        }
    })
}

fn most_bits(sizes: &Sizes) -> u64 {
    let all = sizes.v.iter().chain(&sizes.gram);
    all.map(Size::bits).max().unwrap_or(0)
}

enum Compared {
    Equal {
        bits: u64,
        primes: usize,
    },
    /// An entry of the residues of N_l, or of V_L for l = L.
    At {
        level: usize,
        at: usize,
    },
}

/// The invariants of two networks of one depth: equal, or an entry where they differ.
fn first_difference(a: &ExactNetwork, b: &ExactNetwork, of: &(Sizes, Sizes)) -> Compared {
    let (left, right) = of;
    let depth = a.depth();
    let grams = left.gram.iter().zip(&right.gram);
    let ends = left.v.last().into_iter().zip(right.v.last());
    let needed: Vec<u64> = grams.chain(ends).map(|(a, b)| a.apart(b)).collect();
    let symbolic = (1..)
        .zip(a.lengths().iter().zip(b.lengths()))
        .find(|(_, (o, o_image))| o.exponent != o_image.exponent)
        .map(|(l, _)| l);
    let mut primes = 0;
    for modulus in usable(&[left, right]) {
        let known = u64::try_from(primes)
            .unwrap_or(u64::MAX)
            .saturating_mul(BITS);
        let pending: Vec<usize> = (1..=depth).filter(|l| needed[l - 1] > known).collect();
        if pending.is_empty() {
            break;
        }
        let (of_a, of_b) = thread::scope(|scope| {
            let of_a = scope.spawn(|| residues(a, &modulus, &pending));
            let of_b = residues(b, &modulus, &pending);
            (of_a.join().unwrap_or_else(|why| resume_unwind(why)), of_b)
        });
        for (level, (of_a, of_b)) in pending.iter().copied().zip(of_a.iter().zip(&of_b)) {
            if let Some(at) = of_a.iter().zip(of_b).position(|(x, y)| x != y) {
                return Compared::At { level, at };
            }
            if symbolic == Some(level) {
                // The exponentials differ, so that the last entries do, whatever their rational parts are.
                let at = of_a.len() - 1;
                return Compared::At { level, at };
            }
        }
        primes += 1;
    }
    Compared::Equal {
        bits: needed.into_iter().max().unwrap_or(0),
        primes,
    }
}

/// N_l, or V_L for l = L, of these levels, modulo a prime.
fn residues(network: &ExactNetwork, modulus: &Modulus, levels: &[usize]) -> Vec<Vec<u64>> {
    let mut image = Image::first(network, modulus);
    let mut found = vec![];
    for l in levels {
        while image.level() < *l {
            image.advance();
        }
        found.push(if *l < network.depth() {
            image.gram()
        } else {
            image.entries().to_vec()
        });
    }
    found
}

/// The entry that a position among residues stands for, with its values.
fn at_place(a: &ExactNetwork, b: &ExactNetwork, level: usize, at: usize) -> Entry {
    let widths = a.widths();
    let gram = level < a.depth();
    let (i, j) = if gram {
        triangle(at)
    } else {
        let rows = widths[a.depth()];
        (at % rows, at / rows)
    };
    let corner = gram && i == j && j + 1 == widths[0] + level;
    let value = |n: &ExactNetwork| -> (Rational, Option<Rational>) {
        if !gram {
            return (entry::column(n, level, j)[i].clone(), None);
        }
        let exponent = n.lengths().get(level - 1).and_then(|o| o.exponent.clone());
        (entry::gram(n, level, (i, j)), exponent.filter(|_| corner))
    };
    Entry {
        place: if gram {
            Place::Gram(level)
        } else {
            Place::Output
        },
        row: i + 1,
        column: j + 1,
        a: value(a),
        b: value(b),
    }
}
