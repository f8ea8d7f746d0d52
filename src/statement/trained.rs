//! Comparing what has become of two networks in training.
//!
//! Everything is run twice: in the arithmetic under test, and in [`Running`], which bounds the rounding errors of the same
//! steps. What is compared may then differ by twice the bounds of both sides, the 2 for what is of second order.

use rand_chacha::ChaCha8Rng;

use super::{Case, Magnitude, Measurement, case::entry, limits::Limits, support::*};
use crate::{
    bound::Running,
    learning::Trainee,
    linalg::Vector,
    network::{
        Layer, Network,
        gradient::{Tangent, Trainable},
    },
    scalar::{Field, Rational},
};

/// Steps modulo a prime, in one case of four; a few in the others.
const MODULAR_STEPS: usize = 100;
const FEW_STEPS: usize = 6;

/// Whether a case is worked on over ℚ too: one of four. All are modulo a prime.
pub(super) fn over_rationals(case: &Case) -> bool {
    case.seed % 4 == 1
}

/// Steps modulo a prime for this case.
pub(super) fn modular_steps(case: &Case) -> usize {
    match case.seed % 4 == 2 {
        true => MODULAR_STEPS,
        false => FEW_STEPS,
    }
}

/// Every number of a network in training: its parameters, what is trained for o, and its momenta.
pub(super) fn numbers<S: Trainable>(trainee: &Trainee<S>) -> Vec<Vec<S>> {
    let mut all = vec![];
    for layer in trainee.network().layers() {
        all.push(layer.weight.as_slice().to_vec());
        all.push(layer.bias.as_slice().to_vec());
        all.push(layer.psi_or_zero().as_slice().to_vec());
    }
    all.push(trainee.trained_lengths().to_vec());
    all.extend(
        trainee
            .state()
            .first
            .tensors()
            .into_iter()
            .map(<[S]>::to_vec),
    );
    all
}

/// How many entries of two lists differ.
pub(super) fn unequal<S: PartialEq>(a: &[Vec<S>], b: &[Vec<S>]) -> usize {
    let differ = |(a, b): (&Vec<S>, &Vec<S>)| a.iter().zip(b).filter(|(a, b)| a != b).count();
    a.iter().zip(b).map(differ).sum()
}

/// The same lists in [`Running`], of both sides.
type Errors<'a> = (&'a [Vec<Running>], &'a [Vec<Running>]);

/// Lists of numbers that should be the same, to what rounding may do to both sides. Nothing is said of a list whose bound
/// is not small beside it: it is of first order.
pub(super) fn compare<S: Field>(
    measurement: &mut Measurement,
    a: &[Vec<S>],
    b: &[Vec<S>],
    (of_a, of_b): Errors,
) {
    let norm = |x: &mut dyn Iterator<Item = f64>| x.map(|x| x * x).sum::<f64>().sqrt();
    let u = S::unit_roundoff().to_f64();
    for (k, (a, b)) in a.iter().zip(b).enumerate() {
        let both = of_a[k].iter().zip(&of_b[k]);
        let units = norm(&mut both.map(|(a, b)| a.error() + b.error()));
        let values = norm(&mut of_a[k].iter().map(Running::to_f64));
        let small = units * u <= 0.125 * (1.0 + values);
        if small && !a.is_empty() {
            measurement.push(
                distance(a, b),
                roundings::<S>(2.0 * units),
                Magnitude::from_int(1) + size(a),
            );
        }
    }
}

/// A momentum of the shapes of a network, drawn.
pub(super) fn drawn_momentum(
    network: &Network<Rational>,
    limits: &Limits,
    rng: &mut ChaCha8Rng,
) -> Tangent<Rational> {
    let mut drawn = Tangent::zeros(network);
    for tensor in drawn.tensors_mut() {
        tensor
            .iter_mut()
            .for_each(|x| *x = limits.number(&entry(rng)));
    }
    drawn
}

/// A momentum in another arithmetic.
pub(super) fn cast_momentum<A: Field, B: Field>(
    momentum: &Tangent<A>,
    f: impl Fn(&A) -> B,
) -> Tangent<B> {
    let vector = |v: &Vector<A>| Vector::from_iterator(v.len(), v.iter().map(&f));
    Tangent {
        layers: momentum
            .layers
            .iter()
            .map(|layer| Layer {
                weight: layer.weight.map_with_location(|_, _, x| f(&x)),
                bias: vector(&layer.bias),
                psi: layer.psi.as_ref().map(vector),
            })
            .collect(),
        lengths: momentum.lengths.iter().map(&f).collect(),
    }
}
