//! `isotropic prune`

mod report;
mod show;

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::{
    Bounding, Failure, Kind, Outcome, OutputFile, Reading, Touched, Writing, certify, print,
    remark, short, terminal, with_real,
};
use show::{facts, measured_json, table, whole_json};

use crate::{
    bound::floor_at,
    certificate::{self, Region},
    io::{FileError, Stored},
    linalg::{Matrix, column},
    network::Network,
    prune::{self, Budget, PruneError, Pruned, Rows, Settled},
    scalar::{Field, Rational, Real},
};

/// Find the smallest network within a budget, by cutting layers on data; without a budget, show the trade-off
#[derive(Debug, Args)]
#[group(id = "budget", multiple = false, args = ["error", "keep", "accuracy_drop", "unchanged_labels"])]
pub(crate) struct Prune {
    /// Network (.safetensors, .yaml)
    #[arg(value_name = "NET")]
    network: PathBuf,
    /// Inputs (.csv, .csv.gz, .npy, .npz), one a row, with labels or without
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// Rows at the end of FILE that judge the result, and that nothing else sees [default: a fifth]
    #[arg(long, value_name = "N")]
    held_out: Option<usize>,
    /// Seed of the rows that choose widths among the others
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Budget: the root mean square of |y - y'| on the rows held out
    #[arg(
        long,
        value_name = "E",
        allow_hyphen_values = true,
        help_heading = "Budget"
    )]
    error: Option<f64>,
    /// The error beside the spread of the outputs: 1 is what a constant does
    #[arg(long, requires = "error", help_heading = "Budget")]
    relative: bool,
    /// The error is a certified bound, for all inputs of --ball or --inputs
    #[arg(
        long,
        requires = "error",
        conflicts_with = "relative",
        help_heading = "Budget"
    )]
    certified: bool,
    /// Budget: the share of the parameters to keep, as 70%
    #[arg(long, value_name = "SHARE", allow_hyphen_values = true, value_parser = share, help_heading = "Budget")]
    keep: Option<f64>,
    /// Budget: percentage points of accuracy on the rows held out
    #[arg(
        long,
        value_name = "POINTS",
        allow_hyphen_values = true,
        help_heading = "Budget"
    )]
    accuracy_drop: Option<f64>,
    /// Budget: no row held out gets another label than before
    #[arg(long, help_heading = "Budget")]
    unchanged_labels: bool,
    /// Network to write (.safetensors, .yaml; - for standard output)
    #[arg(short = 'o', long = "output", value_name = "OUT")]
    output: Option<PathBuf>,
    /// Write a report for people: one HTML file that loads nothing
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    writing: Writing,
    #[command(flatten)]
    bounding: Bounding,
    #[command(flatten)]
    reading: Reading,
}

fn share(text: &str) -> Result<f64, String> {
    let percent = text.trim().strip_suffix('%').map(str::trim_end);
    match percent.and_then(|text| text.parse::<f64>().ok()) {
        Some(percent) if percent > 0.0 && percent <= 100.0 => Ok(percent / 100.0),
        _ => Err("a share is a percentage above 0%, at most 100%, as 70%".into()),
    }
}

impl From<PruneError> for Failure {
    fn from(error: PruneError) -> Self {
        Failure::Usage(error.to_string())
    }
}

impl Prune {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let budget = self.budget();
        let output = self.output(budget.is_some())?;
        let mut touched = Touched::default();
        touched.reads("NET", Kind::Network, &self.network);
        touched.reads("--data", Kind::Table, &self.data);
        if let Some(output) = &output {
            output.check(&mut touched)?;
        }
        if let Some(path) = &self.report {
            touched.writes("--report", Kind::Report, path);
        }
        self.bounding.check_with_data(&mut touched)?;
        if self.certified && !self.bounding.asked() {
            return Err(Failure::Usage(
                "--certified needs the inputs to certify for: give --ball R or --inputs FILE"
                    .into(),
            ));
        }
        touched.check()?;
        let stored = self.reading.read(&self.network)?;
        self.bounding.check_inputs(&stored)?;
        with_real!(self.reading.scalar, S => match (&budget, &output) {
            (Some(budget), Some(output)) => self.within::<S>(&stored, budget, output),
            (_, _) => self.tradeoff::<S>(&stored),
        }, rational => Err(self.reading.not_rational("prune")))
    }

    fn budget(&self) -> Option<Budget> {
        let error = self.error.map(|limit| match self.relative {
            true => Budget::Relative { limit },
            false => Budget::Error { limit },
        });
        let labels = self.unchanged_labels.then_some(Budget::UnchangedLabels);
        error
            .or(self.keep.map(|share| Budget::Keep { share }))
            .or(self
                .accuracy_drop
                .map(|points| Budget::AccuracyDrop { points }))
            .or(labels)
    }

    /// Where the result goes: somewhere with a budget, nowhere without.
    fn output(&self, budget: bool) -> Result<Option<OutputFile>, Failure> {
        let refuse = |why: &str| Err(Failure::Usage(why.into()));
        match (&self.output, budget) {
            (None, true) => refuse("a budget gives a network: say with -o OUT where it goes"),
            (Some(_), false) => refuse(
                "-o needs a budget, which says how small: give --error, --keep, --accuracy-drop or --unchanged-labels; \
                 leave -o out for the trade-off",
            ),
            (None, false) if self.writing.is_given() || self.bounding.asked() => refuse(
                "without a budget nothing is written or certified: give --error, --keep, --accuracy-drop or \
                 --unchanged-labels, or leave the options of the result out",
            ),
            (None, false) => Ok(None),
            (Some(path), true) => Ok(Some(OutputFile::at(path, &self.writing))),
        }
    }

    fn rows<S: Field>(&self, network: &Network<S>) -> Result<Rows<S>, Failure> {
        let inputs = self
            .bounding
            .tabling
            .read::<S>(&self.data, &network.widths())?;
        Ok(Rows::split(&inputs, self.held_out, self.seed)?)
    }

    fn tradeoff<S: Real>(&self, stored: &Stored) -> Result<Outcome, Failure> {
        let network = stored.network::<S>()?;
        let rows = self.rows(&network)?;
        let found = choices(&network, &rows)?;
        self.report(stored, &network, &rows, &found, None)?;
        let before = network.parameter_count();
        print(&table(&found, before))?;
        if let Some(path) = &self.bounding.json {
            let rows: Vec<Value> = found.iter().map(measured_json).collect();
            let tradeoff = json!({ "parameters_before": before, "tradeoff": rows });
            self.bounding.write_beside(path, tradeoff)?;
        }
        remark(&format!(
            "errors on {} rows held out; --error, --keep, --accuracy-drop or --unchanged-labels chooses, and -o writes",
            rows.unseen.ncols()
        ));
        Ok(Outcome::Done)
    }

    fn within<S: Real>(
        &self,
        stored: &Stored,
        budget: &Budget,
        output: &OutputFile,
    ) -> Result<Outcome, Failure> {
        let network = stored.network::<S>()?;
        let rows = self.rows(&network)?;
        let mut settle = |network: Network<S>| {
            let written = output.as_written(&network, stored.form())?;
            let certified = match self.certified {
                true => Some(self.bounding.bound::<S>(stored, &written)?),
                false => None,
            };
            Ok::<_, Failure>(Settled {
                network: written.network::<S>()?,
                certified,
            })
        };
        let outcome = prune::prune(&network, &rows, budget, &mut settle, &progress)?;
        terminal::clear();
        let before = network.parameter_count();
        let found = match outcome {
            prune::Outcome::Within(found) => found,
            prune::Outcome::Unreachable(nearest) => {
                print(&format!(
                    "refuted: no smaller network within the budget was found; the nearest:\n{}",
                    facts(&network, &nearest)
                ))?;
                if let Some(path) = &self.bounding.json {
                    let nearest = json!({
                        "within": false, "parameters_before": before, "nearest": measured_json(&nearest)
                    });
                    atomic(path, &nearest)?;
                }
                remark("nothing was written");
                return Ok(Outcome::Refuted);
            }
        };
        output.write(&found.network, stored.form())?;
        let written = output.read_back()?;
        let mut said = facts(&network, &found);
        let unseen = exactly(&rows.unseen);
        let labels =
            certificate::certify::<S>(stored, &written, &Region::Inputs(unseen.clone()), None)?
                .labels;
        if let Some(labels) = &labels {
            said += &certify::labels(labels);
        }
        let last = found.network.layer(found.network.depth()).weight.ncols();
        let floor = floor_at(&stored.enclosed()?, &unseen, last)
            .map_err(FileError::network(stored.file()))?;
        // Rounding the outputs once moves them by as much: a floor below that tells nobody anything.
        if floor > found.measured.spread * S::unit_roundoff().to_f64() {
            said += &format!(
                "no network with {last} neurons in its last hidden layer has an error below {} on them\n",
                short(&floor)
            );
        }
        print(&said)?;
        if self.report.is_some() {
            let choices = choices(&network, &rows)?;
            self.report(stored, &network, &rows, &choices, Some((&found, &said)))?;
        }
        let pair = ((stored, &*self.network), (&written, output.path()));
        let certified = self.bounding.run_by::<S>(pair.0, pair.1, &[])?;
        if let Some(path) = &self.bounding.json {
            self.bounding
                .write_beside(path, whole_json(&found, before, labels.as_ref(), floor))?;
        }
        Ok(certified)
    }
}

/// What there is to choose from.
fn choices<S: Real>(network: &Network<S>, rows: &Rows<S>) -> Result<Vec<Pruned<S>>, Failure> {
    let mut settle = |network| Ok::<_, Failure>(Settled::of(network));
    let found = prune::tradeoff(network, rows, &mut settle, &progress)?;
    terminal::clear();
    Ok(found)
}

fn progress(cuts: usize) {
    terminal::tell(&format!(", {cuts} cuts tried"));
}

fn exactly<S: Field>(x: &Matrix<S>) -> Vec<Vec<Rational>> {
    let exact = |x: &S| x.to_rational().unwrap_or_default();
    (0..x.ncols())
        .map(|j| column(x, j).iter().map(exact).collect())
        .collect()
}

fn atomic(path: &std::path::Path, value: &Value) -> Result<(), Failure> {
    Ok(crate::io::atomic::write(
        path,
        format!("{value:#}\n").as_bytes(),
    )?)
}
