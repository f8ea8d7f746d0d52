//! `isotropic vectors`

mod check;
mod results;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use self::check::Check;
use super::{Failure, Outcome, print, visible};
use crate::vector::{embedded, folder, lint::lint};

/// Conformance vectors for ports to other languages: make them, lint them, judge a port by them.
#[derive(Debug, Args)]
pub(crate) struct Vectors {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Generate(Generate),
    Extract(Extract),
    Lint(Lint),
    Check(Box<Check>),
}

impl Vectors {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        match &self.action {
            Action::Generate(command) => command.run(),
            Action::Extract(command) => command.run(),
            Action::Lint(command) => command.run(),
            Action::Check(command) => command.run(),
        }
    }
}

/// Write the vector files, their schemas and the manifest; the same seed gives the same bytes.
#[derive(Debug, Args)]
struct Generate {
    /// Folder to write to
    #[arg(
        short = 'o',
        long = "output",
        value_name = "DIR",
        default_value = "vectors/v1"
    )]
    folder: PathBuf,
    /// Seed of the inputs
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Generate {
    fn run(&self) -> Result<Outcome, Failure> {
        let files = folder::contents(self.seed).map_err(|why| Failure::Usage(why.to_string()))?;
        folder::write(&self.folder, &files)?;
        let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
        let shown = self.folder.display();
        print(&format!(
            "{} files of {bytes} bytes in {shown}\n",
            files.len()
        ))?;
        Ok(Outcome::Done)
    }
}

/// Write the vectors that this program holds, with schemas and manifest.
#[derive(Debug, Args)]
struct Extract {
    /// Folder to write to; it is made if it is not there
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

impl Extract {
    fn run(&self) -> Result<Outcome, Failure> {
        let files = embedded::contents();
        folder::write(&self.folder, &files)?;
        let shown = self.folder.display();
        print(&format!("{} files in {shown}\n", files.len()))?;
        Ok(Outcome::Done)
    }
}

/// Check that a folder of vectors is sound: counts, ids, flags, numbers, hashes.
#[derive(Debug, Args)]
struct Lint {
    /// Folder to check
    #[arg(value_name = "DIR", default_value = "vectors/v1")]
    folder: PathBuf,
}

impl Lint {
    fn run(&self) -> Result<Outcome, Failure> {
        let findings = lint(&self.folder);
        if findings.is_empty() {
            print(&format!("{}: sound\n", self.folder.display()))?;
            return Ok(Outcome::Done);
        }
        let lines: Vec<String> = findings.iter().map(|line| visible(line)).collect();
        print(&format!("{}\n{} findings\n", lines.join("\n"), lines.len()))?;
        Ok(Outcome::Refuted)
    }
}
