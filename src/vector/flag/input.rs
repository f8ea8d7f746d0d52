//! Mistakes with files and with what has to be refused.

use super::{Flag, of};

pub(super) const FLAGS: &[Flag] = &[
    of(
        "LogReadAsO",
        "intrinsic_length holds ln o and was read as o",
        "every o is wrong",
        "o = exp(intrinsic_length), unless the mode says squared",
    ),
    of(
        "PsiOffByOne",
        "psi_parameters.i was given to layer i + 1",
        "ψ sits one layer too low",
        "psi_parameters.i belongs to layer i + 2, as the first layer has none",
    ),
    of(
        "ColumnMajor",
        "the tensor was read column by column",
        "the weight is scrambled",
        "tensors are in C order, (out, in)",
    ),
    of(
        "WidthZero",
        "a layer was emptied",
        "width 0 crashes later",
        "refuse to remove the last neuron",
    ),
    of(
        "NotAtomic",
        "the network was changed before the operation was refused",
        "a half-changed network",
        "check first, or work on a copy",
    ),
    of(
        "NotConstantRemoved",
        "a neuron that is not constant was removed as if it were",
        "the function changes without a word",
        "refuse it: the row and the ψ entry must be zero",
    ),
    of(
        "ShapeUnchecked",
        "shapes that do not fit were accepted",
        "broadcasting gives some result or other",
        "check every shape against its neighbours",
    ),
    of(
        "NotFiniteAccepted",
        "NaN or infinity was accepted",
        "NaN everywhere, found much later",
        "refuse parameters that are not finite",
    ),
    of(
        "UnknownAccepted",
        "an unknown gain or a layer that does not exist was accepted",
        "another network than the one asked for",
        "refuse it, and name what there is",
    ),
];
