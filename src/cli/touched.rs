//! What a command reads and writes: no result replaces an input of another kind, or another result.

use std::path::Path;

use super::{Failure, outcome};
use crate::io::{atomic, source};

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Network,
    /// Inputs, means and deviations.
    Table,
    /// Outputs of a network.
    Rows,
    Json,
    Certificate,
    /// HTML, JUnit, figures.
    Report,
    Checkpoint,
    /// Lines of JSON.
    Log,
}

#[derive(Debug)]
struct File<'a> {
    /// How the command line names it: `NET`, `--inputs`.
    name: &'a str,
    kind: Kind,
    path: &'a Path,
}

/// The files of one run.
#[derive(Debug, Default)]
pub(crate) struct Touched<'a> {
    inputs: Vec<File<'a>>,
    outputs: Vec<File<'a>>,
}

impl<'a> Touched<'a> {
    pub(crate) fn reads(&mut self, name: &'a str, kind: Kind, path: &'a Path) {
        self.inputs.push(File { name, kind, path });
    }

    pub(crate) fn writes(&mut self, name: &'a str, kind: Kind, path: &'a Path) {
        self.outputs.push(File { name, kind, path });
    }

    /// Whether the files get along and the results can be written; sees to it that text stays away from a standard
    /// output that a result takes.
    ///
    /// A network may replace the network it comes from, and nothing else may be replaced that the command reads or
    /// writes.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        let standard: Vec<_> = (self.inputs.iter())
            .filter(|file| is_standard_input(file.path))
            .collect();
        if let [first, second, ..] = standard[..] {
            return Err(Failure::Usage(format!(
                "{} and {} are both standard input, which can be read only once; give one of them as a file",
                first.name, second.name
            )));
        }
        for (at, output) in self.outputs.iter().enumerate() {
            let clash = |other: &&File| is_one_output(output.path, other.path);
            if let Some(other) = self.outputs[..at].iter().find(clash) {
                return Err(Failure::Usage(format!(
                    "{} and {} are the same file, {}; give each result a file of its own",
                    other.name,
                    output.name,
                    shown(output.path)
                )));
            }
            let replaced = |input: &&File| {
                is_input(output.path, input.path)
                    && (input.kind, output.kind) != (Kind::Network, Kind::Network)
            };
            if let Some(input) = self.inputs.iter().find(replaced) {
                return Err(Failure::Usage(format!(
                    "{} would replace {}, {}; give the result another name",
                    output.name,
                    input.name,
                    shown(input.path)
                )));
            }
        }
        self.check_certificate()?;
        for output in &self.outputs {
            atomic::probe(output.path)?;
            if atomic::is_standard_output(output.path) {
                outcome::yield_standard_output(output.kind == Kind::Json);
            }
        }
        Ok(())
    }

    /// A certificate is checked against two files, which must both be there afterwards.
    fn check_certificate(&self) -> Result<(), Failure> {
        if !self
            .outputs
            .iter()
            .any(|file| file.kind == Kind::Certificate)
        {
            return Ok(());
        }
        let networks = || {
            self.outputs
                .iter()
                .filter(|file| file.kind == Kind::Network)
        };
        let replaced = networks()
            .find(|output| (self.inputs.iter()).any(|input| is_input(output.path, input.path)));
        let lost = networks().find(|output| atomic::is_stream(output.path));
        match replaced.or(lost) {
            None => Ok(()),
            Some(output) => Err(Failure::Usage(format!(
                "--certificate is of two files, and {} leaves only one of them; give it another name",
                output.name
            ))),
        }
    }
}

fn is_standard_input(path: &Path) -> bool {
    source::is_standard(path) || path == Path::new("/dev/stdin")
}

fn shown(path: &Path) -> String {
    if source::is_standard(path) {
        "standard output".into()
    } else {
        path.display().to_string()
    }
}

/// Whether two results go to one place. What is written to the null device meets nobody.
fn is_one_output(a: &Path, b: &Path) -> bool {
    if atomic::is_standard_output(a) || atomic::is_standard_output(b) {
        return atomic::is_standard_output(a) && atomic::is_standard_output(b);
    }
    a != Path::new("/dev/null") && atomic::resolved(a) == atomic::resolved(b)
}

/// Whether a result goes where an input comes from.
fn is_input(output: &Path, input: &Path) -> bool {
    !is_standard_input(input)
        && !atomic::is_stream(output)
        && atomic::resolved(output) == atomic::resolved(input)
}
