//! `isotropic eval`

use std::path::PathBuf;

use clap::Args;

use super::{
    Failure, Kind, Outcome, Reading, Tabling, Touched, options::Spelling, print, remark,
    with_scalar,
};
use crate::{
    Scalar,
    io::{FileError, Stored, atomic, inputs::Inputs, source},
    linalg::column,
    network::evaluate,
    scalar::{Field, text},
};

/// Evaluate a network on the rows of a CSV file; one row of outputs for each, as CSV
#[derive(Debug, Args)]
pub(crate) struct Eval {
    /// Network (.safetensors, .yaml)
    #[arg(value_name = "NET")]
    network: PathBuf,
    /// Inputs (.csv, .csv.gz, .npy, .npz), one a row; labels give the accuracy
    #[arg(long, value_name = "FILE")]
    inputs: PathBuf,
    /// How to write numbers
    #[arg(long, value_enum, default_value = "dec")]
    format: Spelling,
    /// Write the rows to this file instead of standard output
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    tabling: Tabling,
    #[command(flatten)]
    reading: Reading,
}

impl Eval {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let mut touched = Touched::default();
        touched.reads("NET", Kind::Network, &self.network);
        touched.reads("--inputs", Kind::Table, &self.inputs);
        self.tabling.touch(&mut touched);
        if let Some(path) = &self.output {
            touched.writes("-o", Kind::Rows, path);
        }
        touched.check()?;
        let stored = self.reading.read(&self.network)?;
        with_scalar!(self.reading.scalar, S => self.run_in::<S>(&stored))
    }

    fn run_in<S: Scalar>(&self, stored: &Stored) -> Result<Outcome, Failure> {
        let network = stored.network::<S>()?;
        let inputs = self.tabling.read::<S>(&self.inputs, &network.widths())?;
        let mut rows = String::new();
        let mut classes = Vec::with_capacity(inputs.lines.len());
        for (j, line) in inputs.lines.iter().enumerate() {
            let y = evaluate(&network, column(&inputs.x, j)).map_err(|source| {
                let at = format!("{}, line {line}", source::name(&self.inputs));
                FileError::network(&at)(source)
            })?;
            let cells: Vec<String> = y.iter().map(|y| spell(y, self.format)).collect();
            rows += &cells.join(",");
            rows.push('\n');
            classes.push(largest(y.as_slice()));
        }
        match &self.output {
            Some(path) => atomic::write(path, rows.as_bytes())?,
            None => print(&rows)?,
        }
        remark(&format!("{} inputs in {}", classes.len(), S::name()));
        accuracy(&inputs, &classes);
        Ok(Outcome::Done)
    }
}

fn accuracy<S: Field>(inputs: &Inputs<S>, classes: &[usize]) {
    let Some(labels) = &inputs.labels else {
        return;
    };
    let right = labels
        .iter()
        .zip(classes)
        .filter(|(label, class)| label == class)
        .count();
    let total = labels.len();
    remark(&format!(
        "accuracy {:.6} ({right} of {total} labels)",
        right as f64 / total as f64
    ));
}

/// The index of the largest output, the first of equal ones.
pub(super) fn largest<S: Field>(y: &[S]) -> usize {
    (1..y.len()).fold(0, |best, i| if y[i] > y[best] { i } else { best })
}

/// Debug writes hardware floats as the shortest decimal that reads back, like Display, but with an
/// exponent where Display would write hundreds of zeros; for the other scalars the two are the same.
fn spell<S: Field>(x: &S, spelling: Spelling) -> String {
    match spelling {
        Spelling::Dec => format!("{x:?}"),
        Spelling::Hex => text::hex(x).unwrap_or_else(|| x.to_string()),
    }
}
