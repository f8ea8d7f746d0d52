//! Checkpoints: everything that the rest of a training depends on, as one JSON document, to the last bit.

mod tensors;

use serde::{Deserialize, Serialize};

use tensors::{Numbers, Tensors, damaged, layers, numbers, read, read_one, spell};

use super::{LengthMode, Second, Settings, State, Trainee, TrainingError};
use crate::{
    error::Error,
    network::{
        Gain, Network,
        gradient::{Tangent, Trainable},
    },
    scalar::Field,
};

/// What the document says it is.
const FORMAT: &str = "isotropic checkpoint";

/// The version that this code writes, and the only one it reads: an older one trained by other rules.
pub const VERSION: u32 = 1;

/// A training after some epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    format: String,
    version: u32,
    /// The arithmetic, as [`Field::name`] has it.
    pub scalar: String,
    /// The settings of the training.
    pub settings: Settings,
    /// Where the data are, and what they are.
    pub source: Source,
    /// Epochs done.
    pub epoch: u64,
    gain: String,
    threshold: Option<String>,
    layers: Vec<Tensors>,
    /// o, where the network has it.
    lengths: Option<Numbers>,
    mode: String,
    trained: Numbers,
    steps: u64,
    powers: Numbers,
    first: Vec<Tensors>,
    first_lengths: Numbers,
    second: SecondNumbers,
    /// One line of JSON for each epoch.
    pub log: Vec<String>,
}

/// Where the data are, and what they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// As it was given.
    pub data: String,
    /// SHA-256 of the numbers and labels.
    pub digest: String,
    /// How they are read, in words of whoever reads them.
    pub reading: String,
    /// Rows at the end that are kept out.
    pub held_out: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum SecondNumbers {
    None,
    Tensors {
        sums: Numbers,
        sizes: Vec<usize>,
    },
    Entries {
        layers: Vec<Tensors>,
        lengths: Numbers,
    },
}

impl Checkpoint {
    /// A training of these settings and data after `epoch` epochs, with the lines of its log.
    pub fn new<S: Trainable>(
        trainee: &Trainee<S>,
        settings: &Settings,
        source: &Source,
        epoch: u64,
        log: &[String],
    ) -> Self {
        let network = trainee.network();
        let state = trainee.state();
        let lengths: Vec<S> = network
            .hidden()
            .map(|l| network.length_squared(l))
            .collect();
        Checkpoint {
            format: FORMAT.into(),
            version: VERSION,
            scalar: S::name(),
            settings: settings.clone(),
            source: source.clone(),
            epoch,
            gain: network.gain().name().into(),
            threshold: network.gain().threshold().map(spell),
            layers: network.layers().iter().map(Tensors::of).collect(),
            lengths: network.has_lengths().then(|| numbers(&lengths)),
            mode: trainee.mode().name().into(),
            trained: numbers(trainee.trained_lengths()),
            steps: state.steps,
            powers: numbers(&[state.powers.0.clone(), state.powers.1.clone()]),
            first: state.first.layers.iter().map(Tensors::of).collect(),
            first_lengths: numbers(&state.first.lengths),
            second: match &state.second {
                Second::None => SecondNumbers::None,
                Second::Tensors { sums, sizes } => SecondNumbers::Tensors {
                    sums: numbers(sums),
                    sizes: sizes.clone(),
                },
                Second::Entries(moments) => SecondNumbers::Entries {
                    layers: moments.layers.iter().map(Tensors::of).collect(),
                    lengths: numbers(&moments.lengths),
                },
            },
            log: log.to_vec(),
        }
    }

    /// The document.
    ///
    /// # Errors
    /// [`TrainingError::Data`]; none for checkpoints made by [`Checkpoint::new`].
    pub fn to_json(&self) -> Result<String, TrainingError> {
        let text = serde_json::to_string(self).map_err(|why| damaged(&why.to_string()))?;
        Ok(text + "\n")
    }

    /// Reads a document.
    ///
    /// # Errors
    /// [`TrainingError::Data`] for a file that is none, is cut short, or is of another version.
    pub fn from_json(text: &str) -> Result<Self, TrainingError> {
        #[derive(Deserialize)]
        struct Head {
            format: String,
            version: u32,
        }
        let head: Head = serde_json::from_str(text).map_err(|why| damaged(&why.to_string()))?;
        if head.format != FORMAT {
            return Err(damaged(&format!("its format is `{}`", head.format)));
        }
        if head.version != VERSION {
            return Err(TrainingError::Data {
                found: format!("the checkpoint has version {}", head.version),
                expected: format!(
                    "this program reads version {VERSION}: use the one that wrote it"
                ),
            });
        }
        serde_json::from_str(text).map_err(|why| damaged(&why.to_string()))
    }

    /// The network and the optimiser's state.
    ///
    /// # Errors
    /// [`TrainingError::Data`] for numbers that are none, of a wrong count, or in another arithmetic.
    pub fn trainee<S: Trainable>(&self) -> Result<Trainee<S>, TrainingError> {
        if self.scalar != S::name() {
            return Err(damaged(&format!("it is in {}", self.scalar)));
        }
        let gain = Gain::from_name(
            &self.gain,
            self.threshold.as_deref().map(read_one::<S>).transpose()?,
        )?;
        let layers = layers(&self.layers)?;
        let lengths = self.lengths.as_deref().map(read::<S>).transpose()?;
        let network = Network::new(layers, gain, lengths)?;
        let mode = LengthMode::from_name(&self.mode)
            .ok_or_else(|| damaged(&format!("o is trained as `{}`", self.mode)))?;
        let powers = read::<S>(&self.powers)?;
        let [first, second] = powers.as_slice() else {
            return Err(damaged("the powers of β are not two"));
        };
        let state = State {
            steps: self.steps,
            powers: (first.clone(), second.clone()),
            first: tangent(&self.first, &self.first_lengths)?,
            second: match &self.second {
                SecondNumbers::None => Second::None,
                SecondNumbers::Tensors { sums, sizes } => Second::Tensors {
                    sums: read(sums)?,
                    sizes: sizes.clone(),
                },
                SecondNumbers::Entries { layers, lengths } => {
                    Second::Entries(tangent(layers, lengths)?)
                }
            },
        };
        Ok(Trainee::restore(
            network,
            mode,
            read(&self.trained)?,
            state,
        )?)
    }
}

impl<S: Trainable> Trainee<S> {
    /// From what a checkpoint holds.
    fn restore(
        network: Network<S>,
        mode: LengthMode,
        trained: Vec<S>,
        state: State<S>,
    ) -> Result<Self, Error> {
        state.check(&network)?;
        if trained.len() != network.hidden().len() {
            return Err(Error::Shape {
                layer: network.depth(),
                what: "the list of trained lengths",
                found: format!("{} entries", trained.len()),
                expected: "one for each hidden layer".into(),
            });
        }
        Ok(Trainee::from_parts(network, mode, trained, state))
    }
}

fn tangent<S: Field>(from: &[Tensors], lengths: &str) -> Result<Tangent<S>, TrainingError> {
    let (layers, lengths) = (layers(from)?, read(lengths)?);
    Ok(Tangent { layers, lengths })
}
