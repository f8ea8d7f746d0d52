//! Mistakes in deciding equality.

use super::{Flag, of};

pub(super) const FLAGS: &[Flag] = &[
    of(
        "ParametersCompared",
        "parameters were compared, not functions",
        "rotated, reordered, padded networks count as different",
        "compare N_1 … N_{L-1} and V_L, which hidden rotations and dead neurons leave as they are",
    ),
    of(
        "NumbersRounded",
        "numbers were rounded before they were compared",
        "rotated networks count as different",
        "take p/q and hex floats as rational numbers, and compute with these",
    ),
    of(
        "DecidedByTolerance",
        "networks that are close were taken for equal",
        "a difference below the tolerance is not seen",
        "compare rational numbers for equality",
    ),
    of(
        "DecidedAtAPoint",
        "outputs at an input were taken for the function",
        "functions that agree there count as equal",
        "compare N and V_L; an input can only prove a difference",
    ),
    of(
        "ScalingMissed",
        "the scaling redundancy of 1/(1+r) was not taken away",
        "equal functions count as different",
        "multiply N + e eᵀ and V by t_l = 1/(1 + (N_l)_ee) as the description says",
    ),
    of(
        "ConstantsCompared",
        "two constant networks were compared by N and V_L",
        "equal constants count as different",
        "a tanh network with B_L = 0 is b_L, whatever comes before it",
    ),
    of(
        "LinearByDepth",
        "linear networks of different depth were taken for different",
        "an affine map is one function in any number of layers",
        "for g = 1 compare A = W_L ⋯ W_1 and Σ c_k",
    ),
    of(
        "ODropped",
        "o was left out of what is compared",
        "networks that differ in o alone count as equal",
        "N_l = V_lᵀ V_l + o_l e eᵀ",
    ),
];
