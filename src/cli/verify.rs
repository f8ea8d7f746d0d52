//! `isotropic verify`: the catalogue on generated networks and on given ones.

mod controls;
mod failures;
mod plan;
mod replay;
mod reports;

use std::{
    fmt::Write as _,
    io::IsTerminal,
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
};

use clap::Args;

use super::{
    Failure, FileMeaning, Kind, Outcome, Touched,
    options::{Scaffold, quoted},
    outcome::is_quiet,
    print, remark,
};
use crate::{
    io::atomic,
    judge::Verdict,
    statement::{Declaration, Entry, LADDER, catalogue, proved_only},
    verify,
};

/// Cases of each statement and arithmetic on generated networks.
const CASES: usize = 48;

/// Cases of each control and arithmetic, on generated networks.
const CASES_CONTROLS: usize = 24;

/// Check the statements of the theory.
///
/// Without NET: on generated networks in every arithmetic, and on the shipped networks in f64 and at
/// 256 bits. With NET: on those networks; on generated ones too if --cases is given. A statement that
/// needs a structure the network lacks is checked on a copy that has it. A case that fails is shrunk, printed,
/// and written to a file that --replay reads.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Networks to check (.safetensors, .yaml)
    #[arg(value_name = "NET")]
    networks: Vec<PathBuf>,
    /// MPFR precisions, of 64, 128, 256, 512, 1024 [default: all for generated networks, 256 for given ones]
    #[arg(long, value_delimiter = ',', value_name = "BITS", value_parser = rung)]
    bits: Vec<u32>,
    /// Generated cases for each statement and arithmetic [default: 48]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    cases: Option<u32>,
    /// Seed of everything that is drawn
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Statements to check, of A1 to G2 [default: all]
    #[arg(long, value_delimiter = ',', value_name = "ID")]
    only: Vec<String>,
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
    #[command(flatten)]
    scaffold: Scaffold,
    /// Run the known ways to be wrong, and list what catches each, with the smallest case
    #[arg(long, conflicts_with_all = ["networks", "replay", "report", "junit", "law"])]
    controls: bool,
    /// Measure the case of this file again in every arithmetic: rounding, or a bug?
    #[arg(long, value_name = "FILE", conflicts_with_all = ["networks", "cases", "seed", "only", "json", "report", "junit", "law"])]
    replay: Option<PathBuf>,
    /// Folder for shrunk failing cases, made when there are some [default: isotropic-failures; with --controls: none]
    #[arg(long, value_name = "DIR", conflicts_with = "replay")]
    failures: Option<PathBuf>,
    #[command(flatten)]
    meaning: FileMeaning,
}

fn rung(text: &str) -> Result<u32, String> {
    let bits = text
        .parse()
        .map_err(|_| format!("`{text}` is not a number of bits"))?;
    let listed: Vec<String> = LADDER.iter().map(u32::to_string).collect();
    if LADDER.contains(&bits) {
        Ok(bits)
    } else {
        Err(format!(
            "{bits} is not on the ladder: {}",
            listed.join(", ")
        ))
    }
}

impl Verify {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let entries = self.entries()?;
        if let Some(path) = &self.replay {
            return replay::run(path, &entries);
        }
        if self.controls {
            return self.run_controls(&entries);
        }
        let plan = self.plan()?;
        self.touched().check()?;
        let outcome = verify::run(&entries, &plan, &progress());
        if let Some(path) = &self.json {
            let mut json = verify::to_json(&outcome);
            json["replay"] = self.command_line().into();
            let text = format!("{json:#}\n");
            atomic::write(path, text.as_bytes())?;
        }
        let verdict = outcome.verdict();
        self.reports(&entries, &plan, &outcome)?;
        let rows: Vec<_> = outcome
            .sections
            .iter()
            .flat_map(|section| &section.statements)
            .collect();
        let count = |verdict| rows.iter().filter(|row| row.verdict() == verdict).count();
        let mut text = verify::render(&outcome);
        let proved = match outcome.proved.len() {
            0 => String::new(),
            count => format!(", {count} proved and not measured"),
        };
        let silent = match count(None) {
            0 => String::new(),
            count => format!(", {count} that do not apply here"),
        };
        let _ = writeln!(
            text,
            "\n{}: {} verified, {} refuted, {} unknown{silent}{proved}, in {:.1} s",
            verdict.map_or("nothing to verify", Verdict::word),
            count(Some(Verdict::Verified)),
            count(Some(Verdict::Refuted)),
            count(Some(Verdict::Unknown)),
            outcome.seconds,
        );
        let _ = writeln!(text, "seed {}; replay: {}", self.seed, self.command_line());
        text += &failures::describe(&entries, &plan, &outcome, self.failures.as_deref());
        print(&text)?;
        Ok(ending(verdict))
    }

    /// The files of the run.
    fn touched(&self) -> Touched<'_> {
        let mut touched = Touched::default();
        for path in &self.networks {
            touched.reads("NET", Kind::Network, path);
        }
        let results = [
            ("--json", Kind::Json, &self.json),
            ("--report", Kind::Report, &self.report),
            ("--junit", Kind::Report, &self.junit),
            ("--law", Kind::Report, &self.law),
        ];
        for (name, kind, path) in results {
            if let Some(path) = path {
                touched.writes(name, kind, path);
            }
        }
        touched
    }

    fn entries(&self) -> Result<Vec<Entry>, Failure> {
        let mut entries = catalogue().map_err(|error| Failure::Usage(error.to_string()))?;
        let mut known: Vec<String> = entries.iter().map(|entry| entry.id().to_string()).collect();
        known.extend(
            declared_only()?
                .into_iter()
                .map(|declaration| declaration.id),
        );
        if let Some(unknown) = self
            .only
            .iter()
            .find(|id| !known.iter().any(|k| k.eq_ignore_ascii_case(id)))
        {
            let known = known.join(", ");
            return Err(Failure::Usage(format!(
                "there is no statement {unknown}; the catalogue has {known}"
            )));
        }
        entries.retain(|entry| self.wants(entry.id()));
        Ok(entries)
    }

    /// Whether a statement is among those asked for.
    fn wants(&self, id: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only.eq_ignore_ascii_case(id))
    }

    /// The command line that repeats this run.
    fn command_line(&self) -> String {
        let mut words = vec!["isotropic".to_string(), "verify".to_string()];
        words.extend(
            self.networks
                .iter()
                .map(|path| quoted(&path.to_string_lossy())),
        );
        words.extend(["--seed".into(), self.seed.to_string()]);
        let cases = if self.controls {
            words.push("--controls".into());
            CASES_CONTROLS
        } else {
            CASES
        };
        if self.cases.is_some() || self.networks.is_empty() {
            words.extend([
                "--cases".into(),
                self.cases.unwrap_or(cases as u32).to_string(),
            ]);
        }
        if !self.bits.is_empty() {
            let bits: Vec<String> = self.bits.iter().map(u32::to_string).collect();
            words.extend(["--bits".into(), bits.join(",")]);
        }
        if !self.only.is_empty() {
            words.extend(["--only".into(), self.only.join(",")]);
        }
        words.extend(self.meaning.arguments());
        words.join(" ")
    }
}

/// How a command with this verdict ends; `None`: nothing applies, and nothing is wrong.
fn ending(verdict: Option<Verdict>) -> Outcome {
    match verdict {
        Some(Verdict::Verified) | None => Outcome::Done,
        Some(Verdict::Refuted) => Outcome::Refuted,
        Some(Verdict::Unknown) => Outcome::Unknown,
    }
}

fn declared_only() -> Result<Vec<Declaration>, Failure> {
    proved_only().map_err(|error| Failure::Usage(error.to_string()))
}

/// Shows how far the run is: in place on a terminal, every tenth elsewhere.
fn progress() -> impl Fn(usize, usize, &str) + Sync {
    let terminal = std::io::stderr().is_terminal() && !is_quiet();
    let tenth = AtomicUsize::new(0);
    move |done, of, what| {
        if terminal {
            let end = if done == of { "\n" } else { "" };
            eprint!("\r{done}/{of} {what:<16}{end}");
        } else if tenth.fetch_max(done * 10 / of, Ordering::Relaxed) < done * 10 / of {
            remark(&format!("{done}/{of} measured"));
        }
    }
}
