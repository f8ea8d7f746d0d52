//! The paper's invariance experiment at any precision: neurons are added to or removed from one hidden
//! layer at a time, and what that does to the outputs is measured and bounded.
//!
//! A negative change removes the smallest singular directions of \[W_l ψ_l\] (of W_1 for l = 1), and a
//! [`Rule`] says what becomes of their biases. A positive change appends neurons of zero row, bias and ψ
//! entry and random outgoing columns (C1), where no rule has anything to decide. The change 0 rotates
//! the layer into its singular basis and removes nothing: it shows what rounding alone does.
//!
//! With z = y the network's output (the pre-activations of its last layer) before and z' after, for N
//! inputs:
//!
//! | measure | definition |
//! |---|---|
//! | largest | max ‖z' - z‖ |
//! | certified bound | the largest of the bounds on ‖z' - z‖, one for each input (see [`Cell::bound`]) |
//! | ratio | max ‖z' - z‖ / bound, each at its own input: at most 1 |
//! | Δaccuracy | inputs classified as labelled, after less before, as a share of N |
//! | Σσ removed | the sum of the dropped singular values |
//! | scaled ε | (100/N) Σ ‖z' - z‖ / ‖z‖, in per cent |
//! | KL | (1/N) Σ KL(softmax z ‖ softmax z'), in nats |
//! | labels certified | inputs whose largest output is certainly the same one |
//! | smallest margin | min over inputs of z'_label - max z'_j, label that of z; rounded down |

mod certificate;
mod change;
mod divergence;
mod finding;
mod measure;
mod reference;
mod render;

pub use finding::{Finding, ends_of_free};
#[cfg(feature = "report")]
pub(crate) use render::{MEASURES, WORDS, short, signed};
pub use render::{to_csv, to_json, to_latex, to_text};

use crate::{
    error::Error, io::inputs::Inputs, judge::Verdict, network::Network, parallel::in_parallel,
    resize::Rule, scalar::Real, statement::Magnitude,
};
use certificate::Certifier;
use change::Layer;
use reference::Reference;

/// The changes of the paper's table, in neurons.
pub const CHANGES: [i64; 11] = [75, 50, 25, 5, 1, 0, -1, -5, -25, -50, -75];

/// What to measure.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The hidden layers, each changed by itself.
    pub hidden: Vec<usize>,
    /// Neurons to add, or, where negative, to remove.
    pub changes: Vec<i64>,
    /// The rules of removal.
    pub rules: Vec<Rule>,
    /// Draws the outgoing columns of new neurons.
    pub seed: u64,
}

/// Everything the experiment found.
#[derive(Clone, Debug)]
pub struct Invariance {
    /// The arithmetic.
    pub scalar: String,
    /// n₀ … n_L.
    pub widths: Vec<usize>,
    /// N.
    pub inputs: usize,
    /// Inputs classified as labelled before any change; `None` without labels.
    pub right: Option<usize>,
    /// The rules, in the order of the cells of a row.
    pub rules: Vec<Rule>,
    /// One table for each hidden layer that was asked for.
    pub tables: Vec<Table>,
}

/// The changes of one hidden layer.
#[derive(Clone, Debug)]
pub struct Table {
    /// The hidden layer l.
    pub layer: usize,
    /// n_l before.
    pub width: usize,
    /// Neurons above the width ceiling (D5): as many can go and nothing changes.
    pub free: usize,
    /// Those of the changes that fit: at least one neuron stays.
    pub rows: Vec<Row>,
}

/// One change.
#[derive(Clone, Debug)]
pub struct Row {
    /// Neurons added, or, if negative, removed.
    pub change: i64,
    /// The sum of the dropped singular values.
    pub removed: Magnitude,
    /// What no network with so few neurons in its last hidden layer does better on these inputs, whatever else it is (D11a): a
    /// certified lower bound on the root mean square of ‖y - y'‖, and so on the largest; 0 for other layers, and where
    /// nothing is known.
    pub floor: f64,
    /// One cell for each rule of the plan, in its order.
    pub cells: Vec<Cell>,
}

/// One change by one rule.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The rule.
    pub rule: Rule,
    /// Inputs classified as labelled after the change; `None` without labels.
    pub right: Option<usize>,
    /// Scaled ε, in per cent.
    pub epsilon: Magnitude,
    /// Mean KL divergence, in nats.
    pub divergence: Magnitude,
    /// The largest ‖y - y'‖.
    pub largest: Magnitude,
    /// The largest of the certified bounds on ‖y - y'‖, one for each input: D4 at that input against the
    /// truncation that absorbs everything, what the rule forgets, and the roundings of both evaluations, all
    /// rounded outward. For a growth, which may change no bit, it is 0.
    pub bound: Magnitude,
    /// The largest ratio of ‖y - y'‖ to its bound; above 1 the bound is exceeded without doubt.
    pub ratio: Magnitude,
    /// Inputs whose label (the index of the largest output) is certainly the same, in the exact functions and as they are
    /// evaluated; `None` for networks of one output.
    pub unchanged: Option<usize>,
    /// The smallest of the certified margins of the old labels after the change: how far their output is above the others,
    /// rounded down; negative where a label changed. Inputs whose old label is uncertain itself have none.
    pub margin: Option<Magnitude>,
}

impl Cell {
    /// Whether the bound held at every input; a bound that is not finite says nothing.
    pub fn verdict(&self) -> Verdict {
        let finite = |x: &Magnitude| crate::scalar::Field::is_finite(x);
        if !finite(&self.bound) || !finite(&self.largest) || self.ratio.as_float().is_nan() {
            Verdict::Unknown
        } else if self.ratio <= num_traits::One::one() {
            Verdict::Verified
        } else {
            Verdict::Refuted
        }
    }
}

/// Removals of one layer that are drawn as a curve, at most.
const CURVE: usize = 160;

/// The removals of a curve that no cliff hides in: all of them where the layer has at most 160 neurons, else evenly
/// spaced ones, and always those at which the free neurons end.
///
/// # Errors
/// Those of [`ends_of_free`].
pub fn curve<S: Real>(network: &Network<S>, hidden: &[usize]) -> Result<Vec<i64>, Error> {
    let ends = ends_of_free(network, hidden)?;
    let widest = hidden.iter().map(|&l| network.layer(l).width()).max();
    let most = widest.unwrap_or(1).saturating_sub(1);
    let step = most.div_ceil(CURVE).max(1);
    let mut removals: Vec<i64> = (1..=most).step_by(step).map(|n| -(n as i64)).collect();
    removals.extend(ends.into_iter().filter(|change| *change < 0));
    removals.sort_unstable_by_key(|change| -change);
    removals.dedup();
    Ok(removals)
}

impl Invariance {
    /// The same with further changes of its layers: rows that are there already stay, cells that a row lacks are missing.
    #[must_use]
    pub fn with(mut self, more: &Invariance) -> Self {
        for table in &mut self.tables {
            let further = more.tables.iter().filter(|t| t.layer == table.layer);
            for row in further.flat_map(|t| &t.rows) {
                if !table.rows.iter().any(|known| known.change == row.change) {
                    table.rows.push(row.clone());
                }
            }
            table.rows.sort_unstable_by_key(|row| -row.change);
        }
        self
    }

    /// All cells together; no cell at all is unknown.
    pub fn verdict(&self) -> Verdict {
        let rows = self.tables.iter().flat_map(|table| &table.rows);
        let cells = rows.flat_map(|row| &row.cells);
        cells
            .map(Cell::verdict)
            .reduce(Verdict::and)
            .unwrap_or(Verdict::Unknown)
    }

    /// Δaccuracy of a cell; `None` without labels.
    pub fn accuracy_change(&self, cell: &Cell) -> Option<f64> {
        let change = cell.right? as f64 - self.right? as f64;
        Some(change / self.inputs as f64)
    }
}

/// Runs the experiment, each change on the original network, on all cores. The result does not depend on
/// their number.
///
/// # Errors
/// Those of [`evaluate`](crate::network::evaluate()), of [`svd`](crate::linalg::svd()) and of
/// [`grow`](crate::resize::grow()); [`Error::NoSuchLayer`].
pub fn run<S: Real>(
    network: &Network<S>,
    inputs: &Inputs<S>,
    plan: &Plan,
) -> Result<Invariance, Error> {
    let reference = Reference::of(network, inputs)?;
    let certifier = Certifier::of(network, inputs)?;
    let layers: Vec<Layer<S>> = plan
        .hidden
        .iter()
        .map(|&l| Layer::of(network, l))
        .collect::<Result<_, Error>>()?;
    let jobs: Vec<(&Layer<S>, i64)> = layers
        .iter()
        .flat_map(|layer| plan.changes.iter().map(move |&change| (layer, change)))
        .filter(|(layer, change)| layer.width() as i64 + change >= 1)
        .collect();
    let measure = |(layer, change): &(&Layer<S>, i64)| {
        let setting = measure::Setting {
            network,
            inputs,
            reference: &reference,
            certifier: &certifier,
            layer,
            plan,
        };
        setting.row(*change)
    };
    let rows = in_parallel(&jobs, measure, |_, _| ());
    let mut tables: Vec<Table> = layers
        .iter()
        .map(|layer| Table {
            layer: layer.number,
            width: layer.width(),
            free: layer.free,
            rows: vec![],
        })
        .collect();
    for ((layer, _), row) in jobs.iter().zip(rows) {
        let row = row?;
        if let Some(table) = tables.iter_mut().find(|table| table.layer == layer.number) {
            table.rows.push(row);
        }
    }
    Ok(Invariance {
        scalar: S::name(),
        widths: network.widths(),
        inputs: inputs.lines.len(),
        right: reference.right(inputs),
        rules: plan.rules.clone(),
        tables,
    })
}
