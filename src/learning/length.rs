//! How the squared intrinsic length o is trained.

use crate::{error::Error, network::gradient::Trainable};

/// What the optimiser moves in place of o.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LengthMode {
    /// Nothing: o stays, but for what removals absorb.
    Fixed,
    /// o itself. It may not fall below 0: a step that takes it there is refused.
    Direct,
    /// ℓ = ln o; needs o > 0.
    Log,
    /// λ, o = λ².
    Root,
}

impl LengthMode {
    /// The name: `fixed`, `direct`, `log` or `root`.
    pub fn name(self) -> &'static str {
        match self {
            LengthMode::Fixed => "fixed",
            LengthMode::Direct => "direct",
            LengthMode::Log => "log",
            LengthMode::Root => "root",
        }
    }

    /// The mode of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        use LengthMode::{Direct, Fixed, Log, Root};
        [Fixed, Direct, Log, Root]
            .into_iter()
            .find(|mode| mode.name() == name)
    }

    /// What is trained where hidden layer `l` has o.
    pub(super) fn trained<S: Trainable>(self, l: usize, o: &S) -> Result<S, Error> {
        let missing = |what| Error::NeedsReal {
            what,
            scalar: S::name(),
            instead: "o can be trained directly, or given as λ",
        };
        match self {
            LengthMode::Fixed | LengthMode::Direct => Ok(o.clone()),
            LengthMode::Root if o.is_zero() => Ok(S::zero()),
            LengthMode::Root => o.root().ok_or_else(|| missing("√o needs roots")),
            LengthMode::Log if o.is_zero() => Err(Error::Value {
                layer: l,
                what: "o, trained as ln o,".into(),
                value: o.to_string(),
                expected: "it must be positive: start from a small o > 0, or train λ = √o",
            }),
            LengthMode::Log => o
                .logarithm()
                .ok_or_else(|| missing("ln o needs logarithms")),
        }
    }

    /// o for what is trained.
    pub(super) fn length<S: Trainable>(self, trained: &S) -> Result<S, Error> {
        match self {
            LengthMode::Fixed | LengthMode::Direct => Ok(trained.clone()),
            LengthMode::Root => Ok(trained.clone() * trained),
            LengthMode::Log => trained.exponential().ok_or_else(|| Error::NeedsReal {
                what: "o = e^ℓ needs exponentials",
                scalar: S::name(),
                instead: "o can be trained directly, or given as λ",
            }),
        }
    }

    /// ∂L/∂(what is trained) from ∂L/∂o.
    pub(super) fn chain<S: Trainable>(self, of_length: &S, trained: &S, o: &S) -> S {
        match self {
            LengthMode::Fixed => S::zero(),
            LengthMode::Direct => of_length.clone(),
            LengthMode::Root => (trained.clone() + trained) * of_length,
            LengthMode::Log => o.clone() * of_length,
        }
    }
}
