//! Training for experiments: a recipe, and a network on its way through it.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::{Rows, elementwise};
use crate::{
    Error, Gain, Network,
    learning::{
        Descent, LengthMode, Optimiser, Plan, Trainee, Trainer, TrainingError, fresh, right,
    },
    linalg::Matrix,
    network::{
        edit::altered,
        gradient::{Loss, outputs},
    },
};

/// What the hidden layers do to their pre-activations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// tanh of the norm.
    Isotropic,
    /// tanh of each neuron: the double.
    Elementwise,
}

/// Rows at which structural steps measure what they change: experiments look at accuracies.
const MEASURED: usize = 8;

/// How a network is trained.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    /// How its training goes; the seed is that of the [`Fit`].
    pub plan: Plan<f64>,
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
        let descent = Descent::plain(optimiser);
        Recipe {
            plan: Plan {
                batch: Some(48),
                measured: MEASURED,
                ..Plan::new(Loss::CrossEntropy, descent, rate, epochs)
            },
            length: LengthMode::Log,
            length_squared: 1e-2,
            psi: true,
        }
    }

    /// A fresh network: that of `isotropic train`, without ψ and o where there are to be none.
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
        let network = fresh(widths, Gain::Tanh, &self.length_squared, &mut rng)?;
        let isotropic = activation == Activation::Isotropic;
        if self.psi && isotropic {
            return Ok(network);
        }
        let bare = altered(&network, |layers, _, _| {
            layers.iter_mut().for_each(|layer| layer.psi = None);
        })?;
        let (layers, gain, lengths) = bare.into_parts();
        Network::new(layers, gain, isotropic.then_some(lengths))
    }
}

/// A network on its way through its epochs.
#[derive(Clone, Debug)]
pub struct Fit {
    /// The network and its optimiser's state.
    pub trainee: Trainee<f64>,
    /// Epochs so far.
    pub epoch: u64,
    plan: Plan<f64>,
    activation: Activation,
}

impl Fit {
    /// A fresh network of these widths. The seed draws its weights and the order of the rows.
    ///
    /// # Errors
    /// Those of [`Network::new`] and [`Trainee::new`].
    pub fn new(
        widths: &[usize],
        activation: Activation,
        recipe: &Recipe,
        seed: u64,
    ) -> Result<Self, Error> {
        let network = recipe.network(widths, activation, seed)?;
        let length = match activation {
            Activation::Isotropic => recipe.length,
            Activation::Elementwise => LengthMode::Fixed,
        };
        let optimiser = &recipe.plan.descent.optimiser;
        Ok(Fit {
            trainee: Trainee::new(network, length, optimiser)?,
            epoch: 0,
            plan: Plan {
                seed,
                ..recipe.plan.clone()
            },
            activation,
        })
    }

    /// `epochs` epochs of the plan on these rows, and what their ends do to the widths. On one thread: what an experiment
    /// shares out among threads are its seeds.
    ///
    /// # Errors
    /// Those of [`Trainer::advance`].
    pub fn train(&mut self, rows: &Rows, epochs: u64) -> Result<(), TrainingError> {
        let (plan, trainee) = (self.plan.clone(), self.trainee.clone());
        let mut trainer = Trainer::new(plan, trainee, self.epoch, rows, None)?;
        for _ in 0..epochs {
            match self.activation {
                Activation::Isotropic => trainer.advance()?,
                Activation::Elementwise => trainer.advance_by(|trainee, batch| {
                    elementwise::gradient(trainee.network(), &batch.x, &batch.targets)
                })?,
            };
        }
        self.epoch = trainer.epochs_done();
        self.trainee = trainer.into_trainee();
        Ok(())
    }

    /// Every epoch that is left.
    ///
    /// # Errors
    /// As [`Fit::train`].
    pub fn finish(&mut self, rows: &Rows) -> Result<(), TrainingError> {
        self.train(rows, self.plan.epochs.saturating_sub(self.epoch))
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
        Ok(accuracy(&y, rows))
    }

    /// The widths of the hidden layers.
    pub fn hidden_widths(&self) -> Vec<usize> {
        let widths = self.trainee.network().widths();
        widths[1..widths.len() - 1].to_vec()
    }
}

/// The part of the columns of y whose largest entry is at the label, in per cent.
pub fn accuracy(y: &Matrix<f64>, rows: &Rows) -> f64 {
    let right = right(y, &rows.targets).unwrap_or(0);
    100.0 * right as f64 / rows.rows().max(1) as f64
}
