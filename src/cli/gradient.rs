//! `isotropic gradient`

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::{Failure, Kind, Outcome, Reading, Tabling, Touched, print, with_scalar};
use crate::{
    io::{FileError, Stored, atomic, source},
    network::gradient::{self, Loss, Targets, Trainable, gradient_with_input},
    scalar::Field,
};

/// The gradient of a loss at the rows of a file: its size for every tensor, or every entry as JSON
#[derive(Debug, Args)]
pub(crate) struct Gradient {
    /// Network (.safetensors, .yaml)
    #[arg(value_name = "NET")]
    network: PathBuf,
    /// Inputs with labels (.csv, .csv.gz, .npy, .npz), one a row
    #[arg(long, value_name = "FILE")]
    inputs: PathBuf,
    /// cross-entropy (mean of -ln softmax) or squared (mean of ½‖y - t‖²); squared is exact over the rationals
    #[arg(long, value_name = "LOSS", default_value = "cross-entropy", value_parser = Loss::NAMES)]
    loss: String,
    /// Write every entry, with W by rows, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    #[command(flatten)]
    tabling: Tabling,
    #[command(flatten)]
    reading: Reading,
}

impl Gradient {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let mut touched = Touched::default();
        touched.reads("NET", Kind::Network, &self.network);
        touched.reads("--inputs", Kind::Table, &self.inputs);
        self.tabling.touch(&mut touched);
        if let Some(path) = &self.json {
            touched.writes("--json", Kind::Json, path);
        }
        touched.check()?;
        let stored = self.reading.read(&self.network)?;
        with_scalar!(self.reading.scalar, S => self.run_in::<S>(&stored))
    }

    fn run_in<S: Trainable>(&self, stored: &Stored) -> Result<Outcome, Failure> {
        let network = stored.network::<S>()?;
        let inputs = self.tabling.read::<S>(&self.inputs, &network.widths())?;
        let labels = inputs.labels.ok_or_else(|| {
            Failure::File(FileError::content(
                &source::name(&self.inputs),
                "the table",
                "no labels",
                "a column of labels",
                "head it `label`, or name it with --label",
            ))
        })?;
        let loss = Loss::from_name(&self.loss).unwrap_or(Loss::CrossEntropy);
        let found = gradient_with_input(&network, &inputs.x, &Targets::Labels(labels), loss)
            .map_err(FileError::operation::<S>(stored.file()))?;
        if let Some(path) = &self.json {
            let text = format!("{:#}\n", entries(&found, loss));
            atomic::write(path, text.as_bytes())?;
        }
        print(&sizes(&found))?;
        Ok(Outcome::Done)
    }
}

/// The norm of every tensor, one a line.
fn sizes<S: Field>(found: &gradient::Gradient<S>) -> String {
    let mut text = format!("loss {:?}\n", found.loss);
    let norm = |x: &[S]| {
        let squares = x.iter().map(|x| x.to_f64().powi(2));
        format!("{:.6e}", squares.sum::<f64>().sqrt())
    };
    for (l, layer) in (1..).zip(&found.parameters.layers) {
        let line = format!(
            "layer {l}: |dW| {}, |db| {}",
            norm(layer.weight.as_slice()),
            norm(layer.bias.as_slice())
        );
        text += &line;
        if let Some(psi) = &layer.psi {
            text += &format!(", |dψ| {}", norm(psi.as_slice()));
        }
        if let Some(of_length) = found.parameters.lengths.get(l - 1) {
            text += &format!(", do {:.6e}", of_length.to_f64());
        }
        text.push('\n');
    }
    if let Some(input) = &found.input {
        text += &format!("inputs: |dx| {}\n", norm(input.as_slice()));
    }
    text
}

/// Every entry as text that reads back to the same number.
fn entries<S: Field>(found: &gradient::Gradient<S>, loss: Loss) -> Value {
    let texts =
        |x: &mut dyn Iterator<Item = &S>| -> Vec<String> { x.map(|x| format!("{x:?}")).collect() };
    let layers: Vec<Value> = found
        .parameters
        .layers
        .iter()
        .map(|layer| {
            let rows = 0..layer.weight.nrows();
            let rows: Vec<Vec<String>> = rows
                .map(|i| texts(&mut layer.weight.row(i).iter()))
                .collect();
            json!({
                "weight": rows,
                "bias": texts(&mut layer.bias.iter()),
                "psi": layer.psi.as_ref().map(|psi| texts(&mut psi.iter())),
            })
        })
        .collect();
    let inputs = found.input.as_ref().map(|input| {
        (0..input.ncols())
            .map(|j| texts(&mut input.column(j).iter()))
            .collect::<Vec<_>>()
    });
    json!({
        "loss": format!("{:?}", found.loss),
        "of": loss.name(),
        "scalar": S::name(),
        "layers": layers,
        "squared_lengths": texts(&mut found.parameters.lengths.iter()),
        "inputs": inputs,
    })
}
