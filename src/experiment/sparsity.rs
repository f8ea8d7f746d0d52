//! Zeros that cost nothing: alternate and triangular gauges of trained networks.

use serde::{Deserialize, Serialize};

use super::{
    Activation, Data, Experiment, Fit, Recipe, Table, Told, Verdict, accuracy, columns, mean,
    standard_error,
};
use crate::{
    Error,
    bound::rounding_units,
    gauge::{Gauge, diagonalise},
    learning::{Optimiser, TrainingError},
    linalg::{column, norm2},
    network::{Network, gradient::outputs},
};

/// `experiments/sparsification.yaml`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The hidden widths.
    pub hidden: Vec<usize>,
    /// The rate of AdamW.
    pub rate: f64,
    /// Its weight decay.
    pub weight_decay: f64,
    /// The epochs, the shortest first.
    pub epochs: Vec<u64>,
    /// Rows in a batch.
    pub batch: usize,
    /// Test rows whose rounding bound is taken.
    pub bounded: usize,
}

const GAUGES: [(&str, Gauge); 2] = [
    ("alternate", Gauge::Alternate),
    ("triangular", Gauge::Triangular),
];

/// Zeros among the weights, in %.
fn zeros(network: &Network<f64>) -> f64 {
    let weights = || {
        network
            .layers()
            .iter()
            .flat_map(|layer| layer.weight.iter())
    };
    100.0 * weights().filter(|w| **w == 0.0).count() as f64 / weights().count().max(1) as f64
}

impl Settings {
    /// Zeros, difference of accuracy, largest relative change of an output, largest change / rounding bound.
    fn compare(
        &self,
        before: &Network<f64>,
        after: &Network<f64>,
        data: &Data,
    ) -> Result<[f64; 4], Error> {
        let (y, image) = (
            outputs(before, &data.test.x)?,
            outputs(after, &data.test.x)?,
        );
        let (mut relative, mut ratio) = (0.0f64, 0.0f64);
        // A rotation of n neurons errs by 4 n u, which touches its own layer and the next.
        let moved: Vec<f64> = (1..=before.depth())
            .map(|l| {
                let of = |l: usize| {
                    if before.hidden().contains(&l) {
                        8.0 * before.layer(l).width() as f64
                    } else {
                        0.0
                    }
                };
                of(l) + of(l.wrapping_sub(1))
            })
            .collect();
        for j in 0..y.ncols() {
            let change: Vec<f64> = column(&y, j)
                .iter()
                .zip(column(&image, j))
                .map(|(a, b)| a - b)
                .collect();
            let change = norm2(&change);
            relative = relative.max(change / norm2(column(&y, j)));
            if j < self.bounded {
                let x = column(&data.test.x, j);
                let units = rounding_units(before, x, &vec![])? + rounding_units(after, x, &moved)?;
                ratio = ratio.max(change / (units * f64::EPSILON / 2.0));
            }
        }
        Ok([
            zeros(after),
            accuracy(&image, &data.test) - accuracy(&y, &data.test),
            relative,
            ratio,
        ])
    }
}

impl Experiment for Settings {
    fn measure(&self, data: &Data, seed: u64, told: Told<'_>) -> Result<Vec<f64>, TrainingError> {
        let mut found = vec![];
        for &epochs in &self.epochs {
            let mut recipe = Recipe::new(Optimiser::adamw(), self.rate, epochs);
            recipe.plan.descent.weight_decay = self.weight_decay;
            recipe.plan.batch = Some(self.batch);
            let mut widths = vec![data.inputs()];
            widths.extend(&self.hidden);
            widths.push(data.classes);
            let mut fit = Fit::new(&widths, Activation::Isotropic, &recipe, seed)?;
            fit.finish(&data.train)?;
            let accuracy = fit.accuracy(&data.test)?;
            told(&format!("{epochs} epochs: {accuracy:.2} %"));
            found.push(accuracy);
            let network = fit.trainee.network();
            for (name, gauge) in GAUGES {
                let compared = self.compare(network, &diagonalise(network, gauge, &[])?, data)?;
                told(&format!(
                    "{epochs} epochs, {name}: {:.1} % zeros, outputs moved by {:.1e}",
                    compared[0], compared[2]
                ));
                found.extend(compared);
            }
        }
        Ok(found)
    }

    fn tables(&self, found: &[Vec<f64>]) -> Vec<Table> {
        let mut table = Table::new(
            "what the gauges of trained networks cost",
            &[
                "epochs",
                "gauge",
                "accuracy, %",
                "zeros among weights, %",
                "change of accuracy, points",
                "largest relative change",
                "largest change / rounding bound",
            ],
        );
        let mut columns = columns(found).into_iter();
        let mut unchanged = [true; 2];
        for &epochs in &self.epochs {
            let before = columns.next().unwrap_or_default();
            for ((name, _), unchanged) in GAUGES.iter().zip(&mut unchanged) {
                let [zeros, accuracy, relative, ratio] =
                    std::array::from_fn(|_| columns.next().unwrap_or_default());
                let largest = |x: &[f64]| x.iter().copied().fold(0.0, f64::max);
                table.row([
                    epochs.to_string(),
                    (*name).into(),
                    format!("{:.2} ± {:.2}", mean(&before), standard_error(&before)),
                    format!("{:.1}", mean(&zeros)),
                    format!("{:+.2}", mean(&accuracy)),
                    format!("{:.1e}", largest(&relative)),
                    format!("{:.3}", largest(&ratio)),
                ]);
                *unchanged &= largest(&ratio) <= 1.0 && accuracy.iter().all(|x| *x == 0.0);
            }
        }
        for ((name, _), unchanged) in GAUGES.iter().zip(unchanged) {
            table.judge(
                format!("the {name} gauge changes no accuracy, and no output by more than its rounding bound"),
                Verdict::of(unchanged),
            );
        }
        vec![table]
    }
}
