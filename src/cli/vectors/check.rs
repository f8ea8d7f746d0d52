//! `isotropic vectors check`

use std::{fs, path::PathBuf, time::Duration};

use clap::{Args, ValueEnum};

use super::super::{Failure, Outcome, print, remark, visible};
use crate::{
    io::{FileError, atomic},
    vector::{
        Operation,
        adapter::Port,
        case::{Case, Verdict},
        embedded,
        flag::flag,
        folder,
        hint::Diagnosis,
        judge::Reply,
        junit::to_junit,
        profile::Profile,
        report::Report,
    },
};

/// Failures that are written out unless all are asked for.
const SHOWN: usize = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Precision {
    F64,
    F32,
}

impl Precision {
    pub(super) fn name(self) -> &'static str {
        match self {
            Precision::F64 => "f64",
            Precision::F32 => "f32",
        }
    }
}

/// Judge a port: its answers in files, or the port itself; without either, this program.
///
/// A port that is asked answers each case within --timeout seconds, the first one after a start within --start-timeout more, with
/// one line of at most 1 MiB. After five time-outs, or five errors of one kind in a row, the rest is not asked.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Folder of other vectors [default: those that this program holds]
    #[arg(long, value_name = "DIR")]
    vectors: Option<PathBuf>,
    /// Results of the port: case id → outputs (.json); may be given several times
    #[arg(long, value_name = "FILE", conflicts_with = "exec")]
    pub(super) against: Vec<PathBuf>,
    /// Command that starts the port, which reads cases as JSON lines and answers each with one
    #[arg(long, value_name = "COMMAND")]
    exec: Option<String>,
    /// Seconds a port may take for a case
    #[arg(long, value_name = "S", default_value_t = 10.0)]
    timeout: f64,
    /// Seconds more for the first answer after a start [default: 30]
    #[arg(long, value_name = "S", requires = "exec")]
    start_timeout: Option<f64>,
    /// Arithmetic of the port [default: what a results file says, else f64]
    #[arg(long, value_enum)]
    pub(super) precision: Option<Precision>,
    /// Operations to judge [default: all]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(super) only: Vec<String>,
    /// Gains that the port has [default: all]: cases of others are not judged
    #[arg(
        long,
        value_name = "NAMES",
        value_delimiter = ',',
        conflicts_with = "profile"
    )]
    pub(super) gains: Vec<String>,
    /// What the port declares to have, as a file (.json): gains and operations; other cases are not judged
    #[arg(long, value_name = "FILE")]
    pub(super) profile: Option<PathBuf>,
    /// Show every failure
    #[arg(long)]
    all: bool,
    /// Write every verdict (.json)
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write every verdict as JUnit XML
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// For a port with a bug planted on purpose: succeed only if at least half of the cases of this flag fail
    #[arg(long, value_name = "FLAG")]
    expect_rejected: Option<String>,
    /// For a port with a bug planted on purpose: succeed only if this flag is named, and no other
    #[arg(long, value_name = "FLAG", conflicts_with = "expect_rejected")]
    expect_named: Option<String>,
}

/// Seconds for a start unless others are asked for.
const START: f64 = 30.0;

/// A number of seconds up to a day.
fn seconds(option: &str, given: f64, least: f64) -> Result<Duration, Failure> {
    if given >= least && given <= 86_400.0 {
        return Ok(Duration::from_secs_f64(given));
    }
    Err(Failure::Usage(format!(
        "{option} {given} is not a number of seconds up to a day"
    )))
}

impl Check {
    pub(super) fn run(&self) -> Result<Outcome, Failure> {
        let operations = self.operations()?;
        let expected = [&self.expect_rejected, &self.expect_named];
        let unknown = expected
            .into_iter()
            .flatten()
            .find(|name| flag(name).is_none());
        if let Some(name) = unknown {
            return Err(Failure::Usage(format!(
                "there is no flag `{}`",
                visible(name)
            )));
        }
        let timeout = seconds("--timeout", self.timeout, 1e-3)?;
        let start = seconds("--start-timeout", self.start_timeout.unwrap_or(START), 0.0)?;
        let mut folder = match &self.vectors {
            Some(path) => folder::read(path, &operations),
            None => embedded::read(&operations),
        };
        let precision = self.precision.unwrap_or(Precision::F64).name();
        let mut outside = 0;
        if let Some(profile) = self.profile()? {
            (folder.files, outside) = profile.within(folder.files, precision);
        }
        let mut report = if let Some(command) = &self.exec {
            let mut port = Port::new(command, timeout).starting_within(start);
            let report = Report::judge(&folder.files, precision, |case| {
                let (operation, _) = case.id.split_once('/').unwrap_or((&case.id, ""));
                Some(port.ask(case, operation, precision))
            });
            if port.restarts() > 0 {
                remark(&format!(
                    "the port ended {} times after an answer, and was started again",
                    port.restarts()
                ));
            }
            report
        } else if self.against.is_empty() {
            remark("neither --against nor --exec: judging this program's own answers");
            Report::judge(&folder.files, precision, |case| own(case, precision))
        } else {
            self.judge_files(&folder.files)?
        };
        report.outside = outside;
        let broken = folder
            .broken
            .into_iter()
            .map(|(file, why)| format!("{file}: {why}"));
        report.faults.extend(broken);
        report.faults.extend(folder.changed.into_iter().map(|file| {
            format!("{file}: it is not the file of the manifest: its SHA-256 is another one")
        }));
        print(&escaped(&report.render(if self.all {
            usize::MAX
        } else {
            SHOWN
        })))?;
        if !self.all && report.counts().1 > SHOWN {
            remark("--all shows every failure");
        }
        if let Some(path) = &self.json {
            atomic::write(path, format!("{:#}\n", report.json()).as_bytes())?;
        }
        if let Some(path) = &self.junit {
            atomic::write(path, to_junit(&report).as_bytes())?;
        }
        if let Some(name) = &self.expect_named {
            let named: Vec<&str> = match report.diagnosis() {
                Diagnosis::Named { mistakes, .. } => {
                    mistakes.iter().map(|mistake| mistake.flag.name).collect()
                }
                Diagnosis::Nothing | Diagnosis::Protocol { .. } | Diagnosis::Unknown { .. } => {
                    vec![]
                }
            };
            let right = named == [name.as_str()];
            print(&format!(
                "{name}: {}\n",
                if right { "named" } else { "NOT named alone" }
            ))?;
            return Ok(if right {
                Outcome::Done
            } else {
                Outcome::Refuted
            });
        }
        if let Some(name) = &self.expect_rejected {
            let suspect = report.suspect(name);
            let caught = suspect.failed > 0 && 2 * suspect.failed >= suspect.of;
            print(&format!(
                "{name}: {}, {} of its {} cases failed\n",
                if caught { "caught" } else { "NOT caught" },
                suspect.failed,
                suspect.of
            ))?;
            return Ok(if caught {
                Outcome::Done
            } else {
                Outcome::Refuted
            });
        }
        Ok(match (report.passed(), report.failed()) {
            (true, _) => Outcome::Done,
            (_, true) => Outcome::Refuted,
            _ => Outcome::Unknown,
        })
    }

    fn profile(&self) -> Result<Option<Profile>, Failure> {
        if !self.gains.is_empty() {
            return Profile::of_gains(&self.gains)
                .map(Some)
                .map_err(|why| Failure::Usage(visible(&why)));
        }
        let Some(path) = &self.profile else {
            return Ok(None);
        };
        let shown = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|why| {
            FileError::access(&shown, "read", &why, "check the name and permissions")
        })?;
        Profile::parse(&text)
            .map(Some)
            .map_err(|why| Failure::Usage(visible(&format!("{shown}: {why}"))))
    }

    fn operations(&self) -> Result<Vec<Operation>, Failure> {
        if self.only.is_empty() {
            return Ok(Operation::ALL.to_vec());
        }
        let find = |name: &String| {
            Operation::from_name(name).ok_or_else(|| {
                let known = Operation::ALL.map(Operation::name).join(", ");
                Failure::Usage(format!(
                    "there is no operation `{}`; there are {known}",
                    visible(name)
                ))
            })
        };
        self.only.iter().map(find).collect()
    }
}

/// Line breaks stay; what else could move a cursor does not.
fn escaped(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(visible).collect();
    lines.join("\n") + "\n"
}

/// What this program answers itself.
fn own(case: &Case, precision: &str) -> Option<Reply> {
    let (operation, _) = case.id.split_once('/')?;
    let operation = Operation::from_name(operation)?;
    Some(match precision {
        "f32" => operation.reply::<f32>(&case.input, case.result == Verdict::Invalid),
        _ => operation.reply::<f64>(&case.input, case.result == Verdict::Invalid),
    })
}
