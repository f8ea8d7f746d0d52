//! Optimisers: from a gradient to a step.

use super::Orthogonaliser;
use crate::scalar::Field;

/// What Adam's second moment does when a layer is rotated or cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdamRotation {
    /// It stays, entry by entry.
    Keep,
    /// v → (R∘R) v, as if the entries were independent: the author's rule. An approximation (THEORY F2).
    Diagonal,
}

/// What Adam divides by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denominator {
    /// √v + ε.
    Root,
    /// v + ε: field operations alone, the stand-in for exact arithmetic (THEORY F1).
    Plain,
}

/// A rule that turns gradients into steps. g is the gradient, v a momentum, θ a parameter, η the rate; all start at 0.
///
/// The tensors are W_l, b_l, ψ_l and each o_l by itself. All but [`AdamW`](Optimiser::AdamW) commute with rotations of
/// hidden layers (THEORY F1).
#[derive(Clone, Debug, PartialEq)]
pub enum Optimiser<S> {
    /// θ ← θ - η g.
    Sgd,
    /// Heavy ball: v ← μ v + g, θ ← θ - η v.
    Momentum {
        /// μ.
        mu: S,
    },
    /// v ← μ v + g, θ ← θ - η (g + μ v).
    Nesterov {
        /// μ.
        mu: S,
    },
    /// v ← μ v + g, θ ← θ - η √max(1, m/n) msign(g + μ v) for a tensor of m × n; b, ψ are matrices of one column, o is 1 × 1.
    Muon {
        /// μ.
        mu: S,
        /// What stands for msign.
        orthogonaliser: Orthogonaliser,
    },
    /// Adam with one second moment a tensor: v ← β₁ v + (1-β₁) g, s ← β₂ s + (1-β₂) ‖g‖²,
    /// θ ← θ - η v̂/(√(ŝ/N) + ε), with v̂ = v/(1-β₁^t), ŝ = s/(1-β₂^t) and N the number of entries the tensor had at the
    /// start: growth never changes it (THEORY F3).
    AdamTensor {
        /// (β₁, β₂).
        betas: (S, S),
        /// ε.
        epsilon: S,
        /// What is divided by.
        denominator: Denominator,
    },
    /// Adam entry by entry with decoupled decay. It looks at single weights, which a rotation mixes: not isotropic.
    AdamW {
        /// (β₁, β₂).
        betas: (S, S),
        /// ε.
        epsilon: S,
        /// What becomes of the second moment under rotations.
        rotation: AdamRotation,
    },
}

impl<S: Field> Optimiser<S> {
    /// The names that files and commands use.
    pub const NAMES: [&'static str; 6] = [
        "sgd",
        "momentum",
        "nesterov",
        "muon",
        "adam-tensor",
        "adamw",
    ];

    /// The name, one of [`Optimiser::NAMES`].
    pub fn name(&self) -> &'static str {
        match self {
            Optimiser::Sgd => "sgd",
            Optimiser::Momentum { .. } => "momentum",
            Optimiser::Nesterov { .. } => "nesterov",
            Optimiser::Muon { .. } => "muon",
            Optimiser::AdamTensor { .. } => "adam-tensor",
            Optimiser::AdamW { .. } => "adamw",
        }
    }

    /// Adam with one second moment a tensor, β = (0.9, 0.999), ε = 1e-8.
    pub fn adam_tensor() -> Self {
        Optimiser::AdamTensor {
            betas: Self::usual_betas(),
            epsilon: Self::usual_epsilon(),
            denominator: Denominator::Root,
        }
    }

    /// Adam entry by entry, β = (0.9, 0.999), ε = 1e-8, its second moment kept under rotations.
    pub fn adamw() -> Self {
        Optimiser::AdamW {
            betas: Self::usual_betas(),
            epsilon: Self::usual_epsilon(),
            rotation: AdamRotation::Keep,
        }
    }

    /// Muon with momentum μ and five quintic steps.
    pub fn muon(mu: S) -> Self {
        let orthogonaliser = Orthogonaliser::Quintic { steps: 5 };
        Optimiser::Muon { mu, orthogonaliser }
    }

    fn usual_betas() -> (S, S) {
        (
            S::from_int(9) / S::from_int(10),
            S::from_int(999) / S::from_int(1000),
        )
    }

    fn usual_epsilon() -> S {
        S::one() / S::from_int(100_000_000)
    }

    /// Whether weight decay is added to the gradient (g + λθ) rather than taken from the parameter (θ - ηλθ).
    pub fn couples_decay(&self) -> bool {
        match self {
            Optimiser::Sgd | Optimiser::Momentum { .. } | Optimiser::Nesterov { .. } => true,
            Optimiser::Muon { .. } | Optimiser::AdamTensor { .. } | Optimiser::AdamW { .. } => {
                false
            }
        }
    }

    /// μ, where there is one.
    pub fn momentum(&self) -> Option<&S> {
        match self {
            Optimiser::Momentum { mu }
            | Optimiser::Nesterov { mu }
            | Optimiser::Muon { mu, .. } => Some(mu),
            Optimiser::Sgd | Optimiser::AdamTensor { .. } | Optimiser::AdamW { .. } => None,
        }
    }
}

/// An optimiser with what is done before and beside its step.
#[derive(Clone, Debug, PartialEq)]
pub struct Descent<S> {
    /// The rule.
    pub optimiser: Optimiser<S>,
    /// λ of the weight decay on W, b and ψ, never on o; 0 for none. Coupled or not as the optimiser has it.
    pub weight_decay: S,
    /// The largest norm of the whole gradient, longer ones being scaled down to it; before decay.
    pub clip: Option<S>,
}

impl<S: Field> Descent<S> {
    /// The optimiser alone: no decay, no clipping.
    pub fn plain(optimiser: Optimiser<S>) -> Self {
        Descent {
            optimiser,
            weight_decay: S::zero(),
            clip: None,
        }
    }
}
