//! Is it worth being wide for a while? Start wide and shrink to n, against n throughout, and against being wide for two
//! epochs only.

use serde::{Deserialize, Serialize};

use super::{
    Activation, Data, Experiment, Fit, Paired, Recipe, Sign, Table, Told, Verdict, columns, mean,
};
use crate::learning::{Adaptation, Optimiser, RemovalRule, TrainingError, Widths};

/// `experiments/overabundance.yaml`.
#[derive(Clone, Debug, Deserialize, Serialize)]
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
    Shrinking(RemovalRule),
    Control,
}

impl Path {
    fn name(self) -> &'static str {
        match self {
            Path::Throughout => "n throughout",
            Path::Shrinking(RemovalRule::Values) => "D4 removal",
            Path::Shrinking(RemovalRule::Data) => "D10 removal",
            Path::Control => "control",
        }
    }
}

impl Settings {
    /// (epoch, width) between which the width falls linearly; none where it stays.
    fn knots(&self, path: Path, narrow: usize, epochs: u64) -> Vec<(u64, usize)> {
        let at = |part: f64| (part * epochs as f64).round() as u64;
        match path {
            Path::Throughout => vec![],
            Path::Control => vec![(self.control - 1, self.wide), (self.control, narrow)],
            Path::Shrinking(_) => vec![
                (at(self.before), self.wide),
                (at(self.before + self.shrinking), narrow),
            ],
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
    ) -> Result<f64, TrainingError> {
        let mut recipe = Recipe::new(Optimiser::adam_tensor(), self.rate, epochs);
        recipe.plan.batch = Some(self.batch);
        recipe.plan.recent = self.sample;
        let start = if path == Path::Throughout {
            narrow
        } else {
            self.wide
        };
        let knots = self.knots(path, narrow, epochs);
        let knots: Vec<(u64, Vec<usize>)> = knots
            .into_iter()
            .filter(|(epoch, _)| *epoch > 0)
            .map(|(epoch, width)| (epoch, vec![width; self.hidden]))
            .collect();
        if !knots.is_empty() {
            let widths = Widths::new(&vec![start; self.hidden], knots, epochs)?;
            recipe.plan.adaptation = Adaptation::Widths(widths);
        }
        if let Path::Shrinking(rule) = path {
            recipe.plan.removal = rule;
        }
        let mut widths = vec![start; self.hidden + 2];
        widths[0] = data.inputs();
        widths[self.hidden + 1] = data.classes;
        let mut fit = Fit::new(&widths, Activation::Isotropic, &recipe, seed)?;
        fit.finish(&data.train)?;
        Ok(fit.accuracy(&data.test)?)
    }
}

/// In the order of the measurements.
const PATHS: [Path; 4] = [
    Path::Throughout,
    Path::Shrinking(RemovalRule::Values),
    Path::Shrinking(RemovalRule::Data),
    Path::Control,
];

impl Experiment for Settings {
    fn measure(&self, data: &Data, seed: u64, told: Told<'_>) -> Result<Vec<f64>, TrainingError> {
        let mut found = vec![];
        for &narrow in &self.narrow {
            for &epochs in &self.epochs {
                for path in PATHS {
                    let accuracy = self.run(data, path, narrow, epochs, seed)?;
                    let path = path.name();
                    told(&format!(
                        "n = {narrow}, {epochs} epochs, {path}: {accuracy:.2} %"
                    ));
                    found.push(accuracy);
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
