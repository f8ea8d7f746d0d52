//! Flags: the names of the mistakes that cases catch.

use serde::{Deserialize, Serialize};

/// What a flag means, as a vector file tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// The mistake, said to the person who made it.
    pub bug: String,
    /// What it does to the results.
    pub effect: String,
    /// What to do instead.
    pub remedy: String,
}

/// One flag: name, mistake, effect, remedy.
#[derive(Debug)]
pub struct Flag {
    /// In CamelCase, stable.
    pub name: &'static str,
    /// The mistake, said to the person who made it.
    pub bug: &'static str,
    effect: &'static str,
    /// What to do instead.
    pub remedy: &'static str,
    /// Cases carry it; the others are known by their numbers, in whatever case.
    pub in_cases: bool,
}

impl Flag {
    /// The note for a vector file.
    pub fn note(&self) -> Note {
        Note {
            bug: self.bug.into(),
            effect: self.effect.into(),
            remedy: self.remedy.into(),
        }
    }
}

/// The flag of that name.
pub fn flag(name: &str) -> Option<&'static Flag> {
    FLAGS.iter().find(|flag| flag.name == name)
}

const fn of(
    name: &'static str,
    bug: &'static str,
    effect: &'static str,
    remedy: &'static str,
) -> Flag {
    Flag {
        name,
        bug,
        effect,
        remedy,
        in_cases: true,
    }
}

/// A flag that no case carries.
const fn unmarked(
    name: &'static str,
    bug: &'static str,
    effect: &'static str,
    remedy: &'static str,
) -> Flag {
    Flag {
        in_cases: false,
        ..of(name, bug, effect, remedy)
    }
}

/// Every flag there is.
pub const FLAGS: &[Flag] = &[
    of(
        "HarnessWorks",
        "the adapter does not carry numbers faithfully",
        "every other result is suspect",
        "read hex floats and decimals exactly, answer with as many digits as a round trip needs",
    ),
    // The gain and the activation.
    of(
        "GainOfNorm",
        "the gain took ρ for r: g is a function of the squared norm",
        "wrong wherever r is not 0 or 1",
        "γ = σ(√r)/√r with r = ‖z‖² + o",
    ),
    of(
        "ThresholdNotClipped",
        "1 - t/ρ was not clipped at 0",
        "neurons below the threshold answer with the opposite sign",
        "γ = max(0, 1 - t/ρ)",
    ),
    of(
        "NanAtZero",
        "0/0 at z = 0 with o = 0",
        "NaN in outputs or gradients for an all-zero layer",
        "γ = g(0) there, h = 0, J = g(0) I",
    ),
    of(
        "EpsilonBall",
        "the gain was replaced inside a small ball around 0",
        "a jump of about 3e-7 at ‖z‖ = 1e-3, and rotation invariance broken by as much",
        "no ball is needed: scale z and form tanh(ρ)/ρ at every ρ > 0",
    ),
    of(
        "OverflowToZero",
        "‖z‖² overflowed",
        "the zero vector, or NaN, in place of a unit vector beyond ‖z‖ ~ 1e154 (2e19 in single precision)",
        "with m the largest of |z_i| and √o, and n the norm of (z/m, √o/m): ρ = m n, and h = σ(m n) (z/m)/n; m n may overflow to infinity, where σ has its limit",
    ),
    of(
        "UnderflowOfNorm",
        "‖z‖² underflowed",
        "0/0 or a wrong direction below ‖z‖ ~ 1e-154 (1e-19 in single precision)",
        "divide z and √o by the largest of |z_i| and √o before squaring, and multiply the norm by it",
    ),
    of(
        "Elementwise",
        "the activation acts entry by entry",
        "the function depends on the basis: no gauge operation keeps it",
        "one gain for the whole layer, γ = g(‖z‖² + o)",
    ),
    of(
        "OSquaredTwice",
        "o is a squared length: you squared it again",
        "wrong whenever o is not 0 or 1",
        "r = ‖z‖² + o",
    ),
    of(
        "ORooted",
        "o is a squared length: you took its root",
        "wrong whenever o is not 0 or 1",
        "r = ‖z‖² + o",
    ),
    of(
        "OCastToSingle",
        "o went through single precision",
        "an error of up to 6e-8 relative to o in a double precision network",
        "keep o in the dtype of the weights",
    ),
    of(
        "NegativeO",
        "a negative o was accepted",
        "a wrong factor near 0 (a jump of 0.24 at o = -1)",
        "refuse o < 0",
    ),
    of(
        "JacobianHalf",
        "the derivative of r by z is 2z: the 2 is missing",
        "the radial eigenvalue of the Jacobian is wrong",
        "J = γ I + 2 g'(r) z zᵀ",
    ),
    unmarked(
        "SinglePrecision",
        "something went through single precision: a constant, an intermediate result or the answer",
        "every result is off by some 1e-8 of its size, judged as f64",
        "keep all of it in double precision, sums and literals included; or have the port judged in single precision",
    ),
    // The network.
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
    // The gauge.
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
    // Growing.
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
    // Shrinking.
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
    // Learning.
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
    // Files.
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
    // Bad input.
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
