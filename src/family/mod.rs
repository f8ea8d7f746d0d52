//! Hard families of networks, drawn on purpose.
//!
//! Random matrices are kind: what breaks a factorisation, a norm or a rounding bound hardly ever turns
//! up in them by luck. Each [`Family`] is one way of being hard, with a builder ([`Draw::build`]) and a
//! definition ([`Family::describes`]) that share no code. Numbers are exact rationals, so that one case
//! serves every arithmetic.

mod build;
mod describe;
mod draw;
mod shape;

pub use build::Built;
pub use draw::{Draw, Spec};
#[cfg(feature = "proptest")]
pub(crate) use draw::{LARGEST, number};

use crate::scalar::Arithmetic;

/// One way of being hard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Dense random weights, for comparison.
    Typical,
    /// A neuron of every hidden layer has a zero row and a bias that is not zero.
    ZeroRow,
    /// A neuron of every hidden layer has bias 0.
    ZeroBias,
    /// A neuron of every hidden layer has a zero row, bias 0 and no ψ entry.
    Dead,
    /// A neuron of every hidden layer from the second on has a zero row, bias 0, and ψ ≠ 0.
    DeadWithPsi,
    /// Every weight has rank 1.
    RankOne,
    /// Every weight is all ones.
    AllOnes,
    /// Every parameter is a small integer.
    Integer,
    /// The rows and columns of every hidden weight fall over 60 decades.
    Graded,
    /// The singular values of every hidden weight are all the same.
    RepeatedSingular,
    /// Half of the singular values of every hidden weight are zero.
    ZeroSingular,
    /// Every hidden weight has a largest singular value, and the rest tie: a cut goes through a tie.
    TieAtCut,
    /// Every second row of every weight is zero, the output's too.
    ZeroRows,
    /// Every width is 1.
    WidthOne,
    /// Every layer is wider than the one before.
    Widening,
    /// Every layer is narrower than the one before.
    Narrowing,
    /// No hidden layer.
    NoHidden,
    /// o = 0 exactly in every hidden layer, and ψ ≠ 0.
    ZeroLength,
    /// o about 2^-100.
    TinyLength,
    /// o about 2^100.
    HugeLength,
    /// Biases a million times the weights.
    DominantBias,
    /// Weights and biases of the first layer of size 1e-300.
    Tiny,
    /// Weights and biases of the first layer of size 1e300.
    Huge,
    /// Pre-activations in the thousands: every bounded profile is saturated.
    Saturated,
    /// Pre-activations and lengths so small that every gain is almost constant.
    LinearRegime,
    /// The input is 0, in half of the cases with b_1 = 0 and o = 0 too.
    ZeroInput,
}

impl Family {
    /// All of them.
    pub const ALL: [Family; 26] = [
        Family::Typical,
        Family::ZeroRow,
        Family::ZeroBias,
        Family::Dead,
        Family::DeadWithPsi,
        Family::RankOne,
        Family::AllOnes,
        Family::Integer,
        Family::Graded,
        Family::RepeatedSingular,
        Family::ZeroSingular,
        Family::TieAtCut,
        Family::ZeroRows,
        Family::WidthOne,
        Family::Widening,
        Family::Narrowing,
        Family::NoHidden,
        Family::ZeroLength,
        Family::TinyLength,
        Family::HugeLength,
        Family::DominantBias,
        Family::Tiny,
        Family::Huge,
        Family::Saturated,
        Family::LinearRegime,
        Family::ZeroInput,
    ];

    /// The name in reports and declarations.
    pub fn name(self) -> &'static str {
        match self {
            Family::Typical => "typical",
            Family::ZeroRow => "zero-row",
            Family::ZeroBias => "zero-bias",
            Family::Dead => "dead",
            Family::DeadWithPsi => "dead-with-psi",
            Family::RankOne => "rank-one",
            Family::AllOnes => "all-ones",
            Family::Integer => "integer",
            Family::Graded => "graded",
            Family::RepeatedSingular => "repeated-singular",
            Family::ZeroSingular => "zero-singular",
            Family::TieAtCut => "tie-at-cut",
            Family::ZeroRows => "zero-rows",
            Family::WidthOne => "width-one",
            Family::Widening => "widening",
            Family::Narrowing => "narrowing",
            Family::NoHidden => "no-hidden",
            Family::ZeroLength => "zero-length",
            Family::TinyLength => "tiny-length",
            Family::HugeLength => "huge-length",
            Family::DominantBias => "dominant-bias",
            Family::Tiny => "tiny",
            Family::Huge => "huge",
            Family::Saturated => "saturated",
            Family::LinearRegime => "linear-regime",
            Family::ZeroInput => "zero-input",
        }
    }

    /// The family of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.name() == name)
    }

    /// Whether the arithmetic can hold its numbers: single precision ends at 1e±38.
    pub fn fits(self, arithmetic: Arithmetic) -> bool {
        arithmetic != Arithmetic::F32 || !matches!(self, Family::Tiny | Family::Huge)
    }
}
