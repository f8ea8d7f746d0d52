//! How singular values change while a network trains, isotropic and elementwise.

use serde::{Deserialize, Serialize};

use super::{
    Activation, Data, Experiment, Fit, Paired, Recipe, Sign, Table, Told, Verdict, columns, mean,
    standard_error,
};
use crate::{
    Error,
    learning::{Optimiser, TrainingError},
    linalg::singular_values,
    network::Network,
};

/// `experiments/spectra.yaml`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The hidden widths.
    pub hidden: Vec<usize>,
    /// The rate of AdamW.
    pub rate: f64,
    /// Its weight decay.
    pub weight_decay: f64,
    /// Rows in a batch.
    pub batch: usize,
    /// When to look, in epochs: 0 is before training, the last two are judged and three times apart.
    pub at: Vec<u64>,
}

const MODELS: [(&str, Activation); 2] = [
    ("isotropic", Activation::Isotropic),
    ("elementwise", Activation::Elementwise),
];

/// The effective rank (Σ σ²)²/Σ σ⁴ of [W ψ], between 1 and the width, as a part of the width; the mean over the hidden layers.
fn effective_rank(network: &Network<f64>) -> Result<f64, Error> {
    let mut parts = vec![];
    for l in network.hidden() {
        let squares: Vec<f64> = singular_values(&network.layer(l).augmented())?
            .iter()
            .map(|sigma| sigma * sigma)
            .collect();
        let sum: f64 = squares.iter().sum();
        let fourth: f64 = squares.iter().map(|square| square * square).sum();
        parts.push(100.0 * sum * sum / fourth / network.layer(l).width() as f64);
    }
    Ok(mean(&parts))
}

impl Experiment for Settings {
    fn measure(&self, data: &Data, seed: u64, told: Told<'_>) -> Result<Vec<f64>, TrainingError> {
        let mut found = vec![];
        for (name, activation) in MODELS {
            let epochs = self.at.last().copied().unwrap_or(0);
            let mut recipe = Recipe::new(Optimiser::adamw(), self.rate, epochs);
            recipe.plan.descent.weight_decay = self.weight_decay;
            recipe.plan.batch = Some(self.batch);
            let mut widths = vec![data.inputs()];
            widths.extend(&self.hidden);
            widths.push(data.classes);
            let mut fit = Fit::new(&widths, activation, &recipe, seed)?;
            for &at in &self.at {
                fit.train(&data.train, at.saturating_sub(fit.epoch))?;
                found.push(effective_rank(fit.trainee.network())?);
            }
            let accuracy = fit.accuracy(&data.test)?;
            told(&format!("{epochs} epochs, {name}: {accuracy:.2} %"));
            found.push(accuracy);
        }
        Ok(found)
    }

    fn tables(&self, found: &[Vec<f64>]) -> Vec<Table> {
        let mut head = vec!["network".to_string()];
        head.extend(self.at.iter().map(|epoch| format!("epoch {epoch}")));
        head.push("accuracy at the end, %".into());
        let head: Vec<&str> = head.iter().map(String::as_str).collect();
        let mut table = Table::new(
            "effective rank (Σσ²)²/Σσ⁴ of the hidden layers, in % of their width",
            &head,
        );
        let columns = columns(found);
        let count = self.at.len() + 1;
        let column =
            |model: usize, at: usize| columns.get(model * count + at).cloned().unwrap_or_default();
        for (model, (name, _)) in MODELS.iter().enumerate() {
            let mut row = vec![(*name).to_string()];
            row.extend((0..count).map(|at| {
                let column = column(model, at);
                format!("{:.2} ± {:.2}", mean(&column), standard_error(&column))
            }));
            table.row(row);
        }
        let differences: Vec<Paired> = (0..count)
            .map(|at| Paired::of(&column(1, at), &column(0, at)))
            .collect();
        let mut row = vec!["elementwise - isotropic".to_string()];
        row.extend(differences.iter().map(ToString::to_string));
        table.row(row);
        let last_two = |signs: Vec<Sign>| Verdict::all(signs);
        let judged = self.at.len().saturating_sub(2)..self.at.len();
        table.judge(
            "training concentrates the singular values of isotropic layers more than those of elementwise ones",
            last_two(differences[judged.clone()].iter().map(Paired::sign).collect()),
        );
        for (model, (name, _)) in MODELS.iter().enumerate() {
            let fall = |at: usize| Paired::of(&column(model, 0), &column(model, at)).sign();
            table.judge(
                format!(
                    "training concentrates the singular values of {} layers",
                    name
                ),
                Verdict::all(judged.clone().map(fall)),
            );
        }
        vec![table]
    }
}
