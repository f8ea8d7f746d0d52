//! `isotropic diff`

mod diagnose;
mod exact;
mod explain;
mod found;
mod judged;
mod outputs;
mod words;

use std::path::PathBuf;

use clap::Args;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use serde_json::{Value, json};

use super::{
    Bounding, Failure, FileMeaning, Kind, Outcome, Reading, ScalarName, Touched, print, with_real,
};
use crate::{
    Error, Network,
    identity::{Decision, ExactNetwork, decide},
    io::Stored,
    linalg::{Matrix, column, norm2},
    network::evaluate,
    scalar::{Rational, Real},
};

/// Inputs drawn where none are given.
const RANDOM_INPUTS: usize = 8;

/// Tell whether two networks are the same function up to hidden rotations and rounding; exit 0 if so, 1 if not, 3 if
/// neither can be shown.
///
/// Decides exactly first. What then differs is judged at the precision that the numbers of the files have, at most
/// f64, or at the unit roundoff of --scalar; it works at 256 bits or more.
#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// Network (.safetensors, .yaml)
    #[arg(value_name = "A")]
    a: PathBuf,
    /// Network (.safetensors, .yaml)
    #[arg(value_name = "B")]
    b: PathBuf,
    /// Seed of the random inputs
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Say whether a difference is rounding (exit 0), by the precision of the numbers in the files, or a mistake
    /// (exit 1), and where
    #[arg(long, conflicts_with = "scalar")]
    diagnose: bool,
    /// Decide exactly whether the numbers in the files make the same function, rounding or not: exit 0 equal, proved,
    /// 1 different, proved, 3 undecided
    #[arg(long, conflicts_with_all = ["diagnose", "scalar", "ball", "inputs", "certificate"])]
    exact: bool,
    /// Arithmetic whose rounding is allowed [default: that of the coarser file, at most f64]
    #[arg(long, value_enum)]
    scalar: Option<ScalarName>,
    #[command(flatten)]
    bounding: Bounding,
    #[command(flatten)]
    meaning: FileMeaning,
}

/// What there is to say of two networks.
pub(super) struct Report {
    /// For standard output.
    text: String,
    outcome: Outcome,
    /// For `--json`.
    residual: Value,
    place: Value,
    hint: Value,
    output_difference: Value,
}

impl Report {
    /// Nothing but a verdict.
    fn new(text: String, outcome: Outcome) -> Self {
        Report {
            text,
            outcome,
            residual: Value::Null,
            place: Value::Null,
            hint: Value::Null,
            output_difference: Value::Null,
        }
    }

    fn json(&self, decision: &Decision, (a, b): (&Stored, &Stored)) -> Value {
        let (word, why) = match decision {
            Decision::Equal(why) => ("equal", why.to_string()),
            Decision::Different(why) => ("different", why.to_string()),
            Decision::Undecided(why) => ("undecided", why.to_string()),
        };
        json!({
            "agree": match self.outcome {
                Outcome::Done => json!(true),
                Outcome::Refuted => json!(false),
                Outcome::Unknown => Value::Null,
            },
            "decision": word,
            "reason": why,
            "residual": self.residual,
            "place": self.place,
            "hint": self.hint,
            "output_difference": self.output_difference,
            "a": a.file(),
            "b": b.file(),
        })
    }
}

impl Diff {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let scalar = self.scalar.unwrap_or(ScalarName::F64);
        let reading = Reading {
            scalar,
            meaning: self.meaning.clone(),
        };
        if scalar == ScalarName::Rational {
            return Err(Failure::Usage(
                "diff judges rounding, which rational arithmetic does not have; say --exact, or use --scalar f64 or mp256".into(),
            ));
        }
        let mut touched = Touched::default();
        touched.reads("A", Kind::Network, &self.a);
        touched.reads("B", Kind::Network, &self.b);
        self.bounding.check_beside(&mut touched)?;
        touched.check()?;
        let (a, b) = reading.read_two(&self.a, &self.b)?;
        if !self.exact {
            self.bounding.check_inputs(&a)?;
        }
        let (of_a, of_b) = (ExactNetwork::from(&a), ExactNetwork::from(&b));
        exact::say_spread(&of_a, &of_b);
        let decision = decide(&of_a, &of_b);
        drop((of_a, of_b));
        let report = if self.exact {
            exact::report(&a, &b, &decision, self.seed)?
        } else if let Decision::Equal(why) = &decision {
            let word = if self.diagnose {
                "no difference"
            } else {
                "agree"
            };
            Report::new(
                format!("{word}: the same function, proved: {why}\n"),
                Outcome::Done,
            )
        } else if self.diagnose {
            self.diagnosis(&a, &b, &decision)?
        } else {
            self.judge(&a, &b, &decision)?
        };
        print(&report.text)?;
        let certified = if self.exact {
            Outcome::Done
        } else {
            with_real!(scalar,
                S => self.bounding.run::<S>((&a, &self.a), (&b, &self.b))?,
                rational => Outcome::Done)
        };
        if let Some(path) = &self.bounding.json {
            self.bounding
                .write_beside(path, report.json(&decision, (&a, &b)))?;
        }
        // Different networks stay different whatever is known of their distance, and an exceeded bound is one whatever
        // is known of the networks.
        Ok(report.outcome.and(certified))
    }

    /// The inputs, and where they come from.
    fn inputs(&self, network: &Stored) -> Result<(Vec<Vec<Rational>>, String), Failure> {
        let inputs = network.widths().first().copied().unwrap_or(0);
        match &self.bounding.inputs {
            Some(path) => {
                let read = self
                    .bounding
                    .tabling
                    .read::<Rational>(path, &network.widths())?;
                let origin = format!("the {} inputs of {}", read.lines.len(), path.display());
                let columns = (0..read.x.ncols()).map(|j| column(&read.x, j).to_vec());
                Ok((columns.collect(), origin))
            }
            None => {
                let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
                let mut draw =
                    || Rational::try_from_f64(rng.sample(StandardNormal)).unwrap_or_default();
                let x = (0..RANDOM_INPUTS).map(|_| (0..inputs).map(|_| draw()).collect());
                Ok((
                    x.collect(),
                    format!("{RANDOM_INPUTS} random inputs (seed {})", self.seed),
                ))
            }
        }
    }
}

/// The inputs as the columns of a matrix.
fn matrix<S: Real>(inputs: &[Vec<Rational>]) -> Matrix<S> {
    let rows = inputs.first().map_or(0, Vec::len);
    Matrix::from_fn(rows, inputs.len(), |i, j| S::from_rational(&inputs[j][i]))
}

/// max ‖y - y'‖ / max(‖y‖, ‖y'‖) over the columns of `inputs`.
fn output_difference<S: Real>(
    a: &Network<S>,
    b: &Network<S>,
    inputs: &Matrix<S>,
) -> Result<S, Error> {
    let mut largest = S::zero();
    for j in 0..inputs.ncols() {
        let x = column(inputs, j);
        let (y, y_image) = (evaluate(a, x)?, evaluate(b, x)?);
        let size = S::larger(norm2(y.as_slice()), norm2(y_image.as_slice()));
        let difference = norm2((y - y_image).as_slice());
        if !difference.is_zero() {
            largest = S::larger(difference / size, largest);
        }
    }
    Ok(largest)
}
