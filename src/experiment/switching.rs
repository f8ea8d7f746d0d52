//! A topology that follows its task: some classes, then all, then the first ones again.

use serde::Deserialize;

use super::{
    Activation, Data, Experiment, Fit, Paired, Recipe, Table, Verdict, columns, mean,
    standard_error,
};
use crate::learning::{Adaptation, Optimiser, TrainingError};

/// `experiments/switching.yaml`.
#[derive(Clone, Debug, Deserialize)]
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
    /// (mean hidden width, accuracy) at the end of each phase.
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
            let widths = fit.hidden_widths();
            found.push(widths.iter().sum::<usize>() as f64 / widths.len().max(1) as f64);
            found.push(fit.accuracy(&test)?);
        }
        Ok(found)
    }
}

impl Experiment for Settings {
    fn measure(&self, data: &Data, seed: u64) -> Result<Vec<f64>, TrainingError> {
        let mut found = vec![];
        for &epochs in &self.epochs {
            for (_, renew) in RENEWING {
                for &decay in &self.weight_decays {
                    found.extend(self.run(data, (renew, decay), epochs, seed)?);
                }
            }
        }
        Ok(found)
    }

    fn tables(&self, found: &[Vec<f64>]) -> Vec<Table> {
        let mut table = Table::new(
            "mean hidden width and accuracy at the end of each phase",
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
                    let phases: [[Vec<f64>; 2]; 3] = std::array::from_fn(|_| {
                        std::array::from_fn(|_| columns.next().unwrap_or_default())
                    });
                    let grown = Paired::of(&phases[1][0], &phases[0][0]);
                    let shrunk = Paired::of(&phases[1][0], &phases[2][0]);
                    table.row([
                        epochs.to_string(),
                        (*name).to_string(),
                        decay.to_string(),
                        shown(&phases, 0),
                        shown(&phases, 1),
                        grown.to_string(),
                        shrunk.to_string(),
                    ]);
                    if k == 0 {
                        grows.push(grown.sign());
                        shrinks.push(shrunk.sign());
                        *good &= mean(&phases[1][1]) >= self.least;
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

/// What the phases ended with: a width or an accuracy.
fn shown(phases: &[[Vec<f64>; 2]; 3], what: usize) -> String {
    let cells = phases.iter().map(|phase| {
        let found = &phase[what];
        format!("{:.1} ± {:.1}", mean(found), standard_error(found))
    });
    cells.collect::<Vec<String>>().join(" → ")
}
