//! Invariance after training, in seven ways of treating the intrinsic length and ψ.

use num_traits::Zero;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::{
    Activation, Data, Experiment, Fit, Paired, Recipe, Table, Told, Verdict, columns, mean,
    standard_error,
};
use crate::{
    Error,
    bound::rounding_units,
    gauge::left,
    learning::{LengthMode, Optimiser, TrainingError},
    linalg::{Matrix, column, norm2},
    network::{Network, gradient::outputs},
    resize::{Outgoing, grow, truncate},
};

/// `experiments/invariance.yaml`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The hidden widths.
    pub hidden: Vec<usize>,
    /// The hidden layer that is turned, grown and cut.
    pub layer: usize,
    /// Neurons added, and neurons removed.
    pub neurons: usize,
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

/// A way of treating o and ψ.
struct Mode {
    name: &'static str,
    length: LengthMode,
    start: f64,
    psi: bool,
}

const MODES: [Mode; 7] = [
    Mode {
        name: "o = 0, no ψ",
        length: LengthMode::Fixed,
        start: 0.0,
        psi: false,
    },
    Mode {
        name: "o = 0, ψ trained",
        length: LengthMode::Fixed,
        start: 0.0,
        psi: true,
    },
    Mode {
        name: "o = 1, no ψ",
        length: LengthMode::Fixed,
        start: 1.0,
        psi: false,
    },
    Mode {
        name: "o = 1, ψ trained",
        length: LengthMode::Fixed,
        start: 1.0,
        psi: true,
    },
    Mode {
        name: "ln o trained, no ψ",
        length: LengthMode::Log,
        start: 1e-2,
        psi: false,
    },
    Mode {
        name: "ln o trained, ψ trained",
        length: LengthMode::Log,
        start: 1e-2,
        psi: true,
    },
    Mode {
        name: "λ trained, ψ trained",
        length: LengthMode::Root,
        start: 1e-2,
        psi: true,
    },
];

/// The mode that the others are held against: the default.
const DEFAULT: usize = 5;

/// (100/N) Σ ‖y' - y‖/‖y‖.
fn scaled_change(y: &Matrix<f64>, image: &Matrix<f64>) -> f64 {
    let of = |j: usize| {
        let (y, image) = (column(y, j), column(image, j));
        let change: Vec<f64> = y.iter().zip(image).map(|(a, b)| a - b).collect();
        norm2(&change) / norm2(y)
    };
    100.0 * (0..y.ncols()).map(of).sum::<f64>() / y.ncols().max(1) as f64
}

impl Settings {
    /// The largest change of an output under the rotation of one layer, over its rounding bound.
    fn rotation(&self, network: &Network<f64>, data: &Data) -> Result<f64, Error> {
        let turned = left(network, self.layer)?;
        let mut moved = vec![0.0; network.depth()];
        for of in &mut moved[self.layer - 1..=self.layer] {
            *of = 8.0 * network.layer(self.layer).width() as f64;
        }
        let (y, image) = (
            outputs(network, &data.test.x)?,
            outputs(&turned, &data.test.x)?,
        );
        let mut ratio = 0.0f64;
        for j in 0..self.bounded.min(y.ncols()) {
            let x = column(&data.test.x, j);
            let change: Vec<f64> = column(&y, j)
                .iter()
                .zip(column(&image, j))
                .map(|(a, b)| a - b)
                .collect();
            let units = rounding_units(network, x, &vec![])? + rounding_units(&turned, x, &moved)?;
            ratio = ratio.max(norm2(&change) / (units * f64::EPSILON / 2.0));
        }
        Ok(ratio)
    }

    /// Accuracy, change / bound under rotation, entries that growth changes, change when neurons are removed.
    fn run(
        &self,
        data: &Data,
        mode: &Mode,
        epochs: u64,
        seed: u64,
    ) -> Result<[f64; 4], TrainingError> {
        let mut recipe = Recipe::new(Optimiser::adamw(), self.rate, epochs);
        recipe.plan.descent.weight_decay = self.weight_decay;
        recipe.plan.batch = Some(self.batch);
        (recipe.length, recipe.length_squared, recipe.psi) = (mode.length, mode.start, mode.psi);
        let mut widths = vec![data.inputs()];
        widths.extend(&self.hidden);
        widths.push(data.classes);
        let mut fit = Fit::new(&widths, Activation::Isotropic, &recipe, seed)?;
        fit.finish(&data.train)?;
        let network = fit.trainee.network();
        let y = outputs(network, &data.test.x)?;
        let (l, width) = (self.layer, network.layer(self.layer).width());
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let rows = network.layer(l + 1).width();
        let drawn = Outgoing::Random.draw(rows, self.neurons, width + self.neurons, &mut rng);
        let grown = outputs(&grow(network, l, &drawn)?, &data.test.x)?;
        let differ = y
            .iter()
            .zip(&grown)
            .filter(|(a, b)| !(*a - *b).is_zero())
            .count();
        let (cut, _) = truncate(network, l, width.saturating_sub(self.neurons).max(1))?;
        let cut = scaled_change(&y, &outputs(&cut, &data.test.x)?);
        Ok([
            fit.accuracy(&data.test)?,
            self.rotation(network, data)?,
            differ as f64,
            cut,
        ])
    }
}

impl Experiment for Settings {
    fn measure(&self, data: &Data, seed: u64, told: Told<'_>) -> Result<Vec<f64>, TrainingError> {
        let mut found = vec![];
        for &epochs in &self.epochs {
            for mode in &MODES {
                let numbers = self.run(data, mode, epochs, seed)?;
                told(&format!(
                    "{epochs} epochs, {}: {:.2} %",
                    mode.name, numbers[0]
                ));
                found.extend(numbers);
            }
        }
        Ok(found)
    }

    fn tables(&self, found: &[Vec<f64>]) -> Vec<Table> {
        let mut table = Table::new(
            &format!(
                "hidden layer {} after training: turned, {} neurons added, {} removed",
                self.layer, self.neurons, self.neurons
            ),
            &[
                "epochs",
                "mode",
                "accuracy, %",
                "to the default, points",
                "turned: change / rounding bound",
                "grown: outputs that differ",
                "cut: scaled change, %",
            ],
        );
        let mut columns = columns(found).into_iter();
        let largest = |x: &[f64]| x.iter().copied().fold(0.0, f64::max);
        let (mut turned, mut grown) = (true, true);
        let mut better = vec![vec![]; MODES.len()];
        for &epochs in &self.epochs {
            let modes: Vec<[Vec<f64>; 4]> = MODES
                .iter()
                .map(|_| std::array::from_fn(|_| columns.next().unwrap_or_default()))
                .collect();
            for (k, ([accuracy, ratio, differ, cut], mode)) in modes.iter().zip(&MODES).enumerate()
            {
                let against = Paired::of(accuracy, &modes[DEFAULT][0]);
                table.row([
                    epochs.to_string(),
                    mode.name.into(),
                    format!("{:.2} ± {:.2}", mean(accuracy), standard_error(accuracy)),
                    if k == DEFAULT {
                        "-".into()
                    } else {
                        against.to_string()
                    },
                    format!("{:.3}", largest(ratio)),
                    format!("{:.0}", largest(differ)),
                    format!("{:.2} ± {:.2}", mean(cut), standard_error(cut)),
                ]);
                turned &= largest(ratio) <= 1.0;
                grown &= largest(differ) == 0.0;
                better[k].push(Paired::of(&modes[DEFAULT][0], accuracy).sign());
            }
        }
        table.judge(
            "in every mode turning a layer changes outputs by no more than rounding",
            Verdict::of(turned),
        );
        table.judge(
            "in every mode growth changes no bit of any output",
            Verdict::of(grown),
        );
        for (k, signs) in better
            .into_iter()
            .enumerate()
            .filter(|(k, _)| *k != DEFAULT)
        {
            table.judge(
                format!(
                    "training both ln o and ψ is more accurate than: {}",
                    MODES[k].name
                ),
                Verdict::all(signs),
            );
        }
        vec![table]
    }
}
