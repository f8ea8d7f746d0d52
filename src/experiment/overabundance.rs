//! Is it worth being wide for a while? Start wide and shrink to n, against n throughout, and against being wide for two
//! epochs only.

use serde::Deserialize;

use super::{
    Activation, Data, Experiment, Fit, Paired, Recipe, Removal, Sign, Table, Verdict, columns, cut,
    mean,
};
use crate::{Error, learning::Optimiser};

/// `experiments/overabundance.yaml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Hidden layers, all of one width.
    pub hidden: usize,
    /// The width at the start.
    pub wide: usize,
    /// The widths at the end.
    pub narrow: Vec<usize>,
    /// The epochs, the shortest first.
    pub epochs: Vec<u64>,
    /// The rate of Adam with one second moment a tensor.
    pub rate: f64,
    /// Rows in a batch.
    pub batch: usize,
    /// The part of the epochs before shrinking starts.
    pub before: f64,
    /// The part of the epochs in which the width falls linearly.
    pub shrinking: f64,
    /// Epochs that the control is wide for.
    pub control: u64,
    /// Rows that a data-aware cut looks at.
    pub sample: usize,
}

/// How the hidden layers come by their width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Path {
    Throughout,
    Shrinking(Removal),
    Control,
}

impl Settings {
    /// The width in epoch `epoch` of `epochs`, from 0.
    fn width(&self, path: Path, narrow: usize, epoch: u64, epochs: u64) -> usize {
        match path {
            Path::Throughout => narrow,
            Path::Control if epoch < self.control => self.wide,
            Path::Control => narrow,
            Path::Shrinking(_) => {
                let at = epoch as f64 / epochs as f64;
                let part = ((at - self.before) / self.shrinking).clamp(0.0, 1.0);
                let width = self.wide as f64 + (narrow as f64 - self.wide as f64) * part;
                width.round() as usize
            }
        }
    }

    /// The accuracy at the end, in per cent.
    fn run(
        &self,
        data: &Data,
        path: Path,
        narrow: usize,
        epochs: u64,
        seed: u64,
    ) -> Result<f64, Error> {
        let mut recipe = Recipe::new(Optimiser::adam_tensor(), self.rate, epochs);
        recipe.batch = self.batch;
        let mut widths = vec![self.width(path, narrow, 0, epochs); self.hidden + 2];
        widths[0] = data.inputs();
        widths[self.hidden + 1] = data.classes;
        let mut fit = Fit::new(&widths, Activation::Isotropic, &recipe, seed)?;
        let removal = match path {
            Path::Shrinking(removal) => removal,
            Path::Throughout | Path::Control => Removal::Data,
        };
        for epoch in 0..epochs {
            let width = self.width(path, narrow, epoch, epochs);
            let sample = fit.recent(&data.train, self.sample);
            for l in 1..=self.hidden {
                cut(
                    &mut fit.trainee,
                    l,
                    width,
                    removal,
                    &sample,
                    &recipe.descent.optimiser,
                )?;
            }
            fit.epoch(&data.train)?;
        }
        fit.accuracy(&data.test)
    }
}

/// In the order of the measurements.
const PATHS: [Path; 4] = [
    Path::Throughout,
    Path::Shrinking(Removal::SingularValues),
    Path::Shrinking(Removal::Data),
    Path::Control,
];

impl Experiment for Settings {
    fn measure(&self, data: &Data, seed: u64) -> Result<Vec<f64>, Error> {
        let mut found = vec![];
        for &narrow in &self.narrow {
            for &epochs in &self.epochs {
                for path in PATHS {
                    found.push(self.run(data, path, narrow, epochs, seed)?);
                }
            }
        }
        Ok(found)
    }

    fn tables(&self, found: &[Vec<f64>]) -> Vec<Table> {
        let mut table = Table::new(
            "accuracy at the end, and differences to n throughout, in points",
            &[
                "n",
                "epochs",
                "n throughout, %",
                "D4 removal",
                "D10 removal",
                "control",
                "D10 - control",
            ],
        );
        let mut columns = columns(found).into_iter();
        for &narrow in &self.narrow {
            let mut signs = vec![];
            let mut last = Sign::Undecided;
            for &epochs in &self.epochs {
                let [base, d4, d10, control] =
                    std::array::from_fn(|_| columns.next().unwrap_or_default());
                let (against, beyond) = (Paired::of(&d10, &base), Paired::of(&d10, &control));
                signs.push(against.sign());
                last = beyond.sign();
                table.row([
                    narrow.to_string(),
                    epochs.to_string(),
                    format!("{:.1}", mean(&base)),
                    Paired::of(&d4, &base).to_string(),
                    against.to_string(),
                    Paired::of(&control, &base).to_string(),
                    beyond.to_string(),
                ]);
            }
            // Better than n throughout at every length, and than the control at the longest.
            signs.push(last);
            table.judge(
                format!("n = {narrow}: wide at first, cut along the data, ends better than n throughout and than the control"),
                Verdict::all(signs),
            );
        }
        vec![table]
    }
}
