//! Mistakes in gradients, optimisers and their state.

use super::{Flag, of, unmarked};

pub(super) const FLAGS: &[Flag] = &[
    of(
        "DiagonalState",
        "the momentum was transformed by R∘R",
        "training leaves the trajectory of the rotated network",
        "momentum transforms as its parameter does: M → R M",
    ),
    of(
        "StateOrphaned",
        "the optimiser state kept its old shape or basis",
        "a size mismatch, or steps in a basis that is gone",
        "rotate, grow and cut the state with the parameters",
    ),
    of(
        "ConstantPsiTrained",
        "a frozen parameter was trained",
        "a ψ that is declared constant moves",
        "leave frozen parameters and their state alone",
    ),
    of(
        "WeightGradientTransposed",
        "∂L/∂W has its sides exchanged",
        "the step of every square weight is wrong; others do not fit",
        "∂L/∂W_l = Σ D_l h_{l-1}ᵀ, of the shape of W_l",
    ),
    of(
        "HalfLost",
        "the ½ of the squared error was left out",
        "loss and gradient twice as large",
        "L = the mean over the rows of ½‖y - t‖², ∂L/∂y = (y - t)/N",
    ),
    of(
        "MeanOverEntries",
        "the loss is the mean over all entries, not over the rows",
        "loss and gradient are n_L times too small",
        "divide by the number of rows alone",
    ),
    of(
        "SumForMean",
        "the rows were summed, and the mean was not taken",
        "the gradient grows with the batch",
        "divide loss and gradient by the number of rows",
    ),
    of(
        "GainHeldConstant",
        "γ was taken for a constant where h = γ z is differentiated",
        "the radial part of the derivative is missing",
        "D_l = γ_l v + 2 g'(r) (zᵀv + w) z",
    ),
    of(
        "PsiGradientWithoutGain",
        "∂L/∂ψ was formed without the gain that ψ is multiplied with",
        "the step of ψ is too large wherever γ is small",
        "∂L/∂ψ_l = Σ γ_{l-1} D_l",
    ),
    of(
        "GainPathLost",
        "γ_l ψ_{l+1} was taken for a constant: z_l moves γ_l too",
        "the gradient below every ψ is wrong",
        "D_l has 2 g'(r) w z beside the rest, w = ψ_{l+1}ᵀ D_{l+1}, and ∂L/∂o_l has g'(r) w",
    ),
    of(
        "SlopeCancels",
        "g'(r) was formed as a difference that cancels near r = 0",
        "∂L/∂o is 0 or noise where a hidden layer is small",
        "for tanh and small ρ the series g'(r) = -1/3 + 4r/15 - …, not (sech²ρ - γ)/2r",
    ),
    of(
        "OGradientOfLength",
        "the derivative is that by λ = √o or by ln o, not by o",
        "a factor of 2 λ, or of o",
        "∂L/∂o_l = Σ g'(r) (zᵀv + w), by the squared length; the chain rule to what is trained comes after",
    ),
    of(
        "SoftmaxUnshifted",
        "exponentials of outputs overflow",
        "an infinite or undefined loss for outputs beyond 709 (88 in single precision)",
        "take the largest output out first: e^{y_i - max y}",
    ),
    of(
        "DecayDecoupled",
        "weight decay was taken from the parameter where it belongs to the gradient",
        "the momentum does not see the decay",
        "sgd, momentum and nesterov: g → g + λ θ before anything else",
    ),
    of(
        "DecayCoupled",
        "weight decay was added to the gradient where it is to be taken from the parameter",
        "the decay is divided by the second moment, or lost in a sign",
        "muon, adam-tensor and adamw: θ → (1 - η λ) θ, the gradient as it is",
    ),
    of(
        "BiasCorrectionLost",
        "moments that start at 0 were used as they are",
        "the first steps are too long or too short by far",
        "divide v by 1 - β₁ᵗ and s by 1 - β₂ᵗ, t from 1",
    ),
    of(
        "EpsilonInsideRoot",
        "ε stands under the root",
        "steps are too short where moments are small",
        "√(ŝ/N) + ε",
    ),
    of(
        "CountOfNow",
        "the second moment was divided by the entries that the tensor has now",
        "growing a layer changes how the old part is trained",
        "N is the number of entries at the start, whatever was grown since",
    ),
    of(
        "MomentumBefore",
        "the step was taken along the momentum as it was before this gradient",
        "every step lags by one",
        "v → μ v + g first, then θ - η v",
    ),
    of(
        "NesterovIsHeavyBall",
        "Nesterov's step was taken along v alone",
        "heavy ball in place of Nesterov",
        "θ - η (g + μ v), with v already moved",
    ),
    unmarked(
        "MomentumDamped",
        "the gradient was taken into the momentum with the factor 1 - μ",
        "steps are 1 - μ times as long",
        "v → μ v + g",
    ),
    of(
        "MuonFactorLost",
        "√max(1, m/n) was left out",
        "tall tensors are trained too slowly",
        "θ - η √max(1, m/n) X_5 for a tensor of m × n",
    ),
];
