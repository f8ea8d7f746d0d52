//! `isotropic experiment`

use std::{fmt::Write as _, path::PathBuf};

use clap::Args;
use serde_json::json;

use super::{Failure, Outcome, print, remark};
use crate::{
    experiment::{self, Claim, Config, Data, Table},
    io::atomic,
    report,
};

/// Put a claim of the papers about learning to the test on paired seeds
///
/// Prints the claims, those that fail first, and the tables that decide them, as Markdown. Whatever the verdict, the
/// exit code is 0: an experiment that was run is done.
#[derive(Debug, Args)]
pub(crate) struct Experiment {
    /// Which
    #[arg(value_name = "NAME", value_parser = experiment::NAMES)]
    name: String,
    /// Seeds, from 0; those of the experiment's file if not given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(2..=10_000))]
    seeds: Option<u64>,
    /// A folder with MNIST's IDX files or CIFAR-10's binary batches, to repeat the papers' configuration on them
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Write what was measured, tables and claims as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write a report for people: one HTML file that loads nothing
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

impl Experiment {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        for path in self.json.iter().chain(&self.report) {
            atomic::probe(path)?;
        }
        let usage = |error: &dyn std::fmt::Display| Failure::Usage(error.to_string());
        let config = experiment::config(&self.name)
            .map_err(|error| usage(&error))?
            .ok_or_else(|| Failure::Usage(format!("there is no experiment {}", self.name)))?;
        let data = match &self.data {
            Some(folder) => experiment::folder(folder)?,
            None => experiment::digits()?,
        };
        let experiment = match (&self.data, &config.papers) {
            (Some(_), None) => {
                let name = &self.name;
                return Err(Failure::Usage(format!(
                    "--data has no effect on {name}: it has data or networks of its own; leave it out"
                )));
            }
            (Some(_), Some(papers)) => papers,
            (None, _) => &config.experiment,
        };
        let seeds = self.seeds.unwrap_or(config.seeds);
        let mut found = vec![];
        for seed in 0..seeds {
            let row = experiment.measure(&data, seed);
            found.push(row.map_err(|error| Failure::Usage(format!("seed {seed}: {error}")))?);
            remark(&format!("seed {} of {seeds}", seed + 1));
        }
        let tables = experiment.tables(&found);
        print(&self.text(&config, &data, seeds, &tables))?;
        if let Some(path) = &self.json {
            let tables: Vec<_> = tables.iter().map(Table::json).collect();
            let whole = json!({
                "experiment": config.name,
                "claim": config.claim,
                "rule": config.rule,
                "data": data.name,
                "seeds": seeds,
                "tables": tables,
                "measured": found,
            });
            atomic::write(path, format!("{whole:#}\n").as_bytes())?;
        }
        if let Some(path) = &self.report {
            let page = report::experiment(&config, &data.name, seeds, &tables);
            atomic::write(path, page.as_bytes())?;
        }
        Ok(Outcome::Done)
    }

    fn text(&self, config: &Config, data: &Data, seeds: u64, tables: &[Table]) -> String {
        let mut claims: Vec<&Claim> = tables.iter().flat_map(|table| &table.claims).collect();
        claims.sort_by_key(|claim| claim.verdict);
        let mut text = String::new();
        for claim in claims {
            let _ = writeln!(text, "{}: {}", claim.verdict.word(), claim.text);
        }
        let _ = writeln!(
            text,
            "\n{}, {seeds} seeds\nclaim: {}\nrule: {}",
            data.name, config.claim, config.rule
        );
        for table in tables {
            let _ = write!(text, "\n{}\n\n{}", table.title, table.markdown());
        }
        text
    }
}
