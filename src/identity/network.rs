//! A network with every number exact.

use super::number::Number;
use crate::{
    error::Error,
    network::{Gain, Layer, Network},
    scalar::Rational,
};

/// o = q, or o = q + e^a for a ≠ 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Length {
    /// q.
    pub rational: Rational,
    /// a, which is not 0; `None` where o is rational.
    pub exponent: Option<Rational>,
}

impl Length {
    /// o = q.
    pub fn rational(q: Rational) -> Self {
        Length {
            rational: q,
            exponent: None,
        }
    }

    /// o = e^a.
    pub fn exponential(a: Rational) -> Self {
        if a == Rational::from(0) {
            return Self::rational(Rational::from(1));
        }
        Length {
            rational: Rational::from(0),
            exponent: Some(a),
        }
    }
}

/// One layer, ψ filled with zeros where none is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ExactLayer {
    /// n_l.
    pub(super) rows: usize,
    /// n_{l-1}.
    pub(super) columns: usize,
    /// By rows.
    pub(super) weight: Vec<Number>,
    pub(super) bias: Vec<Number>,
    pub(super) psi: Vec<Number>,
}

impl ExactLayer {
    fn of(layer: &Layer<Rational>) -> Self {
        let (rows, columns) = layer.weight.shape();
        let vector = |v: &[Rational]| v.iter().map(Number::of).collect::<Vec<_>>();
        ExactLayer {
            rows,
            columns,
            weight: (0..rows * columns)
                .map(|at| Number::of(&layer.weight[(at / columns, at % columns)]))
                .collect(),
            bias: vector(layer.bias.as_slice()),
            psi: match &layer.psi {
                Some(psi) => vector(psi.as_slice()),
                None => vec![Number::ZERO; rows],
            },
        }
    }

    /// W, b and ψ.
    pub(super) fn numbers(&self) -> impl Iterator<Item = &Number> {
        self.weight.iter().chain(&self.bias).chain(&self.psi)
    }

    /// Row i of W.
    pub(super) fn row(&self, i: usize) -> &[Number] {
        &self.weight[i * self.columns..(i + 1) * self.columns]
    }
}

/// A network of exact numbers, o possibly an exponential. Two are equal if every parameter is, an absent ψ or o
/// counting as 0.
#[derive(Clone, Debug, PartialEq)]
pub struct ExactNetwork {
    pub(super) layers: Vec<ExactLayer>,
    pub(super) gain: Gain<Rational>,
    pub(super) lengths: Vec<Length>,
}

impl From<&Network<Rational>> for ExactNetwork {
    fn from(network: &Network<Rational>) -> Self {
        ExactNetwork {
            layers: network.layers().iter().map(ExactLayer::of).collect(),
            gain: network.gain().clone(),
            lengths: network
                .hidden()
                .map(|l| Length::rational(network.length_squared(l)))
                .collect(),
        }
    }
}

impl ExactNetwork {
    /// A network with these lengths in place of its own, one for each hidden layer.
    ///
    /// # Errors
    /// [`Error::Shape`] for another number of them.
    pub fn with_lengths(network: &Network<Rational>, lengths: Vec<Length>) -> Result<Self, Error> {
        if lengths.len() != network.hidden().len() {
            return Err(Error::Shape {
                layer: network.depth(),
                what: "the list of o",
                found: format!("{} entries", lengths.len()),
                expected: format!("{}, one for each hidden layer", network.hidden().len()),
            });
        }
        Ok(ExactNetwork {
            lengths,
            ..ExactNetwork::from(network)
        })
    }

    /// L.
    pub fn depth(&self) -> usize {
        self.layers.len()
    }

    /// The gain.
    pub fn gain(&self) -> &Gain<Rational> {
        &self.gain
    }

    /// o of each hidden layer.
    pub fn lengths(&self) -> &[Length] {
        &self.lengths
    }

    /// The widths n₀ … n_L.
    pub fn widths(&self) -> Vec<usize> {
        let inputs = self.layers.first().map(|layer| layer.columns);
        let rows = self.layers.iter().map(|layer| layer.rows);
        inputs.into_iter().chain(rows).collect()
    }

    /// The most binary orders of magnitude between the numbers of one layer. Deciding takes time and memory in
    /// proportion to it; trained networks have 30 to 60.
    pub fn spread(&self) -> u64 {
        let of = |layer: &ExactLayer| {
            let sizes = || layer.numbers().filter_map(Number::magnitude);
            let (least, most) = (sizes().min().unwrap_or(0), sizes().max().unwrap_or(0));
            most.abs_diff(least)
        };
        self.layers.iter().map(of).max().unwrap_or(0)
    }

    /// Whether every o is rational.
    pub fn has_rational_lengths(&self) -> bool {
        self.lengths.iter().all(|o| o.exponent.is_none())
    }

    pub(super) fn layers(&self) -> &[ExactLayer] {
        &self.layers
    }
}
