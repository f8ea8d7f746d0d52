//! `isotropic bounds`: the invariance experiment.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{
    Failure, Kind, Outcome, Reading, Tabling, Touched,
    certify::OUR_FAULT,
    options::{Scaffold, quoted},
    print, remark, remark_once, with_real,
};
use crate::{
    Network,
    invariance::{self, CHANGES, Invariance, Plan},
    io::{FileError, Stored, atomic, inputs::Inputs},
    judge::Verdict,
    report::{Experiment, Portrait},
    resize::Rule,
    scalar::Real,
};

/// Add and remove neurons of each hidden layer; what that does to the outputs, and a bound on it.
///
/// Removals keep the leading singular directions of [W psi]; the columns are what becomes of the
/// biases of the rest. Exit 0 if every bound holds, 1 if one is exceeded, 3 if one is not finite.
#[derive(Debug, Args)]
pub(crate) struct Bounds {
    /// Network (.safetensors, .yaml)
    #[arg(value_name = "NET")]
    network: PathBuf,
    /// Inputs (.csv, .csv.gz, .npy, .npz), one a row; labels give the accuracy
    #[arg(long, value_name = "FILE")]
    inputs: PathBuf,
    /// Neurons to add, or, where negative, to remove; those that fit
    #[arg(long, value_name = "N,…", value_delimiter = ',', allow_hyphen_values = true, default_values_t = CHANGES,
          value_parser = clap::value_parser!(i64).range(-100_000..=100_000))]
    neurons: Vec<i64>,
    /// Hidden layers, from 1 [default: all]
    #[arg(long, value_delimiter = ',', value_name = "l,…")]
    hidden: Vec<usize>,
    /// Seed of the outgoing columns of added neurons
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// How to print the tables
    #[arg(long, value_enum, default_value = "text")]
    format: TableFormat,
    /// Write the numbers as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write a report for people: one HTML file that loads nothing
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    tabling: Tabling,
    #[command(flatten)]
    scaffold: Scaffold,
    #[command(flatten)]
    reading: Reading,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum TableFormat {
    /// For people
    Text,
    /// One line for each layer, change and rule
    Csv,
    /// One tabular for each layer
    Latex,
}

impl Bounds {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let mut touched = Touched::default();
        touched.reads("NET", Kind::Network, &self.network);
        touched.reads("--inputs", Kind::Table, &self.inputs);
        self.tabling.touch(&mut touched);
        let results = [
            ("--json", Kind::Json, &self.json),
            ("--report", Kind::Report, &self.report),
        ];
        for (name, kind, path) in results {
            if let Some(path) = path {
                touched.writes(name, kind, path);
            }
        }
        touched.check()?;
        let stored = self.reading.read(&self.network)?;
        let found = with_real!(self.reading.scalar, S => self.run_in::<S>(&stored),
            rational => Err(self.reading.not_rational("bounds")))?;
        if let Some(path) = &self.json {
            let text = format!("{:#}\n", invariance::to_json(&found));
            atomic::write(path, text.as_bytes())?;
        }
        if let Some(path) = &self.report {
            atomic::write(path, self.html(&stored, &found)?.as_bytes())?;
        }
        print(&match self.format {
            TableFormat::Text => invariance::to_text(&found),
            TableFormat::Csv => invariance::to_csv(&found),
            TableFormat::Latex => invariance::to_latex(&found),
        })?;
        Ok(match found.verdict() {
            Verdict::Verified => Outcome::Done,
            Verdict::Refuted => {
                remark(OUR_FAULT);
                Outcome::Refuted
            }
            Verdict::Unknown => {
                remark("no verdict: a bound is not finite, or nothing was measured");
                Outcome::Unknown
            }
        })
    }

    fn html(&self, stored: &Stored, found: &Invariance) -> Result<String, Failure> {
        let network = stored.network::<f64>()?;
        let inputs = self.inputs(&network)?;
        let portrait = Portrait::of(stored.file(), &network, Some(&inputs));
        let portrait = portrait.map_err(FileError::operation::<f64>(stored.file()))?;
        let hidden: Vec<usize> = found.tables.iter().map(|table| table.layer).collect();
        let curve = invariance::curve(&network, &hidden).and_then(|changes| {
            let plan = Plan {
                hidden,
                changes,
                rules: vec![Rule::Both],
                seed: self.seed,
            };
            invariance::run(&network, &inputs, &plan)
        });
        let curve = curve.map_err(FileError::operation::<f64>(stored.file()))?;
        let experiment = Experiment {
            name: stored.file(),
            found,
            curve: Some(&curve),
            portrait: Some(&portrait),
            scaffold_threshold: self.scaffold.scaffold_threshold,
            replay: &self.replay(),
        };
        Ok(experiment.to_html())
    }

    /// The command line that repeats this run.
    fn replay(&self) -> String {
        let mut words = vec!["isotropic bounds".to_string()];
        words.push(quoted(&self.network.to_string_lossy()));
        words.extend(["--inputs".into(), quoted(&self.inputs.to_string_lossy())]);
        words.extend(self.tabling.arguments());
        if self.neurons != CHANGES {
            words.push(format!("--neurons={}", listed(&self.neurons)));
        }
        if !self.hidden.is_empty() {
            words.push(format!("--hidden {}", listed(&self.hidden)));
        }
        words.push(format!("--seed {}", self.seed));
        let scalar = self.reading.scalar.to_possible_value();
        words.extend(scalar.map(|scalar| format!("--scalar {}", scalar.get_name())));
        words.extend(self.reading.meaning.arguments());
        words.join(" ")
    }

    fn run_in<S: Real>(&self, stored: &Stored) -> Result<Invariance, Failure> {
        let network = stored.network::<S>()?;
        let inputs = self.inputs(&network)?;
        let hidden = match &self.hidden[..] {
            [] => network.hidden().collect(),
            some => some.to_vec(),
        };
        self.name_what_does_not_fit(&network, &hidden);
        let mut changes = self.neurons.clone();
        if self.neurons == CHANGES {
            let ends = invariance::ends_of_free(&network, &hidden)
                .map_err(FileError::operation::<S>(stored.file()))?;
            changes.extend(ends);
            changes.sort_unstable_by_key(|change| -change);
            changes.dedup();
        }
        let plan = Plan {
            hidden,
            changes,
            rules: Rule::ALL.to_vec(),
            seed: self.seed,
        };
        let found = invariance::run(&network, &inputs, &plan);
        Ok(found.map_err(FileError::operation::<S>(stored.file()))?)
    }

    /// Removals that were asked for and would leave no neuron; the usual ones pass over them in silence.
    fn name_what_does_not_fit<S: Real>(&self, network: &Network<S>, hidden: &[usize]) {
        if self.neurons == CHANGES {
            return;
        }
        for &l in hidden.iter().filter(|l| network.hidden().contains(*l)) {
            let width = network.layer(l).width();
            let unfit: Vec<i64> = (self.neurons.iter().copied())
                .filter(|change| change.unsigned_abs() >= width as u64 && *change < 0)
                .collect();
            if !unfit.is_empty() {
                remark_once(&format!(
                    "hidden layer {l} has {width} neurons: no room for {}",
                    listed(&unfit)
                ));
            }
        }
    }

    fn inputs<S: Real>(&self, network: &Network<S>) -> Result<Inputs<S>, Failure> {
        self.tabling.read::<S>(&self.inputs, &network.widths())
    }
}

fn listed<T: ToString>(values: &[T]) -> String {
    values
        .iter()
        .map(T::to_string)
        .collect::<Vec<_>>()
        .join(",")
}
