//! The options of a training, as a person gives them.

use clap::Args;
use serde_json::{Map, Value};

use crate::{cli::Failure, learning::Settings, scalar::Field};

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

    /// Refuses an option that was given and means another training than the checkpoint has, whatever the words: `--seed 0` is
    /// what no `--seed` is, and `--lr .10` is `--lr 0.1`.
    pub(super) fn check_against<S: Field>(
        &self,
        stored: &Settings,
        hidden: &[usize],
    ) -> Result<(), Failure> {
        let (asked, had) = (fields(&self.settings(false))?, fields(stored)?);
        let given = |value: &Value| !matches!(value, Value::Null | Value::Bool(false));
        for (field, value) in asked.into_iter().filter(|(_, value)| given(value)) {
            let mut changed = had.clone();
            let before = changed.insert(field.clone(), value).unwrap_or_default();
            let changed: Settings =
                serde_json::from_value(Value::Object(changed)).map_err(unreadable)?;
            if !stored.same_training::<S>(&changed, hidden) {
                return Err(Failure::Usage(format!(
                    "--resume goes on with the options of its checkpoint, where {} {}; leave it out, or start anew",
                    option(&field),
                    shown(&before)
                )));
            }
        }
        Ok(())
    }
}

/// Every setting by its name.
fn fields(settings: &Settings) -> Result<Map<String, Value>, Failure> {
    match serde_json::to_value(settings).map_err(unreadable)? {
        Value::Object(fields) => Ok(fields),
        _ => Ok(Map::new()),
    }
}

fn unreadable(why: serde_json::Error) -> Failure {
    Failure::Usage(format!(
        "the settings of the checkpoint cannot be used: {why}"
    ))
}

/// The option that gives a setting.
fn option(field: &str) -> String {
    match field {
        "rate" => "--lr".into(),
        "schedule" => "--lr-schedule".into(),
        other => format!("--{}", other.replace('_', "-")),
    }
}

/// What a checkpoint has for a setting.
fn shown(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(false) => "was not given".into(),
        Value::Bool(true) => "was given".into(),
        Value::String(text) => format!("was {text}"),
        Value::Array(several) => {
            let texts: Vec<String> = several
                .iter()
                .map(|text| text.as_str().map_or(text.to_string(), Into::into))
                .collect();
            format!("was {}", texts.join(","))
        }
        Value::Number(_) | Value::Object(_) => format!("was {value}"),
    }
}
