//! Making numbers 0, 1, whole or short.

use num_traits::{Signed, Zero};

use super::{Change, Parts};
use crate::{scalar::Rational, statement::Case};

/// Numbers of a case.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    Weight(usize),
    Bias(usize),
    Psi(usize),
    Lengths,
    Input(usize),
}

/// Another value for numbers of a case.
#[derive(Clone, Copy, Debug)]
pub(super) enum Simplification {
    /// All of them become 0.
    Clear(Place),
    /// The one at this index takes the k-th of the simpler values.
    Entry(Place, usize, usize),
}

/// Blocks first, then single numbers.
pub(super) fn simplifications(case: &Case) -> Vec<Simplification> {
    let mut parts = Parts::of(case);
    let mut places: Vec<Place> = (0..parts.inputs.len()).map(Place::Input).collect();
    for l in 0..parts.layers.len() {
        places.extend([Place::Weight(l), Place::Bias(l), Place::Psi(l)]);
    }
    places.push(Place::Lengths);
    let mut changes: Vec<Simplification> =
        places.iter().copied().map(Simplification::Clear).collect();
    for place in places {
        for (index, number) in numbers(&mut parts, place).iter().enumerate() {
            let choices = simpler(number).len();
            changes.extend((0..choices).map(|k| Simplification::Entry(place, index, k)));
        }
    }
    changes
}

impl Change for Simplification {
    fn apply(&self, case: &Case) -> Option<Case> {
        let mut parts = Parts::of(case);
        match *self {
            Simplification::Clear(place) => {
                let numbers = numbers(&mut parts, place);
                // A single number is for the other kind of change.
                let worth = numbers.iter().filter(|x| !x.is_zero()).count() > 1;
                worth.then(|| numbers.fill(Rational::from(0)))?;
            }
            Simplification::Entry(place, index, k) => {
                let number = numbers(&mut parts, place).get_mut(index)?;
                *number = simpler(number).into_iter().nth(k)?;
            }
        }
        parts.whole().ok()
    }
}

fn numbers(parts: &mut Parts, place: Place) -> &mut [Rational] {
    match place {
        Place::Weight(l) => parts.layers[l].weight.as_mut_slice(),
        Place::Bias(l) => parts.layers[l].bias.as_mut_slice(),
        Place::Psi(l) => parts.layers[l]
            .psi
            .as_mut()
            .map_or(&mut [], |psi| psi.as_mut_slice()),
        Place::Lengths => parts.lengths.as_mut().map_or(&mut [], Vec::as_mut_slice),
        Place::Input(k) => &mut parts.inputs[k],
    }
}

/// Simpler values to try in place of x, the simplest first: 0, 1, |x|, then x to fewer and fewer digits.
fn simpler(x: &Rational) -> Vec<Rational> {
    let mut values: Vec<Rational> = [0, 1, -1, 2].map(Rational::from).to_vec();
    values.extend([1, 2, 8].map(|steps| {
        let scaled: rug::Rational = x.0.clone() * steps;
        Rational(scaled.round() / steps)
    }));
    values.push(x.abs());
    values.retain(|value| complexity(value) < complexity(x));
    values.dedup();
    values
}

/// What makes a number long: its digits, then its sign; 0 and 1 are the shortest.
fn complexity(x: &Rational) -> (u32, u32, bool) {
    let (p, q) = (x.0.numer(), x.0.denom());
    (q.significant_bits(), p.significant_bits(), p.is_negative())
}
