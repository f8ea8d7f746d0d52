//! The files of `experiments/`.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    Experiment, comparison, depth, ends, modes, overabundance, rotation, sparsity, spectra,
    switching,
};
use crate::statement::DeclarationError;

/// The experiments, in the order of `docs/learning.md`.
pub const NAMES: [&str; 9] = [
    "overabundance",
    "switching",
    "static",
    "depth",
    "spectra",
    "sparsification",
    "invariance",
    "ends",
    "rotation",
];

/// A file of `experiments/`.
pub struct Config {
    /// Its name, one of [`NAMES`].
    pub name: String,
    /// A few words.
    pub title: String,
    /// What is claimed.
    pub claim: String,
    /// By whom.
    pub source: String,
    /// How the verdict is found, written before anything was run.
    pub rule: String,
    /// The configuration of the papers, for data of their kind; `None` where the experiment draws its own.
    pub papers: Option<Setup>,
    /// The number of seeds.
    pub seeds: u64,
    /// What is run on the shipped data.
    pub shipped: Setup,
}

/// An experiment with its settings.
pub struct Setup {
    /// The settings, as results keep them.
    pub settings: Value,
    /// What is run.
    pub experiment: Box<dyn Experiment>,
}

impl Setup {
    fn new<T: Experiment + Serialize + 'static>(settings: T) -> Result<Self, DeclarationError> {
        Ok(Setup {
            settings: serde_json::to_value(&settings)
                .map_err(|error| DeclarationError(error.to_string()))?,
            experiment: Box::new(settings),
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<T> {
    name: String,
    title: String,
    claim: String,
    source: String,
    rule: String,
    papers: Option<T>,
    seeds: u64,
    settings: T,
}

fn read<T: Experiment + Serialize + DeserializeOwned + 'static>(
    text: &str,
) -> Result<Config, DeclarationError> {
    let file: File<T> =
        serde_saphyr::from_str(text).map_err(|error| DeclarationError(error.to_string()))?;
    Ok(Config {
        name: file.name,
        title: file.title,
        claim: file.claim.trim().into(),
        source: file.source,
        rule: file.rule.trim().into(),
        papers: file.papers.map(Setup::new).transpose()?,
        seeds: file.seeds,
        shipped: Setup::new(file.settings)?,
    })
}

/// The experiment of that name; `None` if there is none.
///
/// # Errors
/// [`DeclarationError`] if its file does not parse; a test sees that none does.
pub fn config(name: &str) -> Result<Option<Config>, DeclarationError> {
    let found = match name {
        "overabundance" => {
            read::<overabundance::Settings>(include_str!("../../experiments/overabundance.yaml"))
        }
        "switching" => {
            read::<switching::Settings>(include_str!("../../experiments/switching.yaml"))
        }
        "static" => read::<comparison::Settings>(include_str!("../../experiments/static.yaml")),
        "depth" => read::<depth::Settings>(include_str!("../../experiments/depth.yaml")),
        "spectra" => read::<spectra::Settings>(include_str!("../../experiments/spectra.yaml")),
        "sparsification" => {
            read::<sparsity::Settings>(include_str!("../../experiments/sparsification.yaml"))
        }
        "invariance" => read::<modes::Settings>(include_str!("../../experiments/invariance.yaml")),
        "ends" => read::<ends::Settings>(include_str!("../../experiments/ends.yaml")),
        "rotation" => read::<rotation::Settings>(include_str!("../../experiments/rotation.yaml")),
        _ => return Ok(None),
    };
    found.map(Some)
}
