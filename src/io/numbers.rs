//! Numbers as they stand in a file: they become scalars only when a scalar asks.
//!
//! A rational is two GMP integers and takes some 100 bytes; a number of a safetensors file is 4 or 8, and one of a
//! YAML file is as long as its text.

use crate::scalar::{Field, Rational, text::parse_exact};

/// Numbers of one tensor, all finite.
#[derive(Clone, Debug, PartialEq)]
pub enum Numbers {
    /// Single precision, to which half precision is widened.
    Single(Vec<f32>),
    /// Double precision.
    Double(Vec<f64>),
    /// Text that [`parse_exact`] accepts.
    Text(Texts),
}

/// Pieces of text in one string.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Texts {
    text: String,
    /// Where each piece ends.
    ends: Vec<usize>,
}

impl Texts {
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Empty if there is no such piece.
    pub fn get(&self, at: usize) -> &str {
        let end = self.ends.get(at).copied().unwrap_or_default();
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before));
        self.text
            .get(start.copied().unwrap_or_default()..end)
            .unwrap_or_default()
    }

    /// Gives back what was allocated and is not used.
    pub fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

impl Numbers {
    pub fn len(&self) -> usize {
        match self {
            Numbers::Single(x) => x.len(),
            Numbers::Double(x) => x.len(),
            Numbers::Text(x) => x.len(),
        }
    }

    /// The number, exactly.
    pub fn exact(&self, at: usize) -> Rational {
        match self {
            Numbers::Single(x) => Rational::try_from_f64(f64::from(x[at])).unwrap_or_default(),
            Numbers::Double(x) => Rational::try_from_f64(x[at]).unwrap_or_default(),
            // Whoever made the text has parsed it.
            Numbers::Text(x) => parse_exact(x.get(at)).unwrap_or_default(),
        }
    }

    /// The number, rounded once. A zero keeps its sign where the file and the scalar have one.
    pub fn rounded<S: Field>(&self, at: usize) -> S {
        match self {
            Numbers::Single(x) => S::from_f64(f64::from(x[at])),
            Numbers::Double(x) => S::from_f64(x[at]),
            Numbers::Text(_) => S::from_rational(&self.exact(at)),
        }
    }
}
