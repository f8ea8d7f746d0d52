//! The `isotropic` command.
//!
//! Results go to standard output, diagnostics to standard error. Exit codes: 0 done (the statements
//! hold, the networks agree), 1 refuted or different, 2 usage or input and output, 3 unknown.
//!
//! A command is a module with a clap struct and `run(&self) -> Result<Outcome, Failure>`, and a line of the table below.

mod certify;
mod dispatch;
mod held_out;
mod options;
mod outcome;
mod remedy;
mod tabling;
mod terminal;
mod touched;

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

/// From one line a command: its module, and the variants that clap parses and that run.
macro_rules! commands {
    ($($module:ident: $($command:ident),+;)*) => {
        $(mod $module;)*

        #[derive(Debug, Subcommand)]
        enum Command {
            $($($command(Box<$module::$command>),)+)*
        }

        impl Command {
            fn run(&self) -> Result<Outcome, Failure> {
                match self {
                    $($(Command::$command(command) => command.run(),)+)*
                }
            }
        }
    };
}

// In the order of `isotropic --help`.
commands! {
    info: Info;
    invariants: Invariants;
    eval: Eval;
    gauge: Rotate, Diagonalise;
    normalise: Normalise;
    resize: Resize, Compress;
    prune: Prune;
    diff: Diff;
    bounds: Bounds;
    train: Train;
    gradient: Gradient;
    convert: Convert;
    completions: Completions;
    check_certificate: CheckCertificate;
    experiment: Experiment;
    vectors: Vectors;
    prove: Prove;
    verify: Verify;
    merge: Merge;
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
