//! Training for experiments: a recipe, a network, and one epoch after another.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

use super::{Rows, elementwise};
use crate::{
    Error, Gain, Layer, Network,
    learning::{Batches, Descent, LengthMode, Optimiser, Trainee},
    linalg::{Matrix, Vector, column},
    network::gradient::{Loss, outputs},
};

/// What the hidden layers do to their pre-activations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// tanh of the norm.
    Isotropic,
    /// tanh of each neuron: the double.
    Elementwise,
}

/// How a network is trained.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    /// Optimiser and decay.
    pub descent: Descent<f64>,
    /// The rate η at the start.
    pub rate: f64,
    /// Whether η falls to 0 as a half cosine over all steps; it is constant otherwise.
    pub cosine: bool,
    /// Epochs.
    pub epochs: u64,
    /// Rows in a batch.
    pub batch: usize,
    /// How o is trained.
    pub length: LengthMode,
    /// o at the start.
    pub length_squared: f64,
    /// Whether the layers after the first hidden one have a ψ.
    pub psi: bool,
}

impl Recipe {
    /// The optimiser at a constant rate for so many epochs, batches of 48, o trained as ln o from 1e-2, ψ trained.
    pub fn new(optimiser: Optimiser<f64>, rate: f64, epochs: u64) -> Self {
        Recipe {
            descent: Descent::plain(optimiser),
            rate,
            cosine: false,
            epochs,
            batch: 48,
            length: LengthMode::Log,
            length_squared: 1e-2,
            psi: true,
        }
    }

    /// A fresh network: weights normal with variance 1/fan-in, b = 0 and ψ = 0.
    ///
    /// # Errors
    /// Those of [`Network::new`].
    pub fn network(
        &self,
        widths: &[usize],
        activation: Activation,
        seed: u64,
    ) -> Result<Network<f64>, Error> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let psi = self.psi && activation == Activation::Isotropic;
        let layers = widths.windows(2).enumerate().map(|(l, pair)| {
            let scale = 1.0 / (pair[0] as f64).sqrt();
            let mut normal = |_, _| scale * rng.sample::<f64, _>(StandardNormal);
            Layer {
                weight: Matrix::from_fn(pair[1], pair[0], &mut normal),
                bias: Vector::zeros(pair[1]),
                psi: (psi && l > 0).then(|| Vector::zeros(pair[1])),
            }
        });
        let layers: Vec<Layer<f64>> = layers.collect();
        let lengths = vec![self.length_squared; layers.len() - 1];
        let lengths = (activation == Activation::Isotropic).then_some(lengths);
        Network::new(layers, Gain::Tanh, lengths)
    }
}

/// A network on its way through its epochs.
#[derive(Clone, Debug)]
pub struct Fit<'a> {
    /// The network and its optimiser's state.
    pub trainee: Trainee<f64>,
    /// Its recipe.
    pub recipe: &'a Recipe,
    /// Epochs so far.
    pub epoch: u64,
    activation: Activation,
    seed: u64,
}

impl<'a> Fit<'a> {
    /// A fresh network of these widths. The seed draws its weights and the order of the rows.
    ///
    /// # Errors
    /// Those of [`Network::new`] and [`Trainee::new`].
    pub fn new(
        widths: &[usize],
        activation: Activation,
        recipe: &'a Recipe,
        seed: u64,
    ) -> Result<Self, Error> {
        let network = recipe.network(widths, activation, seed)?;
        let length = match activation {
            Activation::Isotropic => recipe.length,
            Activation::Elementwise => LengthMode::Fixed,
        };
        Ok(Fit {
            trainee: Trainee::new(network, length, &recipe.descent.optimiser)?,
            recipe,
            epoch: 0,
            activation,
            seed,
        })
    }

    /// One epoch: every row once. Returns the mean loss of its batches.
    ///
    /// # Errors
    /// Those of the gradient and the step: a parameter that is not finite any more.
    pub fn epoch(&mut self, rows: &Rows) -> Result<f64, Error> {
        let (order, ranges) = self.batches(rows).epoch(self.epoch);
        let steps = ranges.len() as f64 * self.recipe.epochs as f64;
        let before = self.epoch as f64 * ranges.len() as f64;
        let mut total = 0.0;
        let count = ranges.len() as f64;
        for (k, range) in ranges.into_iter().enumerate() {
            let batch = rows.select(&order[range]);
            let at = (before + k as f64) / steps;
            let rate = match self.recipe.cosine {
                true => self.recipe.rate * 0.5 * (1.0 + (std::f64::consts::PI * at).cos()),
                false => self.recipe.rate,
            };
            total += self.step(&batch, rate)?;
        }
        self.epoch += 1;
        Ok(total / count)
    }

    fn batches(&self, rows: &Rows) -> Batches {
        Batches {
            rows: rows.count(),
            size: Some(self.recipe.batch),
            seed: self.seed,
        }
    }

    fn step(&mut self, batch: &Rows, rate: f64) -> Result<f64, Error> {
        let (loss, gradient) = match self.activation {
            Activation::Elementwise => {
                elementwise::gradient(self.trainee.network(), &batch.x, &batch.labels)?
            }
            Activation::Isotropic => {
                let targets = batch.targets();
                let found = self
                    .trainee
                    .gradient(&batch.x, &targets, Loss::CrossEntropy)?;
                (found.loss, found.parameters)
            }
        };
        self.trainee.step(&self.recipe.descent, gradient, &rate)?;
        Ok(loss)
    }

    /// Every epoch that is left.
    ///
    /// # Errors
    /// As [`Fit::epoch`].
    pub fn finish(&mut self, rows: &Rows) -> Result<(), Error> {
        while self.epoch < self.recipe.epochs {
            self.epoch(rows)?;
        }
        Ok(())
    }

    /// The inputs of the last rows that the epoch before has seen, `count` of them (n_0 × `count`); of the first
    /// epoch's, before there was any.
    pub fn recent(&self, rows: &Rows, count: usize) -> Matrix<f64> {
        let (order, _) = self.batches(rows).epoch(self.epoch.saturating_sub(1));
        let start = order.len().saturating_sub(count);
        rows.x.select_columns(&order[start..])
    }

    /// The part of the rows that is classified rightly, in per cent.
    ///
    /// # Errors
    /// Those of [`outputs`].
    pub fn accuracy(&self, rows: &Rows) -> Result<f64, Error> {
        let y = match self.activation {
            Activation::Isotropic => outputs(self.trainee.network(), &rows.x)?,
            Activation::Elementwise => elementwise::outputs(self.trainee.network(), &rows.x),
        };
        Ok(accuracy(&y, &rows.labels))
    }

    /// The widths of the hidden layers.
    pub fn hidden_widths(&self) -> Vec<usize> {
        let widths = self.trainee.network().widths();
        widths[1..widths.len() - 1].to_vec()
    }
}

/// The part of the columns of y whose largest entry is at the label, in per cent.
pub fn accuracy(y: &Matrix<f64>, labels: &[usize]) -> f64 {
    let largest = |y: &[f64]| (1..y.len()).fold(0, |best, i| if y[i] > y[best] { i } else { best });
    let right = labels
        .iter()
        .enumerate()
        .filter(|&(j, &label)| largest(column(y, j)) == label);
    100.0 * right.count() as f64 / labels.len().max(1) as f64
}
