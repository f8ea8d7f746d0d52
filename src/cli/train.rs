//! `isotropic train`

mod data;
mod options;
mod progress;
mod resumed;
mod session;
mod start;

use std::path::PathBuf;

use clap::Args;

use super::{Failure, FileMeaning, Kind, Outcome, ScalarName, Tabling, Touched, with_real};
use crate::{
    io::{WriteOptions, check_writable, source},
    learning::{Checkpoint, TrainingError},
};
use options::TrainingOptions;

/// Train a network, fresh or given; its widths can follow the task
#[derive(Debug, Args)]
pub(crate) struct Train {
    /// Inputs with labels (.csv, .csv.gz, .npy, .npz), one a row; or a folder with MNIST's IDX files or CIFAR-10's binary
    /// batches, pixels divided by 255
    #[arg(value_name = "DATA", required_unless_present = "resume")]
    data: Option<PathBuf>,
    /// Start from a fresh network of these widths, n0 to nL
    #[arg(
        long,
        value_delimiter = ',',
        value_name = "n0,…,nL",
        value_parser = neurons,
        required_unless_present_any = ["init", "resume"],
        conflicts_with_all = ["init", "resume"]
    )]
    widths: Vec<usize>,
    /// Start from this network
    #[arg(long, value_name = "NET", conflicts_with = "resume")]
    init: Option<PathBuf>,
    /// Go on from this checkpoint, with its options and data
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,
    /// Working arithmetic [default: f64]
    #[arg(long, value_enum)]
    scalar: Option<ScalarName>,
    /// Rows at the end of DATA that are not trained on [default: 0; of a folder its test images, in place of which these are
    /// the last of those to train on]
    #[arg(long, value_name = "N")]
    held_out: Option<usize>,
    /// Threads; bits do not depend on them [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// Write a checkpoint after every epoch [default with --resume: the same file]
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// Write a line of JSON for every epoch
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Write a report of the training, HTML
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Network to write (.safetensors, .yaml)
    #[arg(short = 'o', long = "output", value_name = "NET")]
    output: PathBuf,
    #[command(flatten)]
    training: TrainingOptions,
    #[command(flatten)]
    tabling: Tabling,
    #[command(flatten)]
    meaning: FileMeaning,
}

/// A width as it stands in the list.
fn neurons(text: &str) -> Result<usize, String> {
    text.parse()
        .map_err(|_| "expected numbers of neurons with commas between them, as 64,48,10".into())
}

impl Train {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        check_writable(&self.output, &WriteOptions::default())?;
        let mut touched = Touched::default();
        if let Some(path) = &self.data {
            touched.reads("DATA", Kind::Table, path);
        }
        if let Some(path) = &self.init {
            touched.reads("--init", Kind::Network, path);
        }
        self.tabling.touch(&mut touched);
        touched.writes("-o", Kind::Network, &self.output);
        if let Some(path) = self.checkpoint_file() {
            touched.writes("--checkpoint", Kind::Checkpoint, path);
        }
        if let Some(path) = &self.log {
            touched.writes("--log", Kind::Log, path);
        }
        if let Some(path) = &self.report {
            touched.writes("--report", Kind::Report, path);
        }
        touched.check()?;
        let checkpoint = self.resumed()?;
        let scalar = self.scalar_of(checkpoint.as_ref())?;
        with_real!(scalar, S => self.run_in::<S>(checkpoint), rational => Err(Failure::Usage(
            "train needs roots and exponentials, which rational arithmetic does not have, and numbers over the rationals \
             grow many times longer with every step; use --scalar f64 or mp256".into()
        )))
    }

    /// Where checkpoints go.
    fn checkpoint_file(&self) -> Option<&PathBuf> {
        self.checkpoint.as_ref().or(self.resume.as_ref())
    }

    /// The checkpoint to go on from, if there is one to go on from.
    fn resumed(&self) -> Result<Option<Checkpoint>, Failure> {
        let Some(path) = &self.resume else {
            return Ok(None);
        };
        let bytes = source::read(path)?;
        let text = String::from_utf8_lossy(&bytes);
        let checkpoint =
            Checkpoint::from_json(&text).map_err(|why| at_file(&source::name(path), &why))?;
        Ok(Some(checkpoint))
    }

    fn scalar_of(&self, checkpoint: Option<&Checkpoint>) -> Result<ScalarName, Failure> {
        let Some(checkpoint) = checkpoint else {
            return Ok(self.scalar.unwrap_or(ScalarName::F64));
        };
        let stored = ScalarName::from_name(&checkpoint.scalar).ok_or_else(|| {
            Failure::Usage(format!(
                "the checkpoint is in {}, which is no arithmetic of this program",
                checkpoint.scalar
            ))
        })?;
        match self.scalar {
            Some(asked) if asked != stored => Err(Failure::Usage(format!(
                "--resume goes on in {}, the arithmetic of its checkpoint; leave --scalar out",
                checkpoint.scalar
            ))),
            _ => Ok(stored),
        }
    }
}

/// What is wrong with a file, as a failure.
fn at_file(file: &str, why: &TrainingError) -> Failure {
    Failure::Usage(format!("{file}: {why}"))
}
