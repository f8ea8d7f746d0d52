//! Scalars, vectors and lists of vectors under one type: nested lists with numbers as leaves.

use serde::{Deserialize, Serialize};

use super::text;
use crate::{
    linalg::Matrix,
    scalar::{
        Field, Rational,
        text::{NumberError, parse_exact},
    },
};

/// A number, or a list of trees. As JSON: strings and arrays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Tree<T> {
    /// One number.
    Leaf(T),
    /// A vector, a matrix row by row, or a list of vectors.
    List(Vec<Tree<T>>),
}

impl<T> Tree<T> {
    /// Every leaf, in reading order.
    pub fn leaves(&self) -> Vec<&T> {
        match self {
            Tree::Leaf(x) => vec![x],
            Tree::List(items) => items.iter().flat_map(Tree::leaves).collect(),
        }
    }

    /// The same tree with other leaves; the first failure ends it.
    ///
    /// # Errors
    /// Those of `f`.
    pub fn try_map<U, E>(&self, f: &impl Fn(&T) -> Result<U, E>) -> Result<Tree<U>, E> {
        match self {
            Tree::Leaf(x) => f(x).map(Tree::Leaf),
            Tree::List(items) => items
                .iter()
                .map(|item| item.try_map(f))
                .collect::<Result<_, _>>()
                .map(Tree::List),
        }
    }

    /// What is wrong with the shape of `other`, which should have this one's.
    pub fn mismatch<U>(&self, other: &Tree<U>) -> Option<String> {
        match (self, other) {
            (Tree::Leaf(_), Tree::Leaf(_)) => None,
            (Tree::Leaf(_), Tree::List(items)) => Some(format!(
                "a list of {} where a number is expected",
                items.len()
            )),
            (Tree::List(items), Tree::Leaf(_)) => Some(format!(
                "a number where a list of {} is expected",
                items.len()
            )),
            (Tree::List(a), Tree::List(b)) if a.len() != b.len() => {
                Some(format!("{} entries, expected {}", b.len(), a.len()))
            }
            (Tree::List(a), Tree::List(b)) => a
                .iter()
                .zip(b)
                .enumerate()
                .find_map(|(at, (a, b))| Some(format!("entry {}: {}", at + 1, a.mismatch(b)?))),
        }
    }
}

impl Tree<Rational> {
    /// One number; `None` where it is not finite.
    pub fn number<S: Field>(x: &S) -> Option<Self> {
        x.to_rational().map(Tree::Leaf)
    }

    /// A whole number.
    pub fn count(n: usize) -> Self {
        Tree::Leaf(Rational::from(n as i64))
    }

    /// A list of whole numbers.
    pub fn counts(items: &[usize]) -> Self {
        Tree::List(items.iter().map(|&n| Tree::count(n)).collect())
    }

    /// A vector; `None` where an entry is not finite.
    pub fn vector<S: Field>(x: &[S]) -> Option<Self> {
        x.iter()
            .map(Tree::number)
            .collect::<Option<_>>()
            .map(Tree::List)
    }

    /// A matrix, row by row.
    pub fn matrix<S: Field>(a: &Matrix<S>) -> Option<Self> {
        let row = |i| {
            let row: Vec<S> = a.row(i).iter().cloned().collect();
            Tree::vector(&row)
        };
        (0..a.nrows())
            .map(row)
            .collect::<Option<_>>()
            .map(Tree::List)
    }

    /// Σ leaves², exactly.
    pub fn squares(&self) -> Rational {
        let square = |x: &Rational| x.clone() * x;
        self.leaves()
            .into_iter()
            .fold(Rational::from(0), |sum, x| sum + square(x))
    }

    /// Σ (a - b)² over two trees of one shape, exactly.
    pub fn distance_squared(&self, other: &Self) -> Rational {
        let pairs = self.leaves().into_iter().zip(other.leaves());
        pairs.fold(Rational::from(0), |sum, (a, b)| {
            let difference = a.clone() - b;
            sum + difference.clone() * difference
        })
    }

    /// Every leaf with 60 digits.
    pub fn decimal(&self) -> Tree<String> {
        self.spelled(&text::decimal)
    }

    /// Every leaf spelled by `f`.
    pub fn spelled(&self, f: &impl Fn(&Rational) -> String) -> Tree<String> {
        match self {
            Tree::Leaf(x) => Tree::Leaf(f(x)),
            Tree::List(items) => Tree::List(items.iter().map(|item| item.spelled(f)).collect()),
        }
    }
}

impl Tree<String> {
    /// The numbers that the leaves spell.
    ///
    /// # Errors
    /// [`NumberError`] of the first leaf that is no finite number.
    pub fn exact(&self) -> Result<Tree<Rational>, NumberError> {
        self.try_map(&|text: &String| parse_exact(text))
    }
}
