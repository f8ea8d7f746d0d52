//! Faults that are about what must not be let through: each is tried on a small network, and the crate must
//! refuse, or do what the faulty version does not.

use num_traits::{One, Zero};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;

use crate::{
    error::Error,
    linalg::{Matrix, Vector},
    network::{Gain, Layer, Network},
    resize::{Outgoing, adapt, grow_with_bias, remove, resize},
    scalar::{Field, Rational},
};

/// What must not be let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// o < 0.
    NegativeLength,
    /// C2 with β² > o.
    LengthExhausted,
    /// The buffer rule on a layer wider than its input, again and again.
    GrowthForEver,
    /// A layer without neurons.
    WidthZero,
    /// An operation that fails, and has changed its network.
    NotAtomic,
    /// Random neurons that no seed repeats.
    UnseededGrowth,
}

impl Refusal {
    /// All of them.
    pub const ALL: [Refusal; 6] = [
        Refusal::NegativeLength,
        Refusal::LengthExhausted,
        Refusal::GrowthForEver,
        Refusal::WidthZero,
        Refusal::NotAtomic,
        Refusal::UnseededGrowth,
    ];

    /// Tries to get it past the crate.
    ///
    /// # Errors
    /// What happened, if the crate did not withstand.
    pub fn attempt(self) -> Result<(), String> {
        match self {
            Refusal::NegativeLength => negative_length(),
            Refusal::LengthExhausted => length_exhausted(),
            Refusal::GrowthForEver => growth_for_ever(),
            Refusal::WidthZero => width_zero(),
            Refusal::NotAtomic => not_atomic(),
            Refusal::UnseededGrowth => unseeded_growth(),
        }
    }
}

type Tried = Result<(), String>;

/// Widths 2-3-2: a dead neuron beside two that are not, o = 1.
fn small<S: Field>(length_squared: S) -> Result<Network<S>, Error> {
    let entry = |i: usize, j: usize| S::from_int((i * 2 + j) as i64 - 1);
    let row = |i: usize, j: usize| if i == 2 { S::zero() } else { entry(i, j) };
    let layers = vec![
        Layer {
            weight: Matrix::from_fn(3, 2, row),
            bias: Vector::from_fn(3, |i, _| row(i, 1)),
            psi: None,
        },
        Layer {
            weight: Matrix::from_fn(2, 3, entry),
            bias: Vector::from_fn(2, |i, _| entry(i, 0)),
            psi: Some(Vector::from_fn(2, |i, _| entry(i, 1))),
        },
    ];
    Network::new(layers, Gain::Rational, Some(vec![length_squared]))
}

fn unexpected(error: Error) -> String {
    format!("another error: {error}")
}

fn negative_length() -> Tried {
    match small(Rational::from(-1)) {
        Err(Error::Value { .. }) => Ok(()),
        Err(other) => Err(unexpected(other)),
        Ok(_) => Err("a network with o = -1 was accepted".into()),
    }
}

fn length_exhausted() -> Tried {
    let network = small(Rational::one()).map_err(unexpected)?;
    let column = Matrix::from_element(2, 1, Rational::one());
    match grow_with_bias(&network, 1, &Rational::from(2), &column) {
        Err(Error::LengthExhausted { .. }) => Ok(()),
        Err(other) => Err(unexpected(other)),
        Ok(_) => Err("β² = 4 was taken out of o = 1".into()),
    }
}

/// A layer wider than its input has more singular values than columns; the buffer rule must count them.
fn growth_for_ever() -> Tried {
    let mut network = small(1.0).map_err(unexpected)?;
    let mut widths = vec![];
    for _ in 0..10 {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let adapted = adapt(&network, &1e-9, 1, Outgoing::Random, &mut rng);
        network = adapted.map_err(unexpected)?.network;
        widths.push(network.widths()[1]);
    }
    let settled = widths.windows(2).all(|pair| pair[0] == pair[1]);
    settled
        .then_some(())
        .ok_or_else(|| format!("ten passes of the buffer rule gave the widths {widths:?}"))
}

fn width_zero() -> Tried {
    let network = small(1.0).map_err(unexpected)?;
    let refused = |outcome: Result<(), Error>| match outcome {
        Err(Error::Widths { .. }) => Ok(()),
        Err(other) => Err(unexpected(other)),
        Ok(()) => Err("a layer without neurons was accepted".to_string()),
    };
    refused(resize(&network, &[2, 0, 2], Outgoing::Zero, 1).map(|_| ()))?;
    // Down to the last one, which must stay.
    let (mut layers, gain, lengths) = network.into_parts();
    layers[0].weight.fill(0.0);
    let mut rest = Network::new(layers, gain, Some(lengths)).map_err(unexpected)?;
    for _ in 0..2 {
        rest = remove(&rest, 1, 1).map_err(unexpected)?;
    }
    refused(remove(&rest, 1, 1).map(|_| ()))
}

/// An operation that fails must leave the network as it was.
fn not_atomic() -> Tried {
    let network = small(Rational::one()).map_err(unexpected)?;
    let before = network.clone();
    let column = Matrix::from_element(2, 1, Rational::one());
    let failed = [
        grow_with_bias(&network, 1, &Rational::from(2), &column).is_err(),
        remove(&network, 1, 1).is_err(),
    ];
    if failed != [true; 2] {
        return Err("an operation that must fail did not".into());
    }
    (network == before)
        .then_some(())
        .ok_or_else(|| "the network has changed".into())
}

fn unseeded_growth() -> Tried {
    let network = small(1.0).map_err(unexpected)?;
    let grown = |seed| resize(&network, &[2, 5, 2], Outgoing::Random, seed);
    let network = |seed| {
        grown(seed)
            .map(|resized| resized.network)
            .map_err(unexpected)
    };
    if network(1)? != network(1)? {
        return Err("the same seed gave two networks".into());
    }
    if network(1)? == network(2)? {
        return Err("two seeds gave the same network".into());
    }
    let fresh = network(1)?.layer(2).weight.columns(3, 2).into_owned();
    fresh
        .iter()
        .all(|x| !x.is_zero())
        .then_some(())
        .ok_or_else(|| "the new columns are zero".into())
}
