//! Mistakes in evaluation.

use super::{Flag, of, unmarked};

pub(super) const FLAGS: &[Flag] = &[
    unmarked(
        "WeightsTransposed",
        "weights were multiplied from the wrong side",
        "another function wherever a weight is square; a wrong shape elsewhere",
        "W_l is n_l × n_{l-1}, a list of rows: z_i is row i of W_l times h",
    ),
    unmarked(
        "LastBiasLost",
        "the bias of the last layer was left out",
        "every output is off by b_L",
        "y = z_L = W_L h_{L-1} + b_L + γ_{L-1} ψ_L",
    ),
    of(
        "PsiDropped",
        "the linear correction ψ was left out",
        "wrong whenever ψ is not 0",
        "z_l = W_l h_{l-1} + b_l + γ_{l-1} ψ_l",
    ),
    of(
        "PsiWithoutGain",
        "ψ was added without its gain",
        "ψ acts as a second bias",
        "add γ_{l-1} ψ_l",
    ),
    of(
        "PsiOwnGain",
        "ψ_l was multiplied by the gain of another layer",
        "wrong for three layers and more",
        "ψ_l goes with γ_{l-1}, the gain of the layer before",
    ),
    of(
        "ActivationOnOutput",
        "the last layer went through the activation",
        "outputs are squashed",
        "y = z_L",
    ),
    of(
        "CollapsedPsiEarly",
        "ψ_{k+1} was put with c_{k+1}: it belongs to c_k",
        "the collapsed form differs from the network wherever ψ is not 0",
        "c_k = W_L⋯W_{k+1} b_k + W_L⋯W_{k+2} ψ_{k+1}",
    ),
];
