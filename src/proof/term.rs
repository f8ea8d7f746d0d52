//! Trusted. Terms: matrices written down. A scalar is a 1×1 matrix.

use super::{Dimension, Problem};

/// Larger terms are refused: no proof worth reading needs them, and a tower of substitutions would
/// otherwise fill the memory. It bounds the depth, and so every recursion, too.
pub const LARGEST_TERM: usize = 1000;

/// What makes a term out of others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Op {
    /// A + B.
    Add,
    /// A B.
    Mul,
    /// s · A for a scalar s.
    Scale,
    /// Aᵀ.
    Transpose,
    /// [A, B], side by side.
    Hcat,
    /// [A; B], one above the other.
    Vcat,
    /// g(s), an uninterpreted function from scalars to scalars.
    Apply(String),
}

/// A matrix written down.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term {
    /// A matrix with a name.
    Variable(String),
    /// The zero matrix of a shape of its own.
    Zero(Dimension, Dimension),
    /// The identity matrix.
    Identity(Dimension),
    /// An operation on terms.
    Node(Op, Vec<Term>),
}

impl Term {
    /// The terms that this one is made of, in the order in which positions count them.
    pub fn children(&self) -> &[Term] {
        match self {
            Term::Node(_, children) => children,
            _ => &[],
        }
    }

    /// The number of operations and operands.
    pub fn size(&self) -> usize {
        self.children().iter().map(Term::size).sum::<usize>() + 1
    }

    /// The subterm at a position: the numbers of the children on the way to it, from 0.
    pub fn at(&self, position: &[usize]) -> Option<&Term> {
        position
            .iter()
            .try_fold(self, |term, child| term.children().get(*child))
    }

    /// The term with the subterm at a position replaced.
    pub(super) fn with(&self, position: &[usize], new: Term) -> Option<Term> {
        let Some((child, rest)) = position.split_first() else {
            return Some(new);
        };
        let mut whole = self.clone();
        if let Term::Node(_, children) = &mut whole {
            let child = children.get_mut(*child)?;
            *child = child.with(rest, new)?;
            return Some(whole);
        }
        None
    }

    /// How often a term occurs in this one.
    pub(super) fn count(&self, what: &Term) -> usize {
        if self == what {
            return 1;
        }
        self.children().iter().map(|child| child.count(what)).sum()
    }

    /// The term with every occurrence of one term replaced by another.
    pub(super) fn with_every(&self, what: &Term, new: &Term) -> Term {
        match self {
            same if same == what => new.clone(),
            Term::Node(op, children) => {
                let children = children.iter().map(|child| child.with_every(what, new));
                Term::Node(op.clone(), children.collect())
            }
            other => other.clone(),
        }
    }

    /// The term itself, unless it is too large.
    pub(super) fn bounded(self) -> Result<Term, Problem> {
        match self.size() {
            size if size > LARGEST_TERM => Err(Problem::TooLarge { size }),
            _ => Ok(self),
        }
    }
}
