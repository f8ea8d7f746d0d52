//! Mistakes in the adapter, the gain and the activation.

use super::{Flag, of, unmarked};

pub(super) const FLAGS: &[Flag] = &[
    of(
        "HarnessWorks",
        "the adapter does not carry numbers faithfully",
        "every other result is suspect",
        "read hex floats and decimals exactly, answer with as many digits as a round trip needs",
    ),
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
];
