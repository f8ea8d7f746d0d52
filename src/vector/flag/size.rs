//! Mistakes in growing and shrinking.

use super::{Flag, of, unmarked};

pub(super) const FLAGS: &[Flag] = &[
    unmarked(
        "NewColumnsScaled",
        "new outgoing columns were scaled",
        "the network that training starts from is another one",
        "the columns that are given are appended as they are",
    ),
    of(
        "GrowRandomRow",
        "new neurons got rows that are not zero",
        "the function changes at once",
        "zero row, zero bias, zero ψ entry; only the outgoing column is free",
    ),
    of(
        "BetaNotCompensated",
        "a neuron of bias β was added and o and ψ kept",
        "the function changes by about |β| ‖w‖",
        "o_l → o_l - β², ψ_{l+1} → ψ_{l+1} - w β",
    ),
    of(
        "BetaClipped",
        "β² > o was accepted, by clipping o at 0",
        "an error of 0.1 to 0.3 without a word",
        "refuse it",
    ),
    of(
        "PsiNotUpdated",
        "the removed neuron's constant was taken into o alone",
        "the error is γ |β| ‖w‖; the intrinsic length then seems to do nothing",
        "also ψ_{l+1} → ψ_{l+1} + w β",
    ),
    of(
        "ONotUpdated",
        "the removed neuron's constant was taken into ψ alone",
        "every gain of the layer is too large",
        "also o_l → o_l + β²",
    ),
    of(
        "OPlusBeta",
        "β was added to o, not β²",
        "wrong unless β is 0 or 1",
        "o is a squared length: o_l → o_l + β²",
    ),
    of(
        "PsiTrap",
        "the SVD was taken of W_l alone while ψ_l is not 0",
        "what is removed is not constant: 0.1 median, 0.4 worst",
        "take the SVD of the augmented [W_l ψ_l]",
    ),
    of(
        "NullVectorBiasLost",
        "null directions of a layer wider than its input were dropped with their biases",
        "equal networks differ afterwards, by 0.1 and more",
        "absorb the dropped part of the bias into o and ψ",
    ),
    of(
        "CountsMinOfShape",
        "min(m, n) singular values were counted, not n_l",
        "a layer at least as wide as its input grows for ever",
        "pad the singular values of [W_l ψ_l] with zeros to n_l",
    ),
];
