//! What is recorded of an epoch. All numbers are rounded to doubles: they are for reading.

use serde::{Deserialize, Serialize};

/// One epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    /// From 1.
    pub epoch: u64,
    /// The rate of its last step.
    pub rate: f64,
    /// The mean loss of its rows, each before the step it was used for.
    pub loss: f64,
    /// The share of its rows that were right, each before the step it was used for; for labels.
    pub accuracy: Option<f64>,
    /// The loss on the rows held out, after the epoch.
    pub held_out_loss: Option<f64>,
    /// The share of the rows held out that are right, after the epoch.
    pub held_out_accuracy: Option<f64>,
    /// n_0 … n_L after the epoch.
    pub widths: Vec<usize>,
    /// o_1 … o_{L-1}.
    pub lengths: Vec<f64>,
    /// ‖ψ_2‖ … ‖ψ_L‖, 0 where there is none.
    pub psi: Vec<f64>,
    /// For each hidden layer ‖𝒜_l‖ of the last step, over the size of its terms (THEORY F6): rounding for heavy ball, while
    /// neurons stay.
    pub angular_momentum: Vec<f64>,
    /// The singular values of each hidden layer's [W_l ψ_l], where they were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spectra: Option<Vec<Vec<f64>>>,
    /// What happened to the widths after the epoch.
    pub events: Vec<Event>,
}

/// One change of a width.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// `growth`, `removal by data` or `removal by values`.
    pub what: String,
    /// Hidden layer.
    pub layer: usize,
    /// n_l before.
    pub from: usize,
    /// n_l after.
    pub to: usize,
    /// The largest bound on ‖y - y'‖ over the rows it was measured on, in plain floating point: 0 for growth.
    pub bound: f64,
    /// What rounding may add to that at the row that comes closest to its bound.
    pub rounding: f64,
    /// The largest ‖y - y'‖ over those rows.
    pub change: f64,
    /// The root mean square of ‖y - y'‖ over those rows.
    pub mean_change: f64,
    /// Whether ‖y - y'‖ was within its bound at every row (for growth: whether no bit changed).
    pub within: bool,
    /// A rigorous upper bound on ‖y - y'‖ at those rows, where it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certified: Option<f64>,
    /// Rows it was measured on: those held out, or the recent ones.
    pub rows: usize,
    /// What became of the optimiser's state.
    pub state: String,
}
