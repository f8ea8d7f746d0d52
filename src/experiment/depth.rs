//! Depth against width in the plane, where one hidden layer of an isotropic network can do little (THEORY E5–E7).

use serde::{Deserialize, Serialize};

use super::{
    Activation, Data, Experiment, Fit, Paired, Plane, Recipe, Table, Told, Verdict, columns, mean,
};
use crate::learning::{Optimiser, Schedule, TrainingError};

/// `experiments/depth.yaml`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The width of every hidden layer.
    pub width: usize,
    /// Numbers of hidden layers, the least first.
    pub depths: Vec<usize>,
    /// The epochs, the shortest first.
    pub epochs: Vec<u64>,
    /// The rate of Adam with one second moment a tensor, falling as a half cosine.
    pub rate: f64,
    /// Rows in a batch.
    pub batch: usize,
    /// Points to learn from.
    pub train: usize,
    /// Points to test on.
    pub test: usize,
}

const MODELS: [(&str, Activation); 2] = [
    ("isotropic", Activation::Isotropic),
    ("elementwise", Activation::Elementwise),
];

impl Experiment for Settings {
    fn measure(&self, _: &Data, seed: u64, told: Told<'_>) -> Result<Vec<f64>, TrainingError> {
        let mut found = vec![];
        for plane in Plane::ALL {
            let data = plane.data(self.train, self.test, seed);
            for &epochs in &self.epochs {
                for (name, activation) in MODELS {
                    for &depth in &self.depths {
                        let mut recipe = Recipe::new(Optimiser::adam_tensor(), self.rate, epochs);
                        recipe.plan.batch = Some(self.batch);
                        recipe.plan.schedule = Schedule::Cosine;
                        let mut widths = vec![2];
                        widths.extend(vec![self.width; depth]);
                        widths.push(2);
                        let mut fit = Fit::new(&widths, activation, &recipe, seed)?;
                        fit.finish(&data.train)?;
                        let accuracy = fit.accuracy(&data.test)?;
                        let plane = plane.name();
                        told(&format!(
                            "{plane}, {epochs} epochs, {name}, {depth} hidden: {accuracy:.2} %"
                        ));
                        found.push(accuracy);
                    }
                }
            }
        }
        Ok(found)
    }

    fn tables(&self, found: &[Vec<f64>]) -> Vec<Table> {
        let mut head = vec!["task".to_string(), "epochs".into()];
        for (name, _) in MODELS {
            head.extend(
                self.depths
                    .iter()
                    .map(|depth| format!("{name}, {depth} hidden")),
            );
        }
        head.push("isotropic, deepest - shallowest".into());
        head.push("deepest: isotropic - elementwise".into());
        let head: Vec<&str> = head.iter().map(String::as_str).collect();
        let mut table = Table::new("accuracy, %, and differences in points", &head);
        let mut columns = columns(found).into_iter();
        for plane in Plane::ALL {
            let (mut deeper, mut level) = (vec![], vec![]);
            for &epochs in &self.epochs {
                let mut models: Vec<Vec<Vec<f64>>> = vec![];
                for _ in MODELS {
                    let of = self
                        .depths
                        .iter()
                        .map(|_| columns.next().unwrap_or_default());
                    models.push(of.collect());
                }
                let end = |model: usize| models[model].last().cloned().unwrap_or_default();
                let start = models[0].first().cloned().unwrap_or_default();
                let gained = Paired::of(&end(0), &start);
                let against = Paired::of(&end(0), &end(1));
                let mut row = vec![plane.name().to_string(), epochs.to_string()];
                row.extend(
                    models
                        .iter()
                        .flatten()
                        .map(|column| format!("{:.1}", mean(column))),
                );
                row.extend([gained.to_string(), against.to_string()]);
                table.row(row);
                deeper.push(gained.sign());
                level.push(against.sign());
            }
            let name = plane.name();
            table.judge(
                format!("{name}: depth helps an isotropic network of this width"),
                Verdict::all(deeper),
            );
            table.judge(
                format!("{name}: at the largest depth isotropic is better than elementwise tanh"),
                Verdict::all(level),
            );
        }
        vec![table]
    }
}
