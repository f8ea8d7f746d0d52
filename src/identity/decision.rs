//! What can be said of two networks, and in which words.

use std::fmt;

use thiserror::Error;

use crate::scalar::Rational;

/// Whether two networks are one function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// They are, proved.
    Equal(Equality),
    /// They are not, proved.
    Different(Difference),
    /// No theorem decides.
    Undecided(Reason),
}

/// What makes two functions equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Equality {
    /// Every parameter is the same number.
    Parameters,
    /// N_1 … N_{L-1} and V_L are equal (B9 (i)).
    Invariants {
        /// Bits of the largest entry once denominators are cleared.
        bits: u64,
        /// Primes that it took.
        primes: usize,
    },
    /// They are equal after the scalings of B8.
    Scaled,
    /// Both are affine, with one matrix and one constant.
    Affine,
    /// Both are constant (B9 (iii)), with one value.
    Constant,
}

/// What makes two functions different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Other numbers of inputs or outputs.
    Ends {
        /// n₀ and n_L of the first.
        a: (usize, usize),
        /// And of the second.
        b: (usize, usize),
    },
    /// Depths of two tanh networks, neither constant (B9 (ii)).
    Depth {
        /// L of the first.
        a: usize,
        /// L of the second.
        b: usize,
    },
    /// One is tanh, at least two layers deep and not constant, hence transcendental; the other is algebraic, in pieces.
    Transcendental {
        /// Which is transcendental.
        which: Side,
    },
    /// One is constant (B9 (iii)), the other is not.
    Constant {
        /// Which is constant.
        which: Side,
    },
    /// An entry of the invariants, which determine the function (B9 (ii)).
    Entry(Box<Entry>),
}

/// The first or the second network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The first.
    A,
    /// The second.
    B,
}

/// One entry that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which matrix.
    pub place: Place,
    /// Row, from 1.
    pub row: usize,
    /// Column, from 1.
    pub column: usize,
    /// q in the first network.
    pub a: (Rational, Option<Rational>),
    /// q in the second; with an a beside it the entry is q + e^a.
    pub b: (Rational, Option<Rational>),
}

/// A matrix of the invariants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// N_l.
    Gram(usize),
    /// V_L.
    Output,
    /// [A c] of an affine function A x + c.
    Affine,
    /// b_L, the value of a constant function.
    Value,
}

/// Why no theorem decides.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Reason {
    /// Neither gain is covered by (ii), and the gains or thresholds differ.
    #[error("the gains are {a} and {b}, and no theorem compares those")]
    Gains {
        /// Of the first.
        a: String,
        /// Of the second.
        b: String,
    },
    /// The gain lets different invariants, or depths, belong to one function.
    #[error("the invariants differ, which for the gain {0} does not make the functions different")]
    Gain(&'static str),
    /// Both are constant, by numbers that are not rational.
    #[error("both networks are constant, by values that exact arithmetic does not reach")]
    Constants,
    /// Too many bits.
    #[error(transparent)]
    TooManyBits(#[from] TooManyBits),
}

/// Numbers so far apart that exact arithmetic is out of reach.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the invariants have {bits} bits, more than the {most} that the primes in store decide")]
pub struct TooManyBits {
    /// Bits of the largest entry.
    pub bits: u64,
    /// The most there is room for.
    pub most: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Gram(l) => write!(f, "N_{l}"),
            Place::Output => f.write_str("V_L"),
            Place::Affine => f.write_str("[A c]"),
            Place::Value => f.write_str("b_L"),
        }
    }
}

impl fmt::Display for Equality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Equality::Parameters => f.write_str("every parameter is the same"),
            Equality::Invariants { bits, primes } => write!(
                f,
                "N_1 … N_(L-1) and V_L are equal (B9 (i)): integers of at most {bits} bits, modulo {primes} primes"
            ),
            Equality::Scaled => {
                f.write_str("N_1 … N_(L-1) and V_L are equal after the scalings of B8")
            }
            Equality::Affine => f.write_str("both are the same affine map"),
            Equality::Constant => f.write_str("both are constant (B9 (iii)), with the same value"),
        }
    }
}

impl Side {
    fn names(self) -> [&'static str; 2] {
        match self {
            Side::A => ["the first", "the second"],
            Side::B => ["the second", "the first"],
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Difference::Ends { a, b } => write!(
                f,
                "the first takes {} inputs to {} outputs, the second {} to {}",
                a.0, a.1, b.0, b.1
            ),
            Difference::Depth { a, b } => write!(
                f,
                "the depths are {a} and {b}, and neither network is constant (B9 (ii))"
            ),
            Difference::Transcendental { which } => {
                let [this, other] = which.names();
                write!(
                    f,
                    "{this}, with tanh and not constant, is no algebraic function, and {other} is one in pieces"
                )
            }
            Difference::Constant { which } => {
                let [this, other] = which.names();
                write!(f, "{this} is constant (B9 (iii)), {other} is not")
            }
            Difference::Entry(entry) => write!(f, "{entry}"),
        }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |(q, exponent): &(Rational, Option<Rational>)| match exponent {
            Some(a) => format!("{q} + e^({a})"),
            None => q.to_string(),
        };
        write!(
            f,
            "{} in row {}, column {} is {} in the first and {} in the second",
            self.place,
            self.row,
            self.column,
            shown(&self.a),
            shown(&self.b)
        )
    }
}
