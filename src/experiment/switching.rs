//! A topology that follows its task: some classes, then all, then the first ones again.

use serde::{Deserialize, Serialize};

use super::{
    Activation, Data, Experiment, Fit, Paired, Recipe, Table, Told, Verdict, columns, mean,
    standard_error,
};
use crate::learning::{Adaptation, Optimiser, TrainingError};

/// `experiments/switching.yaml`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The hidden widths at the start.
    pub hidden: Vec<usize>,
    /// Classes of the first and the last phase: those below this.
    pub classes: usize,
    /// Epochs of each phase, the shortest first.
    pub epochs: Vec<u64>,
    /// The rate of the heavy ball.
    pub rate: f64,
    /// Its μ.
    pub momentum: f64,
    /// Decays to compare; the first one is judged.
    pub weight_decays: Vec<f64>,
    /// Rows in a batch.
    pub batch: usize,
    /// s, the singular values of a layer that are to be at or below the threshold.
    pub buffer: usize,
    /// θ.
    pub threshold: f64,
    /// The least accuracy in the middle phase, %.
    pub least: f64,
}

/// The rule alone, and with scaffolds that have faded renewed.
const RENEWING: [(&str, bool); 2] = [("plain", false), ("renewing", true)];

impl Settings {
    /// The hidden widths and the accuracy at the end of each phase.
    fn run(
        &self,
        data: &Data,
        (renew, decay): (bool, f64),
        epochs: u64,
        seed: u64,
    ) -> Result<Vec<f64>, TrainingError> {
        let optimiser = Optimiser::Momentum { mu: self.momentum };
        let mut recipe = Recipe::new(optimiser, self.rate, 3 * epochs);
        recipe.plan.descent.weight_decay = decay;
        recipe.plan.batch = Some(self.batch);
        recipe.plan.adaptation = Adaptation::Scaffold {
            buffer: self.buffer,
            threshold: self.threshold,
            every: 1,
            renew,
        };
        let mut widths = vec![data.inputs()];
        widths.extend(&self.hidden);
        widths.push(data.classes);
        let mut fit = Fit::new(&widths, Activation::Isotropic, &recipe, seed)?;
        let mut found = vec![];
        for all in [false, true, false] {
            let keep = |label: usize| all || label < self.classes;
            let (train, test) = (data.train.of_labels(keep), data.test.of_labels(keep));
            fit.train(&train, epochs)?;
            found.extend(fit.hidden_widths().iter().map(|width| *width as f64));
            found.push(fit.accuracy(&test)?);
        }
        Ok(found)
    }
}

impl Experiment for Settings {
    fn measure(&self, data: &Data, seed: u64, told: Told<'_>) -> Result<Vec<f64>, TrainingError> {
        let mut found = vec![];
        for &epochs in &self.epochs {
            for (name, renew) in RENEWING {
                for &decay in &self.weight_decays {
                    let numbers = self.run(data, (renew, decay), epochs, seed)?;
                    let phases = numbers.chunks(self.hidden.len() + 1);
                    let shown = phases.map(|phase| match phase.split_last() {
                        Some((accuracy, widths)) => format!("{widths:?} {accuracy:.2} %"),
                        None => String::new(),
                    });
                    let shown: Vec<String> = shown.collect();
                    told(&format!(
                        "{epochs} epochs a phase, {name}, decay {decay}: {}",
                        shown.join(" → ")
                    ));
                    found.extend(numbers);
                }
            }
        }
        Ok(found)
    }

    fn tables(&self, found: &[Vec<f64>]) -> Vec<Table> {
        let mut table = Table::new(
            "hidden widths and accuracy at the end of each phase; growth and shrinking of their mean",
            &[
                "epochs a phase",
                "rule",
                "decay",
                "widths",
                "accuracy, %",
                "grown when classes come",
                "shrunk when they go",
            ],
        );
        let mut columns = columns(found).into_iter();
        let mut judged = RENEWING.map(|_| (vec![], vec![], true));
        for &epochs in &self.epochs {
            for ((name, _), (grows, shrinks, good)) in RENEWING.iter().zip(&mut judged) {
                for (k, &decay) in self.weight_decays.iter().enumerate() {
                    let phases: [Phase; 3] = std::array::from_fn(|_| {
                        let mut next = || columns.next().unwrap_or_default();
                        Phase {
                            widths: self.hidden.iter().map(|_| next()).collect(),
                            accuracy: next(),
                        }
                    });
                    let [first, middle, last] = phases.each_ref().map(Phase::mean_width);
                    let grown = Paired::of(&middle, &first);
                    let shrunk = Paired::of(&middle, &last);
                    table.row([
                        epochs.to_string(),
                        (*name).to_string(),
                        decay.to_string(),
                        phases.each_ref().map(Phase::shown_widths).join(" → "),
                        phases.each_ref().map(|p| shown(&p.accuracy)).join(" → "),
                        grown.to_string(),
                        shrunk.to_string(),
                    ]);
                    if k == 0 {
                        grows.push(grown.sign());
                        shrinks.push(shrunk.sign());
                        *good &= mean(&phases[1].accuracy) >= self.least;
                    }
                }
            }
        }
        for ((name, _), (grows, shrinks, good)) in RENEWING.iter().zip(judged) {
            table.judge(
                format!("{name} rule, with decay: layers grow when classes are added"),
                Verdict::all(grows),
            );
            table.judge(
                format!("{name} rule, with decay: layers shrink when the classes are removed"),
                Verdict::all(shrinks),
            );
            let least = self.least;
            table.judge(
                format!("{name} rule, with decay: {least} % or more are right in the middle phase"),
                Verdict::of(good),
            );
        }
        vec![table]
    }
}

/// What the seeds had at the end of a phase.
struct Phase {
    /// For each hidden layer, its width.
    widths: Vec<Vec<f64>>,
    /// In per cent.
    accuracy: Vec<f64>,
}

impl Phase {
    /// The mean over the hidden layers, for each seed.
    fn mean_width(&self) -> Vec<f64> {
        let seeds = columns(&self.widths).into_iter();
        seeds.map(|widths| mean(&widths)).collect()
    }

    fn shown_widths(&self) -> String {
        let widths: Vec<String> = self.widths.iter().map(|width| shown(width)).collect();
        widths.join(", ")
    }
}

fn shown(numbers: &[f64]) -> String {
    format!("{:.1} ± {:.1}", mean(numbers), standard_error(numbers))
}
