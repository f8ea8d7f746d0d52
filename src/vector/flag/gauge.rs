//! Mistakes in rotations and factorisations.

use super::{Flag, of, unmarked};

pub(super) const FLAGS: &[Flag] = &[
    of(
        "RotateTransposed",
        "the next weight was multiplied by R where Rᵀ belongs",
        "another function, unless R is symmetric",
        "W_{l+1} → W_{l+1} Rᵀ",
    ),
    of(
        "RotateWithoutPsi",
        "ψ_l stayed behind when the layer was rotated",
        "another function wherever ψ_l is not 0",
        "ψ_l → R ψ_l",
    ),
    of(
        "RotateWithoutBias",
        "b_l stayed behind when the layer was rotated",
        "another function wherever b_l is not 0",
        "b_l → R b_l",
    ),
    of(
        "ThinSvd",
        "a thin SVD was used where the layer is wider than its input",
        "the layer is projected: width and part of the bias are lost",
        "complete U to a square orthogonal matrix",
    ),
    of(
        "InnerNotRotated",
        "the full gauge rotated one side only",
        "the weight does not become diagonal, or the function changes",
        "rotate layer l by Uᵀ and layer l - 1 by Vᵀ",
    ),
    of(
        "NoExactZeros",
        "zeros that the gauge promises were left as rounding residue",
        "nothing is saved: the weights are dense",
        "store these entries as 0",
    ),
    unmarked(
        "SigmaUnsorted",
        "singular values are not in descending order",
        "the directions that are kept are not the leading ones",
        "sort the singular values, and the singular vectors with them",
    ),
    unmarked(
        "SignsNotFixed",
        "singular values have signs",
        "a diagonal with negative entries",
        "a singular value is not negative: turn the sign of its singular vector on one side",
    ),
    of(
        "SigmaByGram",
        "singular values were taken as roots of the eigenvalues of AᵀA",
        "those below √u of the largest are lost: wrong ranks, NaN",
        "an SVD of A itself (one-sided Jacobi if you write it yourself): squaring halves the digits",
    ),
];
