//! What is found of two networks that are held against each other: their parameters, line by line.

use super::{Blur, Leeway};
use crate::scalar::Real;

/// One parameter of one layer of two networks, held against each other.
#[derive(Clone, Debug)]
pub struct Part<S> {
    /// Layer, from 1 to L.
    pub layer: usize,
    /// `weight`, `bias`, `ψ` or `o`.
    pub parameter: &'static str,
    /// ‖R N - N'‖_F over the columns of this parameter (|o - o'| for o), or over that of its lines which is worst.
    pub residual: S,
    /// Its share in each row, that is in each neuron of the second network; none for o.
    pub rows: Vec<S>,
    /// What rounding at unit roundoff 1 explains, by the [leeway](Leeway); times u it is the allowance.
    pub scale: S,
    /// The size of what differs: the norm of these columns, or of the line, in N (o itself for o).
    pub size: S,
    /// Which of its lines these are of.
    pub line: Line,
}

/// What of a parameter is judged: inputs and outputs are not rotated, so that each has a size of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// All of it.
    Whole,
    /// A column of W_1, from 1.
    Column(usize),
    /// A row of W_L, b_L or ψ_L, from 1.
    Row(usize),
    /// Row and column of W_1 where that is W_L.
    Entry(usize, usize),
}

/// The outcome of [`compare`](super::compare()).
#[derive(Clone, Debug)]
pub struct Comparison<S> {
    /// What was allowed.
    pub leeway: Leeway,
    /// What was allowed beside that.
    pub blur: Blur<S>,
    /// A difference that ends the comparison at once: widths, gain or threshold.
    pub structure: Option<String>,
    /// Every parameter of every layer, in forward order.
    pub parts: Vec<Part<S>>,
    /// ‖·‖_F of the weights that nothing reaches, in the first and the second network, by layer.
    pub unreachable: Vec<(S, S)>,
}

impl<S: Real> Comparison<S> {
    /// The first part whose residual exceeds `u` times its scale.
    pub fn parting(&self, u: &S) -> Option<&Part<S>> {
        self.parts.iter().find(|part| part.exceeds(u))
    }

    /// Whether the networks are the same up to gauge and rounding at unit roundoff `u`.
    pub fn agrees(&self, u: &S) -> bool {
        self.structure.is_none() && !self.parts.is_empty() && self.parting(u).is_none()
    }

    /// The largest residual as a multiple of `u` times its scale; at most 1 means agreement.
    pub fn ratio(&self, u: &S) -> S {
        let ratio = |part: &Part<S>| {
            if part.residual.is_zero() {
                S::zero()
            } else {
                part.residual.clone() / (part.scale.clone() * u)
            }
        };
        self.parts
            .iter()
            .map(ratio)
            .fold(S::zero(), |a, b| S::larger(b, a))
    }

    /// The same in another arithmetic.
    pub fn map<T: Real>(&self, f: &impl Fn(&S) -> T) -> Comparison<T> {
        let part = |part: &Part<S>| Part {
            layer: part.layer,
            parameter: part.parameter,
            residual: f(&part.residual),
            rows: part.rows.iter().map(f).collect(),
            size: f(&part.size),
            scale: f(&part.scale),
            line: part.line,
        };
        Comparison {
            leeway: self.leeway,
            blur: self.blur.map(f),
            structure: self.structure.clone(),
            parts: self.parts.iter().map(part).collect(),
            unreachable: self.unreachable.iter().map(|(a, b)| (f(a), f(b))).collect(),
        }
    }

    /// The largest residual itself.
    pub fn residual(&self) -> S {
        self.parts
            .iter()
            .map(|part| part.residual.clone())
            .fold(S::zero(), |a, b| S::larger(b, a))
    }
}

impl<S: Real> Part<S> {
    pub(super) fn exceeds(&self, u: &S) -> bool {
        let allowed = self.scale.clone() * u;
        // Written so that a NaN exceeds.
        !matches!(
            self.residual.partial_cmp(&allowed),
            Some(std::cmp::Ordering::Less | std::cmp::Ordering::Equal)
        )
    }
}
