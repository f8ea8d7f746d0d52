//! A failing case as a file: everything that is needed to measure it again, exactly.
//!
//! ```yaml
//! replay: 1                   # version of the format
//! statement: D2
//! control: psi-forgotten      # left out: the statement itself
//! arithmetic: rational        # where it failed
//! seed: 17                    # of what the measurement draws
//! inputs:
//!   - ["1", "3/16"]
//! network:                    # as in a file of its own
//!   isotropic: 1
//!   widths: [2, 1, 1]
//! found:                      # what was compared there, for the reader: not read again
//!   input: ["1", "3/16"]
//!   before: …                 # a network, as above
//!   after: …
//!   outputs: [["0.5"], ["0.25"]]
//!   difference: ["0.25"]
//! ```

use std::fmt::Write;

use serde::Deserialize;

use crate::{
    Network,
    io::{FileError, ReadOptions, WriteOptions, yaml},
    scalar::{Field, Rational},
    statement::{Arithmetic, Case, Pair, magnitude},
};

/// A case with the statement or control that it is a case of.
#[derive(Clone, Debug)]
pub struct Replay {
    /// The statement's id.
    pub statement: String,
    /// The control's id; `None` for the statement itself.
    pub control: Option<String>,
    /// The arithmetic in which it failed.
    pub arithmetic: Arithmetic,
    /// The case.
    pub case: Case,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    replay: String,
    statement: String,
    control: Option<String>,
    arithmetic: String,
    seed: u64,
    inputs: Vec<Vec<String>>,
    network: yaml::Document,
    /// What was measured there: for the reader; it is measured again.
    #[serde(default, rename = "found")]
    _found: Option<serde::de::IgnoredAny>,
}

impl Replay {
    /// The text of a file.
    ///
    /// # Errors
    /// Those of writing a network.
    pub fn to_yaml(&self) -> Result<String, FileError> {
        let failing = match &self.control {
            None => self.statement.clone(),
            Some(control) => format!("{}, control {control}", self.statement),
        };
        let mut out = format!("# A case of {failing} that fails. Numbers are read exactly.\n");
        // Writing to a string cannot fail.
        let _ = writeln!(out, "replay: 1\nstatement: {}", self.statement);
        if let Some(control) = &self.control {
            let _ = writeln!(out, "control: {control}");
        }
        let (arithmetic, seed) = (self.arithmetic.title(), self.case.seed);
        let _ = writeln!(out, "arithmetic: \"{arithmetic}\"\nseed: {seed}\ninputs:");
        for x in &self.case.inputs {
            let numbers: Vec<String> = x.iter().map(|x| format!("\"{x}\"")).collect();
            let _ = writeln!(out, "  - [{}]", numbers.join(", "));
        }
        out += "network:\n";
        indented(&mut out, &self.case.network, "  ")?;
        Ok(out)
    }

    /// Reads the text of a file; `file` is the name for messages.
    ///
    /// # Errors
    /// [`FileError`] naming the place.
    pub fn from_yaml(file: &str, text: &str) -> Result<Self, FileError> {
        let document: Document = yaml::parse(file, text)?;
        let refuse = |place: &str, found: &str, expected: &str, remedy: &'static str| {
            Err(FileError::content(file, place, found, expected, remedy))
        };
        if document.replay != "1" {
            let remedy = "use a program of the same version as the file";
            return refuse("replay, the version", &document.replay, "1", remedy);
        }
        let known = |a: &&Arithmetic| a.title() == document.arithmetic;
        let Some(arithmetic) = Arithmetic::ALL.iter().find(known) else {
            let all: Vec<String> = Arithmetic::ALL.iter().map(|a| a.title()).collect();
            let expected = format!("one of {}", all.join(", "));
            return refuse("arithmetic", &document.arithmetic, &expected, "correct it");
        };
        if document.inputs.is_empty() {
            return refuse("inputs", "none", "at least one", "add one");
        }
        let mut inputs = vec![];
        for (k, x) in (1..).zip(&document.inputs) {
            let place = |i: usize| format!("input {k}, entry {i}");
            let numbers = (1..).zip(x);
            let numbers = numbers.map(|(i, text)| yaml::number(file, || place(i), text));
            inputs.push(numbers.collect::<Result<_, _>>()?);
        }
        let stored = document.network.stored(file, &ReadOptions::default())?;
        Ok(Replay {
            statement: document.statement,
            control: document.control,
            arithmetic: *arithmetic,
            case: Case {
                // o is stated as such: no bits are lost.
                network: stored.exact(u32::from(u8::MAX))?,
                inputs,
                seed: document.seed,
            },
        })
    }
}

/// A network as in a file of its own. Rationals are written as p/q: short after shrinking, and exact.
fn indented(out: &mut String, network: &Network<Rational>, by: &str) -> Result<(), FileError> {
    let text = yaml::write("the case", network, &WriteOptions::default())?;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let _ = writeln!(out, "{by}{line}");
    }
    Ok(())
}

/// What was compared, in the words of the file: the networks before and after, the input, both outputs.
///
/// # Errors
/// Those of writing a network.
pub(in crate::verify) fn found(pair: &Pair) -> Result<String, FileError> {
    let numbers = |x: &[Rational]| {
        let numbers: Vec<String> = x.iter().map(|x| format!("\"{}\"", shortest(x))).collect();
        format!("[{}]", numbers.join(", "))
    };
    let [y, image] = &pair.outputs;
    let apart: Vec<Rational> = y.iter().zip(image).map(|(a, b)| a.clone() - b).collect();
    let mut out = String::from("found:\n");
    let _ = writeln!(out, "  input: {}\n  before:", numbers(&pair.input));
    indented(&mut out, &pair.before, "    ")?;
    out += "  after:\n";
    indented(&mut out, &pair.after, "    ")?;
    let _ = writeln!(out, "  outputs: [{}, {}]", numbers(y), numbers(image));
    let _ = writeln!(out, "  difference: {}", numbers(&apart));
    Ok(out)
}

/// p/q where that is short, else 17 digits.
fn shortest(x: &Rational) -> String {
    let exact = x.to_string();
    match exact.len() <= 24 {
        true => exact,
        false => {
            let sign = if x.below_zero() { "-" } else { "" };
            format!("{sign}{:.16}", magnitude(x))
        }
    }
}
