//! The known ways to be wrong, and what catches each.
//!
//! A [`Fault`] is a faulty variant of something this crate does: a mistake that a peer makes, that a port would
//! make, or that the theory warns of. `registry.yaml` lists them. Most are expressed by *controls*, wrong
//! versions that a statement must reject; some by an input that must be refused; a few have nothing here to
//! catch, and say why.

mod refusal;
mod table;

pub use refusal::Refusal;
pub use table::{BEGIN as TABLE_BEGIN, table};

use serde::Deserialize;

use crate::statement::{DeclarationError, Entry};

/// A known way to be wrong.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Its name.
    pub id: String,
    /// What is wrong.
    pub what: String,
    /// Where it was met.
    pub known: String,
    /// The controls that express it: statement and control.
    pub controls: Vec<(String, String)>,
    /// The refusal that must hold, if it is one of what must not be let through.
    pub refusal: Option<Refusal>,
    /// Why there is nothing to catch, if there is not.
    pub nothing: Option<String>,
    /// The flags of conformance vectors that catch it in a port.
    pub flags: Vec<String>,
    /// The theorems of `proofs/rocq/controls*.v` that prove it wrong.
    pub rocq: Vec<String>,
}

impl Fault {
    /// Its controls as STATEMENT/CONTROL.
    pub fn names(&self) -> Vec<String> {
        let name = |(statement, control): &(String, String)| format!("{statement}/{control}");
        self.controls.iter().map(name).collect()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    id: String,
    what: String,
    known: String,
    #[serde(default)]
    caught_by: Vec<String>,
    refused: Option<Refusal>,
    nothing: Option<String>,
    #[serde(default)]
    flags: Vec<String>,
    #[serde(default)]
    rocq: Vec<String>,
}

/// The registry: what `registry.yaml` lists, and after it every control of these statements that no fault names,
/// as a fault of its own.
///
/// # Errors
/// [`DeclarationError`] if `registry.yaml` does not parse, or names what does not exist; a test sees that
/// neither happens.
pub fn registry(entries: &[Entry]) -> Result<Vec<Fault>, DeclarationError> {
    parse(include_str!("registry.yaml"), entries)
}

/// The same for a registry of the caller's own.
///
/// # Errors
/// [`DeclarationError`] if the text does not parse.
pub fn parse(text: &str, entries: &[Entry]) -> Result<Vec<Fault>, DeclarationError> {
    let listed: Vec<Listed> =
        serde_saphyr::from_str(text).map_err(|error| DeclarationError(error.to_string()))?;
    let mut faults = vec![];
    for fault in listed {
        let pairs = fault.caught_by.iter().map(|name| {
            name.split_once('/')
                .map(|(statement, control)| (statement.to_string(), control.to_string()))
                .ok_or_else(|| {
                    DeclarationError(format!("{}: {name} is not STATEMENT/CONTROL", fault.id))
                })
        });
        faults.push(Fault {
            controls: pairs.collect::<Result<_, _>>()?,
            id: fault.id,
            what: fault.what,
            known: fault.known,
            refusal: fault.refused,
            nothing: fault.nothing,
            flags: fault.flags,
            rocq: fault.rocq,
        });
    }
    let named: Vec<(String, String)> = faults.iter().flat_map(|f| f.controls.clone()).collect();
    for entry in entries {
        for control in &entry.declaration.controls {
            let pair = (entry.id().to_string(), control.id.clone());
            if !named.contains(&pair) {
                faults.push(Fault {
                    id: format!("{}/{}", pair.0, pair.1),
                    what: control.what.clone(),
                    known: format!("theory, {}", pair.0),
                    controls: vec![pair],
                    refusal: None,
                    nothing: None,
                    flags: vec![],
                    rocq: vec![],
                });
            }
        }
    }
    Ok(faults)
}
