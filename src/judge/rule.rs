//! The rules evidence is judged by.

use serde::Deserialize;

/// How the evidence for a statement is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Judge {
    /// Over ℚ: every residual is zero.
    #[serde(rename = "exact")]
    Exact,
    /// In floating point: every residual is zero.
    #[serde(rename = "bitwise")]
    Bitwise,
    /// Test ratio ≤ 1 and slope -1 of log₂ residual against bits.
    #[serde(rename = "ratio and slope -1")]
    Ratio,
    /// Test ratio ≤ 1 and slope -2/3: central differences with step 2^{-p/3}.
    #[serde(rename = "ratio and slope -2/3")]
    Difference,
    /// measured ≤ bound, and not vacuous.
    #[serde(rename = "bound")]
    Bound,
    /// A computed rank or width is the predicted one, and the outputs agree to a test ratio ≤ 1.
    #[serde(rename = "rank")]
    Rank,
    /// A mean over random draws, within its confidence radius.
    #[serde(rename = "sampling")]
    Sampling,
}

impl Judge {
    /// The change of log₂ residual per bit that it demands, if it demands one.
    pub fn slope(self) -> Option<f64> {
        match self {
            Judge::Ratio => Some(-1.0),
            Judge::Difference => Some(-2.0 / 3.0),
            Judge::Exact | Judge::Bitwise | Judge::Bound | Judge::Rank | Judge::Sampling => None,
        }
    }
}
