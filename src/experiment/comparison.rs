//! Isotropic against elementwise tanh at fixed widths, over learning rates, with a linear classifier beside both.

use serde::{Deserialize, Serialize};

use super::{
    Activation, Data, Experiment, Fit, Paired, Recipe, Table, Told, Verdict, columns, mean,
    standard_error,
};
use crate::learning::{Optimiser, TrainingError};

/// `experiments/static.yaml`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The hidden widths.
    pub hidden: Vec<usize>,
    /// Rates of AdamW.
    pub rates: Vec<f64>,
    /// Its weight decay.
    pub weight_decay: f64,
    /// The epochs, the shortest first.
    pub epochs: Vec<u64>,
    /// Rows in a batch.
    pub batch: usize,
}

/// What is compared: two networks and a linear classifier.
const MODELS: [(&str, Activation, bool); 3] = [
    ("isotropic", Activation::Isotropic, true),
    ("elementwise", Activation::Elementwise, true),
    ("linear", Activation::Elementwise, false),
];

impl Experiment for Settings {
    fn measure(&self, data: &Data, seed: u64, told: Told<'_>) -> Result<Vec<f64>, TrainingError> {
        let mut found = vec![];
        for &epochs in &self.epochs {
            for &rate in &self.rates {
                for (name, activation, deep) in MODELS {
                    let mut recipe = Recipe::new(Optimiser::adamw(), rate, epochs);
                    recipe.plan.descent.weight_decay = self.weight_decay;
                    recipe.plan.batch = Some(self.batch);
                    let mut widths = vec![data.inputs()];
                    widths.extend(self.hidden.iter().filter(|_| deep));
                    widths.push(data.classes);
                    let mut fit = Fit::new(&widths, activation, &recipe, seed)?;
                    fit.finish(&data.train)?;
                    let accuracy = fit.accuracy(&data.test)?;
                    told(&format!(
                        "{epochs} epochs at {rate}, {name}: {accuracy:.2} %"
                    ));
                    found.push(accuracy);
                }
            }
        }
        Ok(found)
    }

    fn tables(&self, found: &[Vec<f64>]) -> Vec<Table> {
        let mut table = Table::new(
            "accuracy, %, and isotropic less elementwise, in points",
            &[
                "epochs",
                "rate",
                "isotropic",
                "elementwise tanh",
                "linear",
                "isotropic - elementwise",
            ],
        );
        let mut columns = columns(found).into_iter();
        let (mut level, mut steady, mut beyond) = (vec![], vec![], vec![]);
        for &epochs in &self.epochs {
            let mut models: [Vec<Vec<f64>>; 3] = Default::default();
            for &rate in &self.rates {
                for model in &mut models {
                    model.push(columns.next().unwrap_or_default());
                }
                let at = models[0].len() - 1;
                let shown = |model: &Vec<Vec<f64>>| {
                    format!(
                        "{:.2} ± {:.2}",
                        mean(&model[at]),
                        standard_error(&model[at])
                    )
                };
                table.row([
                    epochs.to_string(),
                    format!("{rate}"),
                    shown(&models[0]),
                    shown(&models[1]),
                    shown(&models[2]),
                    Paired::of(&models[0][at], &models[1][at]).to_string(),
                ]);
            }
            let [isotropic, elementwise, linear] = models.each_ref().map(|model| best(model));
            let against = Paired::of(&isotropic, &elementwise);
            let over = Paired::of(&isotropic, &linear);
            table.row([
                epochs.to_string(),
                "best for each".into(),
                format!("{:.2}", mean(&isotropic)),
                format!("{:.2}", mean(&elementwise)),
                format!("{:.2}", mean(&linear)),
                against.to_string(),
            ]);
            level.push(against.sign());
            beyond.push(over.sign());
            steady.push(Paired::of(&range(&models[1]), &range(&models[0])).sign());
        }
        table.judge(
            "isotropic is better than elementwise tanh, each at its best rate",
            Verdict::all(level),
        );
        table.judge(
            "isotropic is better than a linear classifier, each at its best rate",
            Verdict::all(beyond),
        );
        table.judge(
            "isotropic depends less on the rate (largest less smallest accuracy over the rates)",
            Verdict::all(steady),
        );
        vec![table]
    }
}

/// The accuracies at the rate with the largest mean.
fn best(model: &[Vec<f64>]) -> Vec<f64> {
    let better = |a: &&Vec<f64>, b: &&Vec<f64>| mean(a).total_cmp(&mean(b));
    model.iter().max_by(better).cloned().unwrap_or_default()
}

/// Largest less smallest over the rates, for each seed.
fn range(model: &[Vec<f64>]) -> Vec<f64> {
    let seeds = model.first().map_or(0, Vec::len);
    let over = |seed: usize| model.iter().map(move |rate| rate[seed]);
    (0..seeds)
        .map(|seed| over(seed).fold(f64::MIN, f64::max) - over(seed).fold(f64::MAX, f64::min))
        .collect()
}
