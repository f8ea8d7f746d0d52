//! Inputs and outputs that come and go while a network is in use.

use serde::{Deserialize, Serialize};

use super::{
    Activation, Data, Experiment, Fit, Paired, Recipe, Rows, Table, Told, Verdict, columns, mean,
    standard_error,
};
use crate::{
    Error, Network,
    learning::{Optimiser, TrainingError},
    linalg::{Matrix, Vector},
    network::{
        Layer,
        gradient::{Tangent, outputs},
    },
};

/// `experiments/ends.yaml`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The hidden widths.
    pub hidden: Vec<usize>,
    /// Inputs at the start; the others come and go.
    pub inputs: usize,
    /// Classes at the start; the others come and go.
    pub classes: usize,
    /// The rate of Adam with one second moment a tensor.
    pub rate: f64,
    /// Epochs of each of the five phases, the shortest first.
    pub epochs: Vec<u64>,
    /// Rows in a batch.
    pub batch: usize,
}

/// The matrix with that many rows and columns: zeros are added at the end, or what is beyond goes.
fn fitted(a: &Matrix<f64>, rows: usize, columns: usize) -> Matrix<f64> {
    Matrix::from_fn(rows, columns, |i, j| a.get((i, j)).copied().unwrap_or(0.0))
}

fn fitted_vector(v: &Vector<f64>, n: usize) -> Vector<f64> {
    Vector::from_fn(n, |i, _| v.get(i).copied().unwrap_or(0.0))
}

/// The first layer with `inputs` columns and the last with `outputs` rows.
fn refit(layers: &mut [Layer<f64>], inputs: usize, outputs: usize) {
    if let Some(first) = layers.first_mut() {
        first.weight = fitted(&first.weight, first.weight.nrows(), inputs);
    }
    if let Some(last) = layers.last_mut() {
        last.weight = fitted(&last.weight, outputs, last.weight.ncols());
        last.bias = fitted_vector(&last.bias, outputs);
        last.psi = last.psi.as_ref().map(|psi| fitted_vector(psi, outputs));
    }
}

impl Settings {
    /// Gives the network these inputs and outputs, with zeros for new ones, and its momenta likewise.
    fn change(&self, fit: &mut Fit, inputs: usize, outputs: usize) -> Result<(), Error> {
        let (mut layers, gain, lengths) = fit.trainee.network().clone().into_parts();
        refit(&mut layers, inputs, outputs);
        let network = Network::new(layers, gain, Some(lengths))?;
        let follow = |momenta: &mut Tangent<f64>| refit(&mut momenta.layers, inputs, outputs);
        fit.trainee.replace(network, follow)
    }

    /// For each phase the accuracy at its end; then the largest change of an output when inputs came.
    fn run(&self, data: &Data, epochs: u64, seed: u64) -> Result<Vec<f64>, TrainingError> {
        let mut recipe = Recipe::new(Optimiser::adam_tensor(), self.rate, epochs * 5);
        recipe.plan.batch = Some(self.batch);
        let mut widths = vec![self.inputs];
        widths.extend(&self.hidden);
        widths.push(self.classes);
        let mut fit = Fit::new(&widths, Activation::Isotropic, &recipe, seed)?;
        let part = |rows: &Rows, inputs: usize, classes: usize| {
            let mut part = rows.of_labels(|label| label < classes);
            part.x = part.x.rows(0, inputs).into_owned();
            part
        };
        let (few, all) = (self.inputs, data.inputs());
        let (some, every) = (self.classes, data.classes);
        let phases = [
            (few, some),
            (all, some),
            (all, every),
            (all, some),
            (few, some),
        ];
        let (mut found, mut moved) = (vec![], 0.0f64);
        for (k, (inputs, classes)) in phases.into_iter().enumerate() {
            if k > 0 {
                let before = part(&data.test, phases[k - 1].0, classes.min(phases[k - 1].1));
                let after = part(&data.test, inputs, classes.min(phases[k - 1].1));
                let y = outputs(fit.trainee.network(), &before.x)?;
                self.change(&mut fit, inputs, classes)?;
                let image = outputs(fit.trainee.network(), &after.x)?;
                if k < 3 {
                    // Inputs and outputs that come leave the outputs that were there.
                    let rows = y.nrows();
                    let change = image.rows(0, rows) - &y;
                    moved = moved.max(change.amax());
                }
            }
            let (train, test) = (
                part(&data.train, inputs, classes),
                part(&data.test, inputs, classes),
            );
            fit.train(&train, epochs)?;
            found.push(fit.accuracy(&test)?);
        }
        found.push(moved);
        Ok(found)
    }
}

impl Experiment for Settings {
    fn measure(&self, data: &Data, seed: u64, told: Told<'_>) -> Result<Vec<f64>, TrainingError> {
        let mut found = vec![];
        for &epochs in &self.epochs {
            let phases = self.run(data, epochs, seed)?;
            let shown: Vec<String> = phases[..5].iter().map(|x| format!("{x:.2}")).collect();
            told(&format!("{epochs} epochs a phase: {} %", shown.join(" → ")));
            found.extend(phases);
        }
        Ok(found)
    }

    fn tables(&self, found: &[Vec<f64>]) -> Vec<Table> {
        let mut table = Table::new(
            "accuracy at the end of each phase, %, and the largest change of an output when something comes",
            &[
                "epochs a phase",
                "few inputs, some classes",
                "all inputs",
                "all classes",
                "some classes",
                "few inputs",
                "gained by inputs, points",
                "kept at the end, points",
                "change on coming",
            ],
        );
        let mut columns = columns(found).into_iter();
        let (mut gains, mut same) = (vec![], true);
        for &epochs in &self.epochs {
            let phases: [Vec<f64>; 6] = std::array::from_fn(|_| columns.next().unwrap_or_default());
            let gained = Paired::of(&phases[1], &phases[0]);
            let kept = Paired::of(&phases[4], &phases[0]);
            let moved = phases[5].iter().copied().fold(0.0, f64::max);
            let mut row = vec![epochs.to_string()];
            row.extend(
                phases[..5]
                    .iter()
                    .map(|x| format!("{:.2} ± {:.2}", mean(x), standard_error(x))),
            );
            row.extend([gained.to_string(), kept.to_string(), format!("{moved:e}")]);
            table.row(row);
            gains.push(gained.sign());
            same &= moved == 0.0;
        }
        table.judge(
            "inputs and outputs that come change no bit of the outputs that were there",
            Verdict::of(same),
        );
        table.judge("inputs that come are made use of", Verdict::all(gains));
        vec![table]
    }
}
