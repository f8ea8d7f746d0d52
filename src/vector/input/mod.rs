//! What a case gives to a port: named numbers, vectors, matrices and networks, as text.

mod network;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use thiserror::Error;

use super::{text::spell, tree::Tree};
use crate::{
    Error as Mathematics,
    io::FileError,
    linalg::Matrix,
    network::{Gain, Network},
    scalar::{
        Field, Rational,
        text::{NumberError, parse},
    },
};
pub(super) use network::network_value;

/// Why an operation was refused: what every invalid case expects.
#[derive(Debug, Error)]
pub enum Refusal {
    /// The input lacks something, or has it in a wrong form.
    #[error("input `{name}`: {why}")]
    Input {
        /// The name of the part.
        name: String,
        /// What is wrong with it.
        why: String,
    },
    /// A number that is none, or not finite.
    #[error("input `{name}`: {why}")]
    Number {
        /// The name of the part.
        name: String,
        /// What is wrong with it.
        why: NumberError,
    },
    /// The operation itself refused.
    #[error(transparent)]
    Operation(#[from] Mathematics),
    /// A state dictionary that holds no network.
    #[error(transparent)]
    File(#[from] FileError),
    /// A result overflowed.
    #[error("result `{0}` is not finite in this arithmetic")]
    NotFinite(&'static str),
}

/// The named parts of an input.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Input(Map<String, Value>);

impl Input {
    /// The parts, by name.
    pub fn parts(&self) -> &Map<String, Value> {
        &self.0
    }

    /// With one more part.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.into(), value.into());
        self
    }

    /// With a number.
    #[must_use]
    pub fn with_number(self, name: &str, x: &Rational) -> Self {
        self.with(name, spell(x))
    }

    /// With a vector.
    #[must_use]
    pub fn with_vector(self, name: &str, x: &[Rational]) -> Self {
        self.with(name, spelled(x))
    }

    /// With a matrix, row by row.
    #[must_use]
    pub fn with_matrix(self, name: &str, a: &Matrix<Rational>) -> Self {
        self.with(name, rows(a))
    }

    /// With a gain, and its threshold if it has one.
    #[must_use]
    pub fn with_gain(self, gain: &Gain<Rational>) -> Self {
        let named = self.with("gain", gain.name());
        match gain.threshold() {
            Some(t) => named.with_number("threshold", t),
            None => named,
        }
    }

    /// With the network `network`.
    #[must_use]
    pub fn with_network(self, network: &Network<Rational>) -> Self {
        self.with_network_named("network", network)
    }

    /// With a network of another name.
    #[must_use]
    pub fn with_network_named(self, name: &str, network: &Network<Rational>) -> Self {
        self.with(name, network_value(network))
    }

    /// Whether the part is there.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    fn read<T: serde::de::DeserializeOwned>(&self, name: &str) -> Result<T, Refusal> {
        let refuse = |why: String| Refusal::Input {
            name: name.into(),
            why,
        };
        let value = self
            .0
            .get(name)
            .ok_or_else(|| refuse("it is missing".into()))?;
        T::deserialize(value).map_err(|why| refuse(why.to_string()))
    }

    /// A word.
    ///
    /// # Errors
    /// [`Refusal::Input`] if it is missing or no string; so for all of these readers.
    pub fn word(&self, name: &str) -> Result<String, Refusal> {
        self.read(name)
    }

    /// A number that counts or names something.
    ///
    /// # Errors
    /// [`Refusal::Input`].
    pub fn index(&self, name: &str) -> Result<usize, Refusal> {
        self.read(name)
    }

    /// A number, rounded once to the scalar.
    ///
    /// # Errors
    /// [`Refusal::Input`], [`Refusal::Number`].
    pub fn number<S: Field>(&self, name: &str) -> Result<S, Refusal> {
        number(name, &self.word(name)?)
    }

    /// A vector.
    ///
    /// # Errors
    /// [`Refusal::Input`], [`Refusal::Number`].
    pub fn vector<S: Field>(&self, name: &str) -> Result<Vec<S>, Refusal> {
        numbers(name, &self.read::<Vec<String>>(name)?)
    }

    /// A list of vectors.
    ///
    /// # Errors
    /// [`Refusal::Input`], [`Refusal::Number`].
    pub fn tree(&self, name: &str) -> Result<Tree<String>, Refusal> {
        self.read(name)
    }

    /// A matrix.
    ///
    /// # Errors
    /// [`Refusal::Input`] also for rows of different lengths, [`Refusal::Number`].
    pub fn matrix<S: Field>(&self, name: &str) -> Result<Matrix<S>, Refusal> {
        matrix(name, &self.read::<Vec<Vec<String>>>(name)?)
    }

    /// The gain, with its threshold.
    ///
    /// # Errors
    /// [`Refusal`] for an unknown gain or a threshold that does not belong to it.
    pub fn gain<S: Field>(&self) -> Result<Gain<S>, Refusal> {
        let threshold = match self.has("threshold") {
            true => Some(self.number("threshold")?),
            false => None,
        };
        Ok(Gain::from_name(&self.word("gain")?, threshold)?)
    }
}

fn number<S: Field>(name: &str, text: &str) -> Result<S, Refusal> {
    parse(text).map_err(|why| Refusal::Number {
        name: name.into(),
        why,
    })
}

fn numbers<S: Field>(name: &str, text: &[String]) -> Result<Vec<S>, Refusal> {
    text.iter().map(|text| number(name, text)).collect()
}

fn matrix<S: Field>(name: &str, rows: &[Vec<String>]) -> Result<Matrix<S>, Refusal> {
    let columns = rows.first().map_or(0, Vec::len);
    let mut data = Vec::with_capacity(rows.len() * columns);
    for row in rows {
        if row.len() != columns {
            return Err(Refusal::Input {
                name: name.into(),
                why: format!("a row of {} entries after rows of {columns}", row.len()),
            });
        }
        data.extend(numbers::<S>(name, row)?);
    }
    Ok(Matrix::from_row_slice(rows.len(), columns, &data))
}

/// A vector as a list of strings.
pub(super) fn spelled<'a>(x: impl IntoIterator<Item = &'a Rational>) -> Value {
    x.into_iter().map(|x| Value::from(spell(x))).collect()
}

/// A matrix as a list of rows.
pub(super) fn rows(a: &Matrix<Rational>) -> Value {
    (0..a.nrows()).map(|i| spelled(a.row(i).iter())).collect()
}
