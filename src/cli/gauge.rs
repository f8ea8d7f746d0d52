//! `isotropic rotate` and `isotropic diagonalise`

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::{
    Bounding, Failure, Kind, Outcome, OutputFile, Reading, Touched, remark, with_real, with_scalar,
};
use crate::{
    Scalar,
    gauge::{self, Gauge},
    io::{FileError, Stored},
    scalar::Real,
};

/// Rotate every hidden layer at random, which leaves the function as it is
#[derive(Debug, Args)]
pub(crate) struct Rotate {
    /// Network (.safetensors, .yaml)
    #[arg(value_name = "NET")]
    network: PathBuf,
    /// Seed of the rotations
    #[arg(long)]
    seed: u64,
    #[command(flatten)]
    output: OutputFile,
    #[command(flatten)]
    reading: Reading,
}

impl Rotate {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let mut touched = Touched::default();
        touched.reads("NET", Kind::Network, &self.network);
        self.output.check(&mut touched)?;
        touched.check()?;
        let stored = self.reading.read(&self.network)?;
        with_scalar!(self.reading.scalar, S => self.run_in::<S>(stored))
    }

    fn run_in<S: Scalar>(&self, stored: Stored) -> Result<Outcome, Failure> {
        let mut network = stored.network::<S>()?;
        let (file, form) = (stored.file().to_string(), stored.form().clone());
        // One copy of a large network is enough.
        drop(stored);
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        for l in network.hidden() {
            let r = S::orthogonal(network.layer(l).width(), &mut rng);
            network = gauge::rotated(network, l, &r).map_err(FileError::operation::<S>(&file))?;
        }
        self.output.write(&network, &form)?;
        remark(&format!(
            "{} hidden layers rotated in {}, seed {}",
            network.hidden().len(),
            S::name(),
            self.seed
        ));
        Ok(Outcome::Done)
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum GaugeName {
    /// Rows of each hidden weight orthogonal, ordered by norm
    Left,
    /// One hidden weight after the first diagonal
    Full,
    /// Hidden weights 2, 4, … diagonal
    Alternate,
    /// Every hidden weight upper trapezoidal
    Triangular,
}

/// Rotate hidden layers so that weights become zero; the function stays the same
#[derive(Debug, Args)]
pub(crate) struct Diagonalise {
    /// Network (.safetensors, .yaml)
    #[arg(value_name = "NET")]
    network: PathBuf,
    /// Which zeros to make
    #[arg(long, value_enum)]
    gauge: GaugeName,
    /// Hidden layers, from 1 (left: default all; full: one, default 2)
    #[arg(long, value_delimiter = ',', value_name = "l,…")]
    hidden: Vec<usize>,
    #[command(flatten)]
    output: OutputFile,
    #[command(flatten)]
    bounding: Bounding,
    #[command(flatten)]
    reading: Reading,
}

impl Diagonalise {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let mut touched = Touched::default();
        touched.reads("NET", Kind::Network, &self.network);
        self.output.check(&mut touched)?;
        self.bounding.check(None, &mut touched)?;
        touched.check()?;
        let stored = self.reading.read(&self.network)?;
        self.bounding.check_inputs(&stored)?;
        with_real!(self.reading.scalar, S => self.run_in::<S>(&stored),
            rational => Err(self.reading.not_rational("diagonalise")))
    }

    fn run_in<S: Real>(&self, stored: &Stored) -> Result<Outcome, Failure> {
        let gauge = match self.gauge {
            GaugeName::Left => Gauge::Left,
            GaugeName::Full => Gauge::Full,
            GaugeName::Alternate => Gauge::Alternate,
            GaugeName::Triangular => Gauge::Triangular,
        };
        let network = stored.network::<S>()?;
        let result = gauge::diagonalised(network, gauge, &self.hidden)
            .map_err(FileError::operation::<S>(stored.file()))?;
        self.output.write(&result, stored.form())?;
        let zeros = result.parameters().filter(|x| x.is_zero()).count();
        remark(&format!(
            "{zeros} of {} parameters are zero, in {}",
            result.parameter_count(),
            S::name()
        ));
        drop(result);
        self.bounding
            .run_on_written::<S>((stored, &self.network), &self.output, &[])
    }
}
