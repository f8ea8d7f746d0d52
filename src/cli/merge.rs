//! `isotropic merge`

use std::path::PathBuf;

use clap::{Args, Parser};

use super::{
    Cli, Command, Failure, Kind, Outcome, Touched, experiment,
    verify::{ShareFile, Verify},
};
use crate::experiment::Results;

/// Join the shares of a verification or an experiment that `--shard` measured, on one machine or many.
///
/// All of them, in any order: a share that is missing, given twice or of another run is exit 2, with a list. The verdict,
/// the tables and the files are those of the whole run.
#[derive(Debug, Args)]
pub(crate) struct Merge {
    /// What `verify --shard i/n --json FILE` or `experiment --shard i/n --json FILE` wrote, for every i
    #[arg(value_name = "FILE", required = true)]
    shares: Vec<PathBuf>,
    /// Write everything printed, and the numbers behind it, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write a report for people: one HTML file that loads nothing
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Write the verdicts as JUnit XML
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write the figure of the precision law, as SVG
    #[arg(long, value_name = "FILE")]
    law: Option<PathBuf>,
    /// Folder for shrunk failing cases, made when there are some [default: isotropic-failures]
    #[arg(long, value_name = "DIR")]
    failures: Option<PathBuf>,
}

impl Merge {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        if let Some(results) = experiment::shares(&self.shares)? {
            return self.of_experiment(&results);
        }
        let files: Vec<ShareFile> = (self.shares.iter())
            .map(|path| ShareFile::read(path))
            .collect::<Result<_, _>>()?;
        let Some(first) = files.first() else {
            return Err(Failure::Usage("no share was given".into()));
        };
        let verify = self.verify(&first.run.command)?;
        let here = verify.common()?;
        let foreign: Vec<String> = (self.shares.iter().zip(&files))
            .filter(|(_, file)| file.run != first.run)
            .map(|(path, _)| path.display().to_string())
            .collect();
        let named = self.shares[0].display();
        if !foreign.is_empty() {
            let foreign = foreign.join(", ");
            return Err(Failure::Usage(format!(
                "{foreign}: of another run than {named}: another version, command line or network"
            )));
        }
        if here != first.run {
            return Err(Failure::Usage(format!(
                "{named}: was measured by another version, or on other networks, than there are here"
            )));
        }
        let parts: Vec<_> = files.into_iter().map(|file| file.part).collect();
        verify.merged(&parts)
    }

    fn of_experiment(&self, results: &Results) -> Result<Outcome, Failure> {
        for (name, path) in [
            ("--junit", &self.junit),
            ("--law", &self.law),
            ("--failures", &self.failures),
        ] {
            if path.is_some() {
                return Err(Failure::Usage(format!(
                    "{name} has no effect on the shares of an experiment; leave it out"
                )));
            }
        }
        let mut touched = Touched::default();
        for path in &self.shares {
            touched.reads("a share", Kind::Json, path);
        }
        if let Some(path) = &self.json {
            touched.writes("--json", Kind::Json, path);
        }
        if let Some(path) = &self.report {
            touched.writes("--report", Kind::Report, path);
        }
        touched.check()?;
        experiment::merged(results, self.json.as_ref(), self.report.as_ref())
    }

    /// The command that was run in shares, with the files that are asked for here.
    fn verify(&self, words: &[String]) -> Result<Verify, Failure> {
        let mut line = vec!["isotropic".to_string()];
        line.extend(words.iter().cloned());
        let parsed = Cli::try_parse_from(line).map_err(|usage| Failure::usage(&usage))?;
        let Command::Verify(mut verify) = parsed.command else {
            return Err(Failure::Usage(
                "the shares are not of a verification".into(),
            ));
        };
        verify.whole(
            [&self.json, &self.report, &self.junit, &self.law].map(Clone::clone),
            self.failures.clone(),
        );
        Ok(*verify)
    }
}
