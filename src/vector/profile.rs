//! What a port declares to have: the cases outside of it are neither asked nor judged.

use serde::{Deserialize, Serialize};

use super::{
    case::{Case, VectorFile},
    operation::Operation,
};
use crate::Gain;

/// `format` of a profile.
pub const FORMAT: &str = "isotropic-profile";

/// The gains and operations of a port; `None` for all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// [`FORMAT`].
    #[serde(default)]
    format: String,
    /// Gains by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gains: Option<Vec<String>>,
    /// Operations by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operations: Option<Vec<String>>,
}

impl Profile {
    /// A profile of some gains, with every operation.
    ///
    /// # Errors
    /// A line that names a gain that does not exist, and those that do.
    pub fn of_gains(gains: &[String]) -> Result<Self, String> {
        let profile = Profile {
            format: FORMAT.into(),
            gains: Some(gains.to_vec()),
            operations: None,
        };
        profile.checked()
    }

    /// The profile in a file.
    ///
    /// # Errors
    /// A line that says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let profile: Profile =
            serde_json::from_str(text).map_err(|why| format!("it is no profile: {why}"))?;
        if profile.format != FORMAT {
            return Err(format!("its format is not `{FORMAT}`"));
        }
        profile.checked()
    }

    fn checked(self) -> Result<Self, String> {
        let known_gains = Gain::<f64>::NAMES;
        let known = Operation::ALL.map(Operation::name);
        check("gain", self.gains.as_ref(), &known_gains)?;
        check("operation", self.operations.as_ref(), &known)?;
        Ok(self)
    }

    /// Whether a case lies within. What has to be refused belongs to the operation that has to refuse it.
    pub fn admits(&self, operation: &str, case: &Case) -> bool {
        let among = |names: &Option<Vec<String>>, name: &str| {
            names
                .as_ref()
                .is_none_or(|names| names.iter().any(|known| known == name))
        };
        let inner = case.input.word("operation");
        let refuses = operation != Operation::Invalid.name()
            || inner.is_ok_and(|inner| among(&self.operations, &inner));
        // A gain that does not exist is for every port to refuse.
        let gain = case.gain().filter(|gain| Gain::<f64>::NAMES.contains(gain));
        among(&self.operations, operation)
            && refuses
            && gain.is_none_or(|gain| among(&self.gains, gain))
    }

    /// The files without the cases outside, and how many these are.
    pub fn within(&self, files: Vec<VectorFile>, precision: &str) -> (Vec<VectorFile>, usize) {
        let mut outside = 0;
        let files = files.into_iter().map(|mut file| {
            let operation = file.operation.clone();
            file.cases.retain(|case| {
                let admitted = self.admits(&operation, case);
                let asked = case.precisions.iter().any(|name| name == precision);
                outside += usize::from(!admitted && asked);
                admitted
            });
            file
        });
        let files = files.collect();
        (files, outside)
    }
}

fn check(what: &str, names: Option<&Vec<String>>, known: &[&str]) -> Result<(), String> {
    let Some(names) = names else {
        return Ok(());
    };
    if names.is_empty() {
        return Err(format!(
            "it has no {what}: leave the list out for all of them"
        ));
    }
    match names.iter().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(format!(
            "there is no {what} `{name}`; there are {}",
            known.join(", ")
        )),
        None => Ok(()),
    }
}
