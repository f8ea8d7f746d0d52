//! `isotropic experiment`

use std::{
    fmt::Write as _,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use clap::Args;

use super::{Failure, Kind, Outcome, Touched, print, remark};
use crate::{
    experiment::{self, Claim, Config, Data, Results, ResultsError, Setup, Table},
    io::{atomic, source},
    parallel::{cores, run},
    report,
    verify::Share,
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
    /// Seeds, from 0 [default: those of the experiment's file; with --resume as many as were asked for]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(2..=10_000))]
    seeds: Option<u64>,
    /// A folder with MNIST's IDX files or CIFAR-10's binary batches, to repeat the papers' configuration on them
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Seeds that are measured at a time; their numbers do not depend on it [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// Write what was measured, tables and claims as JSON, anew after every seed
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Measure the seeds that are missing in a --json of an earlier run, and write them there
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    resume: Option<PathBuf>,
    /// Measure the seeds of one share of several, 3/8 for the third of eight, into --json or --resume: `isotropic merge`
    /// makes the whole run of all of them
    #[arg(long, value_name = "I/N", conflicts_with = "report")]
    shard: Option<Share>,
    /// Write a report for people: one HTML file that loads nothing
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

impl Experiment {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let mut touched = Touched::default();
        let name = if self.resume.is_some() {
            "--resume"
        } else {
            "--json"
        };
        if let Some(path) = self.json_file() {
            touched.writes(name, Kind::Json, path);
        }
        if let Some(path) = &self.report {
            touched.writes("--report", Kind::Report, path);
        }
        if self.shard.is_some() && self.json_file().is_none() {
            return Err(Failure::Usage(
                "--shard needs --json FILE for what it measures, or --resume FILE to go on".into(),
            ));
        }
        touched.check()?;
        let config = experiment::config(&self.name)
            .map_err(|error| Failure::Usage(error.to_string()))?
            .ok_or_else(|| Failure::Usage(format!("there is no experiment {}", self.name)))?;
        let data = match &self.data {
            Some(folder) => experiment::folder(folder)?,
            None => experiment::digits()?,
        };
        let setup = match (&self.data, &config.papers) {
            (Some(_), None) => {
                let name = &self.name;
                return Err(Failure::Usage(format!(
                    "--data has no effect on {name}: it has data or networks of its own; leave it out"
                )));
            }
            (Some(_), Some(papers)) => papers,
            (None, _) => &config.shipped,
        };
        let begun = self.begun(&config, setup, &data)?;
        if let Some(share) = self.shard
            && share.index() as u64 > begun.seeds
        {
            return Err(Failure::Usage(format!(
                "--shard {share}: there are {} seeds, and none is left for that share; use fewer shares",
                begun.seeds
            )));
        }
        let results = self.measured(begun, setup, &data)?;
        if let (Some(share), Some(path)) = (self.shard, self.json_file()) {
            atomic::write(path, results.to_json(setup).map_err(usage)?.as_bytes())?;
            print(&format!(
                "share {share}: {} of {} seeds measured; isotropic merge judges all shares together\n",
                results.seeds_done().len(),
                results.seeds
            ))?;
            return Ok(Outcome::Done);
        }
        let tables = results.tables(setup).map_err(usage)?;
        print(&text(&config, &data.name, results.seeds, &tables))?;
        if let Some(path) = self.json_file() {
            atomic::write(path, results.to_json(setup).map_err(usage)?.as_bytes())?;
        }
        if let Some(path) = &self.report {
            let page = report::experiment(&config, &data.name, results.seeds, &tables);
            atomic::write(path, page.as_bytes())?;
        }
        Ok(Outcome::Done)
    }

    fn json_file(&self) -> Option<&PathBuf> {
        self.json.as_ref().or(self.resume.as_ref())
    }

    /// What there is to begin with.
    fn begun(&self, config: &Config, setup: &Setup, data: &Data) -> Result<Results, Failure> {
        let asked = |seeds| Results::new(config, setup, data, seeds);
        let Some(path) = &self.resume else {
            return Ok(asked(self.seeds.unwrap_or(config.seeds)));
        };
        let bytes = source::read(path)?;
        let at_file = |why: ResultsError| Failure::Usage(format!("{}: {why}", source::name(path)));
        let before = Results::from_json(&String::from_utf8_lossy(&bytes)).map_err(at_file)?;
        let seeds = self.seeds.unwrap_or(before.seeds);
        before.begun(asked(seeds)).map_err(at_file)
    }

    /// With every seed that was missing. The file has each as soon as it is done.
    fn measured(&self, begun: Results, setup: &Setup, data: &Data) -> Result<Results, Failure> {
        let (seeds, mut missing) = (begun.seeds, begun.missing());
        if let Some(share) = self.shard {
            missing.retain(|seed| usize::try_from(*seed).is_ok_and(|seed| share.holds(seed)));
        }
        // The results so far, and whether a seed has failed: the others are not begun then.
        let shared = Mutex::new((begun, false));
        let lock = || shared.lock().unwrap_or_else(PoisonError::into_inner);
        let measure = |seed: u64| -> Result<(), Failure> {
            if lock().1 {
                return Ok(());
            }
            let told = |part: &str| remark(&format!("seed {seed}: {part}"));
            let numbers = setup.experiment.measure(data, seed, &told);
            let mut state = lock();
            let kept = numbers
                .map_err(|why| Failure::Usage(format!("seed {seed}: {why}")))
                .and_then(|numbers| {
                    state.0.add(seed, &numbers);
                    self.keep(&state.0, setup)
                });
            state.1 |= kept.is_err();
            if kept.is_ok() {
                let done = state.0.seeds_done().len();
                remark(&format!("seed {seed} is done, {done} of {seeds}"));
            }
            kept
        };
        let threads = self.threads.map_or_else(cores, usize::from);
        let outcomes = run(threads, missing, measure);
        outcomes.into_iter().collect::<Result<(), Failure>>()?;
        let (results, _) = shared.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(results)
    }

    /// Writes what there is, where it can be replaced later.
    fn keep(&self, results: &Results, setup: &Setup) -> Result<(), Failure> {
        match self.json_file() {
            Some(path) if !atomic::is_stream(path) => {
                let text = results.to_json(setup).map_err(usage)?;
                Ok(atomic::write(path, text.as_bytes())?)
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// The results in files, if the first of them says that it has some; `None` if it does not, or cannot be read.
pub(super) fn shares(paths: &[PathBuf]) -> Result<Option<Results>, Failure> {
    let first = paths
        .first()
        .and_then(|path| std::fs::read_to_string(path).ok());
    if !first.is_some_and(|text| Results::is_text_of(&text)) {
        return Ok(None);
    }
    let read = |path: &PathBuf| {
        let bytes = source::read(path)?;
        Results::from_json(&String::from_utf8_lossy(&bytes))
            .map_err(|why| Failure::Usage(format!("{}: {why}", source::name(path))))
    };
    let parts = paths.iter().map(read).collect::<Result<_, Failure>>()?;
    Results::joined(parts).map(Some).map_err(usage)
}

/// What the whole run would have printed and written.
pub(super) fn merged(
    results: &Results,
    json: Option<&PathBuf>,
    page: Option<&PathBuf>,
) -> Result<Outcome, Failure> {
    let config = experiment::config(&results.experiment)
        .map_err(|error| Failure::Usage(error.to_string()))?;
    let found = config
        .as_ref()
        .and_then(|config| Some((config, results.setup_of(config)?)));
    let Some((config, setup)) = found else {
        return Err(Failure::Usage(format!(
            "the results are of the experiment {}, with settings that this version does not have: merge them with the version that measured them",
            results.experiment
        )));
    };
    let tables = results.tables(setup).map_err(usage)?;
    print(&text(config, &results.data, results.seeds, &tables))?;
    if let Some(path) = json {
        atomic::write(path, results.to_json(setup).map_err(usage)?.as_bytes())?;
    }
    if let Some(path) = page {
        let page = report::experiment(config, &results.data, results.seeds, &tables);
        atomic::write(path, page.as_bytes())?;
    }
    Ok(Outcome::Done)
}

fn usage(why: ResultsError) -> Failure {
    Failure::Usage(why.to_string())
}

fn text(config: &Config, data: &str, seeds: u64, tables: &[Table]) -> String {
    let mut claims: Vec<&Claim> = tables.iter().flat_map(|table| &table.claims).collect();
    claims.sort_by_key(|claim| claim.verdict);
    let mut text = String::new();
    for claim in claims {
        let _ = writeln!(text, "{}: {}", claim.verdict.word(), claim.text);
    }
    let _ = writeln!(
        text,
        "\n{}, {seeds} seeds\nclaim: {}\nrule: {}",
        data, config.claim, config.rule
    );
    for table in tables {
        let _ = write!(text, "\n{}\n\n{}", table.title, table.markdown());
    }
    text
}
