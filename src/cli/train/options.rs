//! The options of a training, as a person gives them.

use clap::Args;

use crate::{cli::Failure, learning::Settings};

/// How to train.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Training")]
pub(crate) struct TrainingOptions {
    /// cross-entropy (mean of -ln softmax) or squared (mean of ½‖y - t‖²) [default: cross-entropy]
    #[arg(long, value_name = "LOSS", value_parser = ["cross-entropy", "squared"])]
    loss: Option<String>,
    /// [default: adam-tensor]
    #[arg(long, value_name = "NAME", value_parser = ["sgd", "momentum", "nesterov", "muon", "adam-tensor", "adamw"])]
    optimiser: Option<String>,
    /// Rate [default: sgd 0.1, momentum and nesterov 0.05, muon 0.02, adam-tensor 0.005, adamw 0.002]
    #[arg(long, value_name = "ETA", allow_negative_numbers = true)]
    lr: Option<String>,
    /// How the rate goes: constant, or cosine to 0 [default: constant]
    #[arg(long, value_name = "NAME", value_parser = ["constant", "cosine"])]
    lr_schedule: Option<String>,
    /// Momentum of momentum, nesterov and muon [default: 0.9]
    #[arg(long, value_name = "MU", allow_negative_numbers = true)]
    momentum: Option<String>,
    /// Averaging of adam-tensor and adamw [default: 0.9,0.999]
    #[arg(
        long,
        value_name = "B1,B2",
        value_delimiter = ',',
        allow_negative_numbers = true
    )]
    betas: Option<Vec<String>>,
    /// Weight decay of W, b and ψ: in the gradient for sgd, momentum and nesterov, decoupled for the others [default: 0]
    #[arg(long, value_name = "LAMBDA", allow_negative_numbers = true)]
    weight_decay: Option<String>,
    /// Scale gradients of a larger norm down to this one
    #[arg(long, value_name = "NORM", allow_negative_numbers = true)]
    clip: Option<String>,
    /// What adamw's second moment does when a layer is cut: keep, or diagonal, v -> (R∘R) v [default: keep]
    #[arg(long, value_name = "RULE", value_parser = ["keep", "diagonal"])]
    adam_rotation: Option<String>,
    /// How o is trained: fixed, as its log, or as its root [default: log]
    #[arg(long, value_name = "HOW", value_parser = ["fixed", "log", "root"])]
    length: Option<String>,
    /// Rows in a batch, or full [default: 48]
    #[arg(long, value_name = "N")]
    batch: Option<String>,
    /// Times to go through the rows [default: 60]
    #[arg(long, value_name = "N")]
    epochs: Option<u64>,
    /// Seed of the fresh network, the order of the rows and new neurons [default: 0]
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// Keep S unused directions in every hidden layer: grow where there are fewer, remove where there are more
    #[arg(long, value_name = "S")]
    adapt: Option<usize>,
    /// Epochs between two adaptations [default: 1]
    #[arg(long, value_name = "N")]
    adapt_every: Option<u64>,
    /// A direction is unused if its singular value is at most this [default: 0.1]
    #[arg(long, value_name = "THETA", allow_negative_numbers = true)]
    scaffold_threshold: Option<String>,
    /// Hidden widths after epochs, with straight lines between: 9:48,48;54:8,8
    #[arg(long, value_name = "E:n1,…;…")]
    widths_schedule: Option<String>,
    /// Which directions a removal keeps: data, the principal axes of recent rows, or svd [default: data]
    #[arg(long, value_name = "RULE", value_parser = ["data", "svd"])]
    removal: Option<String>,
    /// Enclose what each change of a width changes, row by row
    #[arg(long)]
    certified: bool,
}

impl TrainingOptions {
    /// As the library keeps them.
    pub(super) fn settings(&self, spectra: bool) -> Settings {
        Settings {
            loss: self.loss.clone(),
            optimiser: self.optimiser.clone(),
            rate: self.lr.clone(),
            momentum: self.momentum.clone(),
            betas: self.betas.clone(),
            weight_decay: self.weight_decay.clone(),
            schedule: self.lr_schedule.clone(),
            clip: self.clip.clone(),
            adam_rotation: self.adam_rotation.clone(),
            length: self.length.clone(),
            batch: self.batch.clone(),
            epochs: self.epochs,
            seed: self.seed,
            adapt: self.adapt,
            adapt_every: self.adapt_every,
            scaffold_threshold: self.scaffold_threshold.clone(),
            widths_schedule: self.widths_schedule.clone(),
            removal: self.removal.clone(),
            certified: self.certified,
            spectra,
        }
    }

    /// Refuses an option that was given and is not what the checkpoint has.
    pub(super) fn check_against(&self, stored: &Settings) -> Result<(), Failure> {
        let (asked, stored) = (named(&self.settings(false)), named(stored));
        for ((name, asked), (_, stored)) in asked.iter().zip(&stored) {
            if asked.is_some() && asked != stored {
                let had = match stored {
                    Some(value) => format!("was {value}"),
                    None => "was not given".into(),
                };
                return Err(Failure::Usage(format!(
                    "--resume goes on with the options of its checkpoint, where {name} {had}; leave it out, or start anew"
                )));
            }
        }
        Ok(())
    }
}

/// Every option with its value as text, if there is one.
fn named(settings: &Settings) -> [(&'static str, Option<String>); 19] {
    let text = |value: Option<u64>| value.map(|value| value.to_string());
    [
        ("--loss", settings.loss.clone()),
        ("--optimiser", settings.optimiser.clone()),
        ("--lr", settings.rate.clone()),
        ("--momentum", settings.momentum.clone()),
        (
            "--betas",
            settings.betas.as_ref().map(|betas| betas.join(",")),
        ),
        ("--weight-decay", settings.weight_decay.clone()),
        ("--lr-schedule", settings.schedule.clone()),
        ("--clip", settings.clip.clone()),
        ("--adam-rotation", settings.adam_rotation.clone()),
        ("--length", settings.length.clone()),
        ("--batch", settings.batch.clone()),
        ("--epochs", text(settings.epochs)),
        ("--seed", text(settings.seed)),
        ("--adapt", text(settings.adapt.map(|n| n as u64))),
        ("--adapt-every", text(settings.adapt_every)),
        ("--scaffold-threshold", settings.scaffold_threshold.clone()),
        ("--widths-schedule", settings.widths_schedule.clone()),
        ("--removal", settings.removal.clone()),
        ("--certified", settings.certified.then(|| "on".into())),
    ]
}
