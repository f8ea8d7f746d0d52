//! The `isotropic` command.
//!
//! Results go to standard output, diagnostics to standard error. Exit codes: 0 done (the statements
//! hold, the networks agree), 1 refuted or different, 2 usage or input and output, 3 unknown.
//!
//! A command is a module with a clap struct and `run(&self) -> Result<Outcome, Failure>`; a new one
//! takes a line in `Command` and one in `Command::run`.

mod bounds;
mod certify;
mod check_certificate;
mod completions;
mod convert;
mod diff;
mod dispatch;
mod eval;
mod experiment;
mod gauge;
mod gradient;
mod held_out;
mod info;
mod invariants;
mod merge;
mod normalise;
mod options;
mod outcome;
mod prove;
mod prune;
mod remedy;
mod resize;
mod tabling;
mod terminal;
mod touched;
mod train;
mod vectors;
mod verify;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand, error::ErrorKind};

pub(crate) use certify::Bounding;
pub(crate) use dispatch::{with_real, with_scalar};
pub(crate) use options::{FileMeaning, OutputFile, Reading, ScalarName, Writing};
pub(crate) use outcome::{
    Failure, Outcome, complain, is_quiet, print, remark, remark_once, short, visible,
};
pub(crate) use tabling::Tabling;
pub(crate) use touched::{Kind, Touched};

/// Isotropic neural networks: evaluate, rotate, resize, compare and verify them in exact, hardware and
/// multiple-precision arithmetic.
#[derive(Debug, Parser)]
#[command(
    name = "isotropic",
    version,
    after_help = "Exit codes: 0 done, verified or equal; 1 refuted or different; 2 usage or files; 3 unknown."
)]
struct Cli {
    /// No remarks on standard error, only results and failures
    #[arg(long, short, global = true)]
    quiet: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Info(info::Info),
    Invariants(invariants::Invariants),
    Eval(eval::Eval),
    Rotate(gauge::Rotate),
    Diagonalise(gauge::Diagonalise),
    Normalise(normalise::Normalise),
    Resize(resize::Resize),
    Compress(resize::Compress),
    Prune(Box<prune::Prune>),
    Diff(diff::Diff),
    Bounds(bounds::Bounds),
    Train(Box<train::Train>),
    Gradient(gradient::GradientOf),
    Convert(convert::Convert),
    Completions(completions::Completions),
    CheckCertificate(check_certificate::CheckCertificate),
    Experiment(experiment::Experiment),
    Vectors(vectors::Vectors),
    Prove(prove::Prove),
    Verify(verify::Verify),
    Merge(merge::Merge),
}

impl Command {
    fn run(&self) -> Result<Outcome, Failure> {
        match self {
            Command::Info(command) => command.run(),
            Command::Invariants(command) => command.run(),
            Command::Eval(command) => command.run(),
            Command::Rotate(command) => command.run(),
            Command::Diagonalise(command) => command.run(),
            Command::Normalise(command) => command.run(),
            Command::Resize(command) => command.run(),
            Command::Compress(command) => command.run(),
            Command::Prune(command) => command.run(),
            Command::Diff(command) => command.run(),
            Command::Bounds(command) => command.run(),
            Command::Train(command) => command.run(),
            Command::Gradient(command) => command.run(),
            Command::Convert(command) => command.run(),
            Command::Completions(command) => command.run(),
            Command::CheckCertificate(command) => command.run(),
            Command::Experiment(command) => command.run(),
            Command::Vectors(command) => command.run(),
            Command::Prove(command) => command.run(),
            Command::Verify(command) => command.run(),
            Command::Merge(command) => command.run(),
        }
    }
}

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let result = match Cli::try_parse() {
        Ok(cli) => {
            if cli.quiet {
                outcome::be_quiet();
            } else if !matches!(cli.command, Command::Verify(_)) {
                // That one knows how far it is.
                terminal::watch();
            }
            cli.command.run()
        }
        Err(help) if help.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let commands = Cli::command();
            let names: Vec<&str> = commands
                .get_subcommands()
                .map(clap::Command::get_name)
                .collect();
            Err(Failure::Usage(format!(
                "a command is missing; it is one of {} (see isotropic --help)",
                names.join(", ")
            )))
        }
        Err(usage) if usage.use_stderr() => Err(Failure::usage(&usage)),
        Err(help) => print(&help.to_string()).map(|()| Outcome::Done),
    };
    terminal::clear();
    match result {
        Ok(outcome) => outcome.code(),
        Err(failure) => {
            outcome::complain(&format!("isotropic: {}", visible(&failure.to_string())));
            ExitCode::from(2)
        }
    }
}
