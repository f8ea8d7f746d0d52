//! `isotropic verify`: the catalogue on generated networks and on given ones.

mod controls;
mod failures;
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
    Failure, FileMeaning, Outcome,
    options::{Scaffold, quoted},
    print, remark,
};
use crate::{
    io::{Stored, atomic, shipped},
    judge::Verdict,
    scalar::Rational,
    statement::{
        Arithmetic, Declaration, Entry, LADDER, Origin, Proof, catalogue, proof_of, proved_only,
    },
    verify::{self, Families, Plan, Source},
};

/// Cases of each statement and arithmetic on generated networks.
const CASES: usize = 48;

/// Cases of each control and arithmetic, on generated networks.
const CASES_CONTROLS: usize = 24;

/// Cases on a given network: each draws its own inputs, rotations and neurons.
const CASES_GIVEN: usize = 2;

/// Precisions on given networks, beside f64.
const BITS_GIVEN: [u32; 1] = [256];

/// Bits to which o = e^(ln o) is taken from a file that holds ln o: exact in every arithmetic from f64
/// upwards, so that all of them measure the same network.
const LENGTH_BITS: u32 = 53;

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
    /// Statements to check, of A1 to G1 [default: all]
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
        let proved = self.proved_only()?;
        let controls = Source {
            name: "controls".into(),
            origin: Origin::Generated,
            arithmetics: self.of_controls(),
            cases: CASES_CONTROLS,
        };
        let plan = Plan {
            seed: self.seed,
            sources: self.sources()?,
            controls,
            families: self.families(),
        };
        for path in [&self.json, &self.report, &self.junit, &self.law] {
            path.as_deref().map_or(Ok(()), atomic::probe)?;
        }
        let outcome = verify::run(&entries, &plan, &progress());
        if let Some(path) = &self.json {
            let mut json = verify::to_json(&outcome);
            json["replay"] = self.command_line().into();
            let text = format!("{json:#}\n");
            atomic::write(path, text.as_bytes())?;
        }
        let measured = (!entries.is_empty()).then(|| outcome.verdict());
        let proofs = proved.iter().map(|(_, proof)| match proof {
            Proof::Kernel | Proof::Rocq | Proof::Both => Verdict::Verified,
            Proof::None | Proof::Fails(_) => Verdict::Unknown,
        });
        let verdict = measured.into_iter().chain(proofs).reduce(Verdict::and);
        let verdict = verdict.unwrap_or(Verdict::Unknown);
        self.reports(&entries, &plan, &outcome, (&proved, verdict))?;
        let rows: Vec<_> = outcome
            .sections
            .iter()
            .flat_map(|section| &section.statements)
            .collect();
        let count = |verdict: Verdict| rows.iter().filter(|row| row.verdict() == verdict).count();
        let mut text = verify::render(&outcome);
        for (declaration, proof) in &proved {
            let (id, title) = (&declaration.id, &declaration.title);
            let _ = match proof {
                Proof::Fails(why) => {
                    writeln!(text, "{id} {title}: its proof does not check: {why}")
                }
                proof => writeln!(
                    text,
                    "{id} {title}: proved ({}), not measured",
                    proof.word()
                ),
            };
        }
        let _ = writeln!(
            text,
            "\n{}: {} verified, {} refuted, {} unknown, in {:.1} s",
            verdict.word(),
            count(Verdict::Verified),
            count(Verdict::Refuted),
            count(Verdict::Unknown),
            outcome.seconds,
        );
        let _ = writeln!(text, "seed {}; replay: {}", self.seed, self.command_line());
        text += &failures::describe(&entries, &plan, &outcome, self.failures.as_deref());
        print(&text)?;
        Ok(ending(verdict))
    }

    /// The controls run in three arithmetics; where their residuals are drawn, on the whole ladder.
    fn of_controls(&self) -> Vec<Arithmetic> {
        let few = [Arithmetic::Rational, Arithmetic::F64, Arithmetic::Mp256];
        if self.report.is_some() || self.law.is_some() {
            self.arithmetics(&few, LADDER)
        } else {
            few.into()
        }
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
        if !self.only.is_empty() {
            entries.retain(|entry| {
                self.only
                    .iter()
                    .any(|id| id.eq_ignore_ascii_case(entry.id()))
            });
        }
        Ok(entries)
    }

    /// The statements that are proved and not measured, their proofs checked.
    fn proved_only(&self) -> Result<Vec<(Declaration, Proof)>, Failure> {
        let mut wanted = declared_only()?;
        wanted.retain(|declaration| {
            let named = |id: &String| id.eq_ignore_ascii_case(&declaration.id);
            self.only.is_empty() || self.only.iter().any(named)
        });
        let with_proof = wanted.into_iter().map(|declaration| {
            let proof = proof_of(&declaration);
            (declaration, proof)
        });
        Ok(with_proof.collect())
    }

    /// Every file is read and validated here, before anything runs.
    fn sources(&self) -> Result<Vec<Source>, Failure> {
        let mut sources = vec![];
        if self.networks.is_empty() || self.cases.is_some() {
            sources.push(Source {
                name: "generated networks".into(),
                origin: Origin::Generated,
                arithmetics: self.arithmetics(
                    &[Arithmetic::Rational, Arithmetic::F32, Arithmetic::F64],
                    LADDER,
                ),
                cases: self.cases.map_or(CASES, |cases| cases as usize),
            });
        }
        if self.networks.is_empty() {
            let digits = shipped::test_digits::<Rational>()?.x;
            let digits: Vec<Vec<Rational>> = digits
                .column_iter()
                .map(|x| x.iter().cloned().collect())
                .collect();
            for ((name, _), stored) in shipped::NETWORKS.iter().zip(shipped::networks()?) {
                sources.push(self.given((*name).into(), &stored, digits.clone())?);
            }
        }
        for path in &self.networks {
            let stored = self.meaning.read(path)?;
            sources.push(self.given(path.display().to_string(), &stored, vec![])?);
        }
        Ok(sources)
    }

    /// The hard families, where generated networks are run.
    fn families(&self) -> Option<Families> {
        let wanted = self.networks.is_empty() || self.cases.is_some();
        wanted.then(|| Families {
            arithmetics: self.arithmetics(
                &[Arithmetic::Rational, Arithmetic::F32, Arithmetic::F64],
                LADDER,
            ),
            cases: (self.cases.unwrap_or(CASES as u32) as usize).div_ceil(4),
        })
    }

    fn given(
        &self,
        name: String,
        stored: &Stored,
        inputs: Vec<Vec<Rational>>,
    ) -> Result<Source, Failure> {
        let network = stored.exact(LENGTH_BITS)?;
        let mut arithmetics = self.arithmetics(&[Arithmetic::F64], &BITS_GIVEN);
        if network.gain().is_rational() && network.parameter_count() <= EXACT_PARAMETERS {
            arithmetics.insert(0, Arithmetic::Rational);
        }
        Ok(Source {
            name,
            origin: Origin::Given { network, inputs },
            arithmetics,
            cases: CASES_GIVEN,
        })
    }

    fn arithmetics(&self, always: &[Arithmetic], bits: &[u32]) -> Vec<Arithmetic> {
        let bits = if self.bits.is_empty() {
            bits
        } else {
            &self.bits
        };
        let mut all: Vec<Arithmetic> = always
            .iter()
            .copied()
            .chain(bits.iter().copied().filter_map(Arithmetic::of_bits))
            .collect();
        all.sort_unstable();
        all.dedup();
        all
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

/// How a command with this verdict ends.
fn ending(verdict: Verdict) -> Outcome {
    match verdict {
        Verdict::Verified => Outcome::Done,
        Verdict::Refuted => Outcome::Refuted,
        Verdict::Unknown => Outcome::Unknown,
    }
}

fn declared_only() -> Result<Vec<Declaration>, Failure> {
    proved_only().map_err(|error| Failure::Usage(error.to_string()))
}

/// Given networks with a rational gain are checked over ℚ up to this size: the digits of an exact
/// evaluation grow with every layer and width.
const EXACT_PARAMETERS: usize = 500;

/// Shows how far the run is: in place on a terminal, every tenth elsewhere.
fn progress() -> impl Fn(usize, usize, &str) + Sync {
    let terminal = std::io::stderr().is_terminal();
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
